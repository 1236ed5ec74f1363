//! One thread-local slot per operating system thread.

use super::System;
use crate::door::{Carried, Context};
use std::cell::Cell;

thread_local! {
    static SLOT: Cell<Carried> = const { Cell::new(None) };
}

impl Context for System {
    #[inline]
    fn swap(&self, carried: Carried) -> Carried {
        // The slot is gone while a thread is torn down: then there is nothing to give back.
        SLOT.try_with(|slot| slot.replace(carried)).unwrap_or(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thread_has_a_slot_of_its_own_that_starts_empty() {
        assert!(System.swap(Some(Box::new("mine"))).is_none());
        std::thread::scope(|scope| {
            scope.spawn(|| assert!(System.swap(None).is_none()));
        });
        let back = System.swap(None).expect("what was put in comes out");
        assert_eq!(*back.downcast::<&str>().expect("of the type it had"), "mine");
    }
}
