//! What each system of this crate keeps for a unit of execution, side by side in the one slot that the door gives.

use super::Context;
use std::any::{Any, TypeId};

/// The parts of one unit, each with its type, in the order in which they were first asked for.
#[derive(Default)]
struct Parts(Vec<(TypeId, Box<dyn Any + Send>)>);

impl Parts {
    /// The part of type `T`, which begins as its default.
    #[inline]
    fn of<T: Default + Send + 'static>(&mut self) -> &mut T {
        let part = TypeId::of::<T>();
        let place = self.0.iter().position(|(of, _)| *of == part);
        let place = place.unwrap_or_else(|| self.begin::<T>());
        self.0[place].1.downcast_mut().expect("it is at its place")
    }

    #[cold]
    fn begin<T: Default + Send + 'static>(&mut self) -> usize {
        self.0.push((TypeId::of::<T>(), Box::<T>::default()));
        self.0.len() - 1
    }
}

/// Lends `body`, which must not come back here, what the unit that asks keeps as a `T`. Neither who keeps something else nor
/// what it is has to be known for that.
///
/// A slot that holds a foreign value is taken over: it is this crate's by the contract of the door. On a unit that is being
/// torn down each call finds a fresh state.
#[inline]
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
