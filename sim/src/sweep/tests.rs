//! A sweep runs each seed of its range once, in whichever parts, and ends where it is told to.

use super::*;
use std::sync::atomic::AtomicBool;

fn request<'a>(
    seeds: &str,
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn(&Run) + Sync),
) -> SweepRequest<'a> {
    let jobs = NonZeroUsize::new(2).expect("two is not zero");
    SweepRequest { jobs, stop, progress, ..SweepRequest::of(seeds.parse().expect("a range")) }
}

fn draws() -> Scenario {
    Scenario::new("draws", "something is drawn", |s| {
        s.draw("number", 0..=9);
    })
}

#[test]
fn a_range_at_the_top_of_all_seeds_ends() {
    let stop = AtomicBool::new(false);
    let seen = Mutex::new(BTreeSet::new());
    let progress = |run: &Run| assert!(seen.lock().insert(run.plan.seed), "each seed runs once");
    let top = "18446744073709551595..=18446744073709551615";
    let found = sweep(&draws(), &request(top, &stop, &progress)).expect("it runs");
    assert_eq!((found.runs, found.interrupted), (21, false));
    assert_eq!(seen.into_inner().last(), Some(&Seed::new(u64::MAX)));
}

#[test]
fn the_digest_is_that_of_each_seed_with_its_own_log_in_whichever_parts_they_are_run() {
    let stop = AtomicBool::new(false);
    let of = |seeds| sweep(&draws(), &request(seeds, &stop, &|_| ())).expect("it runs");
    let mut parts = of("40..60");
    parts.merge(of("0..40"));
    let whole = of("0..60");
    assert_eq!(whole.digest, parts.digest);
    assert_ne!(whole.digest, of("0..59").digest);
    // Both are sums of the same logs, each under the seed of the other one.
    assert_ne!(
        under(Seed::new(1), 7).wrapping_add(under(Seed::new(2), 8)),
        under(Seed::new(1), 8).wrapping_add(under(Seed::new(2), 7))
    );
    assert_ne!(under(Seed::new(1), 1), under(Seed::new(1), 1 << 64));
}

#[test]
fn a_sweep_that_is_stopped_within_its_last_chunk_is_interrupted() {
    let stop = AtomicBool::new(false);
    let progress = |run: &Run| {
        if run.plan.seed == Seed::new(2) {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let found = sweep(&draws(), &request("0..12", &stop, &progress)).expect("it runs");
    assert!(found.runs < 12 && found.interrupted, "{found:?}");
}
