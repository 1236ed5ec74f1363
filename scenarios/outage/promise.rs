//! What is promised to who calls a backend that is away, and what must be seen of it.

use super::errand::{BACKEND, Told};
use crate::time::days;
use retrip_sim::check::{Judgement, Promise, Sometimes, always};
use retrip_sim::log::{Event, What};
use retrip_sim::span::Seconds;
use std::time::Duration;

/// Whoever calls is answered at most `bound` after the backend is back, by engine time.
pub(crate) fn the_call_is_answered_soon_after_the_outage(bound: Duration) -> impl Promise {
    let mut is_back = None;
    let statement =
        format!("a call is answered within {} once the backend is back", Seconds(bound));
    always("the_call_is_answered_soon_after_the_outage", statement, move |event| {
        let now = Duration::from_nanos(event.engine);
        if begins_anew(event) {
            is_back = Some(now);
        }
        let (Some(since), Some(told)) = (is_back, Told::of(event)) else {
            return Judgement::NotConcerned;
        };
        let after = now - since;
        if told == Told::IsAnswered {
            is_back = None;
        }
        if after > bound {
            return Judgement::broken(
                format!("answered within {}", Seconds(bound)),
                format!("{} after {}", event.what.verb(), Seconds(after)),
            );
        }
        if told == Told::IsAnswered { Judgement::Holds } else { Judgement::NotConcerned }
    })
}

/// The breaker spares the backend a call.
pub(crate) fn the_breaker_rejects_a_call() -> Sometimes {
    Sometimes::new("the_breaker_rejects_a_call", |event| Told::of(event) == Some(Told::IsRejected))
}

/// An answer comes when the run is more than thirty days old.
pub(crate) fn an_answer_comes_after_thirty_days() -> Sometimes {
    Sometimes::new("an_answer_comes_after_thirty_days", |event| {
        Told::of(event) == Some(Told::IsAnswered) && Duration::from_nanos(event.engine) > days(30)
    })
}

fn begins_anew(event: &Event) -> bool {
    &*event.who == BACKEND
        && matches!(&event.what, What::Note { verb, .. } if &**verb == "restarts")
}
