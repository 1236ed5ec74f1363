//! A counting semaphore with the names and shapes of `tokio::sync::Semaphore`, for futures and for threads.
//!
//! It is fair, as tokio's: permits go to those who wait in the order in which they first asked, and one who wants many keeps
//! those behind it waiting. The schedule's choice is who asks first. A pending acquire may be dropped at any moment and gives
//! back what it was given meanwhile.

mod permit;

pub use permit::{OwnedSemaphorePermit, SemaphorePermit};

use crate::engine::threads::{Gate, Operation, Reason, Sim};
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use thiserror::Error;

/// As `tokio::sync::Semaphore`, of the run it is made in.
///
/// Its futures work under [`Sim::block_on`], or any executor whose wakers are made of simulated threads. The two `blocking_`
/// methods, which tokio's has not, block the calling thread instead.
///
/// ```
/// use retrip_sim::engine::{Setup, run};
/// use retrip_sim::seed::Seed;
/// use retrip_sim::sync::{Arc, Semaphore};
/// use retrip_sim::thread;
///
/// let ended = run(Setup::of(Seed::new(7)), |sim| {
///     let semaphore = Arc::new(Semaphore::new(1));
///     let theirs = Arc::clone(&semaphore);
///     let other = thread::spawn(move || drop(theirs.blocking_acquire().unwrap()));
///     sim.block_on(async { drop(semaphore.acquire().await.unwrap()) });
///     other.join().unwrap();
///     assert_eq!(semaphore.available_permits(), 1);
/// });
/// assert!(ended.failure.is_none());
/// ```
pub struct Semaphore {
    gate: Gate,
    /// Never held while somebody else can run, nor while a waker is used or dropped.
    state: Mutex<State>,
}

/// The semaphore is closed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("semaphore closed")]
pub struct AcquireError(());

/// Why there is no permit.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TryAcquireError {
    /// The semaphore is closed.
    #[error("semaphore closed")]
    Closed,
    /// Too few are free.
    #[error("no permits available")]
    NoPermits,
}

#[derive(Default)]
struct State {
    /// What is free; none while somebody waits.
    permits: usize,
    /// Who waits, by ticket.
    waiting: BTreeMap<u64, Waiter>,
    /// Who has been given all that it wanted and does not know yet.
    granted: BTreeSet<u64>,
    tickets: u64,
    closed: Option<Closed>,
}

struct Closed;

struct Waiter {
    missing: usize,
    waker: Waker,
}

impl State {
    /// Gives `permits` to those who wait, in their order, and keeps the rest; returns whom to wake.
    fn give(&mut self, mut permits: usize) -> Vec<Waker> {
        let mut woken = Vec::new();
        while permits > 0
            && let Some(mut first) = self.waiting.first_entry()
        {
            let given = permits.min(first.get().missing);
            first.get_mut().missing -= given;
            permits -= given;
            if first.get().missing == 0 {
                let (ticket, waiter) = first.remove_entry();
                self.granted.insert(ticket);
                woken.push(waiter.waker);
            }
        }
        self.permits += permits;
        woken
    }

    /// What the one with `ticket`, who wanted so many, has been given; it wants none any more.
    fn give_up(&mut self, ticket: u64, wanted: usize) -> (usize, Option<Waker>) {
        if self.granted.remove(&ticket) {
            return (wanted, None);
        }
        let waiter = self.waiting.remove(&ticket).expect("who has a ticket waits or was granted");
        (wanted - waiter.missing, Some(waiter.waker))
    }
}

impl Semaphore {
    /// The most permits that a semaphore can have.
    pub const MAX_PERMITS: usize = usize::MAX >> 3;

    /// A semaphore with so many permits.
    ///
    /// # Panics
    /// Outside of a run; with more than [`MAX_PERMITS`](Self::MAX_PERMITS).
    #[must_use]
    #[track_caller]
    pub fn new(permits: usize) -> Self {
        assert!(
            permits <= Self::MAX_PERMITS,
            "{permits} permits are more than a semaphore can have"
        );
        let state = State { permits, ..State::default() };
        Self { gate: Gate::new(Sim::here()), state: Mutex::new(state) }
    }

    /// How many permits are free.
    #[must_use]
    pub fn available_permits(&self) -> usize {
        self.gate.point(Operation::Load);
        self.state.lock().permits
    }

