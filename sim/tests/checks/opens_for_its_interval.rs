//! Does `opens_for_its_interval` know how long each opening is: to the nanosecond, and whatever makes it longer or shorter?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_core::breaker::{Backoff, BreakerConfig, Cause, Share, State};
use retrip_sim::check::breaker::{OpensForItsInterval, opens_for_its_interval};
use retrip_sim::span::Seconds;
use std::time::Duration;

type Log = Vec<(u64, Entry, char)>;

/// Ten seconds each time, and what a failure asks for up to twenty.
fn config() -> BreakerConfig {
    let secs = Duration::from_secs;
    BreakerConfig { open_for: secs(10), retry_after_max: secs(20), ..BreakerConfig::default() }
}

fn constant() -> OpensForItsInterval {
    opens_for_its_interval("llm", &config())
}

/// Ten seconds, then thirty, then a minute.
fn growing() -> OpensForItsInterval {
    let backoff = Backoff::Exponential { multiplier: 3, max: Duration::from_secs(60) };
    opens_for_its_interval("llm", &BreakerConfig { backoff, ..config() })
}

fn shortened(open_for: Duration, jitter: Share) -> OpensForItsInterval {
    opens_for_its_interval("llm", &BreakerConfig { open_for, jitter, ..config() })
}

fn then(log: Log, more: impl IntoIterator<Item = (u64, Entry, char)>) -> Log {
    log.into_iter().chain(more).collect()
}

/// It opens for ten seconds and is tried.
fn tried_once() -> Log {
    vec![(S, failed(), '.'), (S, trips().lasting(10 * S), '+'), (11 * S, half_opens(), '.')]
}

/// A trial fails, for so long, and the next one begins.
fn reopens_for(nanos: u64) -> Log {
    let again = reopens().lasting(nanos);
    vec![(20 * S, failed(), '.'), (20 * S, again, '+'), (99 * S, half_opens(), '.')]
}

const TEN: &str = "opens for 10.000s to 10.000s";

#[test]
fn the_configured_interval_keeps_it_each_time() {
    let log = then(tried_once(), reopens_for(10 * S));
    let log = then(log, [(100 * S, expires().lasting(10 * S), '+')]);
    keeps(constant(), log, '.');
    for cause in [Cause::FailureRate, Cause::SlowRate] {
        let opens = changes(State::Closed, State::Open, cause).lasting(10 * S);
        keeps(constant(), [(S, opens, '+')], '.');
    }
}

#[test]
fn one_nanosecond_more_or_less_breaks_it() {
    let shorter = (20 * S, reopens().lasting(10 * S - 1));
    breaks(constant(), tried_once(), shorter, TEN, "opens for 9.999999999s");
    let longer = (20 * S, expires().lasting(10 * S + 1));
    breaks(constant(), tried_once(), longer, TEN, "opens for 10.000000001s");
    breaks(constant(), [], (S, trips()), TEN, "opens for ever");
}

#[test]
fn an_interval_grows_with_each_opening_up_to_its_most() {
    let intervals = [30 * S, 60 * S, 60 * S];
    let log = intervals.into_iter().fold(tried_once(), |log, more| then(log, reopens_for(more)));
    keeps(growing(), log, '.');
    let as_first = (20 * S, reopens().lasting(10 * S));
    let wanted = "opens for 30.000s to 30.000s";
    breaks(growing(), tried_once(), as_first, wanted, "opens for 10.000s");
    let log = then(tried_once(), reopens_for(30 * S));
    let above = (100 * S, expires().lasting(90 * S));
    breaks(growing(), log, above, "opens for 60.000s to 60.000s", "opens for 90.000s");
}

#[test]
fn it_grows_anew_once_the_breaker_is_closed_however_that_comes_about() {
    let by_hand = [reset(State::Open), disabled(State::Open), only_measures(State::Open)];
    let all = then(tried_once(), reopens_for(30 * S));
    let logs = by_hand.map(|by_hand| {
        let opened = then(all.clone(), [(100 * S, reopens().lasting(60 * S), '+')]);
        then(opened, [(101 * S, by_hand, '.')])
    });
    for log in logs.into_iter().chain([then(all, [(101 * S, closes(), '.')])]) {
        keeps(growing(), then(log.clone(), [(102 * S, trips().lasting(10 * S), '+')]), '.');
        let grown = (102 * S, trips().lasting(60 * S));
        breaks(growing(), log, grown, TEN, "opens for 60.000s");
    }
}

#[test]
fn what_is_opened_by_hand_is_no_opening() {
    let log = then(
        tried_once(),
        [
            (12 * S, isolated(State::HalfOpen, 7 * S), '.'),
            (13 * S, isolated(State::Open, 8 * S), '.'),
            (21 * S, half_opens(), '.'),
            (22 * S, forced(State::HalfOpen), '.'),
            (23 * S, stays(State::Open, Cause::Forced), '.'),
            (24 * S, lifted(State::Open), '.'),
            (25 * S, reopens().lasting(30 * S), '+'),
        ],
    );
    keeps(growing(), log, '.');
    // Closed again, it has not been opened by itself.
    let isolated = [(S, isolated(State::Closed, S), '.'), (2 * S, half_opens(), '.')];
    keeps(growing(), then(isolated.to_vec(), [(3 * S, reopens().lasting(10 * S), '+')]), '.');
}

