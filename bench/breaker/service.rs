//! The service of tower's that breakers are put before: always ready, and so is its answer.

use crate::poll;
use crate::work::{Failed, succeeds};
use std::future::{Ready, poll_fn, ready};
use std::hint::black_box;
use std::task::Waker;
use tower::Service;
use tower::util::{ServiceFn, service_fn};

pub(crate) type Answers = ServiceFn<fn(u32) -> Ready<Result<u32, Failed>>>;

/// Answers every request at once.
pub(crate) fn ready_service() -> Answers {
    service_fn(|_request| ready(succeeds()))
}

/// Waits until `service` is ready, and for its answer.
#[inline]
pub(crate) fn ask<S: Service<u32>>(
    waker: &Waker,
    service: &mut S,
) -> Result<S::Response, S::Error> {
    let service = black_box(service);
    poll::finish(waker, poll_fn(|context| service.poll_ready(context)))?;
    poll::finish(waker, service.call(black_box(1)))
}
