//! Everything that a breaker can be told, and everything that can be done to it, in any mix, while clocks jump and callers stand still.

use super::config::{SLOWER_THAN, everything};
use super::moments::around;
use crate::stalls::hold_some;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::check::breaker::OpenFor;
use retrip_sim::part::guarded::End;
use retrip_sim::part::{Guarded, Operation, waits};
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::{Draft, Scenario};
use retrip_sim::span::Offset;
use retrip_sim::stream::Generator;
use retrip_sim::swarm::Swarm;
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "a breaker of any configuration, under anything that can be done to it";
    Scenario::new("every_rule_swarm", about, |s| {
        let config = everything(s);
        let llm = s.guarded("llm", config.clone());
        let moments = moments(&config);

        let mut script = s.generator("script");
        let swarm = Swarm::new(KINDS, &mut script);
        let mut callers = Vec::new();
        for caller in 1..=script.within(1..=3) {
            let name = format!("caller-{caller}");
            let mut actor = s.actor(&*name);
            for _ in 0..script.within(4..=25) {
                // Without time nothing opens, tries and closes, so waiting is never switched off.
                if script.chance(1, 3) {
                    actor = actor.does(waits(around(&moments, &mut script)));
                }
                let kind = swarm.pick(&mut script);
                actor = actor.does(operation(&llm, kind, &moments, &mut script));
            }
            actor.ends();
            callers.push(name);
        }
        bend_clocks(s);
        hold_some(s, &callers, secs(30), secs(10));
        for label in LABELS {
            s.finally(llm.end(label, End::Dropped));
        }
        s.finally(llm.read());
        checks(s, &config);
    })
    // Everything is done to one by hand; another one is half-open for too long twice, and a trial of it is silent for too long.
    // A caller that stalls before it does something by hand.
    .pinned(&[0x7, 0xd, 0x69])
    .finds(plants::BACKOFF_SURVIVES_CLOSING, "opens_for_its_interval")
    .finds(plants::LEASE_NEVER_ENDS, "silent_trials_end")
    .finds(plants::HALF_OPEN_FOR_EVER, "half_open_ends")
    .finds(plants::TOLERATES_ONE_FAILURE_MORE, "failed_trial_restarts_interval")
    .finds(plants::JITTER_LENGTHENS, "opens_for_its_interval")
    .finds(plants::ASKED_WITHOUT_LIMIT, "opens_for_its_interval")
    .finds(plants::RETRY_AFTER_ALL_OF_IT, "retry_after_is_right")
    .finds(plants::LEASE_EARLY_BY_ONE_NANOSECOND, "silent_trials_end")
    .finds(plants::HALF_OPEN_LATE_BY_ONE_NANOSECOND, "half_open_ends")
    .finds(plants::LATE_RESULT_GIVES_A_PERMIT, "bounded_trials")
    .finds(plants::FAILED_TRIAL_KEEPS_ITS_PERMIT, "permits_are_given")
    .finds(plants::RECLAIMED_PERMIT_COMES_LATE, "permits_are_given")
    .finds(plants::LAST_PERMIT_IS_KEPT, "permits_are_given")
    .finds(plants::LATE_BY_ONE_NANOSECOND, "open_ends")
    .finds(plants::PANIC_COUNTS_AS_CANCELLED, "ends_by_policy")
    .finds(plants::CANCELLED_IS_IGNORED, "ends_by_policy")
    .finds(plants::SLOW_TRIAL_DECIDES_NOTHING, "failed_trial_restarts_interval")
}

fn checks(s: &mut Draft<'_>, config: &BreakerConfig) {
    let &BreakerConfig { half_open_for, trial_lease, half_open_permits, .. } = config;
    let (successes, failures) = (config.success_threshold, config.tolerated_failures);
    let slow_calls = config.window.and_then(|window| window.slow_calls);
    let told = OpenFor::AsTold { half_open_for };
    let reopens = promise::failed_trial_restarts_interval("llm", told);
    s.check(promise::open_rejects("llm", told));
    s.check(promise::open_ends("llm", told));
    s.check(promise::opens_for_its_interval("llm", config));
    s.check(promise::retry_after_is_right("llm", told));
    s.check(promise::trips_by_its_rules("llm", config));
    s.check(promise::bounded_trials("llm", half_open_permits).with_slow_calls(slow_calls));
    s.check(promise::permits_are_given("llm", half_open_permits).with_slow_calls(slow_calls));
    s.check(promise::closes_at_kth_success("llm", successes).with_slow_calls(slow_calls));
    s.check(reopens.tolerating(failures).with_slow_calls(slow_calls));
    s.check(promise::half_open_ends("llm", half_open_for.unwrap_or(Duration::MAX)));
    s.check(promise::silent_trials_end("llm", trial_lease.unwrap_or(Duration::MAX)));
    s.check(promise::manual_wins("llm"));
    s.check(promise::fenced_results("llm"));
    s.check(promise::legal_edges("llm"));
    s.check(promise::ends_by_policy("llm", config));
    s.check(promise::rejection_runs_nothing("llm"));
    s.check(promise::permits_come_back("llm"));
    s.check(promise::counts_add_up("llm"));
}

/// The moments that this breaker makes something of.
fn moments(config: &BreakerConfig) -> Vec<Duration> {
    let mut moments = vec![config.open_for, config.open_for * 2, SLOWER_THAN];
    moments.extend(config.half_open_for);
    moments.extend(config.trial_lease);
    moments
}

/// Calls that are begun by one operation and ended by another one.
const LABELS: [&str; 3] = ["a", "b", "c"];

/// Kinds of operation, as [`operation`] numbers them.
const KINDS: usize = 16;

fn operation(
    llm: &Guarded,
    kind: usize,
    moments: &[Duration],
    script: &mut Generator,
) -> Operation {
    let time = around(moments, script);
    let label = *script.pick(&LABELS);
    match kind {
        0..=2 => llm.call(),
        3 | 4 => llm.call_and_fail(),
        5 => llm.call_and_fail_for(time),
        6 => llm.call_and_panic(),
        7 => llm.call_and_cancel(),
        8 => llm.call_after_stalling(time),
        9 => llm.begin(label),
        10 => llm.end(label, *script.pick(&[End::Ok, End::Failed, End::Dropped])),
        11 => llm.takes(time),
        12 => llm.fails(),
        13 => llm.recovers(),
        14 => llm.refresh(),
        // By hand, and back: what stays until it is lifted would else be all of the run.
        _ => match script.index(12) {
            0 => llm.force_open(),
            1 => llm.isolate_for(time),
            2 => llm.disable(),
            3 => llm.only_measure(),
            4..=6 => llm.reset(),
            _ => llm.lift(),
        },
    }
}

/// Up to two faults of the clocks.
fn bend_clocks(s: &mut Draft<'_>) {
    let mut faults = s.generator("faults");
    for _ in 0..faults.within(0..=2) {
        let from = faults.duration_within(Duration::ZERO..=secs(20));
        let length = faults.duration_within(Duration::from_nanos(1)..=secs(10));
        let nanos = i64::try_from(length.as_nanos()).expect("a swarm's faults are short");
        let until = Some(from + length);
        let (until, kind) = match faults.index(5) {
            0 => (None, FaultKind::WallJumps(Offset::from_nanos(nanos))),
            1 => (None, FaultKind::WallJumps(Offset::from_nanos(-nanos))),
            2 => (until, FaultKind::MonotonicDrifts(-300)),
            3 => (until, FaultKind::MonotonicFreezes),
            _ => (None, FaultKind::MonotonicSuspends(length)),
        };
        s.fault(from, until, kind);
    }
}
