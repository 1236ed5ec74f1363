//! One run on madsim: a fresh operating system thread, the runtime on it, and a watch from outside.

use super::machine::{Machine, Madsim};
use crate::engine::hosts::{Cluster, Ended, Root, Setup, World};
use crate::engine::{Failure, panics};
use crate::log::Name;
use madsim::Config;
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::thread;
use std::time::Duration;

/// For the stack of a run: code under test may be deep.
const STACK_BYTES: usize = 8 * 1024 * 1024;
/// What madsim panics with where nobody is ready and nothing is to come.
const STUCK: &str = "no events, all tasks will block forever";

/// What the thread of a run says to whoever waits for its end.
enum Said {
    Began(Arc<World>),
    Ended(Box<Ended>),
}

pub(super) fn run<F>(setup: Setup, root: impl FnOnce(Cluster) -> F + Send + 'static) -> Ended
where
    F: Future<Output = ()> + 'static,
{
    assert!(!setup.hosts.is_empty(), "a run has at least one host");
    panics::install();
    let (sender, receiver) = channel();
    let patience = setup.patience;
    let body = move || {
        let ended = panics::within_engine(|| perform(setup, root, &sender));
        // Nobody listens any more where the run was given up.
        let _ = sender.send(Said::Ended(Box::new(ended)));
    };
    let thread = thread::Builder::new().name("nodes".to_owned()).stack_size(STACK_BYTES);
    let thread = thread.spawn(body).expect("the system has room for one more thread");
    let (ended, whose) = watched(&receiver, patience);
    if whose == Whose::Own {
        // Whatever it still drops is gone before the next run begins.
        let _ = thread.join();
    }
    ended
}

/// Whose doing the end of a run is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Own,
    /// It stood still, and was given up.
    Watch,
}

/// Waits for the end of a run, or gives it up when it stands still.
fn watched(receiver: &Receiver<Said>, patience: Duration) -> (Ended, Whose) {
    let (mut world, mut before) = (None::<Arc<World>>, None);
    loop {
        match receiver.recv_timeout(patience) {
            Ok(Said::Began(began)) => world = Some(began),
            Ok(Said::Ended(ended)) => return (*ended, Whose::Own),
            Err(RecvTimeoutError::Disconnected) => unreachable!("a run says how it ends"),
            Err(RecvTimeoutError::Timeout) => {
                let Some(world) = &world else { continue };
                let steps = world.steps();
                if before.replace(steps) == Some(steps) {
                    world.fail(Failure::Livelock { steps, running: world.running() });
                    let elapsed = world.elapsed();
                    return (world.ended(Duration::from_nanos(elapsed)), Whose::Watch);
                }
            }
        }
    }
}

/// The whole run, on its own thread.
fn perform<F>(setup: Setup, root: impl FnOnce(Cluster) -> F, sender: &Sender<Said>) -> Ended
where
    F: Future<Output = ()> + 'static,
{
    let seed = setup.streams.generator("schedule").next_u64();
    let runtime = madsim::runtime::Runtime::with_seed_and_config(seed, Config::default());
    let begun = OnceLock::new();
    // Not within madsim's task, which holds itself and is never dropped where it does not end.
    let stage = Rc::new(RefCell::new(None));
    let main = Rc::clone(&stage);
    let whole = async {
        let (world, _) = begin(setup, &begun);
        let _ = sender.send(Said::Began(Arc::clone(world)));
        let cluster = Cluster::new(Arc::clone(world));
        *main.borrow_mut() = Some(Root::new(world, async move { root(cluster).await }));
        poll_fn(|context| {
            main.borrow_mut().as_mut().map_or(Poll::Ready(()), |root| Pin::new(root).poll(context))
        })
        .await;
    };
    let ran = catch_unwind(AssertUnwindSafe(|| runtime.block_on(whole)));
    let (world, machines) = begun.get().expect("a run begins before anything can go wrong in it");
    if let Err(payload) = ran {
        match panics::message(&*payload) {
            said if said == STUCK => world.is_stuck(),
            message => world.fail(Failure::Panic {
                thread: Name::from("madsim"),
                message,
                at: String::new(),
            }),
        }
    }
    let elapsed = world.close();
    let ended = world.ended(elapsed);
    let_go(&runtime, machines);
    ended
}

/// Drops the units that are left. A task of madsim's holds itself, and is let go only when its node is killed and then the queue
/// of ready tasks run.
fn let_go(runtime: &madsim::runtime::Runtime, machines: &[Machine]) {
    for machine in machines {
        runtime.handle().kill(machine.node.id());
    }
    // Each time that a destructor panics one unit less is left; whoever dropped it would have to be told, and is gone.
    while catch_unwind(AssertUnwindSafe(|| runtime.block_on(async {}))).is_err() {}
}

/// Makes the nodes and what they share.
fn begin(
    setup: Setup,
    begun: &OnceLock<(Arc<World>, Arc<[Machine]>)>,
) -> &(Arc<World>, Arc<[Machine]>) {
    begun.get_or_init(|| {
        let machine = |(place, (name, _)): (usize, &(Name, _))| Machine::new(place, name);
        let machines: Arc<[Machine]> = setup.hosts.iter().enumerate().map(machine).collect();
        let madsim = Madsim::current(Arc::clone(&machines), &setup.transit);
        (World::new(setup, Box::new(madsim)), machines)
    })
}
