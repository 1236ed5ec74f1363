//! What a figure was in several rounds: its median, and how far apart the rounds were.

use std::fmt;

/// A figure of several rounds, in hundredths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    sorted: Vec<u128>,
}

impl Spread {
    /// Of the figures of all rounds; at least one.
    pub fn of(figures: impl IntoIterator<Item = u128>) -> Self {
        let mut sorted: Vec<u128> = figures.into_iter().collect();
        assert!(!sorted.is_empty(), "a round has a figure");
        sorted.sort_unstable();
        Self { sorted }
    }

    /// The median.
    #[must_use]
    pub fn median(&self) -> u128 {
        self.sorted[self.sorted.len() / 2]
    }

    fn least(&self) -> Hundredths {
        Hundredths(self.sorted[0])
    }

    fn most(&self) -> Hundredths {
        Hundredths(self.sorted[self.sorted.len() - 1])
    }

    /// The range, in the words of a note: `8.80 to 9.52`.
    #[must_use]
    pub fn range(&self) -> String {
        format!("{} to {}", self.least(), self.most())
    }

    /// The median and the range, in the words of a cell: `9.10 (8.80 to 9.52)`.
    #[must_use]
    pub fn cell(&self) -> String {
        format!("{} ({})", Hundredths(self.median()), self.range())
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let median = Hundredths(self.median()).to_string();
        write!(f, "{median:>7} (min {}, max {})", self.least(), self.most())
    }
}

/// A number of hundredths: 1234 prints as `12.34`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hundredths(pub u128);

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// `part` in hundredths of `whole`.
#[must_use]
pub fn hundredths(part: u128, whole: u128) -> u128 {
    part * 100 / whole.max(1)
}
