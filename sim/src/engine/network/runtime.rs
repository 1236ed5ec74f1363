//! What turmoil does for the hosts of a run: their units, their time and the ways between them.

use super::machine::{Due, Machine};
use super::socket::Socket;
use super::ways::Ways;
use crate::engine::hosts::{
    Boot, Datagrams, HostFault, LinkFault, Reply, Runtime, Setup, SimulatorClock, Transit, Work,
    address,
};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tokio::time::sleep;
use turmoil::Sim;

/// turmoil, from within a run.
#[derive(Clone)]
pub(super) struct Network {
    pub(super) machines: Arc<[Arc<Machine>]>,
    /// The time at which the step begins, in nanoseconds.
    now: Arc<AtomicU64>,
    ways: Arc<Mutex<Ways>>,
    latency: Arc<Mutex<Latency>>,
}

/// How long messages take.
struct Latency {
    /// What is still to be said to turmoil.
    next: Option<(Duration, Duration)>,
    /// The longest that any message of the run has taken.
    longest: Duration,
}

/// The shortest and the longest time of a message.
pub(super) fn bounds(transit: &Transit) -> (Duration, Duration) {
    let (shortest, longest) = (*transit.latency.start(), *transit.latency.end());
    (shortest, longest.max(shortest))
}

impl Network {
    pub(super) fn new(setup: &Setup) -> Self {
        let machines = setup.hosts.iter().map(|(name, _)| Machine::new(name.clone())).collect();
        let (_, longest) = bounds(&setup.transit);
        Self {
            machines,
            now: Arc::default(),
            ways: Arc::default(),
            latency: Arc::new(Mutex::new(Latency { next: None, longest })),
        }
    }

    /// A step is over: it is `now`, in nanoseconds.
    pub(super) fn step_ends(&self, now: u64) {
        self.now.store(now, Relaxed);
        self.ways.lock().step_ends();
    }

    /// The longest time of a message.
    pub(super) fn longest(&self) -> Duration {
        self.latency.lock().longest
    }

    /// A step begins: what cannot be done within one was done before.
    pub(super) fn step_begins(&self, sim: &mut Sim<'_>) {
        for (place, machine) in self.machines.iter().enumerate() {
            match machine.take_due() {
                Some(Due::Crash) => sim.crash(address(place)),
                Some(Due::Bounce) => sim.bounce(address(place)),
                None => {}
            }
        }
        self.ways.lock().step_begins(sim);
        let latency = self.latency.lock().next.take();
        let Some((shortest, longest)) = latency else { return };
        for one in 0..self.machines.len() {
            for other in 0..one {
                let (one, other) = (address(one), address(other));
                sim.set_link_latency(one, other, shortest);
                sim.set_link_max_message_latency(one, other, longest);
            }
        }
    }
}

impl Runtime for Network {
    fn clock(&self) -> SimulatorClock {
        let now = Arc::clone(&self.now);
        Box::new(move || now.load(Relaxed))
    }

    fn spawn(&self, host: u32, work: Work) {
        self.machines[host as usize].spawn(work);
    }

    /// They are looked at in each step.
    fn alarm_at(&self, _at: u64) {}

    fn pass(&self, nanos: u64) -> Work {
        Box::pin(sleep(Duration::from_nanos(nanos)))
    }

    fn boots(&self, host: u32, boot: Boot) {
        let machine = &self.machines[host as usize];
        machine.boots(boot);
        machine.ends(Due::Bounce);
    }

    fn befall(&self, host: u32, fault: HostFault) {
        self.machines[host as usize].ends(match fault {
            HostFault::Crashes => Due::Crash,
            HostFault::Restarts => Due::Bounce,
            HostFault::Pauses | HostFault::Resumes => {
                panic!("the network engine pauses no host: `nodes` does")
            }
        });
    }

    fn befall_link(&self, from: u32, to: u32, fault: LinkFault) {
        self.ways.lock().befall((from, to), fault);
    }

    fn transit(&self, transit: &Transit) {
        let (shortest, longest) = bounds(transit);
        let mut latency = self.latency.lock();
        latency.next = Some((shortest, longest));
        latency.longest = latency.longest.max(longest);
    }

    fn open(&self, host: u32, port: u16) -> Reply<Arc<dyn Datagrams>> {
        let machine = Arc::clone(&self.machines[host as usize]);
        Box::pin(async move {
            let socket = Socket::open(machine, port).await?;
            Ok(Arc::new(socket) as Arc<dyn Datagrams>)
        })
    }
}
