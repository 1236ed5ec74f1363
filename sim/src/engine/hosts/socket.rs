//! Messages between hosts, over the network of whichever simulator moves them.

use super::world::World;
use super::{Host, Post, unit};
use crate::log::Cause;
use std::fmt;
use std::future::{Future, pending};
use std::io;
use std::num::NonZeroU64;
use std::pin::Pin;
use std::sync::Arc;

/// The longest message between two hosts, as in UDP.
pub(in crate::engine) const LONGEST: usize = 65_507;

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
        self.world.step_with(|inner| inner.quiet.talks = true);
        check_unit(&self.world, self);
        let opens = self.world.through(|runtime| runtime.open(self.host, port));
        let datagrams = opens.unwrap_or_else(|| Box::pin(pending())).await?;
        Ok(HostSocket { host: self.clone(), datagrams })
    }
}

impl HostSocket {
    /// Sends `bytes` to `port` of the host `to`. That it was sent says nothing about whether it arrives.
    ///
    /// # Errors
    /// What the simulator's network refuses.
    ///
    /// # Panics
    /// The calling unit is one of another host.
    pub async fn send(&self, to: &Host, port: u16, bytes: &[u8]) -> io::Result<()> {
        let world = &self.host.world;
        world.step();
        check_unit(world, &self.host);
        let cause = world.with(|inner| inner.units[unit::current(world)].cause.clone());
        let bytes = sealed(cause.as_ref(), bytes);
        let held_back = self.post();
        let (last, earlier) = held_back.split_last().expect("each message is sent once at least");
        for &nanos in earlier {
            self.send_later(nanos, (to.host, port), bytes.clone());
        }
        match last {
            0 => self.datagrams.send((to.host, port), bytes).await,
            &nanos => {
                self.send_later(nanos, (to.host, port), bytes);
                Ok(())
            }
        }
    }

    /// For how long each copy of a message is held back, in nanoseconds: of one message, unless it is doubled.
    fn post(&self) -> Vec<u64> {
        let Host { world, host } = &self.host;
        world.with(|inner| {
            let Post { doubled_ppm, shuffled } = inner.post;
            let name = &inner.nodes[*host as usize].name;
            let mut draw = |stream, bound| {
                NonZeroU64::new(bound)
                    .map_or(0, |bound| inner.choices.draw((*host, name), stream, bound))
            };
            let is_doubled =
                doubled_ppm > 0 && draw("net.doubled", 1_000_000) < u64::from(doubled_ppm);
            let longest = u64::try_from(shuffled.as_nanos()).unwrap_or(u64::MAX);
            let copies = if is_doubled { 2 } else { 1 };
            (0..copies)
                .map(|_| if longest > 0 { draw("net.shuffled", longest) } else { 0 })
                .collect()
        })
    }

    /// Sends a copy when it is time, whatever becomes of the unit that sent it.
    fn send_later(&self, nanos: u64, to: (u32, u16), bytes: Vec<u8>) {
        let Host { world, host } = &self.host;
        let (held_back, datagrams) = (world.pass(nanos), Arc::clone(&self.datagrams));
        world.spawn(
            *host,
            Box::pin(async move {
                held_back.await;
                // As any message it may be lost.
                let _ = datagrams.send(to, bytes).await;
            }),
        );
    }

    /// The next message. What the unit does from then on is brought about by what the sender was at.
    ///
    /// # Errors
    /// What the simulator's network refuses.
    ///
    /// # Panics
    /// The calling unit is one of another host.
    pub async fn receive(&self) -> io::Result<Message> {
        let world = &self.host.world;
        check_unit(world, &self.host);
        let ((from, port), bytes) = self.datagrams.receive().await?;
        world.step();
        let (cause, bytes) = opened(bytes)?;
        world.with(|inner| inner.units[unit::current(world)].cause = cause);
        Ok(Message { from: Host::at(world, from as usize), port, bytes })
    }
}

impl fmt::Debug for HostSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostSocket").field("host", &self.host).finish_non_exhaustive()
    }
}

fn check_unit(world: &Arc<World>, host: &Host) {
    let (unit, at) = world.with(|inner| {
        let unit = &inner.units[unit::current(world)];
        let at = unit.host.map(|at| inner.nodes[at as usize].name.clone());
        (unit.name.clone(), at)
    });
    let name = host.name();
    assert!(
        at.as_ref() == Some(&name),
        "a socket of {name} was used by `{unit}`, which is a unit of {}: start a unit on {name} for it",
        at.as_deref().unwrap_or("no host")
    );
}

/// What goes before a message: what in the plan the sender was at.
const SEAL: usize = 5;

fn sealed(cause: Option<&Cause>, bytes: &[u8]) -> Vec<u8> {
    let (kind, place) = match cause {
        Some(Cause::Step(step)) => (1, *step),
        Some(Cause::Fault(fault)) => (2, *fault),
        Some(Cause::Call(_)) | None => (0, 0),
    };
    let mut sealed = Vec::with_capacity(SEAL + bytes.len());
    sealed.push(kind);
    sealed.extend_from_slice(&u32::to_le_bytes(place));
    sealed.extend_from_slice(bytes);
    sealed
}

fn opened(mut bytes: Vec<u8>) -> io::Result<(Option<Cause>, Vec<u8>)> {
    let foreign = || io::Error::new(io::ErrorKind::InvalidData, "not sent by a socket of a host");
    let [kind, place @ ..] = *bytes.first_chunk::<SEAL>().ok_or_else(foreign)?;
    let place = u32::from_le_bytes(place);
    let cause = match kind {
        0 => None,
        1 => Some(Cause::Step(place)),
        2 => Some(Cause::Fault(place)),
        _ => return Err(foreign()),
    };
    Ok((cause, bytes.split_off(SEAL)))
}
