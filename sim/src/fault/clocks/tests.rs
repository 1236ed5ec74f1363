//! Clocks under random faults that overlap, against readings added up step by step straight from the list of faults.

use super::*;
use crate::clock::BASE_WALL;
use crate::fault::{Happening, happenings};
use crate::plan::Fault;
use proptest::collection::vec;
use proptest::prelude::*;
use std::ops::Range;

/// The length of a step in nanoseconds: a clock that gains so many parts per million gains as many nanoseconds in it,
/// so that nothing is ever rounded.
const STEP: u64 = 1_000_000;

/// The steps after which clocks are read no more; all faults with an end have ended by then.
const STEPS: u64 = 64;

/// When a fault begins and is over, in steps, and what it is.
#[derive(Clone, Copy, Debug)]
struct Planned {
    from: u64,
    until: Option<u64>,
    kind: FaultKind,
}

impl Planned {
    fn fault(self) -> Fault {
        let time = |steps| Duration::from_nanos(steps * STEP);
        Fault::new(time(self.from), self.until.map(time), None, self.kind)
            .expect("the strategy makes what a plan accepts")
    }

    fn is_under_way(&self, step: u64) -> bool {
        self.from <= step && self.until.is_none_or(|until| step < until)
    }
}

/// When the faults do not come to pass as planned, in steps.
#[derive(Clone, Debug)]
struct Trouble {
    /// The run comes to nothing in here before its end.
    stall: Range<u64>,
    /// From then on no fault begins.
    fair_from: u64,
}

/// No trouble at all.
const NONE: Trouble = Trouble { stall: 0..0, fair_from: u64::MAX };

impl Trouble {
    /// When the run comes to what is planned for `step`.
    fn comes_to(&self, step: u64) -> u64 {
        if self.stall.contains(&step) { self.stall.end } else { step }
    }

    /// What comes of a fault.
    fn befalls(&self, planned: Planned) -> Option<Planned> {
        let from = self.comes_to(planned.from);
        let is_over = planned.until.is_some_and(|until| until <= from);
        if is_over || from >= self.fair_from {
            return None;
        }
        // A clock that stands was told its end when it began to.
        let until = match planned.kind {
            FaultKind::WallFreezes | FaultKind::MonotonicFreezes => planned.until,
            _ => planned.until.map(|until| self.comes_to(until)),
        };
        Some(Planned { from, until, ..planned })
    }
}

/// Readings after each step, in nanoseconds since the start: monotonic, wall.
type Readings = Vec<(i128, i128)>;

/// The readings, added up one step after the other.
fn added_up(faults: &[Planned]) -> Readings {
    let (mut mono, mut wall) = (0, 0);
    let mut readings = Readings::new();
    for step in 0..STEPS {
        let (mut mono_ppm, mut wall_ppm) = (0, 0);
        let (mut mono_stands, mut wall_stands) = (false, false);
        for fault in faults {
            let begins = fault.from == step;
            match fault.kind {
                FaultKind::WallJumps(by) if begins => wall += i128::from(by.as_nanos()),
                FaultKind::MonotonicSuspends(by) if begins => {
                    mono += i128::from(nanos(by));
                    wall += i128::from(nanos(by));
                }
                FaultKind::WallJumps(_) | FaultKind::MonotonicSuspends(_) => {}
                _ if !fault.is_under_way(step) => {}
                FaultKind::WallDrifts(ppm) => wall_ppm += i128::from(ppm),
                FaultKind::MonotonicDrifts(ppm) => mono_ppm += i128::from(ppm),
                FaultKind::WallFreezes => wall_stands = true,
                FaultKind::MonotonicFreezes => mono_stands = true,
                other => unreachable!("{other:?} is no fault of a clock"),
            }
        }
        readings.push((mono, wall));
        if !mono_stands {
            let gone = 1_000_000 + mono_ppm.clamp(-999_999, i32::MAX.into());
            mono += gone;
            if !wall_stands {
                wall += gone + wall_ppm.clamp(i32::MIN.into(), i32::MAX.into());
            }
        }
    }
    readings
}

/// The readings that somebody works out who knows the events only.
fn told(events: &[(u64, ClockEvent)]) -> Readings {
    let (mut mono, mut wall, mut mono_ppm, mut wall_ppm) = (0, 0, 0, 0);
    let (mut mono_stands, mut wall_stands) = (false, false);
    let mut readings = Readings::new();
    for step in 0..STEPS {
        for (_, event) in events.iter().filter(|(at, _)| *at == step) {
            match event {
                ClockEvent::Jumps { by, was } => {
                    assert_eq!(was.as_unix_nanos() - BASE_WALL.as_unix_nanos(), wall);
                    wall += i128::from(by.as_nanos());
                }
                ClockEvent::Suspends { by } => {
                    mono += i128::from(nanos(*by));
                    wall += i128::from(nanos(*by));
                }
                ClockEvent::Drifts { clock: ClockKind::Monotonic, ppm } => mono_ppm = (*ppm).into(),
                ClockEvent::Drifts { clock: ClockKind::Wall, ppm } => wall_ppm = (*ppm).into(),
                ClockEvent::Freezes { clock: ClockKind::Monotonic, .. } => mono_stands = true,
                ClockEvent::Freezes { clock: ClockKind::Wall, .. } => wall_stands = true,
                ClockEvent::Resumes { clock: ClockKind::Monotonic } => mono_stands = false,
                ClockEvent::Resumes { clock: ClockKind::Wall } => {
                    assert!(!mono_stands, "the wall clock stands with the monotonic one");
                    wall_stands = false;
                }
            }
        }
        readings.push((mono, wall));
        if !mono_stands {
            mono += 1_000_000 + mono_ppm;
            if !wall_stands {
                wall += 1_000_000 + mono_ppm + wall_ppm;
            }
        }
    }
    readings
}