    /// Adds `n` permits.
    ///
    /// # Panics
    /// There are more than [`MAX_PERMITS`](Self::MAX_PERMITS) then.
    pub fn add_permits(&self, n: usize) {
        self.gate.point(Operation::Release);
        self.release(n);
    }

    /// Takes up to `n` free permits away for good; returns how many there were.
    pub fn forget_permits(&self, n: usize) -> usize {
        self.gate.point(Operation::TryAcquire);
        let mut state = self.state.lock();
        let forgotten = n.min(state.permits);
        state.permits -= forgotten;
        forgotten
    }

    /// Waits for a permit.
    ///
    /// # Errors
    /// The semaphore is closed, or becomes so meanwhile.
    pub async fn acquire(&self) -> Result<SemaphorePermit<'_>, AcquireError> {
        self.acquire_many(1).await
    }

    /// Waits for `n` permits.
    ///
    /// # Errors
    /// The semaphore is closed, or becomes so meanwhile.
    pub async fn acquire_many(&self, n: u32) -> Result<SemaphorePermit<'_>, AcquireError> {
        let semaphore = Acquire::new(self, n).await?;
        Ok(SemaphorePermit::new(semaphore, n))
    }

    /// Waits for a permit that may outlive the borrow.
    ///
    /// # Errors
    /// The semaphore is closed, or becomes so meanwhile.
    pub async fn acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, AcquireError> {
        self.acquire_many_owned(1).await
    }

    /// Waits for `n` permits that may outlive the borrow.
    ///
    /// # Errors
    /// The semaphore is closed, or becomes so meanwhile.
    pub async fn acquire_many_owned(
        self: Arc<Self>,
        n: u32,
    ) -> Result<OwnedSemaphorePermit, AcquireError> {
        let semaphore = Acquire::new(self, n).await?;
        Ok(OwnedSemaphorePermit::new(semaphore, n))
    }

    /// Blocks the calling thread until it has a permit.
    ///
    /// # Errors
    /// The semaphore is closed, or becomes so meanwhile.
    #[track_caller]
    pub fn blocking_acquire(&self) -> Result<SemaphorePermit<'_>, AcquireError> {
        Sim::here().block_on(self.acquire())
    }

    /// Blocks the calling thread until it has `n` permits.
    ///
    /// # Errors
    /// The semaphore is closed, or becomes so meanwhile.
    #[track_caller]
    pub fn blocking_acquire_many(&self, n: u32) -> Result<SemaphorePermit<'_>, AcquireError> {
        Sim::here().block_on(self.acquire_many(n))
    }

    /// A permit, if one is free when the thread's turn comes.
    ///
    /// # Errors
    /// None is free, or the semaphore is closed.
    pub fn try_acquire(&self) -> Result<SemaphorePermit<'_>, TryAcquireError> {
        self.try_acquire_many(1)
    }

    /// `n` permits, if so many are free when the thread's turn comes.
    ///
    /// # Errors
    /// Too few are free, or the semaphore is closed.
    pub fn try_acquire_many(&self, n: u32) -> Result<SemaphorePermit<'_>, TryAcquireError> {
        self.try_take(n)?;
        Ok(SemaphorePermit::new(self, n))
    }

    /// A permit that may outlive the borrow, if one is free when the thread's turn comes.
    ///
    /// # Errors
    /// None is free, or the semaphore is closed.
    pub fn try_acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        self.try_acquire_many_owned(1)
    }

    /// `n` permits that may outlive the borrow, if so many are free when the thread's turn comes.
    ///
    /// # Errors
    /// Too few are free, or the semaphore is closed.
    pub fn try_acquire_many_owned(
        self: Arc<Self>,
        n: u32,
    ) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        self.try_take(n)?;
        Ok(OwnedSemaphorePermit::new(self, n))
    }

    /// From now on nobody is given a permit, and whoever waits is told so.
    pub fn close(&self) {
        self.gate.point(Operation::Close);
        let woken: Vec<Waker> = {
            let mut state = self.state.lock();
            state.closed = Some(Closed);
            state.waiting.values().map(|waiter| waiter.waker.clone()).collect()
        };
        self.wake(woken);
    }

    /// Whether it is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.gate.point(Operation::Load);
        self.state.lock().closed.is_some()
    }

    fn try_take(&self, n: u32) -> Result<(), TryAcquireError> {
        self.gate.point(Operation::TryAcquire);
        let mut state = self.state.lock();
        if state.closed.is_some() {
            return Err(TryAcquireError::Closed);
        }
        state.permits = state.permits.checked_sub(many(n)).ok_or(TryAcquireError::NoPermits)?;
        Ok(())
    }

    /// Gives back what was given out, in a destructor.
    fn release_in_drop(&self, n: usize) {
        self.gate.point_and_leave(Operation::Release, || self.release(n));
    }

    /// Gives permits back; no scheduling point but those of the wakers.
    fn release(&self, n: usize) {
        let woken = {
            let mut state = self.state.lock();
            let left = Self::MAX_PERMITS.checked_sub(state.permits);
            assert!(left.is_some_and(|left| n <= left), "{n} permits more are too many");
            state.give(n)
        };
        self.wake(woken);
    }

    fn wake(&self, woken: Vec<Waker>) {
        if self.gate.is_live() {
            woken.into_iter().for_each(Waker::wake);
        }
    }
}

