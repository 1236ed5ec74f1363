//! The slot that each unit of execution carries, whose only primitive is a swap.

use std::any::Any;

/// What the slot holds: nothing, or one boxed value that belongs to whoever put it there.
///
/// The logger keeps its per-unit state here: the context, the re-entrancy depth, a scratch buffer.
pub type Carried = Option<Box<dyn Any + Send>>;

/// One slot per unit of execution. New units start with an empty one.
pub trait Context {
    /// Puts `carried` into this unit's slot and returns what was there.
    ///
    /// On a unit that is being torn down, where there is no slot any more, `carried` is dropped and the answer is `None`.
    fn swap(&self, carried: Carried) -> Carried;
}
