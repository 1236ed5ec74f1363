//! The breaker's machine against a naive oracle: a list of (time, outcome), written apart, that is read as a whole.
//!
//! The oracle shares no code with the machine. Every planted bug must make it find a difference: an oracle that misses
//! one proves nothing.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use retrip_core::breaker::{
    BreakerConfig, CancelPolicy, Counted, Ended, Event, EventKind, Machine, Moment, Outcome,
    PanicPolicy, State, Stats, Ticket, plants,
};
use retrip_core::door::{Instant, Plant, Plants, Rules, Sound, Timestamp};
use std::time::Duration;

/// One step of a test: plain data, so that a failing case can be read.
#[derive(Clone, Debug)]
enum Step {
    Advance(u64),
    WallJumps(i64),
    Admit,
    /// The call in flight at this place (modulo their number) ends.
    End(usize, Ending),
    Refresh,
    ForceOpen,
    Reset,
}

#[derive(Clone, Copy, Debug)]
enum Ending {
    Success,
    Failure,
    Ignored,
    Cancelled,
    Panicked,
}

/// Times are single nanoseconds, so that both sides of each boundary come up often.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let ending = prop_oneof![
        4 => Just(Ending::Success),
        6 => Just(Ending::Failure),
        1 => Just(Ending::Ignored),
        1 => Just(Ending::Cancelled),
        1 => Just(Ending::Panicked),
    ];
    let step = prop_oneof![
        6 => (0_u64..8).prop_map(Step::Advance),
        1 => (-20_i64..20).prop_map(Step::WallJumps),
        12 => Just(Step::Admit),
        12 => (any::<usize>(), ending).prop_map(|(place, ending)| Step::End(place, ending)),
        2 => Just(Step::Refresh),
        1 => Just(Step::ForceOpen),
        1 => Just(Step::Reset),
    ];
    proptest::collection::vec(step, 1..120)
}

fn config() -> impl Strategy<Value = BreakerConfig> {
    let cancelled = prop_oneof![Just(CancelPolicy::Ignored), Just(CancelPolicy::Failure)];
    let panicked = prop_oneof![Just(PanicPolicy::Failure), Just(PanicPolicy::Ignored)];
    (1_u32..4, 1_u64..10, 1_u32..4, 0_u32..3, cancelled, panicked).prop_map(
        |(failures, open_for, successes, spare, cancelled, panicked)| BreakerConfig {
            failure_threshold: failures,
            open_for: Duration::from_nanos(open_for),
            success_threshold: successes,
            half_open_permits: successes + spare,
            cancelled,
            panicked,
        },
    )
}

/// What the oracle believes the breaker to be doing since it last changed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Closed,
    OpenSince(u64),
    Forced,
    Trying,
}

/// The naive model: the present period's admissions and its list of results, looked at as a whole each time.
struct Oracle {
    config: BreakerConfig,
    mode: Mode,
    period: u64,
    admitted: u32,
    results: Vec<(u64, Outcome)>,
    /// All results that counted since the last reset, whatever the period.
    row: Vec<Outcome>,
    totals: Totals,
}

#[derive(Debug, Default, PartialEq)]
struct Totals {
    success: u64,
    failure: u64,
    ignored: u64,
    rejected: u64,
    stale: u64,
    in_flight: u64,
    transitions: u64,
}

impl Oracle {
    fn new(config: BreakerConfig) -> Self {
        let (results, row, totals) = (Vec::new(), Vec::new(), Totals::default());
        Self { config, mode: Mode::Closed, period: 0, admitted: 0, results, row, totals }
    }

    fn state(&self, now: u64) -> State {
        match self.mode {
            Mode::Closed => State::Closed,
            Mode::OpenSince(opened) if self.left(opened, now) > 0 => State::Open,
            Mode::OpenSince(_) | Mode::Trying => State::HalfOpen,
            Mode::Forced => State::Open,
        }
    }

    fn left(&self, opened: u64, now: u64) -> u64 {
        let open_for = u64::try_from(self.config.open_for.as_nanos()).expect("a few nanoseconds");
        (opened + open_for).saturating_sub(now)
    }

    fn change(&mut self, mode: Mode) {
        let is_open = |mode| matches!(mode, Mode::OpenSince(_) | Mode::Forced);
        let same = mode == self.mode || is_open(mode) && is_open(self.mode);
        self.totals.transitions += u64::from(!same);
        self.mode = mode;
        self.period += 1;
        self.admitted = 0;
        self.results.clear();
    }

    fn refresh(&mut self, now: u64) {
        if matches!(self.mode, Mode::OpenSince(opened) if self.left(opened, now) == 0) {
            self.change(Mode::Trying);
        }
    }

