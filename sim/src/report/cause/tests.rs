//! How far a failing seed is followed, with whom it is listed, and what is confirmed of it.

use super::*;
use crate::check::{Judgement, always};
use crate::log::{ClockEvent, Event, What};
use crate::part::{clock, waits};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

const TICK: Duration = Duration::from_nanos(1);

/// Nothing is bent, and nobody stops it.
const ALL: ExamineRequest<'_> = ExamineRequest {
    failed: &[],
    plants: &[],
    without: &[],
    kept: &NOTHING,
    strategy: None,
    stop: &NEVER,
};
static NEVER: AtomicBool = AtomicBool::new(false);
static NOTHING: BTreeMap<Seed, Testimony> = BTreeMap::new();

fn is_set_back(event: &Event) -> bool {
    matches!(event.what, What::Clock(ClockEvent::Jumps { by, .. }) if by.as_nanos() < 0)
}

/// All of its steps are needed, but that some seeds set the clock ahead in between: to leave that out takes more runs than
/// a quick search has.
fn stubborn() -> Scenario {
    Scenario::new("stubborn", "the wall clock is set back again and again", |s| {
        let mixed = s.generator("script").within(0..=1) == 1;
        for nth in 1..=40 {
            s.at(TICK * nth, clock().jumps_back(TICK));
            if mixed {
                s.at(TICK * nth, clock().jumps_forward(TICK));
            }
        }
        let mut times = 0;
        s.check(always("seldom", "it is not set back forty times", move |event| {
            times += u32::from(is_set_back(event));
            if times < 40 { Judgement::Holds } else { Judgement::broken("less", "forty") }
        }));
    })
}

/// One of its two steps sets the clock, in either direction.
fn simple() -> Scenario {
    Scenario::new("simple", "the wall clock is set", |s| {
        let ahead = s.generator("script").within(0..=1) == 1;
        s.at(TICK, waits(TICK));
        s.at(TICK, if ahead { clock().jumps_forward(TICK) } else { clock().jumps_back(TICK) });
        s.check(always("steady", "it is not set", |event| match event.what {
            What::Clock(ClockEvent::Jumps { by, .. }) if by.as_nanos() != 0 => {
                Judgement::broken("steady", "set")
            }
            _ => Judgement::Holds,
        }));
    })
}

/// Failing seeds of `scenario` with so many steps.
fn failing(scenario: &Scenario, steps: usize) -> Vec<Failed> {
    let seeds = (0..20).map(Seed::new);
    let failing = seeds.filter_map(|seed| {
        let plan = scenario.plan(seed).expect("a name");
        let run = run(scenario, &Request::of(&plan)).expect("it runs");
        let script = run.plan.script.as_ref().map_or(0, Vec::len);
        run.breach.filter(|_| script == steps).map(|breach| Failed { seed, breach })
    });
    failing.collect()
}

#[test]
fn only_what_looks_new_is_made_smaller_to_its_end_and_only_as_far_as_it_is_new() {
    let scenario = stubborn();
    let (plain, mixed) = (failing(&scenario, 40), failing(&scenario, 80));
    let mut examination = Examination::of(&scenario, &ALL);
    let mut examine = |failed: &Failed| {
        let before = examination.full_runs;
        if let Some(report) = examination.examine(failed).expect("it runs") {
            let Case::Minimal { of, runs, .. } = &report.case else { panic!("{report}") };
            assert_eq!((*of, *runs), (40, examination.quick_runs + examination.full_runs));
            examination.causes.reports.push(report);
        }
        let also = examination.causes.reports.iter().map(|report| report.also.len());
        (examination.full_runs - before, also.collect::<Vec<_>>())
    };
    let (first, alone) = examine(&plain[0]);
    assert_eq!(alone, [0]);
    assert_eq!(examine(&plain[1]), (0, vec![1]), "it looks like the first");
    let (second, shared) = examine(&mixed[0]);
    assert_eq!(shared, [2], "it has the cause of the first");
    assert!(0 < second && second < first / 2, "{second} of {first}");
    assert_eq!(examine(&mixed[1]), (0, vec![3]), "it looks like the second");
}

#[test]
fn a_report_counts_the_steps_of_the_seed_that_was_found() {
    let scenario = simple();
    let mut examination = Examination::of(&scenario, &ALL);
    let report = examination.examine(&failing(&scenario, 2)[0]).expect("it runs");
    let Some(Case::Minimal { plan, of, .. }) = report.map(|report| report.case) else {
        panic!("it fails")
    };
    assert_eq!((plan.script.map(|script| script.len()), of), (Some(1), 2));
}

