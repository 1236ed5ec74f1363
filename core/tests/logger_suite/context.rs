//! A unit's lines carry its context: no more, no less, and nobody else's.

use crate::lab::Lab;
use proptest::prelude::*;
use retrip_core::door::{JoinHandle, Spawn, System};
use retrip_core::logger::{ContextScope, LogContext, Logger, MemorySink, read_json_log};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What happens to the scopes of a unit.
#[derive(Clone, Debug)]
enum Step {
    Enter(Vec<(u8, u8)>),
    /// Drops the innermost scope.
    Exit,
    /// Drops any scope, by its place among those that live.
    Drop(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec((0..4_u8, any::<u8>()), 0..3).prop_map(Step::Enter),
        3 => Just(Step::Exit),
        1 => (0..4_usize).prop_map(Step::Drop),
    ]
}

/// A scope of the model: what its unit sees while it is the innermost, and whether it is dropped.
struct Seen {
    fields: Vec<(u8, u8)>,
    scope: Option<ContextScope<Lab>>,
}

fn merged(outer: &[(u8, u8)], inner: &[(u8, u8)]) -> Vec<(u8, u8)> {
    let mut all = outer.to_vec();
    for (key, value) in inner {
        all.retain(|(other, _)| other != key);
        all.push((*key, *value));
    }
    all
}

fn as_json(fields: &[(u8, u8)]) -> String {
    let members: Vec<String> =
        fields.iter().map(|(key, value)| format!(r#""k{key}":{value}"#)).collect();
    format!("{{{}}}", members.join(","))
}

proptest! {
    #[test]
    fn after_every_enter_and_exit_the_context_is_the_models(
        steps in prop::collection::vec(step(), 0..24),
    ) {
        let lab = Lab::new();
        let before = LogContext::ended_out_of_order(&lab);
        let mut early = 0;
        let mut scopes: Vec<Seen> = Vec::new();
        for step in steps {
            match step {
                Step::Enter(fields) => {
                    let context = fields.iter().fold(LogContext::new(), |context, (key, value)| {
                        context.with(&format!("k{key}"), *value)
                    });
                    let outer = scopes.last().map_or(&[][..], |seen| &seen.fields);
                    let fields = merged(outer, &merged(&[], &fields));
                    scopes.push(Seen { fields, scope: Some(context.enter(&lab)) });
                }
                Step::Exit => {
                    if let Some(seen) = scopes.last_mut() {
                        seen.scope = None;
                    }
                }
                Step::Drop(place) => {
                    let innermost = scopes.len().wrapping_sub(1);
                    let living = (0..).zip(&mut scopes).filter(|(_, seen)| seen.scope.is_some());
                    if let Some((index, seen)) = living.into_iter().nth(place) {
                        seen.scope = None;
                        early += u64::from(index != innermost);
                    }
                }
            }
            while scopes.last().is_some_and(|seen| seen.scope.is_none()) {
                scopes.pop();
            }
            let expected = as_json(scopes.last().map_or(&[][..], |seen| &seen.fields));
            prop_assert_eq!(LogContext::current(&lab).to_string(), expected);
            prop_assert_eq!(LogContext::ended_out_of_order(&lab) - before, early);
        }
        while let Some(seen) = scopes.pop() {
            drop(seen);
        }
        prop_assert!(LogContext::current(&lab).is_empty());
    }
}

#[test]
fn a_panic_that_passes_restores_what_was_found() {
    let lab = Lab::new();
    let _outer = LogContext::new().with("request_id", "r-1").enter(&lab);
    let result = catch_unwind(AssertUnwindSafe(|| {
        let _inner = LogContext::new().with("request_id", "r-2").enter(&lab);
        panic!("planned");
    }));
    assert!(result.is_err());
    assert_eq!(LogContext::current(&lab).to_string(), r#"{"request_id":"r-1"}"#);
}

#[test]
fn setting_within_a_scope_ends_with_the_scope() {
    let lab = Lab::new();
    let before = LogContext::new().with("a", 1).set(&lab);
    assert!(before.is_empty());
    {
        let _scope = LogContext::new().with("b", 2).enter(&lab);
        assert_eq!(LogContext::clear(&lab).to_string(), r#"{"a":1,"b":2}"#);
        assert!(LogContext::current(&lab).is_empty());
    }
    assert_eq!(LogContext::clear(&lab).to_string(), r#"{"a":1}"#);
}

#[test]
fn threads_carry_their_own_context_and_numbers_follow_the_file() {
    const THREADS: u64 = 8;
    const EVENTS: u64 = 200;
    let sink = MemorySink::new();
    let logger = Logger::on(System, "llm", sink.clone());
    let _mine = logger.enter(&LogContext::new().with("request_id", "the starter's"));
    let workers: Vec<_> = (0..THREADS)
        .map(|thread| {
            let logger = logger.clone();
            let body = move || {
                assert!(LogContext::current(&System).is_empty());
                for event in 0..EVENTS {
                    let name = thread.to_string();
                    let _scope = logger.enter(&LogContext::new().with("component", &name));
                    logger.info(&format!("{name}/{event}"));
                }
            };
            System.spawn("worker", body).expect("a thread starts")
        })
        .collect();
    for worker in workers {
        JoinHandle::join(worker).expect("no worker panics");
    }
    let log = read_json_log(&sink.bytes());
    assert!(log.skipped.is_empty());
    let seqs: Vec<_> = log.records.iter().filter_map(|record| record.seq()).collect();
    assert_eq!(seqs, (1..=THREADS * EVENTS).collect::<Vec<_>>());
    for record in &log.records {
        let (thread, _) = record.message().and_then(|m| m.split_once('/')).expect("as logged");
        assert_eq!(record.text("component"), Some(thread));
        assert_eq!(record.get("request_id"), None);
    }
    assert!(logger.stats().balances());
}

#[test]
fn an_argument_that_logs_is_an_event_like_any_other() {
    let sink = MemorySink::new();
    let logger = Logger::on(System, "llm", sink.clone());
    let answer = || {
        logger.info("inside");
        7
    };
    logger
        .event(retrip_core::logger::EventType::Custom)
        .message("outside")
        .field("n", answer())
        .log();
    let log = read_json_log(&sink.bytes());
    assert_eq!(log.records[0].message(), Some("inside"));
    assert_eq!(log.records[0].get("n"), None);
    assert_eq!(log.records[1].message(), Some("outside"));
}

#[test]
fn a_context_is_empty_without_a_field_and_equal_to_one_that_writes_the_same() {
    let context = |n: u64| LogContext::new().with("a", n);
    assert!(LogContext::new().is_empty() && !context(1).is_empty());
    assert_eq!(context(1), context(1));
    assert_ne!(context(1), context(2));
    assert_ne!(context(1), LogContext::new());
}

#[test]
fn what_was_captured_runs_with_that_and_leaves_what_it_finds_as_it_was() {
    let of = |key: &str| LogContext::new().with(key, 1);
    let nothing = LogContext::capture(&System, || LogContext::current(&System));
    let clears = {
        let _scope = of("captured").enter(&System);
        LogContext::capture(&System, || {
            let found = LogContext::clear(&System);
            // It does not end with the body.
            std::mem::forget(of("left behind").enter(&System));
            found
        })
    };
    let panics = LogContext::capture(&System, || panic!("planned"));
    // Whoever runs it is at work for somebody else.
    let _scope = of("of the worker").enter(&System);
    assert!(nothing().is_empty());
    assert_eq!(clears(), of("captured"));
    assert_eq!(LogContext::current(&System), of("of the worker"));
    assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    assert_eq!(LogContext::current(&System), of("of the worker"));
}
