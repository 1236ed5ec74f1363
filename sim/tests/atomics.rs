//! Does a simulated atomic do what the real one does, and refuse what that refuses?

use retrip_core::door::{Atomic, AtomicInteger, SyncPrimitives};
use retrip_sim::engine::{Setup, run};
use retrip_sim::seed::Seed;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU64};

#[test]
fn every_operation_gives_what_the_real_one_gives() {
    let ended = run(Setup::of(Seed::new(1)), |sim| {
        for start in [0, 1, 7, u64::MAX - 1, u64::MAX] {
            for value in [0, 1, 7, u64::MAX] {
                let (ours, real) = (sim.atomic_u64(start), AtomicU64::new(start));
                assert_eq!(ours.fetch_add(value, AcqRel), real.fetch_add(value, AcqRel));
                assert_eq!(ours.load(Acquire), real.load(Acquire));
                assert_eq!(ours.fetch_sub(7, Release), real.fetch_sub(7, Release));
                assert_eq!(ours.fetch_max(value, Relaxed), real.fetch_max(value, Relaxed));
                assert_eq!(ours.swap(start, SeqCst), real.swap(start, SeqCst));
                assert_eq!(
                    ours.compare_exchange(value, 9, SeqCst, Relaxed),
                    real.compare_exchange(value, 9, SeqCst, Relaxed)
                );
                assert_eq!(ours.load(SeqCst), real.load(SeqCst), "{start} {value}");
            }
        }
        let (ours, real) = (sim.atomic_bool(true), AtomicBool::new(true));
        for (current, new) in [(false, true), (true, false), (true, true), (false, true)] {
            assert_eq!(
                ours.compare_exchange(current, new, SeqCst, SeqCst),
                real.compare_exchange(current, new, SeqCst, SeqCst)
            );
            assert_eq!(ours.load(SeqCst), real.load(SeqCst));
        }
        ours.store(true, Release);
        assert!(ours.load(Relaxed));
    });
    assert_eq!(ended.failure, None);
}

#[test]
fn an_ordering_that_the_real_one_refuses_is_refused() {
    let refused = |what: &str, use_it: fn(&dyn Fn(u8))| {
        let ended = run(Setup::of(Seed::new(1)), move |sim| {
            let flag = sim.atomic_bool(false);
            use_it(&|which| match which {
                0 => drop(flag.load(Release)),
                1 => drop(flag.load(AcqRel)),
                2 => flag.store(true, Acquire),
                3 => flag.store(true, AcqRel),
                4 => drop(flag.compare_exchange(false, true, SeqCst, Release)),
                _ => drop(flag.compare_exchange(false, true, SeqCst, AcqRel)),
            });
        });
        let said = format!("{:?}", ended.failure.expect("std panics there"));
        assert!(said.contains(what), "{said}");
    };
    refused("a load has no ordering `Release`", |with| with(0));
    refused("a load has no ordering `AcqRel`", |with| with(1));
    refused("a store has no ordering `Acquire`", |with| with(2));
    refused("a store has no ordering `AcqRel`", |with| with(3));
    refused("a failed exchange has no ordering `Release`", |with| with(4));
    refused("a failed exchange has no ordering `AcqRel`", |with| with(5));
}
