//! What threads do to a breaker at the same time, and what they may see of it.
//!
//! Threads only tell what they have seen. It is judged when all have come to their end.

use crate::platform::{counts_beside_the_first, the_clock_shows};
use crate::{Loom, Model};
use loom::thread::{JoinHandle, spawn};
use retrip_core::breaker::{
    BreakerConfig, CircuitBreaker, OwnedPermit, Permit, Rejected, Share, Span, State, Stats, Window,
};
use retrip_core::door::{Clock, Instant};
use std::sync::Arc;
use std::time::Duration;

/// Every model.
pub const ALL: [Model; 17] = [
    Model { name: "intervals_are_told_in_their_order", preemptions: Some(2), run: intervals },
    Model { name: "an_interval_is_over_at_its_end", preemptions: Some(2), run: moved },
    Model { name: "an_interval_begins_anew", preemptions: Some(3), run: anew },
    Model { name: "every_failure_in_a_row_counts", preemptions: Some(4), run: failures },
    Model { name: "the_breaker_trips_once", preemptions: Some(4), run: trip },
    Model { name: "nobody_passes_after_a_rejection", preemptions: Some(2), run: onlooker },
    Model { name: "no_success_is_seen_before_its_call", preemptions: Some(3), run: successes },
    Model {
        name: "no_failure_is_seen_before_its_call_and_time",
        preemptions: Some(3),
        run: failing,
    },
    Model { name: "no_cancelled_call_is_seen_before_it_began", preemptions: None, run: cancelled },
    Model { name: "a_row_is_no_longer_than_its_calls", preemptions: Some(3), run: rows },
    Model { name: "a_late_result_changes_nothing", preemptions: Some(3), run: late },
    Model { name: "a_decision_forgets_no_failure", preemptions: Some(3), run: decision },
    Model { name: "a_success_undoes_no_decision", preemptions: Some(3), run: success },
    Model { name: "a_late_result_is_in_no_window", preemptions: Some(3), run: late_in_window },
    Model { name: "nobody_opens_what_has_been_reset", preemptions: Some(3), run: reset },
    Model { name: "a_caller_is_in_one_call_at_a_time", preemptions: Some(3), run: one_at_a_time },
    Model { name: "who_is_rejected_is_in_no_call", preemptions: Some(3), run: rejected },
];

type Breaker = Arc<CircuitBreaker<Loom>>;

/// A closed breaker that opens for a second after so many failures in a row.
fn closed(loom: &Loom, failure_threshold: u32) -> Breaker {
    opening(
        loom,
        BreakerConfig { failure_threshold: Some(failure_threshold), ..BreakerConfig::default() },
    )
}

/// A closed breaker that opens for a second by a window of two calls, both of which failed.
fn with_window(loom: &Loom) -> Breaker {
    let all_failed = Some(Share::ALL);
    let window =
        Window { minimum_calls: 2, failure_rate: all_failed, ..Window::over(Span::Calls(2)) };
    let config = BreakerConfig::default();
    opening(loom, BreakerConfig { failure_threshold: None, window: Some(window), ..config })
}

/// A closed breaker that opens for a second, whose gate is open.
fn opening(loom: &Loom, config: BreakerConfig) -> Breaker {
    let config = BreakerConfig { open_for: Duration::from_secs(1), ..config };
    let breaker = CircuitBreaker::on(*loom, "llm", config).expect("valid");
    // The first decision lets the gate open.
    breaker.refresh();
    Arc::new(breaker)
}

fn on<T: 'static>(
    breaker: &Breaker,
    act: impl FnOnce(&CircuitBreaker<Loom>) -> T + 'static,
) -> JoinHandle<T> {
    let breaker = breaker.clone();
    spawn(move || {
        counts_beside_the_first();
        act(&breaker)
    })
}

fn joined<T>(thread: JoinHandle<T>) -> T {
    thread.join().expect("a thread of a model ends")
}

fn succeeds(breaker: &CircuitBreaker<Loom>) {
    let _ = breaker.acquire().map(Permit::success);
}

fn fails(breaker: &CircuitBreaker<Loom>) {
    let _ = breaker.acquire().map(Permit::failure);
}

fn wanted(holds: bool, seen: impl std::fmt::Debug) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("{seen:?}")) }
}

