//! Several callers do anything that can be done to a breaker, in any mix, while its clocks are bent.

use crate::config::closes_after;
use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::part::guarded::End;
use retrip_sim::part::{Guarded, Operation, waits};
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::{Draft, Row, Scenario};
use retrip_sim::span::Offset;
use retrip_sim::stream::Generator;
use retrip_sim::swarm::Swarm;
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "callers do anything in any mix while clocks are bent";
    Scenario::new("breaker_swarm", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=3);
        let success_threshold = s.draw("success_threshold", 1..=2);
        let spare_permits = s.draw("spare_permits", 0..=2);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(20));
        let half_open_permits = success_threshold + spare_permits;
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            half_open_permits,
            ..closes_after(success_threshold)
        };
        let llm = s.guarded("llm", config);

        let mut script = s.generator("script");
        let swarm = Swarm::new(KINDS, &mut script);
        for caller in 1..=script.within(1..=4) {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(1..=20) {
                // Without time nothing opens, tries and closes, so waiting is never switched off.
                if script.chance(1, 3) {
                    actor = actor.does(waits(some_time(open_for, &mut script)));
                }
                let kind = swarm.pick(&mut script);
                actor = actor.does(operation(&llm, kind, open_for, &mut script));
            }
            actor.ends();
        }
        bend_clocks(s, open_for);
        for label in LABELS {
            s.finally(llm.end(label, End::Dropped));
        }
        s.finally(llm.read());

        s.check(promise::open_rejects("llm", open_for));
        s.check(promise::open_ends("llm", open_for));
        s.check(promise::bounded_trials("llm", half_open_permits));
        s.check(promise::permits_are_given("llm", half_open_permits));
        s.check(promise::fenced_results("llm"));
        s.check(promise::trips_exactly("llm", failure_threshold));
        s.check(promise::closes_at_kth_success("llm", success_threshold));
        s.check(promise::manual_wins("llm"));
        s.check(promise::legal_edges("llm"));
        s.check(promise::rejection_runs_nothing("llm"));
        s.check(promise::permits_come_back("llm"));
        s.check(promise::counts_add_up("llm"));
    })
    // Each opens and tries, two close again, with stalls, panics, late results and clocks that drift, suspend or jump.
    .pinned(&[0x2, 0xb, 0x16])
    // Each edge is taken only when its guard is true. That each is legal is proven by what is done by hand.
    .proves(&EDGES, "open_rejects", plants::EARLY_BY_ONE_NANOSECOND)
    .proves(&EDGES, "open_ends", plants::LATE_BY_ONE_NANOSECOND)
    .proves(&EDGES, "trips_exactly", plants::THRESHOLD_OFF_BY_ONE)
    .proves(&EDGES, "closes_at_kth_success", plants::SUCCESS_THRESHOLD_OFF_BY_ONE)
    .finds(plants::UNLIMITED_TRIALS, "bounded_trials")
    .finds(plants::REJECTED_CALL_RUNS, "rejection_runs_nothing")
    .finds(plants::LATE_RESULT_GIVES_A_PERMIT, "bounded_trials")
    .finds(plants::LAST_PERMIT_IS_KEPT, "permits_are_given")
    .finds(plants::IGNORED_ENDS_THE_ROW, "trips_exactly")
    .finds(plants::PERMIT_LEAKED_BY_PANIC, "permits_come_back")
    .finds(plants::REJECTIONS_UNCOUNTED, "counts_add_up")
    .finds(plants::TOTALS_LOST_BY_CLOSING, "counts_add_up")
}

const EDGES: [Row; 1] = [Row::properties(1)];

/// Calls that are begun by one operation and ended by another one.
const LABELS: [&str; 3] = ["a", "b", "c"];

/// Kinds of operation, as [`operation`] numbers them.
const KINDS: usize = 13;

fn operation(llm: &Guarded, kind: usize, open_for: Duration, script: &mut Generator) -> Operation {
    let time = some_time(open_for, script);
    let label = *script.pick(&LABELS);
    match kind {
        0..=2 => llm.call(),
        3 => llm.call_and_fail(),
        4 => llm.call_and_panic(),
        5 => llm.call_and_cancel(),
        6 => llm.call_after_stalling(time),
        7 => llm.begin(label),
        8 => llm.end(label, *script.pick(&[End::Ok, End::Failed, End::Dropped])),
        9 => llm.takes(time),
        10 => llm.fails(),
        11 => llm.recovers(),
        // By hand. Forced open it stays so until a reset, which therefore comes more often.
        _ => match script.index(6) {
            0..=2 => llm.reset(),
            3 => llm.force_open(),
            _ => llm.refresh(),
        },
    }
}

/// Often exactly an open interval or a nanosecond less, else anything up to two of them.
fn some_time(open_for: Duration, script: &mut Generator) -> Duration {
    match script.index(5) {
        0 => Duration::ZERO,
        1 => script.duration_within(Duration::ZERO..=open_for * 2),
        2 => open_for - NANOSECOND,
        _ => open_for,
    }
}

/// Kinds of fault, as [`bend_clocks`] numbers them.
const FAULTS: usize = 7;

/// Up to three faults of the clocks, of this run's kinds.
fn bend_clocks(s: &mut Draft<'_>, open_for: Duration) {
    let mut faults = s.generator("faults");
    let swarm = Swarm::new(FAULTS, &mut faults);
    for _ in 0..faults.within(0..=3) {
        let from = faults.duration_within(Duration::ZERO..=open_for * 3);
        let length = faults.duration_within(Duration::from_nanos(1)..=open_for * 2);
        let until = Some(from + length);
        let nanos = i64::try_from(length.as_nanos()).expect("a swarm's faults are short");
        let (until, kind) = match swarm.pick(&mut faults) {
            0 => (None, FaultKind::WallJumps(Offset::from_nanos(nanos))),
            1 => (None, FaultKind::WallJumps(Offset::from_nanos(-nanos))),
            2 => (until, FaultKind::WallDrifts(200)),
            3 => (until, FaultKind::WallFreezes),
            4 => (until, FaultKind::MonotonicDrifts(-300)),
            5 => (until, FaultKind::MonotonicFreezes),
            _ => (None, FaultKind::MonotonicSuspends(length)),
        };
        s.fault(from, until, kind);
    }
}
