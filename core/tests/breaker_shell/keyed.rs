//! Breakers by key: who goes when a new key comes, and who never does.

use crate::manual::Manual;
use parking_lot::Mutex;
use retrip_core::breaker::{
    Bounds, BreakerConfig, ConfigError, Event, EventKind, Full, Interest, KeyedBreakers, Listener,
    State,
};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

/// Opens at the first failure, for 30 s.
fn config() -> BreakerConfig {
    BreakerConfig {
        failure_threshold: Some(1),
        open_for: Duration::from_secs(30),
        success_threshold: 1,
        ..BreakerConfig::default()
    }
}

/// So many breakers at most, idle after a minute.
fn keyed(clock: &Manual, capacity: usize) -> KeyedBreakers<u32, Manual> {
    let bounds = Bounds { idle: Duration::from_secs(60), ..Bounds::of(capacity) };
    KeyedBreakers::on(clock.clone(), config(), bounds).expect("valid")
}

fn names(keyed: &KeyedBreakers<u32, Manual>) -> Vec<String> {
    keyed.breakers().iter().map(|breaker| breaker.name().to_owned()).collect()
}

fn opens(keyed: &KeyedBreakers<u32, Manual>, key: u32) {
    keyed.get(&key).expect("room").acquire().expect("closed").failure();
}

#[test]
fn a_key_has_one_breaker_and_gives_it_its_name() {
    let keyed = keyed(&Manual::default(), 8);
    assert!(keyed.is_empty() && keyed.find(&7).is_none());
    let (first, again) = (keyed.get(&7).expect("room"), keyed.get(&7).expect("room"));
    assert!(Arc::ptr_eq(&first, &again));
    assert!(Arc::ptr_eq(&first, &keyed.find(&7).expect("it is there")));
    assert_eq!((first.name(), first.config(), keyed.len()), ("7", &config(), 1));
}

#[test]
fn a_configuration_that_cannot_work_is_refused_before_the_first_key() {
    let never = BreakerConfig { success_threshold: 0, ..config() };
    let refused = KeyedBreakers::<u32>::new(never, Bounds::default()).err();
    assert_eq!(refused, Some(ConfigError::ZeroSuccessThreshold));
}

#[test]
fn the_one_that_was_asked_for_longest_ago_goes_for_a_new_key() {
    let keyed = keyed(&Manual::default(), 3);
    for key in [1, 2, 3, 1, 4] {
        keyed.get(&key).expect("room");
    }
    assert_eq!(names(&keyed), ["1", "3", "4"]);
}

#[test]
fn an_idle_breaker_goes_from_exactly_its_idle_time_on() {
    let clock = Manual::default();
    let keyed = keyed(&clock, 8);
    keyed.get(&1).expect("room");
    keyed.get(&2).expect("room");
    clock.set_seconds(30);
    keyed.get(&1).expect("room");
    clock.set_nanos(59_999_999_999);
    assert_eq!(keyed.evict_idle(), 0);
    clock.set_seconds(60);
    keyed.get(&3).expect("room");
    assert_eq!(names(&keyed), ["1", "3"]);
    clock.set_seconds(90);
    assert_eq!((keyed.evict_idle(), names(&keyed)), (1, vec!["3".to_owned()]));
}

#[test]
fn an_open_breaker_stays_and_one_that_waits_for_trials_goes_once_it_is_idle() {
    let clock = Manual::default();
    let keyed = keyed(&clock, 1);
    clock.set_seconds(10);
    opens(&keyed, 1);
    let full = Full { capacity: NonZeroUsize::MIN };
    assert_eq!(keyed.get(&2).err(), Some(full));
    assert!(full.to_string().contains("none of 1 breakers"));
    // Half-open by now, and not idle.
    clock.set_seconds(69);
    assert_eq!(keyed.breakers()[0].state(), State::HalfOpen);
    assert_eq!(keyed.get(&2).err(), Some(full));
    clock.set_seconds(70);
    keyed.get(&2).expect("the other one is idle");
    assert_eq!(names(&keyed), ["2"]);
}

#[test]
fn what_was_said_by_hand_stays_until_it_is_lifted() {
    let clock = Manual::default();
    let keyed = keyed(&clock, 4);
    keyed.get(&1).expect("room").force_open();
    keyed.get(&2).expect("room").disable();
    keyed.get(&3).expect("room").only_measure();
    keyed.get(&4).expect("room").isolate_for(Duration::from_secs(3600));
    clock.set_seconds(3599);
    assert_eq!((keyed.evict_idle(), keyed.get(&5).is_err()), (0, true));
    clock.set_seconds(3600);
    assert_eq!((keyed.evict_idle(), names(&keyed)), (1, ["1", "2", "3"].map(str::to_owned).into()));
    keyed.breakers().iter().for_each(|breaker| breaker.lift());
    assert_eq!(keyed.evict_idle(), 3);
}

