//! Operating system threads.
#![expect(clippy::disallowed_methods, reason = "System is the one place that sleeps for real")]

use super::System;
use super::clock::to_std;
use super::timer::Timer;
use crate::door::{Clock, Instant, JoinError, JoinHandle, Spawn, SpawnError, UnitNumber};
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, ThreadId};

/// A thread that can be unparked.
#[derive(Clone, Debug)]
pub struct SystemUnit(thread::Thread);

impl PartialEq for SystemUnit {
    fn eq(&self, other: &Self) -> bool {
        let id = |unit: &Self| -> ThreadId { unit.0.id() };
        id(self) == id(other)
    }
}

impl Eq for SystemUnit {}

impl Spawn for System {
    type JoinHandle<T: Send + 'static> = thread::JoinHandle<T>;
    type Unit = SystemUnit;
    type Timer = Timer;

    fn spawn<T, F>(&self, name: &str, body: F) -> Result<Self::JoinHandle<T>, SpawnError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        Ok(thread::Builder::new().name(name.to_owned()).spawn(body)?)
    }

    fn current(&self) -> Self::Unit {
        SystemUnit(thread::current())
    }

    fn park(&self) {
        thread::park();
    }

    fn park_until(&self, deadline: Instant) {
        let left = deadline.saturating_duration_since(self.now());
        if !left.is_zero() {
            thread::park_timeout(left);
        }
    }

    fn unpark(&self, unit: &Self::Unit) {
        unit.0.unpark();
    }

    fn yield_now(&self) {
        thread::yield_now();
    }

    fn sleep_until(&self, deadline: Instant) {
        loop {
            let left = deadline.saturating_duration_since(self.now());
            if left.is_zero() {
                return;
            }
            thread::sleep(left);
        }
    }

    fn timer(&self, deadline: Instant) -> Self::Timer {
        Timer::at(to_std(deadline))
    }

    #[inline]
    fn number(&self) -> UnitNumber {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        thread_local! {
            /// Zero until it is asked for.
            static MINE: Cell<u64> = const { Cell::new(0) };
        }
        #[cold]
        fn first() -> u64 {
            NEXT.fetch_add(1, Ordering::Relaxed)
        }
        MINE.with(|mine| {
            if mine.get() == 0 {
                mine.set(first());
            }
            UnitNumber::new(mine.get())
        })
    }

    #[inline]
    fn panicking(&self) -> bool {
        thread::panicking()
    }
}

impl<T> JoinHandle<T> for thread::JoinHandle<T> {
    fn join(self) -> Result<T, JoinError> {
        self.join().map_err(|payload| JoinError::panicked(&*payload))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::panic_any;
    use std::time::Duration;

    #[test]
    fn a_panic_comes_back_through_join_with_its_message() {
        let handle = System.spawn("doomed", || panic!("planned")).expect("a thread starts");
        let error = JoinHandle::<()>::join(handle).expect_err("it panicked");
        assert_eq!(error, JoinError::Panicked { message: "planned".into() });
        let handle = System.spawn("doomed", || panic_any(7_i32)).expect("a thread starts");
        let error = JoinHandle::<()>::join(handle).expect_err("it panicked").to_string();
        assert_eq!(error, "the joined unit panicked: no text but the i32 7");
    }

    #[test]
    fn an_unpark_that_came_first_is_kept() {
        System.unpark(&System.current());
        System.park();
    }

    #[test]
    fn a_sleep_is_never_early() {
        let deadline = System.now().saturating_add(Duration::from_millis(2));
        System.sleep_until(deadline);
        assert!(System.now() >= deadline);
    }
}
