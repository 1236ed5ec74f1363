//! Where a breaker stands, as its events tell: its state, its generation, and what was done to it by hand.

use retrip_core::breaker::{Cause, Event, EventKind, State};

/// What was done to a breaker by hand, and was not lifted since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Control {
    /// Nothing.
    Automatic,
    ForcedOpen,
    Isolated,
    Disabled,
    MetricsOnly,
}

/// Where a breaker stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) state: State,
    pub(super) generation: u64,
    pub(super) control: Control,
}

impl Default for Standing {
    fn default() -> Self {
        Self { state: State::Closed, generation: 0, control: Control::Automatic }
    }
}

impl Standing {
    /// Takes note of `own`, and says whether a new generation begins with it.
    pub(super) fn sees(&mut self, own: &Event) -> bool {
        let (state, cause) = match own.kind {
            EventKind::Transition { to, cause, .. } => (to, cause),
            EventKind::Renewed { state, cause, .. } => (state, cause),
            _ => return false,
        };
        let control = match cause {
            Cause::Forced => Control::ForcedOpen,
            Cause::Isolated => Control::Isolated,
            Cause::Disabled => Control::Disabled,
            Cause::MetricsOnly => Control::MetricsOnly,
            _ => Control::Automatic,
        };
        *self = Self { state, generation: own.generation.as_u64(), control };
        true
    }
}
