//! Does `trips_by_its_rules` want the opening at the result that makes a rule true: not one sooner, later, or for another?

use crate::entry::*;
use crate::verdict::{breaks, breaks_at_end, keeps};
use retrip_core::breaker::{BreakerConfig, Cause, Share, SlowCalls, Span, State, Window};
use retrip_sim::check::breaker::{TripsByItsRules, trips_by_its_rules};
use std::time::Duration;

type Log = Vec<(u64, Entry, char)>;

fn promise(failure_threshold: Option<u32>, window: Option<Window>) -> TripsByItsRules {
    let config = BreakerConfig { failure_threshold, window, ..BreakerConfig::default() };
    trips_by_its_rules("llm", &config)
}

/// Three failures in a row.
fn by_row() -> TripsByItsRules {
    promise(Some(3), None)
}

/// Half of the last four.
fn by_rate() -> TripsByItsRules {
    promise(None, Some(window()))
}

const fn window() -> Window {
    Window { minimum_calls: 4, ..Window::over(Span::Calls(4)) }
}

/// Half of the last four, at least two, take longer than two seconds.
fn by_slowness() -> TripsByItsRules {
    promise(None, Some(Window { minimum_calls: 2, failure_rate: None, ..slow_window() }))
}

const fn slow_window() -> Window {
    let (slower_than, rate) = (Duration::from_secs(2), Share::percent(50));
    Window { slow_calls: Some(SlowCalls { slower_than, rate }), ..window() }
}

/// These results, one a second from the first second on.
fn results(entries: impl IntoIterator<Item = Entry>) -> Log {
    (1..).zip(entries).map(|(second, entry)| (second * S, entry, '+')).collect()
}

fn then(log: Log, more: impl IntoIterator<Item = (u64, Entry, char)>) -> Log {
    log.into_iter().chain(more).collect()
}

fn failures(count: usize) -> Log {
    results(vec![failed(); count])
}

fn trips_by(cause: Cause) -> Entry {
    changes(State::Closed, State::Open, cause)
}

fn by_failures() -> Entry {
    trips_by(Cause::FailureRate)
}

fn by_slow_calls() -> Entry {
    trips_by(Cause::SlowRate)
}

const EARLY: &str = "opens when a rule is true";

#[test]
fn opening_at_the_third_failure_in_a_row_keeps_it() {
    keeps(by_row(), then(failures(3), [(3 * S, trips(), '+')]), '.');
    keeps(by_row(), failures(2), '.');
    let row = results([failed(), failed(), ok(), failed(), failed(), failed()]);
    keeps(by_row(), then(row, [(6 * S, trips(), '+')]), '.');
    // Decided at that time, heard of later.
    keeps(by_row(), then(failures(3), [(9 * S, trips().decided(3 * S), '+')]), '.');
}

#[test]
fn opening_while_no_rule_is_true_breaks_it() {
    let sooner = (2 * S, trips());
    breaks(by_row(), failures(2), sooner, EARLY, "opens by threshold after 2 results");
    breaks(by_row(), [], (S, trips()), EARLY, "opens by threshold after 0 results");
    let ends_row = results([failed(), failed(), ok()]);
    breaks(by_row(), ends_row, (3 * S, trips()), EARLY, "opens by threshold after 3 results");
    let (late, found) = ((9 * S, by_slow_calls()), "opens by slow_rate after 4 results");
    breaks(by_slowness(), results(vec![failed(); 4]), late, EARLY, found);
}

#[test]
fn anything_but_opening_when_a_rule_is_true_breaks_it() {
    let wanted = "opens by threshold";
    let cases = [
        (3 * S, rejected(S), "it rejected"),
        (4 * S, failed(), "it call failed"),
        (4 * S, ok(), "it call ok"),
        (4 * S, ignored().admitted(7, S), "it call ignored"),
        (3 * S, forced(State::Closed), "it opens"),
        (3 * S, stays(State::Closed, Cause::Reset), "it is reset"),
    ];
    for (at, entry, found) in cases {
        breaks(by_row(), failures(3), (at, entry), wanted, found);
    }
    breaks_at_end(by_row(), failures(3), wanted, "it stays closed");
}

#[test]
fn opening_one_nanosecond_later_breaks_it() {
    let late = (3 * S + 1, trips());
    breaks(by_row(), failures(3), late, "opens at 3.000s", "opens at 3.000000001s");
}

