//! The hosts of a run, from outside: what befalls them and the links between them.

use super::befall::{Effect, HostFault, LinkFault};
use super::unit::Booted;
use super::world::{HostIs, Record, World};
use super::{Host, HostUnit, Post, Transit, Work};
use crate::log::{Name, What};
use std::fmt;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

/// What a host does each time that it starts.
pub(in crate::engine) type Boot = Arc<dyn Fn() -> Work + Send + Sync>;

/// The address of the host at a place of the setup's list, in every simulator.
pub(in crate::engine) fn address(place: usize) -> IpAddr {
    let place = u16::try_from(place).expect("a run has few hosts");
    let [high, low] = (place + 1).to_be_bytes();
    Ipv4Addr::new(10, 0, high, low).into()
}

/// The place of the host with this address, as [`address`] gives them out.
pub(in crate::engine) fn place(address: IpAddr) -> Option<u32> {
    match address {
        IpAddr::V4(address) => match address.octets() {
            [10, 0, high, low] => u32::from(u16::from_be_bytes([high, low])).checked_sub(1),
            _ => None,
        },
        IpAddr::V6(_) => None,
    }
}

/// The hosts of a run, by their places in the setup.
///
/// All that befalls them is written down, each time about the host that it befalls.
///
/// # Panics
/// Every method panics where there is no host at that place, and where the engine cannot do it:
/// [`EngineName::can_befall`](crate::engine::EngineName::can_befall) says so before a run.
#[derive(Clone)]
pub struct Cluster {
    world: Arc<World>,
}

impl Cluster {
    pub(in crate::engine) fn new(world: Arc<World>) -> Self {
        Self { world }
    }

    /// The platform of the host at this place.
    #[must_use]
    pub fn host(&self, place: usize) -> Host {
        Host::at(&self.world, place)
    }

    /// How many hosts there are.
    #[must_use]
    pub fn hosts(&self) -> usize {
        self.world.hosts()
    }

