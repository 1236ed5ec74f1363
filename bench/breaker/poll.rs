//! Futures polled until they have ended, by a thread that is parked where one has to wait.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

struct Unparks(Thread);

impl Wake for Unparks {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

thread_local! {
    static WAKER: Waker = Waker::from(Arc::new(Unparks(thread::current())));
}

/// What wakes this thread. One for all its calls, as an executor has one for each task: it takes no memory.
pub(crate) fn waker() -> Waker {
    WAKER.with(Clone::clone)
}

/// Polls `future` until it has ended, on the thread of `waker`.
#[inline]
pub(crate) fn finish<F: Future>(waker: &Waker, future: F) -> F::Output {
    let mut context = Context::from_waker(waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            // Breakers that wait for a lock of tokio's do so where several threads call.
            Poll::Pending => thread::park(),
        }
    }
}
