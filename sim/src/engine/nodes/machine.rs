//! What madsim does for the hosts of a run: a node for each, its time and its network.

use super::bell::Bell;
use crate::engine::hosts::{
    Boot, Datagrams, HostFault, LONGEST, LinkFault, Reply, Runtime, Transit, Work, address, place,
};
use madsim::net::{NetSim, UdpSocket};
use madsim::runtime::{Handle, NodeHandle};
use madsim::task::NodeId;
use madsim::time::sleep;
use parking_lot::Mutex;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
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
}

impl Madsim {
    /// As it is now, at the beginning of a run.
    pub(super) fn current(machines: Arc<[Machine]>, bell: Arc<Bell>, transit: &Transit) -> Self {
        set(transit);
        Self { handle: Handle::current(), bell, machines }
    }

    fn id(&self, host: u32) -> NodeId {
        self.machines[host as usize].node.id()
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
    fn elapsed(&self) -> u64 {
        self.bell.elapsed()
    }

    fn spawn(&self, host: u32, work: Work) {
        // Asked for each time: a node that was restarted is another one to madsim, and the first one stays dead.
        let node = self.handle.get_node(self.id(host));
        let node = node.expect("a node is never taken away");
        // It goes on by itself; nobody asks madsim for its end.
        drop(node.spawn(work));
    }

    fn alarm_at(&self, at: u64) {
        self.bell.ring_at(at);
    }

    fn pass(&self, nanos: u64) -> Work {
        Box::pin(sleep(Duration::from_nanos(nanos)))
    }

    fn boots(&self, host: u32, boot: Boot) {
        *self.machines[host as usize].boot.lock() = Some(boot);
        self.handle.restart(self.id(host));
    }

    fn befall(&self, host: u32, fault: HostFault) {
        let node = self.id(host);
        match fault {
            HostFault::Crashes => self.handle.kill(node),
            HostFault::Restarts => {
                // By itself a restart leaves the ports of the node open, and nobody could open them again.
                self.handle.kill(node);
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
    }

    fn open(&self, host: u32, port: u16) -> Reply<Arc<dyn Datagrams>> {
        let at = SocketAddr::new(address(host as usize), port);
        Box::pin(async move {
            let socket = UdpSocket::bind(at).await?;
            let socket = Socket { socket: Arc::new(socket), room: Arc::default() };
            Ok(Arc::new(socket) as Arc<dyn Datagrams>)
        })
    }
}

/// A port of a node.
struct Socket {
    socket: Arc<UdpSocket>,
    /// Room for the longest message, for one reader at a time.
    room: Arc<Mutex<Vec<u8>>>,
}

impl Datagrams for Socket {
    fn send(&self, (to, port): (u32, u16), bytes: Vec<u8>) -> Reply<()> {
        let socket = Arc::clone(&self.socket);
        let to = SocketAddr::new(address(to as usize), port);
        Box::pin(async move { socket.send_to(to, &bytes).await })
    }

    fn receive(&self) -> Reply<((u32, u16), Vec<u8>)> {
        let (socket, room) = (Arc::clone(&self.socket), Arc::clone(&self.room));
        Box::pin(async move {
            let mut bytes = std::mem::take(&mut *room.lock());
            bytes.resize(LONGEST, 0);
            let (length, from) = socket.recv_from(&mut bytes).await?;
            let message = bytes[..length].to_vec();
            *room.lock() = bytes;
            let (host, bytes) = (place(from.ip()), message);
            let host = host.ok_or(io::ErrorKind::AddrNotAvailable)?;
            Ok(((host, from.port()), bytes))
        })
    }
}
