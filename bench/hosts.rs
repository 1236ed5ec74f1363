//! What our layer costs over the plain simulator: the same program of naps and messages on both, and how far a second goes.

use crate::goal::{Goal, Goals};
use crate::ratio::{Ratio, timed};
use crate::table;
use retrip_sim::engine::hosts::{Host, Setup, Transit};
use retrip_sim::engine::nodes;
use retrip_sim::seed::Seed;
use std::time::Duration;

/// Paired rounds of each comparison.
const ROUNDS: usize = 15;
/// The port that messages come to.
const PORT: u16 = 1;
const SECOND: Duration = Duration::from_secs(1);

/// What each host does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Sleeps for a second, again and again.
    Naps,
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
            Job::Messages => "messages",
        };
        format!("{} hosts x {} {what}", self.hosts, self.times)
    }
}

/// Runs `load` on our nodes.
///
/// # Panics
/// The run fails.
pub fn ours(load: Load, seed: u64) {
    let names: Vec<String> = (0..load.hosts).map(|host| format!("host-{host}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let at_once = Duration::ZERO..=Duration::ZERO;
    let setup = Setup {
        transit: Transit { latency: at_once, loss_ppm: 0 },
        bound: u64::MAX,
        ..Setup::of(Seed::new(seed), &names)
    };
    let ended = nodes::run(setup, move |cluster| async move {
        let hosts: Vec<Host> = (0..load.hosts).map(|place| cluster.host(place)).collect();
        let mut tasks = Vec::new();
        for place in 0..load.hosts {
            let (host, next) = (hosts[place].clone(), hosts[(place + 1) % load.hosts].clone());
            tasks.push(hosts[place].start("works", async move {
                match load.job {
                    Job::Naps => {
                        for _ in 0..load.times {
                            host.sleep(SECOND).await;
                        }
                    }
                    Job::Messages => {
                        let socket = host.socket(PORT).await.expect("the port is free");
                        for _ in 0..load.times {
                            host.sleep(SECOND).await;
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
    });
    let ended = ended.expect("this build has the engine");
    assert_eq!(ended.failure, None);
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
pub fn plain(load: Load, seed: u64) {
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
                tasks.push(node.spawn(async move {
                    match load.job {
                        Job::Naps => {
                            for _ in 0..load.times {
                                madsim::time::sleep(SECOND).await;
                            }
                        }
                        Job::Messages => {
                            let socket = UdpSocket::bind(here).await.expect("the port is free");
                            let mut bytes = vec![0; 65_507];
                            for _ in 0..load.times {
                                madsim::time::sleep(SECOND).await;
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

/// The loads with a goal.
const GOALS: [Load; 2] = [
    Load { job: Job::Naps, hosts: 10, times: 300 },
    Load { job: Job::Messages, hosts: 10, times: 100 },
];

/// Ours / theirs: at most a tenth more.
#[cfg(madsim)]
pub fn goals(goals: &mut Goals) {
    for load in GOALS {
        let ratio = Ratio::of(ROUNDS, |round| plain(load, round), |round| ours(load, round));
        let goal = Goal::at_most(format!("nodes / madsim: {}", load.name()), ratio.median(), 110);
        goals.add(goal.with(format!("{ratio}")));
    }
}

/// Without it there is nothing to compare.
#[cfg(not(madsim))]
pub fn goals(_goals: &mut Goals) {}

/// Prints how many virtual seconds a second of the processor is good for.
pub fn print() {
    table::title(
        "Virtual seconds for each second of the processor, on nodes: every host sleeps a second, or also sends and receives.",
    );
    table::head(["hosts", "naps", "messages"].map(str::to_owned));
    for hosts in [3, 10, 30] {
        let rate = |job| {
            let load = Load { job, hosts, times: 1_000 };
            ours(load, 0);
            let spent = timed(|| ours(load, 1)).as_micros().max(1);
            (u128::from(load.times) * 1_000_000 / spent).to_string()
        };
        table::row([hosts.to_string(), rate(Job::Naps), rate(Job::Messages)]);
    }
}
