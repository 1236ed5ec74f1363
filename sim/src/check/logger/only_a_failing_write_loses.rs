//! A log loses nothing because of what is not a write that has failed.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name, What};
use crate::part::log_file::words::{LOSES, WRITES, field};

/// See [`only_a_failing_write_loses`].
#[derive(Debug)]
pub struct OnlyAFailingWriteLoses {
    who: Name,
    has_failed: bool,
}

/// An event of the logger `who` is lost only once the disk has failed a write, other than by an interruption: that a file could not be
/// put aside, opened or made durable loses nothing. For one log on a disk.
#[must_use]
pub fn only_a_failing_write_loses(who: impl Into<Name>) -> OnlyAFailingWriteLoses {
    OnlyAFailingWriteLoses { who: who.into(), has_failed: false }
}

impl Promise for OnlyAFailingWriteLoses {
    fn name(&self) -> &'static str {
        "only_a_failing_write_loses"
    }

    fn statement(&self) -> String {
        "what is logged is written, unless the disk fails a write".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        if let What::Note { verb, fields } = &event.what
            && &*event.who == "disk"
            && &**verb == "write fails"
        {
            self.has_failed |= super::Fields(fields).text("") != "EINTR";
            return Judgement::NotConcerned;
        }
        match told(event, &self.who) {
            Some((WRITES, _)) => Judgement::Holds,
            Some((LOSES, fields)) if !self.has_failed => {
                let found = format!("lost by {}", fields.text(field::CAUSE));
                Judgement::broken(format!("`{}` written", fields.text("")), found)
            }
            _ => Judgement::NotConcerned,
        }
    }
}
