//! What a logger counts is what happened, neither more nor less.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{COUNTS, FILTERS, LOSES, WRITES, field};

/// See [`accounting_is_exact`].
#[derive(Debug)]
pub struct AccountingIsExact {
    who: Name,
    filtered: u64,
    written: u64,
    lost: u64,
}

/// Whenever no event of the logger `who` is under way, its counts add up, and are those of the events that were told of.
#[must_use]
pub fn accounting_is_exact(who: impl Into<Name>) -> AccountingIsExact {
    AccountingIsExact { who: who.into(), filtered: 0, written: 0, lost: 0 }
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
            WRITES => self.written += 1,
            LOSES => self.lost += 1,
            COUNTS => {
                let count = |name: &str| fields.number(name);
                let offered =
                    count(field::FILTERED) + count(field::RATE_LIMITED) + count(field::ACCEPTED);
                let accepted =
                    count(field::WRITTEN) + count(field::DROPPED) + count(field::BUFFERED);
                for (what, wanted, found) in [
                    ("offered", offered, count(field::OFFERED)),
                    ("accepted", accepted, count(field::ACCEPTED)),
                    ("written", self.written, count(field::WRITTEN)),
                    ("dropped", self.lost, count(field::DROPPED)),
                    ("filtered", self.filtered, count(field::FILTERED)),
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
