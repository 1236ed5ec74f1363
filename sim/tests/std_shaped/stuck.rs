//! A thread that waits for ever at one of our shapes: does the failure say for what, who keeps it, and in which line?

use retrip_sim::engine::threads::Failure;
use retrip_sim::engine::threads::Sim;
use retrip_sim::engine::{Setup, run};
use retrip_sim::seed::Seed;
use retrip_sim::sync::{Arc, Barrier, Once, OnceLock, RwLock, Semaphore, mpsc, oneshot};
use retrip_sim::thread::{self, Builder, JoinHandle};
use retrip_sim::time::Duration;

/// A thread of that name.
pub(crate) fn named(name: &str, body: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    Builder::new().name(name.to_owned()).spawn(body).expect("there is room")
}

/// What each thread but the root waits for in the deadlock that `root` ends in.
pub(crate) fn waits(root: impl FnOnce() + Send + 'static) -> Vec<String> {
    let ended = run(Setup::of(Seed::new(0)), |_| root());
    assert_eq!(ended.leaked, 0);
    let waits = match ended.failure {
        Some(Failure::Deadlock { waits } | Failure::LeakedThreads { waits }) => waits,
        other => panic!("it is not stuck: {other:?}"),
    };
    let others = waits.into_iter().filter(|wait| &*wait.thread != "main");
    others
        .map(|wait| {
            assert_eq!(wait.at.map(|at| at.file()), Some(file!()), "{wait}");
            wait.to_string().split(" (").next().unwrap_or_default().to_owned()
        })
        .collect()
}

type Places = (Barrier, Once, OnceLock<u8>);
type Use = fn(&Places);

const LATER: Duration = Duration::from_secs(1);

#[test]
fn behind_those_who_read() {
    let said = waits(|| {
        let lock = Arc::new(RwLock::new(()));
        let threads =
            [("reader", 0), ("other", 0), ("writer", 1), ("late", 2)].map(|(name, at)| {
                let lock = Arc::clone(&lock);
                named(name, move || {
                    thread::sleep(LATER * at);
                    if name == "writer" {
                        drop(lock.write());
                        return;
                    }
                    let _reads = lock.read();
                    thread::park();
                })
            });
        drop(threads);
    });
    assert_eq!(
        said,
        [
            "reader waits for an unpark",
            "other waits for an unpark",
            "writer waits for a lock that reader and other read",
            "late waits for a lock that reader and other read, behind writer",
        ]
    );
}

#[test]
fn behind_one_who_writes_and_behind_oneself() {
    let said = waits(|| {
        let lock = Arc::new(RwLock::new(()));
        let theirs = Arc::clone(&lock);
        drop(named("reader", move || {
            thread::sleep(LATER);
            drop(theirs.read());
        }));
        drop(named("writer", move || {
            let _writes = lock.write();
            drop(lock.read());
        }));
    });
    let held = "a lock that writer holds";
    assert_eq!(said, [format!("reader waits for {held}"), format!("writer waits for {held}")]);
}

#[test]
fn at_a_barrier_and_for_what_is_never_done() {
    let said = waits(|| {
        let shared = Arc::new((Barrier::new(3), Once::new(), OnceLock::<u8>::new()));
        let uses: [(&str, Use); 6] = [
            ("a", |shared| _ = shared.0.wait()),
            ("b", |shared| _ = shared.0.wait()),
            ("idle", |shared| shared.1.wait()),
            ("maker", |shared| _ = shared.2.get_or_init(|| *shared.2.get_or_init(|| 1))),
            ("sleeper", |shared| _ = shared.2.set(1)),
            ("watcher", |shared| _ = shared.2.wait()),
        ];
        for (nth, (name, body)) in (0..).zip(uses) {
            let shared = Arc::clone(&shared);
            drop(named(name, move || {
                thread::sleep(LATER * nth);
                body(&shared);
            }));
        }
    });
    assert_eq!(
        said,
        [
            "a waits for the others at a barrier, where 2 of 3 are",
            "b waits for the others at a barrier, where 2 of 3 are",
            "idle waits for what nobody initialises",
            "maker waits for what maker initialises",
            "sleeper waits for what maker initialises",
            "watcher waits for what maker initialises",
        ]
    );
}

#[test]
fn at_the_ends_of_a_channel() {
    let said = waits(|| {
        let (to, from) = mpsc::sync_channel(0);
        let (back, answers) = mpsc::channel::<u8>();
        drop(named("asker", move || {
            let _ = to.send(1);
            let _ = answers.recv();
        }));
        drop(named("answerer", move || {
            let _back = back;
            // It takes one question and waits for a second one before it answers.
            let _ = (from.recv(), from.iter().next());
        }));
        let (to, from) = mpsc::sync_channel(1);
        drop(named("giver", move || {
            for message in 0..2 {
                let _ = to.send(message);
            }
            thread::park();
        }));
        drop(named("taker", move || {
            let _from = from;
            thread::park();
        }));
    });
    assert_eq!(
        said,
        [
            "asker waits for a message",
            "answerer waits for a message",
            "giver waits for room in a channel",
            "taker waits for an unpark",
        ]
    );
}

#[test]
fn in_a_future() {
    let said = waits(|| {
        let semaphore = Arc::new(Semaphore::new(1));
        let theirs = Arc::clone(&semaphore);
        drop(named("one", move || {
            let _held = theirs.blocking_acquire();
            let _again = theirs.blocking_acquire();
        }));
        drop(named("many", move || {
            Sim::here().block_on(async { _ = semaphore.acquire_many(3).await });
        }));
        let (sender, receiver) = oneshot::channel::<u8>();
        drop(named("asker", move || _ = receiver.blocking_recv()));
        drop(named("answerer", move || {
            let _sender = sender;
            Sim::here().block_on(async { _ = Semaphore::new(1).acquire().await });
            thread::park();
        }));
    });
    assert_eq!(
        said,
        [
            "one waits for a permit",
            "many waits for 3 permits",
            "asker waits for a message",
            "answerer waits for an unpark",
        ]
    );
}
