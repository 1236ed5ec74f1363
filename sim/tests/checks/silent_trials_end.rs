//! Does `silent_trials_end` take the permit of a silent trial back when its lease is over: then, before anything else, and only then?

use crate::entry::*;
use crate::verdict::{Line, breaks, keeps};
use retrip_core::breaker::{Counted, State};
use retrip_sim::check::breaker::{SilentTrialsEnd, silent_trials_end};
use std::time::Duration;

fn promise() -> SilentTrialsEnd {
    silent_trials_end("llm", Duration::from_secs(10))
}

/// Half-open from 32 seconds on, with a trial that is silent from 42 seconds on.
fn trial() -> Vec<Line> {
    vec![(2 * S, trips(), '.'), (32 * S, half_opens(), '.'), (32 * S, tried(), '.')]
}

fn then(more: impl IntoIterator<Item = Line>) -> Vec<Line> {
    trial().into_iter().chain(more).collect()
}

#[test]
fn reclaiming_when_the_lease_is_over_keeps_it_whenever_somebody_notices() {
    for at in [42 * S, 42 * S + 1, 900 * S] {
        keeps(promise(), then([(at, reclaimed(32 * S), '+')]), '.');
    }
    // Nobody came to notice.
    keeps(promise(), trial(), '.');
    // What counts is when it was decided, not when it was heard.
    keeps(promise(), then([(50 * S, rejected_for_trials().decided(42 * S - 1), '.')]), '.');
}

#[test]
fn reclaiming_one_nanosecond_early_breaks_it() {
    let (wanted, found) = ("reclaimed after 10.000s", "reclaimed after 9.999999999s");
    breaks(promise(), trial(), (42 * S - 1, reclaimed(32 * S)), wanted, found);
}

#[test]
fn anything_else_before_the_reclaiming_breaks_it_and_one_nanosecond_earlier_does_not() {
    let (wanted, found) = ("the trial of 32.000s is reclaimed", "it has its permit at 42.000s");
    for entry in [tried(), ok(), failed().admitted(0, S), rejected_for_trials()] {
        breaks(promise(), trial(), (42 * S, entry.clone()), wanted, found);
        keeps(promise(), then([(42 * S - 1, entry, '.')]), '.');
    }
}

#[test]
fn each_trial_has_its_own_lease() {
    let both = then([(35 * S, tried(), '.'), (42 * S, reclaimed(32 * S), '+')]);
    keeps(promise(), both.clone().into_iter().chain([(45 * S - 1, tried(), '.')]), '.');
    let (wanted, found) = ("the trial of 35.000s is reclaimed", "it has its permit at 45.000s");
    breaks(promise(), both.clone(), (45 * S, tried()), wanted, found);
    // Two of one moment are taken back one after the other.
    let alike = || then([(32 * S, tried(), '.'), (42 * S, reclaimed(32 * S), '+')]);
    keeps(promise(), alike().into_iter().chain([(42 * S, reclaimed(32 * S), '+')]), '.');
    let found = "it has its permit at 42.000s";
    breaks(promise(), alike(), (42 * S, tried()), "the trial of 32.000s is reclaimed", found);
}

#[test]
fn what_is_not_in_flight_cannot_be_reclaimed() {
    let (wanted, found) = ("a trial that is in flight is reclaimed", "there is none");
    breaks(promise(), trial(), (50 * S, reclaimed(33 * S)), wanted, found);
    let ended = then([(40 * S, ok().began(32 * S), '.')]);
    breaks(promise(), ended, (50 * S, reclaimed(32 * S)), wanted, found);
    let twice = then([(42 * S, reclaimed(32 * S), '+')]);
    breaks(promise(), twice, (42 * S, reclaimed(32 * S)), wanted, found);
}

#[test]
fn of_two_that_are_alike_the_late_result_is_that_of_the_silent_one() {
    let one_is_silent =
        || then([(32 * S, tried(), '.'), (41 * S, ok().began(32 * S), '.')]).into_iter();
    // The one that is in flight was in time, so that the other one is reclaimed, and no third.
    let reclaims = [(42 * S, reclaimed(32 * S), '+')];
    keeps(promise(), one_is_silent().chain(reclaims.clone()), '.');
    let (wanted, found) = ("a trial that is in flight is reclaimed", "there is none");
    let log = one_is_silent().chain(reclaims.clone());
    breaks(promise(), log, (42 * S, reclaimed(32 * S)), wanted, found);
    // The result of the silent one comes too late and is not taken for that of one in flight.
    let late = ok().began(32 * S).counted(Counted::Stale);
    let again = [(43 * S, tried(), '.'), (44 * S, late, '.'), (53 * S, reclaimed(43 * S), '+')];
    keeps(promise(), then(reclaims.into_iter().chain(again)), '.');
}

#[test]
fn a_trial_ends_with_its_period() {
    let ends = [closes(), reopens(), forced(State::HalfOpen), reset(State::HalfOpen)];
    for end in ends {
        keeps(promise(), then([(40 * S, end, '.'), (99 * S, rejected(S), '.')]), '.');
    }
    // A call of an earlier period is no trial of this one.
    let again = [
        (40 * S, reopens(), '.'),
        (70 * S, half_opens(), '.'),
        (70 * S, tried(), '.'),
        (71 * S, ok().admitted(2, 32 * S), '.'),
        (80 * S, reclaimed(70 * S), '+'),
    ];
    keeps(promise(), then(again), '.');
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = then([
        (40 * S, half_opens().about("db"), '.'),
        (40 * S, tried().about("db"), '.'),
        (41 * S, reclaimed(40 * S).about("db"), '.'),
        (42 * S, reclaimed(32 * S), '+'),
    ]);
    keeps(promise(), log, '.');
}
