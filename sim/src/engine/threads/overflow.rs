//! Turns the overflow of a simulated thread's stack into a report. One of the two files with unsafe code.
//!
//! A coroutine that runs into its guard page would end the process without a word. The handler here looks whether the
//! fault lies in exactly the guard page of the coroutine that runs; if so it writes the report that was prepared before
//! the run and ends the process: there is no recovery from half a function. Any other fault goes to the handler that was
//! there before.
#![expect(unsafe_code, reason = "signal handlers and alternate stacks exist only in libc")]

use crate::log::Name;
use std::cell::Cell;
use std::ffi::c_int;
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

/// The three parts of a report, around the thread's name.
pub(super) struct Report {
    /// Before the thread's name.
    pub(super) before: String,
    /// After it.
    pub(super) after: String,
}

thread_local! {
    static WATCHED: Cell<*const Watched> = const { Cell::new(ptr::null()) };
    static REPORT: Cell<*const Report> = const { Cell::new(ptr::null()) };
}

/// Names the coroutine that runs from now on, and returns the one before.
#[inline]
pub(super) fn watch(watched: Option<&Watched>) -> *const Watched {
    WATCHED.replace(watched.map_or(ptr::null(), ptr::from_ref))
}

/// Puts back what [`watch`] returned.
#[inline]
pub(super) fn restore(outer: *const Watched) {
    WATCHED.set(outer);
}

/// Calls `body` with `report` ready to be written.
pub(super) fn with_report<R>(report: &Report, body: impl FnOnce() -> R) -> R {
    struct Restore(*const Report);
    impl Drop for Restore {
        fn drop(&mut self) {
            REPORT.set(self.0);
        }
    }
    install();
    let _restore = Restore(REPORT.replace(ptr::from_ref(report)));
    body()
}

/// The action that was there before ours.
static PREVIOUS: OnceLock<libc::sigaction> = OnceLock::new();

/// Installs the handler once in the process, and an alternate signal stack on each thread that has none.
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
    // SAFETY: the new alternate stack is leaked, so it outlives the thread; it is installed only where there is none.
    unsafe {
        let mut current = MaybeUninit::<libc::stack_t>::zeroed().assume_init();
        if libc::sigaltstack(ptr::null(), &raw mut current) == 0
            && current.ss_flags & libc::SS_DISABLE != 0
        {
            let memory: &'static mut [u8] = Vec::leak(vec![0; 64 * 1024]);
            current.ss_sp = memory.as_mut_ptr().cast();
            current.ss_size = memory.len();
            current.ss_flags = 0;
            libc::sigaltstack(&raw const current, ptr::null_mut());
        }
    }
}

extern "C" fn handle(_signal: c_int, info: *mut libc::siginfo_t, _context: *mut libc::c_void) {
    const PAGE: usize = 4096;
    // SAFETY: the kernel passes a valid siginfo for SIGSEGV. WATCHED and REPORT point to values that their owners keep
    // alive while they are set, on this very thread, which is stopped in this handler.
    unsafe {
        let address = (*info).si_addr() as usize;
        let watched = WATCHED.get();
        let report = REPORT.get();
        if let (Some(watched), Some(report)) = (watched.as_ref(), report.as_ref())
            && (watched.guard..watched.guard + PAGE).contains(&address)
        {
            for part in [&report.before, &*watched.name, &report.after] {
                libc::write(libc::STDERR_FILENO, part.as_ptr().cast(), part.len());
            }
            libc::_exit(EXIT_CODE);
        }
        // Not ours: the fault happens again under the handler that was there before.
        let default = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
        let previous = PREVIOUS.get().unwrap_or(&default);
        libc::sigaction(libc::SIGSEGV, ptr::from_ref(previous), ptr::null_mut());
    }
}
