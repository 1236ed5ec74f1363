//! The breaker and the logger of production on a host: on its clock, with its units' contexts.

use crate::{held, perform};
use retrip_core::breaker::{BreakerConfig, CallError, CircuitBreaker, State};
use retrip_core::door::Clock;
use retrip_core::logger::{LogContext, Logger, MemorySink};
use retrip_sim::engine::hosts::{Host, Setup};
use retrip_sim::log::{Name, What};
use retrip_sim::seed::Seed;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

#[test]
fn a_breaker_recovers_by_the_clock_of_its_host() {
    for seed in 0..50 {
        // An engine that goes step by step has fewer of them to go.
        let step = Duration::from_millis(50);
        let setup = Setup { step, ..Setup::of(Seed::new(seed), &["client", "server"]) };
        let ended = perform(setup, |cluster| async move {
            let host = cluster.host(1);
            // This host's clock goes twice as fast as time.
            host.change_clock(|clock, now| clock.set_drift(now, 1_000_000)).expect("in order");
            let config = BreakerConfig {
                failure_threshold: Some(3),
                open_for: Duration::from_secs(30),
                ..BreakerConfig::default()
            };
            let breaker = CircuitBreaker::on(host.clone(), "llm", config).expect("it can work");
            let opened = cluster.host(0).now();
            for _ in 0..3 {
                let _ = breaker.call(|| Err::<(), _>("down"));
            }
            assert_eq!(breaker.state(), State::Open);
            host.sleep(Duration::from_secs(29)).await;
            let early = breaker.call(|| Ok::<_, &str>(1));
            assert!(matches!(early, Err(CallError::Rejected(_))), "{early:?}");
            host.sleep(Duration::from_secs(1)).await;
            assert_eq!(breaker.call(|| Ok::<_, &str>(2)), Ok(2));
            let took = cluster.host(0).now().saturating_duration_since(opened);
            assert!(took >= Duration::from_secs(15) && took < Duration::from_secs(16), "{took:?}");
        });
        assert_eq!(ended.failure, None, "seed {seed}");
    }
}

/// Logs three events within a context of its own, with a sleep before each.
async fn logs(host: Host, logger: Arc<Logger<Host>>, nth: u64) {
    // The slot is the unit's own: it stays while others are polled.
    LogContext::new().with("request", nth).set(&host);
    for step in 0..3_u64 {
        host.sleep(Duration::from_millis(1 + (nth * 7 + step * 3) % 5)).await;
        logger.info(&format!("request {nth} step {step}"));
    }
}

#[test]
fn an_event_carries_the_context_of_the_unit_that_logged_it() {
    for seed in 0..20 {
        let sink = MemorySink::new();
        let lines = sink.clone();
        held(seed, move |cluster| async move {
            let logger = Arc::new(Logger::on(cluster.host(0), "requests", sink));
            let units: Vec<_> = (0..10)
                .map(|nth| {
                    let host = cluster.host(0);
                    let future = logs(host.clone(), Arc::clone(&logger), nth);
                    host.start("request", future)
                })
                .collect();
            for unit in units {
                unit.await.expect("it does not panic");
            }
            let said = What::Note { verb: "is done".into(), fields: Vec::new() };
            cluster.host(0).record(&Name::from("main"), said);
        });
        let lines = lines.lines();
        assert_eq!(lines.len(), 30);
        for line in lines {
            let line: serde_json::Value = serde_json::from_str(&line).expect("it is JSON");
            let message = line["message"].as_str().expect("it has a message");
            let wanted = format!("request {} ", line["request"]);
            assert!(message.starts_with(&wanted), "seed {seed}: {line}");
        }
    }
}

/// Ends when both have, which are polled in turn as one unit.
async fn both(one: impl Future<Output = ()>, other: impl Future<Output = ()>) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let (mut one_goes_on, mut other_goes_on) = (true, true);
    poll_fn(|context| {
        one_goes_on = one_goes_on && one.as_mut().poll(context).is_pending();
        other_goes_on = other_goes_on && other.as_mut().poll(context).is_pending();
        if one_goes_on || other_goes_on { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
}

#[test]
fn futures_of_one_unit_and_units_that_they_start_have_the_context_that_they_were_given() {
    /// Logs, sleeps and logs, and has a unit of its own do the same.
    async fn serves(host: Host, logger: Arc<Logger<Host>>, name: &'static str) {
        let logs = |who: &'static str| {
            let (host, logger) = (host.clone(), Arc::clone(&logger));
            async move {
                for step in 0..3 {
                    host.sleep(Duration::from_millis(step)).await;
                    logger.info(&format!("{name} {who}"));
                }
            }
        };
        // As it is now, with nothing added.
        let helps = host.start("helps", LogContext::new().during(&host, logs("helps")));
        let alone = host.start("alone", logs("alone"));
        logs("serves").await;
        helps.await.expect("it does not panic");
        alone.await.expect("it does not panic");
    }
    for seed in 0..20 {
        let sink = MemorySink::new();
        let lines = sink.clone();
        held(seed, move |cluster| async move {
            let host = cluster.host(0);
            let logger = Arc::new(Logger::on(host.clone(), "requests", sink));
            let at = host.clone();
            let unit = host.start("serves", async move {
                LogContext::new().with("unit", 1).set(&at);
                let request = |name: &'static str| {
                    let serves = serves(at.clone(), Arc::clone(&logger), name);
                    LogContext::new().with("request", name).during(&at, serves)
                };
                both(request("a"), request("b")).await;
                logger.info("is done");
            });
            unit.await.expect("it does not panic");
        });
        let lines = lines.lines();
        assert_eq!(lines.len(), 19);
        for line in lines {
            let line: serde_json::Value = serde_json::from_str(&line).expect("it is JSON");
            let (name, who) =
                line["message"].as_str().expect("it says so").split_once(' ').expect("two words");
            let of = (line["request"].as_str(), line["unit"].as_u64());
            let wanted = match who {
                "alone" => (None, None),
                "done" => (None, Some(1)),
                _ => (Some(name), Some(1)),
            };
            assert_eq!(of, wanted, "seed {seed}: {line}");
        }
    }
}
