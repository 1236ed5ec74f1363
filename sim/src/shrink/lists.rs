//! Leaving things out: actors, operations, faults, deviations of the schedule, choices.

use super::search::Search;
use super::turns;
use crate::plan::{Deviation, Plan, Schedule};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Leaves out what can be left out.
pub(super) fn shrink(search: &mut Search<'_>) {
    turns::calm_down(search);
    operations(search, Search::accept);
    ddmin(search, Search::accept, |plan| &mut plan.choices);
    if matches!(search.best().schedule, Schedule::Written(_)) {
        ddmin(search, Search::accept, deviations);
    }
}

fn deviations(plan: &mut Plan) -> &mut Vec<Deviation> {
    match &mut plan.schedule {
        Schedule::Written(deviations) => deviations,
        drawn @ Schedule::Drawn => {
            *drawn = Schedule::Written(Vec::new());
            let Schedule::Written(deviations) = drawn else { unreachable!("just written") };
            deviations
        }
    }
}

/// Leaves out what can be left out when threads may take turns elsewhere. It costs more runs, so it comes last.
pub(super) fn shrink_rescheduled(search: &mut Search<'_>) {
    operations(search, Search::accept_rescheduled);
    if matches!(search.best().schedule, Schedule::Written(_)) {
        // Whoever no longer stalls comes to its next deviation a point earlier.
        ddmin(search, Search::accept_moved_up, deviations);
    }
}

fn operations<'s>(search: &mut Search<'s>, accept: fn(&mut Search<'s>, Plan) -> bool) {
    actors(search, accept);
    ddmin(search, accept, |plan| plan.script.get_or_insert_default());
    ddmin(search, accept, |plan| plan.faults.get_or_insert_default());
}

/// Leaves out one actor at a time, with its whole script.
fn actors<'s>(search: &mut Search<'s>, accept: fn(&mut Search<'s>, Plan) -> bool) {
    let names: BTreeSet<Arc<str>> =
        search.best().script.iter().flatten().filter_map(|step| step.actor.clone()).collect();
    for name in names.into_iter().rev() {
        let mut candidate = search.best().clone();
        if let Some(script) = &mut candidate.script {
            script.retain(|step| step.actor.as_ref() != Some(&name));
        }
        accept(search, candidate);
    }
}

/// Leaves out runs of a list's items, half of it at first, single ones at last; `accept` judges what is left.
fn ddmin<'s, T: Clone>(
    search: &mut Search<'s>,
    accept: fn(&mut Search<'s>, Plan) -> bool,
    list: impl Fn(&mut Plan) -> &mut Vec<T>,
) {
    let length = |search: &Search<'_>| list(&mut search.best().clone()).len();
    let mut size = length(search).div_ceil(2);
    while size > 0 && !search.is_spent() {
        let mut start = 0;
        while start < length(search) && !search.is_spent() {
            let mut candidate = search.best().clone();
            let items = list(&mut candidate);
            let end = items.len().min(start + size);
            items.drain(start..end);
            if !accept(search, candidate) {
                start += size;
            }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2).min(length(search)) };
    }
}
