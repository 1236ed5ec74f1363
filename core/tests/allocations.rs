//! What takes no memory: a call, a rejection, and to find a breaker by its key.

use allocation_counter::measure;
use retrip_core::breaker::{Bounds, BreakerConfig, CircuitBreaker, KeyedBreakers};

/// How often memory was asked for while `body` ran a thousand times.
fn allocations(mut body: impl FnMut()) -> u64 {
    body();
    measure(|| (0..1000).for_each(|_| body())).count_total
}

#[test]
fn what_allocates_is_seen() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(7)))), 1000);
}

#[test]
fn a_call_and_a_rejection_take_no_memory() {
    let breaker = CircuitBreaker::new("llm", BreakerConfig::default()).expect("valid");
    assert_eq!(allocations(|| breaker.call(|| Ok::<_, String>(())).expect("closed")), 0);
    breaker.force_open();
    assert_eq!(allocations(|| assert!(breaker.acquire().is_err())), 0);
}

#[test]
fn to_find_a_breaker_by_its_key_takes_no_memory() {
    let keyed: KeyedBreakers<String> =
        KeyedBreakers::new(BreakerConfig::default(), Bounds::of(1000)).expect("valid");
    let hosts: Vec<String> = (0..1000).map(|number| format!("{number}.example")).collect();
    hosts.iter().for_each(|host| drop(keyed.get(host.as_str()).expect("room")));
    let mut next = hosts.iter().cycle();
    let find = || {
        let host = next.next().expect("a cycle has no end");
        let breaker = keyed.get(host.as_str()).expect("it is there");
        assert_eq!(breaker.call(|| Ok::<_, String>(7)), Ok(7));
    };
    assert_eq!(allocations(find), 0);
}

#[test]
fn a_hundred_thousand_keys_take_no_more_memory_than_the_capacity() {
    let keyed: KeyedBreakers<u32> =
        KeyedBreakers::new(BreakerConfig::default(), Bounds::of(64)).expect("valid");
    let ask_for = |keys: std::ops::Range<u32>| {
        measure(|| keys.for_each(|key| drop(keyed.get(&key).expect("room"))))
    };
    let at_capacity = ask_for(0..64).bytes_current;
    let later = ask_for(64..100_000);
    // One more is there while the one goes that it takes the place of. Names and nodes of keys vary a little.
    assert!(later.bytes_max < u64::try_from(at_capacity).expect("they are kept") / 8, "{later:?}");
    assert!(later.bytes_current.unsigned_abs() < 4096, "{later:?}");
}
