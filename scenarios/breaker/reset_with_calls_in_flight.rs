//! A breaker is reset in any state, while calls of before are in flight: it is closed and has no results in a row, and what
//! comes of those calls is counted and decides nothing.

use crate::config::closes_after;
use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::part::Guarded;
use retrip_sim::part::guarded::End;
use retrip_sim::scenario::{Draft, Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "a breaker is reset in any state while calls are in flight";
    Scenario::new("reset_with_calls_in_flight", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 2..=4);
        let success_threshold = s.draw("success_threshold", 1..=3);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(20));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            half_open_permits: success_threshold + 1,
            ..closes_after(success_threshold)
        };
        let llm = s.guarded("llm", config);

        let mut script = s.generator("script");
        let mut now = secs(0);
        for _ in 0..script.within(1..=4) {
            s.at(now, llm.begin("early"));
            let found = *script.pick(&FOUND);
            now = leads_to(found, s, &llm, now, failure_threshold, open_for);
            now += script.duration_within(Duration::ZERO..=open_for / 2);
            s.at(now, llm.reset());
            s.at(now, llm.read());
            // One failure less than opens it, and the early one.
            for _ in 1..failure_threshold {
                s.at(now, llm.call_and_fail());
            }
            s.at(now, llm.end("early", *script.pick(&ENDS)));
            s.at(now, llm.end("trial", *script.pick(&ENDS)));
            s.at(now, llm.read());
            s.at(now, llm.call());
            s.at(now, llm.read());
        }

        s.check(promise::counts_match("llm", open_for));
        s.check(promise::legal_edges("llm"));
    })
    // Reset while half-open with a trial under way, in two of them, and while forced open.
    .pinned(&[0x9, 0x14, 0x19])
    .proves(&[Row::end_to_end(8)], "counts_match", plants::RESET_KEEPS_THE_ROWS)
    .proves(&[Row::end_to_end(8)], "counts_match", plants::UNFENCED_LATE_RESULT)
    .proves(&[Row::end_to_end(8)], "legal_edges", plants::COMMAND_BEGINS_NO_GENERATION)
}

/// What the reset finds.
#[derive(Clone, Copy)]
enum Found {
    ClosedAfterFailures,
    Open,
    HalfOpen,
    ForcedOpen,
}

const FOUND: [Found; 4] =
    [Found::ClosedAfterFailures, Found::Open, Found::HalfOpen, Found::ForcedOpen];
const ENDS: [End; 3] = [End::Ok, End::Failed, End::Dropped];

/// Brings a closed breaker there, and returns when it is.
fn leads_to(
    found: Found,
    s: &mut Draft<'_>,
    llm: &Guarded,
    now: Duration,
    failure_threshold: u32,
    open_for: Duration,
) -> Duration {
    let failures = match found {
        Found::ClosedAfterFailures => failure_threshold - 1,
        Found::Open | Found::HalfOpen => failure_threshold,
        Found::ForcedOpen => 0,
    };
    for _ in 0..failures {
        s.at(now, llm.call_and_fail());
    }
    match found {
        Found::ClosedAfterFailures | Found::Open => now,
        Found::ForcedOpen => {
            s.at(now, llm.force_open());
            now + NANOSECOND
        }
        Found::HalfOpen => {
            s.at(now + open_for, llm.begin("trial"));
            now + open_for
        }
    }
}
