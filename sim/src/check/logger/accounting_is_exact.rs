//! What a logger counts is what happened, neither more nor less.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{COUNTS, FILTERS, HOLDS_BACK, LOSES, QUEUES, WRITES, field};

/// See [`accounting_is_exact`].
#[derive(Debug)]
pub struct AccountingIsExact {
    who: Name,
    filtered: u64,
    held_back: u64,
    written: u64,
    /// Accepted, and not known to be written.
    queued: u64,
    lost: u64,
}

/// Whenever no event of the logger `who` is under way, its counts add up, and are those of the events that were told of. What is told to wait
/// is accepted, and nobody says what becomes of it but the counts.
#[must_use]
pub fn accounting_is_exact(who: impl Into<Name>) -> AccountingIsExact {
    AccountingIsExact { who: who.into(), filtered: 0, held_back: 0, written: 0, queued: 0, lost: 0 }
}

impl Promise for AccountingIsExact {
    fn name(&self) -> &'static str {
        "accounting_is_exact"
    }

    fn statement(&self) -> String {
        "what was offered is filtered, limited or accepted, and what was accepted is written, dropped or buffered".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        match verb {
            FILTERS => self.filtered += 1,
            HOLDS_BACK => self.held_back += 1,
            WRITES => self.written += 1,
            QUEUES => self.queued += 1,
            LOSES => self.lost += 1,
            COUNTS => {
                let count = |name: &str| fields.number(name);
                let offered =
                    count(field::FILTERED) + count(field::RATE_LIMITED) + count(field::ACCEPTED);
                let accepted =
                    count(field::WRITTEN) + count(field::DROPPED) + count(field::BUFFERED);
                // A line that waited may be written or dropped by now, and so may what the logger logs of its own accord.
                let silent = self.queued + count(field::NOTICES);
                let settled = if silent == 0 {
                    0
                } else {
                    count(field::WRITTEN).saturating_sub(self.written)
                };
                let gone = silent.saturating_sub(settled + count(field::BUFFERED));
                let told = self.written + silent + self.lost;
                for (what, wanted, found) in [
                    ("offered", offered, count(field::OFFERED)),
                    ("accepted", accepted, count(field::ACCEPTED)),
                    ("written", self.written + settled, count(field::WRITTEN)),
                    ("dropped", self.lost + gone, count(field::DROPPED)),
                    ("filtered", self.filtered, count(field::FILTERED)),
                    ("held back", self.held_back, count(field::RATE_LIMITED)),
                    ("told and accepted", told, count(field::ACCEPTED)),
                ] {
                    if wanted != found {
                        return Judgement::broken(
                            format!("{wanted} {what}"),
                            format!("{found} counted"),
                        );
                    }
                }
                return Judgement::Holds;
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}