/// The breaker is isolated for 100 ns; then reset; then isolated for 10 ns. Whoever calls twice sees that in this order.
fn intervals(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 5);
    breaker.isolate_for(Duration::from_nanos(100));
    // The first rejection is told by the machine.
    let _ = breaker.acquire();
    let operator = on(&breaker, |breaker| {
        breaker.reset();
        breaker.isolate_for(Duration::from_nanos(10));
        let _ = breaker.acquire();
    });
    let place = |answer: Result<Permit<'_, Loom>, Rejected>| match answer.map(Permit::ignore) {
        Ok(()) => Some(1),
        Err(rejected) => match rejected.retry_after.map(|left| left.as_nanos()) {
            Some(100) => Some(0),
            Some(10) => Some(2),
            _ => None,
        },
    };
    let seen = [place(breaker.acquire()), place(breaker.acquire())];
    joined(operator);
    wanted(seen.is_sorted() && !seen.contains(&None), seen)
}

/// For how long a call is rejected, if it is; one that passes says nothing of the service.
fn left(answer: Result<Permit<'_, Loom>, Rejected>) -> Option<Duration> {
    answer.map(Permit::ignore).err().and_then(|rejected| rejected.retry_after)
}

/// The breaker is isolated for 100 ns and reset; later it is isolated for 10 ns. Whoever looks at the clock and is then rejected is told no
/// more than what was left of one of them.
fn moved(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 5);
    breaker.isolate_for(Duration::from_nanos(100));
    let _ = breaker.acquire();
    let operator = on(&breaker, |breaker| {
        breaker.reset();
        the_clock_shows(1000);
        breaker.isolate_for(Duration::from_nanos(10));
        let _ = breaker.acquire();
    });
    let told = |_| {
        let is_over = loom.now() == Instant::from_nanos(1000);
        (is_over, left(breaker.acquire()))
    };
    let seen = [0, 1].map(told);
    joined(operator);
    let most = |is_over| Duration::from_nanos(if is_over { 10 } else { 100 });
    let is_possible = |(is_over, left): (_, Option<Duration>)| left <= Some(most(is_over));
    wanted(seen.into_iter().all(is_possible), seen)
}

/// The breaker is isolated for 100 ns, and the clock goes back. Nobody is rejected for longer than from the one or the other moment on.
fn anew(loom: &Loom) -> Result<(), String> {
    the_clock_shows(1000);
    let breaker = closed(loom, 5);
    breaker.isolate_for(Duration::from_nanos(100));
    let _ = breaker.acquire();
    let other = on(&breaker, |breaker| {
        the_clock_shows(0);
        breaker.refresh()
    });
    let seen = left(breaker.acquire());
    let state = joined(other);
    wanted((seen, state) == (Some(Duration::from_nanos(100)), State::Open), seen)
}

fn failures(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 4);
    let other = on(&breaker, fails);
    fails(&breaker);
    joined(other);
    let stats = breaker.stats();
    let counted = (stats.failure, stats.consecutive_failures, stats.in_flight, stats.state);
    wanted(counted == (2, 2, 0, State::Closed), counted)
}

/// Two failures make the threshold. Whoever comes too late is rejected.
fn trip(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 2);
    let other = on(&breaker, fails);
    fails(&breaker);
    joined(other);
    let stats = breaker.stats();
    let counted = (stats.failure, stats.transitions, stats.in_flight, stats.state);
    wanted(counted == (2, 1, 0, State::Open), counted)
}

/// Two trip the breaker, and one looks on: once it was rejected, or saw the breaker open, it is not let pass.
fn onlooker(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 2);
    let others = [on(&breaker, fails), on(&breaker, fails)];
    let first = breaker.acquire().map(Permit::ignore).is_ok();
    let is_closed = breaker.state() == State::Closed;
    let second = breaker.acquire().map(Permit::ignore).is_ok();
    let [one, other] = others;
    joined(one);
    joined(other);
    let stats = breaker.stats();
    let rejected = u64::from(!first) + u64::from(!second);
    let is_final = !second || first && is_closed;
    let is_counted = (stats.ignored, stats.rejected, stats.failure) == (2 - rejected, rejected, 2);
    wanted(is_final && is_counted, (first, is_closed, second, stats))
}

/// What is in flight is never less than nothing, and every call is one of those made.
fn is_possible(stats: &Stats, calls: u64) -> bool {
    stats.in_flight <= calls
        && stats.attempts() <= calls
        && stats.consecutive_successes <= stats.success
        && stats.consecutive_failures <= stats.failure
        && (stats.failure == 0 || stats.last_failure.is_some())
}

fn successes(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 5);
    let caller = on(&breaker, |breaker| {
        succeeds(breaker);
        succeeds(breaker);
    });
    let stats = breaker.stats();
    joined(caller);
    wanted(is_possible(&stats, 2) && breaker.stats().success == 2, stats)
}

fn failing(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 5);
    let caller = on(&breaker, |breaker| {
        fails(breaker);
        fails(breaker);
    });
    let stats = breaker.stats();
    joined(caller);
    // The time of a failure is told before the next one counts.
    let is_dated = stats.consecutive_failures < 2 || stats.last_failure.is_some();
    wanted(is_dated && is_possible(&stats, 2), stats)
}

