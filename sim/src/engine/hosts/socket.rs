//! Messages between hosts, over the network of whichever simulator moves them.

use super::mail::{Arrived, Come, Leaves, Marks, Posted};
use super::world::{Inner, World};
use super::{Host, unit};
use crate::log::Cause;
use parking_lot::Mutex;
use std::fmt;
use std::future::{Future, pending};
use std::io;
use std::pin::Pin;
use std::sync::Arc;

/// The longest message between two hosts, as in UDP.
const LONGEST: usize = 65_507;
/// The room that it needs, with what goes behind it.
#[cfg(all(tokio_unstable, feature = "turmoil"))]
pub(in crate::engine) const ROOM: usize = LONGEST + SEAL;

/// What a simulator answers once it has come to it.
pub(in crate::engine) type Reply<T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send>>;

/// A port of a host, as its simulator has it: what is sent may be lost, and overtaken.
pub(in crate::engine) trait Datagrams: Send + Sync {
    /// Sends `bytes` to a port of the host at this place.
    fn send(&self, to: (u32, u16), bytes: Vec<u8>) -> Reply<()>;

    /// The next message, and the place and the port that it came from.
    fn receive(&self) -> Reply<((u32, u16), Vec<u8>)>;
}

/// A port of a host, for messages that may be lost, and overtaken by others, as the network of the run has it.
///
/// Only units of its own host may use it.
pub struct HostSocket {
    host: Host,
    datagrams: Arc<dyn Datagrams>,
    arrived: Mutex<Arrived>,
}

/// Something that another host has sent.
#[derive(Debug)]
pub struct Message {
    /// Who sent it.
    pub from: Host,
    /// The port that it was sent from, for a reply.
    pub port: u16,
    /// What was sent.
    pub bytes: Vec<u8>,
}

impl Host {
    /// Opens `port` on this host, or for 0 one that is free.
    ///
    /// # Errors
    /// The port is open already, or the simulator refuses it.
    ///
    /// # Panics
    /// The calling unit is one of another host.
    pub async fn socket(&self, port: u16) -> io::Result<HostSocket> {
        let unit = unit::current(&self.world);
        let is_here = self.world.step_with(|inner| {
            inner.quiet.talks = true;
            inner.units[unit].host == Some(self.host)
        });
        if !is_here {
            self.is_not_that_of(unit);
        }
        let opens = self.world.through(|runtime| runtime.open(self.host, port));
        let datagrams = opens.unwrap_or_else(|| Box::pin(pending())).await?;
        Ok(HostSocket { host: self.clone(), datagrams, arrived: Mutex::default() })
    }
}

impl HostSocket {
    /// Sends `bytes` to `port` of the host `to`. That it was sent says nothing about whether it arrives.
    ///
    /// # Errors
    /// It is longer than UDP carries, or what the simulator's network refuses.
    ///
    /// # Panics
    /// The calling unit is one of another host.
    pub async fn send(&self, to: &Host, port: u16, bytes: &[u8]) -> io::Result<()> {
        let Host { world, host } = &self.host;
        let unit = unit::current(world);
        let decided = world.step_with(|inner| {
            let Inner { units, nodes, mail, choices, .. } = inner;
            (units[unit].host == Some(*host)).then(|| {
                let from = (*host, &nodes[*host as usize].name);
                let posted = mail.posts(choices, from);
                let leaves =
                    if posted.first == 0 { mail.leaves(choices, from, to.host) } else { None };
                (units[unit].cause.as_ref().map_or((0, 0), named), posted, leaves)
            })
        });
        let Some((cause, posted, leaves)) = decided else { self.host.is_not_that_of(unit) };
        if bytes.len() > LONGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "longer than UDP carries"));
        }
        let Posted { place, marks, first, second } = posted;
        let (to, seal) = ((to.host, port), Seal { cause, marks, place, due: 0 });
        if let Some(held_back) = second {
            self.send_later(held_back, to, seal, bytes);
        }
        if first > 0 {
            self.send_later(first, to, seal, bytes);
            return Ok(());
        }
        match leaves {
            Some(leaves) => self.datagrams.send(to, sealed(&seal.of(world, leaves), bytes)).await,
            None => Ok(()),
        }
    }

    /// Sends a copy when it is time, whatever becomes of the unit that sent it.
    fn send_later(&self, nanos: u64, to: (u32, u16), seal: Seal, bytes: &[u8]) {
        let Host { world, host } = self.host.clone();
        let (held_back, datagrams) = (world.pass(nanos), Arc::clone(&self.datagrams));
        let (of, bytes) = (Arc::clone(&world), bytes.to_vec());
        let sends = async move {
            held_back.await;
            let leaves = world.with(|inner| {
                let Inner { nodes, mail, choices, .. } = inner;
                mail.leaves(choices, (host, &nodes[host as usize].name), to.0)
            });
            if let Some(leaves) = leaves {
                // As any message it may be refused by now.
                let _ = datagrams.send(to, sealed(&seal.of(&world, leaves), &bytes)).await;
            }
        };
        of.spawn(host, Box::pin(sends));
    }

    /// The next message. What the unit does from then on is brought about by what the sender was at.
    ///
    /// # Errors
    /// What the simulator's network refuses.
    ///
    /// # Panics
    /// The calling unit is one of another host.
    pub async fn receive(&self) -> io::Result<Message> {
        let Host { world, host } = &self.host;
        let unit = unit::current(world);
        if !self.host.has(unit) {
            self.host.is_not_that_of(unit);
        }
        let ((from, port), mut bytes) = self.datagrams.receive().await?;
        let Seal { cause, marks, place, due } = opened(&mut bytes)?;
        let is_late = due > 0 && world.exactly() >= due;
        let come = Come { place, marks, is_late };
        let is_there = world.step_with(|inner| {
            inner.units[unit].cause = meant(cause);
            inner.mail.arrives((from, *host), &come, &mut self.arrived.lock());
            (from as usize) < inner.nodes.len()
        });
        assert!(is_there, "a message from host {from}, which the run does not have");
        Ok(Message { from: Host { world: Arc::clone(world), host: from }, port, bytes })
    }
}