    /// The period of the admitted call, or when to retry.
    fn admit(&mut self, now: u64) -> Result<u64, Option<u64>> {
        self.refresh(now);
        let holding = self.admitted - self.count(Outcome::Ignored);
        let refusal = match self.mode {
            Mode::Closed => None,
            Mode::Trying if holding < self.config.half_open_permits => None,
            Mode::Trying => Some(Some(0)),
            Mode::OpenSince(opened) => Some(Some(self.left(opened, now))),
            Mode::Forced => Some(None),
        };
        if let Some(retry_after) = refusal {
            self.totals.rejected += 1;
            return Err(retry_after);
        }
        self.admitted += 1;
        self.totals.in_flight += 1;
        Ok(self.period)
    }

    /// How many of the last results that say anything are `outcome`, without a break.
    fn in_a_row(&self, outcome: Outcome) -> usize {
        let telling = self.row.iter().rev().filter(|found| **found != Outcome::Ignored);
        telling.take_while(|found| **found == outcome).count()
    }

    /// How many of the period's results are `outcome`.
    fn count(&self, outcome: Outcome) -> u32 {
        self.results.iter().map(|(_, found)| u32::from(*found == outcome)).sum()
    }

    fn end(&mut self, period: u64, outcome: Outcome, now: u64) {
        self.totals.in_flight -= 1;
        match outcome {
            Outcome::Success => self.totals.success += 1,
            Outcome::Failure => self.totals.failure += 1,
            Outcome::Ignored => self.totals.ignored += 1,
        }
        if period != self.period {
            self.totals.stale += 1;
            return;
        }
        self.results.push((now, outcome));
        self.row.push(outcome);
        match self.mode {
            Mode::Closed => {
                let heard = self.results.iter().filter(|(_, heard)| *heard != Outcome::Ignored);
                let run = heard.rev().take_while(|(_, heard)| *heard == Outcome::Failure).count();
                if u32::try_from(run).expect("a short list") == self.config.failure_threshold {
                    self.change(Mode::OpenSince(now));
                }
            }
            Mode::Trying if self.count(Outcome::Failure) > 0 => self.change(Mode::OpenSince(now)),
            Mode::Trying if self.count(Outcome::Success) == self.config.success_threshold => {
                self.change(Mode::Closed);
            }
            Mode::Trying | Mode::OpenSince(_) | Mode::Forced => {}
        }
    }
}

/// Runs both through `steps` and fails at the first difference.
fn compare(
    config: &BreakerConfig,
    steps: &[Step],
    rules: &impl Rules,
) -> Result<(), TestCaseError> {
    let mut wall_offset = 0_i64;
    let mut now = 0_u64;
    let mut journal: Vec<Event> = Vec::new();
    let mut machine = Machine::new(config.clone(), moment(0, 0)).expect("a valid configuration");
    let mut oracle = Oracle::new(config.clone());
    let mut calls: Vec<(Ticket, u64)> = Vec::new();

    for step in steps {
        let at = moment(now, wall_offset);
        match step {
            Step::Advance(nanos) => now += nanos,
            Step::WallJumps(nanos) => wall_offset += nanos,
            Step::Admit => match (machine.admit(at, rules, &mut journal), oracle.admit(now)) {
                (Ok(ticket), Ok(period)) => {
                    prop_assert_eq!(ticket.generation().as_u64(), period);
                    prop_assert_eq!(ticket.is_trial(), oracle.mode == Mode::Trying);
                    calls.push((ticket, period));
                }
                (Err(refusal), Err(retry_after)) => {
                    prop_assert_eq!(refusal.state, oracle.state(now));
                    prop_assert_eq!(refusal.retry_after, retry_after.map(Duration::from_nanos));
                }
                (found, wanted) => {
                    return Err(TestCaseError::fail(format!("{found:?}, wanted {wanted:?}")));
                }
            },
            Step::End(..) if calls.is_empty() => {}
            Step::End(place, ending) => {
                let (ticket, period) = calls.remove(place % calls.len());
                let (outcome, ended) = match ending {
                    Ending::Success => (Outcome::Success, Ended::Returned),
                    Ending::Failure => (Outcome::Failure, Ended::Returned),
                    Ending::Ignored => (Outcome::Ignored, Ended::Returned),
                    Ending::Cancelled => (config.cancelled.outcome(), Ended::Cancelled),
                    Ending::Panicked => (config.panicked.outcome(), Ended::Panicked),
                };
                machine.complete(ticket, outcome, ended, at, rules, &mut journal);
                oracle.end(period, outcome, now);
            }
            Step::Refresh => {
                machine.refresh(at, rules, &mut journal);
                oracle.refresh(now);
            }
            Step::ForceOpen => {
                machine.force_open(at, rules, &mut journal);
                oracle.change(Mode::Forced);
            }
            Step::Reset => {
                machine.reset(at, rules, &mut journal);
                oracle.change(Mode::Closed);
                oracle.row.clear();
            }
        }
        let stats = machine.stats(moment(now, wall_offset), rules);
        agrees(&stats, &oracle, now)?;
        prop_assert_eq!(usize::try_from(stats.in_flight), Ok(calls.len()));
    }
    journal_is_in_order(&journal, config)
}