#[test]
fn the_share_itself_is_enough_and_less_is_not() {
    let half = results([ok(), failed(), ok(), failed()]);
    keeps(by_rate(), then(half.clone(), [(4 * S, by_failures(), '+')]), '.');
    breaks_at_end(by_rate(), half, "opens by failure_rate", "it stays closed");
    let third = results([failed(), ok(), ok()]);
    let of_three = |parts| {
        let span = Span::Calls(3);
        let failure_rate = Some(Share::per_million(parts));
        promise(None, Some(Window { span, minimum_calls: 3, failure_rate, slow_calls: None }))
    };
    breaks_at_end(of_three(333_333), third.clone(), "opens by failure_rate", "it stays closed");
    keeps(of_three(333_334), third, '.');
}

#[test]
fn a_window_decides_from_its_least_results_on_whatever_the_last_one_is() {
    let three = results([failed(), failed(), failed()]);
    let found = "opens by failure_rate after 3 results";
    breaks(by_rate(), three.clone(), (3 * S, by_failures()), EARLY, found);
    keeps(by_rate(), then(three, [(4 * S, ok(), '+'), (4 * S, by_failures(), '+')]), '.');
}

#[test]
fn the_oldest_of_as_many_calls_as_there_are_in_a_window_leaves_it() {
    let oks = results([failed(), ok(), ok(), ok(), failed()]);
    let found = "opens by failure_rate after 5 results";
    breaks(by_rate(), oks.clone(), (5 * S, by_failures()), EARLY, found);
    keeps(by_rate(), then(oks, [(6 * S, failed(), '+'), (6 * S, by_failures(), '+')]), '.');
    // Without the fourth oldest it would not be half.
    let log = results([ok(), ok(), ok(), failed(), ok(), ok(), failed()]);
    keeps(by_rate(), then(log, [(7 * S, by_failures(), '+')]), '.');
}

#[test]
fn a_bucket_leaves_a_window_of_time_as_a_new_one_begins() {
    let span = Span::Time { bucket: Duration::from_secs(10), buckets: 3 };
    let rate = Some(Share::ALL);
    let both = || {
        promise(None, Some(Window { minimum_calls: 2, failure_rate: rate, ..Window::over(span) }))
    };
    // The last moment of a bucket, and the first one.
    for (first, last) in [(10 * S - 1, 30 * S - 1), (10 * S, 40 * S - 1)] {
        let in_time = [(first, failed(), '+'), (last, failed(), '+')];
        keeps(both(), then(in_time.to_vec(), [(last, by_failures(), '+')]), '.');
        breaks_at_end(both(), in_time, "opens by failure_rate", "it stays closed");
        let too_late = [(first, failed(), '+'), (last + 1, failed(), '+')];
        keeps(both(), too_late.clone(), '.');
        let found = "opens by failure_rate after 2 results";
        breaks(both(), too_late, (last + 1, by_failures()), EARLY, found);
    }
    // A success that has left it is no success in it.
    let log = [(S, ok(), '+'), (30 * S, failed(), '+'), (31 * S, failed(), '+')];
    keeps(both(), then(log.to_vec(), [(31 * S, by_failures(), '+')]), '.');
}

#[test]
fn what_takes_one_nanosecond_longer_is_slow() {
    let at_limit = || ok().began(8 * S);
    let slow = |entry: Entry| entry.began(8 * S - 1);
    keeps(by_slowness(), [(10 * S, at_limit(), '+'), (10 * S, at_limit(), '+')], '.');
    for entry in [ok(), failed()] {
        let log = vec![(10 * S, at_limit(), '+'), (10 * S, slow(entry), '+')];
        keeps(by_slowness(), then(log.clone(), [(10 * S, by_slow_calls(), '+')]), '.');
        breaks_at_end(by_slowness(), log, "opens by slow_rate", "it stays closed");
    }
    // Less than half of three.
    let third = [(10 * S, at_limit(), '+'), (10 * S, at_limit(), '+'), (10 * S, slow(ok()), '+')];
    keeps(by_slowness(), third, '.');
    // No clock was read for it.
    let untimed = [(10 * S, ok().untimed(), '+'), (10 * S, failed().untimed(), '+')];
    keeps(by_slowness(), untimed, '.');
    // Ignored, it says nothing about the service.
    let ignores = [(10 * S, slow(ignored()), '+'), (10 * S, slow(ignored()), '+')];
    keeps(by_slowness(), ignores, '.');
}

#[test]
fn of_rules_that_are_true_together_each_may_be_the_reason_and_no_other() {
    let all = || promise(Some(4), Some(slow_window()));
    let log = |took: u64| {
        (1..=4).map(move |second| (second * 10 * S, failed().began(second * 10 * S - took), '+'))
    };
    for cause in [Cause::Threshold, Cause::FailureRate, Cause::SlowRate] {
        keeps(all(), log(3 * S).chain([(40 * S, trips_by(cause), '+')]), '.');
    }
    let wanted = "opens by threshold or failure_rate or slow_rate";
    breaks_at_end(all(), log(3 * S), wanted, "it stays closed");
    let (wanted, found) = ("opens by threshold or failure_rate", "opens by slow_rate");
    breaks(all(), log(S), (40 * S, by_slow_calls()), wanted, found);
    let (wanted, found) = ("opens by threshold", "opens by failure_rate");
    breaks(by_row(), failures(3), (3 * S, by_failures()), wanted, found);
}

