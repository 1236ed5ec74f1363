//! A breaker that is opened, isolated, disabled and made to measure by hand, and lifted again, while calls fail.

use super::moments::around;
use crate::time::secs;
use retrip_core::breaker::{Backoff, BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::part::{Guarded, Operation, waits};
use retrip_sim::scenario::{Row, Scenario};
use retrip_sim::stream::Generator;

pub(crate) fn scenario() -> Scenario {
    let about = "what is done to a breaker by hand holds until it is lifted";
    Scenario::new("done_by_hand", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=2);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(3));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            backoff: Backoff::Exponential { multiplier: 2, max: open_for * 8 },
            ..BreakerConfig::default()
        };
        let llm = s.guarded("llm", config.clone());
        let mut script = s.generator("script");
        for who in ["operator", "caller-1", "caller-2"] {
            let mut actor = s.actor(who);
            for _ in 0..script.within(3..=12) {
                if script.chance(1, 2) {
                    actor = actor.does(waits(around(&[open_for], &mut script)));
                }
                let operation = match who {
                    "operator" => by_hand(&llm, &mut script),
                    _ => calls(&llm, &mut script),
                };
                actor = actor.does(operation);
            }
            actor.ends();
        }
        s.check(promise::manual_wins("llm"));
        s.check(promise::opens_for_its_interval("llm", &config));
        s.check(promise::legal_edges("llm"));
        s.check(promise::rejection_runs_nothing("llm"));
    })
    // Disabled, isolated and lifted again and again; what it opens for by itself grows for its own openings only. Forced open and
    // lifted, with trials that a reset makes late. Isolated while it is disabled.
    .pinned(&[0x3, 0x8, 0xa])
    .finds(plants::FORCED_OPEN_ENDS, "manual_wins")
    .finds(plants::DISABLED_OPENS, "manual_wins")
    .finds(plants::METRICS_ONLY_OPENS, "manual_wins")
    .finds(plants::ISOLATION_GROWS_THE_INTERVAL, "opens_for_its_interval")
    .finds(plants::LIFTING_CLOSES, "legal_edges")
    .proves(&[Row::properties(1)], "legal_edges", plants::COMMAND_BEGINS_NO_GENERATION)
}

fn by_hand(llm: &Guarded, script: &mut Generator) -> Operation {
    match script.index(8) {
        0 | 1 => llm.force_open(),
        2 => llm.isolate_for(secs(2)),
        3 => llm.disable(),
        4 => llm.only_measure(),
        5 => llm.reset(),
        _ => llm.lift(),
    }
}

fn calls(llm: &Guarded, script: &mut Generator) -> Operation {
    match script.index(3) {
        0 => llm.call(),
        1 => llm.call_and_fail(),
        _ => llm.refresh(),
    }
}
