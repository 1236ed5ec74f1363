//! The program that is run: small, and with what an engine decides in it.

use super::bell::Bell;
use super::ground::{Ground, Program};
use super::leak::Leak;
use crate::engine::Disturbances;
use crate::log::{Name, Value, What};
use parking_lot::Mutex;
use retrip_core::breaker::{BreakerConfig, CallError, CircuitBreaker};
use retrip_core::door::Stream;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;

/// Units, on both hosts in turn.
const UNITS: usize = 6;
/// Calls of each unit.
const CALLS: usize = 5;

/// Units that sleep for drawn times and call through one breaker, hosts that talk, and then the leak, where one is planted.
pub(super) struct Work {
    pub(super) planted: Option<Leak>,
    /// What was read of the leak: a way out that no log shows.
    pub(super) read: Arc<Mutex<Vec<u64>>>,
}

impl Program for Work {
    const DISTURBANCES: Disturbances = Disturbances::USUAL;

    async fn run<G: Ground>(self, hosts: Vec<G>) {
        let config = BreakerConfig {
            failure_threshold: Some(2),
            open_for: Duration::from_millis(10),
            success_threshold: 1,
            half_open_permits: 1,
            ..BreakerConfig::default()
        };
        let breaker = CircuitBreaker::on(hosts[0].clone(), "backend", config);
        let breaker = Arc::new(breaker.expect("each threshold is above zero"));
        let begun = |nth: usize| {
            let host = hosts[nth % hosts.len()].clone();
            hosts[nth % hosts.len()].start("unit", calls(host, Arc::clone(&breaker)))
        };
        // All of them begin before the first one is awaited.
        let units: Vec<_> = (0..UNITS).map(begun).collect();
        let talk = hosts[0].talks();
        for unit in units {
            unit.await;
        }
        talk.await;
        // Last: what comes before it is the same however it leaks.
        if let Some(leak) = self.planted {
            let mut readings = leak.readings();
            if leak == Leak::UnseededSelect {
                // What decides in a unit of a host is not what decides in the root.
                let of_a_unit = Arc::new(Mutex::new(Vec::new()));
                let reads = Arc::clone(&of_a_unit);
                let unit = async move { reads.lock().extend(leak.readings()) };
                hosts[1].start("reads", unit).await;
                readings.append(&mut of_a_unit.lock());
            }
            self.read.lock().extend(&readings);
            leaks(&hosts[0], leak, &readings).await;
        }
    }
}

/// One unit: it sleeps, calls, and says how that went.
async fn calls<G: Ground>(host: G, breaker: Arc<CircuitBreaker<G>>) {
    let draw = |stream, bound| {
        host.draw(Stream::named(stream), NonZeroU64::new(bound).expect("it is above zero"))
    };
    let who = Name::from("backend");
    for _ in 0..CALLS {
        let nap = Duration::from_millis(draw("naps", 20));
        host.sleep(nap).await;
        let answer = || if draw("answers", 3) == 0 { Err(()) } else { Ok(()) };
        let said = match breaker.call(answer) {
            Ok(()) => "ok",
            Err(CallError::Inner(())) => "failed",
            Err(CallError::Rejected(_)) => "rejected",
        };
        let fields = [("", Value::Text(said.into())), ("after", Value::Duration(nap))];
        let fields = fields.map(|(name, value)| (Name::from(name), value)).to_vec();
        host.record(&who, What::Note { verb: "answers".into(), fields });
    }
}

/// Goes by what was read, as code does that leaks in this way.
async fn leaks<G: Ground>(host: &G, leak: Leak, readings: &[u64]) {
    if leak == Leak::UnseededSelect {
        return selects(host, readings).await;
    }
    let who = Name::from(leak.as_str());
    for &reading in readings {
        let reading = i64::try_from(reading).expect("readings have 63 bits at most");
        let fields = vec![(Name::from(""), Value::Int(reading))];
        host.record(&who, What::Note { verb: "reads".into(), fields });
    }
}

/// Lets one of two units go on, as each of `picks` says, and logs nothing.
async fn selects<G: Ground>(host: &G, picks: &[u64]) {
    let bells = [Arc::new(Bell::default()), Arc::new(Bell::default())];
    let answers = |(name, bell): (&str, &Arc<Bell>)| {
        let bell = Arc::clone(bell);
        host.start(name, async move { while bell.rings().await {} })
    };
    let branches: Vec<_> = ["left", "right"].into_iter().zip(&bells).map(answers).collect();
    for pick in picks {
        bells[usize::from(*pick == 1)].ring();
        // The branch has its turn before the next choice.
        host.sleep(Duration::from_millis(1)).await;
    }
    bells.iter().for_each(|bell| bell.stop());
    for branch in branches {
        branch.await;
    }
}