#[test]
fn jitter_shortens_by_up_to_its_share_and_never_to_nothing() {
    let jittered = || shortened(Duration::from_secs(10), Share::percent(20));
    for nanos in [8 * S, 9 * S, 10 * S] {
        keeps(jittered(), [(S, trips().lasting(nanos), '+')], '.');
    }
    let wanted = "opens for 8.000s to 10.000s";
    let found = [(8 * S - 1, "opens for 7.999999999s"), (10 * S + 1, "opens for 10.000000001s")];
    for (nanos, found) in found {
        breaks(jittered(), [], (S, trips().lasting(nanos)), wanted, found);
    }
    let all = || shortened(Duration::from_secs(10), Share::ALL);
    keeps(all(), [(S, trips().lasting(1), '+')], '.');
    let nothing = (S, trips().lasting(0));
    breaks(all(), [], nothing, "opens for 0.000000001s to 10.000s", "opens for 0.000s");
    // Half of three nanoseconds is one.
    let half = || shortened(Duration::from_nanos(3), Share::percent(50));
    keeps(half(), [(S, trips().lasting(2), '+')], '.');
    let wanted = "opens for 0.000000002s to 0.000000003s";
    breaks(half(), [], (S, trips().lasting(1)), wanted, "opens for 0.000000001s");
}

#[test]
fn what_the_failure_asks_for_is_the_interval_within_its_most() {
    let cases = [(S, S), (15 * S, 15 * S), (20 * S, 20 * S), (20 * S + 1, 20 * S), (0, 10 * S)];
    for (asked, lasts) in cases {
        let failure = (S, failed().asks(asked), '.');
        keeps(constant(), [failure, (S, trips().lasting(lasts), '+')], '.');
        let trial = (20 * S, failed().asks(asked), '.');
        keeps(
            constant(),
            then(tried_once(), [trial, (20 * S, reopens().lasting(lasts), '+')]),
            '.',
        );
    }
    let asks = [(S, failed().asks(15 * S), '.')];
    let own = (S, trips().lasting(10 * S));
    breaks(constant(), asks.clone(), own, "opens for 15.000s to 15.000s", "opens for 10.000s");
    // Where it asks, nothing is shortened.
    let jittered = shortened(Duration::from_secs(10), Share::percent(20));
    let shorter = (S, trips().lasting(15 * S - 1));
    let wanted = "opens for 15.000s to 15.000s";
    breaks(jittered, asks.clone(), shorter, wanted, "opens for 14.999999999s");
    let deaf = BreakerConfig { retry_after_max: Duration::ZERO, ..config() };
    let log = then(asks.to_vec(), [(S, trips().lasting(10 * S), '+')]);
    keeps(opens_for_its_interval("llm", &deaf), log, '.');
}

#[test]
fn an_opening_that_was_asked_for_makes_the_next_one_longer() {
    let log = [(S, failed().asks(15 * S), '.'), (S, trips().lasting(15 * S), '+')];
    let next = [(16 * S, half_opens(), '.'), (17 * S, reopens().lasting(30 * S), '+')];
    keeps(growing(), then(log.to_vec(), next), '.');
}

#[test]
fn only_the_failure_that_opens_it_is_asked() {
    // One before.
    let before = [(S, failed().asks(15 * S), '.'), (2 * S, failed(), '.')];
    keeps(constant(), then(before.to_vec(), [(2 * S, trips().lasting(10 * S), '+')]), '.');
    // One that comes too late, before the end of the half-open period is noticed.
    let late = (12 * S, failed().admitted(0, S).asks(15 * S), '.');
    let log = then(tried_once(), [late, (99 * S, expires().lasting(10 * S), '+')]);
    keeps(constant(), log, '.');
}

#[test]
fn no_interval_is_too_long() {
    let nanos = Duration::from_nanos;
    let open_for = nanos(u64::MAX);
    let backoff = Backoff::Exponential { multiplier: u32::MAX, max: Duration::MAX };
    let half = Share::percent(50);
    for (jitter, shortest) in [(Share::NONE, u64::MAX), (half, u64::MAX / 2 + 1)] {
        let config = BreakerConfig { open_for, backoff, jitter, ..config() };
        let log = [
            (S, trips().lasting(shortest), '+'),
            (u64::MAX - 1, half_opens(), '.'),
            (u64::MAX, reopens().lasting(shortest), '+'),
        ];
        keeps(opens_for_its_interval("llm", &config), log.clone(), '.');
        let shorter = (u64::MAX, reopens().lasting(shortest - 1));
        let wanted =
            format!("opens for {} to {}", Seconds(nanos(shortest)), Seconds(Duration::MAX));
        let found = format!("opens for {}", Seconds(nanos(shortest - 1)));
        let log = log.into_iter().take(2);
        breaks(opens_for_its_interval("llm", &config), log, shorter, &wanted, &found);
    }
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = [
        (S, trips().lasting(S).about("db"), '.'),
        (S, failed().asks(15 * S), '.'),
        (S, ok().about("db"), '.'),
        (S, trips().lasting(15 * S), '+'),
        (2 * S, half_opens(), '.'),
        (2 * S, closes().about("db"), '.'),
        (2 * S, trips().about("db"), '.'),
        (3 * S, failed().asks(15 * S).about("db"), '.'),
        (3 * S, reopens().lasting(30 * S), '+'),
    ];
    keeps(growing(), log, '.');
}
