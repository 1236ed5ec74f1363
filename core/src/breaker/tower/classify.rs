//! What the answers of a service say about its health.

use crate::breaker::{Outcome, Verdict};

/// Says what an answer counts as. Every function of `&Result<T, E>` does that gives an [`Outcome`] or a [`Verdict`].
pub trait Classify<T, E> {
    /// What the answer says about the health of the service. A panic in it is a panic in the call.
    fn classify(&self, answer: &Result<T, E>) -> Verdict;
}

/// `Ok` is a success, every `Err` a failure: what counts unless somebody says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ByResult;

impl<T, E> Classify<T, E> for ByResult {
    fn classify(&self, answer: &Result<T, E>) -> Verdict {
        Outcome::of(answer).into()
    }
}

impl<F, T, E, V> Classify<T, E> for F
where
    F: Fn(&Result<T, E>) -> V,
    V: Into<Verdict>,
{
    fn classify(&self, answer: &Result<T, E>) -> Verdict {
        self(answer).into()
    }
}
