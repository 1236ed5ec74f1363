//! Faults as they happen in a run: when each begins and is over, what that does to clocks, hosts and messages.

mod cast;
mod clocks;
mod hosts;
mod threads;

pub(crate) use cast::Cast;
pub(crate) use clocks::{jump, jump_host};
pub(crate) use hosts::befall;
pub(crate) use threads::befall_threads;

use crate::disk::Trouble;
use crate::engine::EngineName;
use crate::engine::hosts::{Effect, HostFault, LinkFault};
use crate::plan::{Fault, FaultKind, Way};
use std::sync::Arc;
use std::time::Duration;

/// A moment at which a fault begins or is over.
#[derive(Clone, Debug)]
pub(crate) struct Happening {
    /// By engine time.
    at: Duration,
    /// The place of the fault in the plan.
    fault: u32,
    kind: FaultKind,
    /// The place of the node that it happens to; the first one, where it happens to all messages.
    node: usize,
    /// Of the other node, where it happens between two.
    other: usize,
    /// Of the actor, where it happens to one.
    actor: Option<Arc<str>>,
    /// What begins; `None` where it is over.
    begins: Option<Beginning>,
}

/// The beginning of a fault.
#[derive(Clone, Copy, Debug)]
struct Beginning {
    /// The place of the fault in the plan.
    fault: u32,
    kind: FaultKind,
    /// When it will be over, by engine time, if ever.
    until: Option<Duration>,
}

/// All beginnings and ends of `faults` by engine time; those of one instant as listed. `place` says where the node of a name is.
///
/// # Errors
/// That of `place`.
pub(crate) fn happenings<E>(
    faults: &[Fault],
    place: impl Fn(&str) -> Result<usize, E>,
) -> Result<Vec<Happening>, E> {
    let mut happenings = Vec::with_capacity(faults.len() * 2);
    for (&Fault { from, until, ref node, ref other, kind }, fault) in faults.iter().zip(0..) {
        let actor = node.clone().filter(|_| kind.is_of_an_actor());
        let node = match node {
            Some(node) if actor.is_none() => place(node)?,
            _ => 0,
        };
        let other = other.as_deref().map_or(Ok(0), &place)?;
        let begins = Some(Beginning { fault, kind, until });
        let happening = Happening { at: from, fault, kind, node, other, actor, begins };
        let over = until.map(|at| Happening { at, begins: None, ..happening.clone() });
        happenings.push(happening);
        // An actor knows itself when it may go on.
        happenings.extend(over.filter(|over| over.actor.is_none()));
    }
    happenings.sort_by_key(|happening| happening.at);
    Ok(happenings)
}

/// Whether `kind` can happen on `engine`.
pub(crate) fn can_happen(engine: EngineName, kind: FaultKind) -> bool {
    let hosts = |faults: [HostFault; 2]| faults.iter().all(|&fault| engine.can_befall(fault));
    let links = |faults: [LinkFault; 2]| faults.iter().all(|&fault| engine.can_befall_link(fault));
    match kind {
        FaultKind::Crashes | FaultKind::Restarts => {
            hosts([HostFault::Crashes, HostFault::Restarts])
        }
        FaultKind::Pauses => hosts([HostFault::Pauses, HostFault::Resumes]),
        FaultKind::Partitions(Way::Both | Way::There) => {
            links([LinkFault::Partitions, LinkFault::Heals])
        }
        FaultKind::Holds(Way::Both | Way::There) => links([LinkFault::Holds, LinkFault::Releases]),
        FaultKind::MessagesTake(..)
        | FaultKind::MessagesLost(_)
        | FaultKind::MessagesDoubled(_)
        | FaultKind::MessagesShuffled(_) => engine != EngineName::Threads,
        // Nothing blocks on a host.
        FaultKind::Disk(Trouble::Slow(..)) => engine == EngineName::Threads,
        _ => true,
    }
}

/// What shows that a fault of this kind did something; nothing of a clock, of which the log says what it does from then on, nor of an
/// actor, of which it says when it stalls, nor of a disk, of which it says what calls it strikes.
pub(crate) const fn effect(kind: FaultKind) -> Option<Effect> {
    match kind {
        FaultKind::Crashes => Some(Effect::UnitEnded),
        FaultKind::Restarts => Some(Effect::Booted),
        FaultKind::Pauses => Some(Effect::StoodStill),
        FaultKind::Partitions(_) => Some(Effect::CutOff),
        FaultKind::Holds(_) => Some(Effect::LetThrough),
        FaultKind::MessagesTake(..) => Some(Effect::Late),
        FaultKind::MessagesLost(_) => Some(Effect::Lost),
        FaultKind::MessagesDoubled(_) => Some(Effect::Doubled),
        FaultKind::MessagesShuffled(_) => Some(Effect::Overtaken),
        FaultKind::WallJumps(_)
        | FaultKind::WallDrifts(_)
        | FaultKind::WallFreezes
        | FaultKind::MonotonicDrifts(_)
        | FaultKind::MonotonicFreezes
        | FaultKind::MonotonicSuspends(_)
        | FaultKind::Stalls
        | FaultKind::Disk(_) => None,
    }
}
