//! Both clocks at the moments where they change, and the laws that hold for any sequence of changes.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

const SECOND: u64 = 1_000_000_000;

fn clock() -> NodeClock {
    NodeClock::default()
}

fn nanos(nanos: i64) -> Offset {
    Offset::from_nanos(nanos)
}

/// The wall clock at `engine`, in nanoseconds after its base.
fn wall(clock: &NodeClock, engine: u64) -> i128 {
    clock.wall(engine).as_unix_nanos() - BASE_WALL.as_unix_nanos()
}

fn mono(clock: &NodeClock, engine: u64) -> u64 {
    clock.mono(engine).as_nanos()
}

fn reached(clock: &NodeClock, deadline: u64, from: u64) -> u64 {
    clock.engine_at_least(Instant::from_nanos(deadline), from)
}

#[test]
fn clocks_run_true_until_told_otherwise() {
    assert_eq!(BASE_WALL.to_string(), "2026-01-01T12:00:00.000000000Z");
    assert_eq!((mono(&clock(), 17), wall(&clock(), 17)), (17, 17));
    assert_eq!(reached(&clock(), 17, 0), 17);
    assert_eq!(reached(&clock(), 17, 20), 20);
    assert_eq!(mono(&clock(), u64::MAX), u64::MAX);
    let ahead = clock().with_offset(nanos(-5));
    assert_eq!((mono(&ahead, 17), wall(&ahead, 17)), (17, 12));
}

#[test]
fn a_drift_begins_at_its_moment_and_keeps_what_came_before() {
    let mut clock = clock();
    clock.set_drift(10 * SECOND, 50).unwrap();
    assert_eq!(mono(&clock, 10 * SECOND), 10 * SECOND);
    assert_eq!(mono(&clock, 11 * SECOND), 11 * SECOND + 50_000);
    assert_eq!(wall(&clock, 11 * SECOND), i128::from(11 * SECOND + 50_000));
    clock.set_drift(11 * SECOND, 0).unwrap();
    assert_eq!(mono(&clock, 12 * SECOND), 12 * SECOND + 50_000);
    assert_eq!(mono(&clock, 5 * SECOND), 5 * SECOND);
}

#[test]
fn a_sleep_over_a_freeze_ends_after_it() {
    let mut clock = clock();
    clock.freeze(10, 30).unwrap();
    assert_eq!((mono(&clock, 10), mono(&clock, 29), mono(&clock, 30)), (10, 10, 10));
    assert_eq!((mono(&clock, 31), wall(&clock, 31)), (11, 11));
    assert_eq!(reached(&clock, 10, 0), 10);
    assert_eq!(reached(&clock, 11, 0), 31);
    clock.freeze(20, 25).unwrap();
    assert_eq!(reached(&clock, 11, 20), 31, "a shorter freeze inside a longer one changes nothing");
    clock.freeze(20, 40).unwrap();
    assert_eq!(reached(&clock, 11, 20), 41);
}

#[test]
fn a_suspended_machine_wakes_all_sleepers_it_leaps_over() {
    let mut clock = clock();
    clock.suspend(10, Duration::from_nanos(100)).unwrap();
    assert_eq!((mono(&clock, 9), mono(&clock, 10), wall(&clock, 10)), (9, 110, 110));
    assert_eq!((reached(&clock, 10, 0), reached(&clock, 60, 0)), (10, 10));
    assert_eq!(reached(&clock, 111, 0), 11);
    clock.suspend(20, Duration::MAX).unwrap();
    assert_eq!(clock.mono(30), Instant::MAX);
    assert_eq!(reached(&clock, u64::MAX, 0), 20);
}

#[test]
fn a_step_of_the_wall_clock_leaves_the_monotonic_one_alone() {
    let mut clock = clock();
    clock.step_wall(12 * SECOND, nanos(-3_600 * 1_000_000_000)).unwrap();
    assert_eq!(wall(&clock, 12 * SECOND - 1), i128::from(12 * SECOND - 1));
    assert_eq!(wall(&clock, 12 * SECOND), i128::from(12 * SECOND) - 3_600_000_000_000);
    assert_eq!(mono(&clock, 13 * SECOND), 13 * SECOND);
}

