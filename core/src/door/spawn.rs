//! Units of execution: start one, wait, park, sleep, and ask whether this one is panicking.

use super::Instant;
use std::any::Any;
use std::borrow::Cow;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::future::Future;
use std::io;

/// The platform's units of execution: operating system threads, or simulated ones.
pub trait Spawn {
    /// Waits for a unit's end and its result.
    type JoinHandle<T: Send + 'static>: JoinHandle<T>;
    /// Names a unit, so that another can unpark it.
    type Unit: Clone + Eq + Debug + Send + Sync + 'static;
    /// Completes at or after a deadline.
    type Timer: Future<Output = ()> + Send + 'static;

    /// Starts a unit named `name` that runs `body`.
    ///
    /// # Errors
    /// The platform has no room for another unit.
    fn spawn<T, F>(&self, name: &str, body: F) -> Result<Self::JoinHandle<T>, SpawnError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static;

    /// The unit that asks.
    fn current(&self) -> Self::Unit;

    /// Waits for an [`unpark`](Spawn::unpark) of this unit; one that came before counts, once. May also return for no
    /// reason.
    fn park(&self);

    /// Like [`park`](Spawn::park), and gives up at `deadline`, never earlier.
    fn park_until(&self, deadline: Instant);

    /// Ends a park of `unit`, or its next one.
    fn unpark(&self, unit: &Self::Unit);

    /// Lets others run.
    fn yield_now(&self);

    /// Blocks this unit until `deadline`, never less.
    fn sleep_until(&self, deadline: Instant);

    /// A future that completes at `deadline`, never earlier, on any executor.
    fn timer(&self, deadline: Instant) -> Self::Timer;

    /// The number of the unit that asks, for events that say who brought them about.
    fn number(&self) -> UnitNumber;

    /// Whether this unit is unwinding. Ask the platform, not [`std::thread::panicking`]: several simulated units share
    /// one operating system thread.
    fn panicking(&self) -> bool;
}

/// Tells units of execution of one platform apart, for as long as they all live. It says nothing about their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitNumber(u64);

impl UnitNumber {
    /// The unit that the platform gave `number`.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number that the platform gave.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// Waits for a unit's end.
pub trait JoinHandle<T> {
    /// Waits until the unit ends, and returns what its body returned.
    ///
    /// # Errors
    /// The body panicked.
    fn join(self) -> Result<T, JoinError>;
}

/// Why there is no result of a unit of execution.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JoinError {
    /// The body panicked with this message.
    #[error("the joined unit panicked: {message}")]
    Panicked {
        /// The message of the panic, or what its payload is where that is no text.
        message: String,
    },
    /// It ran on a host that was killed, and is gone with it.
    #[error("the joined unit is gone with its host")]
    Gone,
}

impl JoinError {
    /// The error of a body that panicked with `payload`.
    ///
    /// Its message is the text that `panic!` was given. Any other payload is told by its type and value where it is one of
    /// the usual types: an integer, a boxed error, or the payload of another panic, boxed once more. Of a type that is none
    /// of these only that is known.
    ///
    /// ```
    /// use retrip_core::door::JoinError;
    ///
    /// let said = |payload: Box<dyn std::any::Any + Send>| JoinError::panicked(&*payload).to_string();
    /// assert_eq!(said(Box::new("no room")), "the joined unit panicked: no room");
    /// assert_eq!(said(Box::new(7_i32)), "the joined unit panicked: no text but the i32 7");
    /// ```
    #[must_use]
    pub fn panicked(payload: &(dyn Any + Send)) -> Self {
        Self::Panicked { message: message(payload) }
    }
}

/// What there is to say about a panic's payload.
fn message(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        return (*text).to_owned();
    }
    if let Some(text) = payload.downcast_ref::<String>() {
        return text.clone();
    }
    if let Some(text) = payload.downcast_ref::<Cow<'static, str>>() {
        return text.to_string();
    }
    // Whoever panics with what a join has returned boxes it once more.
    if let Some(inner) = payload.downcast_ref::<Box<dyn Any + Send>>() {
        return message(&**inner);
    }
    if let Some(error) = payload.downcast_ref::<Box<dyn Error + Send + Sync>>() {
        return format!("no text but the error: {error}");
    }
    if let Some(error) = payload.downcast_ref::<Box<dyn Error + Send>>() {
        return format!("no text but the error: {error}");
    }
    let number = integer::<i32>(payload, "i32")
        .or_else(|| integer::<u32>(payload, "u32"))
        .or_else(|| integer::<i64>(payload, "i64"))
        .or_else(|| integer::<u64>(payload, "u64"))
        .or_else(|| integer::<usize>(payload, "usize"));
    number.unwrap_or_else(|| "no text but a payload of a type that is not known here".to_owned())
}

/// The number and the name of its type, where it is a `T`.
fn integer<T: Display + 'static>(payload: &(dyn Any + Send), name: &str) -> Option<String> {
    payload.downcast_ref::<T>().map(|number| format!("no text but the {name} {number}"))
}

/// Why a unit of execution could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpawnError {
    /// The operating system refused.
    #[error("the system refuses another thread: {0}")]
    Refused(#[from] io::Error),
    /// The simulated run has reached its bound on threads.
    #[error("the run has reached its bound of {bound} threads")]
    Bound {
        /// The most threads that one run may start.
        bound: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_that_is_no_text_is_told_by_its_type() {
        struct Ours;
        let said = |payload: Box<dyn Any + Send>| message(&*payload);
        let error = || "broken".parse::<u8>().expect_err("it is no number");
        let sync: Box<dyn Error + Send + Sync> = Box::new(error());
        let send: Box<dyn Error + Send> = Box::new(error());
        let boxed: Box<dyn Any + Send> = Box::new("text");
        for (payload, wanted) in [
            (Box::new("text") as Box<dyn Any + Send>, "text"),
            (Box::new("text".to_owned()), "text"),
            (Box::new(Cow::Borrowed("text")), "text"),
            (Box::new(boxed), "text"),
            (Box::new(-7_i32), "no text but the i32 -7"),
            (Box::new(7_u64), "no text but the u64 7"),
            (Box::new(7_usize), "no text but the usize 7"),
            (Box::new(sync), "no text but the error: invalid digit found in string"),
            (Box::new(send), "no text but the error: invalid digit found in string"),
            (Box::new(Ours), "no text but a payload of a type that is not known here"),
            (Box::new(()), "no text but a payload of a type that is not known here"),
        ] {
            assert_eq!(said(payload), wanted);
        }
    }
}
