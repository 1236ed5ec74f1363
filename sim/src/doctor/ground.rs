//! What a program stands on that runs on every engine: core's door, a log, and units that are awaited.

use super::specimen::Ran;
use super::talk;
use crate::clock::NodeClock;
use crate::engine::hosts::{self, Cluster, Host};
use crate::engine::threads::Sim;
use crate::engine::{self, Disturbances, EngineName, Unavailable, network, nodes};
use crate::log::{Name, What};
use crate::seed::Seed;
use retrip_core::door::{JoinHandle, Platform, Spawn};
use std::future::Future;
use std::time::Duration;

/// The hosts that every program has.
const HOSTS: [&str; 2] = ["client", "server"];
/// The host beside them that messages are sent to.
const FAR: &str = "far";

/// One host of a run, on whichever engine.
pub(super) trait Ground: Platform {
    /// Writes an event into the log of the run.
    #[track_caller]
    fn record(&self, who: &Name, what: What);

    /// Starts a unit, whose end can be awaited.
    fn start<F: Future<Output = ()> + Send + 'static>(
        &self,
        name: &str,
        unit: F,
    ) -> impl Future<Output = ()> + Send + 'static + use<Self, F>;

    /// Begins what this host does beside a program, of what threads do not have. It can be awaited.
    fn talks(&self) -> impl Future<Output = ()> + Send + 'static;

    /// Waits for `duration` of this host's time, and never for less.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        self.timer(self.now().saturating_add(duration))
    }
}

impl Ground for Sim {
    fn record(&self, who: &Name, what: What) {
        Self::record(self, who, what);
    }

    fn start<F: Future<Output = ()> + Send + 'static>(
        &self,
        name: &str,
        unit: F,
    ) -> impl Future<Output = ()> + Send + 'static + use<F> {
        let sim = *self;
        let thread = self.spawn(name, move || sim.block_on(unit));
        let thread = thread.expect("a run has room for a few threads");
        async move { thread.join().expect("a unit that panics has ended the run") }
    }

    fn talks(&self) -> impl Future<Output = ()> + Send + 'static {
        std::future::ready(())
    }
}

impl Ground for Host {
    fn record(&self, who: &Name, what: What) {
        Self::record(self, who, what);
    }

    fn start<F: Future<Output = ()> + Send + 'static>(
        &self,
        name: &str,
        unit: F,
    ) -> impl Future<Output = ()> + Send + 'static + use<F> {
        let task = Self::start(self, name, unit);
        async move { task.await.expect("a unit that panics has ended the run") }
    }

    fn talks(&self) -> impl Future<Output = ()> + Send + 'static {
        Ground::start(self, "talks", talk::among(self.cluster()))
    }
}

/// Something to run that does not know on which engine.
pub(super) trait Program: Send + 'static {
    /// What comes between on engines where time may move, and units stall, although everybody could go on.
    const DISTURBANCES: Disturbances;

    /// Runs it on these hosts.
    fn run<G: Ground>(self, hosts: Vec<G>) -> impl Future<Output = ()>;
}

/// Runs `program` on `engine`, where this build has it.
pub(super) fn run<P: Program>(
    engine: EngineName,
    seed: Seed,
    program: P,
) -> Result<Ran, Unavailable> {
    let [client, server] = HOSTS;
    let setup = hosts::Setup::of(seed, &[client, server, FAR]);
    match engine {
        EngineName::Threads => Ok(on_threads(seed, program)),
        EngineName::Nodes => Ok(Ran::of_hosts(&nodes::run(setup, |all| program.run(of(&all)))?)),
        EngineName::Network => {
            // An hour of virtual time is gone through step by step.
            let setup = hosts::Setup { step: Duration::from_millis(100), ..setup };
            Ok(Ran::of_hosts(&network::run(setup, |all| program.run(of(&all)))?))
        }
    }
}

/// The hosts of a program in a cluster.
fn of(cluster: &Cluster) -> Vec<Host> {
    (0..HOSTS.len()).map(|place| cluster.host(place)).collect()
}

fn on_threads<P: Program>(seed: Seed, program: P) -> Ran {
    let usual = engine::Setup::of(seed);
    let host = |name: &&str| (Name::from(*name), NodeClock::default());
    let nodes = HOSTS.iter().map(host).collect();
    let setup = engine::Setup { nodes, disturbances: P::DISTURBANCES, ..usual };
    Ran::of_threads(&engine::run(setup, |sim| {
        let hosts = (0..HOSTS.len()).map(|place| sim.at_node(place)).collect();
        sim.block_on(program.run(hosts));
    }))
}
