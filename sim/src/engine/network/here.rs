//! On which host the code is that this operating system thread is in the middle of, also where no unit is polled.

use crate::log::Name;
use std::cell::RefCell;
use tokio::runtime::{Handle, Id};

thread_local! {
    /// The tokio runtimes of this thread's run, and whose they are.
    static RUNTIMES: RefCell<Vec<(Id, Name)>> = const { RefCell::new(Vec::new()) };
}

/// The runtime within which this is called is that of `name` from now on.
pub(super) fn is(name: &Name) {
    let id = Handle::current().id();
    RUNTIMES.with_borrow_mut(|runtimes| {
        runtimes.retain(|(_, of)| of != name);
        runtimes.push((id, name.clone()));
    });
}

/// Whose code it is, where it is within one of the runtimes.
pub(super) fn whose() -> Option<Name> {
    let id = Handle::try_current().ok()?.id();
    let runtimes = RUNTIMES.try_with(|runtimes| {
        let runtimes = runtimes.try_borrow().ok()?;
        runtimes.iter().find(|(runtime, _)| *runtime == id).map(|(_, name)| name.clone())
    });
    runtimes.ok().flatten()
}
