//! Floors: the parts of which any breaker is made, alone.

use crate::poll;
use crate::service;
use crate::work::{Work, repeated, repeated_with, succeeds};
use rustix::time::{ClockId, clock_gettime};
use std::hint::black_box;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::Instant;

/// A part, around a call that succeeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Floor {
    /// Nothing but the call.
    Call,
    /// One Acquire load of an atomic.
    Load,
    /// One `fetch_add`.
    Add,
    /// Two of them, on one cache line.
    TwoAdds,
    /// Four of them.
    FourAdds,
    /// A lock of parking_lot, taken and given back.
    Lock,
    /// A lock of std.
    StdLock,
    /// `Instant::now`.
    Clock,
    /// The system's coarse monotonic clock.
    CoarseClock,
    /// The clock, read under a lock.
    LockAndClock,
    /// A service of tower's that is ready, with an answer that is ready.
    Service,
}

impl Floor {
    pub(crate) const ALL: [Self; 11] = [
        Self::Call,
        Self::Load,
        Self::Add,
        Self::TwoAdds,
        Self::FourAdds,
        Self::Lock,
        Self::StdLock,
        Self::Clock,
        Self::CoarseClock,
        Self::LockAndClock,
        Self::Service,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Call => "the call alone",
            Self::Load => "a load",
            Self::Add => "a fetch_add",
            Self::TwoAdds => "two fetch_adds",
            Self::FourAdds => "four fetch_adds",
            Self::Lock => "a lock of parking_lot",
            Self::StdLock => "a lock of std",
            Self::Clock => "Instant::now",
            Self::CoarseClock => "the coarse clock",
            Self::LockAndClock => "a lock and Instant::now",
            Self::Service => "the service alone",
        }
    }

    pub(crate) fn work(self) -> Work {
        match self {
            Self::Call => repeated(succeeds, Result::is_ok),
            Self::Load => load(),
            Self::Add => adds::<1>(),
            Self::TwoAdds => adds::<2>(),
            Self::FourAdds => adds::<4>(),
            Self::Lock => lock(),
            Self::StdLock => std_lock(),
            Self::Clock => repeated(|| (now(), succeeds()), |(_, answer)| answer.is_ok()),
            Self::CoarseClock => {
                let read = || clock_gettime(ClockId::MonotonicCoarse).tv_nsec;
                repeated(move || (read(), succeeds()), |(_, answer)| answer.is_ok())
            }
            Self::LockAndClock => lock_and_clock(),
            Self::Service => service(),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "what it costs to read a real clock is the question")]
fn now() -> Instant {
    Instant::now()
}

fn load() -> Work {
    let word = AtomicU64::new(0);
    repeated(move || (black_box(&word).load(Acquire), succeeds()), |(_, answer)| answer.is_ok())
}

/// Counters on one cache line, as breakers keep them.
#[repr(align(64))]
struct Line<const COUNTERS: usize>([AtomicU64; COUNTERS]);

fn adds<const COUNTERS: usize>() -> Work {
    let line = Line::<COUNTERS>([const { AtomicU64::new(0) }; COUNTERS]);
    let call = move || {
        let line = black_box(&line);
        let (before, after) = line.0.split_at(COUNTERS / 2);
        before.iter().for_each(|counter| _ = counter.fetch_add(1, Relaxed));
        let answer = succeeds();
        after.iter().for_each(|counter| _ = counter.fetch_add(1, Release));
        answer
    };
    repeated(call, Result::is_ok)
}

fn lock() -> Work {
    let counted = parking_lot::Mutex::new(0_u64);
    let call = move || {
        *black_box(&counted).lock() += 1;
        succeeds()
    };
    repeated(call, Result::is_ok)
}

fn std_lock() -> Work {
    let counted = Mutex::new(0_u64);
    let call = move || {
        *black_box(&counted).lock().expect("nobody panics under it") += 1;
        succeeds()
    };
    repeated(call, Result::is_ok)
}

fn lock_and_clock() -> Work {
    let counted = parking_lot::Mutex::new((0_u64, None));
    let call = move || {
        let mut counted = black_box(&counted).lock();
        *counted = (counted.0 + 1, Some(now()));
        drop(counted);
        succeeds()
    };
    repeated(call, Result::is_ok)
}

fn service() -> Work {
    let begin = || (poll::waker(), service::ready_service());
    let call = |(waker, service): &mut (_, _)| service::ask(waker, service);
    repeated_with(begin, call, Result::is_ok)
}
