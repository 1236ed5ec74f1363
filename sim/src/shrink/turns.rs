//! Where threads take turns: at no place, at one, or at two, tried one after the other.
//!
//! Musuvathi and Qadeer ("Iterative Context Bounding", 2007) found that few preemptions suffice for most races. A small
//! case has so few scheduling points that all schedules with one of them, and most with two, can be run.

use super::search::{Answer, Likeness, Search, calm};
use super::size::turns;
use crate::plan::{Deviation, Plan, Schedule, Turn};
use crate::span::Span;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Scheduling points of each thread that are looked at.
const MOST_POINTS: u64 = 80;
/// A thread whose next points are this many that no deviation applies to has ended.
const END: u64 = 4;
/// Steps of a plan for which every place is tried.
const MOST_STEPS: usize = 20;
/// Schedules with more deviations are not moved.
const MOST_MOVED: usize = 6;
/// An operation with more points is rare.
const FARTHEST: u64 = 24;
/// Candidates with two deviations that are tried at once.
const MOST_PAIRS: u64 = 3_000;

/// Tries the default schedule. Most failures need no deviation at all: then the rest is quick.
pub(super) fn calm_down(search: &mut Search<'_>) {
    let calm = calm(search.best());
    if !turns(search.best()).is_empty() {
        search.accept(calm);
    }
}

/// Finds the calmest schedule for the best so far.
pub(super) fn shrink(search: &mut Search<'_>) {
    calm_down(search);
    let best = search.best().clone();
    if turns(&best).len() > 1 {
        accept_with_few(search, &best, 1);
    }
}

/// Whether `plan` is smaller and fails under its own schedule, the default one, or with up to `most` deviations.
pub(super) fn accept_with_few(search: &mut Search<'_>, plan: &Plan, most: usize) -> bool {
    if search.accept(plan.clone()) || search.accept(calm(plan)) {
        return true;
    }
    let threads = threads(plan);
    // The driver alone, or one actor whom it waits for, has nobody to take turns with.
    let may_turn = threads.len() > 2 || search.size().takes_turns();
    if !may_turn || most == 0 || plan.script.iter().flatten().count() > MOST_STEPS {
        return false;
    }
    // Places are worth finding only where a plan with one of them would be smaller.
    let anywhere = Deviation { thread: "main".into(), point: 1, turn: Turn::To("main".into()) };
    if !search.is_smaller(&with(plan, vec![anywhere])) {
        return false;
    }
    let places = places(search, plan, &threads);
    let mut applied = Vec::new();
    for deviation in &places {
        match search.answer(with(plan, vec![deviation.clone()]), Likeness::Promise) {
            Answer::Taken => return true,
            Answer::Kept => applied.push(deviation),
            Answer::Void => {}
        }
    }
    if most < 2 {
        return false;
    }
    let end = search.runs() + MOST_PAIRS;
    for first in applied {
        for second in &places {
            if first.thread == second.thread && first.point >= second.point {
                continue;
            }
            if search.runs() >= end || search.is_spent() {
                return false;
            }
            let mut both = vec![first.clone(), second.clone()];
            // In which order deviations of several threads are listed does not matter.
            both.sort_by(|one, other| (&one.thread, one.point).cmp(&(&other.thread, other.point)));
            if search.answer(with(plan, both), Likeness::Promise) == Answer::Taken {
                return true;
            }
        }
    }
    false
}

/// `plan` with the deviations of one thread some points earlier, from one of them on: what was left out had points of its
/// own.
pub(super) fn moved_up(plan: &Plan) -> Vec<Plan> {
    let deviations = turns(plan);
    if deviations.len() > MOST_MOVED {
        return Vec::new();
    }
    let mut moved = Vec::new();
    for (place, first) in deviations.iter().enumerate() {
        for by in 1..=FARTHEST.min(first.point.saturating_sub(1)) {
            let mut deviations = deviations.to_vec();
            for other in deviations[place..].iter_mut().filter(|other| other.thread == first.thread)
            {
                other.point = other.point.saturating_sub(by);
            }
            moved.push(with(plan, deviations));
        }
    }
    moved
}

fn with(plan: &Plan, deviations: Vec<Deviation>) -> Plan {
    Plan { schedule: Schedule::Written(deviations), ..plan.clone() }
}

/// Who runs in `plan`: its actors, what bends its clocks, and the driver, in this order.
fn threads(plan: &Plan) -> Vec<Arc<str>> {
    let mut seen = BTreeSet::new();
    let actors = plan.script.iter().flatten().filter_map(|step| step.actor.clone());
    let mut threads: Vec<Arc<str>> = actors.filter(|actor| seen.insert(actor.clone())).collect();
    if plan.faults.iter().flatten().next().is_some() {
        threads.push("faults".into());
    }
    threads.push("main".into());
    threads
}

/// Every single deviation that might apply to `plan`.
fn places(search: &mut Search<'_>, plan: &Plan, threads: &[Arc<str>]) -> Vec<Deviation> {
    let mut stalls: Vec<Duration> = Vec::new();
    for turn in turns(search.best()) {
        let parameters = plan.parameters.iter().filter_map(|one| one.value.parse().ok());
        match turn.turn {
            Turn::Stall(time) => stalls.push(time),
            Turn::Time => {}
            Turn::To(_) | Turn::Wakes(_) | Turn::Spurious => continue,
        }
        stalls.extend(parameters.map(|Span(time)| time));
    }
    stalls.sort_unstable();
    stalls.dedup();
    let mut found = Vec::new();
    for thread in threads {
        let points = points(search, plan, thread);
        for point in 1..=points {
            let mut add = |turn| found.push(Deviation { thread: Arc::clone(thread), point, turn });
            for other in threads.iter().filter(|other| *other != thread) {
                add(Turn::To(Arc::clone(other)));
            }
            add(Turn::Time);
            for &stall in &stalls {
                add(Turn::Stall(stall));
            }
            if search.wakes() {
                add(Turn::Wakes(1));
            }
            if search.spurious() {
                add(Turn::Spurious);
            }
        }
    }
    found
}

/// How many scheduling points `thread` has under the default schedule: it can stand still for no time at each of them.
fn points(search: &mut Search<'_>, plan: &Plan, thread: &Arc<str>) -> u64 {
    let mut last = 0;
    for point in 1..=MOST_POINTS {
        let still = Turn::Stall(Duration::ZERO);
        let still = Deviation { thread: Arc::clone(thread), point, turn: still };
        if search.applies(&with(plan, vec![still])) {
            last = point;
        } else if point >= last + END {
            break;
        }
    }
    last + 1
}
