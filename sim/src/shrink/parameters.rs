//! Parameters: as simple as they can be, and left out where they change nothing.

use super::search::Search;
use super::values::{descend, nanos};
use crate::plan::Plan;
use crate::span::{Offset, Span};
use std::time::Duration;

/// Brings every parameter down towards the least value that its scenario would draw.
pub(super) fn shrink(search: &mut Search<'_>) {
    let least = search.least().to_vec();
    for (index, least) in least.into_iter().enumerate() {
        let Some(parameter) = search.best().parameters.get(index) else { return };
        let (name, value) = (parameter.name.clone(), parameter.value.clone());
        if let Ok(number) = value.parse::<u64>() {
            descend(search, number, least, |plan, value| set(plan, &name, value.to_string()));
        } else if let Ok(Span(time)) = value.parse() {
            // What was drawn from it goes with it: a time that is exactly an open interval stays one.
            descend(search, nanos(time), least, |plan, value| with_its_times(plan, &name, value));
            let Some(Ok(Span(time))) = search.best().parameter(&name).map(str::parse) else {
                return;
            };
            descend(search, nanos(time), least, |plan, value| {
                set(plan, &name, Span(Duration::from_nanos(value)).to_string());
            });
        }
    }
}

/// Leaves out every parameter that changes nothing: neither the event log nor how the promise breaks. Its seed draws it
/// again, and whatever it draws is as good.
pub(super) fn forget(search: &mut Search<'_>) {
    let Some(wanted) = search.traces(&search.best().clone()) else { return };
    for index in (0..search.best().parameters.len()).rev() {
        let parameter = search.best().parameters[index].clone();
        let mut candidate = search.best().clone();
        candidate.parameters.remove(index);
        if search.traces(&candidate).as_ref() != Some(&wanted) {
            continue;
        }
        // The seed may draw the same value, which says nothing: others are tried as well.
        let others = others(&parameter.value).into_iter().filter_map(|other| {
            let mut tried = search.best().clone();
            set(&mut tried, &parameter.name, other);
            search.traces(&tried)
        });
        let others: Vec<_> = others.collect();
        if !others.is_empty() && others.iter().all(|traces| *traces == wanted) {
            search.take(candidate);
        }
    }
}

/// Some other values, of which a scenario refuses those that it could not draw.
fn others(value: &str) -> Vec<String> {
    let near = |value: u64| [value.checked_add(1), value.checked_mul(2), value.checked_sub(1)];
    let near = |value| near(value).into_iter().flatten();
    if let Ok(number) = value.parse::<u64>() {
        near(number).map(|other| other.to_string()).collect()
    } else if let Ok(Span(time)) = value.parse() {
        near(nanos(time)).map(|other| Span(Duration::from_nanos(other)).to_string()).collect()
    } else {
        Vec::new()
    }
}

/// Sets every parameter of `plan` to its `least` value.
pub(super) fn set_to_least(plan: &mut Plan, least: &[u64]) {
    for (parameter, &least) in plan.parameters.iter_mut().zip(least) {
        if parameter.value.parse::<u64>().is_ok() {
            parameter.value = least.to_string();
        } else if parameter.value.parse::<Span>().is_ok() {
            parameter.value = Span(Duration::from_nanos(least)).to_string();
        }
    }
}

fn set(plan: &mut Plan, name: &str, value: String) {
    if let Some(parameter) = plan.parameters.iter_mut().find(|parameter| parameter.name == name) {
        parameter.value = value;
    }
}

/// Sets the duration `name`, and every time and duration of the plan that is equal to it or a nanosecond beside it.
fn with_its_times(plan: &mut Plan, name: &str, value: u64) {
    let Some(Ok(Span(before))) = plan.parameter(name).map(str::parse) else { return };
    let after = Duration::from_nanos(value);
    let tick = Duration::from_nanos(1);
    let beside = |time: Duration| match time {
        time if time == before => Some(after),
        time if time.saturating_add(tick) == before => Some(after.saturating_sub(tick)),
        time if time == before.saturating_add(tick) => Some(after.saturating_add(tick)),
        _ => None,
    };
    let moved = |time: Duration| beside(time).unwrap_or(time);
    set(plan, name, Span(after).to_string());
    for step in plan.script.iter_mut().flatten() {
        step.at = step.at.map(moved);
        let word = |word: &str| match (word.parse::<Span>(), word.parse::<Offset>()) {
            (Ok(Span(time)), _) if beside(time).is_some() => Span(moved(time)).to_string(),
            (_, Ok(offset)) if offset.as_nanos() < 0 && beside(offset.magnitude()).is_some() => {
                format!("-{}", Span(moved(offset.magnitude())))
            }
            _ => word.to_owned(),
        };
        step.operation = step.operation.split(' ').map(word).collect::<Vec<_>>().join(" ");
    }
    for fault in plan.faults.iter_mut().flatten() {
        fault.from = moved(fault.from);
        fault.until = fault.until.map(moved);
    }
}
