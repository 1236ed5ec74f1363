//! What a thread holds from one operation of its script to a later one: guards, which may not leave the thread.

use std::any::Any;

/// The guards of one thread, the latest last. They end in reverse order, at the latest with the thread, also on unwind.
#[derive(Default)]
pub struct Held {
    guards: Vec<Box<dyn Any>>,
}

impl Held {
    /// Holds `guard` until it is [let go](Held::let_go) or the script ends.
    pub fn hold<G: 'static>(&mut self, guard: G) {
        self.guards.push(Box::new(guard));
    }

    /// Ends the latest guard of the type `G`; false where there is none.
    pub fn let_go<G: 'static>(&mut self) -> bool {
        let latest = self.guards.iter().rposition(|guard| guard.is::<G>());
        latest.map(|at| self.guards.remove(at)).is_some()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        while let Some(guard) = self.guards.pop() {
            drop(guard);
        }
    }
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Held").field("guards", &self.guards.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Rc;

    struct Says(&'static str, Rc<RefCell<Vec<&'static str>>>);

    impl Drop for Says {
        fn drop(&mut self) {
            self.1.borrow_mut().push(self.0);
        }
    }

    #[test]
    fn guards_end_in_reverse_order() {
        let said = Rc::new(RefCell::new(Vec::new()));
        let mut held = Held::default();
        for word in ["outer", "middle", "inner"] {
            held.hold(Says(word, Rc::clone(&said)));
        }
        assert!(held.let_go::<Says>());
        assert!(!held.let_go::<u8>(), "a guard of another type is not touched");
        drop(held);
        assert_eq!(*said.borrow(), ["inner", "middle", "outer"]);
    }
}
