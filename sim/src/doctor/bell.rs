//! What one unit waits for and another rings, on any executor.

use parking_lot::Mutex;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// A bell that one unit listens to.
#[derive(Default)]
pub(super) struct Bell(Mutex<Heard>);

#[derive(Default)]
struct Heard {
    /// Rings that nobody has heard yet.
    rings: u64,
    has_stopped: bool,
    listener: Option<Waker>,
}

impl Bell {
    /// Rings once.
    pub(super) fn ring(&self) {
        self.tell(|heard| heard.rings += 1);
    }

    /// It never rings again.
    pub(super) fn stop(&self) {
        self.tell(|heard| heard.has_stopped = true);
    }

    fn tell(&self, change: impl FnOnce(&mut Heard)) {
        let listener = {
            let mut heard = self.0.lock();
            change(&mut heard);
            heard.listener.take()
        };
        // Waking is a step of the run: outside of a lock that the run does not know.
        if let Some(listener) = listener {
            listener.wake();
        }
    }

    /// Waits until it rings, which is true, or until it never will again.
    pub(super) async fn rings(&self) -> bool {
        poll_fn(|context| {
            let mut heard = self.0.lock();
            if heard.rings > 0 {
                heard.rings -= 1;
                return Poll::Ready(true);
            }
            heard.listener = Some(context.waker().clone());
            if heard.has_stopped { Poll::Ready(false) } else { Poll::Pending }
        })
        .await
    }
}
