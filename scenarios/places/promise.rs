//! What is promised to those who call, and what must be seen of it.

use super::hall::Told;
use super::switchboard::told;
use retrip_core::door::Instant;
use retrip_sim::check::{Judgement, Promise, Sometimes, always};
use retrip_sim::log::{Event, Name};
use retrip_sim::span::Seconds;
use std::collections::{BTreeMap, BTreeSet};

/// There are never more places than there were, in use or free.
pub(crate) fn no_place_is_given_twice(places: u32) -> impl Promise {
    let mut in_use = BTreeSet::new();
    let statement = format!("never more than {places} calls have a place, and no more are free");
    let places = usize::try_from(places).expect("a hall is small");
    let judge = move |found: usize, what: &str| {
        if found <= places {
            Judgement::Holds
        } else {
            Judgement::broken(format!("at most {places} {what}"), format!("{found} {what}"))
        }
    };
    always("no_place_is_given_twice", statement, move |event| match told(event) {
        Some(Told::Begins(_)) => {
            in_use.insert(Name::clone(&event.thread));
            judge(in_use.len(), "in use")
        }
        Some(Told::Ends | Told::IsCancelled) => {
            in_use.remove(&event.thread);
            Judgement::NotConcerned
        }
        Some(Told::AreFree(free)) => judge(free, "free"),
        _ => Judgement::NotConcerned,
    })
}

/// Once everybody has ended, every place is free.
pub(crate) fn every_place_comes_back(places: u32) -> impl Promise {
    let statement = format!("in the end at least {places} places are free");
    let places = usize::try_from(places).expect("a hall is small");
    always("every_place_comes_back", statement, move |event| match told(event) {
        Some(Told::AreFree(free)) if free < places => {
            Judgement::broken(format!("{places} free"), format!("{free} free"))
        }
        Some(Told::AreFree(_)) => Judgement::Holds,
        _ => Judgement::NotConcerned,
    })
}

/// A call that is cancelled had its whole limit. Exactly its end is late enough.
pub(crate) fn nobody_is_cancelled_early() -> impl Promise {
    let mut calls = Calls::default();
    let statement = "a call is cancelled at its limit or later";
    always("nobody_is_cancelled_early", statement, move |event| match calls.see(event) {
        Some((Told::IsCancelled, call)) if event.mono < call.until => Judgement::broken(
            format!("cancelled at {} or later", Seconds(call.until)),
            format!("cancelled at {}", Seconds(event.mono)),
        ),
        Some((Told::IsCancelled, _)) => Judgement::Holds,
        _ => Judgement::NotConcerned,
    })
}

/// A call that has done its work when its limit is over is not cancelled. In the very nanosecond, the work counts.
pub(crate) fn work_done_in_time_counts() -> impl Promise {
    let mut calls = Calls::default();
    let statement = "a call whose work is done when its limit is over ends, and is not cancelled";
    always("work_done_in_time_counts", statement, move |event| match calls.see(event) {
        // Where the work is not done yet, another promise says that it is too early to cancel.
        Some((Told::IsCancelled, Call { until, done: Some(done) }))
            if done <= until && done <= event.mono =>
        {
            Judgement::broken(
                format!("ends, its work done at {}", Seconds(done)),
                format!("is cancelled, its limit over at {}", Seconds(until)),
            )
        }
        Some((Told::IsCancelled | Told::Ends, _)) => Judgement::Holds,
        _ => Judgement::NotConcerned,
    })
}

/// A call is cancelled, in the very nanosecond of its limit, that has no place yet.
pub(crate) fn somebody_is_cancelled_while_it_waits() -> Sometimes {
    cancelled("somebody_is_cancelled_while_it_waits", |call| call.done.is_none())
}

/// A call is cancelled, in the very nanosecond of its limit, that has its place.
pub(crate) fn somebody_is_cancelled_while_it_works() -> Sometimes {
    cancelled("somebody_is_cancelled_while_it_works", |call| call.done.is_some())
}

fn cancelled(name: &'static str, is_so: fn(Call) -> bool) -> Sometimes {
    let mut calls = Calls::default();
    Sometimes::new(name, move |event| match calls.see(event) {
        Some((Told::IsCancelled, call)) => event.mono == call.until && is_so(call),
        _ => false,
    })
}

/// A call gets its place in the very nanosecond in which its limit is over.
pub(crate) fn a_place_comes_exactly_at_the_limit() -> Sometimes {
    let mut calls = Calls::default();
    Sometimes::new(
        "a_place_comes_exactly_at_the_limit",
        move |event| matches!(calls.see(event), Some((Told::Begins(_), call)) if event.mono == call.until),
    )
}

/// A call ends whose work is done in the very nanosecond in which its limit is over.
pub(crate) fn the_work_is_done_exactly_at_the_limit() -> Sometimes {
    let mut calls = Calls::default();
    Sometimes::new(
        "the_work_is_done_exactly_at_the_limit",
        move |event| matches!(calls.see(event), Some((Told::Ends, call)) if call.done == Some(call.until)),
    )
}

/// Until when a call may last, and when its work is done, where it has begun.
#[derive(Clone, Copy, Debug)]
struct Call {
    until: Instant,
    done: Option<Instant>,
}

/// The call that each thread makes.
#[derive(Debug, Default)]
struct Calls(BTreeMap<Name, Call>);

impl Calls {
    /// What `event` tells, and the call that it is about; none where it is about none.
    fn see(&mut self, event: &Event) -> Option<(Told, Call)> {
        let told = told(event)?;
        if let Told::Asks(limit) = told {
            let call = Call { until: event.mono.saturating_add(limit), done: None };
            self.0.insert(Name::clone(&event.thread), call);
        }
        let call = self.0.get_mut(&event.thread)?;
        if let Told::Begins(takes) = told {
            call.done = Some(event.mono.saturating_add(takes));
        }
        Some((told, *call))
    }
}
