//! The words that stand for each event in every text form: a verb to count by, and a detail.

use super::{BackendEvent, CallEvent, ClockEvent, ClockKind, ThreadEvent, Value, What, breaker};
use crate::one_line::one_line;
use crate::span::{Fraction, Seconds};
use retrip_core::door::Timestamp;
use std::borrow::Cow;
use std::fmt;

impl What {
    /// What an operator would say it does, without values: `opens`, `call failed`. Always one line.
    #[must_use]
    pub fn verb(&self) -> Cow<'_, str> {
        let verb = match self {
            Self::Backend(BackendEvent::Fails) => "fails",
            Self::Backend(BackendEvent::Recovers) => "recovers",
            Self::Backend(BackendEvent::Takes(_)) => "takes",
            Self::Call(CallEvent::Begins { .. }) => "call begins",
            Self::Call(CallEvent::Ok) => "call ok",
            Self::Call(CallEvent::Failed) => "call failed",
            Self::Call(CallEvent::Ignored) => "call ignored",
            Self::Call(CallEvent::Panicked) => "call panicked",
            Self::Call(CallEvent::Cancelled) => "call cancelled",
            Self::Call(CallEvent::TimedOut { .. }) => "call timed out",
            Self::Breaker(event) => breaker::verb(event),
            Self::Clock(ClockEvent::Jumps { .. }) => "jumps",
            Self::Clock(ClockEvent::Drifts { .. }) => "drifts",
            Self::Clock(ClockEvent::Freezes { .. }) => "freezes",
            Self::Clock(ClockEvent::Resumes { .. }) => "resumes",
            Self::Clock(ClockEvent::Suspends { .. }) => "suspends",
            Self::Thread(ThreadEvent::Starts) => "starts",
            Self::Thread(ThreadEvent::Ends) => "ends",
            Self::Thread(ThreadEvent::Stalls { .. }) => "stalls",
            Self::Thread(ThreadEvent::Panics { .. }) => "panics",
            Self::Line { level, .. } => return one_line(level),
            Self::Note { verb, .. } => return one_line(verb),
        };
        Cow::Borrowed(verb)
    }

    /// The values, in words: `for 30.000s`. Empty where there are none. Always one line.
    #[must_use]
    pub fn detail(&self) -> Cow<'_, str> {
        let detail = match self {
            Self::Backend(BackendEvent::Takes(time)) => Seconds(*time).to_string(),
            Self::Call(CallEvent::Begins { label }) => return one_line(label),
            Self::Call(CallEvent::TimedOut { after }) => format!("after {}", Seconds(*after)),
            Self::Breaker(event) => breaker::detail(event),
            Self::Clock(ClockEvent::Jumps { by, was }) => format!("{by}, was {}", TimeOfDay(*was)),
            Self::Clock(ClockEvent::Drifts { clock, ppm }) => format!("{clock} by {ppm}ppm"),
            Self::Clock(ClockEvent::Freezes { clock, for_: Some(time) }) => {
                format!("{clock} for {}", Seconds(*time))
            }
            Self::Clock(ClockEvent::Freezes { clock, for_: None }) => format!("{clock} for good"),
            Self::Clock(ClockEvent::Resumes { clock }) => clock.to_string(),
            Self::Clock(ClockEvent::Suspends { by }) => format!("for {}", Seconds(*by)),
            Self::Thread(ThreadEvent::Stalls { for_ }) => format!("for {}", Seconds(*for_)),
            Self::Thread(ThreadEvent::Panics { message }) => return one_line(message),
            Self::Line { text, .. } => return one_line(text),
            Self::Note { fields, .. } => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| match &**name {
                        "" => value.to_string(),
                        name => format!("{name} {value}"),
                    })
                    .collect();
                return Cow::Owned(one_line(&fields.join(", ")).into_owned());
            }
            Self::Backend(BackendEvent::Fails | BackendEvent::Recovers)
            | Self::Call(
                CallEvent::Ok
                | CallEvent::Failed
                | CallEvent::Ignored
                | CallEvent::Panicked
                | CallEvent::Cancelled,
            )
            | Self::Thread(ThreadEvent::Starts | ThreadEvent::Ends) => return Cow::Borrowed(""),
        };
        Cow::Owned(detail)
    }
}

impl fmt::Display for ClockKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Monotonic => "monotonic",
            Self::Wall => "wall",
        })
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => write!(f, "{number}"),
            Self::Duration(time) => write!(f, "{}", Seconds(*time)),
            Self::Instant(reading) => write!(f, "{}", Seconds(*reading)),
            Self::Text(text) => f.write_str(text),
            Self::Flag(flag) => write!(f, "{flag}"),
        }
    }
}

/// A wall reading as `12:00:12`, with three, six or nine decimals only where they are not zero.
pub(super) struct TimeOfDay(pub(super) Timestamp);

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0.as_unix_nanos().rem_euclid(NANOS_PER_DAY);
        let (second, nanos) = (nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND);
        let (hour, minute) = (second / 3600, second / 60 % 60);
        let mut text = format!("{hour:02}:{minute:02}:{:02}", second % 60);
        if nanos != 0 {
            let nanos = u32::try_from(nanos).expect("a remainder by a second fits into 32 bits");
            text += &format!(".{}", Fraction { nanos, by: 3 });
        }
        f.pad(&text)
    }
}

const NANOS_PER_SECOND: i128 = 1_000_000_000;
const NANOS_PER_DAY: i128 = 86_400 * NANOS_PER_SECOND;
