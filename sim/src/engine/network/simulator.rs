//! One run on turmoil: its steps, what is done between them, and when there is no use in another one.

use super::here;
use super::runtime::{Network, bounds};
use crate::engine::hosts::thread::{self, Beginning};
use crate::engine::hosts::{Branches, Ended, Rest, Root, Setup, Start, World, address};
use crate::engine::{Failure, panics};
use crate::log::Name;
use crate::stream::Generator;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Waker;
use std::time::{Duration, SystemTime};
use turmoil::{Builder, Sim};

/// So many messages or connections may wait for a port before turmoil loses one, or panics.
const QUEUE: usize = 4096;
/// Whoever sleeps for more steps than this sleeps for ever: thirty days, of a millisecond each.
const ENDLESS: u32 = 30 * 24 * 3600 * 1000;

pub(super) fn run(setup: Setup, start: Start) -> Ended {
    let step = setup.step;
    assert!(
        !step.is_zero() && step.subsec_nanos().is_multiple_of(1_000_000),
        "a step of {step:?}: turmoil moves hosts by whole milliseconds"
    );
    thread::run("network", setup, |setup, beginning| perform(setup, start, beginning))
}

/// The whole run, on its own thread.
fn perform(setup: Setup, start: Start, beginning: &Beginning) -> Ended {
    panics::tell_whose(here::whose);
    // turmoil decides about those of the hosts, and the root is on none.
    let branches = Branches::of(setup.streams.generator("branches").next_u64());
    let mut order = setup.streams.generator("schedule");
    let mut sim = built(&setup, order.next_u64());
    let (step, idle) = (setup.step, setup.idle);
    let network = Network::new(&setup);
    let tick = nanos(step);
    // Hosts that wake each other do so step by step, and a message that takes no time arrives in the next one.
    let rest = Rest { woken: 0, alone: tick, talking: tick.saturating_mul(2), together: 0 };
    let world = World::new(setup, Box::new(network.clone()), rest);
    beginning.is_of(&world);
    for (place, machine) in network.machines.iter().enumerate() {
        let machine = Arc::clone(machine);
        sim.host(address(place), move || machine.software());
    }
    let mut root = Root::new(&world, start);
    let pace = Pace { step, idle };
    drive(&mut sim, &network, (&world, &mut root, &branches), &mut order, pace);
    branches.fails_where_one_strayed(&world);
    let elapsed = world.close();
    let ended = world.ended(elapsed);
    // Drops the units that are left. Whoever would have to be told of a panic in that is gone.
    let _ = catch_unwind(AssertUnwindSafe(|| drop((root, sim))));
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

/// How fast a run goes, and for how long it may do nothing.
struct Pace {
    step: Duration,
    idle: Duration,
}

/// Goes on step by step until the run is over.
fn drive(
    sim: &mut Sim<'_>,
    network: &Network,
    (world, root, branches): (&World, &mut Root, &Branches),
    order: &mut Generator,
    pace: Pace,
) {
    let (mut seen, mut moved_at, mut due) = (world.steps(), Duration::ZERO, Vec::new());
    // The root goes first, between two steps as always.
    while branches.decide(|| root.goes_on()).is_pending() && !world.has_stopped() {
        network.step_begins(sim);
        let stepped = catch_unwind(AssertUnwindSafe(|| sim.step().map(drop)));
        fails_where_it_panicked(world, stepped.err().map(|payload| panics::message(&*payload)));
        if world.has_stopped() {
            return;
        }
        let now = sim.elapsed();
        network.step_ends(nanos(now));
        world.due(nanos(now), &mut due);
        order.shuffle(&mut due);
        // The wakers are foreign and may do anything.
        let woken = catch_unwind(AssertUnwindSafe(|| due.drain(..).for_each(Waker::wake)));
        fails_where_it_panicked(world, woken.err().map(|payload| panics::message(&*payload)));
        let (steps, next) = (world.steps(), world.next_moment());
        let endless = now.saturating_add(pace.step.saturating_mul(ENDLESS));
        let next = next.is_some_and(|at| at <= nanos(endless));
        if std::mem::replace(&mut seen, steps) != steps || next {
            moved_at = now;
        } else if now - moved_at > pace.idle.saturating_add(network.longest() + pace.step) {
            branches.fails_where_one_strayed(world);
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
