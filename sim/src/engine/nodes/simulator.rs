//! One run on madsim: the runtime, and what is made on it and let go.

use super::bell::Bell;
use super::machine::{Machine, Madsim};
use crate::engine::hosts::thread::{self, Beginning};
use crate::engine::hosts::{Branches, Ended, Rest, Root, Setup, Start, World};
use crate::engine::{Failure, panics};
use crate::log::Name;
use madsim::Config;
use madsim::runtime::Runtime;
use std::cell::RefCell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, OnceLock};
use std::task::{Poll, Waker};

/// madsim takes up to 100 ns for each of those who are ready, and nobody goes on for up to a millisecond and a bit while a message is on
/// its way that takes no time.
const REST: Rest = Rest { woken: 1_000_000, alone: 0, talking: 2_000_000, together: 1_000 };
/// What madsim panics with where nobody is ready and nothing is to come.
const STUCK: &str = "no events, all tasks will block forever";

pub(super) fn run(setup: Setup, start: Start) -> Ended {
    thread::run("nodes", setup, |setup, beginning| perform(setup, start, beginning))
}

/// The whole run, on its own thread.
fn perform(setup: Setup, start: Start, beginning: &Beginning) -> Ended {
    let [schedule, branches] =
        ["schedule", "branches"].map(|stream| setup.streams.generator(stream).next_u64());
    // Before tokio is asked: from then on the thread's maps have their keys from the seed.
    let runtime = Runtime::with_seed_and_config(schedule, Config::default());
    let branches = Branches::of(branches);
    branches.decide(|| simulated(setup, start, beginning, (&runtime, &branches)))
}

/// The whole run, once it is settled what decides in it.
fn simulated(
    setup: Setup,
    start: Start,
    beginning: &Beginning,
    (runtime, branches): (&Runtime, &Branches),
) -> Ended {
    let begun = OnceLock::new();
    // Not within madsim's task, which holds itself and is never dropped where it does not end.
    let stage = Rc::new(RefCell::new(None));
    let main = Rc::clone(&stage);
    let whole = async {
        let waker = poll_fn(|context| Poll::Ready(context.waker().clone())).await;
        let (world, _, bell) = begin(setup, &waker, &begun);
        beginning.is_of(world);
        let root = Root::new(world, start);
        root.wakes(&waker);
        *main.borrow_mut() = Some(root);
        poll_fn(|_| {
            bell.is_driven(world);
            main.borrow_mut().as_mut().map_or(Poll::Ready(()), Root::goes_on)
        })
        .await;
    };
    let ran = catch_unwind(AssertUnwindSafe(|| runtime.block_on(whole)));
    let (world, machines, _) =
        begun.get().expect("a run begins before anything can go wrong in it");
    branches.fails_where_one_strayed(world);
    if let Err(payload) = ran {
        match panics::message(&*payload) {
            said if said == STUCK => world.is_stuck(),
            message => {
                // Where a task of somebody's own panicked, the first one is the cause.
                let (_, message, at) =
                    panics::take_beside().unwrap_or((None, message, String::new()));
                world.fail(Failure::Panic { thread: Name::from("madsim"), message, at });
            }
        }
    }
    let elapsed = world.close();
    let ended = world.ended(elapsed);
    let_go(runtime, machines);
    ended
}

/// Drops the units that are left. A task of madsim's holds itself, and is let go only when its node is killed and then the queue
/// of ready tasks run.
fn let_go(runtime: &Runtime, machines: &[Machine]) {
    for machine in machines {
        runtime.handle().kill(machine.node.id());
    }
    // Each time that a destructor panics one unit less is left; whoever dropped it would have to be told, and is gone.
    while catch_unwind(AssertUnwindSafe(|| runtime.block_on(async {}))).is_err() {}
}

/// What is made of madsim as a run begins. It is not within madsim's task either.
type Begun = (Arc<World>, Arc<[Machine]>, Arc<Bell>);

/// Makes the nodes and what they share.
fn begin<'a>(setup: Setup, driver: &Waker, begun: &'a OnceLock<Begun>) -> &'a Begun {
    begun.get_or_init(|| {
        let bell = Arc::new(Bell::new(driver));
        let machine = |(place, (name, _)): (usize, &(Name, _))| Machine::new(place, name);
        let machines: Arc<[Machine]> = setup.hosts.iter().enumerate().map(machine).collect();
        let madsim = Madsim::current(Arc::clone(&machines), Arc::clone(&bell), &setup.transit);
        let world = World::new(setup, Box::new(madsim), REST);
        world.sets_timers(|rings| bell.timers(rings));
        (world, machines, bell)
    })
}
