//! What each system of this crate keeps for a unit of execution, side by side in the one slot that the door gives.

use super::Context;
use std::any::Any;

/// The parts of one unit, at most one of a type, in the order in which they were first asked for.
#[derive(Default)]
struct Parts(Vec<Box<dyn Any + Send>>);

impl Parts {
    /// The part of type `T`, which begins as its default.
    fn of<T: Default + Send + 'static>(&mut self) -> &mut T {
        let place = self.0.iter().position(|part| part.is::<T>()).unwrap_or_else(|| {
            self.0.push(Box::<T>::default());
            self.0.len() - 1
        });
        self.0[place].downcast_mut().expect("it is at its place")
    }
}

/// Lends `body`, which must not come back here, what the unit that asks keeps as a `T`. Neither who keeps something else nor
/// what it is has to be known for that.
///
/// A slot that holds a foreign value is taken over: it is this crate's by the contract of the door. On a unit that is being
/// torn down each call finds a fresh state.
pub(crate) fn with<T, P, R>(platform: &P, body: impl FnOnce(&mut T) -> R) -> R
where
    T: Default + Send + 'static,
    P: Context,
{
    let carried = platform.swap(None).map(<Box<dyn Any + Send>>::downcast::<Parts>);
    let mut parts = match carried {
        Some(Ok(parts)) => parts,
        Some(Err(_)) | None => Box::default(),
    };
    let result = body(parts.of());
    platform.swap(Some(parts));
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::System;

    #[derive(Default)]
    struct One(u32);

    #[derive(Default)]
    struct Other(u32);

    #[test]
    fn each_finds_its_own_and_a_foreign_value_is_taken_over() {
        System.swap(Some(Box::new("foreign")));
        for round in 0..3 {
            with(&System, |one: &mut One| {
                assert_eq!(one.0, round);
                one.0 += 1;
            });
            with(&System, |other: &mut Other| {
                assert_eq!(other.0, 10 * round);
                other.0 += 10;
            });
        }
        std::thread::scope(|scope| {
            scope.spawn(|| with(&System, |one: &mut One| assert_eq!(one.0, 0)));
        });
    }
}
