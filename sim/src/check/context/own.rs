//! The promise that nobody's context gets into somebody else's lines.

use super::scopes::{Scopes, Told};
use crate::check::{Judgement, Promise};
use crate::log::Event;

/// See [`own_context_only`].
#[derive(Debug, Default)]
pub struct OwnContextOnly {
    scopes: Scopes,
}

/// Each line carries exactly the context of the task that logged it, and a task that looks sees the same: all of its
/// scopes, in the order of entering, and nothing else. Where two have a key, the inner one's field is there, in its place.
#[must_use]
pub fn own_context_only() -> OwnContextOnly {
    OwnContextOnly::default()
}

impl Promise for OwnContextOnly {
    fn name(&self) -> &'static str {
        "own_context_only"
    }

    fn statement(&self) -> String {
        "each line carries exactly the context of the task that logged it".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        match self.scopes.follow(event) {
            Told::Nothing => Judgement::NotConcerned,
            Told::Carried { fields, .. } => self.scopes.judge(event, fields),
            Told::Garbage(what) => Judgement::broken("a line", what.detail()),
        }
    }
}
