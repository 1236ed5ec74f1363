//! What is promised of calls inside calls, and what must be seen of them.

use super::asking::Counted;
use super::client::{Told, Way, told};
use retrip_sim::check::{Judgement, Promise, Sometimes, always};
use retrip_sim::log::Name;
use std::collections::BTreeSet;

/// However many calls are inside of each other, and however they end, they are counted as one.
pub(crate) fn what_is_inside_counts_once() -> impl Promise {
    let statement = "a chain of calls is counted as one call";
    let calls = |way| u64::from(matches!(way, Way::Chain { .. } | Way::Panics { .. }));
    counts("what_is_inside_counts_once", statement, calls, |counted| counted.chain)
}

/// Breakers are told apart, whatever their names.
pub(crate) fn twins_are_two() -> impl Promise {
    let statement = "of two breakers of one name, each counts a call inside one of the other";
    let calls = |way| if way == Way::Twins { 2 } else { 0 };
    counts("twins_are_two", statement, calls, |counted| counted.twins)
}

/// While a task waits in its call, another one of its thread is not inside of that.
pub(crate) fn tasks_are_not_inside_of_each_other() -> impl Promise {
    let statement = "each of two tasks of one thread is counted as one call";
    let calls = |way| if way == Way::Together { 2 } else { 0 };
    counts("tasks_are_not_inside_of_each_other", statement, calls, |counted| counted.tasks)
}

/// In the end so many calls are counted as were to be by how somebody asked.
fn counts(
    name: &'static str,
    statement: &str,
    calls: impl Fn(Way) -> u64 + Send + 'static,
    of: fn(Counted) -> u64,
) -> impl Promise {
    let mut wanted = 0;
    always(name, statement, move |event| match told(event) {
        Some(Told::Asks(way)) => {
            wanted += calls(way);
            Judgement::NotConcerned
        }
        Some(Told::Counted(counted)) => {
            Judgement::equal(format!("{wanted} calls"), format!("{} calls", of(counted)))
        }
        Some(Told::Ends) | None => Judgement::NotConcerned,
    })
}

/// One thread is in its chain of calls while another one is in its own.
pub(crate) fn two_threads_are_inside_at_once() -> Sometimes {
    let mut inside = BTreeSet::new();
    Sometimes::new("two_threads_are_inside_at_once", move |event| {
        match told(event) {
            Some(Told::Asks(Way::Chain { .. } | Way::Panics { .. })) => {
                inside.insert(Name::clone(&event.thread));
            }
            Some(Told::Ends) => {
                inside.remove(&event.thread);
            }
            _ => {}
        }
        inside.len() > 1
    })
}

/// A thread whose chain of calls has panicked makes another one.
pub(crate) fn somebody_asks_after_a_panic() -> Sometimes {
    let mut panicked = BTreeSet::new();
    Sometimes::new("somebody_asks_after_a_panic", move |event| match told(event) {
        Some(Told::Asks(Way::Panics { .. })) => !panicked.insert(Name::clone(&event.thread)),
        Some(Told::Asks(Way::Chain { .. })) => panicked.contains(&event.thread),
        _ => false,
    })
}