    /// The place of the host called `name`, where there is one.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        (0..self.hosts()).find(|&place| *self.host(place).name() == *name)
    }

    /// The address of the host at this place, for code that opens sockets of the simulator's.
    #[must_use]
    pub fn address(&self, place: usize) -> IpAddr {
        let _ = self.host(place);
        address(place)
    }

    /// From now on what `start` returns is what the host begins with: at once, and again whenever it restarts. Its unit is called
    /// `name`.
    pub fn boots<F>(
        &self,
        place: usize,
        name: &str,
        start: impl Fn(Host) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let start = Arc::new(start);
        let start = move |host| -> Work {
            let start = Arc::clone(&start);
            // Whatever `start` itself does is done by the unit that it returns.
            Box::pin(async move { start(host).await })
        };
        self.boots_with(place, Name::from(name), Box::new(start));
    }

    /// As [`Cluster::boots`]; types are forgotten here, so that this is compiled once.
    fn boots_with(&self, place: usize, name: Name, start: Box<dyn Fn(Host) -> Work + Send + Sync>) {
        let host = self.host(place);
        let at = host.host;
        let boot = move || -> Work {
            host.begins();
            Box::pin(Booted::new(&host, &name, start(host.clone())))
        };
        self.world.through(|runtime| runtime.boots(at, Arc::new(boot)));
    }

    /// The host stops where it is: its units are gone, its connections closed. Its files are left.
    pub fn crash(&self, place: usize) {
        self.befall(place, HostFault::Crashes);
    }

    /// The host is stopped, if it has not been, and begins anew.
    pub fn restart(&self, place: usize) {
        self.befall(place, HostFault::Restarts);
    }

    /// The host stands still, as in a long pause of its process, until it is resumed.
    pub fn pause(&self, place: usize) {
        self.befall(place, HostFault::Pauses);
    }

    /// The host goes on.
    pub fn resume(&self, place: usize) {
        self.befall(place, HostFault::Resumes);
    }

    /// What `from` sends to `to` is lost from now on; what `to` sends to `from` arrives.
    pub fn partition(&self, from: usize, to: usize) {
        self.befall_link(from, to, LinkFault::Partitions);
    }

    /// What `from` sends to `to` arrives again.
    pub fn heal(&self, from: usize, to: usize) {
        self.befall_link(from, to, LinkFault::Heals);
    }

    /// What `from` sends to `to` waits from now on, and what is on its way.
    pub fn hold(&self, from: usize, to: usize) {
        self.befall_link(from, to, LinkFault::Holds);
    }

    /// What was held on its way from `from` to `to` arrives.
    pub fn release(&self, from: usize, to: usize) {
        self.befall_link(from, to, LinkFault::Releases);
    }

    /// `fault` befalls the host at this place.
    pub fn befall(&self, place: usize, fault: HostFault) {
        let host = self.host(place);
        // Said by a host that is there: before it begins, and after it has stopped.
        let says_first = matches!(fault, HostFault::Restarts | HostFault::Resumes);
        if says_first {
            says(&host, fault.verb());
        }
        host.changes(fault);
        self.world.through(|runtime| runtime.befall(host.host, fault));
        if !says_first {
            says(&host, fault.verb());
        }
    }

    /// `fault` befalls the way from one host to another.
    pub fn befall_link(&self, from: usize, to: usize, fault: LinkFault) {
        let (from, to) = (self.host(from), self.host(to));
        self.world.through(|runtime| runtime.befall_link(from.host, to.host, fault));
        self.world.with(|inner| inner.mail.befall((from.host, to.host), fault));
        says(&from, &fault.told(&to.name()));
    }

    /// The unit stands still from its next poll on until the run is so old, because of this fault of the plan. Nothing where it
    /// has ended.
    pub(crate) fn hold_unit(&self, unit: HostUnit, hold: (Duration, u32)) {
        self.world.hold(unit.0, hold);
    }

    /// How messages travel as the run begins.
    pub(crate) fn calm(&self) -> Transit {
        self.world.with(|inner| inner.mail.calm.clone())
    }

    /// From now on this becomes of messages before they travel.
    pub fn post(&self, post: Post) {
        self.world.with(|inner| inner.mail.post = post);
    }

    /// From now on messages travel like this, where nothing befalls their way.
    pub fn transit(&self, transit: &Transit) {
        self.world.with(|inner| inner.mail.transit = transit.clone());
        self.world.through(|runtime| runtime.transit(transit));
    }
}

impl Host {
    /// `fault` befalls it now: who ends with it is counted while it is there.
    fn changes(&self, fault: HostFault) {
        let now = self.world.exactly();
        self.world.with(|inner| {
            let is = &mut inner.nodes[self.host as usize].is;
            match fault {
                HostFault::Crashes => {
                    *is = HostIs::Down;
                    let ends = |unit: &&Record| unit.host == Some(self.host) && !unit.is_over;
                    for _ in 0..inner.units.iter().filter(ends).count() {
                        inner.mail.count(Effect::UnitEnded);
                    }
                }
                HostFault::Restarts if *is == HostIs::Down => *is = HostIs::Up,
                HostFault::Restarts => *is = HostIs::Restarting,
                HostFault::Pauses => self.world.stood.again(self.host),
                HostFault::Resumes => self.world.stood.until(self.host, now),
            }
        });
    }

    /// What it begins with is made.
    fn begins(&self) {
        self.world.with(|inner| {
            let is = &mut inner.nodes[self.host as usize].is;
            if *is == HostIs::Restarting {
                *is = HostIs::Up;
                inner.mail.count(Effect::Booted);
            }
        });
    }
}

fn says(host: &Host, verb: &str) {
    host.record(&host.name(), What::Note { verb: verb.into(), fields: Vec::new() });
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster").field("hosts", &self.hosts()).finish_non_exhaustive()
    }
}
