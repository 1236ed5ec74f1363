//! How are promises judged: which is the first that breaks, what was counted, and what does the end of a run still say?

use retrip_sim::check::{
    Breach, Judgement, Sighting, Sometimes, Verdict, always, eventually, is_about, never,
};
use retrip_sim::log::{ClockEvent, Event, Name, What};
use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, Run, run};
use retrip_sim::scenario::{Draft, Scenario};

const STEPS: &str = "1s wall clock jumps 1s; 2s wall clock jumps -2s; 3s wait 1s; 4s wall clock jumps -3s; 5s stall 1s";

fn jump(event: &Event) -> Option<i64> {
    match event.what {
        What::Clock(ClockEvent::Jumps { by, .. }) => Some(by.as_nanos() / 1_000_000_000),
        _ => None,
    }
}

fn played(
    promises: impl Fn(&mut Draft<'_>) + Send + Sync + 'static,
    steps: &str,
    without: &[&str],
) -> Run {
    let scenario = Scenario::new("promises", "what the plan says", promises).bound(50);
    let plan: Plan = format!("promises 0 {steps}").parse().expect("it is a plan");
    let without: Vec<String> = without.iter().map(|&name| name.to_owned()).collect();
    run(&scenario, &Request { without: &without, ..Request::of(&plan) }).expect("it can be run")
}

/// No jump is by more than `least` seconds back; says nothing about anything else.
fn not_back(s: &mut Draft<'_>, name: &'static str, least: i64) {
    s.check(always(name, format!("no jump by {least}s or less"), move |event| match jump(event) {
        None => Judgement::NotConcerned,
        Some(by) if by <= least => Judgement::broken("more", format!("{by}s")),
        Some(_) => Judgement::Holds,
    }));
}

fn verdicts(run: &Run) -> Vec<(&str, u64, bool)> {
    let of = |verdict: &Verdict| (verdict.promise, verdict.judged, verdict.broken);
    run.verdicts.iter().map(of).collect()
}

#[test]
fn the_first_broken_promise_stops_the_run_and_is_the_one_that_is_reported() {
    let both = |s: &mut Draft<'_>| {
        not_back(s, "deep", -3);
        not_back(s, "shallow", -2);
        s.check(eventually("late", "there is a stall", "a stall", |event| jump(event).is_none()));
    };
    let run = played(both, STEPS, &[]);
    let Some(Breach { promise, statement, broken, event }) = &run.breach else { panic!("none") };
    assert_eq!((*promise, &**statement), ("shallow", "no jump by -2s or less"));
    assert_eq!((&*broken.wanted, &*broken.found, *event), ("more", "-2s", Some(1)));
    assert_eq!(run.log.events().len(), 2, "nothing happens after it");
    let wanted = [("deep", 2, false), ("shallow", 2, true), ("late", 0, false)];
    assert_eq!(verdicts(&run), wanted);

    let run = played(both, STEPS, &["shallow"]);
    assert_eq!(run.breach.as_ref().map(|breach| breach.promise), Some("deep"));
    assert_eq!(verdicts(&run), [("deep", 3, true), ("late", 0, false)]);

    let run = played(both, STEPS, &["shallow", "deep"]);
    assert_eq!((verdicts(&run), run.breach.is_some()), (vec![("late", 2, false)], false));
}

#[test]
fn the_end_breaks_what_never_happened_and_the_first_such_promise_counts() {
    let three = |s: &mut Draft<'_>| {
        s.check(eventually("forward", "one forward", "a jump", |event| jump(event) > Some(0)));
        s.check(eventually("far", "one far forward", "a long jump", |event| jump(event) > Some(9)));
        s.check(eventually("further", "one further", "a longer jump", |event| {
            jump(event) > Some(99)
        }));
        s.check(never("never_far", "none far back", |event| {
            jump(event).filter(|&by| by < -9).map(|by| by.to_string())
        }));
    };
    let run = played(three, STEPS, &[]);
    let breach = run.breach.as_ref().expect("it never happens");
    assert_eq!((breach.promise, breach.event), ("far", None));
    assert_eq!((&*breach.broken.wanted, &*breach.broken.found), ("a long jump", "never happened"));
    // One event and the end for the first; the end for the second; nothing any more for the third.
    let wanted =
        [("forward", 2, false), ("far", 1, true), ("further", 0, false), ("never_far", 4, false)];
    assert_eq!(verdicts(&run), wanted);
}

#[test]
fn what_the_engine_finds_wrong_comes_before_what_never_happened() {
    let steps: Vec<String> = (1..=900).map(|nth| format!("{nth}s wait 0s")).collect();
    let asks = |s: &mut Draft<'_>| {
        s.check(eventually("asks", "one jump", "a jump", |event| jump(event).is_some()))
    };
    let run = played(asks, &steps.join("; "), &[]);
    let breach = run.breach.as_ref().expect("it is bounded");
    assert_eq!((breach.promise, run.failure.is_some()), ("no_livelock", true));
    assert_eq!(verdicts(&run), [("asks", 0, false)]);

    let run = played(asks, &steps.join("; "), &["no_livelock"]);
    assert_eq!(run.breach.map(|breach| breach.promise), Some("asks"));
    assert!(run.failure.is_none());
}

#[test]
fn what_must_be_seen_sometimes_is_seen_once_it_happened() {
    let looks = |s: &mut Draft<'_>| {
        s.sometimes(Sometimes::new("back", |event| jump(event) == Some(-2)));
        s.sometimes(Sometimes::new("clock", |event| is_about(event, &Name::from("clock"))));
        s.sometimes(Sometimes::new("nobody", |event| is_about(event, &Name::from("nobody"))));
    };
    let seen = |run: Run| {
        run.sightings.iter().map(|&Sighting { name, seen }| (name, seen)).collect::<Vec<_>>()
    };
    let wanted = [("back", true), ("clock", true), ("nobody", false)];
    assert_eq!(seen(played(looks, STEPS, &[])), wanted);
    assert_eq!(seen(played(looks, "0s wait 1s", &[])), wanted.map(|(name, _)| (name, false)));
}
