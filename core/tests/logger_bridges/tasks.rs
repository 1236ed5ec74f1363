//! Spans follow functions, tasks and threads; each event has those of its own.

use crate::desk::Desk;
use retrip_core::logger::LogContext;
use std::collections::BTreeMap;
use tracing::instrument::WithSubscriber;
use tracing::{Instrument, info, info_span, instrument};

#[instrument(skip(secret), fields(function = "buy", api_key = secret), err)]
fn buy(item: &str, count: u32, secret: &str) -> Result<u32, std::num::ParseIntError> {
    info!(target: "t", "buying");
    "seven".parse().map(|price: u32| price * count)
}

#[test]
fn an_instrumented_function_gives_its_arguments() {
    let desk = Desk::new();
    assert!(desk.during(|| buy("tea", 2, "k-1")).is_err());
    let span = r#""item":"tea","count":2,"function":"buy","api_key":"***REDACTED***""#;
    let lines = desk.endings();
    assert_eq!(lines[0], format!(r#""message":"buying",{span},"target":"t""#));
    assert_eq!(
        lines[1],
        format!(
            r#""message":"",{span},"target":"logger_bridges::tasks","error":"invalid digit found in string""#
        )
    );
}

#[instrument]
async fn serve(request: u32) {
    for step in 0..3 {
        info!(request_seen = request, step, "step");
        tokio::task::yield_now().await;
    }
}

/// Every line has `request` of its span, `task` of the span around it and `user` of the task's context, all of one task.
fn each_line_is_of_one_task(desk: &Desk, tasks: u64) {
    let mut lines = BTreeMap::new();
    for record in desk.log().records {
        let number = |key| record.get(key).and_then(|value| value.as_u64());
        let task = number("task").expect("the span is there");
        assert_eq!(number("request"), Some(task));
        assert_eq!(number("request_seen"), Some(task));
        assert_eq!(number("user"), Some(task));
        *lines.entry(task).or_insert(0) += 1;
    }
    assert_eq!(lines, (0..tasks).map(|task| (task, 3)).collect());
    assert!(desk.logger.stats().balances());
}

fn tasks_on(runtime: &tokio::runtime::Runtime) {
    const TASKS: u32 = 20;
    let desk = Desk::new();
    let dispatch = desk.dispatch();
    runtime.block_on(async {
        let mut tasks = Vec::new();
        for task in 0..TASKS {
            let span = tracing::dispatcher::with_default(&dispatch, || info_span!("task", task));
            let context = LogContext::new().with("user", task);
            let body = context.during(desk.platform(), serve(task).instrument(span));
            tasks.push(tokio::spawn(body.with_subscriber(dispatch.clone())));
        }
        for task in tasks {
            task.await.expect("it does not panic");
        }
    });
    each_line_is_of_one_task(&desk, u64::from(TASKS));
}

#[test]
fn tasks_of_one_thread_keep_their_spans_and_contexts() {
    tasks_on(&tokio::runtime::Builder::new_current_thread().build().expect("a runtime"));
}

#[test]
fn tasks_of_several_threads_keep_their_spans_and_contexts() {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    tasks_on(&builder.worker_threads(4).build().expect("a runtime"));
}

#[test]
fn events_of_eight_threads_have_each_its_own_spans() {
    const EVENTS: u64 = 200;
    let desk = Desk::new();
    let dispatch = desk.dispatch();
    let shared =
        tracing::dispatcher::with_default(&dispatch, || info_span!("shared", round = 0_u64));
    std::thread::scope(|scope| {
        for thread in 0..8_u64 {
            let (dispatch, shared) = (&dispatch, &shared);
            scope.spawn(move || {
                tracing::dispatcher::with_default(dispatch, || {
                    let _shared = shared.enter();
                    for n in 0..EVENTS {
                        let _span = info_span!("own", thread, n).entered();
                        // The fields around it change all the time, under everybody's feet.
                        shared.record("round", n);
                        info!(thread_seen = thread, n_seen = n, "m");
                    }
                });
            });
        }
    });
    let mut counts = BTreeMap::new();
    for record in desk.log().records {
        let number = |key| record.get(key).and_then(|value| value.as_u64());
        assert_eq!(number("thread"), number("thread_seen"));
        assert_eq!(number("n"), number("n_seen"));
        assert!(number("round").is_some());
        *counts.entry(number("thread")).or_insert(0) += 1;
    }
    assert_eq!(counts, (0..8).map(|thread| (Some(thread), EVENTS)).collect());
}
