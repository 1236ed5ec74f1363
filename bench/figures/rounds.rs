//! Rounds of many sides: in each round every side has its turn, so that a machine that changes its speed changes all of them.

use crate::spread::{Spread, hundredths};

/// What each side took in each round, in picoseconds.
#[derive(Clone, Debug)]
pub struct Rounds {
    rounds: Vec<Vec<u128>>,
}

/// Measures each of `sides` once in each round, after one round that does not count. Each round begins with another side, and
/// every second one goes backwards.
pub fn in_turn<T>(rounds: usize, sides: usize, mut measure: impl FnMut(usize) -> T) -> Vec<Vec<T>> {
    let mut round = |round: usize| {
        let turn = |nth: usize| {
            let forth = (nth + round / 2) % sides;
            if round.is_multiple_of(2) { forth } else { sides - 1 - forth }
        };
        let mut measured: Vec<(usize, T)> = (0..sides)
            .map(|nth| {
                let side = turn(nth);
                (side, measure(side))
            })
            .collect();
        measured.sort_by_key(|(side, _)| *side);
        measured.into_iter().map(|(_, took)| took).collect()
    };
    round(0);
    (1..=rounds).map(round).collect()
}

impl Rounds {
    /// Of what [`in_turn`] measured, that which `part` takes out of it.
    pub fn of<T>(measured: &[Vec<T>], part: impl Fn(&T) -> u128) -> Self {
        Self { rounds: measured.iter().map(|round| round.iter().map(&part).collect()).collect() }
    }

    /// What `side` took, in hundredths of a nanosecond.
    #[must_use]
    pub fn nanoseconds(&self, side: usize) -> Spread {
        self.spread(|round| round[side] / 10)
    }

    /// What `side` took over what `floor` took, in hundredths.
    #[must_use]
    pub fn ratio(&self, side: usize, floor: usize) -> Spread {
        self.spread(|round| hundredths(round[side], round[floor]))
    }

    /// How much more than `plain` a `side` took, in hundredths of a nanosecond; nothing where it took less.
    #[must_use]
    pub fn surplus(&self, side: usize, plain: usize) -> Spread {
        self.spread(|round| round[side].saturating_sub(round[plain]) / 10)
    }

    fn spread(&self, figure: impl Fn(&[u128]) -> u128) -> Spread {
        Spread::of(self.rounds.iter().map(|round| figure(round)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_side_has_its_turn_in_every_round_and_not_always_the_same() {
        for sides in 1..=5 {
            let mut turns = Vec::new();
            let measured = in_turn(2 * sides, sides, |side| {
                turns.push(side);
                side
            });
            let wanted: Vec<usize> = (0..sides).collect();
            assert_eq!(measured, vec![wanted; 2 * sides]);
            let begins: Vec<usize> = turns.chunks(sides).map(|round| round[0]).collect();
            assert!((0..sides).all(|side| begins.contains(&side)), "{begins:?}");
        }
    }

    #[test]
    fn figures_are_taken_within_each_round() {
        // The machine was ten times slower in the second round.
        let measured = [vec![1000, 500], vec![10_000, 5000], vec![1200, 600]];
        let rounds = Rounds::of(&measured, |took| *took);
        assert_eq!(rounds.ratio(0, 1).to_string().trim(), "2.00 (min 2.00, max 2.00)");
        assert_eq!(rounds.surplus(0, 1).cell(), "0.60 (0.50 to 5.00)");
        assert_eq!(rounds.surplus(1, 0).median(), 0);
        assert_eq!(rounds.nanoseconds(0).median(), 120);
    }
}
