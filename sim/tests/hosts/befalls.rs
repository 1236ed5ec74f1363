//! Hosts crash and restart, and the log says so.

use crate::{ENGINE, held, note, run, told};
use retrip_core::door::{Disk, DiskFile, JoinError};
use retrip_sim::engine::EngineName;
use retrip_sim::engine::hosts::Host;
use retrip_sim::log::Name;
use std::future::pending;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_crashed_host_does_nothing_more_and_its_units_are_gone() {
    let ended = held(1, |cluster| async move {
        let server = cluster.host(1);
        let ticking = server.clone();
        let ticks = server.start("ticks", async move {
            loop {
                ticking.sleep(SECOND).await;
                ticking.record(&Name::from("ticks"), note("ticks", 1));
            }
        });
        cluster.host(0).sleep(SECOND * 5 / 2).await;
        cluster.crash(1);
        let result: Result<(), JoinError> = ticks.await;
        assert_eq!(result, Err(JoinError::Gone));
        cluster.host(0).sleep(SECOND * 5).await;
    });
    assert_eq!(told(&ended), ["server ticks", "server ticks", "server crashes"]);
}

/// Says that it is dropped.
struct Says(Host);

impl Drop for Says {
    fn drop(&mut self) {
        self.0.record(&Name::from("value"), note("is dropped", 1));
    }
}

#[test]
fn what_is_dropped_with_a_crashed_host_acts_as_the_unit_that_had_it() {
    let ended = held(4, |cluster| async move {
        let says = Says(cluster.host(1));
        let keeps = cluster.host(1).start("keeps", async move {
            let _says = says;
            pending::<()>().await;
        });
        cluster.host(0).sleep(SECOND).await;
        cluster.crash(1);
        assert_eq!(keeps.await, Err(JoinError::Gone));
    });
    assert_eq!(told(&ended), ["server crashes", "server is dropped"]);
    assert_eq!(&*ended.log.events()[1].thread, "keeps");
}

#[test]
fn what_is_dropped_after_a_poll_that_asked_for_the_time_tells_its_own() {
    let ended = held(4, |cluster| async move {
        let host = cluster.host(1);
        let says = Says(host.clone());
        let keeps = cluster.host(1).start("keeps", async move {
            let _says = says;
            pending::<()>().await;
        });
        cluster.host(0).sleep(SECOND).await;
        cluster.crash(1);
        let _ = keeps.await;
        host.record(&Name::from("main"), note("sees it", 1));
    });
    let at: Vec<u64> = ended.log.events().iter().map(|event| event.engine).collect();
    // On the network all of that is one step.
    assert!(ENGINE == EngineName::Network || at[0] < at[1], "{at:?}");
    assert!(at.is_sorted(), "{at:?}");
}

/// Panics when it is dropped.
struct Panics;

impl Drop for Panics {
    fn drop(&mut self) {
        panic!("a destructor's own fault");
    }
}

#[test]
fn a_panic_in_what_is_dropped_with_a_crashed_host_is_the_units() {
    let ended = run(6, |cluster| async move {
        let keeps = cluster.host(1).start("keeps", async {
            let _panics = Panics;
            pending::<()>().await;
        });
        cluster.host(0).sleep(SECOND).await;
        cluster.crash(1);
        let _ = keeps.await;
        cluster.host(0).sleep(SECOND).await;
        cluster.host(0).record(&Name::from("main"), note("goes on", 1));
    });
    let said = ended.failure.as_ref().expect("it panicked").to_string();
    assert!(said.starts_with(&format!("keeps panicked at {}:", file!())), "{said}");
    assert!(said.ends_with(": a destructor's own fault"), "{said}");
    assert_eq!(told(&ended), ["server crashes"]);
}

#[test]
fn a_restarted_host_begins_anew_with_the_files_that_it_had() {
    let ended = held(2, |cluster| async move {
        cluster.boots(1, "service", |host| async move {
            let path = Path::new("starts");
            let mut file = host.append(path).expect("nothing fails here");
            file.write(b"x").expect("nothing fails here");
            let starts = file.len().expect("nothing fails here");
            let starts = i64::try_from(starts).expect("few");
            host.record(&Name::from("service"), note(&format!("start {starts}"), starts));
            host.sleep(SECOND * 10).await;
            host.record(&Name::from("service"), note("ends", starts));
        });
        let client = cluster.host(0);
        client.sleep(SECOND).await;
        let elsewhere = client.read(Path::new("starts")).map_err(|error| error.kind());
        assert_eq!(elsewhere, Err(ErrorKind::NotFound), "the file is the server's");
        cluster.restart(1);
        client.sleep(SECOND).await;
        cluster.crash(1);
        cluster.restart(1);
        client.sleep(SECOND * 20).await;
    });
    assert_eq!(
        told(&ended),
        [
            "server start 1",
            "server restarts",
            "server start 2",
            "server crashes",
            "server restarts",
            "server start 3",
            "server ends",
        ]
    );
}

#[test]
fn what_is_started_on_a_host_lives_with_it_and_not_longer() {
    let ended = held(5, |cluster| async move {
        let (client, server) = (cluster.host(0), cluster.host(1));
        let works = |verb: &'static str| {
            let host = server.clone();
            server.start("works", async move {
                host.sleep(SECOND).await;
                host.record(&Name::from("worker"), note(verb, 1));
            })
        };
        let (first, second) = (works("first"), works("second"));
        client.sleep(SECOND * 2).await;
        cluster.crash(1);
        let while_dead = works("while dead");
        assert_eq!(while_dead.await, Err(JoinError::Gone));
        cluster.restart(1);
        works("anew").await.expect("the host is there again");
        cluster.restart(1);
        works("once more").await.expect("and again");
        drop((first, second));
    });
    let mut told = told(&ended);
    told[..2].sort();
    let wanted = [
        "server first",
        "server second",
        "server crashes",
        "server restarts",
        "server anew",
        "server restarts",
        "server once more",
    ];
    assert_eq!(told, wanted);
}

#[test]
fn a_host_that_boots_otherwise_begins_anew_and_its_ports_are_free() {
    let ended = held(1, |cluster| async move {
        for verb in ["listens", "listens once more"] {
            cluster.boots(1, "listens", move |host| async move {
                let _socket = host.socket(7).await.expect("the port is free");
                host.record(&host.name(), note(verb, 1));
                pending::<()>().await;
            });
            cluster.host(0).sleep(SECOND).await;
        }
    });
    assert_eq!(told(&ended), ["server listens", "server listens once more"]);
}
