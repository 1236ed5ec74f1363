//! A future that was given a context has it whenever it is polled, and nobody else does.

use crate::lab::Lab;
use retrip_core::door::{Context as _, System};
use retrip_core::logger::{LogContext, Logger, MemorySink};
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Is pending once.
async fn once() {
    let mut polled = false;
    poll_fn(|_| if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending })
        .await;
}

fn named(name: &str) -> LogContext {
    LogContext::new().with("request", name)
}

fn current() -> String {
    LogContext::current(&System).to_string()
}

#[test]
fn futures_that_are_polled_in_turn_on_one_thread_keep_their_own() {
    let sink = MemorySink::new();
    let logger = Logger::on(Lab::new(), "requests", sink.clone());
    let lab = logger.platform().clone();
    let _around = LogContext::new().with("thread", 1).enter(&lab);
    let logs = |name: &'static str| {
        let (logger, lab) = (&logger, lab.clone());
        named(name).during(&lab.clone(), async move {
            logger.info(name);
            once().await;
            // What is set within stays within, from one poll to the next.
            named(&format!("{name} again")).set(&lab);
            once().await;
            logger.info(&format!("{name} again"));
        })
    };
    let (mut one, mut other) = (pin!(logs("a")), pin!(logs("b")));
    for _ in 0..2 {
        assert!(poll(one.as_mut()).is_pending() && poll(other.as_mut()).is_pending());
        logger.info("");
    }
    assert!(poll(other.as_mut()).is_ready() && poll(one.as_mut()).is_ready());
    let lines = sink.lines();
    assert_eq!(lines.len(), 6);
    for line in lines {
        let line: serde_json::Value = serde_json::from_str(&line).expect("it is JSON");
        let (message, request) = (line["message"].as_str(), line["request"].as_str());
        assert_eq!(message.filter(|message| !message.is_empty()), request, "{line}");
        let thread =
            if request.is_some_and(|request| request.ends_with("again")) { None } else { Some(1) };
        assert_eq!(line["thread"].as_u64(), thread, "{line}");
    }
}

#[test]
fn a_future_has_its_context_on_whichever_thread_it_is_polled() {
    let mut future = Box::pin(named("a").during(&System, async {
        let first = current();
        once().await;
        (first, current())
    }));
    assert!(poll(future.as_mut()).is_pending());
    assert_eq!(current(), "{}");
    let elsewhere = std::thread::scope(|scope| {
        let polled = scope.spawn(|| {
            let around = named("b").enter(&System);
            let polled = poll(future.as_mut());
            assert_eq!(current(), r#"{"request":"b"}"#);
            drop(around);
            polled
        });
        polled.join().expect("it does not panic")
    });
    let seen = r#"{"request":"a"}"#.to_owned();
    assert_eq!(elsewhere, Poll::Ready((seen.clone(), seen)));
}

#[test]
fn a_scope_within_a_future_ends_within_it() {
    let mut future = pin!(named("a").during(&System, async {
        let inner = named("b").enter(&System);
        once().await;
        let within = current();
        drop(inner);
        (within, current(), LogContext::ended_out_of_order(&System))
    }));
    assert!(poll(future.as_mut()).is_pending());
    // Scopes of the thread come and go meanwhile.
    let around = named("c").enter(&System);
    let polled = poll(future.as_mut());
    drop(around);
    let wanted = (r#"{"request":"b"}"#.to_owned(), r#"{"request":"a"}"#.to_owned(), 0);
    assert_eq!(polled, Poll::Ready(wanted));
    assert_eq!((current(), LogContext::ended_out_of_order(&System)), ("{}".to_owned(), 0));
}

#[test]
fn a_future_that_panics_leaves_the_thread_its_own() {
    let _around = named("a").enter(&System);
    let mut future = pin!(named("b").during(&System, async { panic!("on purpose") }));
    let polled = catch_unwind(AssertUnwindSafe(|| poll(future.as_mut()).map(|(): ()| ())));
    assert!(polled.is_err());
    assert_eq!(current(), r#"{"request":"a"}"#);
}

#[test]
fn what_a_future_holds_is_dropped_within_its_context() {
    struct Says<'a>(&'a mut String);
    impl Drop for Says<'_> {
        fn drop(&mut self) {
            *self.0 = current();
        }
    }
    let mut said = String::new();
    let says = Says(&mut said);
    let mut future = Box::pin(named("a").during(&System, async move {
        let _says = says;
        once().await;
    }));
    assert!(poll(future.as_mut()).is_pending());
    drop(future);
    assert_eq!(said, r#"{"request":"a"}"#);
    assert_eq!(current(), "{}");
    drop(System.swap(None));
}
