//! The breaker's machine against a naive oracle: lists of what happened and when, written apart, that are read as a whole.
//!
//! The oracle shares no code with the machine. Every planted bug must make it find a difference: an oracle that misses
//! one proves nothing.

mod case;
mod journal;
mod oracle;

use case::{Ending, Step};
use oracle::{Call, Mode, Oracle, Totals, nanos};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use retrip_core::breaker::{
    BreakerConfig, Counting, Ended, Event, EventKind, Machine, Moment, Outcome, Stats, Ticket,
    Verdict, plants,
};
use retrip_core::door::{Instant, Plant, Plants, Rules, Sound, Timestamp};
use std::time::Duration;

/// A machine and its oracle, side by side.
struct Pair<'a, R> {
    config: &'a BreakerConfig,
    rules: &'a R,
    now: u64,
    wall_offset: i64,
    machine: Machine,
    journal: Vec<Event>,
    oracle: Oracle,
    calls: Vec<(Ticket, Call)>,
}

impl<R: Rules> Pair<'_, R> {
    fn moment(&self) -> Moment {
        moment(self.now, self.wall_offset)
    }

    fn admit(&mut self) -> Result<(), TestCaseError> {
        let (at, now) = (self.moment(), self.now);
        match (self.machine.admit(at, self.rules, &mut self.journal), self.oracle.admit(now)) {
            (Ok(ticket), Ok(call)) => {
                let is_trial = matches!(self.oracle.mode, Mode::Trying { .. });
                prop_assert_eq!(ticket.generation().as_u64(), call.period);
                prop_assert_eq!(ticket.is_trial(), is_trial);
                self.calls.push((ticket, call));
            }
            (Err(refusal), Err(retry_after)) => {
                prop_assert_eq!(refusal.state, self.oracle.state(now));
                prop_assert_eq!(refusal.retry_after, retry_after.map(Duration::from_nanos));
            }
            (found, wanted) => {
                return Err(TestCaseError::fail(format!("{found:?}, wanted {wanted:?}")));
            }
        }
        Ok(())
    }

    fn end(&mut self, place: usize, ending: Ending) {
        if self.calls.is_empty() {
            return;
        }
        let (ticket, call) = self.calls.remove(place % self.calls.len());
        let (outcome, ended) = match ending {
            Ending::Success | Ending::SuccessFor(_) => (Outcome::Success, Ended::Returned),
            Ending::Failure | Ending::FailureFor(_) => (Outcome::Failure, Ended::Returned),
            Ending::Ignored => (Outcome::Ignored, Ended::Returned),
            Ending::Cancelled => (self.config.cancelled.outcome(), Ended::Cancelled),
            Ending::Panicked => (self.config.panicked.outcome(), Ended::Panicked),
        };
        let asked = match ending {
            Ending::SuccessFor(time) | Ending::FailureFor(time) => Some(time),
            _ => None,
        };
        let verdict = Verdict { outcome, retry_after: asked.map(Duration::from_nanos) };
        let at = self.moment();
        self.machine.complete(ticket, verdict, ended, at, self.rules, &mut self.journal);
        self.oracle.end(call, outcome, asked, self.now);
    }

    fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let (at, now, rules) = (self.moment(), self.now, self.rules);
        let (machine, journal, oracle) = (&mut self.machine, &mut self.journal, &mut self.oracle);
        match step {
            Step::Advance(nanos) => self.now += nanos,
            Step::WallJumps(nanos) => self.wall_offset += nanos,
            Step::Admit => self.admit()?,
            Step::End(place, ending) => self.end(*place, *ending),
            Step::Refresh => {
                machine.refresh(at, rules, journal);
                oracle.refresh(now);
            }
            Step::ForceOpen => {
                machine.force_open(at, rules, journal);
                oracle.change(Mode::Forced);
            }
            Step::Isolate(time) => {
                machine.isolate_for(Duration::from_nanos(*time), at, rules, journal);
                oracle.change(Mode::Isolated { from: now, length: (*time).max(1) });
            }
            Step::Disable => {
                machine.disable(at, rules, journal);
                oracle.change(Mode::Disabled);
            }
            Step::Measure => {
                machine.only_measure(at, rules, journal);
                oracle.change(Mode::Measuring);
            }
            Step::Lift => {
                machine.lift(at, rules, journal);
                oracle.lift(now);
            }
            Step::Reset => {
                machine.reset(at, rules, journal);
                oracle.change(Mode::Closed);
                oracle.forget();
            }
        }
        Ok(())
    }

    /// Takes over how long the machine stays open, where that is a length which jitter can have made.
    fn adopt_interval(&mut self, told: usize) -> Result<(), TestCaseError> {
        for event in &self.journal[told..] {
            let (EventKind::Transition { open_for: Some(found), .. }
            | EventKind::Renewed { open_for: Some(found), .. }) = event.kind
            else {
                continue;
            };
            if let Mode::Open { length, .. } = &mut self.oracle.mode {
                let (found, longest) = (nanos(found), *length);
                *length = found;
                let shortest = self.oracle.shortest(longest);
                // What a failure asks for is not shortened.
                prop_assert!((shortest..=longest).contains(&found), "{found} of {longest}");
            }
        }
        Ok(())
    }

    /// Whether what the machine has counted is what the oracle has.
    fn agrees(&self) -> Result<(), TestCaseError> {
        let (now, oracle) = (self.now, &self.oracle);
        let stats: Stats = self.machine.stats(self.moment(), self.rules);
        let time = |nanos: Option<u64>| nanos.map(Duration::from_nanos);
        prop_assert_eq!(stats.state, oracle.state(now), "at {}", now);
        prop_assert_eq!(stats.control, oracle.control());
        prop_assert_eq!(stats.generation.as_u64(), oracle.period);
        let totals = Totals {
            success: stats.success,
            failure: stats.failure,
            ignored: stats.ignored,
            rejected: stats.rejected,
            stale: stats.stale,
            reclaimed: stats.reclaimed,
            in_flight: stats.in_flight,
            transitions: stats.transitions,
        };
        let counts = self.config.counting == Counting::Calls;
        let calls = |number| if counts { number } else { 0 };
        let wanted = Totals {
            success: calls(oracle.totals.success),
            failure: calls(oracle.totals.failure),
            ignored: calls(oracle.totals.ignored),
            in_flight: calls(oracle.totals.in_flight),
            ..oracle.totals
        };
        prop_assert_eq!(totals, wanted);
        let successes = calls(oracle.in_a_row(Outcome::Success));
        prop_assert_eq!(stats.consecutive_successes, successes);
        prop_assert_eq!(stats.consecutive_failures, oracle.in_a_row(Outcome::Failure));
        prop_assert_eq!(stats.window, oracle.window(now));
        prop_assert_eq!(stats.openings, oracle.openings);
        prop_assert_eq!(stats.retry_after, time(oracle.retry_after(now)));
        prop_assert_eq!(stats.oldest_trial_age, time(oracle.oldest_trial_age(now)));
        prop_assert_eq!(stats.in_flight, calls(self.calls.len() as u64));
        Ok(())
    }
}

