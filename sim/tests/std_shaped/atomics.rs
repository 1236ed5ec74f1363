//! Do atomics compute as std's, and does a race between them show?

use super::simulate;
use proptest::prelude::*;
use retrip_sim::sync::Arc;
use retrip_sim::sync::atomic::{AtomicBool, AtomicI8, AtomicU16, AtomicUsize, Ordering::SeqCst};
use retrip_sim::thread;
use std::collections::BTreeSet;
use std::sync::Mutex;

/// The same operations on an atomic of ours and on std's: what each returns, and the value at the end.
macro_rules! outcomes {
    ($atomic:path, $start:expr, $operations:expr) => {{
        let atomic = <$atomic>::new($start);
        let mut seen = Vec::new();
        for &(operation, value) in $operations {
            seen.push(match operation % 13 {
                0 => atomic.load(SeqCst),
                1 => {
                    atomic.store(value, SeqCst);
                    value
                }
                2 => atomic.swap(value, SeqCst),
                3 => atomic.fetch_add(value, SeqCst),
                4 => atomic.fetch_sub(value, SeqCst),
                5 => atomic.fetch_max(value, SeqCst),
                6 => atomic.fetch_min(value, SeqCst),
                7 => atomic.fetch_and(value, SeqCst),
                8 => atomic.fetch_nand(value, SeqCst),
                9 => atomic.fetch_or(value, SeqCst),
                10 => atomic.fetch_xor(value, SeqCst),
                11 => match atomic.compare_exchange(value, value.wrapping_add(1), SeqCst, SeqCst) {
                    Ok(before) | Err(before) => before,
                },
                _ => {
                    let less = |found: _| if found > value { Some(value) } else { None };
                    match atomic.fetch_update(SeqCst, SeqCst, less) {
                        Ok(before) | Err(before) => before,
                    }
                }
            });
        }
        seen.push(atomic.into_inner());
        seen
    }};
}

proptest! {
    #[test]
    fn every_operation_does_what_std_does(
        start: i8,
        operations in prop::collection::vec((0_u8..13, -3_i8..=3), 0..40),
    ) {
        let expected = outcomes!(std::sync::atomic::AtomicI8, start, &operations);
        simulate(0, move || assert_eq!(outcomes!(AtomicI8, start, &operations), expected));
    }
}

#[test]
fn other_widths_wrap_where_theirs_end_and_a_bool_is_one_too() {
    simulate(0, || {
        let mut wide = AtomicU16::from(u16::MAX);
        assert_eq!(wide.fetch_add(2, SeqCst), u16::MAX);
        *wide.get_mut() += 1;
        assert_eq!(format!("{wide:?} {:?}", AtomicUsize::default()), "2 0");
        let flag = AtomicBool::new(true);
        assert!(flag.fetch_nand(true, SeqCst));
        assert_eq!(flag.compare_exchange_weak(false, true, SeqCst, SeqCst), Ok(false));
        assert!(flag.fetch_not(SeqCst));
        assert!(!flag.into_inner());
    });
}

#[test]
fn an_update_in_two_steps_is_lost_in_some_orders_and_only_there() {
    let sums = |adds: fn(&AtomicUsize)| {
        let seen: Arc<Mutex<BTreeSet<usize>>> = Arc::default();
        for seed in 0..100 {
            let seen = Arc::clone(&seen);
            simulate(seed, move || {
                let count = Arc::new(AtomicUsize::new(0));
                let theirs = Arc::clone(&count);
                let other = thread::spawn(move || adds(&theirs));
                adds(&count);
                other.join().unwrap();
                // std's own lock, held for no step of the schedule.
                seen.lock().unwrap().insert(count.load(SeqCst));
            });
        }
        Arc::into_inner(seen).expect("every run is over").into_inner().unwrap()
    };
    let in_two_steps = |count: &AtomicUsize| count.store(count.load(SeqCst) + 1, SeqCst);
    assert_eq!(sums(in_two_steps), BTreeSet::from([1, 2]));
    let in_one = |count: &AtomicUsize| {
        count.fetch_add(1, SeqCst);
    };
    assert_eq!(sums(in_one), BTreeSet::from([2]));
    let in_turn = |count: &AtomicUsize| {
        count.fetch_update(SeqCst, SeqCst, |found| Some(found + 1)).expect("it always changes");
    };
    assert_eq!(sums(in_turn), BTreeSet::from([2]));
}
