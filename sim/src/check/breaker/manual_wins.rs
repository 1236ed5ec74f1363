//! What was done to a breaker by hand holds until it is lifted, whatever timers and late results say.

use super::of;
use super::standing::{Control, Standing};
use crate::check::{Judgement, Promise};
use crate::log::Event;
use retrip_core::breaker::{Cause, EventKind};

/// See [`manual_wins`].
#[derive(Clone, Debug)]
pub struct ManualWins {
    who: &'static str,
    standing: Standing,
}

/// While the breaker `who` is forced open, disabled or measures only, nothing but another command changes its state; isolated, only the
/// end of that does. Forced open it admits no trial; disabled and measuring it rejects nobody.
#[must_use]
pub fn manual_wins(who: &'static str) -> ManualWins {
    ManualWins { who, standing: Standing::default() }
}

/// Whether somebody does that.
const fn is_by_hand(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::Forced
            | Cause::Isolated
            | Cause::Disabled
            | Cause::MetricsOnly
            | Cause::Lifted
            | Cause::Reset
    )
}

impl ManualWins {
    fn in_words(&self) -> &'static str {
        match self.standing.control {
            Control::Automatic => "nothing was done by hand",
            Control::ForcedOpen => "forced open until it is lifted",
            Control::Isolated => "isolated until that is over",
            Control::Disabled => "disabled until it is lifted",
            Control::MetricsOnly => "measures only until it is lifted",
        }
    }
}

impl Promise for ManualWins {
    fn name(&self) -> &'static str {
        "manual_wins"
    }

    fn statement(&self) -> String {
        "what was done by hand holds until it is lifted".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        let control = self.standing.control;
        let is_open = matches!(control, Control::ForcedOpen | Control::Isolated);
        let breaks = match own.kind {
            _ if control == Control::Automatic => None,
            EventKind::Transition { cause: Cause::IntervalOver, .. } => {
                Some(control != Control::Isolated)
            }
            EventKind::Transition { cause, .. } => Some(!is_by_hand(cause)),
            EventKind::TrialBegins { .. } => Some(true),
            EventKind::Rejected { .. } => Some(!is_open),
            // It has not opened the breaker, nor closed it, or that is told next.
            EventKind::Completed { .. } => Some(false),
            _ => None,
        };
        let judgement = match breaks {
            None => Judgement::NotConcerned,
            Some(false) => Judgement::Holds,
            Some(true) => Judgement::broken(self.in_words(), format!("it {}", event.what.verb())),
        };
        self.standing.sees(own);
        judgement
    }
}
