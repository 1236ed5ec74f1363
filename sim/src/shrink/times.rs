//! Times that must change together: each of them is set to one of a few that matter.

use super::parameters;
use super::search::Search;
use super::values::{descend, is_on_hosts, nanos, with_size};
use crate::plan::{FaultKind, Plan, Schedule, Turn};
use crate::span::{Offset, Span};
use std::time::Duration;

/// Combinations that are tried at once.
pub(super) const MOST_COMBINATIONS: usize = 1_000;

/// Sets all times at once, with the parameters at their least, and brings equal times down together.
pub(super) fn shrink(search: &mut Search<'_>) {
    let mut candidate = search.best().clone();
    parameters::set_to_least(&mut candidate, search.least());
    accept_in_time(search, &candidate, MOST_COMBINATIONS);
    let mut seen = Vec::new();
    for (_, time) in slots(search.best()) {
        if seen.contains(&time) {
            continue;
        }
        seen.push(time);
        let equal = |plan: &Plan| slots(plan).into_iter().filter(move |(_, other)| *other == time);
        let equal: Vec<Slot> = equal(search.best()).map(|(slot, _)| slot).collect();
        if equal.len() > 1 {
            descend(search, time, 0, |plan, value| {
                equal.iter().for_each(|slot| set(plan, *slot, value));
            });
        }
    }
}

/// Makes what passes between one time of a plan on hosts and the next one shorter: everything that is later comes earlier by as
/// much. Answers that meet somewhere tie those moments together, so that none of them can move alone.
pub(super) fn shrink_gaps(search: &mut Search<'_>) {
    if !is_on_hosts(search.best()) {
        return;
    }
    let mut before = 0;
    loop {
        let all = slots(search.best());
        let Some(time) = all.iter().map(|(_, time)| *time).filter(|time| *time > before).min()
        else {
            return;
        };
        let later: Vec<_> = all.into_iter().filter(|(_, other)| *other >= time).collect();
        descend(search, time - before, 0, |plan, gap| {
            later.iter().for_each(|(slot, other)| set(plan, *slot, before + gap + (other - time)));
        });
        let now = slots(search.best()).into_iter().map(|(_, time)| time);
        let Some(next) = now.filter(|time| *time > before).min() else { return };
        before = next;
    }
}

/// Whether `plan` is smaller and fails with each of its times set to none, a nanosecond, or about one of its parameters, in up
/// to `most` combinations.
pub(super) fn accept_in_time(search: &mut Search<'_>, plan: &Plan, most: usize) -> bool {
    let slots: Vec<Slot> = slots(plan).into_iter().map(|(slot, _)| slot).collect();
    let mut marks = vec![0, 1];
    for parameter in &plan.parameters {
        if let Ok(Span(time)) = parameter.value.parse() {
            let time = nanos(time);
            marks.extend([time, time.saturating_sub(1), time.saturating_add(1)]);
        }
    }
    let power = u32::try_from(slots.len()).unwrap_or(u32::MAX);
    while marks.len().checked_pow(power).is_none_or(|all| all > most) {
        if marks.len() <= 2 {
            return false;
        }
        // Of what does not fit, a nanosecond more or less is missed least.
        marks.remove(if marks.len() > 3 { marks.len() - 1 } else { 1 });
    }
    (0..marks.len().pow(power)).any(|mut number| {
        let mut candidate = plan.clone();
        for slot in &slots {
            set(&mut candidate, *slot, marks[number % marks.len()]);
            number /= marks.len();
        }
        search.accept_alike_calm(candidate)
    })
}

/// Where a plan says a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    /// When a step is done.
    At(usize),
    /// This word of this step's operation.
    Word(usize, usize),
    /// When a fault begins.
    From(usize),
    /// How far it sets a clock.
    Jump(usize),
    /// How long a deviation stalls.
    Stall(usize),
}

/// Every time of a plan, in nanoseconds.
fn slots(plan: &Plan) -> Vec<(Slot, u64)> {
    let mut slots = Vec::new();
    for (index, step) in plan.script.iter().flatten().enumerate() {
        slots.extend(step.at.map(|at| (Slot::At(index), nanos(at))));
        for (place, word) in step.operation.split(' ').enumerate() {
            let slot = Slot::Word(index, place);
            if let Ok(Span(time)) = word.parse() {
                slots.push((slot, nanos(time)));
            } else if let Ok(offset) = word.parse::<Offset>() {
                slots.push((slot, nanos(offset.magnitude())));
            }
        }
    }
    for (index, fault) in plan.faults.iter().flatten().enumerate() {
        slots.push((Slot::From(index), nanos(fault.from)));
        match fault.kind {
            FaultKind::WallJumps(by) => slots.push((Slot::Jump(index), nanos(by.magnitude()))),
            FaultKind::MonotonicSuspends(by) => slots.push((Slot::Jump(index), nanos(by))),
            _ => {}
        }
    }
    for (index, deviation) in super::size::turns(plan).iter().enumerate() {
        if let Turn::Stall(time) = deviation.turn {
            slots.push((Slot::Stall(index), nanos(time)));
        }
    }
    slots
}

/// Sets one time of `plan`.
fn set(plan: &mut Plan, slot: Slot, value: u64) {
    let time = Duration::from_nanos(value);
    let script = plan.script.as_deref_mut().unwrap_or_default();
    let faults = plan.faults.as_deref_mut().unwrap_or_default();
    match slot {
        Slot::At(step) => script[step].at = Some(time),
        Slot::Word(step, place) => {
            let text = |(at, word): (usize, &str)| match at == place {
                true if word.starts_with('-') && value > 0 => format!("-{}", Span(time)),
                true => Span(time).to_string(),
                false => word.to_owned(),
            };
            let words = script[step].operation.split(' ').enumerate().map(text);
            script[step].operation = words.collect::<Vec<_>>().join(" ");
        }
        Slot::From(fault) => {
            let fault = &mut faults[fault];
            let length = fault.until.map(|until| until.saturating_sub(fault.from));
            fault.from = time;
            fault.until = length.map(|length| time.saturating_add(length));
        }
        // A clock that is set by nothing is only a timer.
        Slot::Jump(fault) => {
            let kind = &mut faults[fault].kind;
            *kind = with_size(*kind, value.max(1));
        }
        Slot::Stall(place) => {
            if let Schedule::Written(deviations) = &mut plan.schedule {
                deviations[place].turn = Turn::Stall(time);
            }
        }
    }
}
