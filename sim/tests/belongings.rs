//! What belongs to a thread or a node: does its slot stay its own, and do files keep what was written?

use retrip_core::door::{Atomic, Context, Disk, DiskFile, JoinHandle, Spawn, SyncPrimitives};
use retrip_sim::clock::NodeClock;
use retrip_sim::engine::threads::Sim;
use retrip_sim::engine::{Setup, run};
use retrip_sim::log::Name;
use retrip_sim::seed::Seed;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::mpsc;

fn carried(sim: Sim, new: Option<u64>) -> Option<u64> {
    let old = sim.swap(new.map(|new| Box::new(new) as Box<_>));
    old.and_then(|old| old.downcast().ok()).map(|old: Box<u64>| *old)
}

#[test]
fn every_thread_has_a_slot_of_its_own_that_begins_empty() {
    for seed in 0..30 {
        let ended = run(Setup::of(Seed::new(seed)), |sim| {
            let turn = Arc::new(sim.atomic_u64(0));
            assert_eq!(carried(sim, Some(100)), None);
            let threads = [1, 2, 3].map(|own| {
                let turn = Arc::clone(&turn);
                let body = move || {
                    assert_eq!(carried(sim, Some(own)), None);
                    for round in 0..5 {
                        turn.store(round, SeqCst);
                        assert_eq!(
                            carried(sim, Some(own * 10 + round)),
                            Some(if round == 0 { own } else { own * 10 + round - 1 })
                        );
                    }
                };
                sim.spawn("carrier", body).expect("room")
            });
            for thread in threads {
                thread.join().expect("it ends");
            }
            assert_eq!(carried(sim, None), Some(100));
            assert_eq!(carried(sim, None), None);
        });
        assert_eq!(ended.failure, None);
    }
}

#[test]
fn what_a_slot_holds_is_dropped_while_the_run_still_is() {
    struct Looks(Sim, Arc<retrip_sim::engine::threads::SimAtomicU64>, mpsc::Sender<u64>);
    impl Drop for Looks {
        fn drop(&mut self) {
            let _ = self.2.send(self.1.load(SeqCst));
            assert!(self.0.swap(None).is_none());
        }
    }
    let (sender, seen) = mpsc::channel();
    let ended = run(Setup::of(Seed::new(1)), move |sim| {
        let number = Arc::new(sim.atomic_u64(7));
        for _ in 0..2 {
            let looks = Looks(sim, Arc::clone(&number), sender.clone());
            let body = move || drop(sim.swap(Some(Box::new(looks))));
            sim.spawn("carrier", body).expect("room").join().expect("it ends");
        }
    });
    assert_eq!(ended.failure, None);
    assert_eq!(seen.try_iter().collect::<Vec<_>>(), [7, 7]);
}

#[test]
fn a_file_keeps_what_was_appended_under_the_name_it_has_now() {
    let ended = run(Setup::of(Seed::new(1)), |sim| {
        let (log, old) = (Path::new("log"), Path::new("old"));
        let kind = |path| sim.read(path).map_err(|error| error.kind());
        assert_eq!(kind(log), Err(ErrorKind::NotFound));
        let mut file = sim.append(log).expect("nothing fails here");
        assert_eq!(file.len().expect("nothing fails here"), 0);
        assert_eq!(file.write(b"one ").expect("nothing fails here"), 4);
        let mut again = sim.append(log).expect("nothing fails here");
        assert_eq!(again.write(b"two").expect("nothing fails here"), 3);
        again.sync().expect("nothing fails here");
        assert_eq!(
            (file.len().expect("nothing fails here"), kind(log)),
            (7, Ok(b"one two".to_vec()))
        );

        sim.rename(log, old).expect("it is there");
        assert_eq!((kind(log), kind(old)), (Err(ErrorKind::NotFound), Ok(b"one two".to_vec())));
        assert_eq!(file.write(b"!").expect("nothing fails here"), 1);
        assert_eq!(kind(old), Ok(b"one two!".to_vec()));
        let fresh = sim.append(log).expect("nothing fails here");
        assert_eq!(fresh.len().expect("nothing fails here"), 0);

        sim.remove(old).expect("it is there");
        assert_eq!(kind(old), Err(ErrorKind::NotFound));
        assert_eq!(sim.remove(old).map_err(|error| error.kind()), Err(ErrorKind::NotFound));
        assert_eq!(sim.rename(old, log).map_err(|error| error.kind()), Err(ErrorKind::NotFound));
        assert_eq!(file.len().expect("an open file lives on"), 8);
    });
    assert_eq!(ended.failure, None);
}

#[test]
fn each_node_has_files_of_its_own() {
    let nodes = ["a", "b"].map(|name| (Name::from(name), NodeClock::default())).to_vec();
    let ended = run(Setup { nodes, ..Setup::of(Seed::new(1)) }, |sim| {
        let path = Path::new("log");
        let mut here = sim.append(path).expect("nothing fails here");
        assert_eq!(here.write(b"here").expect("nothing fails here"), 4);
        let there = sim.at_node(1);
        assert!(there.read(path).is_err());
        assert_eq!(there.append(path).expect("nothing fails here").len().expect("open"), 0);
        assert_eq!(sim.read(path).expect("it is there"), b"here");
    });
    assert_eq!(ended.failure, None);
}
