//! Turns the overflow of a simulated thread's stack into a report. One of the few files with unsafe code.
//!
//! A coroutine that runs into its guard page would end the process without a word. The handler here looks whether the
//! fault lies in exactly the guard page of the coroutine that runs; if so it writes the report of the run and ends the
//! process: there is no recovery from half a function. Any other fault goes to the handler that was there before.
//!
//! The report is made in the handler, because making it before each run would cost every run what almost none needs. So
//! it may neither allocate nor lock, and the alternate stack has room for it.
#![expect(unsafe_code, reason = "signal handlers and alternate stacks exist only in libc")]

use super::stack;
use crate::engine::OverflowReport;
use crate::log::Name;
use std::cell::Cell;
use std::ffi::c_int;
use std::fmt;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::OnceLock;

/// The exit code of a process that overflowed a simulated stack: a promise was broken.
const EXIT_CODE: c_int = 1;

/// What the handler needs of the coroutine that runs: its guard page, and its name for the report.
pub(super) struct Watched {
    guard: usize,
    name: Name,
}

impl Watched {
    /// `guard` is the lowest address of the stack's mapping, where its guard page begins.
    pub(super) fn new(guard: usize, name: Name) -> Self {
        Self { guard, name }
    }
}

/// What the handler needs of the run.
struct Report<'a> {
    /// Writes the report.
    by: &'a dyn OverflowReport,
}

thread_local! {
    static REPORT: Cell<*const Report<'static>> = const { Cell::new(ptr::null()) };
}

/// Calls `body` with a report ready to be written by `by`.
pub(in crate::engine::threads) fn with_report<R>(
    by: &dyn OverflowReport,
    body: impl FnOnce() -> R,
) -> R {
    struct Restore(*const Report<'static>);
    impl Drop for Restore {
        fn drop(&mut self) {
            REPORT.set(self.0);
        }
    }
    install();
    let report = Report { by };
    // The lifetime is put aside, not made longer: the pointer is taken back before this function returns.
    let _restore = Restore(REPORT.replace(ptr::from_ref(&report).cast()));
    body()
}

/// The action that was there before ours.
static PREVIOUS: OnceLock<libc::sigaction> = OnceLock::new();

/// Standard error without an allocation or a lock.
struct Stderr {
    bytes: [u8; Self::ROOM],
    length: usize,
}

impl Stderr {
    const ROOM: usize = 512;

    fn flush(&mut self) {
        let mut rest = &self.bytes[..self.length];
        while !rest.is_empty() {
            // SAFETY: the pointer and the length are those of a slice.
            let written =
                unsafe { libc::write(libc::STDERR_FILENO, rest.as_ptr().cast(), rest.len()) };
            match usize::try_from(written) {
                Ok(written @ 1..) => rest = &rest[written.min(rest.len())..],
                // Nobody is left to tell.
                _ => break,
            }
        }
        self.length = 0;
    }
}

impl fmt::Write for Stderr {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for piece in text.as_bytes().chunks(Self::ROOM) {
            if self.length + piece.len() > Self::ROOM {
                self.flush();
            }
            self.bytes[self.length..self.length + piece.len()].copy_from_slice(piece);
            self.length += piece.len();
        }
        Ok(())
    }
}

/// Installs the handler once in the process, and an alternate signal stack on each operating system thread.
fn install() {
    thread_local! {
        static READY: Cell<bool> = const { Cell::new(false) };
    }
    if READY.replace(true) {
        return;
    }
    PREVIOUS.get_or_init(|| {
        let mut previous = MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: `action` is fully initialised, the handler has the signature that SA_SIGINFO asks for and calls only
        // async-signal-safe functions, and `previous` is written by a call whose success is checked.
        unsafe {
            let mut action = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
            action.sa_sigaction = handle as *const () as libc::sighandler_t;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            libc::sigemptyset(&raw mut action.sa_mask);
            let failed = libc::sigaction(libc::SIGSEGV, &raw const action, previous.as_mut_ptr());
            assert_eq!(failed, 0, "SIGSEGV can be handled");
            previous.assume_init()
        }
    });
    ALTERNATE.with(Alternate::install);
}

/// The size of an alternate stack: that of std is a few KiB, too little to make a report on.
const ALTERNATE_BYTES: usize = 64 * 1024;

thread_local! {
    static ALTERNATE: Alternate = Alternate::new();
}

/// The stack that the handler runs on, for as long as its operating system thread lives.
struct Alternate {
    memory: *mut [u8],
}

impl Alternate {
    fn new() -> Self {
        Self { memory: Box::into_raw(vec![0; ALTERNATE_BYTES].into_boxed_slice()) }
    }

    fn install(&self) {
        // SAFETY: the memory lives until `drop` has taken it out of use. The stack whose place it takes is std's, which
        // std frees when the thread ends and which nobody uses until then.
        unsafe {
            let mut stack = MaybeUninit::<libc::stack_t>::zeroed().assume_init();
            stack.ss_sp = self.memory.cast();
            stack.ss_size = self.memory.len();
            libc::sigaltstack(&raw const stack, ptr::null_mut());
        }
    }
}

impl Drop for Alternate {
    fn drop(&mut self) {
        // SAFETY: no handler runs on this thread, which is at its end, and from here on none will use the memory, which
        // came from a box.
        unsafe {
            let mut stack = MaybeUninit::<libc::stack_t>::zeroed().assume_init();
            stack.ss_flags = libc::SS_DISABLE;
            libc::sigaltstack(&raw const stack, ptr::null_mut());
            drop(Box::from_raw(self.memory));
        }
    }
}

extern "C" fn handle(_signal: c_int, info: *mut libc::siginfo_t, _context: *mut libc::c_void) {
    const PAGE: usize = 4096;
    // SAFETY: the kernel passes a valid siginfo for SIGSEGV. What is watched and REPORT point to values that their owners
    // keep alive while they are set, on this very thread, which is stopped in this handler.
    unsafe {
        let address = (*info).si_addr() as usize;
        let watched = stack::watched();
        let report = REPORT.get();
        if let (Some(watched), Some(report)) = (watched.as_ref(), report.as_ref())
            && (watched.guard..watched.guard + PAGE).contains(&address)
        {
            let mut out = Stderr { bytes: [0; Stderr::ROOM], length: 0 };
            let _ = report.by.write(&watched.name, &mut out);
            out.flush();
            libc::_exit(EXIT_CODE);
        }
        // Not ours: the fault happens again under the handler that was there before.
        let default = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
        let previous = PREVIOUS.get().unwrap_or(&default);
        libc::sigaction(libc::SIGSEGV, ptr::from_ref(previous), ptr::null_mut());
    }
}
