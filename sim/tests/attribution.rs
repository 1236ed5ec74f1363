//! Is every failing seed of a sweep told its cause, however late the cause comes, and is it said which were not looked at?

use retrip_sim::check::{Judgement, always};
use retrip_sim::determinism::Testimony;
use retrip_sim::log::{ClockEvent, Event, What};
use retrip_sim::part::{clock, waits};
use retrip_sim::report::{Case, Causes, ExamineRequest, examine};
use retrip_sim::run::{Request, run};
use retrip_sim::scenario::{DraftError, Scenario};
use retrip_sim::seed::Seed;
use retrip_sim::sweep::{Sweep, SweepRequest, sweep};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// By how much a clock jumps.
fn jump(event: &Event) -> Option<i64> {
    match event.what {
        What::Clock(ClockEvent::Jumps { by, .. }) => Some(by.as_nanos()),
        _ => None,
    }
}

fn swept(scenario: &Scenario, seeds: u64, jobs: usize) -> Sweep {
    let seeds = format!("0..{seeds}").parse().expect("a range");
    let jobs = NonZeroUsize::new(jobs).expect("jobs are not zero");
    let request = SweepRequest { jobs, ..SweepRequest::of(seeds) };
    sweep(scenario, &request).expect("it runs")
}

fn causes(scenario: &Scenario, sweep: &Sweep) -> Causes {
    let again =
        |request: &Request<'_>| Ok::<_, DraftError>(Testimony::of(&run(scenario, request)?));
    let stop = AtomicBool::new(false);
    let request = ExamineRequest {
        failed: &sweep.failed,
        plants: &[],
        without: &[],
        kept: &BTreeMap::new(),
        strategy: None,
        stop: &stop,
    };
    examine(scenario, &request, again).expect("it runs")
}

/// Of a hundred seeds about one sets the clock ahead, and all others set it back.
fn ahead_or_back() -> Scenario {
    Scenario::new("attribution", "the wall clock is set", |s| {
        let second = Duration::from_secs(1);
        let rare = s.generator("script").within(0..=99) == 0;
        s.at(second, waits(second));
        s.at(
            second * 2,
            if rare { clock().jumps_forward(second) } else { clock().jumps_back(second) },
        );
        s.check(always("steady", "no clock is set", |event| match jump(event) {
            Some(by) if by != 0 => Judgement::broken("steady", format!("set by {by}")),
            _ => Judgement::Holds,
        }));
    })
}

#[test]
fn a_cause_that_comes_late_is_found_and_every_seed_has_one() {
    let scenario = ahead_or_back();
    let sweep = swept(&scenario, 300, 1);
    assert_eq!(sweep.failed.len(), 300);
    let causes = causes(&scenario, &sweep);
    assert_eq!(causes.unexamined, []);
    let [back, ahead] = &causes.reports[..] else { panic!("{:#?}", causes.reports) };
    let found = |report: &retrip_sim::report::Report| report.breach.broken.found.clone();
    assert_eq!((found(back), found(ahead)), ("set by -1".to_owned(), "set by 1".to_owned()));
    assert!(ahead.seed > Seed::new(8), "{}", ahead.seed);
    assert_eq!(back.also.len() + ahead.also.len() + 2, 300);
    for report in [back, ahead] {
        let Case::Minimal { plan, .. } = &report.case else { panic!("{:?}", report.case) };
        assert_eq!(plan.script.as_ref().map(Vec::len), Some(1));
    }
}

#[test]
fn causes_do_not_depend_on_the_jobs_of_their_sweep() {
    let scenario = ahead_or_back();
    let said = |jobs| format!("{:?}", causes(&scenario, &swept(&scenario, 200, jobs)));
    assert_eq!(said(1), said(3));
}

#[test]
fn seeds_behind_the_budget_are_listed_but_one_of_each_promise_is_examined() {
    // So many steps are needed that even a quick look takes all the runs that it may.
    let scenario = Scenario::new("attribution", "the wall clock is set often", |s| {
        let mut script = s.generator("script");
        let ahead = script.within(0..=99) == 0;
        for nth in 0..12 {
            let back = Duration::from_nanos(script.within(1..=999));
            s.at(Duration::from_millis(nth + 1), clock().jumps_back(back));
        }
        s.finally(if ahead {
            clock().jumps_forward(Duration::from_nanos(1))
        } else {
            waits(Duration::ZERO)
        });
        let mut jumps = 0;
        s.check(always("seldom", "clocks are seldom set", move |event| {
            jumps += u32::from(jump(event).is_some_and(|by| by < 0));
            if jumps < 12 || ahead { Judgement::Holds } else { Judgement::broken("few", "12") }
        }));
        s.check(always("back", "no clock is set ahead", |event| match jump(event) {
            Some(by) if by > 0 => Judgement::broken("back", "ahead"),
            _ => Judgement::Holds,
        }));
    });
    let mut sweep = swept(&scenario, 500, 1);
    // The rare promise breaks last.
    let (rare, mut often): (Vec<_>, Vec<_>) =
        sweep.failed.into_iter().partition(|failed| failed.breach.promise == "back");
    assert!(!rare.is_empty());
    often.extend(rare.into_iter().take(1));
    sweep.failed = often;
    let causes = causes(&scenario, &sweep);
    let promises: Vec<_> = causes.reports.iter().map(|report| report.breach.promise).collect();
    assert_eq!(promises, ["seldom", "back"]);
    let [unexamined] = &causes.unexamined[..] else { panic!("{:?}", causes.unexamined) };
    assert_eq!(unexamined.promise, "seldom");
    let listed = causes.reports.iter().map(|report| 1 + report.also.len()).sum::<usize>();
    assert_eq!(listed + unexamined.seeds.len(), sweep.failed.len());
    assert!(listed > 100, "{listed}");
}
