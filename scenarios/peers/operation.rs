//! What can be done with the service, as text that prints and parses.

use super::service::SERVICE;
use retrip_sim::span::Span;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PaymentsOperation {
    /// From now on its replies are failures.
    Fails,
    /// From now on they are successes.
    Recovers,
    /// From now on each takes this long.
    Takes(Duration),
    /// A call through the breaker.
    Call,
    /// A call whose caller stops waiting after this time.
    CallAndGiveUp(Duration),
}

impl PaymentsOperation {
    /// How they are written.
    pub(super) const FORMS: [&str; 5] = [
        "call payments",
        "payments fails",
        "payments recovers",
        "payments takes DURATION",
        "call payments and give up after DURATION",
    ];
}

impl fmt::Display for PaymentsOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Fails => write!(f, "{SERVICE} fails"),
            Self::Recovers => write!(f, "{SERVICE} recovers"),
            Self::Takes(time) => write!(f, "{SERVICE} takes {}", Span(time)),
            Self::Call => write!(f, "call {SERVICE}"),
            Self::CallAndGiveUp(time) => {
                write!(f, "call {SERVICE} and give up after {}", Span(time))
            }
        }
    }
}

/// The text is none of [`PaymentsOperation::FORMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotForPayments;

impl FromStr for PaymentsOperation {
    type Err = NotForPayments;

    fn from_str(text: &str) -> Result<Self, NotForPayments> {
        let span = |text: &str| text.parse().map(|Span(time)| time).map_err(|_| NotForPayments);
        match text.split(' ').collect::<Vec<_>>()[..] {
            [SERVICE, "fails"] => Ok(Self::Fails),
            [SERVICE, "recovers"] => Ok(Self::Recovers),
            [SERVICE, "takes", time] => Ok(Self::Takes(span(time)?)),
            ["call", SERVICE] => Ok(Self::Call),
            ["call", SERVICE, "and", "give", "up", "after", time] => {
                Ok(Self::CallAndGiveUp(span(time)?))
            }
            _ => Err(NotForPayments),
        }
    }
}