#[test]
fn behind_the_budget_one_of_each_promise_is_made_smaller_to_its_end() {
    let scenario = simple();
    let mut examination = Examination::of(&scenario, &ALL);
    examination.full_runs = MOST_FULL_RUNS;
    let failing = failing(&scenario, 2);
    for failed in &failing {
        if let Some(report) = examination.examine(failed).expect("it runs") {
            examination.causes.reports.push(report);
        }
    }
    // What looks like the first one needs no such run; all others are only listed.
    let [report] = &examination.causes.reports[..] else { panic!("one cause is examined") };
    assert!(!report.also.is_empty() && report.seed == failing[0].seed, "{report}");
    let [listed] = &examination.causes.unexamined[..] else { panic!("another one is not") };
    assert_eq!(1 + report.also.len() + listed.seeds.len(), failing.len());
}

#[test]
fn two_promises_that_break_in_the_same_steps_are_two_causes() {
    let scenario = Scenario::new("either", "the wall clock is set back", |s| {
        let one = s.generator("script").within(0..=1) == 1;
        s.at(TICK, clock().jumps_back(TICK));
        for (name, breaks) in [("one", one), ("other", !one)] {
            s.check(always(name, "it is not set back", move |event| {
                match breaks && is_set_back(event) {
                    true => Judgement::broken("never", "set back"),
                    false => Judgement::Holds,
                }
            }));
        }
    });
    let mut examination = Examination::of(&scenario, &ALL);
    let mut promises = Vec::new();
    for failed in failing(&scenario, 1) {
        if let Some(report) = examination.examine(&failed).expect("it runs") {
            promises.push(report.breach.promise);
            examination.causes.reports.push(report);
        }
    }
    promises.sort_unstable();
    assert_eq!(promises, ["one", "other"]);
}

/// Whether the first failing seed of `scenario` is said to be reproducible, where a fresh process runs what `elsewhere`
/// makes of a plan.
fn is_confirmed(scenario: &Scenario, steps: usize, elsewhere: fn(&Plan) -> Plan) -> bool {
    let failed = failing(scenario, steps);
    let again = |request: &Request<'_>| {
        let plan = elsewhere(request.plan);
        Ok::<_, DraftError>(Testimony::of(&run(
            scenario,
            &Request { plan: &plan, ..request.clone() },
        )?))
    };
    let request = ExamineRequest { failed: &failed[..1], ..ALL };
    let causes = examine(scenario, &request, again).expect("it runs");
    causes.reports[0].reproduction == Reproduction::Reproducible
}

#[test]
fn a_report_is_confirmed_where_the_seed_and_its_fewest_steps_leave_the_same_in_a_fresh_process() {
    let scenario = simple();
    assert!(is_confirmed(&scenario, 2, Plan::clone));
    let without_steps = |plan: &Plan| match plan.script {
        Some(_) => Plan { script: Some(Vec::new()), ..plan.clone() },
        None => plan.clone(),
    };
    assert!(!is_confirmed(&scenario, 2, without_steps));
    let unless_written = |plan: &Plan| match plan.script {
        Some(_) => plan.clone(),
        None => Plan { script: Some(Vec::new()), ..plan.clone() },
    };
    assert!(!is_confirmed(&scenario, 2, unless_written));
}

#[test]
fn seeds_that_differ_elsewhere_are_listed_once_and_with_their_like() {
    let scenario = Scenario::new("two", "the wall clock is set ahead, or back", |s| {
        let ahead = s.generator("script").within(0..=1) == 1;
        s.at(TICK, if ahead { clock().jumps_forward(TICK) } else { clock().jumps_back(TICK) });
        for (name, found) in [("behind", true), ("ahead", false)] {
            s.check(always(name, "it is not set like that", move |event| {
                let Some(is_back) =
                    matches!(event.what, What::Clock(_)).then(|| is_set_back(event))
                else {
                    return Judgement::NotConcerned;
                };
                if is_back == found { Judgement::broken("steady", "set") } else { Judgement::Holds }
            }));
        }
    });
    let failed = failing(&scenario, 1);
    let of = |promise: &'static str| {
        let of = failed.iter().filter(move |failed| failed.breach.promise == promise);
        of.map(|failed| failed.seed).collect::<Vec<_>>()
    };
    // Of each promise the second seed and the third.
    let differ: Vec<Seed> =
        ["behind", "ahead"].iter().flat_map(|it| of(it)[1..3].to_vec()).collect();
    let again = |request: &Request<'_>| {
        let mut plan = request.plan.clone();
        if differ.contains(&plan.seed) {
            plan.script = Some(Vec::new());
        }
        Ok::<_, DraftError>(Testimony::of(&run(
            &scenario,
            &Request { plan: &plan, ..request.clone() },
        )?))
    };
    let request = ExamineRequest { failed: &failed, ..ALL };
    let causes = examine(&scenario, &request, again).expect("it runs");
    let mut listed: Vec<_> = causes
        .reports
        .iter()
        .map(|report| {
            let mut seeds = vec![report.seed];
            seeds.extend(&report.also);
            (report.breach.promise, report.case == Case::Unsteady, seeds)
        })
        .collect();
    listed.sort();
    let wanted = ["ahead", "behind"].map(|promise| {
        let (of, steady) = (of(promise), [&of(promise)[..1], &of(promise)[3..]].concat());
        [(promise, false, steady), (promise, true, of[1..3].to_vec())]
    });
    assert_eq!(listed, wanted.concat());
}

