//! The nodes of a run, from outside: what befalls them.

use crate::engine::hosts::{Booted, Host, Work, World};
use crate::log::{Name, What};
use madsim::net::NetSim;
use madsim::runtime::{Handle, NodeHandle};
use parking_lot::Mutex;
use std::fmt;
use std::future::{Future, pending};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// What a node does when it starts.
type Boot = Arc<dyn Fn() -> Work + Send + Sync>;

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

fn address(place: usize) -> IpAddr {
    let place = u16::try_from(place).expect("a run has few hosts");
    let [high, low] = (place + 1).to_be_bytes();
    Ipv4Addr::new(10, 0, high, low).into()
}

/// The nodes of a run: one for each host of the setup, by its place there.
///
/// All of it is written down, each time about the node that it befalls.
///
/// # Panics
/// Every method panics where there is no node at that place, and when the run has ended.
#[derive(Clone)]
pub struct Cluster {
    world: Arc<World>,
    machines: Arc<[Machine]>,
}

impl Cluster {
    pub(super) fn new(world: Arc<World>, machines: Arc<[Machine]>) -> Self {
        Self { world, machines }
    }

    /// The platform of the node at this place.
    #[must_use]
    pub fn host(&self, place: usize) -> Host {
        Host::at(&self.world, place)
    }

    /// Its address, for code that opens sockets of madsim's.
    #[must_use]
    pub fn address(&self, place: usize) -> IpAddr {
        let _ = self.machine(place);
        address(place)
    }

    /// From now on what `start` returns is what the node begins with: at once, and again whenever it is restarted. Its unit is
    /// called `name`.
    pub fn boots<F>(
        &self,
        place: usize,
        name: &str,
        start: impl Fn(Host) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let (host, name, start) = (self.host(place), Name::from(name), Arc::new(start));
        let boot = move || -> Work {
            let (start, at) = (Arc::clone(&start), host.clone());
            Box::pin(Booted::new(&host, &name, async move { start(at).await }))
        };
        *self.machine(place).boot.lock() = Some(Arc::new(boot));
        Handle::current().restart(self.machine(place).node.id());
    }

    /// The node stops where it is: its units are gone, its connections closed. Its files are left.
    pub fn kill(&self, place: usize) {
        Handle::current().kill(self.machine(place).node.id());
        self.says(place, "is killed");
    }

    /// The node is killed, if it has not been, and begins anew.
    pub fn restart(&self, place: usize) {
        self.says(place, "restarts");
        Handle::current().restart(self.machine(place).node.id());
    }

    /// The node stands still, as in a long pause of its process, until it is resumed.
    pub fn pause(&self, place: usize) {
        Handle::current().pause(self.machine(place).node.id());
        self.says(place, "is paused");
    }

    /// The node goes on.
    pub fn resume(&self, place: usize) {
        self.says(place, "is resumed");
        Handle::current().resume(self.machine(place).node.id());
    }

    /// What `from` sends to `to` is lost from now on; what `to` sends to `from` arrives.
    pub fn partition(&self, from: usize, to: usize) {
        NetSim::current().clog_link(self.machine(from).node.id(), self.machine(to).node.id());
        self.says(from, &format!("is cut off from {}", self.host(to).name()));
    }

    /// What `from` sends to `to` arrives again.
    pub fn heal(&self, from: usize, to: usize) {
        NetSim::current().unclog_link(self.machine(from).node.id(), self.machine(to).node.id());
        self.says(from, &format!("reaches {} again", self.host(to).name()));
    }

    fn machine(&self, place: usize) -> &Machine {
        let nodes = self.machines.len();
        self.machines
            .get(place)
            .unwrap_or_else(|| panic!("node {place} of a cluster that has {nodes}"))
    }

    fn says(&self, place: usize, verb: &str) {
        let host = self.host(place);
        host.record(&host.name(), What::Note { verb: verb.into(), fields: Vec::new() });
    }
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster").field("nodes", &self.machines.len()).finish_non_exhaustive()
    }
}
