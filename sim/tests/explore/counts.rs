//! Are there as many orders as combinatorics says?

use crate::lab::{ALL, DISTINCT, Deed, orders};
use retrip_sim::explore::{Extent, Limits};

fn factorial(n: u64) -> u128 {
    (1..=u128::from(n)).product()
}

/// Orders of the whole program: a root starts `n` threads and ends, and each of them begins and then does `k` things.
///
/// A step is what a thread does from one scheduling point to the next. The root has one for each start; its first, up to the
/// first start, is no decision. A thread has one to begin and one for each deed, with the last of which it ends. A step comes
/// after the one that started it, so the steps are a tree, whose orders are counted by the hook length formula (Knuth, "The
/// Art of Computer Programming", volume 3, 5.1.4, exercise 20): N! over the product of the sizes of all subtrees.
fn orders_of_all(n: u64, k: u64) -> u64 {
    let thread = k + 1;
    // Below the start of the i-th thread: that start and all after it, and a thread for each of them.
    let starts: u128 = (1..=n).map(|left| u128::from(left * (1 + thread))).product();
    let threads = (0..n).map(|_| factorial(thread)).product::<u128>();
    let all = factorial(n * (1 + thread)) / starts / threads;
    u64::try_from(all).expect("the cases are small")
}

/// `n` threads that each store `k` times, to one cell or each to its own.
fn stores(n: usize, k: usize, cell: impl Fn(usize) -> usize) -> Vec<Vec<Deed>> {
    (0..n).map(|thread| vec![Deed::Store(cell(thread)); k]).collect()
}

fn count(limits: Limits, programs: &[Vec<Deed>]) -> (u64, u64) {
    let (tally, orders) = orders(limits, programs);
    assert_eq!(tally.extent, Extent::Complete);
    assert_eq!(tally.interleavings, orders.len() as u64);
    (tally.interleavings, tally.runs)
}

#[test]
fn every_order_of_all_steps_is_run_once() {
    for (n, k) in [(1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (2, 4)] {
        let all = orders_of_all(n as u64, k as u64);
        for programs in [stores(n, k, |_| 0), stores(n, k, |thread| thread)] {
            assert_eq!(count(ALL, &programs), (all, all), "{n} threads of {k}");
        }
    }
}

#[test]
fn the_orders_of_steps_that_race_are_a_multinomial_coefficient() {
    for (n, k) in [(1, 3), (2, 1), (2, 3), (2, 5), (2, 10), (3, 2), (4, 1)] {
        // What starts and begins threads touches nothing that another step can see, so only the stores are left.
        let steps = factorial((n * k) as u64);
        let each = (0..n).map(|_| factorial(k as u64)).product::<u128>();
        let (interleavings, _) = count(DISTINCT, &stores(n, k, |_| 0));
        assert_eq!(u128::from(interleavings), steps / each, "{n} threads of {k}");
    }
}

#[test]
fn threads_that_share_nothing_have_one_order() {
    for (n, k) in [(1, 4), (2, 4), (3, 3), (5, 2)] {
        let (interleavings, runs) = count(DISTINCT, &stores(n, k, |thread| thread));
        assert_eq!(interleavings, 1, "{n} threads of {k}");
        assert!(runs < 10_000, "{n} threads of {k}: {runs} runs");
    }
}

#[test]
fn no_order_is_run_twice() {
    let (_, mut all) = orders(DISTINCT, &stores(3, 2, |_| 0));
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}
