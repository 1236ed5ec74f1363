//! The three states of a breaker.

use std::fmt;

/// What a breaker does with the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Calls pass, and failures in a row are counted.
    Closed,
    /// Calls are rejected, until the open interval is over or, if forced, until somebody lifts that or resets the breaker.
    Open,
    /// A bounded number of trials passes; they decide whether to close or to open again.
    HalfOpen,
}

impl State {
    /// The word for it: `half-open`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half-open",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_written_in_lower_case_and_can_be_aligned() {
        let texts = [State::Closed, State::Open, State::HalfOpen].map(|state| state.to_string());
        assert_eq!(texts, ["closed", "open", "half-open"]);
        assert_eq!(format!("{:>10}|", State::Open), "      open|");
    }
}
