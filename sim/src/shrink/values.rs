//! Making numbers smaller: times of steps and faults, and the durations and offsets within operations.

use super::Search;
use crate::plan::Plan;
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
    let Some(fault) = search.best().faults.as_ref().and_then(|faults| faults.get(index)) else {
        return;
    };
    let (from, until) = (nanos(fault.from), fault.until.map(nanos));
    descend(search, from, 0, move |plan, value| {
        if let Some(fault) = plan.faults.as_mut().and_then(|faults| faults.get_mut(index)) {
            fault.from = Duration::from_nanos(value);
            fault.until = until.map(|until| Duration::from_nanos(until - from + value));
        }
    });
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
fn descend(search: &mut Search<'_>, from: u64, least: u64, set: impl Fn(&mut Plan, u64)) -> bool {
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
            let value = if round > low && round < high { round } else { middle };
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

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