impl fmt::Debug for HostSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostSocket").field("host", &self.host).finish_non_exhaustive()
    }
}

impl Host {
    /// Whether `unit` is one of its own.
    fn has(&self, unit: usize) -> bool {
        self.world.with(|inner| inner.units[unit].host == Some(self.host))
    }

    /// Panics, because `unit` has used a socket of it.
    fn is_not_that_of(&self, unit: usize) -> ! {
        let (unit, at) = self.world.with(|inner| {
            let unit = &inner.units[unit];
            let at = unit.host.map(|at| inner.nodes[at as usize].name.clone());
            (unit.name.clone(), at)
        });
        let (name, at) = (self.name(), at.as_deref().unwrap_or("no host"));
        panic!(
            "a socket of {name} was used by `{unit}`, which is a unit of {at}: start a unit on {name} for it"
        )
    }
}

/// What goes behind a message.
#[derive(Clone, Copy)]
struct Seal {
    /// What in the plan the sender was at, as [`named`] writes it.
    cause: (u8, u32),
    marks: Marks,
    /// Its place among all messages of the run.
    place: u64,
    /// The simulator's time before which it cannot come, in nanoseconds; zero where no fault says so.
    due: u64,
}

impl Seal {
    /// Of a message that leaves now.
    fn of(self, world: &World, Leaves { marks, shortest }: Leaves) -> Self {
        let due = shortest.map_or(0, |shortest| world.exactly().saturating_add(shortest));
        Self { marks: self.marks | marks, due, ..self }
    }
}

/// How long a seal is.
const SEAL: usize = 22;

/// A cause as a seal has it: of which kind, and its place in the plan.
const fn named(cause: &Cause) -> (u8, u32) {
    match cause {
        Cause::Step(step) => (1, *step),
        Cause::Fault(fault) => (2, *fault),
        Cause::Call(_) => (0, 0),
    }
}

/// The cause that was [`named`].
const fn meant((kind, place): (u8, u32)) -> Option<Cause> {
    match kind {
        1 => Some(Cause::Step(place)),
        2 => Some(Cause::Fault(place)),
        _ => None,
    }
}

fn sealed(&Seal { cause: (kind, cause), marks, place, due }: &Seal, bytes: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(bytes.len() + SEAL);
    sealed.extend_from_slice(bytes);
    sealed.extend_from_slice(&[kind, marks.0]);
    sealed.extend_from_slice(&cause.to_le_bytes());
    sealed.extend_from_slice(&place.to_le_bytes());
    sealed.extend_from_slice(&due.to_le_bytes());
    sealed
}

/// Takes the seal off a message.
fn opened(bytes: &mut Vec<u8>) -> io::Result<Seal> {
    let foreign = || io::Error::new(io::ErrorKind::InvalidData, "not sent by a socket of a host");
    let [kind @ 0..=2, marks @ 0..=Marks::MOST, a, b, c, d, rest @ ..] =
        *bytes.last_chunk::<SEAL>().ok_or_else(foreign)?
    else {
        return Err(foreign());
    };
    let (place, due) = rest.split_at(8);
    let number = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("it has eight bytes"));
    let seal = Seal {
        cause: (kind, u32::from_le_bytes([a, b, c, d])),
        marks: Marks(marks),
        place: number(place),
        due: number(due),
    };
    bytes.truncate(bytes.len() - SEAL);
    Ok(seal)
}
