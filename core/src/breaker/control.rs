//! Who decides about a breaker: its results, or somebody by hand.

use std::fmt;

/// Who decides what a breaker does with calls.
///
/// What was done by hand lasts until it is [lifted](super::CircuitBreaker::lift), the breaker is
/// [reset](super::CircuitBreaker::reset), or another command comes; isolation also until its time is over. No result and
/// no timer changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Control {
    /// The results of the calls do.
    Automatic,
    /// Open by hand: every call is rejected.
    ForcedOpen,
    /// Open by hand for some time. Then come trials, as after an open interval.
    Isolated,
    /// Closed by hand: every call passes, and no result is looked at but to count it.
    Disabled,
    /// Closed by hand: every call passes. Failures in a row and rates are kept, and open nothing.
    MetricsOnly,
}

impl fmt::Display for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Automatic => "automatic",
            Self::ForcedOpen => "forced open",
            Self::Isolated => "isolated",
            Self::Disabled => "disabled",
            Self::MetricsOnly => "metrics only",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_reads_as_what_it_is() {
        let controls = [Control::Automatic, Control::ForcedOpen, Control::Isolated];
        let shown = controls.map(|control| control.to_string());
        assert_eq!(shown, ["automatic", "forced open", "isolated"]);
        let controls = [Control::Disabled, Control::MetricsOnly];
        assert_eq!(controls.map(|control| control.to_string()), ["disabled", "metrics only"]);
    }
}