#[test]
fn ignored_results_are_in_no_row_and_in_no_window() {
    let row = results([failed(), failed(), ignored()]);
    breaks(by_row(), row.clone(), (3 * S, trips()), EARLY, "opens by threshold after 2 results");
    keeps(by_row(), then(row, [(4 * S, failed(), '+'), (4 * S, trips(), '+')]), '.');
    let three = results([failed(), failed(), failed(), ignored()]);
    let found = "opens by failure_rate after 3 results";
    breaks(by_rate(), three, (4 * S, by_failures()), EARLY, found);
}

#[test]
fn results_of_earlier_generations_are_in_no_row_and_in_no_window() {
    let again = (S, stays(State::Closed, Cause::Reset), '.');
    let late = |entry: Entry| (4 * S, entry.admitted(0, 0), '.');
    let log = [again, (2 * S, failed(), '+'), (3 * S, failed(), '+'), late(failed()), late(ok())];
    let log = log.to_vec();
    let early = (4 * S, trips());
    breaks(by_row(), log.clone(), early, EARLY, "opens by threshold after 2 results");
    keeps(by_row(), then(log.clone(), [(5 * S, failed(), '+'), (5 * S, trips(), '+')]), '.');
    let found = "opens by failure_rate after 2 results";
    breaks(by_rate(), log, (4 * S, by_failures()), EARLY, found);
}

#[test]
fn rows_and_windows_begin_anew_with_every_generation() {
    let closed = vec![
        (3 * S, trips(), '+'),
        (33 * S, half_opens(), '.'),
        (33 * S, ok(), '.'),
        (33 * S, closes(), '.'),
    ];
    let changes = [
        then(failures(3), closed),
        then(failures(2), [(33 * S, stays(State::Closed, Cause::Reset), '.')]),
        then(failures(2), [(33 * S, stays(State::Closed, Cause::Lifted), '.')]),
    ];
    for log in changes {
        let both = || promise(Some(3), Some(Window { minimum_calls: 3, ..window() }));
        let log = then(log, [(34 * S, failed(), '+'), (35 * S, failed(), '+')]);
        let found = "opens by failure_rate after 2 results";
        breaks(both(), log.clone(), (35 * S, by_failures()), EARLY, found);
        keeps(both(), then(log, [(36 * S, failed(), '+'), (36 * S, trips(), '+')]), '.');
    }
}

#[test]
fn what_is_closed_by_hand_need_not_open() {
    let measures = then(vec![(0, only_measures(State::Closed), '.')], failures(4));
    // That it may not, `manual_wins` says.
    keeps(by_row(), then(measures, [(4 * S, trips(), '.')]), '.');
    let disabled = then(vec![(0, disabled(State::Closed), '.')], failures(4));
    let found = "opens by threshold after 4 results";
    breaks(by_row(), disabled.clone(), (4 * S, trips()), EARLY, found);
    let lifted = [(5 * S, lifted(State::Closed), '.'), (6 * S, failed(), '+')];
    let more = [(7 * S, failed(), '+'), (8 * S, failed(), '+'), (8 * S, trips(), '+')];
    keeps(by_row(), then(then(disabled, lifted), more), '.');
}

#[test]
fn only_a_closed_breaker_trips() {
    let once = || promise(Some(1), None);
    let opened = then(
        failures(1),
        [
            (S, trips(), '+'),
            (2 * S, failed().admitted(0, S), '.'),
            (3 * S, failed(), '.'),
            (31 * S, half_opens(), '.'),
            (32 * S, failed(), '.'),
            (32 * S, reopens(), '.'),
            (62 * S, half_opens(), '.'),
        ],
    );
    keeps(once(), opened.clone(), '.');
    breaks(once(), opened, (63 * S, trips()), EARLY, "opens by threshold after 0 results");
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = then(
        failures(2),
        [
            (2 * S, ok().about("db"), '.'),
            (2 * S, failed().about("db"), '.'),
            (2 * S, trips().about("db"), '.'),
            (3 * S, failed(), '+'),
            (3 * S, rejected(S).about("db"), '.'),
            (3 * S, trips(), '+'),
        ],
    );
    keeps(by_row(), log, '.');
}
