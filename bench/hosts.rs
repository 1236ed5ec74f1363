//! What our layer costs over the plain simulator: the same program of naps and messages on both, and how far a second goes.

use crate::swarm::swept;
use retrip_figures::goal::{Goal, Goals};
use retrip_figures::ratio::Ratio;
use retrip_figures::spent::timed;
use retrip_figures::table;
use retrip_sim::engine::hosts::{Cluster, Host, Setup, Transit};
use retrip_sim::engine::{EngineName, network, nodes};
use retrip_sim::seed::Seed;
use std::time::Duration;

/// Paired rounds of each comparison.
const ROUNDS: usize = 15;
/// The port that messages come to.
const PORT: u16 = 1;

/// What each host does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Sleeps for a second, again and again: as all others do.
    Naps,
    /// Sleeps for some more than a second, again and again: no two hosts wake together.
    OwnNaps,
    /// Sends a message to the next host each second, and receives one.
    Messages,
}

/// How much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// What.
    pub job: Job,
    /// On how many hosts.
    pub hosts: usize,
    /// How many times.
    pub times: u32,
}

impl Load {
    fn name(self) -> String {
        let what = match self.job {
            Job::Naps => "naps",
            Job::OwnNaps => "naps of their own",
            Job::Messages => "messages",
        };
        format!("{} hosts x {} {what}", self.hosts, self.times)
    }
}

impl Job {
    /// How long the host at `place` sleeps each time.
    fn nap(self, place: usize) -> Duration {
        let place = u64::try_from(place).expect("few hosts");
        let more = if self == Self::OwnNaps { place * 17 } else { 0 };
        Duration::from_millis(1_000 + more)
    }
}

/// Runs `load` on hosts of ours.
///
/// # Panics
/// The run fails.
pub fn ours(engine: EngineName, load: Load, seed: u64) {
    let names: Vec<String> = (0..load.hosts).map(|host| format!("host-{host}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let at_once = Duration::ZERO..=Duration::ZERO;
    let setup = Setup {
        transit: Transit { latency: at_once, loss_ppm: 0 },
        bound: u64::MAX,
        ..Setup::of(Seed::new(seed), &names)
    };
    let root = move |cluster: Cluster| async move {
        let hosts: Vec<Host> = (0..load.hosts).map(|place| cluster.host(place)).collect();
        let mut tasks = Vec::new();
        for place in 0..load.hosts {
            let (host, next) = (hosts[place].clone(), hosts[(place + 1) % load.hosts].clone());
            let nap = load.job.nap(place);
            tasks.push(hosts[place].start("works", async move {
                match load.job {
                    Job::Naps | Job::OwnNaps => {
                        for _ in 0..load.times {
                            host.sleep(nap).await;
                        }
                    }
                    Job::Messages => {
                        let socket = host.socket(PORT).await.expect("the port is free");
                        for _ in 0..load.times {
                            host.sleep(nap).await;
                            socket.send(&next, PORT, b"hello").await.expect("it is open");
                            socket.receive().await.expect("it is open");
                        }
                    }
                }
            }));
        }
        for task in tasks {
            task.await.expect("it does not panic");
        }
    };
    let ended = match engine {
        EngineName::Network => network::run(setup, root).ok(),
        _ => nodes::run(setup, root).ok(),
    };
    assert_eq!(ended.expect("this build has the engine").failure, None);
}

/// Runs `load` on plain madsim, as its documents say: a fresh thread for each run.
///
/// # Panics
/// The run fails.
#[cfg(madsim)]
#[expect(
    clippy::disallowed_methods,
    reason = "a thread of the operating system, outside of any run"
)]
pub fn plain_madsim(load: Load, seed: u64) {
    use madsim::net::{NetSim, UdpSocket};
    use madsim::runtime::{Handle, Runtime};
    use std::net::{Ipv4Addr, SocketAddr};

    let address = |place: usize| {
        let last = u8::try_from(place + 1).expect("few hosts");
        SocketAddr::new(Ipv4Addr::new(10, 0, 0, last).into(), PORT)
    };
    let run = move || {
        let mut config = madsim::Config::default();
        config.net.send_latency = Duration::ZERO..Duration::from_nanos(1);
        Runtime::with_seed_and_config(seed, config).block_on(async move {
            let _ = NetSim::current();
            let mut tasks = Vec::new();
            for place in 0..load.hosts {
                let node = Handle::current().create_node().ip(address(place).ip()).build();
                let (here, next) = (address(place), address((place + 1) % load.hosts));
                let nap = load.job.nap(place);
                tasks.push(node.spawn(async move {
                    match load.job {
                        Job::Naps | Job::OwnNaps => {
                            for _ in 0..load.times {
                                madsim::time::sleep(nap).await;
                            }
                        }
                        Job::Messages => {
                            let socket = UdpSocket::bind(here).await.expect("the port is free");
                            let mut bytes = vec![0; 65_507];
                            for _ in 0..load.times {
                                madsim::time::sleep(nap).await;
                                socket.send_to(next, b"hello").await.expect("it is open");
                                socket.recv_from(&mut bytes).await.expect("it is open");
                            }
                        }
                    }
                }));
            }
            for task in tasks {
                task.await.expect("it does not panic");
            }
        });
    };
    std::thread::spawn(run).join().expect("it does not panic");
}

