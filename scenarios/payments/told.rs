//! What tills and the ledger tell the log.

use retrip_core::door::Instant;
use retrip_sim::engine::hosts::Host;
use retrip_sim::log::{Event, Name, Value, What};
use std::time::Duration;

/// One thing told. Payments are told by their number at the till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// A till is to pay, and to try so often.
    Asks { number: u32, amount: u32, tries: u32 },
    /// A till sends a request.
    Tries { number: u32, nth: u32 },
    /// A till has waited for the reply.
    TimesOut { number: u32, after: Duration },
    /// A till takes the payment for booked, because of the reply for `by`.
    IsBooked { number: u32, by: u32 },
    /// A till takes the payment for refused, because of the reply for `by`.
    IsRefused { number: u32, by: u32 },
    /// A till has given up and does not know.
    IsInDoubt { number: u32 },
    /// A till has got a reply for a payment that it is not at any more.
    PassesOver { number: u32 },
    /// The ledger begins, and finds so many payments in its book.
    Opens { payments: usize },
    /// The ledger has written a payment into its book.
    Books { till: Name, number: u32, amount: u32 },
    /// The ledger is asked for a payment that it has booked.
    HasBooked { till: Name, number: u32 },
}

impl Told {
    /// Tells it, of who acts on `host`.
    #[track_caller]
    pub(crate) fn tell(self, host: &Host) {
        host.record(&host.name(), self.what());
    }

    fn what(self) -> What {
        let int = |name, number: u32| (name, Value::Int(number.into()));
        let payment = |number| int("payment", number);
        let (verb, fields) = match self {
            Self::Asks { number, amount, tries } => {
                ("asks", vec![payment(number), int("of", amount), int("tries", tries)])
            }
            Self::Tries { number, nth } => ("tries", vec![payment(number), int("time", nth)]),
            Self::TimesOut { number, after } => {
                ("times out", vec![payment(number), ("after", Value::Duration(after))])
            }
            Self::IsBooked { number, by } => {
                ("is told booked", vec![payment(number), int("by the reply for", by)])
            }
            Self::IsRefused { number, by } => {
                ("is told refused", vec![payment(number), int("by the reply for", by)])
            }
            Self::IsInDoubt { number } => ("is in doubt", vec![payment(number)]),
            Self::PassesOver { number } => {
                ("passes over", vec![int("the reply for payment", number)])
            }
            Self::Opens { payments } => {
                let payments = i64::try_from(payments).expect("a book is short");
                ("opens its book", vec![("payments", Value::Int(payments))])
            }
            Self::Books { till, number, amount } => {
                ("books", vec![("", Value::Text(till)), payment(number), int("of", amount)])
            }
            Self::HasBooked { till, number } => {
                ("has booked", vec![("", Value::Text(till)), payment(number)])
            }
        };
        let fields = fields.into_iter().map(|(name, value)| (Name::from(name), value)).collect();
        What::Note { verb: Name::from(verb), fields }
    }

    /// What `event` tells, if it is one of these.
    pub(crate) fn of(event: &Event) -> Option<Self> {
        let What::Note { verb, fields } = &event.what else { return None };
        let number = |at: usize| match fields.get(at) {
            Some((_, Value::Int(number))) => u32::try_from(*number).ok(),
            _ => None,
        };
        let time = |at: usize| match fields.get(at) {
            Some((_, Value::Duration(time))) => Some(*time),
            _ => None,
        };
        let text = |at: usize| match fields.get(at) {
            Some((_, Value::Text(text))) => Some(Name::clone(text)),
            _ => None,
        };
        Some(match &**verb {
            "asks" => Self::Asks { number: number(0)?, amount: number(1)?, tries: number(2)? },
            "tries" => Self::Tries { number: number(0)?, nth: number(1)? },
            "times out" => Self::TimesOut { number: number(0)?, after: time(1)? },
            "is told booked" => Self::IsBooked { number: number(0)?, by: number(1)? },
            "is told refused" => Self::IsRefused { number: number(0)?, by: number(1)? },
            "is in doubt" => Self::IsInDoubt { number: number(0)? },
            "passes over" => Self::PassesOver { number: number(0)? },
            "opens its book" => Self::Opens { payments: usize::try_from(number(0)?).ok()? },
            "books" => Self::Books { till: text(0)?, number: number(1)?, amount: number(2)? },
            "has booked" => Self::HasBooked { till: text(0)?, number: number(1)? },
            _ => return None,
        })
    }
}

/// The try that a till is at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Try {
    /// When it began, by the till's monotonic clock.
    pub(crate) mono: Instant,
    /// When it began, by engine time.
    pub(crate) engine: Duration,
}

impl Try {
    /// The one that begins with `event`.
    pub(crate) fn of(event: &Event) -> Self {
        Self { mono: event.mono, engine: Duration::from_nanos(event.engine) }
    }
}