/// Runs both through `steps` and fails at the first difference.
fn compare(
    config: &BreakerConfig,
    steps: &[Step],
    rules: &impl Rules,
) -> Result<(), TestCaseError> {
    let machine = Machine::new(config.clone(), moment(0, 0)).expect("a valid configuration");
    let mut pair = Pair {
        config,
        rules,
        now: 0,
        wall_offset: 0,
        machine: machine.seeded(7),
        journal: Vec::new(),
        oracle: Oracle::new(config.clone()),
        calls: Vec::new(),
    };
    for step in steps {
        let told = pair.journal.len();
        pair.step(step)?;
        pair.adopt_interval(told)?;
        pair.agrees()?;
    }
    journal::is_in_order(&pair.journal, config)
}

fn moment(nanos: u64, wall_offset: i64) -> Moment {
    let wall = Timestamp::from_unix_nanos(i128::from(nanos) + i128::from(wall_offset));
    Moment { wall, ..Moment::at(Instant::from_nanos(nanos)) }
}

/// The same cases on every run and every machine.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// One bug switched on.
struct Planted(Plant);

impl Plants for Planted {
    const PLANTS: bool = true;

    fn planted(&self, plant: Plant) -> bool {
        self.0 == plant
    }
}

#[test]
fn the_machine_agrees_with_the_oracle() {
    runner(6000)
        .run(&(case::config(), case::steps()), |(config, steps)| compare(&config, &steps, &Sound))
        .unwrap_or_else(|difference| panic!("{difference}"));
}

#[test]
fn a_plant_that_nobody_asks_for_changes_nothing() {
    let stranger = Planted(Plant::named("nobody_asks_for_this"));
    runner(200)
        .run(&(case::config(), case::steps()), |(config, steps)| {
            compare(&config, &steps, &stranger)
        })
        .unwrap_or_else(|difference| panic!("{difference}"));
}

#[test]
fn the_oracle_finds_every_plant() {
    for plant in plants::OF_DECISIONS {
        let rules = Planted(*plant);
        let found = runner(6000).run(&(case::config(), case::steps()), |(config, steps)| {
            compare(&config, &steps, &rules)
        });
        let reason = match found {
            Err(TestError::Fail(reason, _)) => reason.to_string(),
            other => panic!("{plant:?} makes no difference to the oracle: {other:?}"),
        };
        // A difference is an answer that the oracle does not give, never a crash of the machine.
        assert!(!reason.contains("panicked"), "{plant:?}: {reason}");
    }
}
