//! One run on turmoil: its steps, what is done between them, and when there is no use in another one.

use super::here;
use super::runtime::{Network, bounds};
use crate::engine::hosts::thread::{self, Beginning};
use crate::engine::hosts::{Cluster, Ended, Root, Setup, World, address};
use crate::engine::{Failure, panics};
use crate::log::Name;
use crate::stream::Generator;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use turmoil::{Builder, Sim};

/// Where the root is: no host has this address.
const ROOT: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 168, 0, 1));
/// So many messages or connections may wait for a port before turmoil loses one, or panics.
const QUEUE: usize = 4096;
/// Whoever sleeps for longer than this sleeps for ever.
const ENDLESS: Duration = Duration::from_secs(30 * 24 * 3600);

pub(super) fn run<F>(setup: Setup, root: impl FnOnce(Cluster) -> F + Send + 'static) -> Ended
where
    F: Future<Output = ()> + 'static,
{
    let step = setup.step;
    assert!(
        !step.is_zero() && step.subsec_nanos().is_multiple_of(1_000_000),
        "a step of {step:?}: turmoil moves hosts by whole milliseconds"
    );
    thread::run("network", setup, |setup, beginning| perform(setup, root, beginning))
}

/// The whole run, on its own thread.
fn perform<F>(
    setup: Setup,
    root: impl FnOnce(Cluster) -> F + 'static,
    beginning: &Beginning,
) -> Ended
where
    F: Future<Output = ()> + 'static,
{
    panics::tell_whose(here::whose);
    let mut order = setup.streams.generator("schedule");
    let mut sim = built(&setup, order.next_u64());
    let (step, idle) = (setup.step, setup.idle);
    let network = Network::new(&setup);
    let world = World::new(setup, Box::new(network.clone()));
    beginning.is_of(&world);
    begin(&mut sim, &network, &world, root);
    drive(&mut sim, &network, &world, &mut order, Pace { step, idle });
    let elapsed = world.close();
    let ended = world.ended(elapsed);
    // Drops the units that are left. Whoever would have to be told of a panic in that is gone.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(sim)));
    ended
}

/// turmoil as `setup` asks for it, and nothing of it from outside of the seed.
fn built<'a>(setup: &Setup, seed: u64) -> Sim<'a> {
    let (shortest, longest) = bounds(&setup.transit);
    let begins = setup.hosts[0].1.wall(0).as_unix_nanos();
    let begins = Duration::from_nanos(u64::try_from(begins).unwrap_or_default());
    Builder::new()
        .epoch(SystemTime::UNIX_EPOCH + begins)
        .rng_seed(seed)
        .enable_random_order()
        .tick_duration(setup.step)
        .simulation_duration(Duration::MAX)
        .min_message_latency(shortest)
        .max_message_latency(longest)
        .udp_capacity(QUEUE)
        .tcp_capacity(QUEUE)
        .build()
}

/// Makes the hosts, and the root beside them.
fn begin<F>(
    sim: &mut Sim<'_>,
    network: &Network,
    world: &Arc<World>,
    root: impl FnOnce(Cluster) -> F + 'static,
) where
    F: Future<Output = ()> + 'static,
{
    let cluster = Cluster::new(Arc::clone(world));
    let main = Root::new(world, async move { root(cluster).await });
    let of = Arc::clone(world);
    sim.client(ROOT, async move {
        here::is(&Name::from("main"));
        main.await;
        // Nobody whose turn comes later in this step does anything more.
        of.stop();
        Ok(())
    });
    for (place, machine) in network.machines.iter().enumerate() {
        let machine = Arc::clone(machine);
        sim.host(address(place), move || machine.software());
    }
}

/// How fast a run goes, and for how long it may do nothing.
struct Pace {
    step: Duration,
    idle: Duration,
}

/// Goes on step by step until the run is over.
fn drive(sim: &mut Sim<'_>, network: &Network, world: &World, order: &mut Generator, pace: Pace) {
    let (mut seen, mut moved_at) = (world.steps(), Duration::ZERO);
    loop {
        let stepped = catch_unwind(AssertUnwindSafe(|| sim.step().map(drop)));
        fails_where_it_panicked(world, stepped.err().map(|payload| panics::message(&*payload)));
        if world.has_stopped() {
            return;
        }
        let now = sim.elapsed();
        network.settle(sim);
        network.alarms.ring(nanos(now), order);
        let steps = world.steps();
        let next = network.alarms.next().is_some_and(|at| at <= nanos(now.saturating_add(ENDLESS)));
        if std::mem::replace(&mut seen, steps) != steps || next {
            moved_at = now;
        } else if now - moved_at > pace.idle.saturating_add(network.longest() + pace.step) {
            world.is_stuck();
            return;
        }
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Ends the run where something panicked that is no unit: a task of somebody's own, or turmoil, which then said `message`.
fn fails_where_it_panicked(world: &World, message: Option<String>) {
    let beside = panics::take_beside();
    let Some((thread, message, at)) = beside.or(message.map(|it| (None, it, String::new()))) else {
        return;
    };
    let thread = thread.unwrap_or_else(|| Name::from("turmoil"));
    world.fail(Failure::Panic { thread, message, at });
}
