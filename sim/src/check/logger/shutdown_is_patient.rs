//! A shutdown gives lines up when it has been patient, and not before.

use super::told;
use crate::check::{Judgement, Promise, Sometimes};
use crate::log::{Event, Name};
use crate::part::log_file::words::{BEGINS_TO_SHUT_DOWN, SHUTS_DOWN, field};
use crate::span::Span;
use retrip_core::door::Instant;
use retrip_core::logger::FlushError;
use std::time::Duration;

/// See [`shutdown_is_patient`].
#[derive(Debug)]
pub struct ShutdownIsPatient {
    who: Name,
    patience: Duration,
    began: Option<Instant>,
}

/// A shutdown of the logger `who` that says that its lines were not written in time comes back no earlier than three quarters of
/// `patience` after the first one has begun. How much later cannot be judged where threads may stand still.
#[must_use]
pub fn shutdown_is_patient(who: impl Into<Name>, patience: Duration) -> ShutdownIsPatient {
    ShutdownIsPatient { who: who.into(), patience, began: None }
}

impl Promise for ShutdownIsPatient {
    fn name(&self) -> &'static str {
        "shutdown_is_patient"
    }

    fn statement(&self) -> String {
        let least = self.patience / 4 * 3;
        format!("a shutdown gives up what waits after {}, and not before", Span(least))
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        match (verb, self.began) {
            (BEGINS_TO_SHUT_DOWN, None) => self.began = Some(event.mono),
            (SHUTS_DOWN, Some(began)) if is_impatient(fields.text(field::ERROR), self.patience) => {
                let waited = event.mono.saturating_duration_since(began);
                let least = self.patience / 4 * 3;
                return if waited >= least {
                    Judgement::Holds
                } else {
                    let wanted = format!("patience for {}", Span(least));
                    Judgement::broken(wanted, format!("given up after {}", Span(waited)))
                };
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}

/// A shutdown of the logger `who` comes back when its `patience` is over to the nanosecond, while the unit that writes is still waiting
/// for its disk.
#[must_use]
pub fn shutdown_ends_by_its_own_clock(who: impl Into<Name>, patience: Duration) -> Sometimes {
    let who = who.into();
    let mut began = None;
    Sometimes::new("shutdown_ends_by_its_own_clock", move |event| match told(event, &who) {
        Some((BEGINS_TO_SHUT_DOWN, _)) => {
            began.get_or_insert(event.mono);
            false
        }
        Some((SHUTS_DOWN, fields)) => {
            let waited = began.map(|began| event.mono.saturating_duration_since(began));
            is_impatient(fields.text(field::ERROR), patience) && waited == Some(patience)
        }
        _ => false,
    })
}

fn is_impatient(error: &str, patience: Duration) -> bool {
    error == FlushError::TimedOut(patience).to_string()
}
