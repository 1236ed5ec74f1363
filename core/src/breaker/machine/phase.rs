//! What a machine does at present, as it knows it itself.

use crate::breaker::{Control, State};

/// [`State`] and [`Control`] together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Closed,
    Open,
    HalfOpen,
    ForcedOpen,
    Isolated,
    Disabled,
    MetricsOnly,
}

impl Phase {
    pub(super) const fn state(self) -> State {
        match self {
            Self::Closed | Self::Disabled | Self::MetricsOnly => State::Closed,
            Self::Open | Self::ForcedOpen | Self::Isolated => State::Open,
            Self::HalfOpen => State::HalfOpen,
        }
    }

    pub(super) const fn control(self) -> Control {
        match self {
            Self::Closed | Self::Open | Self::HalfOpen => Control::Automatic,
            Self::ForcedOpen => Control::ForcedOpen,
            Self::Isolated => Control::Isolated,
            Self::Disabled => Control::Disabled,
            Self::MetricsOnly => Control::MetricsOnly,
        }
    }

    /// Whether it is open until an interval is over.
    pub(super) const fn ends_by_itself(self) -> bool {
        matches!(self, Self::Open | Self::Isolated)
    }
}
