//! Does whoever looks for causes and for smaller cases end within a few runs once it is stopped, and lose nothing?

use retrip_sim::check::{Judgement, always};
use retrip_sim::determinism::Testimony;
use retrip_sim::log::{ClockEvent, Event, What};
use retrip_sim::part::clock;
use retrip_sim::plan::Plan;
use retrip_sim::report::{Case, Causes, ExamineRequest, Report, Reproduction, examine};
use retrip_sim::run::{Request, run};
use retrip_sim::scenario::{DraftError, Scenario};
use retrip_sim::seed::Seed;
use retrip_sim::shrink::{Ending, Shrunk, shrink_until};
use retrip_sim::sweep::Failed;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::Duration;

/// Counts runs, and sets a flag with one of them.
#[derive(Clone, Default)]
struct Alarm {
    runs: Arc<AtomicU64>,
    rings_with: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

impl Alarm {
    fn set(&self, rings_with: u64) {
        self.runs.store(0, SeqCst);
        self.rings_with.store(rings_with, SeqCst);
        self.stop.store(rings_with == 0, SeqCst);
    }

    fn ran(&self) {
        if self.runs.fetch_add(1, SeqCst) + 1 == self.rings_with.load(SeqCst) {
            self.stop.store(true, SeqCst);
        }
    }
}

/// It never rings.
const NEVER: u64 = u64::MAX;

/// Nothing is kept of what failing seeds left behind.
static NOTHING: BTreeMap<Seed, Testimony> = BTreeMap::new();

fn jump(event: &Event) -> Option<i64> {
    match event.what {
        What::Clock(ClockEvent::Jumps { by, .. }) => Some(by.as_nanos()),
        _ => None,
    }
}

/// A clock is set forty times among steps that do not matter. One seed in four has another cause, and one in four breaks
/// another promise.
fn often_set(alarm: &Alarm) -> Scenario {
    let alarm = alarm.clone();
    Scenario::new("often_set", "a clock is set again and again", move |s| {
        let mut script = s.generator("script");
        let (other, back) = (script.within(0..=3), script.within(1..=999));
        for nth in 0..40 {
            let at = Duration::from_millis(nth + 1);
            let by = Duration::from_nanos(back + nth);
            s.at(at, if other == 1 { clock().jumps_forward(by) } else { clock().jumps_back(by) });
            s.at(at, clock().jumps_forward(Duration::ZERO));
        }
        let (mut times, alarm) = (0, alarm.clone());
        s.check(always("seldom", "clocks are seldom set", move |event| {
            if times == 0 {
                alarm.ran();
            }
            times += u32::from(jump(event).is_some_and(|by| by != 0));
            let enough = times < 30 || other == 2;
            if enough { Judgement::Holds } else { Judgement::broken("few", format!("by {back}")) }
        }));
        let mut set_back = 0;
        s.check(always("once", "no clock is set back twice", move |event| {
            set_back += u32::from(other == 2 && jump(event).is_some_and(|by| by < 0));
            if set_back < 20 { Judgement::Holds } else { Judgement::broken("once", "twice") }
        }));
    })
}

fn failing(scenario: &Scenario) -> Vec<Failed> {
    let failed = (0..24).map(Seed::new).filter_map(|seed| {
        let plan = Plan::drawn(scenario.name(), seed).expect("a name");
        let breach = run(scenario, &Request::of(&plan)).expect("it runs").breach?;
        Some(Failed { seed, breach })
    });
    failed.collect()
}

fn examined(scenario: &Scenario, failed: &[Failed], stop: &AtomicBool) -> Causes {
    let kept = &NOTHING;
    let request = ExamineRequest { failed, plants: &[], without: &[], kept, strategy: None, stop };
    let again =
        |request: &Request<'_>| Ok::<_, DraftError>(Testimony::of(&run(scenario, request)?));
    examine(scenario, &request, again).expect("it runs")
}

/// Whether the line to paste breaks the promise of its report.
fn is_shown_again(scenario: &Scenario, report: &Report) -> bool {
    let again = run(scenario, &Request::of(&report.replay.plan)).expect("the line can be run");
    again.breach.is_some_and(|again| again.promise == report.breach.promise)
}

/// Runs that may be made behind the signal: the one that is under way ends, what a search has is run once, and what has just
/// been made smaller is compared.
const FEW: u64 = 12;

#[test]
fn an_examination_that_is_stopped_ends_within_a_few_runs_and_loses_no_failing_seed() {
    let alarm = Alarm::default();
    let scenario = often_set(&alarm);
    alarm.set(NEVER);
    let failed = failing(&scenario);
    assert_eq!(failed.len(), 24);
    alarm.set(NEVER);
    let whole = examined(&scenario, &failed, &alarm.stop);
    let all = alarm.runs.load(SeqCst);
    assert!(all > 1_000 && whole.reports.len() > 2, "{all} runs, {whole:#?}");
    let mut endings = BTreeSet::new();
    let places = [0, 1, 2, 3, 30, 119, 121, 130, 200, all / 3, all / 2, all - 5];
    for rings_with in places {
        alarm.set(rings_with);
        let causes = examined(&scenario, &failed, &alarm.stop);
        let runs = alarm.runs.load(SeqCst);
        assert!(runs <= rings_with + FEW, "{runs} runs, stopped with number {rings_with}");
        let mut listed: Vec<Seed> = Vec::new();
        for report in &causes.reports {
            listed.extend([report.seed].iter().chain(&report.also));
            assert!(is_shown_again(&scenario, report), "{report}");
            match &report.case {
                Case::Minimal { .. } => {
                    endings.insert("minimal");
                }
                Case::SoFar { plan, .. } => {
                    endings.insert("so far");
                    assert_eq!(report.reproduction, Reproduction::NotRunAgain);
                    assert!(plan.script.as_ref().is_some_and(|script| script.len() < 80));
                    assert!(report.to_string().contains(": stopped before it was smallest\n"));
                }
                Case::Unexamined => {
                    endings.insert("unexamined");
                    let found = failed.iter().find(|failed| failed.seed == report.seed);
                    assert_eq!(Some(&report.breach), found.map(|failed| &failed.breach));
                    assert_eq!(report.reproduction, Reproduction::NotRunAgain);
                    let replay = format!("replay 'often_set {}'\n", report.seed);
                    assert!(report.to_string().contains(&replay), "{report}");
                }
                other => panic!("{other:?}"),
            }
        }
        listed.sort_unstable();
        let wanted: Vec<Seed> = failed.iter().map(|failed| failed.seed).collect();
        assert_eq!((listed, causes.unexamined.len()), (wanted, 0), "each is listed once");
    }
    assert_eq!(endings, ["minimal", "so far", "unexamined"].into());
}

#[test]
fn seeds_that_were_not_examined_are_listed_by_what_they_break_whatever_its_numbers() {
    let alarm = Alarm::default();
    let scenario = often_set(&alarm);
    alarm.set(NEVER);
    let failed = failing(&scenario);
    alarm.set(0);
    let causes = examined(&scenario, &failed, &alarm.stop);
    assert_eq!(alarm.runs.load(SeqCst), 0);
    let promises = causes.reports.iter().map(|report| report.breach.promise);
    let promises: BTreeSet<_> = promises.collect();
    assert_eq!((causes.reports.len(), promises), (2, ["once", "seldom"].into()));
}

#[test]
fn what_a_stopped_search_gives_is_smaller_than_what_it_was_given_or_that_itself() {
    let alarm = Alarm::default();
    let scenario = often_set(&alarm);
    let plan = Plan::drawn("often_set", Seed::new(0)).expect("a name");
    let shrunk = |rings_with| {
        alarm.set(rings_with);
        let shrunk = shrink_until(&scenario, &Request::of(&plan), &alarm.stop);
        let shrunk = shrunk.expect("it runs").expect("it fails");
        assert!(alarm.runs.load(SeqCst) <= rings_with.saturating_add(FEW));
        assert!(shrunk.run.breach.is_some());
        shrunk
    };
    let steps = |shrunk: &Shrunk| shrunk.plan.script.as_ref().map(Vec::len);
    let whole = shrunk(NEVER);
    assert_eq!((whole.ending, steps(&whole)), (Ending::Itself, Some(20)));
    let early = shrunk(2);
    assert_eq!((early.ending, &early.plan), (Ending::StoppedAtOnce, &plan));
    let half = shrunk(12);
    assert_eq!(half.ending, Ending::Stopped);
    assert!(steps(&half) > steps(&whole) && steps(&half) < Some(80), "{:?}", steps(&half));
}

#[test]
fn a_fresh_process_that_the_signal_ends_as_well_is_no_error() {
    let alarm = Alarm::default();
    let scenario = often_set(&alarm);
    alarm.set(NEVER);
    let failed = failing(&scenario);
    alarm.set(NEVER);
    let request = ExamineRequest {
        failed: &failed[..2],
        plants: &[],
        without: &[],
        kept: &NOTHING,
        strategy: None,
        stop: &alarm.stop,
    };
    let stopped = alarm.stop.clone();
    let causes = examine(&scenario, &request, |_: &Request<'_>| {
        stopped.store(true, SeqCst);
        // Any error will do.
        Err(DraftError::Node { node: "nowhere".to_owned(), known: Vec::new() })
    });
    let causes = causes.expect("what was found is kept");
    let [first, second] = &causes.reports[..] else { panic!("{causes:#?}") };
    assert!(matches!(first.case, Case::Minimal { .. }), "{first}");
    assert_eq!(first.reproduction, Reproduction::NotRunAgain);
    assert_eq!(second.case, Case::Unexamined);
}
