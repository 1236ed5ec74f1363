//! Does a breaker that decides without its lock where it can, decide the same as one that never does?

use crate::manual::Manual;
use parking_lot::Mutex;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use retrip_core::breaker::{
    BreakerConfig, CircuitBreaker, Counting, Event, EventKind, Generation, Interest, Latencies,
    Listener, Outcome, OwnedPermit, Share, SlowCalls, Span, Stats, Timing, Window,
};
use retrip_core::door::Instant;
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Debug)]
enum Step {
    /// The clock goes this far ahead, or back.
    Moves(i64),
    Admit,
    /// The call in flight at this place (modulo their number) ends; with nothing to tell it is dropped.
    End(usize, Option<Outcome>),
    Rejects,
    Read,
    Refresh,
    ForceOpen,
    Isolate(u64),
    Disable,
    Measure,
    Lift,
    Reset,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let ending = prop_oneof![
        6 => Just(Some(Outcome::Success)),
        6 => Just(Some(Outcome::Failure)),
        1 => Just(Some(Outcome::Ignored)),
        1 => Just(None),
    ];
    let step = prop_oneof![
        6 => (0_i64..8).prop_map(Step::Moves),
        1 => (-20_i64..0).prop_map(Step::Moves),
        16 => Just(Step::Admit),
        16 => (any::<usize>(), ending).prop_map(|(place, ending)| Step::End(place, ending)),
        2 => Just(Step::Rejects),
        2 => Just(Step::Read),
        1 => Just(Step::Refresh),
        1 => Just(Step::ForceOpen),
        1 => (0_u64..12).prop_map(Step::Isolate),
        1 => Just(Step::Disable),
        1 => Just(Step::Measure),
        2 => Just(Step::Lift),
        1 => Just(Step::Reset),
    ];
    proptest::collection::vec(step, 1..100)
}

fn window() -> impl Strategy<Value = Window> {
    let bucket = (1_u64..6).prop_map(Duration::from_nanos);
    let span = prop_oneof![
        (2_u32..8).prop_map(Span::Calls),
        (bucket, 1_u32..6).prop_map(|(bucket, buckets)| Span::Time { bucket, buckets }),
    ];
    let share = || (1_u32..=100).prop_map(Share::percent);
    let slower_than = (1_u64..6).prop_map(Duration::from_nanos);
    let slow =
        (slower_than, share()).prop_map(|(slower_than, rate)| SlowCalls { slower_than, rate });
    (span, 1_u32..3, option::of(share()), option::of(slow)).prop_map(
        |(span, minimum_calls, failure_rate, slow_calls)| Window {
            span,
            minimum_calls,
            failure_rate: failure_rate.or(slow_calls.is_none().then(|| Share::percent(50))),
            slow_calls,
        },
    )
}

/// Makes its breaker take the lock for every call.
pub(crate) struct HearsEverything;

impl Listener for HearsEverything {
    fn interest(&self) -> Interest {
        Interest::Everything
    }

    fn on_event(&self, _breaker: &str, _event: &Event) {}
}

/// Writes down the sums of rejections.
#[derive(Default)]
struct HearsSums(Mutex<Vec<(Generation, EventKind)>>);

impl Listener for HearsSums {
    fn interest(&self) -> Interest {
        Interest::Notable
    }

    fn on_event(&self, _breaker: &str, event: &Event) {
        if matches!(event.kind, EventKind::Rejections { .. }) {
            self.0.lock().push((event.generation, event.kind.clone()));
        }
    }
}

/// A breaker, its calls in flight, and its clock.
struct Side {
    clock: Manual,
    breaker: Arc<CircuitBreaker<Manual>>,
    calls: Vec<OwnedPermit<Manual>>,
}

impl Side {
    fn new(config: &BreakerConfig, listeners: &[Arc<dyn Listener>]) -> Self {
        let clock = Manual::default();
        let breaker = CircuitBreaker::on(clock.clone(), "llm", config.clone()).expect("valid");
        let breaker = listeners.iter().cloned().fold(breaker, CircuitBreaker::listen);
        let breaker = Arc::new(breaker);
        Self { clock, breaker, calls: Vec::new() }
    }

