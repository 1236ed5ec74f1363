//! Does `fenced_results` tell a result of the current generation from a late one, both ways?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_core::breaker::{Cause, Counted, State};
use retrip_sim::check::breaker::fenced_results;

#[test]
fn a_result_that_counts_in_its_generation_only_keeps_it() {
    let log = [
        (S, ok(), '+'),
        (S, stays(State::Closed, Cause::Reset), '.'),
        (2 * S, failed().admitted(0, S), '+'),
        (2 * S, failed(), '+'),
        (2 * S, trips(), '.'),
        (3 * S, ok().admitted(1, S), '+'),
        (4 * S, rejected(S), '.'),
        (32 * S, half_opens(), '.'),
        (32 * S, tried(), '.'),
        (33 * S, ignored(), '+'),
        (33 * S, ignored().admitted(1, S), '+'),
    ];
    keeps(fenced_results("llm"), log, '.');
}

#[test]
fn a_late_result_that_counts_breaks_it() {
    let wanted = "a result of generation 0 changes statistics only";
    let found = "it counts in generation 1";
    for change in [trips(), stays(State::Closed, Cause::Reset)] {
        let late = (3 * S, failed().admitted(0, S).counted(Counted::Yes));
        breaks(fenced_results("llm"), [(2 * S, change, '.')], late, wanted, found);
    }
    // Of a later generation than there is: as wrong.
    let early = (S, ok().admitted(1, S).counted(Counted::Yes));
    let wanted = "a result of generation 1 changes statistics only";
    breaks(fenced_results("llm"), [], early, wanted, "it counts in generation 0");
}

#[test]
fn a_result_in_time_that_does_not_count_breaks_it() {
    let log = [(2 * S, trips(), '.'), (32 * S, half_opens(), '.'), (32 * S, tried(), '.')];
    let in_time = (33 * S, ok().counted(Counted::Stale));
    let wanted = "a result of generation 2 counts in it";
    breaks(fenced_results("llm"), log, in_time, wanted, "it is taken for a late one");
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = [
        (S, trips().about("db"), '.'),
        (2 * S, ok().admitted(0, S).counted(Counted::Yes).about("db"), '.'),
        (3 * S, ok(), '+'),
    ];
    keeps(fenced_results("llm"), log, '.');
}
