//! Which kinds of operation one run does, and how often: some not at all, the others in wildly different shares.

use crate::stream::Generator;

/// One run's mix of operation kinds, by index.
///
/// A test that does a little of everything in every run never gets far into any corner; leaving things out does. Each
/// kind is switched off with probability one half, never all of them, and the others get weights from 1 to 100 that
/// differ by factors rather than by amounts. After Groce, Zhang, Eide, Chen and Regehr, "Swarm Testing" (2012), with
/// weights in the manner of `TigerBeetle`'s fuzzers.
///
/// ```
/// use retrip_sim::{seed::Seed, stream::Streams, swarm::Swarm};
///
/// let kinds = ["call", "fail", "recover"];
/// let mut plan = Streams::of(Seed::new(4)).generator("plan");
/// let swarm = Swarm::new(kinds.len(), &mut plan);
/// let kind = swarm.pick(&mut plan);
/// assert!(swarm.weights()[kind] > 0, "{} is not switched off", kinds[kind]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Swarm {
    weights: Vec<u32>,
}

impl Swarm {
    /// Draws the mix of `kinds` kinds of operation.
    ///
    /// # Panics
    /// `kinds` is 0.
    #[must_use]
    pub fn new(kinds: usize, generator: &mut Generator) -> Self {
        let mut weights = Vec::with_capacity(kinds);
        // Both draws are made for every kind, so that switching one off does not move the others' weights.
        for _ in 0..kinds {
            let weight = *generator.pick(&WEIGHTS);
            weights.push(if generator.chance(1, 2) { 0 } else { weight });
        }
        let survivor = generator.index(kinds);
        if weights.iter().all(|&weight| weight == 0) {
            weights[survivor] = 1;
        }
        Self { weights }
    }

    /// The kind of the next operation; never one that is switched off.
    pub fn pick(&self, generator: &mut Generator) -> usize {
        generator.weighted(&self.weights)
    }

    /// The weight of each kind: 0 where it is switched off, else 1 to 100.
    #[must_use]
    pub fn weights(&self) -> &[u32] {
        &self.weights
    }
}

/// Each about twice the one before.
const WEIGHTS: [u32; 7] = [1, 2, 5, 10, 20, 50, 100];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{seed::Seed, stream::Streams};

    fn swarms(kinds: usize) -> impl Iterator<Item = (Swarm, Generator)> {
        (0..400).map(move |seed| {
            let mut generator = Streams::of(Seed::new(seed)).generator("plan");
            (Swarm::new(kinds, &mut generator), generator)
        })
    }

    #[test]
    fn about_half_of_the_kinds_are_off_and_never_all() {
        let mut off = 0;
        for (swarm, _) in swarms(10) {
            assert!(swarm.weights().iter().any(|&weight| weight > 0));
            off += swarm.weights().iter().filter(|&&weight| weight == 0).count();
        }
        assert!((1_850..2_150).contains(&off), "{off} of 4000 kinds are off");
        assert!(swarms(1).all(|(swarm, _)| swarm.weights()[0] > 0));
    }

    #[test]
    fn the_heaviest_kind_often_outweighs_the_lightest_ten_times() {
        let wild = swarms(6).filter(|(swarm, _)| {
            let on = swarm.weights().iter().copied().filter(|&weight| weight > 0);
            assert!(on.clone().all(|weight| weight <= 100));
            on.clone().max() >= on.min().map(|lightest| lightest * 10)
        });
        assert!(wild.count() > 200);
    }

    #[test]
    fn a_kind_that_is_off_is_never_picked() {
        for (swarm, mut generator) in swarms(5) {
            assert!((0..50).all(|_| swarm.weights()[swarm.pick(&mut generator)] > 0));
        }
    }
}
