//! What workers, the desk and the store tell the log.

use retrip_sim::engine::hosts::Host;
use retrip_sim::log::{Event, Name, Value, What};
use std::time::Duration;

/// One thing told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// A worker wants the lease, from now on.
    Wants,
    /// A worker has got the lease.
    Holds { token: u32 },
    /// A worker has got more time for the lease that it holds.
    HoldsOn { token: u32 },
    /// A worker is told that the lease is not to be had for so long.
    IsTurnedAway { left: Duration },
    /// A worker waits in vain for the desk.
    HearsNothing,
    /// A worker writes, in the belief that it holds the lease.
    Writes { token: u32 },
    /// A worker does not hold the lease any more, or does not want to.
    LetsGo { token: u32 },
    /// The desk begins, and has given out tokens up to this one.
    Opens { last: u32 },
    /// The desk gives a lease to a worker.
    Grants { worker: Name, token: u32 },
    /// The store has written what a worker sent.
    Accepts { worker: Name, token: u32 },
    /// The store has not, because it has seen a later token.
    Refuses { worker: Name, token: u32 },
}

impl Told {
    /// Tells it, of who acts on `host`.
    #[track_caller]
    pub(crate) fn tell(self, host: &Host) {
        host.record(&host.name(), self.what());
    }

    fn what(self) -> What {
        let number = |token: u32| ("token", Value::Int(token.into()));
        let (verb, fields) = match self {
            Self::Wants => ("wants the lease", vec![]),
            Self::Holds { token } => ("holds the lease", vec![number(token)]),
            Self::HoldsOn { token } => ("holds on", vec![number(token)]),
            Self::IsTurnedAway { left } => ("is turned away", vec![("for", Value::Duration(left))]),
            Self::HearsNothing => ("hears nothing", vec![]),
            Self::Writes { token } => ("writes", vec![number(token)]),
            Self::LetsGo { token } => ("lets go", vec![number(token)]),
            Self::Opens { last } => ("opens", vec![("last token", Value::Int(last.into()))]),
            Self::Grants { worker, token } => {
                ("grants", vec![("", Value::Text(worker)), number(token)])
            }
            Self::Accepts { worker, token } => {
                ("accepts", vec![("", Value::Text(worker)), number(token)])
            }
            Self::Refuses { worker, token } => {
                ("refuses", vec![("", Value::Text(worker)), number(token)])
            }
        };
        let fields = fields.into_iter().map(|(name, value)| (Name::from(name), value)).collect();
        What::Note { verb: Name::from(verb), fields }
    }

    /// What `event` tells, if it is one of these.
    pub(crate) fn of(event: &Event) -> Option<Self> {
        let What::Note { verb, fields } = &event.what else { return None };
        let token = || match fields.last() {
            Some((_, Value::Int(token))) => u32::try_from(*token).ok(),
            _ => None,
        };
        let worker = || match fields.first() {
            Some((_, Value::Text(worker))) => Some(Name::clone(worker)),
            _ => None,
        };
        let time = || match fields.first() {
            Some((_, Value::Duration(time))) => Some(*time),
            _ => None,
        };
        Some(match &**verb {
            "wants the lease" => Self::Wants,
            "holds the lease" => Self::Holds { token: token()? },
            "holds on" => Self::HoldsOn { token: token()? },
            "is turned away" => Self::IsTurnedAway { left: time()? },
            "hears nothing" => Self::HearsNothing,
            "writes" => Self::Writes { token: token()? },
            "lets go" => Self::LetsGo { token: token()? },
            "opens" => Self::Opens { last: token()? },
            "grants" => Self::Grants { worker: worker()?, token: token()? },
            "accepts" => Self::Accepts { worker: worker()?, token: token()? },
            "refuses" => Self::Refuses { worker: worker()?, token: token()? },
            _ => return None,
        })
    }
}