/// Whether what the machine has counted is what the oracle has.
fn agrees(stats: &Stats, oracle: &Oracle, now: u64) -> Result<(), TestCaseError> {
    prop_assert_eq!(stats.state, oracle.state(now), "at {}", now);
    prop_assert_eq!(stats.generation.as_u64(), oracle.period);
    let totals = Totals {
        success: stats.success,
        failure: stats.failure,
        ignored: stats.ignored,
        rejected: stats.rejected,
        stale: stats.stale,
        in_flight: stats.in_flight,
        transitions: stats.transitions,
    };
    prop_assert_eq!(&totals, &oracle.totals);
    let rows = (stats.consecutive_successes, stats.consecutive_failures);
    let rows_wanted = (oracle.in_a_row(Outcome::Success), oracle.in_a_row(Outcome::Failure));
    prop_assert_eq!(rows, (rows_wanted.0 as u64, rows_wanted.1 as u64));
    Ok(())
}

fn moment(nanos: u64, wall_offset: i64) -> Moment {
    let wall = Timestamp::from_unix_nanos(i128::from(nanos) + i128::from(wall_offset));
    Moment { wall, ..Moment::at(Instant::from_nanos(nanos)) }
}

/// No gaps, readings in order, legal edges only, and each new generation by exactly one event.
fn journal_is_in_order(journal: &[Event], config: &BreakerConfig) -> Result<(), TestCaseError> {
    let (mut state, mut generation, mut last) = (State::Closed, 0, Instant::ORIGIN);
    let mut entered = Instant::ORIGIN;
    for (order, event) in (0..).zip(journal) {
        prop_assert_eq!(event.order, order);
        prop_assert!(event.at >= last);
        last = event.at;
        match &event.kind {
            EventKind::Transition { from, to, after, .. } => {
                prop_assert_eq!(*from, state);
                prop_assert_ne!(from, to);
                prop_assert_ne!((*from, *to), (State::Closed, State::HalfOpen));
                prop_assert_eq!(*after, event.at.saturating_duration_since(entered));
                (state, generation, entered) = (*to, generation + 1, event.at);
            }
            EventKind::Renewed { state: renewed, .. } => {
                prop_assert_eq!(*renewed, state);
                generation += 1;
            }
            EventKind::TrialBegins { trial, permits } => {
                prop_assert_eq!(state, State::HalfOpen);
                prop_assert_eq!(*permits, config.half_open_permits);
                prop_assert!((1..=*permits).contains(trial));
            }
            EventKind::Completed { admitted_in, counted, .. } => {
                let current = admitted_in.as_u64() == generation;
                prop_assert_eq!(*counted == Counted::Yes, current);
            }
            EventKind::Rejected { state: refusing, .. } => prop_assert_eq!(*refusing, state),
            other => return Err(TestCaseError::fail(format!("an unknown event: {other:?}"))),
        }
        prop_assert_eq!(event.generation.as_u64(), generation);
    }
    Ok(())
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
    runner(3000)
        .run(&(config(), steps()), |(config, steps)| compare(&config, &steps, &Sound))
        .unwrap_or_else(|difference| panic!("{difference}"));
}

#[test]
fn a_plant_that_nobody_asks_for_changes_nothing() {
    let stranger = Planted(Plant::named("nobody_asks_for_this"));
    runner(200)
        .run(&(config(), steps()), |(config, steps)| compare(&config, &steps, &stranger))
        .unwrap_or_else(|difference| panic!("{difference}"));
}

#[test]
fn the_oracle_finds_every_plant() {
    for plant in plants::OF_DECISIONS {
        let rules = Planted(*plant);
        let found = runner(3000)
            .run(&(config(), steps()), |(config, steps)| compare(&config, &steps, &rules));
        let reason = match found {
            Err(TestError::Fail(reason, _)) => reason.to_string(),
            other => panic!("{plant:?} makes no difference to the oracle: {other:?}"),
        };
        // A difference is an answer that the oracle does not give, never a crash of the machine.
        assert!(!reason.contains("panicked"), "{plant:?}: {reason}");
    }
}
