//! How simulated objects reach the run they belong to, from wherever they are used.
//!
//! The kernel of the run that executes on this operating system thread lies in one thread-local; every object carries
//! its run's number. Used in another run, after its own has ended, or on a foreign thread, an object panics with a
//! sentence in place of doing something undefined.

use super::coroutine::{self, Signal};
use super::kernel::{Kernel, Operation, Switch};
use super::thread::{Deadline, ThreadId, Waiting};
use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::panic::{self, Location};

thread_local! {
    /// Without a destructor, because a thread-local that has one is asked at every use whether it has run. What is attached
    /// is always taken back.
    static KERNEL: RefCell<Option<ManuallyDrop<Box<Kernel>>>> = const { RefCell::new(None) };
}

/// The payload that unwinds a simulated thread after its run has ended.
pub(super) struct Teardown;

/// Puts `kernel` in charge of this operating system thread.
///
/// # Panics
/// Where a run already is: a run cannot start within a run.
pub(super) fn attach(kernel: Box<Kernel>) {
    KERNEL.with_borrow_mut(|slot| {
        assert!(slot.is_none(), "a simulated run cannot start within another one");
        *slot = Some(ManuallyDrop::new(kernel));
    });
}

/// Takes the kernel back.
pub(super) fn detach() -> Box<Kernel> {
    let kernel = KERNEL.with_borrow_mut(Option::take);
    ManuallyDrop::into_inner(kernel.expect("the run that ends was attached here"))
}

/// Whether a run executes on this operating system thread.
pub(super) fn is_attached() -> bool {
    KERNEL.with(|slot| slot.try_borrow().map_or(true, |kernel| kernel.is_some()))
}

/// Calls `body` with the kernel of `run`, which must be the one that executes here.
#[inline]
pub(super) fn with<R>(run: u64, body: impl FnOnce(&mut Kernel) -> R) -> R {
    KERNEL.with_borrow_mut(|kernel| match kernel {
        Some(kernel) if kernel.run == run => body(kernel),
        other => foreign(other.is_some()),
    })
}

/// Like [`with`], for destructors: nothing happens where the run is over or elsewhere.
pub(super) fn try_with<R>(run: u64, body: impl FnOnce(&mut Kernel) -> R) -> Option<R> {
    KERNEL
        .try_with(|slot| match slot.try_borrow_mut().ok()?.as_mut() {
            Some(kernel) if kernel.run == run => Some(body(kernel)),
            _ => None,
        })
        .ok()
        .flatten()
}

/// Calls `body` with whatever kernel executes here, if it can be had.
pub(super) fn try_with_any<R>(body: impl FnOnce(&mut Kernel) -> R) -> Option<R> {
    KERNEL
        .try_with(|slot| slot.try_borrow_mut().ok()?.as_mut().map(|kernel| body(kernel)))
        .ok()
        .flatten()
}

#[cold]
fn foreign(other_run: bool) -> ! {
    if other_run {
        panic!("a simulated object was used in a run that it does not belong to")
    }
    panic!(
        "a simulated object was used outside of its run: it has ended, or this thread is not simulated"
    )
}

/// A scheduling point: somebody else may run before the running thread goes on.
#[inline]
pub(super) fn point(run: u64, operation: Operation, object: u64) {
    obey(decided(run, operation, object));
}

/// What the kernel decides at a point. In one piece, which is given its arguments in registers, and not one for each caller.
#[inline(never)]
fn decided(run: u64, operation: Operation, object: u64) -> Switch {
    with(run, |kernel| kernel.point(operation, object))
}

/// Does what a decision asks for.
#[inline]
pub(super) fn obey(switch: Switch) {
    match switch {
        Switch::Stay => {}
        Switch::Leave(next) => leave(next),
        Switch::Never => never(),
    }
}

/// Blocks the running thread, in the line of code `at`, until it is woken.
pub(super) fn block(
    run: u64,
    waiting: Waiting,
    deadline: Option<Deadline>,
    at: Option<&'static Location<'static>>,
) {
    obey(with(run, |kernel| {
        kernel.me().waits_at = at;
        kernel.block(waiting, deadline)
    }));
}

/// Hands this operating system thread to whoever is next, and returns when the running thread is resumed.
#[inline]
fn leave(next: Option<ThreadId>) {
    if coroutine::suspend(next) == Signal::Unwind {
        teardown();
    }
}

#[cold]
fn teardown() -> ! {
    panic::resume_unwind(Box::new(Teardown))
}

/// How often a thread that catches its end meets it again, before it is left where it is.
const MOST_TEARDOWNS: u32 = 64;

/// Waits in a run that is being torn down: nobody will ever come. A thread that waits in a destructor stays here, is
/// counted as leaked and harms nobody; one whose code has caught the teardown meets it again, but not for ever.
#[cold]
fn never() -> ! {
    let again = try_with_any(|kernel| {
        kernel.torn_down += 1;
        kernel.torn_down <= MOST_TEARDOWNS
    });
    if again == Some(true) && !std::thread::panicking() {
        teardown();
    }
    loop {
        coroutine::suspend(None);
    }
}
