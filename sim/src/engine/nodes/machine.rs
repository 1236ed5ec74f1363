//! What madsim does for the hosts of a run: a node for each, its time and its network.

use super::bell::Bell;
use crate::engine::hosts::{
    Boot, Datagrams, HostFault, LinkFault, Reply, Runtime, SimulatorClock, Transit, Work, address,
    place,
};
use madsim::net::{Endpoint, NetSim};
use madsim::runtime::{Handle, NodeHandle};
use madsim::task::NodeId;
use madsim::time::sleep;
use parking_lot::Mutex;
use std::future::{Future, pending, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::Context;
use std::time::Duration;

/// A node of madsim's, and what it does when it starts.
pub(super) struct Machine {
    pub(super) node: NodeHandle,
    boot: Arc<Mutex<Option<Boot>>>,
}

impl Machine {
    /// The machine at this place of the list, within a run.
    pub(super) fn new(place: usize, name: &str) -> Self {
        let boot: Arc<Mutex<Option<Boot>>> = Arc::default();
        let starts = Arc::clone(&boot);
        let init = move || {
            let start = starts.lock().clone();
            async move {
                if let Some(start) = start {
                    start().await;
                }
                // madsim ends a node whose first task ends.
                pending::<()>().await;
            }
        };
        let node = Handle::current().create_node().name(name).ip(address(place)).init(init).build();
        Self { node, boot }
    }
}

/// madsim, from within a run.
pub(super) struct Madsim {
    handle: Handle,
    bell: Arc<Bell>,
    machines: Arc<[Machine]>,
    /// Whether madsim loses messages by itself now.
    loses: Arc<AtomicBool>,
}

impl Madsim {
    /// As it is now, at the beginning of a run.
    pub(super) fn current(machines: Arc<[Machine]>, bell: Arc<Bell>, transit: &Transit) -> Self {
        set(transit);
        let loses = Arc::new(AtomicBool::new(transit.loss_ppm > 0));
        Self { handle: Handle::current(), bell, machines, loses }
    }

    fn id(&self, host: u32) -> NodeId {
        self.machines[host as usize].node.id()
    }

    /// Stops the node. By itself a restart would leave its ports open, and nobody could open them again.
    fn kill(&self, host: u32) {
        // What is ready on a node that is paused would be dropped within madsim, where its destructors can start nothing.
        self.handle.resume(self.id(host));
        self.handle.kill(self.id(host));
    }
}

/// Of many messages that are sent from now on, each takes its own time.
fn set(transit: &Transit) {
    NetSim::current().update_config(|config| {
        let (shortest, longest) = (*transit.latency.start(), *transit.latency.end());
        // Its range has no last value, and may not be empty.
        config.send_latency = shortest..longest.max(shortest) + Duration::from_nanos(1);
        #[expect(clippy::float_arithmetic, reason = "madsim takes a rate of loss as a float")]
        {
            config.packet_loss_rate = f64::from(transit.loss_ppm) / 1e6;
        }
    });
}

impl Runtime for Madsim {
    fn clock(&self) -> SimulatorClock {
        let bell = Arc::clone(&self.bell);
        Box::new(move || bell.elapsed())
    }

    fn spawn(&self, host: u32, work: Work) {
        // Asked for each time: a node that was restarted is another one to madsim, and the first one stays dead.
        let node = self.handle.get_node(self.id(host));
        let node = node.expect("a node is never taken away");
        // It goes on by itself; nobody asks madsim for its end.
        drop(node.spawn(work));
    }

    fn alarm_at(&self, at: u64) {
        self.bell.rings_at(at);
    }

    fn pass(&self, nanos: u64) -> Work {
        Box::pin(sleep(Duration::from_nanos(nanos)))
    }

    fn boots(&self, host: u32, boot: Boot) {
        let before = self.machines[host as usize].boot.lock().replace(boot);
        if before.is_some() {
            self.kill(host);
        }
        self.handle.restart(self.id(host));
    }

    fn befall(&self, host: u32, fault: HostFault) {
        let node = self.id(host);
        match fault {
            HostFault::Crashes => self.kill(host),
            HostFault::Restarts => {
                self.kill(host);
                self.handle.restart(node);
            }
            HostFault::Pauses => self.handle.pause(node),
            HostFault::Resumes => self.handle.resume(node),
        }
    }

    fn befall_link(&self, from: u32, to: u32, fault: LinkFault) {
        let (from, to) = (self.id(from), self.id(to));
        match fault {
            LinkFault::Partitions => NetSim::current().clog_link(from, to),
            LinkFault::Heals => NetSim::current().unclog_link(from, to),
            LinkFault::Holds | LinkFault::Releases => {
                panic!("the nodes engine holds no messages: `network` does")
            }
        }
    }

    fn transit(&self, transit: &Transit) {
        set(transit);
        self.loses.store(transit.loss_ppm > 0, Relaxed);
    }

    fn open(&self, host: u32, port: u16) -> Reply<Arc<dyn Datagrams>> {
        let at = SocketAddr::new(address(host as usize), port);
        let loses = Arc::clone(&self.loses);
        Box::pin(async move {
            let endpoint = Arc::new(Endpoint::bind(at).await?);
            let socket = Socket { endpoint, loses };
            Ok(Arc::new(socket) as Arc<dyn Datagrams>)
        })
    }
}

/// A port of a node. What madsim makes a [`UdpSocket`](madsim::net::UdpSocket) of, and sends without a copy.
struct Socket {
    endpoint: Arc<Endpoint>,
    loses: Arc<AtomicBool>,
}

impl Datagrams for Socket {
    fn send(&self, (to, port): (u32, u16), bytes: Vec<u8>) -> Reply<()> {
        let (endpoint, loses) = (Arc::clone(&self.endpoint), Arc::clone(&self.loses));
        let to = SocketAddr::new(address(to as usize), port);
        Box::pin(async move {
            let mut sends = pin!(endpoint.send_to_raw(to, UDP, Box::new(bytes)));
            let mut poll = |context: &mut Context<'_>| sends.as_mut().poll(context);
            poll_fn(|context| match loses.load(Relaxed) {
                true => spared(|| poll(context)),
                false => poll(context),
            })
            .await
        })
    }

    fn receive(&self) -> Reply<((u32, u16), Vec<u8>)> {
        let endpoint = Arc::clone(&self.endpoint);
        Box::pin(async move {
            let (bytes, from) = endpoint.recv_from_raw(UDP).await?;
            let bytes = bytes.downcast().map_err(|_| io::ErrorKind::InvalidData)?;
            let host = place(from.ip()).ok_or(io::ErrorKind::AddrNotAvailable)?;
            Ok(((host, from.port()), *bytes))
        })
    }
}

/// Under which madsim sends what comes from a socket for UDP.
const UDP: u64 = 0;

/// Calls `send`, of which madsim loses nothing: whether a message of a host's socket is lost was decided before. Its own rate is for
/// code that opens sockets of madsim's.
fn spared<R>(send: impl FnOnce() -> R) -> R {
    let network = NetSim::current();
    let mut rate = 0.0;
    network.update_config(|config| rate = std::mem::take(&mut config.packet_loss_rate));
    let result = send();
    network.update_config(|config| config.packet_loss_rate = rate);
    result
}
