//! Who follows which script of a plan, and until when a fault holds whom.

use crate::plan::Fault;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What holds an actor: until when, by engine time, and the place of the fault in the plan. Of two the later end counts, and of two
/// ends that are one the later fault.
pub(crate) type Hold = (Duration, u32);

/// The driver and the actors of a plan by name, each with the thread or the unit that follows its script, while one does. A name that a
/// part gave to a thread of its own is nobody's here.
pub(crate) struct Cast<Id> {
    /// None where no fault holds anybody: then nobody has to be known.
    actors: Option<Mutex<BTreeMap<Arc<str>, Actor<Id>>>>,
}

struct Actor<Id> {
    is: Option<Id>,
    hold: Hold,
}

impl<Id> Default for Actor<Id> {
    fn default() -> Self {
        Self { is: None, hold: (Duration::ZERO, 0) }
    }
}

impl<Id: Copy> Cast<Id> {
    /// Nobody yet, in a plan with these faults.
    pub(crate) fn of<'a>(faults: impl IntoIterator<Item = &'a Fault>) -> Self {
        let holds = faults.into_iter().any(|fault| fault.kind.is_of_an_actor());
        Self { actors: holds.then(Mutex::default) }
    }

    /// From now on `id` follows the script of `actor`. Returns what holds it, or did.
    pub(crate) fn enters(&self, actor: &Arc<str>, id: impl FnOnce() -> Id) -> Option<Hold> {
        let mut actors = self.actors()?;
        let entry = actors.entry(Arc::clone(actor)).or_default();
        entry.is = Some(id());
        Some(entry.hold).filter(|&(until, _)| until > Duration::ZERO)
    }

    /// Nobody follows the script of `actor` any more: it has ended.
    pub(crate) fn leaves(&self, actor: &str) {
        if let Some(entry) = self.actors().as_mut().and_then(|actors| actors.get_mut(actor)) {
            entry.is = None;
        }
    }

    /// A fault holds `actor`. Returns who is to stand still; nobody where the script has not begun yet, or is over.
    pub(crate) fn holds(&self, actor: &Arc<str>, hold: Hold) -> Option<Id> {
        let mut actors = self.actors()?;
        let entry = actors.entry(Arc::clone(actor)).or_default();
        entry.hold = entry.hold.max(hold);
        entry.is
    }

    fn actors(&self) -> Option<MutexGuard<'_, BTreeMap<Arc<str>, Actor<Id>>>> {
        let actors = self.actors.as_ref()?;
        Some(actors.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
