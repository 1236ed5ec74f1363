//! One line less, in whatever way: what is left may take turns elsewhere, at other times, or do something else.
//!
//! These moves need many runs, so they are tried on small plans, and once nothing simpler helps.

use super::search::{Search, calm};
use super::size::turns;
use super::turns::accept_with_few;
use super::{actors, operations, parameters, times, values};
use crate::plan::{Plan, Schedule, Step};
use crate::span::Span;
use std::time::Duration;

/// Of plans with more steps something is left out, and nothing else is tried.
const MOST_STEPS: usize = 8;
/// Schedules that are drawn for each line that a large plan may lack, after those that every plan was tried under.
const MANY_SCHEDULES: std::ops::Range<u64> = 100..200;
/// Combinations of times that are tried for each place of a wait.
const FEW_COMBINATIONS: usize = 64;
/// Deviations that a plan with one line less may have.
const MOST_TURNS: usize = 2;

/// Leaves out one line if that is possible in any way, or says with a step what a deviation did.
pub(super) fn shrink(search: &mut Search<'_>) {
    if search.best().script.as_ref().is_none_or(|script| script.len() > MOST_STEPS) {
        rescheduled(search);
        return;
    }
    let best = search.best().clone();
    let mut eased = best.clone();
    parameters::set_to_least(&mut eased, search.least());
    let mut candidates = one_less(&best);
    if eased != best {
        candidates.extend(one_less(&eased));
    }
    let faults = 0..best.faults.as_ref().map_or(0, Vec::len);
    let simpler = faults.flat_map(|index| values::with_simpler_fault(&best, index));
    let simpler: Vec<Plan> = simpler.collect();
    let most = turns(&best).len().min(MOST_TURNS);
    // From the cheapest to the dearest.
    let _ = candidates.iter().any(|candidate| accept_with_few(search, candidate, 1))
        || candidates.iter().any(|candidate| actors::accept_handed_over(search, candidate))
        || accept_with_few(search, &eased, most.min(1))
        || candidates.iter().any(|candidate| operations::accept_with_another(search, candidate))
        || in_turn(search)
        || waits(search)
        || simpler.iter().any(|candidate| operations::accept_with_another(search, candidate))
        || operations::without_turns(search)
        || candidates
            .iter()
            .any(|candidate| times::accept_in_time(search, candidate, times::MOST_COMBINATIONS))
        || accept_with_few(search, &eased, most)
        || candidates.iter().any(|candidate| accept_with_few(search, candidate, MOST_TURNS))
        || operations::accept_with_another_and_a_turn(search, &best)
        || candidates
            .iter()
            .any(|candidate| operations::accept_with_another_and_a_turn(search, candidate));
}

/// Leaves a line of a large plan out under some other schedule, of which then as little stays as still fails: as it was drawn
/// it has more turns than the plan before, and would be no smaller.
fn rescheduled(search: &mut Search<'_>) -> bool {
    let candidates = one_less(search.best());
    candidates.iter().any(|candidate| {
        MANY_SCHEDULES.into_iter().any(|other| {
            let found = search.failing_under(candidate, other);
            found.is_some_and(|found| {
                let found = with_fewest_turns(search, found);
                search.accept(found)
            })
        })
    })
}

/// `plan`, which fails, with as few of its turns as still fail: half of them go at first, single ones at last.
fn with_fewest_turns(search: &mut Search<'_>, mut plan: Plan) -> Plan {
    let mut size = turns(&plan).len().div_ceil(2);
    while size > 0 {
        let mut start = 0;
        while start < turns(&plan).len() && !search.is_spent() {
            let mut candidate = plan.clone();
            if let Schedule::Written(deviations) = &mut candidate.schedule {
                let end = deviations.len().min(start + size);
                deviations.drain(start..end);
            }
            if search.fails(&candidate) {
                plan = candidate;
            } else {
                start += size;
            }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    plan
}

/// Every plan that lacks one step or one fault of `plan`.
fn one_less(plan: &Plan) -> Vec<Plan> {
    let mut candidates = Vec::new();
    for index in 0..plan.script.as_ref().map_or(0, Vec::len) {
        let mut candidate = plan.clone();
        candidate.script.get_or_insert_default().remove(index);
        candidates.push(candidate);
    }
    for index in 0..plan.faults.as_ref().map_or(0, Vec::len) {
        let mut candidate = plan.clone();
        candidate.faults.get_or_insert_default().remove(index);
        candidates.push(candidate);
    }
    candidates
}

/// Lets actors do without turns: somebody waits, something is done in another way, and perhaps one does it all.
fn in_turn(search: &mut Search<'_>) -> bool {
    if !search.size().takes_turns() {
        return false;
    }
    let best = calm(search.best());
    let mut alone = best.clone();
    let steps = alone.script.iter_mut().flatten().filter(|step| step.actor.is_some());
    let mut first = None;
    for step in steps {
        step.actor.clone_from(first.get_or_insert_with(|| step.actor.clone()));
    }
    let mut times = vec![Span(Duration::from_nanos(1))];
    times.extend(best.parameters.iter().filter_map(|one| one.value.parse::<Span>().ok()));
    [alone, best].into_iter().any(|plan| {
        let length = plan.script.as_ref().map_or(0, Vec::len);
        (1..length).any(|at| {
            times.iter().any(|time| {
                let mut candidate = plan.clone();
                let script = candidate.script.get_or_insert_default();
                let actor = script[at].actor.clone();
                let operation = format!("wait {time}");
                // The driver waits by the times of its steps.
                actor.is_some() && {
                    script.insert(at, Step { actor, at: None, operation });
                    search.accept_alike(candidate.clone())
                        || operations::accept_with_another(search, &candidate)
                }
            })
        })
    })
}

/// Lets an actor wait in place of a deviation of the schedule.
fn waits(search: &mut Search<'_>) -> bool {
    let best = search.best().clone();
    for place in 0..turns(&best).len() {
        let mut without = best.clone();
        if let Schedule::Written(deviations) = &mut without.schedule {
            deviations.remove(place);
        }
        let script = best.script.as_deref().unwrap_or_default();
        for (at, step) in script.iter().enumerate().filter(|(_, step)| step.actor.is_some()) {
            for at in [at, at + 1] {
                let operation = "wait 1ns".to_owned();
                let wait = Step { actor: step.actor.clone(), at: None, operation };
                let mut candidate = without.clone();
                candidate.script.get_or_insert_default().insert(at, wait);
                if times::accept_in_time(search, &candidate, FEW_COMBINATIONS) {
                    return true;
                }
            }
        }
    }
    false
}
