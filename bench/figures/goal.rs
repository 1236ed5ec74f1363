//! Figures with a goal: what was measured, what it should be, whether it is.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

/// One figure, in hundredths, and the goal that it should reach.
#[derive(Clone, Debug)]
pub struct Goal {
    name: String,
    measured: u128,
    bound: Bound,
    note: String,
}

#[derive(Clone, Copy, Debug)]
enum Bound {
    AtLeast(u128),
    AtMost(u128),
}

impl Goal {
    /// `measured` should be at least `goal`, both in hundredths.
    #[must_use]
    pub fn at_least(name: impl Into<String>, measured: u128, goal: u128) -> Self {
        Self { name: name.into(), measured, bound: Bound::AtLeast(goal), note: String::new() }
    }

    /// `measured` should be at most `goal`, both in hundredths.
    #[must_use]
    pub fn at_most(name: impl Into<String>, measured: u128, goal: u128) -> Self {
        Self { name: name.into(), measured, bound: Bound::AtMost(goal), note: String::new() }
    }

    /// Adds what else is to be known about it.
    #[must_use]
    pub fn with(mut self, note: String) -> Self {
        self.note = note;
        self
    }

    /// Whether the goal is reached.
    #[must_use]
    pub fn is_met(&self) -> bool {
        match self.bound {
            Bound::AtLeast(goal) => self.measured >= goal,
            Bound::AtMost(goal) => self.measured <= goal,
        }
    }
}

/// All figures of a benchmark. Each is printed as it comes.
#[derive(Clone, Debug, Default)]
pub struct Goals {
    missed: Vec<String>,
}

impl Goals {
    /// Prints `goal` and keeps whether it was reached.
    pub fn add(&mut self, goal: Goal) {
        let hundredths = |number: u128| match (number / 100, number % 100) {
            (whole, 0) => format!("{whole}"),
            (whole, rest) => format!("{whole}.{rest:02}"),
        };
        let (word, bound) = match goal.bound {
            Bound::AtLeast(bound) => ("at least", hundredths(bound)),
            Bound::AtMost(bound) => ("at most", hundredths(bound)),
        };
        let verdict = if goal.is_met() { "reached" } else { "MISSED" };
        let measured = hundredths(goal.measured);
        println!(
            "{:<36} {measured:>8}  goal {word} {bound:<6} {verdict}  {}",
            goal.name, goal.note
        );
        if !goal.is_met() {
            self.missed.push(goal.name);
        }
    }

    /// Whether every goal was reached.
    #[must_use]
    pub fn are_met(&self) -> bool {
        self.missed.is_empty()
    }
}
