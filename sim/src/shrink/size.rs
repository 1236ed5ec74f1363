//! What makes one plan smaller than another for the person who reads it.

use super::operations::has_form;
use super::values::nanos;
use crate::part::Wait;
use crate::plan::{FaultKind, Plan, Schedule, Turn};
use crate::span::{Offset, Span};
use std::collections::{BTreeMap, BTreeSet};

/// The measure that every move of a shrink lowers: first all that a person has to follow, then the places where threads
/// take turns, then who acts, then words, then numbers. No search for a smaller one can go round in circles.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Size {
    /// Steps, faults and deviations of the schedule. A deviation that lets time pass counts twice: it also does what a step
    /// that waits would do.
    lines: usize,
    /// Deviations of the schedule.
    turns: usize,
    choices: usize,
    actors: usize,
    /// Kinds of faults: what happens at one moment is simpler than what lasts.
    faults: usize,
    operations: Weight,
}

/// How much there is to read in operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Weight {
    /// Words of all operations; a number counts twice, because it could be another one.
    words: usize,
    /// Which of several operations of as many words: those that are listed first are simpler.
    rank: usize,
    /// All numbers and times together, in units and nanoseconds.
    numbers: u128,
}

/// Measures plans of one scenario. Operations are weighed once: most candidates share theirs with the one before.
#[derive(Debug)]
pub(super) struct Scales {
    forms: Vec<String>,
    weighed: BTreeMap<String, Weight>,
}

impl Scales {
    /// For operations of these `forms`.
    pub(super) fn of(forms: Vec<String>) -> Self {
        Self { forms, weighed: BTreeMap::new() }
    }

    pub(super) fn forms(&self) -> &[String] {
        &self.forms
    }

    pub(super) fn size(&mut self, plan: &Plan) -> Size {
        let steps = plan.script.as_deref().unwrap_or_default();
        let faults = plan.faults.as_deref().unwrap_or_default();
        let turns = turns(plan);
        let passes = |turn: &Turn| matches!(turn, Turn::Time | Turn::Stall(_));
        let actors: BTreeSet<_> = steps.iter().map(|step| &step.actor).collect();
        let passing = turns.iter().filter(|turn| passes(&turn.turn)).count();
        let mut operations = Weight::default();
        for step in steps {
            let Weight { words, rank, numbers } = self.weigh(&step.operation);
            operations.words += words;
            operations.rank += rank;
            operations.numbers += numbers + step.at.map_or(0, |at| at.as_nanos());
        }
        for turn in turns {
            if let Turn::Stall(time) = turn.turn {
                operations.numbers += time.as_nanos();
            }
        }
        for fault in faults {
            let length = fault.until.map_or(0, |until| until.saturating_sub(fault.from).as_nanos());
            operations.numbers +=
                fault.from.as_nanos() + u128::from(fault_size(fault.kind)) + length;
        }
        for parameter in &plan.parameters {
            operations.numbers += number(&parameter.value).unwrap_or(0);
        }
        Size {
            lines: steps.len() + faults.len() + turns.len() + passing,
            turns: turns.len(),
            choices: plan.choices.len(),
            actors: actors.len(),
            faults: faults.iter().map(|fault| fault_rank(fault.kind)).sum(),
            operations,
        }
    }

    fn weigh(&mut self, operation: &str) -> Weight {
        if let Some(&weight) = self.weighed.get(operation) {
            return weight;
        }
        let listed = self.forms.iter().position(|form| has_form(operation, form));
        let weight = Weight {
            words: words(operation),
            rank: listed.unwrap_or(self.forms.len()),
            numbers: operation.split(' ').filter_map(number).sum(),
        };
        self.weighed.insert(operation.to_owned(), weight);
        weight
    }
}

impl Size {
    /// Whether threads take turns other than by default.
    pub(super) fn takes_turns(&self) -> bool {
        self.turns > 0
    }
}

/// The deviations of its schedule.
pub(super) fn turns(plan: &Plan) -> &[crate::plan::Deviation] {
    match &plan.schedule {
        Schedule::Written(deviations) => deviations,
        Schedule::Drawn => &[],
    }
}

/// How many words an operation has; one that stands for a number counts twice. Whatever lets time pass counts as one, or
/// else a wait, which is the plainest, would become a `yield`.
pub(super) fn words(operation: &str) -> usize {
    if operation.parse::<Wait>().is_ok() {
        return 1;
    }
    operation.split(' ').map(|word| 1 + usize::from(number(word).is_some())).sum()
}

/// What a word amounts to, whichever way.
fn number(word: &str) -> Option<u128> {
    if !word.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
        return None;
    }
    if let Ok(number) = word.parse::<u64>() {
        return Some(number.into());
    }
    if let Ok(Span(time)) = word.parse() {
        return Some(time.as_nanos());
    }
    word.parse::<Offset>().ok().map(|offset| offset.magnitude().as_nanos())
}

/// A step of the wall clock is the simplest fault.
pub(super) fn fault_rank(kind: FaultKind) -> usize {
    match kind {
        FaultKind::WallJumps(_) => 0,
        FaultKind::MonotonicSuspends(_) => 1,
        FaultKind::WallFreezes => 2,
        FaultKind::WallDrifts(_) => 3,
        FaultKind::MonotonicFreezes => 4,
        FaultKind::MonotonicDrifts(_) => 5,
        FaultKind::Stalls => 6,
        FaultKind::Disk(_) => 7,
        FaultKind::Pauses => 8,
        FaultKind::MessagesTake(..) => 9,
        FaultKind::MessagesShuffled(_) => 10,
        FaultKind::MessagesDoubled(_) => 11,
        FaultKind::MessagesLost(_) => 12,
        FaultKind::Holds(_) => 13,
        FaultKind::Partitions(_) => 14,
        FaultKind::Restarts => 15,
        FaultKind::Crashes => 16,
    }
}

/// By how much a fault bends a clock or messages, whichever way: nanoseconds or parts per million; 0 where it stops something.
pub(super) fn fault_size(kind: FaultKind) -> u64 {
    match kind {
        FaultKind::WallJumps(by) => by.as_nanos().unsigned_abs(),
        FaultKind::WallDrifts(ppm) | FaultKind::MonotonicDrifts(ppm) => ppm.unsigned_abs().into(),
        FaultKind::MonotonicSuspends(by) => nanos(by),
        FaultKind::MessagesTake(_, longest) => nanos(longest),
        FaultKind::MessagesShuffled(by) => nanos(by),
        FaultKind::MessagesLost(ppm) | FaultKind::MessagesDoubled(ppm) => ppm.into(),
        FaultKind::Disk(trouble) => trouble.size(),
        FaultKind::WallFreezes
        | FaultKind::MonotonicFreezes
        | FaultKind::Crashes
        | FaultKind::Restarts
        | FaultKind::Pauses
        | FaultKind::Stalls
        | FaultKind::Partitions(_)
        | FaultKind::Holds(_) => 0,
    }
}
