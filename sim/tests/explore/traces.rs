//! Is one order run of each class of orders that differ only in steps that do not matter to each other?

use crate::lab::{ALL, DISTINCT, Deed, Order, orders};
use retrip_sim::seed::Seed;
use retrip_sim::stream::{Generator, Streams};
use std::collections::BTreeSet;

/// The Foata normal form of an order: each deed in the earliest round after all that it must follow; rounds sorted. Two
/// orders have the same one exactly where one becomes the other by exchanging neighbours that do not race.
fn normal_form(order: &Order, programs: &[Vec<Deed>]) -> Vec<Vec<(usize, usize)>> {
    let mut rounds: Vec<Vec<(usize, usize)>> = Vec::new();
    for &(thread, nth) in order {
        let follows = |&(before, deed): &(usize, usize)| {
            before == thread || programs[before][deed].races_with(programs[thread][nth])
        };
        let after = rounds.iter().rposition(|round| round.iter().any(follows));
        let round = after.map_or(0, |after| after + 1);
        if round == rounds.len() {
            rounds.push(Vec::new());
        }
        rounds[round].push((thread, nth));
    }
    rounds.iter_mut().for_each(|round| round.sort_unstable());
    rounds
}

fn classes(orders: &[Order], programs: &[Vec<Deed>]) -> BTreeSet<Vec<Vec<(usize, usize)>>> {
    orders.iter().map(|order| normal_form(order, programs)).collect()
}

fn programs(generator: &mut Generator) -> Vec<Vec<Deed>> {
    let threads = generator.within(1..=3);
    let most = if threads == 3 { 2 } else { 4 };
    let deed = |generator: &mut Generator| {
        let cell = usize::try_from(generator.within(0..=1)).expect("it is small");
        if generator.chance(1, 3) { Deed::Load(cell) } else { Deed::Store(cell) }
    };
    (0..threads)
        .map(|_| (0..generator.within(1..=most)).map(|_| deed(generator)).collect())
        .collect()
}

#[test]
fn each_class_of_orders_is_run_exactly_once() {
    let (mut runs_of_all, mut runs_of_distinct) = (0, 0);
    for seed in 0..16 {
        let programs = programs(&mut Streams::of(Seed::new(seed)).generator("programs"));
        let (all, every) = orders(ALL, &programs);
        let (distinct, chosen) = orders(DISTINCT, &programs);
        let wanted = classes(&every, &programs);
        assert_eq!(classes(&chosen, &programs), wanted, "{programs:?}");
        assert_eq!(chosen.len(), wanted.len(), "{programs:?}: a class was run twice");
        runs_of_all += all.runs;
        runs_of_distinct += distinct.runs;
    }
    assert!(runs_of_distinct * 20 < runs_of_all, "{runs_of_distinct} of {runs_of_all} runs");
}
