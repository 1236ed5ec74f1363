//! Making numbers smaller: times of steps, numbers and durations within operations, and times and sizes of faults.

use super::search::Search;
use super::size::{fault_rank, fault_size, turns};
use crate::engine::EngineName;
use crate::plan::{Fault, FaultKind, Plan, Schedule, Turn};
use crate::span::{Offset, Span};
use std::time::Duration;

/// Brings every time and duration down as far as the failure stays.
pub(super) fn shrink(search: &mut Search<'_>) {
    let steps = search.best().script.as_ref().map_or(0, Vec::len);
    for index in 0..steps {
        time(search, index);
        operation(search, index);
    }
    let faults = search.best().faults.as_ref().map_or(0, Vec::len);
    for index in 0..faults {
        fault(search, index);
        simpler_fault(search, index);
    }
    for index in 0..turns(search.best()).len() {
        stall(search, index);
    }
}

/// How long a deviation of the schedule stalls.
fn stall(search: &mut Search<'_>, index: usize) {
    let Turn::Stall(time) = turns(search.best())[index].turn else { return };
    descend(search, nanos(time), 0, |plan, value| {
        if let Schedule::Written(deviations) = &mut plan.schedule {
            deviations[index].turn = Turn::Stall(Duration::from_nanos(value));
        }
    });
}

/// A fault that is over at once in place of one that lasts: the wall clock steps by as much, or by a nanosecond.
fn simpler_fault(search: &mut Search<'_>, index: usize) {
    let _ = with_simpler_fault(search.best(), index)
        .into_iter()
        .any(|candidate| search.accept_alike_calm(candidate));
}

/// `plan` with each step of the wall clock that might do in place of the fault at `index`.
pub(super) fn with_simpler_fault(plan: &Plan, index: usize) -> Vec<Plan> {
    let Some(now) = fault_at(plan, index).filter(|fault| fault_rank(fault.kind) > 0) else {
        return Vec::new();
    };
    let length = now.until.map_or(0, |until| nanos(until.saturating_sub(now.from)));
    let mut sizes = vec![1, fault_size(now.kind), length];
    for parameter in &plan.parameters {
        sizes.extend(parameter.value.parse().ok().map(|Span(time)| nanos(time)));
    }
    let sizes = sizes.into_iter().filter_map(|size| i64::try_from(size).ok());
    let mut candidates = Vec::new();
    for size in sizes.filter(|&size| size > 0) {
        for by in [-size, size] {
            for from in [now.from, Duration::from_nanos(1)] {
                let kind = FaultKind::WallJumps(Offset::from_nanos(by));
                let node = now.node.clone().filter(|_| !now.kind.is_of_an_actor());
                let jump = Fault { from, until: None, node, other: None, kind };
                let mut candidate = plan.clone();
                change(&mut candidate, index, |fault| *fault = jump);
                candidates.push(candidate);
            }
        }
    }
    candidates
}

fn time(search: &mut Search<'_>, index: usize) {
    let at = |plan: &Plan| plan.script.as_ref()?.get(index)?.at;
    let Some(now) = at(search.best()) else { return };
    // Not before its predecessor: the order of a script is not the subject here.
    let script = search.best().script.as_deref().unwrap_or_default();
    let actor = &script[index].actor;
    let earlier = script[..index].iter().rev().filter(|step| step.actor == *actor);
    let earliest = earlier.filter_map(|step| step.at).next();
    descend(search, nanos(now), nanos(earliest.unwrap_or_default()), |plan, value| {
        if let Some(step) = plan.script.as_mut().and_then(|script| script.get_mut(index)) {
            step.at = Some(Duration::from_nanos(value));
        }
    });
}

fn fault(search: &mut Search<'_>, index: usize) {
    let Some(Fault { from, until, .. }) = fault_at(search.best(), index).cloned() else { return };
    let length = until.map(|until| until.saturating_sub(from));
    descend(search, nanos(from), 0, |plan, value| {
        change(plan, index, |fault| {
            fault.from = Duration::from_nanos(value);
            fault.until = length.map(|length| fault.from.saturating_add(length));
        });
    });
}

/// How long each fault lasts, and by how much it bends a clock. What is lowered here and what is lowered in [`shrink`]
/// would push each other down in tiny steps, so this comes last.
pub(super) fn shrink_sizes(search: &mut Search<'_>) {
    for index in 0..search.best().faults.as_ref().map_or(0, Vec::len) {
        let Some(Fault { from, until, kind, .. }) = fault_at(search.best(), index).cloned() else {
            return;
        };
        if let Some(until) = until {
            descend(search, nanos(until.saturating_sub(from)), 1, |plan, value| {
                let until = from.saturating_add(Duration::from_nanos(value));
                change(plan, index, |fault| fault.until = Some(until));
            });
        }
        let size = fault_size(kind);
        let units = match kind {
            FaultKind::MessagesLost(_) | FaultKind::MessagesDoubled(_) => RATES,
            FaultKind::Disk(trouble) if trouble.share().is_some() => RATES,
            _ => units(search.best(), size),
        };
        descend_by(search, (size, 1), units, |plan, value| {
            change(plan, index, |fault| fault.kind = with_size(kind, value));
        });
    }
}

fn fault_at(plan: &Plan, index: usize) -> Option<&Fault> {
    plan.faults.as_ref()?.get(index)
}

fn change(plan: &mut Plan, index: usize, change: impl FnOnce(&mut Fault)) {
    if let Some(fault) = plan.faults.as_mut().and_then(|faults| faults.get_mut(index)) {
        change(fault);
    }
}

fn million(size: u64) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX).min(1_000_000)
}

