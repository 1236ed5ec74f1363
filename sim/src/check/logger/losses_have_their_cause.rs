//! What a queue loses is lost for a reason that there is at that time.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{BEGINS_TO_SHUT_DOWN, COUNTS, LOSES, QUEUES, SHUTS_DOWN, field};
use retrip_core::door::Instant;
use retrip_core::logger::DropCause;

/// See [`losses_have_their_cause`].
#[derive(Debug)]
pub struct LossesHaveTheirCause {
    who: Name,
    /// Somebody has begun to shut it down.
    is_ending: bool,
    /// When somebody was done with that first.
    ended_at: Option<Instant>,
    /// A shutdown has written everything.
    is_all_written: bool,
    lost: u64,
}

/// Of the logger `who`, whose queue drops nothing that it has taken before it is shut down: what comes after a shutdown has ended is lost as
/// `closed`, nothing is before one has begun, and everything else that is lost at once as `queue_full`. What is lost later is counted as
/// given up by the shutdown, and there is none of that where one has written everything. Counts are judged at every reading,
/// while no event is under way.
#[must_use]
pub fn losses_have_their_cause(who: impl Into<Name>) -> LossesHaveTheirCause {
    LossesHaveTheirCause {
        who: who.into(),
        is_ending: false,
        ended_at: None,
        is_all_written: false,
        lost: 0,
    }
}

impl Promise for LossesHaveTheirCause {
    fn name(&self) -> &'static str {
        "losses_have_their_cause"
    }

    fn statement(&self) -> String {
        "a queue loses because it is full, then because it is given up, then because it is closed"
            .to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        let [closed, full] = [DropCause::Closed, DropCause::QueueFull].map(|own| own.to_string());
        // Whoever logs may be told of late, but not begin early.
        let began = fields.moment(field::BEGAN);
        let is_late = began.zip(self.ended_at).is_some_and(|(began, ended)| began > ended);
        match verb {
            BEGINS_TO_SHUT_DOWN => self.is_ending = true,
            SHUTS_DOWN => {
                self.ended_at.get_or_insert(event.mono);
                self.is_all_written |= fields.text(field::ERROR).is_empty();
            }
            QUEUES if is_late => {
                return Judgement::broken(format!("`{}` is lost", fields.text("")), "it waits");
            }
            QUEUES => return Judgement::Holds,
            LOSES => {
                self.lost += 1;
                let cause = fields.text(field::CAUSE);
                let may_be = match (self.is_ending, is_late) {
                    (false, _) => &[full][..],
                    (true, false) => &[full, closed][..],
                    (true, true) => &[closed][..],
                };
                return if may_be.iter().any(|own| own == cause) {
                    Judgement::Holds
                } else {
                    Judgement::broken(format!("lost by {}", may_be.join(" or ")), cause)
                };
            }
            COUNTS => {
                let later = fields.number(field::DROPPED).saturating_sub(self.lost);
                let wanted = if self.is_all_written { 0 } else { later };
                let found = fields.number(field::AT_SHUTDOWN);
                return Judgement::equal(format!("{wanted} given up"), format!("{found} given up"));
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}