fn many(n: u32) -> usize {
    usize::try_from(n).expect("an address has 32 bits at least")
}

/// Waits for permits of `S`, which it then returns.
struct Acquire<S: Deref<Target = Semaphore> + Unpin> {
    /// None once it was ready.
    semaphore: Option<S>,
    wanted: u32,
    /// None while it does not wait.
    ticket: Option<u64>,
}

impl<S: Deref<Target = Semaphore> + Unpin> Acquire<S> {
    fn new(semaphore: S, wanted: u32) -> Self {
        Self { semaphore: Some(semaphore), wanted, ticket: None }
    }
}

impl<S: Deref<Target = Semaphore> + Unpin> Future for Acquire<S> {
    type Output = Result<S, AcquireError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let semaphore = this.semaphore.as_deref().expect("it is not polled once it was ready");
        semaphore.gate.point(Operation::Acquire);
        // Both are dropped after the lock.
        let (mut waker, mut returned) = (Some(context.waker().clone()), Vec::new());
        let ready = {
            let mut state = semaphore.state.lock();
            match this.ticket {
                Some(ticket) if state.granted.remove(&ticket) => Some(Ok(())),
                Some(ticket) if state.closed.is_some() => {
                    let (given, own) = state.give_up(ticket, many(this.wanted));
                    waker = own;
                    returned = state.give(given);
                    Some(Err(AcquireError(())))
                }
                Some(ticket) => {
                    let waiter = state.waiting.get_mut(&ticket).expect("it waits");
                    waker = waker.map(|waker| std::mem::replace(&mut waiter.waker, waker));
                    None
                }
                None if state.closed.is_some() => Some(Err(AcquireError(()))),
                None => {
                    let taken = many(this.wanted).min(state.permits);
                    state.permits -= taken;
                    let missing = many(this.wanted) - taken;
                    if missing > 0
                        && let Some(waker) = waker.take()
                    {
                        state.tickets += 1;
                        let ticket = state.tickets;
                        state.waiting.insert(ticket, Waiter { missing, waker });
                        this.ticket = Some(ticket);
                    }
                    (missing == 0).then_some(Ok(()))
                }
            }
        };
        if ready.is_some() {
            // Before anybody else runs: it holds no place any more that its destructor could give up.
            this.ticket = None;
        }
        drop(waker);
        semaphore.wake(returned);
        let Some(ready) = ready else {
            Sim::here().pends(Some(Reason::Permits(this.wanted)));
            return Poll::Pending;
        };
        Poll::Ready(ready.map(|()| this.semaphore.take().expect("it was there above")))
    }
}

impl<S: Deref<Target = Semaphore> + Unpin> Drop for Acquire<S> {
    fn drop(&mut self) {
        let (Some(ticket), Some(semaphore)) = (self.ticket, self.semaphore.as_deref()) else {
            return;
        };
        semaphore.gate.point_and_leave(Operation::Release, || {
            let (given, waker) = semaphore.state.lock().give_up(ticket, many(self.wanted));
            semaphore.release(given);
            drop(waker);
        });
    }
}

impl fmt::Debug for Semaphore {
    /// As it is now; no step of the schedule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let permits = self.state.lock().permits;
        f.debug_struct("Semaphore").field("permits", &permits).finish_non_exhaustive()
    }
}