fn cancelled(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 5);
    let caller = on(&breaker, |breaker| {
        let _ = breaker.acquire().map(Permit::ignore);
    });
    let stats = breaker.stats();
    joined(caller);
    wanted(is_possible(&stats, 1) && breaker.stats().ignored == 1, stats)
}

fn rows(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 5);
    let caller = on(&breaker, |breaker| {
        succeeds(breaker);
        fails(breaker);
        succeeds(breaker);
    });
    let stats = breaker.stats();
    joined(caller);
    let last = breaker.stats();
    let is_a_row = stats.consecutive_successes <= 1 && last.consecutive_successes == 1;
    wanted(is_a_row && is_possible(&stats, 3), (stats, last.consecutive_successes))
}

/// A call of the first generation fails while the breaker is reset and the first call of the second generation fails.
fn late(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 2);
    let permit = breaker.acquire_owned().expect("closed");
    let late = spawn(|| OwnedPermit::failure(permit));
    breaker.reset();
    fails(&breaker);
    joined(late);
    let stats = breaker.stats();
    let counted = (stats.failure, stats.consecutive_failures, stats.in_flight, stats.state);
    wanted(counted == (2, 1, 0, State::Closed), counted)
}

/// A decision that changes nothing closes the gate and opens it again, while others count behind it.
fn decision(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 4);
    let other = on(&breaker, |breaker| {
        succeeds(breaker);
        fails(breaker);
        fails(breaker);
    });
    breaker.refresh();
    joined(other);
    let stats = breaker.stats();
    let counted = (stats.success, stats.failure, stats.consecutive_failures, stats.in_flight);
    wanted(counted == (1, 2, 2, 0), counted)
}

/// A success finds a failure to forget while another call fails, which may trip the breaker: then nobody passes.
fn success(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 2);
    fails(&breaker);
    let other = on(&breaker, succeeds);
    fails(&breaker);
    let was_open = breaker.state() == State::Open;
    let passes = breaker.acquire().map(Permit::ignore).is_ok();
    joined(other);
    let (state, stats) = (breaker.state(), breaker.stats());
    let is_open = stats.transitions == 1;
    let is_told = state == stats.state && is_open == (state == State::Open);
    let is_final = !(was_open && passes);
    wanted(is_told && is_final && stats.failure == 2 && stats.attempts() == 4, stats)
}

/// A call of the first generation fails while the breaker is reset and the first call of the second generation fails.
fn late_in_window(loom: &Loom) -> Result<(), String> {
    let breaker = with_window(loom);
    let permit = breaker.acquire_owned().expect("closed");
    let late = spawn(|| OwnedPermit::failure(permit));
    breaker.reset();
    fails(&breaker);
    joined(late);
    let stats = breaker.stats();
    let counted = (stats.failure, stats.in_flight, stats.state);
    wanted(counted == (2, 0, State::Closed), stats)
}

/// Two calls of the first generation fail while the breaker is reset. Before that they open it, and after it they are late.
fn reset(loom: &Loom) -> Result<(), String> {
    let breaker = with_window(loom);
    let permits = [(); 2].map(|()| breaker.acquire_owned().expect("closed"));
    let other = spawn(|| permits.into_iter().for_each(OwnedPermit::failure));
    breaker.reset();
    joined(other);
    let stats = breaker.stats();
    // It opened and closed, or neither.
    let is_reset = stats.state == State::Closed && [0, 2].contains(&stats.transitions);
    wanted(is_reset && (stats.failure, stats.in_flight) == (2, 0), stats)
}

/// A caller cancels one call after the other. At no moment is it in two of them.
fn one_at_a_time(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 5);
    let caller = on(&breaker, |breaker| {
        let _ = breaker.acquire().map(Permit::ignore);
        let _ = breaker.acquire().map(Permit::ignore);
    });
    let stats = breaker.stats();
    joined(caller);
    wanted(stats.in_flight <= 1 && is_possible(&stats, 2), stats)
}

/// A call ends while the breaker is opened by hand, and the caller's next one is rejected and gets a fallback's value.
fn rejected(loom: &Loom) -> Result<(), String> {
    let breaker = closed(loom, 5);
    let permit = breaker.acquire_owned().expect("closed");
    let caller = on(&breaker, |breaker| {
        permit.success();
        let _ = breaker.call_or(|_| (), || Ok::<_, ()>(()));
    });
    breaker.force_open();
    let stats = breaker.stats();
    joined(caller);
    let is_told = stats.rejected == 0 || stats.in_flight == 0;
    wanted(is_told && stats.fallback <= stats.rejected && is_possible(&stats, 2), stats)
}
