//! Breakers by key against a naive oracle: a list of who was asked for when, looked through as a whole each time.

use crate::manual::Manual;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use retrip_core::breaker::{
    Bounds, BreakerConfig, CircuitBreaker, KeyedBreakers, OwnedPermit, State, plants,
};
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Debug)]
enum Step {
    Advance(u64),
    Ask(u8),
    Fail(u8),
    Succeed(u8),
    ForceOpen(u8),
    /// Keeps the breaker of a key, or a call in flight where it admits one.
    Hold(u8),
    /// What is held at this place (modulo their number) is let go; a call in flight ends as ignored.
    Release(usize),
    Remove(u8),
    EvictIdle,
    Reset,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = || 0_u8..7;
    let step = prop_oneof![
        8 => (0_u64..8).prop_map(Step::Advance),
        12 => key().prop_map(Step::Ask),
        6 => key().prop_map(Step::Fail),
        3 => key().prop_map(Step::Succeed),
        1 => key().prop_map(Step::ForceOpen),
        2 => key().prop_map(Step::Hold),
        3 => any::<usize>().prop_map(Step::Release),
        1 => key().prop_map(Step::Remove),
        2 => Just(Step::EvictIdle),
        1 => Just(Step::Reset),
    ];
    proptest::collection::vec(step, 1..80)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Closed,
    Open { from: u64 },
    Forced,
}

/// What the oracle knows of a breaker that is there.
#[derive(Clone, Copy, Debug)]
struct Known {
    key: u8,
    /// Which of all that were made.
    number: usize,
    used: u64,
    mode: Mode,
}

struct Oracle {
    capacity: usize,
    idle: u64,
    open_for: u64,
    now: u64,
    made: usize,
    /// The one that was asked for longest ago first.
    known: Vec<Known>,
    /// The numbers of those that somebody holds.
    held: Vec<usize>,
}

impl Oracle {
    fn state(&self, mode: Mode) -> State {
        match mode {
            Mode::Closed => State::Closed,
            Mode::Open { from } if self.now - from >= self.open_for => State::HalfOpen,
            Mode::Open { .. } | Mode::Forced => State::Open,
        }
    }

    fn evict_idle(&mut self) {
        let stays = |known: &Known| {
            self.now - known.used < self.idle
                || self.held.contains(&known.number)
                || self.state(known.mode) == State::Open
        };
        self.known = self.known.iter().copied().filter(stays).collect();
    }

    /// Asks for a key. None where there is no room.
    fn ask(&mut self, key: u8) -> Option<&mut Known> {
        let found = self.known.iter().position(|known| known.key == key);
        let mut known = match found {
            Some(place) => self.known.remove(place),
            None => {
                self.evict_idle();
                if self.known.len() == self.capacity {
                    let goes = |known: &Known| {
                        known.mode == Mode::Closed && !self.held.contains(&known.number)
                    };
                    let place = self.known.iter().position(goes)?;
                    self.known.remove(place);
                }
                self.made += 1;
                Known { key, number: self.made, used: 0, mode: Mode::Closed }
            }
        };
        known.used = self.now;
        self.known.push(known);
        self.known.last_mut()
    }

    fn settle(&mut self, key: u8, mode: Mode) {
        let (now, open_for) = (self.now, self.open_for);
        if let Some(known) = self.ask(key) {
            let rejects = match known.mode {
                Mode::Closed => false,
                Mode::Open { from } => now - from < open_for,
                Mode::Forced => true,
            };
            known.mode = if rejects { known.mode } else { mode };
        }
    }
}

/// What is held.
enum Held {
    Breaker(Arc<CircuitBreaker<Manual>>),
    Call(OwnedPermit<Manual>),
}

/// Breakers by key and their oracle, side by side.
struct Pair {
    clock: Manual,
    keyed: KeyedBreakers<u8, Manual>,
    oracle: Oracle,
    held: Vec<Held>,
}

impl Pair {
    fn new(clock: &Manual, capacity: usize, idle: u64, open_for: u64) -> Self {
        let config = BreakerConfig {
            failure_threshold: Some(1),
            open_for: Duration::from_nanos(open_for),
            success_threshold: 1,
            half_open_permits: 100,
            trial_lease: None,
            ..BreakerConfig::default()
        };
        let bounds = Bounds { idle: Duration::from_nanos(idle), ..Bounds::of(capacity) };
        let keyed = KeyedBreakers::on(clock.clone(), config, bounds).expect("valid");
        let (known, held) = (Vec::new(), Vec::new());
        let oracle = Oracle { capacity, idle, open_for, now: 0, made: 0, known, held };
        clock.set_nanos(0);
        Self { clock: clock.clone(), keyed, oracle, held: Vec::new() }
    }

