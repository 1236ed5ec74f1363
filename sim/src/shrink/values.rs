//! Making numbers smaller: times of steps, the durations and offsets within operations, and times and sizes of faults.

use super::Search;
use crate::plan::{Fault, FaultKind, Plan};
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
    }
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
        descend(search, size(kind), 1, |plan, value| {
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

/// By how much a fault bends a clock, whichever way: nanoseconds or parts per million; 0 where it stops it.
fn size(kind: FaultKind) -> u64 {
    match kind {
        FaultKind::WallJumps(by) => by.as_nanos().unsigned_abs(),
        FaultKind::WallDrifts(ppm) | FaultKind::MonotonicDrifts(ppm) => ppm.unsigned_abs().into(),
        FaultKind::MonotonicSuspends(by) => nanos(by),
        FaultKind::WallFreezes | FaultKind::MonotonicFreezes => 0,
    }
}

/// The same fault in the same direction by another amount.
fn with_size(kind: FaultKind, size: u64) -> FaultKind {
    let ppm = |before: i32| i32::try_from(size).unwrap_or(i32::MAX) * before.signum();
    match kind {
        FaultKind::WallJumps(by) => {
            let size = i64::try_from(size).unwrap_or(i64::MAX);
            FaultKind::WallJumps(Offset::from_nanos(size * by.as_nanos().signum()))
        }
        FaultKind::WallDrifts(before) => FaultKind::WallDrifts(ppm(before)),
        FaultKind::MonotonicDrifts(before) => FaultKind::MonotonicDrifts(ppm(before)),
        FaultKind::MonotonicSuspends(_) => FaultKind::MonotonicSuspends(Duration::from_nanos(size)),
        stopped @ (FaultKind::WallFreezes | FaultKind::MonotonicFreezes) => stopped,
    }
}

/// Shrinks each word of an operation that is a duration or an offset.
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
        if let Ok(Span(duration)) = word.parse() {
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
    for unit in [SECOND, 1_000_000, 1_000, 1] {
        while high - low > unit && !search.is_spent() {
            let middle = low + (high - low) / 2;
            let round = middle / unit * unit;
            let value = if round > low { round } else { middle };
            if attempt(search, value) {
                high = value;
            } else {
                low = value;
            }
        }
    }
    high < from
}

const SECOND: u64 = 1_000_000_000;

pub(super) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
