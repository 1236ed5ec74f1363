//! Do the promises that a scenario writes as a closure judge what they say, and is each promise called what it is called?

use crate::entry::*;
use crate::verdict::{breaks, breaks_at_end, keeps};
use retrip_core::breaker::BreakerConfig;
use retrip_sim::check::breaker::OpenFor;
use retrip_sim::check::{
    Broken, End, Judgement, Promise, always, breaker, context, eventually, is_about, never,
    seq_is_file_order,
};
use retrip_sim::log::{Cause, Event, Name};
use std::time::Duration;

fn is_ok(event: &Event) -> bool {
    event.what.verb() == "call ok"
}

#[test]
fn always_says_what_its_closure_says() {
    let on_time = || {
        always("on_time", "calls end within 5s", |event| match event.what.verb() {
            verb if verb != "call ok" => Judgement::NotConcerned,
            _ if event.engine <= 5 * S => Judgement::Holds,
            _ => Judgement::broken("within 5s", "later"),
        })
    };
    assert_eq!((on_time().name(), &*on_time().statement()), ("on_time", "calls end within 5s"));
    let log = [(S, tried(), '.'), (5 * S, ok(), '+')];
    keeps(on_time(), log.clone(), '.');
    breaks(on_time(), log, (5 * S + 1, ok()), "within 5s", "later");
}

#[test]
fn never_breaks_at_what_its_closure_finds_and_holds_at_everything_else() {
    let promise =
        || never("no_ok", "no call succeeds", |event| is_ok(event).then(|| "one did".to_owned()));
    assert_eq!((promise().name(), &*promise().statement()), ("no_ok", "no call succeeds"));
    keeps(promise(), [(S, tried(), '+'), (S, failed(), '+')], '.');
    breaks(promise(), [(S, tried(), '+')], (2 * S, ok()), "never", "one did");
}

#[test]
fn eventually_wants_it_before_the_end() {
    let promise = || eventually("one_ok", "a call succeeds", "a success", is_ok);
    assert_eq!((promise().name(), &*promise().statement()), ("one_ok", "a call succeeds"));
    keeps(promise(), [(S, ok(), '+'), (S, failed(), '.')], '+');
    breaks_at_end(promise(), [(S, failed(), '.')], "a success", "never happened");
}

#[test]
fn eventually_counts_from_the_last_fault_on() {
    let caused = |entry: Entry, cause: Cause| Event { cause: Some(cause), ..entry.event(S, 0) };
    let end = End { elapsed: Duration::from_secs(1), events: 2 };
    let judged = |events: &[Event]| {
        let mut promise = eventually("one_ok", "a call succeeds", "a success", is_ok);
        let said: Vec<Judgement> = events.iter().map(|event| promise.observe(event)).collect();
        (said, promise.finish(&end))
    };
    let fault = || caused(tried(), Cause::Fault(0));
    let never = Judgement::broken("a success", "never happened");
    let (holds, nothing) = (Judgement::Holds, Judgement::NotConcerned);
    let before = judged(&[ok().event(S, 0), fault()]);
    assert_eq!(before, (vec![holds.clone(), nothing.clone()], never));
    let after = judged(&[fault(), ok().event(S, 0)]);
    assert_eq!(after, (vec![nothing.clone(), holds.clone()], holds.clone()));
    // The fault may itself be it, and other causes are no faults.
    let itself = judged(&[caused(ok(), Cause::Fault(0))]);
    assert_eq!(itself, (vec![holds.clone()], holds.clone()));
    let step = judged(&[ok().event(S, 0), caused(tried(), Cause::Step(0))]);
    assert_eq!(step, (vec![holds.clone(), nothing], holds));
}

#[test]
fn judging_by_equality_says_what_was_wanted_and_what_was_found() {
    assert_eq!(Judgement::equal(2, 2), Judgement::Holds);
    let broken = Broken { wanted: "2".to_owned(), found: "3".to_owned() };
    assert_eq!(Judgement::equal(2, 3), Judgement::Broken(broken));
}

#[test]
fn an_event_is_about_the_one_whom_it_names() {
    let event = ok().by("db").event(S, 0);
    assert!(is_about(&event, &Name::from("llm")));
    assert!(!is_about(&event, &Name::from("db")));
    assert!(!is_about(&event, &Name::from("")));
}