/// Runs `load` on plain turmoil, in steps of a millisecond.
///
/// # Panics
/// The run fails.
#[cfg(tokio_unstable)]
#[expect(
    clippy::disallowed_methods,
    reason = "a thread of the operating system, outside of any run"
)]
pub fn plain_turmoil(load: Load, seed: u64) {
    use std::time::UNIX_EPOCH;
    use turmoil::net::UdpSocket;

    let run = move || {
        let name = |place: usize| format!("host-{place}");
        let mut sim = turmoil::Builder::new()
            .rng_seed(seed)
            .epoch(UNIX_EPOCH)
            .tick_duration(Duration::from_millis(1))
            .min_message_latency(Duration::ZERO)
            .max_message_latency(Duration::ZERO)
            .simulation_duration(Duration::MAX)
            .enable_random_order()
            .build();
        for place in 0..load.hosts {
            let (next, nap) = (name((place + 1) % load.hosts), load.job.nap(place));
            sim.client(name(place), async move {
                match load.job {
                    Job::Naps | Job::OwnNaps => {
                        for _ in 0..load.times {
                            tokio::time::sleep(nap).await;
                        }
                    }
                    Job::Messages => {
                        let socket = UdpSocket::bind(("0.0.0.0", PORT)).await?;
                        let mut bytes = vec![0; 65_507];
                        for _ in 0..load.times {
                            tokio::time::sleep(nap).await;
                            socket.send_to(b"hello", (&*next, PORT)).await?;
                            socket.recv_from(&mut bytes).await?;
                        }
                    }
                }
                Ok(())
            });
        }
        sim.run().expect("every client ends");
    };
    std::thread::spawn(run).join().expect("it does not panic");
}

/// The loads with a goal: runs as short as a scenario's, and such in which the start of a run is not seen any more.
const NODES: [Load; 6] = [
    Load { job: Job::Naps, hosts: 10, times: 300 },
    Load { job: Job::Naps, hosts: 10, times: 3_000 },
    Load { job: Job::OwnNaps, hosts: 10, times: 300 },
    Load { job: Job::OwnNaps, hosts: 10, times: 3_000 },
    Load { job: Job::Messages, hosts: 10, times: 100 },
    Load { job: Job::Messages, hosts: 10, times: 1_000 },
];
/// Those of the engine that goes through all time step by step.
const NETWORK: [Load; 2] = [
    Load { job: Job::Naps, hosts: 10, times: 3 },
    Load { job: Job::Messages, hosts: 10, times: 3 },
];

/// Ours / theirs of each load.
#[cfg(all(madsim, tokio_unstable))]
fn ratios() -> Vec<(String, Ratio)> {
    let compare = |engine: EngineName, peer: &str, load: Load, plain: fn(Load, u64)| {
        let ratio =
            Ratio::of(ROUNDS, |round| plain(load, round), |round| ours(engine, load, round));
        (format!("{engine} / {peer}: {}", load.name()), ratio)
    };
    let nodes = NODES.map(|load| compare(EngineName::Nodes, "madsim", load, plain_madsim));
    let network = NETWORK.map(|load| compare(EngineName::Network, "turmoil", load, plain_turmoil));
    nodes.into_iter().chain(network).collect()
}

/// Without their flags there is nothing to compare.
#[cfg(not(all(madsim, tokio_unstable)))]
fn ratios() -> Vec<(String, Ratio)> {
    Vec::new()
}

/// Our layer costs a tenth at most, and an outage of a month a second.
pub fn goals(goals: &mut Goals) {
    for (name, ratio) in ratios() {
        goals.add(Goal::at_most(name, ratio.median(), 110).with(format!("{ratio}")));
    }
    let outages = 200;
    let spent = swept("outage_of_thirty_days", 1, 0, outages);
    let hundredths = spent.as_micros() / u128::from(outages) / 10;
    let name = "milliseconds for an outage of thirty virtual days on nodes";
    goals.add(Goal::at_most(name, hundredths, 100_000));
}

/// Prints what our layer costs, and how many virtual seconds a second of the processor is good for.
pub fn print() {
    table::title(
        "The processor's time of ours / of the plain simulator, on the same program, each run on a fresh thread.",
    );
    table::head(["program", "ours / theirs"].map(str::to_owned));
    ratios().into_iter().for_each(|(name, ratio)| table::row([name, ratio.cell()]));
    table::title(
        "Virtual seconds for each second of the processor: every host sleeps a second, or also sends a message and receives one. The \
         network engine in steps of a millisecond.",
    );
    let cells = ["hosts", "nodes, naps", "nodes, messages", "network, naps", "network, messages"];
    table::head(cells.map(str::to_owned));
    for hosts in [3, 10, 30] {
        let rate = |engine, job, times| {
            let load = Load { job, hosts, times };
            ours(engine, load, 0);
            let spent = timed(|| ours(engine, load, 1)).as_micros().max(1);
            (u128::from(times) * 1_000_000 / spent).to_string()
        };
        let (nodes, network) = (EngineName::Nodes, EngineName::Network);
        table::row([
            hosts.to_string(),
            rate(nodes, Job::Naps, 1_000),
            rate(nodes, Job::Messages, 1_000),
            rate(network, Job::Naps, 5),
            rate(network, Job::Messages, 5),
        ]);
    }
}
