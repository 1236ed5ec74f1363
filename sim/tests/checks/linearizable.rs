//! Does `linearizable` find the answers that no order of overlapping calls explains, and only those?

use crate::entry::*;
use retrip_sim::check::{Judgement, Model, Promise, Told, linearizable};
use retrip_sim::log::{Event, Name, Value, What};
use std::fmt;

/// A register, and what was done to it.
struct Register;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Call {
    Writes(i64),
    Reads(i64),
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Writes(value) => write!(f, "writes {value}"),
            Self::Reads(value) => write!(f, "reads {value}"),
        }
    }
}

impl Model for Register {
    type State = i64;
    type Call = Call;

    fn start(&self) -> i64 {
        0
    }

    fn apply(&self, state: &i64, call: &Call) -> Vec<i64> {
        match call {
            Call::Writes(value) => vec![*value],
            Call::Reads(value) if value == state => vec![*state],
            Call::Reads(_) => Vec::new(),
        }
    }
}

fn told(event: &Event) -> Option<Told<Call>> {
    let What::Note { verb, fields } = &event.what else { return None };
    let value = || match fields.first() {
        Some((_, Value::Int(value))) => *value,
        other => panic!("{other:?} is no value"),
    };
    Some(match &**verb {
        "begins" => Told::Begins,
        "writes" => Told::Ends(Call::Writes(value())),
        "reads" => Told::Ends(Call::Reads(value())),
        _ => return None,
    })
}

/// What the promise says of a history: by each thread, the beginning of a call, or what the one it has begun was. The last thing
/// that it says, where it says something more than once.
fn judged(history: &[(char, Option<Call>)]) -> Judgement {
    let mut promise = linearizable("register", Register, told);
    let mut last = Judgement::NotConcerned;
    for (thread, call) in history {
        let entry = match call {
            None => does("begins", &[]),
            Some(Call::Writes(value)) => does("writes", &[("", count(*value))]),
            Some(Call::Reads(value)) => does("reads", &[("", count(*value))]),
        };
        let event = Event { thread: Name::from(thread.to_string()), ..entry.event(S, 0) };
        match promise.observe(&event) {
            Judgement::NotConcerned => {}
            broken @ Judgement::Broken(_) => return broken,
            Judgement::Holds => last = Judgement::Holds,
        }
    }
    last
}

const BEGINS: Option<Call> = None;

fn writes(value: i64) -> Option<Call> {
    Some(Call::Writes(value))
}

fn reads(value: i64) -> Option<Call> {
    Some(Call::Reads(value))
}

#[test]
fn calls_that_overlap_may_take_effect_in_either_order() {
    for seen in [0, 1] {
        let history = [('a', BEGINS), ('b', BEGINS), ('b', reads(seen)), ('a', writes(1))];
        assert_eq!(judged(&history), Judgement::Holds, "{seen}");
    }
    // The first reader sees what the second one does not see yet only where they overlap.
    let history = [
        ('w', BEGINS),
        ('a', BEGINS),
        ('b', BEGINS),
        ('a', reads(1)),
        ('b', reads(0)),
        ('w', writes(1)),
    ];
    assert_eq!(judged(&history), Judgement::Holds);
}

#[test]
fn a_call_that_ended_before_another_began_comes_first() {
    let history = [('a', BEGINS), ('a', writes(1)), ('b', BEGINS), ('b', reads(0))];
    assert_eq!(
        judged(&history),
        Judgement::broken(
            "what one call after the other gives",
            "reads 0, which no order of the calls around it explains"
        )
    );
    // Also where a third one overlaps both.
    let history = [
        ('w', BEGINS),
        ('a', BEGINS),
        ('a', reads(1)),
        ('b', BEGINS),
        ('b', reads(0)),
        ('w', writes(1)),
    ];
    assert!(matches!(judged(&history), Judgement::Broken(_)));
}

#[test]
fn what_the_object_may_know_is_kept_from_one_quiet_moment_to_the_next() {
    let two_writers =
        [('a', BEGINS), ('b', BEGINS), ('a', writes(1)), ('b', writes(2)), ('c', BEGINS)];
    for (seen, holds) in [(1, true), (2, true), (0, false)] {
        let history: Vec<_> = two_writers.iter().cloned().chain([('c', reads(seen))]).collect();
        assert_eq!(judged(&history) == Judgement::Holds, holds, "{seen}");
    }
    // Once somebody has seen which, it is that.
    let seen = two_writers.iter().cloned().chain([('c', reads(1)), ('c', BEGINS), ('c', reads(2))]);
    assert!(matches!(judged(&seen.collect::<Vec<_>>()), Judgement::Broken(_)));
}

#[test]
fn what_overlaps_a_call_that_never_ends_is_not_judged() {
    let history = [('a', BEGINS), ('b', BEGINS), ('b', reads(7))];
    assert_eq!(judged(&history), Judgement::NotConcerned);
}
