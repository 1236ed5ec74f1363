//! A value that is made once, by whoever comes first, with std's shape.

use super::Once;
use std::fmt;
use std::ops::Deref;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};

const SET: &str = "who makes the value is the only one, and there is none before";

/// As [`std::sync::OnceLock`], of the run it is made in: therefore no `static` can hold one.
///
/// Looking, setting and making are scheduling points. A panic of whoever makes the value leaves none: the next one makes it.
pub struct OnceLock<T> {
    once: Once,
    value: std::sync::OnceLock<T>,
}

/// As [`std::sync::LazyLock`], of the run it is made in: therefore no `static` can hold one.
///
/// A panic of the function that makes the value poisons it: whoever wants it from then on panics as well.
pub struct LazyLock<T, F = fn() -> T> {
    lock: OnceLock<T>,
    /// None once it was called.
    init: parking_lot::Mutex<Option<F>>,
}

impl<T> OnceLock<T> {
    /// Without a value.
    ///
    /// # Panics
    /// Outside of a run.
    #[must_use]
    #[track_caller]
    pub fn new() -> Self {
        Self { once: Once::new(), value: std::sync::OnceLock::new() }
    }

    /// The value; none while nobody has made it to its end.
    pub fn get(&self) -> Option<&T> {
        if self.once.is_completed() { self.value.get() } else { None }
    }

    /// The value, which nobody else can have meanwhile.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.value.get_mut()
    }

    /// The value, for which the thread waits until somebody has made it.
    #[track_caller]
    pub fn wait(&self) -> &T {
        self.once.wait_done_at(Location::caller());
        self.made()
    }

    /// Makes `value` the value, unless there is one; waits for a thread that is about to make one.
    ///
    /// # Errors
    /// `value`, where there is another.
    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let mut given = Some(value);
        self.make_at(Location::caller(), || given.take().expect("it is made once"));
        given.map_or(Ok(()), Err)
    }

    /// The value, which `f` makes if there is none. Waits for a thread that is making it.
    #[track_caller]
    pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T {
        self.make_at(Location::caller(), f);
        self.made()
    }

    /// The value, if there is one.
    #[must_use]
    pub fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }

    /// Takes the value away, so that another can be made.
    pub fn take(&mut self) -> Option<T> {
        self.once.reset();
        self.value.take()
    }

    fn make_at(&self, at: &'static Location<'static>, f: impl FnOnce() -> T) {
        self.once.attempt(at, |_| self.make(f));
    }

    fn make(&self, f: impl FnOnce() -> T) {
        assert!(self.value.set(f()).is_ok(), "{SET}");
    }

    fn made(&self) -> &T {
        self.value.get().expect("what is done has a value")
    }

    /// As [`Debug`](fmt::Debug) shows it; to look is no step of the schedule there.
    fn shown(&self) -> Option<&T> {
        if self.once.is_done() { self.value.get() } else { None }
    }
}

impl<T, F: FnOnce() -> T> LazyLock<T, F> {
    /// A value that `f` makes when somebody first wants it.
    ///
    /// # Panics
    /// Outside of a run.
    #[must_use]
    #[track_caller]
    pub fn new(f: F) -> Self {
        Self { lock: OnceLock::new(), init: parking_lot::Mutex::new(Some(f)) }
    }

    /// The value, which is made if it was not yet. Waits for a thread that is making it.
    ///
    /// # Panics
    /// Making it panicked before.
    #[track_caller]
    pub fn force(this: &Self) -> &T {
        this.lock.once.attempt(Location::caller(), |state| {
            assert!(!state.is_poisoned(), "LazyLock instance has previously been poisoned");
            let init = this.init.lock().take().expect("it is called once");
            this.lock.make(init);
        });
        this.lock.made()
    }
}

impl<T, F: FnOnce() -> T> Deref for LazyLock<T, F> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        Self::force(self)
    }
}

impl<T> Default for OnceLock<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Default> Default for LazyLock<T> {
    fn default() -> Self {
        Self::new(T::default)
    }
}

impl<T> From<T> for OnceLock<T> {
    fn from(value: T) -> Self {
        let lock = Self::new();
        lock.make_at(Location::caller(), || value);
        lock
    }
}

impl<T: Clone> Clone for OnceLock<T> {
    fn clone(&self) -> Self {
        self.get().cloned().map_or_else(Self::new, Self::from)
    }
}

impl<T: PartialEq> PartialEq for OnceLock<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Eq> Eq for OnceLock<T> {}

impl<T: UnwindSafe, F: UnwindSafe> UnwindSafe for LazyLock<T, F> {}
impl<T: RefUnwindSafe + UnwindSafe, F: UnwindSafe> RefUnwindSafe for LazyLock<T, F> {}

impl<T: fmt::Debug> fmt::Debug for OnceLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tuple = f.debug_tuple("OnceLock");
        match self.shown() {
            Some(value) => tuple.field(value),
            None => tuple.field(&format_args!("<uninit>")),
        };
        tuple.finish()
    }
}

impl<T: fmt::Debug, F> fmt::Debug for LazyLock<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tuple = f.debug_tuple("LazyLock");
        match self.lock.shown() {
            Some(value) => tuple.field(value),
            None => tuple.field(&format_args!("<uninit>")),
        };
        tuple.finish()
    }
}