#[test]
fn a_wall_clock_that_stood_goes_on_late() {
    let mut clock = clock();
    clock.freeze_wall(10, Some(30)).unwrap();
    clock.step_wall(20, nanos(1000)).unwrap();
    assert_eq!((wall(&clock, 15), wall(&clock, 20), wall(&clock, 30)), (10, 1010, 1010));
    assert_eq!((wall(&clock, 35), mono(&clock, 35)), (1015, 35));
    clock.freeze_wall(40, None).unwrap();
    assert_eq!(wall(&clock, u64::MAX), 1020);
    clock.freeze_wall(50, Some(60)).unwrap();
    assert_eq!(wall(&clock, 61), 1020, "a shorter freeze inside a longer one changes nothing");
}

#[test]
fn freezes_of_the_wall_clock_last_as_long_as_the_longest() {
    let mut clock = clock();
    clock.freeze_wall(10, Some(30)).unwrap();
    clock.freeze_wall(15, Some(20)).unwrap();
    assert_eq!((wall(&clock, 25), wall(&clock, 31)), (10, 11));
    clock.freeze_wall(25, Some(40)).unwrap();
    assert_eq!((wall(&clock, 39), wall(&clock, 41)), (10, 11));
}

#[test]
fn a_drifting_wall_clock_stands_with_the_monotonic_one() {
    let mut clock = clock();
    clock.set_wall_drift(0, 500_000).unwrap();
    clock.freeze(10, 20).unwrap();
    assert_eq!((wall(&clock, 10), wall(&clock, 19), wall(&clock, 20)), (15, 15, 15));
    assert_eq!((wall(&clock, 30), mono(&clock, 30)), (30, 20));
    clock.freeze(30, 50).unwrap();
    clock.suspend(40, Duration::from_nanos(7)).unwrap();
    assert_eq!((wall(&clock, 49), mono(&clock, 49)), (37, 27), "it leaps and goes on standing");
}

#[test]
fn a_monotonic_freeze_inside_a_wall_freeze_moves_neither_end() {
    let mut clock = clock();
    clock.freeze_wall(10, Some(30)).unwrap();
    clock.freeze(20, 40).unwrap();
    assert_eq!((wall(&clock, 39), mono(&clock, 39)), (10, 20));
    assert_eq!((wall(&clock, 45), mono(&clock, 45)), (15, 25));
}

#[test]
fn a_wall_drift_is_on_top_of_the_monotonic_one() {
    let mut clock = clock();
    clock.set_drift(0, 100).unwrap();
    clock.set_wall_drift(0, -100).unwrap();
    assert_eq!(wall(&clock, SECOND), i128::from(SECOND));
    assert_eq!(mono(&clock, SECOND), SECOND + 100_000);
}

#[test]
fn a_smear_gains_its_offset_evenly_and_exactly() {
    let mut clock = clock();
    clock.smear_wall(100, nanos(-10), Duration::from_nanos(100)).unwrap();
    assert_eq!((wall(&clock, 100), wall(&clock, 150), wall(&clock, 200)), (100, 145, 190));
    assert_eq!(wall(&clock, 300), 290);
    clock.smear_wall(300, nanos(7), Duration::from_nanos(100)).unwrap();
    clock.smear_wall(350, nanos(0), Duration::from_nanos(10)).unwrap();
    assert_eq!(wall(&clock, 360), 357, "what was left is gained over the new time");
}

#[test]
fn changes_that_make_no_sense_are_refused() {
    let mut clock = clock();
    assert_eq!(clock.set_drift(0, -1_000_000), Err(ClockError::Rate { ppm: -1_000_000 }));
    assert_eq!(clock.freeze(5, 5), Err(ClockError::EmptyFreeze { at: 5, until: 5 }));
    assert_eq!(clock.freeze_wall(5, Some(4)), Err(ClockError::EmptyFreeze { at: 5, until: 4 }));
    let empty = clock.smear_wall(5, nanos(1), Duration::ZERO);
    assert_eq!(empty, Err(ClockError::EmptySmear { offset: nanos(1) }));
    assert_eq!(clock, NodeClock::default());
    clock.set_drift(5, -999_999).unwrap();
    let early = clock.step_wall(4, nanos(1));
    assert_eq!(early, Err(ClockError::OutOfOrder { at: 4, latest: 5 }));
}

/// One change, at some time after the one before.
#[derive(Clone, Copy, Debug)]
enum Change {
    Drift(i32),
    Freeze(u64),
    Suspend(u64),
    Step(i64),
    WallDrift(i32),
    WallFreeze(Option<u64>),
    Smear(i64, u64),
}

