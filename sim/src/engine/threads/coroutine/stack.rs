//! The switch in assembler: stackful coroutines on reused stacks. One of the few files with unsafe code.
//!
//! Built on corosensei. A coroutine never leaves the operating system thread it was made on, and this file is the only
//! one that knows what a stack is.
#![expect(unsafe_code, reason = "a coroutine reaches its own yielder through a pointer")]

use super::overflow::Watched;
use super::{Next, Progress, STACK_BYTES, Signal};
use crate::log::Name;
use corosensei::stack::{DefaultStack, Stack, StackPointer};
use corosensei::{CoroutineResult, Yielder};
use std::cell::{Cell, RefCell};
use std::io;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// Stacks kept for the next run of this operating system thread.
const POOLED: usize = 4096;
/// Stack tops are spread over this many cache colours of this many bytes: same-aligned tops evict each other.
const COLOURS: usize = 31;
const COLOUR_BYTES: usize = 64;

type Inner = corosensei::Coroutine<Signal, Next, (), Coloured>;

thread_local! {
    /// The coroutine that runs on this operating system thread; null while none does.
    static RUNNING: Cell<*const Running> = const { Cell::new(ptr::null()) };
    /// Stacks that have nothing on them. Only memory is kept: no run can see which stack it was given.
    static POOL: RefCell<Pool> = const { RefCell::new(Pool { stacks: Vec::new(), made: 0 }) };
}

struct Pool {
    stacks: Vec<Coloured>,
    made: usize,
}

/// A stack whose top is moved down by its colour.
struct Coloured {
    stack: DefaultStack,
    offset: usize,
}

// SAFETY: base and limit are those of the owned stack, the base lowered by a multiple of 64 bytes that is far smaller
// than the stack, so that the range stays inside the mapping, aligned, and above the same guard page.
unsafe impl Stack for Coloured {
    #[inline]
    fn base(&self) -> StackPointer {
        StackPointer::new(self.stack.base().get() - self.offset)
            .expect("a stack is far larger than its colour")
    }

    #[inline]
    fn limit(&self) -> StackPointer {
        self.stack.limit()
    }
}

/// A body with a stack of its own.
///
/// Dropped before its body has returned, it stays where it is for ever, with its stack and all that is on it: nothing of it runs
/// again, and nobody else is given its memory. The safety of scoped threads rests on that.
pub(in crate::engine::threads) struct Coroutine {
    inner: ManuallyDrop<Inner>,
    running: Running,
}

/// What there is to know about a coroutine while it runs.
struct Running {
    /// Null until it has started.
    yielder: Cell<*const Yielder<Signal, Next>>,
    watched: Watched,
}

impl Coroutine {
    /// A coroutine that has not started. `name` is what an overflow of its stack is reported under.
    pub(in crate::engine::threads) fn new(
        name: Name,
        body: impl FnOnce() + Send + 'static,
    ) -> io::Result<Self> {
        let stack = POOL.with_borrow_mut(Pool::take)?;
        let watched = Watched::new(stack.limit().get(), name);
        let begins = move |yielder: &Yielder<Signal, Next>, signal: Signal| {
            let running = RUNNING.get();
            // SAFETY: `resume`, which has just started this body, keeps what it points to alive until it returns.
            unsafe { (*running).yielder.set(ptr::from_ref(yielder)) };
            match signal {
                Signal::Run => body(),
                // What it was given is dropped here, where it may block: then the stack is left behind, and nothing else.
                Signal::Unwind => {
                    let _ = catch_unwind(AssertUnwindSafe(|| drop(body)));
                }
            }
        };
        let inner = ManuallyDrop::new(Inner::with_stack(stack, begins));
        Ok(Self { inner, running: Running { yielder: Cell::new(ptr::null()), watched } })
    }

    /// Runs the body until it suspends or returns.
    #[inline]
    pub(in crate::engine::threads) fn resume(&mut self, signal: Signal) -> Progress {
        RUNNING.set(ptr::from_ref(&self.running));
        let result = self.inner.resume(signal);
        RUNNING.set(ptr::null());
        match result {
            CoroutineResult::Yield(next) => Progress::Suspended(next),
            CoroutineResult::Return(()) => Progress::Done,
        }
    }

    /// Gives the stack of a coroutine that is done back for reuse.
    pub(in crate::engine::threads) fn recycle(self) {
        let stack = ManuallyDrop::into_inner(self.inner).into_stack();
        POOL.with_borrow_mut(|pool| {
            if pool.stacks.len() < POOLED {
                pool.stacks.push(stack);
            }
        });
    }
}

impl Pool {
    fn take(&mut self) -> io::Result<Coloured> {
        if let Some(stack) = self.stacks.pop() {
            return Ok(stack);
        }
        self.made += 1;
        let offset = (self.made % COLOURS) * COLOUR_BYTES;
        Ok(Coloured { stack: DefaultStack::new(STACK_BYTES)?, offset })
    }
}

/// Suspends the running coroutine: [`Coroutine::resume`] returns with `next`, and the next one continues here with its signal.
///
/// # Panics
/// Outside of a coroutine.
#[inline]
pub(in crate::engine::threads) fn suspend(next: Next) -> Signal {
    let running = RUNNING.get();
    assert!(!running.is_null(), "only a simulated thread can be suspended");
    // SAFETY: the pointer is not null, so a coroutine runs on this thread: `resume` set it and keeps what it points to
    // alive until this coroutine suspends or returns. The body set the yielder, which lives at the root of the stack
    // that this call runs on, when it started.
    unsafe { (*(*running).yielder.get()).suspend(next) }
}

/// Whether this code runs on a simulated thread.
#[inline]
pub(in crate::engine::threads) fn on_coroutine() -> bool {
    !RUNNING.get().is_null()
}

/// What an overflow handler needs of the coroutine that runs, while it is stopped.
pub(super) fn watched() -> *const Watched {
    let running = RUNNING.get();
    if running.is_null() {
        return ptr::null();
    }
    // SAFETY: as in `suspend`; only the address of a field is taken.
    unsafe { &raw const (*running).watched }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_are_reused() {
        for _ in 0..3 {
            let mut coroutine =
                Coroutine::new(Name::from("short"), || ()).expect("there is room for a stack");
            assert_eq!(coroutine.resume(Signal::Run), Progress::Done);
            coroutine.recycle();
        }
        POOL.with_borrow(|pool| assert_eq!(pool.made, 1));
    }
}