/// The readings of the clock of a node under the faults, and what was said, by step.
fn bent(faults: &[Planned], trouble: &Trouble) -> (Readings, Vec<(u64, ClockEvent)>) {
    let listed: Vec<Fault> = faults.iter().map(|planned| planned.fault()).collect();
    let (mut clock, mut under_way) = (NodeClock::default(), UnderWay::default());
    let mut events = Vec::new();
    let listed: Result<_, ()> = happenings(&listed, |_| Ok(0));
    for Happening { at, begins, .. } in listed.expect("there is one node") {
        let step = trouble.comes_to(nanos(at) / STEP);
        let begins = begins.filter(|_| step < trouble.fair_from);
        let said = under_way.pass(&mut clock, step * STEP, begins);
        events.extend(said.into_iter().map(|Said { event, .. }| (step, event)));
    }
    let readings = (0..STEPS).map(|step| {
        let wall = clock.wall(step * STEP).as_unix_nanos() - BASE_WALL.as_unix_nanos();
        (i128::from(clock.mono(step * STEP).as_nanos()), wall)
    });
    (readings.collect(), events)
}

fn a_drift() -> impl Strategy<Value = i32> {
    prop_oneof![Just(-999_999), Just(-600_000), Just(i32::MAX - 1), -400_i32..0, 1_i32..400]
}

fn faults() -> impl Strategy<Value = Vec<Planned>> {
    let kind = prop_oneof![
        1 => prop_oneof![-5_000_000_i64..0, 1_i64..5_000_000].prop_map(|by| FaultKind::WallJumps(Offset::from_nanos(by))),
        3 => a_drift().prop_map(FaultKind::WallDrifts),
        3 => Just(FaultKind::WallFreezes),
        3 => a_drift().prop_map(FaultKind::MonotonicDrifts),
        3 => Just(FaultKind::MonotonicFreezes),
        1 => (1_u64..5_000_000).prop_map(|by| FaultKind::MonotonicSuspends(Duration::from_nanos(by))),
    ];
    let fault = (0_u64..24, 1_u64..16, 0..8, kind).prop_map(|(from, length, ends, kind)| {
        let until = match kind {
            FaultKind::WallJumps(_) | FaultKind::MonotonicSuspends(_) => None,
            FaultKind::MonotonicFreezes => Some(from + length),
            _ => (ends > 0).then_some(from + length),
        };
        Planned { from, until, kind }
    });
    vec(fault, 0..7)
}

fn trouble() -> impl Strategy<Value = Trouble> {
    (0_u64..24, 0_u64..12, 0_u64..60)
        .prop_map(|(from, length, fair_from)| Trouble { stall: from..from + length, fair_from })
}

proptest! {
    #[test]
    fn clocks_go_as_all_faults_under_way_say_together(faults in faults()) {
        let (readings, _) = bent(&faults, &NONE);
        prop_assert_eq!(readings, added_up(&faults));
    }

    #[test]
    fn the_log_alone_tells_how_the_clocks_go(faults in faults()) {
        let (readings, events) = bent(&faults, &NONE);
        prop_assert_eq!(told(&events), readings);
    }

    #[test]
    fn a_fault_that_does_not_begin_leaves_no_trace(faults in faults(), trouble in trouble()) {
        let (readings, events) = bent(&faults, &trouble);
        let befallen: Vec<Planned> =
            faults.iter().filter_map(|&planned| trouble.befalls(planned)).collect();
        prop_assert_eq!(readings, added_up(&befallen));
        if befallen.is_empty() {
            prop_assert_eq!(events, vec![]);
        }
    }

    #[test]
    fn a_clock_is_said_to_stand_until_the_last_end_of_its_freezes(faults in faults()) {
        let (_, events) = bent(&faults, &NONE);
        for (step, event) in &events {
            let ClockEvent::Freezes { clock, for_ } = event else { continue };
            // Of the freezes of this instant, those listed later have not begun yet: the last event has them all.
            let begins = |fault: &&Planned| fault.from == *step
                && matches!(fault.kind, FaultKind::WallFreezes | FaultKind::MonotonicFreezes);
            if faults.iter().filter(begins).count() > 1 {
                continue;
            }
            let holds = faults.iter().filter(|fault| fault.is_under_way(*step)).filter(|fault| {
                fault.kind == FaultKind::MonotonicFreezes
                    || (fault.kind == FaultKind::WallFreezes && *clock == ClockKind::Wall)
            });
            let ends: Option<Vec<u64>> = holds.map(|fault| fault.until).collect();
            let last = ends.map(|ends| ends.into_iter().max().expect("one begins now"));
            prop_assert_eq!(*for_, last.map(|last| Duration::from_nanos((last - step) * STEP)));
        }
    }

    #[test]
    fn a_clock_goes_on_when_it_was_last_said_to(faults in faults(), trouble in trouble()) {
        let stall = Trouble { fair_from: u64::MAX, ..trouble };
        let (_, events) = bent(&faults, &stall);
        for (place, (resumed, event)) in events.iter().enumerate() {
            let ClockEvent::Resumes { clock } = event else { continue };
            let said = events[..place].iter().rev().find_map(|(at, event)| match event {
                ClockEvent::Freezes { clock: of, for_ } if of == clock => Some((at, *for_)),
                _ => None,
            });
            let (at, length) = said.expect("a clock that goes on was said to stand");
            let end = length.map(|length| at + nanos(length) / STEP);
            prop_assert_eq!(end.map(|end| stall.comes_to(end)), Some(*resumed));
        }
    }
}