impl Change {
    fn apply(self, clock: &mut NodeClock, at: u64) {
        match self {
            Self::Drift(ppm) => clock.set_drift(at, ppm),
            Self::Freeze(length) => clock.freeze(at, at + length),
            Self::Suspend(by) => clock.suspend(at, Duration::from_nanos(by)),
            Self::Step(by) => clock.step_wall(at, nanos(by)),
            Self::WallDrift(ppm) => clock.set_wall_drift(at, ppm),
            Self::WallFreeze(length) => clock.freeze_wall(at, length.map(|length| at + length)),
            Self::Smear(by, over) => clock.smear_wall(at, nanos(by), Duration::from_nanos(over)),
        }
        .expect("the change is in order and makes sense");
    }

    fn moves_only_the_wall_clock(self) -> bool {
        !matches!(self, Self::Drift(_) | Self::Freeze(_) | Self::Suspend(_))
    }
}

fn a_length() -> impl Strategy<Value = u64> {
    prop_oneof![1_u64..50, 1_u64..10_000_000_000]
}

fn changes() -> impl Strategy<Value = Vec<(u64, Change)>> {
    let ppm = || prop_oneof![-999_999_i32..2_000_000, -200_i32..200];
    let change = prop_oneof![
        ppm().prop_map(Change::Drift),
        a_length().prop_map(Change::Freeze),
        a_length().prop_map(Change::Suspend),
        any::<i64>().prop_map(Change::Step),
        ppm().prop_map(Change::WallDrift),
        proptest::option::of(a_length()).prop_map(Change::WallFreeze),
        (any::<i64>(), a_length()).prop_map(|(by, over)| Change::Smear(by, over)),
    ];
    vec((prop_oneof![Just(0), a_length()], change), 0..8).prop_map(|changes| {
        let mut at = 0;
        changes
            .into_iter()
            .map(|(later, change)| {
                at += later;
                (at, change)
            })
            .collect()
    })
}

fn bent(changes: &[(u64, Change)]) -> NodeClock {
    let mut clock = NodeClock::default();
    for &(at, change) in changes {
        change.apply(&mut clock, at);
    }
    clock
}

/// Every time at which something begins or ends, and its neighbours.
fn edges(clock: &NodeClock) -> Vec<u64> {
    let mut edges: Vec<u64> = clock
        .segments
        .iter()
        .flat_map(|segment| [segment.from.saturating_sub(1), segment.from, segment.from + 1])
        .collect();
    edges.sort_unstable();
    edges
}

proptest! {
    #[test]
    fn the_monotonic_clock_never_goes_back(changes in changes(), times in vec(a_length(), 20)) {
        let clock = bent(&changes);
        let mut times = [times, edges(&clock)].concat();
        times.sort_unstable();
        prop_assert!(times.is_sorted_by_key(|&engine| clock.mono(engine)));
    }

    #[test]
    fn a_deadline_is_reached_at_the_first_late_enough_moment(
        changes in changes(), deadline in a_length(), from in prop_oneof![Just(0), a_length()],
    ) {
        let clock = bent(&changes);
        let deadline = Instant::from_nanos(deadline);
        let reached = clock.engine_at_least(deadline, from);
        prop_assert!(reached >= from);
        prop_assert!(clock.mono(reached) >= deadline);
        if reached > from {
            prop_assert!(clock.mono(reached - 1) < deadline);
        }
    }

    #[test]
    fn a_change_leaves_earlier_readings_as_they_were(changes in changes()) {
        let clock = bent(&changes);
        for cut in 0..changes.len() {
            let before = bent(&changes[..cut]);
            for engine in edges(&clock).into_iter().filter(|&engine| engine < changes[cut].0) {
                prop_assert_eq!(clock.mono(engine), before.mono(engine));
                prop_assert_eq!(clock.wall(engine), before.wall(engine));
            }
        }
    }

    #[test]
    fn changes_of_the_wall_clock_move_the_monotonic_one_not_by_a_nanosecond(changes in changes()) {
        let clock = bent(&changes);
        let alone: Vec<_> = changes
            .iter()
            .copied()
            .filter(|(_, change)| !change.moves_only_the_wall_clock())
            .collect();
        let alone = bent(&alone);
        for engine in edges(&clock) {
            prop_assert_eq!(clock.mono(engine), alone.mono(engine));
        }
    }
}
