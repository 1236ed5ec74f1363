//! A monotonic clock that breaks its word: equal, backward and huge readings.
//!
//! Whatever it shows, the machine never panics, an opening is never shortened, and it never lasts for ever.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use retrip_core::breaker::{
    BreakerConfig, Cause, Ended, Event, EventKind, Machine, Moment, Outcome, State, Ticket, plants,
};
use retrip_core::door::{Instant, Plant, Plants, Rules, Sound};
use std::time::Duration;

#[derive(Clone, Debug)]
enum Act {
    Admit,
    End(usize, Outcome),
    Refresh,
    ForceOpen,
    Reset,
}

fn acts() -> impl Strategy<Value = Vec<(u64, Act)>> {
    let reading = prop_oneof![
        4 => 0_u64..50,
        1 => Just(u64::MAX),
        1 => (0_u64..50).prop_map(|before| u64::MAX - before),
        1 => any::<u64>(),
    ];
    let outcome = prop_oneof![1 => Just(Outcome::Success), 2 => Just(Outcome::Failure), 1 => Just(Outcome::Ignored)];
    let act = prop_oneof![
        8 => Just(Act::Admit),
        8 => (any::<usize>(), outcome).prop_map(|(place, outcome)| Act::End(place, outcome)),
        2 => Just(Act::Refresh),
        1 => Just(Act::ForceOpen),
        1 => Just(Act::Reset),
    ];
    proptest::collection::vec((reading, act), 1..80)
}

fn at(nanos: u64) -> Moment {
    Moment::at(Instant::from_nanos(nanos))
}

fn opens_at_once(open_for: u64) -> BreakerConfig {
    BreakerConfig {
        failure_threshold: Some(1),
        open_for: Duration::from_nanos(open_for),
        ..BreakerConfig::default()
    }
}

/// An opening lasts a whole interval between two of its readings, and ends.
fn opens_for_its_interval(rules: &impl Rules) -> Result<(), String> {
    let config = Config { cases: 2000, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let run = runner.run(&(1_u64..20, acts()), |(open_for, acts)| {
        let mut machine = Machine::new(opens_at_once(open_for), at(7)).expect("valid");
        let mut calls: Vec<Ticket> = Vec::new();
        // The lowest reading seen since the opening, that of the opening included.
        let mut lowest = u64::MAX;
        let mut forced = false;
        for (reading, act) in acts {
            let mut journal: Vec<Event> = Vec::new();
            let now = at(reading);
            match act {
                Act::Admit => calls.extend(machine.admit(now, rules, &mut journal)),
                Act::End(..) if calls.is_empty() => {}
                Act::End(place, outcome) => {
                    let ticket = calls.remove(place % calls.len());
                    let ended = Ended::Returned;
                    machine.complete(ticket, outcome, ended, now, rules, &mut journal);
                }
                Act::Refresh => machine.refresh(now, rules, &mut journal),
                Act::ForceOpen => machine.force_open(now, rules, &mut journal),
                Act::Reset => machine.reset(now, rules, &mut journal),
            }
            lowest = lowest.min(reading);
            for event in &journal {
                match event.kind {
                    EventKind::Transition { cause: Cause::IntervalOver, .. } => {
                        prop_assert!(!forced && reading - lowest >= open_for);
                    }
                    EventKind::Transition { to, cause, .. } => {
                        forced = cause == Cause::Forced;
                        lowest = if to == State::Open { reading } else { u64::MAX };
                    }
                    EventKind::Renewed { cause, .. } => forced = cause == Cause::Forced,
                    _ => {}
                }
            }
            prop_assert_eq!(machine.stats(now, rules).in_flight, calls.len() as u64);
        }
        // As soon as the clock behaves again, one interval is enough.
        let mut journal: Vec<Event> = Vec::new();
        machine.refresh(at(1000), rules, &mut journal);
        machine.refresh(at(1000 + open_for), rules, &mut journal);
        let state = machine.state(at(1000 + open_for), rules);
        prop_assert_eq!(state == State::Open, forced);
        Ok(())
    });
    run.map_err(|difference| difference.to_string())
}

#[test]
fn an_opening_lasts_a_whole_interval_between_two_of_its_readings_and_ends() {
    opens_for_its_interval(&Sound).unwrap_or_else(|difference| panic!("{difference}"));
}

/// One bug, and no other.
struct Planted(Plant);

impl Plants for Planted {
    const PLANTS: bool = true;

    fn planted(&self, plant: Plant) -> bool {
        plant == self.0
    }
}

#[test]
fn each_bug_of_the_machine_about_clocks_is_found() {
    let of_the_gate = plants::GATE_BELIEVES_ITS_CLOCK;
    for plant in plants::OF_CLOCKS.iter().filter(|plant| **plant != of_the_gate) {
        assert!(opens_for_its_interval(&Planted(*plant)).is_err(), "{plant:?} was not found");
    }
}

/// How long the state before a transition lasted.
fn age(event: &Event) -> Option<Duration> {
    match event.kind {
        EventKind::Transition { after, .. } => Some(after),
        _ => None,
    }
}

#[test]
fn an_opening_at_the_end_of_time_neither_ends_at_once_nor_lasts_when_the_clock_comes_back() {
    let mut journal: Vec<Event> = Vec::new();
    let mut machine = Machine::new(opens_at_once(10), at(0)).expect("valid");
    let ticket = machine.admit(at(0), &Sound, &mut journal).expect("closed");
    let failure = (Outcome::Failure, Ended::Returned);
    machine.complete(ticket, failure.0, failure.1, at(u64::MAX), &Sound, &mut journal);
    assert!(machine.admit(at(u64::MAX), &Sound, &mut journal).is_err());

    let refusal = machine.admit(at(100), &Sound, &mut journal).expect_err("begun again at 100");
    assert_eq!(refusal.retry_after, Some(Duration::from_nanos(10)));
    assert!(machine.admit(at(109), &Sound, &mut journal).is_err());
    assert!(machine.admit(at(110), &Sound, &mut journal).is_ok());
    // The state, too, is as old as the readings since the clock came back say.
    let ages: Vec<Duration> = journal.iter().filter_map(age).collect();
    assert_eq!(ages, [u64::MAX, 10].map(Duration::from_nanos));
}
