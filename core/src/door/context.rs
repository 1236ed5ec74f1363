//! The slot that each unit of execution carries, whose only primitive is a swap.

use std::any::Any;

/// What the slot holds: nothing, or one boxed value that belongs to whoever put it there.
///
/// This crate keeps all its per-unit state here: the logger its context, re-entrancy depth and scratch buffers; breakers that
/// [look for nested calls](crate::breaker::Nested), which calls the unit is inside of.
pub type Carried = Option<Box<dyn Any + Send>>;

/// One slot per unit of execution. New units start with an empty one.
pub trait Context {
    /// Puts `carried` into this unit's slot and returns what was there.
    ///
    /// On a unit that is being torn down, where there is no slot any more, `carried` is dropped and the answer is `None`.
    fn swap(&self, carried: Carried) -> Carried;
}
