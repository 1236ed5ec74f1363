//! What code sees that was not written for a simulator comes from the seed as well.

use crate::held;
use std::collections::BTreeSet;
use std::time::Duration;

/// What code that was not written for a simulator sees: std's time, the order of a map, a number of the operating system's.
#[expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "that is what is tested")]
fn strange(seed: u64) -> String {
    use std::collections::HashMap;
    use std::hash::{BuildHasher, RandomState};
    use std::time::{Instant, SystemTime, UNIX_EPOCH};
    let (sender, receiver) = std::sync::mpsc::channel();
    held(seed, move |cluster| async move {
        let (before, began) = (Instant::now(), SystemTime::now());
        cluster.host(0).sleep(Duration::from_secs(86_400)).await;
        let (day, at) = (before.elapsed(), began.duration_since(UNIX_EPOCH));
        assert!(day >= Duration::from_secs(86_400));
        let map: HashMap<u32, u32> = (0..20).map(|number| (number, number)).collect();
        let order: Vec<u32> = map.into_keys().collect();
        let hash = RandomState::new().hash_one(7);
        let _ = sender.send(format!("{day:?} {at:?} {order:?} {hash}"));
    });
    receiver.recv().expect("the root said it")
}

#[test]
fn what_code_reads_behind_the_platforms_back_comes_from_the_seed_too() {
    let first: Vec<_> = (0..20).map(strange).collect();
    let again: Vec<_> = (0..20).map(strange).collect();
    assert_eq!(first, again);
    let distinct: BTreeSet<_> = first.iter().collect();
    assert_eq!(distinct.len(), 20);
}
