//! Slots that each simulated thread has for itself: made when they are first used, dropped at its end.

use super::kernel::{Kernel, Mode};
use super::platform::Sim;
use super::tether;
use std::any::Any;
use std::rc::Rc;

/// The slots of one thread, in the order in which they were first used.
#[derive(Default)]
pub(super) struct Locals(Vec<(Address, Option<Rc<dyn Any>>)>);

/// Which slot it is: where its key lies. It is compared only, never ordered and never shown.
type Address = usize;

/// What a thread finds in its slot.
pub(crate) enum Local {
    /// It has not used it yet.
    Unused,
    /// Its value.
    Value(Rc<dyn Any>),
    /// The thread ends, and its value has been dropped or is about to be.
    Dropped,
}

impl Locals {
    /// Whether the thread has used none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn slot(&mut self, key: Address) -> Option<&mut Option<Rc<dyn Any>>> {
        self.0.iter_mut().find(|(address, _)| *address == key).map(|(_, value)| value)
    }

    /// Takes the value that was first used last. Its slot stays, without one.
    fn take_last(&mut self) -> Option<Rc<dyn Any>> {
        self.0.iter_mut().rev().find_map(|(_, value)| value.take())
    }
}

impl Kernel {
    /// Whether the running thread has slots.
    pub(super) fn has_locals(&mut self) -> bool {
        !self.me().locals.is_empty()
    }
}

impl Sim {
    /// What the running thread has in the slot whose key lies at `key`. No scheduling point: nobody else can see it.
    pub(crate) fn local(&self, key: Address) -> Local {
        tether::with(self.run, |kernel| match kernel.me().locals.slot(key) {
            None => Local::Unused,
            Some(None) => Local::Dropped,
            Some(Some(value)) => Local::Value(Rc::clone(value)),
        })
    }

    /// Puts the first value into a slot of the running thread. One that it was given meanwhile, by what made the value, goes.
    pub(crate) fn set_local(&self, key: Address, value: Rc<dyn Any>) {
        let before = tether::with(self.run, |kernel| {
            let locals = &mut kernel.me().locals;
            match locals.slot(key) {
                Some(slot) => slot.replace(value),
                None => {
                    locals.0.push((key, Some(value)));
                    None
                }
            }
        });
        drop(before);
    }
}

/// Drops what the running thread has in its slots, the last first, and what that puts into others.
pub(super) fn drop_all(run: u64) {
    let take = |kernel: &mut Kernel| {
        // A run that is torn down lets destructors pass.
        kernel.only_drops |= kernel.mode == Mode::Unwinding;
        kernel.me().locals.take_last()
    };
    while let Some(value) = tether::with(run, take) {
        drop(value);
    }
}
