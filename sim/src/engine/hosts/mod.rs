//! Async units on simulated hosts, whichever simulator moves them: what a run of them shares, and the platform of each host.
//!
//! A simulator gives one time and one order of units; everything that it lacks is here, once for all of them: two clocks per
//! host that faults can bend, named streams, the event log, planted bugs, and panics that always fail the run.

mod alarms;
mod befall;
#[cfg(any(all(madsim, feature = "madsim"), all(tokio_unstable, feature = "turmoil")))]
mod branches;
mod cluster;
mod disk;
mod hold;
mod host;
mod lock;
mod mail;
mod pause;
mod polls;
mod root;
mod socket;
mod spawn;
mod stood;
pub(super) mod thread;
mod time;
mod timers;
mod unit;
mod world;

pub use befall::{Effect, HostFault, LinkFault, Post, Transit};
pub use cluster::Cluster;
pub use disk::HostFile;
pub use host::Host;
pub use lock::{HostCondvar, HostMutex};
pub use pause::HostTimer;
pub use socket::{HostSocket, Message};
pub use spawn::{HostJoinHandle, HostUnit, Task};

#[cfg(all(tokio_unstable, feature = "turmoil"))]
pub(super) use socket::ROOM;
#[cfg(all(madsim, feature = "madsim"))]
pub(super) use timers::SetTimer;
pub(super) use unit::note_panic;
#[cfg(any(all(madsim, feature = "madsim"), all(tokio_unstable, feature = "turmoil")))]
pub(super) use {
    alarms::Rest,
    branches::Branches,
    cluster::{address, place},
    root::{Root, Start, starting},
    world::World,
};
pub(super) use {
    cluster::Boot,
    socket::{Datagrams, Reply},
};

use super::{Failure, Observer, Recording, StreamDigest, Unwatched};
use crate::clock::NodeClock;
use crate::log::{Digest, EventLog, Name};
use crate::plan::Choice;
use crate::seed::Seed;
use crate::stream::Streams;
use retrip_core::door::Plant;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// What a unit does, as a simulator takes it.
pub(super) type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A simulator's time, in nanoseconds since the run began.
pub(super) type SimulatorClock = Box<dyn Fn() -> u64 + Send>;

/// What a simulator does for the hosts of a run.
pub(super) trait Runtime: Send + Sync {
    /// What tells its time since the run began, in nanoseconds.
    fn clock(&self) -> SimulatorClock;

    /// Moves `work` on the host at this place until it ends or the host is killed.
    fn spawn(&self, host: u32, work: Work);

    /// Somebody waits, and no timer could be set for it: the simulator comes back when its time is `at`, and looks whose moment has
    /// come. It may do so at any time.
    fn alarm_at(&self, at: u64);

    /// Ends when so many nanoseconds of its own time are over.
    fn pass(&self, nanos: u64) -> Work;

    /// From now on the host begins with what `boot` makes: at once, and whenever it restarts.
    fn boots(&self, host: u32, boot: Boot);

    /// `fault` befalls a host.
    fn befall(&self, host: u32, fault: HostFault);

    /// `fault` befalls the way from one host to another.
    fn befall_link(&self, from: u32, to: u32, fault: LinkFault);

    /// From now on messages travel like this.
    fn transit(&self, transit: &Transit);

    /// Opens a port of a host, asked by a unit of it.
    fn open(&self, host: u32, port: u16) -> Reply<Arc<dyn Datagrams>>;
}

/// What moves the time of a run, which the clocks of its hosts are bent from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// It is the simulator's: a message takes time, and so does each step, as much as the engine says.
    Simulator,
    /// It is the latest moment that somebody has waited for through the platform, and stands still meanwhile: messages and steps take
    /// no time, as on simulated threads, so that every engine tells of the same moments. Of those who wait for one
    /// moment the first who began to is woken first, and the next one when the run has come to rest, so that everything that a moment
    /// brings about happens in it, calls there and back included; unless that takes 500 times as long as a message, of the simulator's
    /// time. Sleeping past the platform, as with a function of the simulator's own,
    /// moves nothing.
    Waits,
}

/// Everything that a run on hosts starts from.
pub struct Setup {
    /// All randomness of the run.
    pub streams: Streams,
    /// Numbers that the code under test is given in place of drawn ones.
    pub choices: Vec<Choice>,
    /// The hosts and their clocks. Never empty. The root runs beside them: what befalls a host does not befall it.
    pub hosts: Vec<(Name, NodeClock)>,
    /// What moves the time of the run.
    pub time: Time,
    /// The engine's own tick, where it has one: `network` moves all hosts by this much at a time, in whole milliseconds, and tells no
    /// two moments within it apart. A longer one makes a long wait cheaper. `nodes`, whose time jumps, has no use for it.
    pub step: Duration,
    /// So long, in engine time, nobody may be polled or sleep on a clock of a host: whoever is left then waits for ever. Where code
    /// under test sleeps on a clock of the simulator's own, as with `tokio::time`, it has to be longer than that. `nodes` sees all
    /// sleeps and has no use for it.
    pub idle: Duration,
    /// How messages travel.
    pub transit: Transit,
    /// Steps after which the run is a livelock: polls of units and uses of the platform.
    pub bound: u64,
    /// So long, in real time, a unit may compute without one use of the platform: it is looked at that often, and given up when it
    /// has made no step since the last time.
    pub patience: Duration,
    /// Whether drawn numbers are kept.
    pub recording: Recording,
    /// Sees each event.
    pub observer: Box<dyn Observer>,
    /// Bugs that are switched on.
    pub plants: Vec<Plant>,
}

impl Setup {
    /// A run of `seed` on hosts of these names with true clocks, and nobody who watches.
    #[must_use]
    pub fn of(seed: Seed, hosts: &[&str]) -> Self {
        let host = |name: &&str| (Name::from(*name), NodeClock::default());
        Self {
            streams: Streams::of(seed),
            choices: Vec::new(),
            hosts: hosts.iter().map(host).collect(),
            time: Time::Simulator,
            step: Duration::from_millis(1),
            idle: Duration::from_secs(600),
            transit: Transit::default(),
            bound: 1_000_000,
            patience: Duration::from_secs(60),
            recording: Recording::Off,
            observer: Box::new(Unwatched),
            plants: Vec::new(),
        }
    }
}

/// Everything that a run on hosts leaves behind.
pub struct Ended {
    /// What the engine found wrong.
    pub failure: Option<Failure>,
    /// What happened.
    pub log: EventLog,
    /// The observer that was given.
    pub observer: Box<dyn Observer>,
    /// Polls of units and uses of the platform.
    pub steps: u64,
    /// Units started, the root included.
    pub units: usize,
    /// The simulator's time that passed.
    pub elapsed: Duration,
    /// Of every poll: which unit.
    pub schedule: Digest,
    /// Of every stream that was drawn from while running, by name.
    pub streams: Vec<StreamDigest>,
    /// Numbers drawn while running, where the run was recorded.
    pub choices: Vec<Choice>,
    /// Planned choices that did not apply.
    pub stale: u64,
    /// Bugs that were switched on and that the code under test asked for, in the order in which it first did.
    pub reached: Vec<Plant>,
    /// What faults did, and how often.
    pub effects: BTreeMap<Effect, u64>,
}