    fn hold(&mut self, key: u8) {
        let Ok(breaker) = self.keyed.get(&key) else {
            let _ = self.oracle.ask(key);
            return;
        };
        self.held.push(match breaker.acquire_owned() {
            Ok(call) => Held::Call(call),
            Err(_) => Held::Breaker(breaker),
        });
        let number = self.oracle.ask(key).map(|known| known.number);
        self.oracle.held.extend(number);
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Advance(nanos) => {
                self.oracle.now += nanos;
                self.clock.set_nanos(self.oracle.now);
            }
            Step::Ask(key) => {
                let _ = (self.keyed.get(&key), self.oracle.ask(key));
            }
            Step::Fail(key) => {
                let _ = self.keyed.get(&key).map(|found| found.call(|| Err::<(), ()>(())));
                self.oracle.settle(key, Mode::Open { from: self.oracle.now });
            }
            Step::Succeed(key) => {
                let _ = self.keyed.get(&key).map(|found| found.call(|| Ok::<(), ()>(())));
                self.oracle.settle(key, Mode::Closed);
            }
            Step::ForceOpen(key) => {
                let _ = self.keyed.get(&key).map(|breaker| breaker.force_open());
                if let Some(known) = self.oracle.ask(key) {
                    known.mode = Mode::Forced;
                }
            }
            Step::Hold(key) => self.hold(key),
            Step::Release(_) if self.held.is_empty() => {}
            Step::Release(place) => {
                let place = place % self.held.len();
                match self.held.remove(place) {
                    Held::Breaker(breaker) => drop(breaker),
                    Held::Call(call) => call.ignore(),
                }
                // A plant may have kept the oracle from holding what is held.
                if place < self.oracle.held.len() {
                    self.oracle.held.remove(place);
                }
            }
            Step::Remove(key) => {
                self.keyed.remove(&key);
                self.oracle.known.retain(|known| known.key != key);
            }
            Step::EvictIdle => {
                self.keyed.evict_idle();
                self.oracle.evict_idle();
            }
            Step::Reset => {
                self.keyed.reset();
                self.oracle.known.iter_mut().for_each(|known| known.mode = Mode::Closed);
            }
        }
    }

    /// The same keys are there, in the same states.
    fn agrees(&self) -> Result<(), TestCaseError> {
        let breakers = self.keyed.breakers();
        let found: Vec<_> =
            breakers.iter().map(|one| (one.name().to_owned(), one.state())).collect();
        let known = self.oracle.known.iter();
        let mut wanted: Vec<_> =
            known.map(|one| (one.key.to_string(), self.oracle.state(one.mode))).collect();
        wanted.sort();
        prop_assert_eq!(found, wanted, "at {}", self.oracle.now);
        Ok(())
    }
}

/// Capacity, idle time, open interval and steps.
type Case = (usize, u64, u64, Vec<Step>);

/// The same cases on every run and every machine.
fn run(clock: &Manual) -> Result<(), TestError<Case>> {
    let config = Config { cases: 4000, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let case = (1_usize..5, 1_u64..20, 1_u64..20, steps());
    TestRunner::new_with_rng(config, rng).run(&case, |(capacity, idle, open_for, steps)| {
        let mut pair = Pair::new(clock, capacity, idle, open_for);
        for step in &steps {
            pair.step(step);
            pair.agrees()?;
        }
        Ok(())
    })
}

#[test]
fn who_is_there_is_who_the_oracle_says() {
    run(&Manual::default()).unwrap_or_else(|difference| panic!("{difference}"));
}

#[test]
fn the_oracle_finds_every_plant_of_eviction() {
    for plant in plants::OF_EVICTION {
        let found = run(&Manual::planted_with(*plant));
        let reason = match found {
            Err(TestError::Fail(reason, _)) => reason.to_string(),
            other => panic!("{plant:?} makes no difference to the oracle: {other:?}"),
        };
        assert!(!reason.contains("panicked"), "{plant:?}: {reason}");
    }
}

#[test]
fn a_hostile_clock_breaks_no_bound_and_keeps_no_breaker_for_ever() {
    let reading = prop_oneof![
        3 => 0_u64..100,
        1 => any::<u64>(),
        1 => Just(u64::MAX),
    ];
    let step = (reading, 0_u8..9, any::<bool>());
    let config = Config { cases: 1000, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let case = proptest::collection::vec(step, 1..60);
    let run = TestRunner::new_with_rng(config, rng).run(&case, |steps| {
        let mut pair = Pair::new(&Manual::default(), 4, 10, 10);
        for (reading, key, fails) in steps {
            pair.clock.set_nanos(reading);
            if fails {
                let _ = pair.keyed.get(&key).map(|found| found.call(|| Err::<(), ()>(())));
            } else if pair.held.is_empty() {
                pair.hold(key);
            }
            prop_assert!(pair.keyed.len() <= 4);
        }
        // As soon as the clock behaves again, one interval and one idle time are enough.
        pair.held.clear();
        for now in [1000, 1010, 1020] {
            pair.clock.set_nanos(now);
            pair.keyed.evict_idle();
        }
        prop_assert!(pair.keyed.is_empty(), "{:?}", pair.keyed.stats());
        Ok(())
    });
    run.unwrap_or_else(|difference| panic!("{difference}"));
}