#[test]
fn a_seed_that_depends_on_earlier_runs_is_not_listed_with_one_that_no_process_repeats() {
    let scenario = Scenario::new("alike", "the wall clock is set back", |s| {
        s.at(TICK, clock().jumps_back(TICK));
        s.check(always("steady", "it is not set back", |event| match is_set_back(event) {
            true => Judgement::broken("never", "set back"),
            false => Judgement::Holds,
        }));
    });
    let failed = failing(&scenario, 1);
    let [depends, erratic] = [1, 2].map(|place| failed[place].seed);
    let times = AtomicU64::new(0);
    let again = |request: &Request<'_>| {
        let mut plan = request.plan.clone();
        let is_odd = times.fetch_add(1, SeqCst) % 2 == 1;
        if plan.seed == depends || (plan.seed == erratic && is_odd) {
            plan.script = Some(Vec::new());
        } else if plan.seed == erratic {
            plan.script = "simple 0 1ns wait 1s".parse::<Plan>().expect("a plan").script;
        }
        let request = Request { plan: &plan, ..request.clone() };
        Ok::<_, DraftError>(Testimony::of(&run(&scenario, &request)?))
    };
    let request = ExamineRequest { failed: &failed[..3], ..ALL };
    let causes = examine(&scenario, &request, again).expect("it runs");
    let unsteady = causes.reports.iter().filter(|report| report.case == Case::Unsteady);
    let mut listed: Vec<_> = unsteady
        .map(|report| match &report.reproduction {
            Reproduction::NotReproducible(Some(how)) => (report.seed, how.title(), &report.also),
            other => panic!("{other:?}"),
        })
        .collect();
    listed.sort();
    let none = Vec::new();
    let wanted =
        [(depends, "DEPENDS ON EARLIER RUNS", &none), (erratic, "NOT DETERMINISTIC", &none)];
    assert_eq!(listed, wanted);
}

#[test]
fn a_seed_that_keeps_its_promise_the_next_time_is_not_confirmed() {
    let runs = Arc::new(AtomicU64::new(0));
    let scenario = Scenario::new("moody", "a promise asks what no log says", move |s| {
        let first = runs.fetch_add(1, SeqCst) == 0;
        s.at(TICK, clock().jumps_back(TICK));
        s.check(always("moody", "it is not the first run", move |_| {
            if first { Judgement::broken("later", "first") } else { Judgement::Holds }
        }));
    });
    assert!(!is_confirmed(&scenario, 1, Plan::clone));
}

#[test]
fn failing_seeds_that_nobody_runs_again_are_counted() {
    let scenario = simple();
    let failed = failing(&scenario, 2);
    let again =
        |request: &Request<'_>| Ok::<_, DraftError>(Testimony::of(&run(&scenario, request)?));
    let counts = |run_again: u64| {
        let mut examination = Examination::of(&scenario, &ALL);
        examination.run_again = run_again;
        for failure in &failed[..1] {
            let report = examination.examine(failure).expect("it runs").expect("it is the first");
            examination.causes.reports.push(report);
        }
        for failure in failed.iter().skip(1) {
            let report = examination.unlike_itself(failure, &mut { again }).expect("it runs");
            assert!(report.is_none(), "each is the same again");
        }
        examination.causes.not_run_again
    };
    let others = failed.len() as u64 - 1;
    assert!(others >= 3, "{others}");
    assert_eq!(counts(0), 0);
    assert_eq!(counts(MOST_RUN_AGAIN - 1), others - 1);
}
