//! What is given to tokio and is no unit, and a panic in it, about which only tokio knows, fails the run all the same.

use crate::{note, run, told};
use retrip_sim::engine::Failure;
use retrip_sim::log::Name;
use std::future::{Future, pending};
use std::time::Duration;

/// A run in which `beside` is started by a unit of the server, as no unit.
fn with<F: Future<Output = ()> + 'static>(
    starts: impl FnOnce() -> F + Send + 'static,
) -> (Name, String, String) {
    let ended = run(1, move |cluster| async move {
        let host = cluster.host(1);
        drop(host.start("starts", async move { drop(tokio::task::spawn_local(starts())) }));
        cluster.host(0).sleep(Duration::from_secs(1)).await;
        cluster.host(0).record(&Name::from("main"), note("goes on", 1));
    });
    assert_eq!(told(&ended), [""; 0], "the run ends where it fails");
    match ended.failure {
        Some(Failure::Panic { thread, message, at }) => (thread, message, at),
        other => panic!("it should have panicked: {other:?}"),
    }
}

#[test]
fn a_panic_in_a_spawned_task_is_told_with_its_host_message_and_line() {
    let (thread, message, at) = with(|| async {
        let spawned = tokio::spawn(async {
            tokio::task::yield_now().await;
            panic!("a task's own fault");
        });
        let _ = spawned.await;
    });
    assert_eq!((&*thread, &*message), ("server", "a task's own fault"));
    assert!(at.starts_with(&format!("{}:", file!())), "{at}");
}

#[test]
fn a_panic_in_a_local_task_is_told_too() {
    let (thread, message, at) = with(|| async { panic!("a local fault") });
    assert_eq!((&*thread, &*message), ("server", "a local fault"));
    assert!(at.starts_with(&format!("{}:", file!())), "{at}");
}

#[test]
fn a_panic_that_such_a_task_catches_is_told_all_the_same() {
    let (thread, message, _) = with(|| async {
        let _ = std::panic::catch_unwind(|| panic!("a caught fault"));
    });
    assert_eq!((&*thread, &*message), ("server", "a caught fault"));
}

/// Panics when it is dropped.
struct Panics;

impl Drop for Panics {
    fn drop(&mut self) {
        panic!("a destructor's own fault");
    }
}

#[test]
fn a_panic_in_what_such_a_task_drops_when_its_host_crashes_is_told_too() {
    let ended = run(2, |cluster| async move {
        let host = cluster.host(1);
        drop(host.start("starts", async {
            drop(tokio::spawn(async {
                let _panics = Panics;
                pending::<()>().await;
            }));
        }));
        cluster.host(0).sleep(Duration::from_secs(1)).await;
        cluster.crash(1);
        cluster.host(0).sleep(Duration::from_secs(1)).await;
        cluster.host(0).record(&Name::from("main"), note("goes on", 1));
    });
    let said = ended.failure.as_ref().expect("it panicked").to_string();
    assert!(said.ends_with(": a destructor's own fault"), "{said}");
    assert_eq!(told(&ended), ["server crashes"]);
}

#[test]
fn a_panic_of_one_run_is_not_the_next_ones() {
    let failed = run(3, |cluster| async move {
        drop(cluster.host(1).start("starts", async {
            drop(tokio::spawn(async { panic!("of the first one") }));
        }));
        cluster.host(0).sleep(Duration::from_secs(1)).await;
    });
    let said = failed.failure.expect("it panicked").to_string();
    assert!(
        said.starts_with("server panicked at ") && said.ends_with(": of the first one"),
        "{said}"
    );
    let next = run(3, |cluster| async move { cluster.host(0).sleep(Duration::from_secs(1)).await });
    assert_eq!(next.failure, None);
}

#[test]
fn a_real_thread_that_the_root_gives_something_to_fails_the_run() {
    let ended = run(1, |cluster| async move {
        drop(tokio::task::spawn_blocking(|| ()));
        cluster.host(0).sleep(Duration::from_millis(5)).await;
    });
    let Some(Failure::Panic { thread, message, .. }) = ended.failure else {
        panic!("{:?}", ended.failure)
    };
    assert_eq!(&*thread, "tokio");
    assert!(message.contains("`spawn_blocking`"), "{message}");
}