    /// What the step shows to whoever takes it.
    fn step(&mut self, step: &Step, now: u64) -> String {
        self.clock.set_nanos(now);
        let breaker = &self.breaker;
        match step {
            Step::Moves(_) => {}
            Step::Admit => match breaker.acquire_owned() {
                Ok(permit) => {
                    let shown = format!("{:?} {}", permit.generation(), permit.is_trial());
                    self.calls.push(permit);
                    return shown;
                }
                Err(rejected) => return rejected.to_string(),
            },
            Step::End(..) if self.calls.is_empty() => {}
            Step::End(place, ending) => {
                let permit = self.calls.remove(place % self.calls.len());
                match ending {
                    Some(outcome) => permit.complete(*outcome),
                    None => drop(permit),
                }
            }
            Step::Rejects => {
                let answer = breaker.call_or(|_| "fallback", || Ok::<_, ()>("call"));
                return format!("{answer:?}");
            }
            Step::Read => {}
            Step::Refresh => return breaker.refresh().to_string(),
            Step::ForceOpen => breaker.force_open(),
            Step::Isolate(time) => breaker.isolate_for(Duration::from_nanos(*time)),
            Step::Disable => breaker.disable(),
            Step::Measure => breaker.only_measure(),
            Step::Lift => breaker.lift(),
            Step::Reset => breaker.reset(),
        }
        String::new()
    }

    /// What can be read, without what only timed calls tell: when one succeeded, how long each took, and that the clock has
    /// gone back since the state began.
    fn read(&self) -> Stats {
        let mut stats = self.breaker.stats();
        assert_eq!(stats.state, self.breaker.state());
        stats.last_success = None;
        stats.since = Instant::ORIGIN;
        stats.latencies = Latencies::default();
        stats
    }
}

/// Compares with a breaker that always takes the lock, where `sums` are heard of both, or of neither.
fn compare(
    config: &BreakerConfig,
    steps: &[Step],
    sums: Option<[Arc<HearsSums>; 2]>,
) -> Result<(), TestCaseError> {
    let heard = |place: usize| sums.as_ref().map(|sums| sums[place].clone() as Arc<dyn Listener>);
    let everything: Arc<dyn Listener> = Arc::new(HearsEverything);
    let mut free = Side::new(config, &Vec::from_iter(heard(0)));
    let mut locked = Side::new(config, &Vec::from_iter(heard(1).into_iter().chain([everything])));
    let mut now = 100_u64;
    for step in steps {
        if let Step::Moves(by) = step {
            now = now.saturating_add_signed(*by);
        }
        prop_assert_eq!(free.step(step, now), locked.step(step, now), "{:?} at {}", step, now);
        prop_assert_eq!(free.read(), locked.read(), "after {:?} at {}", step, now);
        if let Some([free, locked]) = &sums {
            let (free, locked) = (free.0.lock(), locked.0.lock());
            prop_assert_eq!(&*free, &*locked, "after {:?} at {}", step, now);
        }
    }
    Ok(())
}

#[test]
fn nobody_can_tell_whether_the_lock_was_taken() {
    let config = (option::weighted(0.7, 1_u32..5), 1_u64..10, 1_u32..3);
    let timing = prop_oneof![3 => Just(Timing::Decisions), 1 => Just(Timing::Calls)];
    let counting = prop_oneof![3 => Just(Counting::Calls), 1 => Just(Counting::Rejections)];
    let config = (config, option::of(window()), timing, counting).prop_map(
        |((failures, open_for, successes), window, timing, counting)| BreakerConfig {
            failure_threshold: failures.or(window.is_none().then_some(1)),
            window,
            open_for: Duration::from_nanos(open_for),
            success_threshold: successes,
            trial_lease: Some(Duration::from_nanos(15)),
            timing,
            counting,
            ..BreakerConfig::default()
        },
    );
    let settings = Config { cases: 3000, failure_persistence: None, ..Config::default() };
    let draws = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(settings, draws)
        .run(&(config, steps()), |(config, steps)| {
            compare(&config, &steps, None)?;
            compare(&config, &steps, Some(Default::default()))
        })
        .unwrap_or_else(|difference| panic!("{difference}"));
}
