//! What a minimal case has in common with others of the same cause: its operations in order, without what was drawn.

use crate::plan::{Fault, Plan, Schedule};
use crate::span::{Offset, Span};
use std::sync::Arc;

/// The canonical form of a minimal plan. Two failing seeds with one broken promise and equal forms have one cause.
///
/// It leaves out the seed, the parameters, times, numbers and durations, the names of actors but not which of them are
/// the same, how often an operation is repeated in a row, and where threads take turns but not whether they must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signature {
    steps: Vec<(Option<usize>, String)>,
    faults: Vec<String>,
    preempted: bool,
}

impl Signature {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut actors: Vec<&Arc<str>> = Vec::new();
        let mut steps = Vec::new();
        for step in plan.script.iter().flatten() {
            let actor = step.actor.as_ref().map(|actor| {
                actors.iter().position(|known| *known == actor).unwrap_or_else(|| {
                    actors.push(actor);
                    actors.len() - 1
                })
            });
            steps.push((actor, shape(&step.operation)));
        }
        steps.dedup();
        let faults = plan.faults.iter().flatten();
        Self {
            steps,
            faults: faults.map(kind).collect(),
            preempted: matches!(&plan.schedule, Schedule::Written(turns) if !turns.is_empty()),
        }
    }
}

/// An operation without its numbers and durations; a step of a clock keeps its direction.
fn shape(operation: &str) -> String {
    let word = |word: &str| {
        if word.parse::<u64>().is_ok() || word.parse::<Span>().is_ok() {
            "#".to_owned()
        } else if let Ok(offset) = word.parse::<Offset>() {
            if offset.as_nanos() < 0 { "-#".to_owned() } else { "#".to_owned() }
        } else {
            word.to_owned()
        }
    };
    operation.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A fault without its times, which come second in its text, and without its measure.
fn kind(fault: &Fault) -> String {
    let text = fault.to_string();
    text.split(' ').skip(2).map(shape).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(plan: &str) -> Signature {
        Signature::of(&plan.parse().expect("it is a plan"))
    }

    #[test]
    fn what_was_drawn_makes_no_cause_of_its_own() {
        let one = signature(
            "s 1 n = 2; 0s llm fails; a: call llm; b: wait 3s; fault 5s wall clock jumps -1s; a@3 -> b",
        );
        let same = signature(
            "s 9 n = 3; 1s llm fails; x: call llm; x: call llm; c: wait 4ms; fault 6s wall clock jumps -9s; c@7 -> x; x@9 -> c",
        );
        assert_eq!(one, same);
    }

    #[test]
    fn what_is_done_by_whom_and_in_which_direction_does() {
        let base = signature("s 1 a: call; b: call; fault 5s wall clock jumps -1s");
        for other in [
            "s 1 a: call; a: call; fault 5s wall clock jumps -1s",
            "s 1 a: call; b: reset; fault 5s wall clock jumps -1s",
            "s 1 a: call; b: call; fault 5s wall clock jumps 1s",
            "s 1 a: call; b: call",
            "s 1 a: call; b: call; fault 5s wall clock jumps -1s; a@3 -> b",
        ] {
            assert_ne!(base, signature(other), "{other}");
        }
    }
}
