//! The promise that a context is gone when its scope is over.

use super::scopes::{Scopes, Told};
use crate::check::{Judgement, Promise};
use crate::log::Event;

/// See [`context_ends_with_its_scope`].
#[derive(Debug, Default)]
pub struct ContextEndsWithItsScope {
    scopes: Scopes,
}

/// After a task has left a scope, its lines carry the context that it had before: the fields of the scope are gone, and
/// those that it overrode are back. Lines before the first leaving are not judged.
#[must_use]
pub fn context_ends_with_its_scope() -> ContextEndsWithItsScope {
    ContextEndsWithItsScope::default()
}

impl Promise for ContextEndsWithItsScope {
    fn name(&self) -> &'static str {
        "context_ends_with_its_scope"
    }

    fn statement(&self) -> String {
        "after a scope a task has the context from before it".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        match self.scopes.follow(event) {
            Told::Carried { fields, left: 1.. } => self.scopes.judge(event, fields),
            Told::Nothing | Told::Carried { .. } | Told::Garbage(_) => Judgement::NotConcerned,
        }
    }
}
