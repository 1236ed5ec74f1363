//! Does a platform with other clocks wait by those, and is it the platform that it was in everything else?

use retrip_core::door::{
    Clock, Condvar, Instant, JoinHandle, Mutex, Plant, Plants, Spawn, SyncPrimitives, Timestamp,
    WaitOutcome, WithClock,
};
use retrip_sim::engine::threads::Sim;
use retrip_sim::engine::{Setup, run};
use retrip_sim::plan::Schedule;
use retrip_sim::seed::Seed;
use std::sync::Arc;
use std::time::Duration;

/// The simulated clock, as `shows` makes it look.
#[derive(Clone, Copy)]
struct Shown {
    sim: Sim,
    shows: fn(u64) -> u64,
}

impl Clock for Shown {
    fn now(&self) -> Instant {
        Instant::from_nanos((self.shows)(self.sim.now().as_nanos()))
    }

    fn wall(&self) -> Timestamp {
        Timestamp::EPOCH
    }
}

type Reclocked = WithClock<Sim, Shown>;

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// It moves every hundred milliseconds.
fn coarse(nanos: u64) -> u64 {
    nanos - nanos % 100_000_000
}

/// It is an hour ahead, and half as fast.
fn slow(nanos: u64) -> u64 {
    3_600_000_000_000 + nanos / 2
}

/// It stands for two seconds, and goes on from there.
fn stands_first(nanos: u64) -> u64 {
    nanos.saturating_sub(2_000_000_000)
}

fn sleeps(on: Reclocked, deadline: Instant) {
    on.sleep_until(deadline);
}

fn parks(on: Reclocked, deadline: Instant) {
    while on.now() < deadline {
        on.park_until(deadline);
    }
}

fn waits_for_a_notification(on: Reclocked, deadline: Instant) {
    let (slot, bell) = (on.mutex(()), on.condvar());
    let mut guard = slot.lock();
    loop {
        let (locked, outcome) = bell.wait_until::<()>(guard, deadline);
        guard = locked;
        if outcome == WaitOutcome::TimedOut {
            return;
        }
    }
}

fn waits_for_a_timer(on: Reclocked, deadline: Instant) {
    on.platform().block_on(on.timer(deadline));
}

#[test]
fn each_wait_ends_when_the_other_clock_shows_its_deadline_and_not_before() {
    let waits = [sleeps, parks, waits_for_a_notification, waits_for_a_timer];
    for (shows, asked, takes) in [
        (coarse as fn(u64) -> u64, millis(1_050), millis(1_100)),
        (slow, millis(10_000), millis(20_000)),
        (stands_first, millis(500), millis(2_500)),
    ] {
        for (place, wait) in waits.into_iter().enumerate() {
            let schedule = Schedule::Written(Vec::new());
            let ended = run(Setup { schedule, ..Setup::of(Seed::new(0)) }, move |sim| {
                let on = WithClock::new(sim, Shown { sim, shows });
                let deadline = on.now().saturating_add(asked);
                wait(on, deadline);
                assert!(on.now() >= deadline, "it ended at {:?}", on.now());
                // A deadline that has passed is waited for no more.
                let here = sim.now();
                wait(on, deadline);
                assert_eq!(sim.now(), here);
            });
            assert_eq!((ended.failure, ended.elapsed), (None, takes), "wait {place}");
        }
    }
}

#[test]
fn a_notification_ends_a_wait_before_its_deadline() {
    // In most of these the ringer comes first. In some it stands still until the platform's timer has gone off, which is too early
    // by the slow clock, and no end of the wait.
    let mut late = 0;
    for seed in 0..50 {
        let ended = run(Setup::of(Seed::new(seed)), |sim| {
            let on = WithClock::new(sim, Shown { sim, shows: slow });
            let slot = Arc::new((on.mutex(false), on.condvar()));
            let rings = Arc::clone(&slot);
            let ringer = on.spawn("ringer", move || {
                *rings.0.lock() = true;
                rings.1.notify_all();
            });
            let mut guard = slot.0.lock();
            while !*guard {
                let hour = on.now().saturating_add(Duration::from_secs(3600));
                let (locked, outcome) = slot.1.wait_until::<bool>(guard, hour);
                assert_eq!(outcome, WaitOutcome::Woken);
                guard = locked;
            }
            drop(guard);
            ringer.expect("room").join().expect("it ends");
        });
        assert_eq!(ended.failure, None, "seed {seed}");
        late += u32::from(!ended.elapsed.is_zero());
    }
    assert!((1..25).contains(&late), "{late} of 50");
}

#[test]
fn all_but_the_clocks_is_the_platform_s() {
    const PLANT: Plant = Plant::named("a_bug");
    let setup = Setup { plants: vec![PLANT], ..Setup::of(Seed::new(0)) };
    let ended = run(setup, |sim| {
        let on = WithClock::new(sim, Shown { sim, shows: slow });
        assert_eq!(on.wall(), Timestamp::EPOCH);
        assert_ne!(sim.wall(), Timestamp::EPOCH);
        assert!(on.planted(PLANT));
        assert_eq!(on.current(), sim.current());
        assert_eq!(on.number(), sim.number());
        assert_eq!(on.parallelism(), sim.parallelism());
    });
    assert_eq!(ended.failure, None);
}