#[test]
fn nobody_who_holds_a_breaker_is_left_with_another_than_the_others() {
    let clock = Manual::default();
    let keyed = keyed(&clock, 2);
    let held = keyed.get(&1).expect("room");
    let in_flight = keyed.get(&2).expect("room").acquire_owned().expect("closed");
    clock.set_seconds(1_000_000);
    assert_eq!((keyed.evict_idle(), keyed.get(&3).is_err()), (0, true));
    drop(in_flight);
    keyed.get(&3).expect("the call has ended");
    assert_eq!(names(&keyed), ["1", "3"]);
    let weak = Arc::downgrade(&held);
    drop(held);
    assert_eq!(keyed.evict_idle(), 0, "it can be had again");
    drop(weak);
    assert_eq!(keyed.evict_idle(), 1);
}

#[test]
fn a_breaker_that_is_removed_is_nobodys_but_its_holders() {
    let keyed = keyed(&Manual::default(), 2);
    opens(&keyed, 1);
    let removed = keyed.remove(&1).expect("it is there");
    assert!(keyed.remove(&1).is_none() && keyed.is_empty());
    assert_eq!(removed.state(), State::Open);
    assert_eq!(keyed.get(&1).expect("room").state(), State::Closed);
}

#[test]
fn reset_and_stats_reach_all_in_the_order_of_their_keys() {
    let keyed = keyed(&Manual::default(), 4);
    [10, 9, 11].into_iter().for_each(|key| opens(&keyed, key));
    let states = || -> Vec<(String, State)> {
        keyed.stats().iter().map(|(name, stats)| (name.to_string(), stats.state)).collect()
    };
    let all = |state| ["9", "10", "11"].map(|name| (name.to_owned(), state));
    assert_eq!(states(), all(State::Open));
    keyed.reset();
    assert_eq!(states(), all(State::Closed));
}

#[test]
fn a_million_keys_keep_the_bound() {
    let clock = Manual::default();
    let keyed = keyed(&clock, 16);
    for key in 0..1_000_000_u32 {
        clock.set_nanos(u64::from(key) * 1_000_000);
        let breaker = keyed.get(&key).expect("room");
        // One opens every four seconds, for thirty.
        if key % 4000 == 0 {
            breaker.acquire().expect("closed").failure();
        }
        assert!(keyed.len() <= 16);
    }
    let open = keyed.stats().iter().filter(|(_, stats)| stats.state == State::Open).count();
    assert_eq!((keyed.len(), open), (16, 7));
}

#[test]
fn listeners_hear_every_breaker_by_its_name() {
    #[derive(Default)]
    struct Scribe(Mutex<Vec<String>>);
    impl Listener for Scribe {
        fn interest(&self) -> Interest {
            Interest::Transitions
        }
        fn on_event(&self, breaker: &str, event: &Event) {
            if let EventKind::Transition { to, .. } = event.kind {
                self.0.lock().push(format!("{breaker} is {to}"));
            }
        }
    }
    let scribe = Arc::new(Scribe::default());
    let keyed = keyed(&Manual::default(), 4).listen(scribe.clone());
    opens(&keyed, 1);
    opens(&keyed, 2);
    keyed.reset();
    assert_eq!(*scribe.0.lock(), ["1 is open", "2 is open", "1 is closed", "2 is closed"]);
}

/// A key whose code, but for its order, uses the breakers that it is a key of.
mod meddling {
    use super::*;
    use std::cmp::Ordering;
    use std::fmt;

    type Breakers = Arc<Mutex<Option<Arc<KeyedBreakers<Key, Manual>>>>>;

    struct Key {
        number: u32,
        breakers: Breakers,
    }

    impl Key {
        /// Takes the lock, which [`Manual`] refuses where it is held.
        fn meddle(&self) {
            let breakers = self.breakers.lock().clone();
            let _ = breakers.map(|breakers| breakers.len());
        }
    }

    impl Drop for Key {
        fn drop(&mut self) {
            self.meddle();
        }
    }

    impl Clone for Key {
        fn clone(&self) -> Self {
            self.meddle();
            Self { number: self.number, breakers: self.breakers.clone() }
        }
    }

    impl fmt::Display for Key {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.meddle();
            write!(f, "{}", self.number)
        }
    }

    impl Ord for Key {
        fn cmp(&self, other: &Self) -> Ordering {
            self.number.cmp(&other.number)
        }
    }

    impl PartialOrd for Key {
        fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
            Some(self.cmp(other))
        }
    }

    impl PartialEq for Key {
        fn eq(&self, other: &Self) -> bool {
            self.cmp(other).is_eq()
        }
    }

    impl Eq for Key {}

    #[test]
    fn keys_are_written_cloned_and_dropped_outside_the_lock() {
        let breakers = Breakers::default();
        let keyed = KeyedBreakers::on(Manual::default(), config(), Bounds::of(1)).expect("valid");
        let keyed = Arc::new(keyed);
        *breakers.lock() = Some(keyed.clone());
        for number in [1, 1, 2] {
            let key = Key { number, breakers: breakers.clone() };
            keyed.get(&key).expect("room");
        }
        keyed.remove(&Key { number: 2, breakers: breakers.clone() }).expect("it is there");
        assert!(keyed.is_empty());
        *breakers.lock() = None;
    }
}
