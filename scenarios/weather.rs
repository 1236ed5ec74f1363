//! What goes wrong between hosts and on them, in a mix that each run draws anew: most kinds of it are left out, others come often.

use crate::stalls::hold_some;
use crate::time::{millis, secs};
use retrip_sim::engine::hosts::{HostFault, LinkFault};
use retrip_sim::plan::{FaultKind, Way};
use retrip_sim::scenario::Draft;
use retrip_sim::span::Offset;
use retrip_sim::stream::Generator;
use retrip_sim::swarm::Swarm;
use std::time::Duration;

/// Hosts that have to get along.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weather<'a> {
    /// Those that all others talk to. They alone crash: whoever follows a script would not go on.
    pub(crate) servers: &'a [&'a str],
    /// The others.
    pub(crate) hosts: &'a [String],
    /// Who acts on those, and may be held.
    pub(crate) actors: &'a [String],
    /// When all of it is over but stalls.
    pub(crate) until: Duration,
}

/// Kinds of fault, as [`Weather::fault`] numbers them.
const KINDS: usize = 15;
/// No fault lasts longer.
const LONGEST: Duration = secs(15);

impl Weather<'_> {
    /// Up to eight faults, of this run's kinds; and in every other run somebody stalls.
    pub(crate) fn brews(self, s: &mut Draft<'_>) {
        let mut faults = s.generator("faults");
        let swarm = Swarm::new(KINDS, &mut faults);
        for _ in 0..faults.within(0..=8) {
            let kind = swarm.pick(&mut faults);
            self.fault(s, kind, &mut faults);
        }
        // Also when all else is over, so that some do nothing but stall.
        hold_some(s, self.actors, self.until + LONGEST, LONGEST);
    }

    fn fault(self, s: &mut Draft<'_>, kind: usize, faults: &mut Generator) {
        let length = faults.duration_within(millis(200)..=LONGEST);
        let from = faults.duration_within(Duration::ZERO..=self.until - length);
        let host = faults.pick(self.hosts).as_str();
        let server = match self.servers {
            &[only] => only,
            servers => *faults.pick(servers),
        };
        let (link, any) =
            if faults.chance(1, 2) { ([host, server], host) } else { ([server, host], server) };
        let nanos = i64::try_from(length.as_nanos()).expect("a fault is short");
        let sign = if faults.chance(1, 2) { 1 } else { -1 };
        let (until, engine) = (Some(from + length), s.engine());
        match kind {
            0 => s.fault(from, until, FaultKind::MessagesLost(400_000)),
            1 => s.fault(from, until, FaultKind::MessagesDoubled(400_000)),
            2 => s.fault(from, until, FaultKind::MessagesShuffled(secs(2))),
            3 => s.fault(from, until, FaultKind::MessagesTake(millis(50), secs(3))),
            4 => s.fault_between(link, from, until, FaultKind::Partitions(Way::There)),
            5 if engine.can_befall_link(LinkFault::Holds) => {
                s.fault_between(link, from, until, FaultKind::Holds(Way::There));
            }
            5 => s.fault_between(link, from, until, FaultKind::Partitions(Way::Both)),
            6 if engine.can_befall(HostFault::Pauses) => {
                s.fault_of(any, from, until, FaultKind::Pauses);
            }
            6 | 7 => s.fault_of(server, from, None, FaultKind::Restarts),
            8 => s.fault_of(server, from, until, FaultKind::Crashes),
            9 => {
                let by = Offset::from_nanos(4 * sign * nanos);
                s.fault_of(any, from, None, FaultKind::WallJumps(by));
            }
            10 => s.fault_of(any, from, until, FaultKind::WallDrifts(50_000)),
            11 => s.fault_of(any, from, until, FaultKind::WallFreezes),
            12 => {
                let ppm = if sign > 0 { 20_000 } else { -20_000 };
                s.fault_of(any, from, until, FaultKind::MonotonicDrifts(ppm));
            }
            13 => s.fault_of(any, from, until, FaultKind::MonotonicFreezes),
            _ => s.fault_of(any, from, None, FaultKind::MonotonicSuspends(length)),
        }
    }
}