/// The same fault in the same direction by another amount.
pub(super) fn with_size(kind: FaultKind, size: u64) -> FaultKind {
    let ppm = |before: i32| i32::try_from(size).unwrap_or(i32::MAX) * before.signum();
    match kind {
        FaultKind::WallJumps(by) => {
            let size = i64::try_from(size).unwrap_or(i64::MAX);
            FaultKind::WallJumps(Offset::from_nanos(size * by.as_nanos().signum()))
        }
        FaultKind::WallDrifts(before) => FaultKind::WallDrifts(ppm(before)),
        FaultKind::MonotonicDrifts(before) => FaultKind::MonotonicDrifts(ppm(before)),
        FaultKind::MonotonicSuspends(_) => FaultKind::MonotonicSuspends(Duration::from_nanos(size)),
        FaultKind::MessagesTake(shortest, _) => {
            let longest = Duration::from_nanos(size);
            FaultKind::MessagesTake(shortest.min(longest), longest)
        }
        FaultKind::MessagesLost(_) => FaultKind::MessagesLost(million(size)),
        FaultKind::MessagesDoubled(_) => FaultKind::MessagesDoubled(million(size)),
        FaultKind::MessagesShuffled(_) => FaultKind::MessagesShuffled(Duration::from_nanos(size)),
        FaultKind::Disk(trouble) => FaultKind::Disk(trouble.with_size(size)),
        unsized_ @ (FaultKind::WallFreezes
        | FaultKind::MonotonicFreezes
        | FaultKind::Crashes
        | FaultKind::Restarts
        | FaultKind::Pauses
        | FaultKind::Stalls
        | FaultKind::Partitions(_)
        | FaultKind::Holds(_)) => unsized_,
    }
}

/// Shrinks each word of an operation that is a number, a duration or an offset.
fn operation(search: &mut Search<'_>, index: usize) {
    let text = |plan: &Plan| Some(plan.script.as_ref()?.get(index)?.operation.clone());
    let Some(before) = text(search.best()) else { return };
    for place in 0..before.split(' ').count() {
        let Some(word) =
            text(search.best()).and_then(|text| text.split(' ').nth(place).map(str::to_owned))
        else {
            return;
        };
        let replace = move |plan: &mut Plan, with: String| {
            if let Some(step) = plan.script.as_mut().and_then(|script| script.get_mut(index)) {
                let words = step.operation.split(' ').enumerate();
                let words: Vec<&str> =
                    words.map(|(at, word)| if at == place { &*with } else { word }).collect();
                step.operation = words.join(" ");
            }
        };
        if let Ok(number) = word.parse::<u64>() {
            descend(search, number, 0, |plan, value| replace(plan, value.to_string()));
        } else if let Ok(Span(duration)) = word.parse() {
            descend(search, nanos(duration), 0, |plan, value| {
                replace(plan, Span(Duration::from_nanos(value)).to_string());
            });
        } else if let Ok(offset) = word.parse::<Offset>() {
            let back = offset.as_nanos() < 0;
            descend(search, offset.as_nanos().unsigned_abs(), 0, |plan, value| {
                let value = i64::try_from(value).unwrap_or(i64::MAX);
                replace(plan, Offset::from_nanos(if back { -value } else { value }).to_string());
            });
        }
    }
}

/// The smallest value from `least` on that still fails, as far as bisection finds it, tried in round numbers first.
pub(super) fn descend(
    search: &mut Search<'_>,
    from: u64,
    least: u64,
    set: impl Fn(&mut Plan, u64),
) -> bool {
    let units = units(search.best(), from);
    descend_by(search, (from, least), units, set)
}

/// As [`descend`], rounded to `units`.
fn descend_by(
    search: &mut Search<'_>,
    (from, least): (u64, u64),
    units: &[u64],
    set: impl Fn(&mut Plan, u64),
) -> bool {
    let attempt = |search: &mut Search<'_>, value: u64| {
        let mut candidate = search.best().clone();
        set(&mut candidate, value);
        search.accept(candidate)
    };
    if from <= least || attempt(search, least) {
        return from > least;
    }
    // The failure stays at `high` and goes at `low`.
    let (mut low, mut high) = (least, from);
    let is_exact = units.last() == Some(&1);
    for &unit in units {
        while high - low > unit && !search.is_spent() {
            let middle = low + (high - low) / 2;
            let round = middle / unit * unit;
            let value = match (round > low, is_exact) {
                (true, _) => round,
                (false, true) => middle,
                // There is no round number between them that has not been tried.
                (false, false) => break,
            };
            if attempt(search, value) {
                high = value;
            } else {
                low = value;
            }
        }
    }
    high < from
}

/// What numbers are rounded to, the coarsest first.
const EXACT: &[u64] = &[SECOND, 1_000_000, 1_000, 1];
/// What a message takes is drawn anew whenever anything else changes: a boundary finer than that belongs to one plan only, and says
/// nothing to whoever reads it.
const ON_HOSTS: &[u64] = &[SECOND, 100_000_000, 10_000_000, 1_000_000];

/// The same of a rate of messages, in a million of them.
const RATES: &[u64] = &[100_000, 10_000, 1_000];

/// The units for a number of `plan` that is `from` now; a small one is a count and no time.
fn units(plan: &Plan, from: u64) -> &'static [u64] {
    if is_on_hosts(plan) && from >= 1_000_000 { ON_HOSTS } else { EXACT }
}

/// Whether `plan` is run on hosts.
pub(super) fn is_on_hosts(plan: &Plan) -> bool {
    plan.engine.is_some_and(|engine| engine != EngineName::Threads)
}

const SECOND: u64 = 1_000_000_000;

pub(super) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
