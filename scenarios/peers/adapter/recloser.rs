//! recloser 1.4, with rings of results that are as long as the settings say. It computes a rate with the result *after* a ring is
//! full, as its documentation shows, so that a ring of two decides at the third.

use super::{Answer, Answering, Breaker, Call, Settings};
use recloser::{AsyncRecloser, Error, Recloser};

pub(super) struct Reclosing(AsyncRecloser);

impl Reclosing {
    pub(super) fn new(settings: Settings) -> Self {
        let ring = |decides: u32| {
            let length = usize::try_from(decides - 1).expect("a ring is short");
            assert!(length > 0, "a ring holds a result at least, and the next one decides");
            length
        };
        let recloser = Recloser::custom()
            .error_rate(0.5)
            .closed_len(ring(settings.failures))
            .half_open_len(ring(settings.trials))
            .open_wait(settings.open_for)
            .build();
        Self(recloser.into())
    }
}

impl Breaker for Reclosing {
    fn call(&self, call: Call) -> Answering<'_> {
        let answering = self.0.call(call);
        Box::pin(async {
            match answering.await {
                Ok(()) => Answer::Ok,
                Err(Error::Inner(_)) => Answer::Failed,
                Err(Error::Rejected) => Answer::Rejected,
            }
        })
    }
}
