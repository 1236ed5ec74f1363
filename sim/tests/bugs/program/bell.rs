//! A future that ends once somebody has rung, and one that ends with the first of two.

use super::sync::{Arc, Mutex};
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Rings once, for one listener.
#[derive(Clone, Default)]
pub(crate) struct Bell(Arc<Mutex<Rung>>);

#[derive(Default)]
enum Rung {
    #[default]
    NotYet,
    HeardBy(Waker),
    Yes,
}

impl Bell {
    pub(crate) fn ring(&self) {
        let before = std::mem::replace(&mut *self.0.lock().expect("nobody panics"), Rung::Yes);
        if let Rung::HeardBy(waker) = before {
            waker.wake();
        }
    }
}

impl Future for Bell {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut rung = self.0.lock().expect("nobody panics");
        if matches!(*rung, Rung::Yes) {
            return Poll::Ready(());
        }
        *rung = Rung::HeardBy(context.waker().clone());
        Poll::Pending
    }
}

/// Runs `work` until it ends or `limit` does; then what is left of it is dropped.
pub(crate) async fn unless(limit: impl Future<Output = ()>, work: impl Future<Output = ()>) {
    let (mut limit, mut work) = (pin!(limit), pin!(work));
    std::future::poll_fn(|context| {
        if work.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        limit.as_mut().poll(context)
    })
    .await;
}