/// Each promise, under the name that scenarios, plants and `--without` know it by, and as the sentence of a report.
#[test]
fn every_promise_has_its_name_and_says_itself_with_its_numbers() {
    let secs = Duration::from_secs;
    let config = BreakerConfig::default();
    let promises: [(Box<dyn Promise>, &str, &str); 26] = [
        (
            Box::new(breaker::bounded_trials("llm", 2)),
            "bounded_trials",
            "a half-open period has at most 2 trials in flight and succeeded",
        ),
        (
            Box::new(breaker::permits_are_given("llm", 2)),
            "permits_are_given",
            "a half-open period rejects calls only while all of 2 permits are taken",
        ),
        (
            Box::new(breaker::closes_at_kth_success("llm", 2)),
            "closes_at_kth_success",
            "a half-open breaker closes at success 2 of one half-open period, and not before",
        ),
        (
            Box::new(breaker::counts_add_up("llm")),
            "counts_add_up",
            "in the end the statistics are what all events add up to",
        ),
        (
            Box::new(breaker::counts_match("llm", secs(30))),
            "counts_match",
            "every statistic is what the events so far add up to",
        ),
        (
            Box::new(breaker::failed_trial_restarts_interval("llm", secs(30))),
            "failed_trial_restarts_interval",
            "a failed trial opens the breaker for 30.000s from its end",
        ),
        (
            Box::new(breaker::fenced_results("llm")),
            "fenced_results",
            "a result counts in the generation that admitted its call, and in no other",
        ),
        (
            Box::new(breaker::half_open_ends("llm", secs(30))),
            "half_open_ends",
            "a half-open period is over after 30.000s",
        ),
        (
            Box::new(breaker::latency_is_exact("llm")),
            "latency_is_exact",
            "the latencies kept are the times that the last hundred calls took",
        ),
        (
            Box::new(breaker::legal_edges("llm")),
            "legal_edges",
            "every change of state begins where the one before ended, along a legal edge",
        ),
        (
            Box::new(breaker::manual_wins("llm")),
            "manual_wins",
            "what was done by hand holds until it is lifted",
        ),
        (
            Box::new(breaker::open_ends("llm", secs(30))),
            "open_ends",
            "a call 30.000s or more after opening passes",
        ),
        (
            Box::new(breaker::open_rejects("llm", secs(30))),
            "open_rejects",
            "nothing passes before 30.000s after opening",
        ),
        (
            Box::new(breaker::opens_for_its_interval("llm", &config)),
            "opens_for_its_interval",
            "a breaker opens for as long as its configuration says, or the failure asks for",
        ),
        (
            Box::new(breaker::permits_come_back("llm")),
            "permits_come_back",
            "once all calls have ended, none is under way",
        ),
        (
            Box::new(breaker::recovers("llm", secs(30), 2)),
            "recovers",
            "before a healthy backend the breaker closes within 30.000s and 2 calls",
        ),
        (
            Box::new(breaker::load_is_bounded("llm", secs(30), 7)),
            "load_is_bounded",
            "the backend serves at most 7 calls in 30.000s",
        ),
        (
            Box::new(breaker::recovery_takes("llm", secs(40))),
            "recovery_takes",
            "the breaker closes exactly 40.000s after it opened",
        ),
        (
            Box::new(breaker::rejection_runs_nothing("llm")),
            "rejection_runs_nothing",
            "the backend serves the calls that were admitted, and no other",
        ),
        (
            Box::new(breaker::retry_after_is_right("llm", secs(30))),
            "retry_after_is_right",
            "who is rejected is told when a call may pass",
        ),
        (
            Box::new(breaker::silent_trials_end("llm", secs(30))),
            "silent_trials_end",
            "a trial is over after 30.000s of silence",
        ),
        (
            Box::new(breaker::trips_by_its_rules("llm", &config)),
            "trips_by_its_rules",
            "a closed breaker opens at the result that makes one of its rules true, and not before",
        ),
        (
            Box::new(breaker::trips_exactly("llm", 3)),
            "trips_exactly",
            "a closed breaker opens at failure 3 in a row, and not before",
        ),
        (
            Box::new(context::context_ends_with_its_scope()),
            "context_ends_with_its_scope",
            "after a scope a task has the context from before it",
        ),
        (
            Box::new(context::own_context_only()),
            "own_context_only",
            "each line carries exactly the context of the task that logged it",
        ),
        (
            Box::new(seq_is_file_order("app")),
            "seq_is_file_order",
            "lines are written in the order of their numbers, without a gap",
        ),
    ];
    for (promise, name, statement) in promises {
        assert_eq!((promise.name(), &*promise.statement()), (name, statement));
    }
}

#[test]
fn what_is_as_long_as_it_is_told_is_not_said_in_seconds() {
    let told = OpenFor::AsTold { half_open_for: None };
    let statements = [
        breaker::open_rejects("llm", told).statement(),
        breaker::open_ends("llm", told).statement(),
        breaker::failed_trial_restarts_interval("llm", told).statement(),
    ];
    let wanted = [
        "nothing passes before the interval that it names after opening",
        "a call the interval that it names or more after opening passes",
        "a failed trial opens the breaker for the interval that it names from its end",
    ];
    assert_eq!(statements, wanted);
}
