//! The switch between simulated threads: a body that can be stopped in the middle, and resumed.
//!
//! There are two ways to do it, of which a build has one. `stack.rs` moves this operating system thread from stack to stack,
//! in assembler: it is fast, and what everybody gets. `os_thread.rs` gives each body an operating system thread of its own, one of
//! which runs at a time: it is slow, and what tools can follow that lose their way where a stack is switched.
//! `--cfg retrip_os_threads` asks for it, and Miri always gets it.
//!
//! A run is the same with either, step by step: who is next is decided elsewhere. Only a coroutine knows what it runs on.

#[cfg(any(miri, retrip_os_threads))]
mod os_thread;
#[cfg(not(any(miri, retrip_os_threads)))]
mod overflow;
#[cfg(not(any(miri, retrip_os_threads)))]
mod stack;

#[cfg(any(miri, retrip_os_threads))]
pub(super) use os_thread::{Coroutine, on_coroutine, suspend, with_report};
#[cfg(not(any(miri, retrip_os_threads)))]
pub(super) use overflow::with_report;
#[cfg(not(any(miri, retrip_os_threads)))]
pub(super) use stack::{Coroutine, on_coroutine, suspend};

use super::thread::ThreadId;

/// Reserved for each stack. Untouched pages cost nothing; a panic with a backtrace needs far more than a small stack.
const STACK_BYTES: usize = 256 * 1024;

/// Whom a suspended coroutine hands over to; nobody where the run is over.
type Next = Option<ThreadId>;

/// What a resumed coroutine is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// Go on.
    Run,
    /// Unwind: the run is over.
    Unwind,
}

/// How far a coroutine came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// It suspended itself and can be resumed; this one is next.
    Suspended(Next),
    /// Its body returned.
    Done,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Name;
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
    use std::sync::{Arc, mpsc};

    fn new(body: impl FnOnce() + Send + 'static) -> Coroutine {
        Coroutine::new(Name::from("test"), body).expect("there is room for a stack")
    }

    #[test]
    fn a_coroutine_continues_where_it_was_suspended() {
        let seen = Arc::new(AtomicU32::new(0));
        let inside = Arc::clone(&seen);
        let mut coroutine = new(move || {
            for step in 1..=3 {
                assert!(on_coroutine());
                inside.store(step, SeqCst);
                assert_eq!(suspend(Some(ThreadId(step))), Signal::Run);
            }
        });
        for step in 1..=3 {
            assert_eq!(seen.load(SeqCst), step - 1, "nothing of it runs before it is resumed");
            let progress = coroutine.resume(Signal::Run);
            assert_eq!(progress, Progress::Suspended(Some(ThreadId(step))));
            assert!(!on_coroutine());
        }
        assert_eq!(coroutine.resume(Signal::Run), Progress::Done);
        coroutine.recycle();
    }

    #[test]
    fn a_body_is_told_to_unwind_where_it_was_suspended_and_dropped_where_it_never_began() {
        let mut begun = new(|| {
            assert_eq!(suspend(None), Signal::Run);
            assert_eq!(suspend(None), Signal::Unwind);
        });
        assert_eq!(begun.resume(Signal::Run), Progress::Suspended(None));
        assert_eq!(begun.resume(Signal::Run), Progress::Suspended(None));
        assert_eq!(begun.resume(Signal::Unwind), Progress::Done);
        begun.recycle();

        let owned = Arc::new(());
        let inside = Arc::clone(&owned);
        let mut unborn = new(move || {
            let _owned = inside;
            unreachable!("it never begins");
        });
        assert_eq!(Arc::strong_count(&owned), 2);
        assert_eq!(unborn.resume(Signal::Unwind), Progress::Done);
        assert_eq!(Arc::strong_count(&owned), 1);
        unborn.recycle();
    }

    #[test]
    fn what_a_coroutine_holds_that_is_dropped_too_early_is_never_dropped() {
        let owned = Arc::new(());
        let (begun, unborn) = (Arc::clone(&owned), Arc::clone(&owned));
        let mut begun = new(move || {
            let _owned = begun;
            suspend(None);
            unreachable!("it is never resumed");
        });
        assert_eq!(begun.resume(Signal::Run), Progress::Suspended(None));
        drop(begun);
        drop(new(move || drop(unborn)));
        // Where they have threads of their own, those could have gone on meanwhile.
        (0..1_000).for_each(|_| std::thread::yield_now());
        assert_eq!(Arc::strong_count(&owned), 3);
    }

    #[test]
    fn a_panic_of_a_body_comes_out_where_it_was_resumed() {
        let (sender, said) = mpsc::channel();
        let mut coroutine = new(move || {
            sender.send("began").expect("the test listens");
            std::panic::resume_unwind(Box::new("through"));
        });
        let resume = std::panic::AssertUnwindSafe(|| coroutine.resume(Signal::Run));
        let payload = std::panic::catch_unwind(resume).expect_err("it panicked");
        assert_eq!(payload.downcast_ref(), Some(&"through"));
        assert_eq!(said.try_iter().collect::<Vec<_>>(), ["began"]);
    }
}
