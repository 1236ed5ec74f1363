//! A channel for one value, with the names and shapes of `tokio::sync::oneshot`, for threads and for futures.
//!
//! A future of it works under [`Sim::block_on`](crate::engine::threads::Sim::block_on), or any executor whose wakers are made of
//! simulated threads, and may be dropped at any moment. Sending, looking, closing and dropping an end are scheduling points.
//!
//! ```
//! use retrip_sim::engine::{Setup, run};
//! use retrip_sim::seed::Seed;
//! use retrip_sim::sync::oneshot;
//! use retrip_sim::thread;
//!
//! let ended = run(Setup::of(Seed::new(7)), |sim| {
//!     let (sender, receiver) = oneshot::channel();
//!     let asks = thread::spawn(move || sim.block_on(async { receiver.await.map(|answer| answer + 1) }));
//!     assert_eq!(sender.send(41), Ok(()));
//!     assert_eq!(asks.join().unwrap(), Ok(42));
//! });
//! assert!(ended.failure.is_none());
//! ```

use crate::engine::threads::{Gate, Operation, Reason, Sim};
use parking_lot::Mutex;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// What can go wrong.
pub mod error {
    use thiserror::Error;

    /// The sender was dropped without a value, or the receiver was closed before there was one.
    #[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
    #[error("channel closed")]
    pub struct RecvError(pub(super) ());

    /// Why there is no value.
    #[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
    pub enum TryRecvError {
        /// It has not been sent yet.
        #[error("channel empty")]
        Empty,
        /// It never will be.
        #[error("channel closed")]
        Closed,
    }
}

use error::{RecvError, TryRecvError};

/// Sends the value.
pub struct Sender<T> {
    /// None once the value was sent.
    channel: Option<Arc<Channel<T>>>,
}

/// Receives the value: a future of it.
#[must_use = "a receiver does nothing unless it is awaited"]
pub struct Receiver<T> {
    /// None once the future was ready.
    channel: Option<Arc<Channel<T>>>,
}

struct Channel<T> {
    gate: Gate,
    /// Never held while somebody else can run, nor while a value or a waker is used or dropped.
    state: Mutex<State<T>>,
}

struct State<T> {
    value: Option<T>,
    sender: End,
    receiver: End,
}

/// One end: open until it is done with, and whom to wake when the other end changes.
struct End {
    open: Openness,
    waker: Option<Waker>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Openness {
    Open,
    Closed,
}

/// Both ends of a channel for one value.
///
/// # Panics
/// Outside of a run.
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let end = || End { open: Openness::Open, waker: None };
    let state = State { value: None, sender: end(), receiver: end() };
    let channel = Arc::new(Channel { gate: Gate::new(Sim::here()), state: Mutex::new(state) });
    (Sender { channel: Some(Arc::clone(&channel)) }, Receiver { channel: Some(channel) })
}

impl End {
    fn is_open(&self) -> bool {
        self.open == Openness::Open
    }

    /// Keeps the waker of `context`; returns the one before, to be dropped outside of the lock.
    fn keep(&mut self, waker: Waker) -> Option<Waker> {
        self.waker.replace(waker)
    }
}

impl<T> Channel<T> {
    /// Wakes whoever waits at the other end.
    fn wake(&self, waker: Option<Waker>) {
        if let Some(waker) = waker
            && self.gate.is_live()
        {
            waker.wake();
        }
    }

    /// The value, if it was sent; no scheduling point.
    fn take(&self) -> Result<T, TryRecvError> {
        let mut state = self.state.lock();
        if let Some(value) = state.value.take() {
            return Ok(value);
        }
        let more_to_come = state.sender.is_open() && state.receiver.is_open();
        Err(if more_to_come { TryRecvError::Empty } else { TryRecvError::Closed })
    }
}

impl<T> Sender<T> {
    /// Sends `value`. It is not waited for: the receiver may still be dropped without having looked.
    ///
    /// # Errors
    /// `value`, where the receiver is closed.
    pub fn send(mut self, value: T) -> Result<(), T> {
        let channel = self.channel.take().expect("a sender sends once");
        channel.gate.point(Operation::Send);
        let waker = {
            let mut state = channel.state.lock();
            state.sender.open = Openness::Closed;
            if !state.receiver.is_open() {
                return Err(value);
            }
            state.value = Some(value);
            state.receiver.waker.take()
        };
        channel.wake(waker);
        Ok(())
    }

    /// Whether the receiver is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        let channel = self.channel();
        channel.gate.point(Operation::Load);
        !channel.state.lock().receiver.is_open()
    }

    /// Waits until the receiver is closed: nobody wants the value any more.
    pub async fn closed(&mut self) {
        poll_fn(|context| self.poll_closed(context)).await;
    }

    /// Ready when the receiver is closed.
    pub fn poll_closed(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let channel = self.channel();
        channel.gate.point(Operation::Load);
        let waker = context.waker().clone();
        let before = {
            let mut state = channel.state.lock();
            if !state.receiver.is_open() {
                return Poll::Ready(());
            }
            state.sender.keep(waker)
        };
        drop(before);
        Poll::Pending
    }

    fn channel(&self) -> &Channel<T> {
        self.channel.as_deref().expect("a sender has its channel until it has sent")
    }
}

impl<T> Receiver<T> {
    /// From now on nothing can be sent. What was sent before can still be received.
    pub fn close(&mut self) {
        let Some(channel) = &self.channel else { return };
        channel.gate.point(Operation::Close);
        let waker = {
            let mut state = channel.state.lock();
            state.receiver.open = Openness::Closed;
            state.sender.waker.take()
        };
        channel.wake(waker);
    }

    /// The value, if it is there when the thread's turn comes.
    ///
    /// # Errors
    /// It is not there yet, or never will be.
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        let channel = self.channel.as_ref().ok_or(TryRecvError::Closed)?;
        channel.gate.point(Operation::Receive);
        let taken = channel.take();
        if !matches!(taken, Err(TryRecvError::Empty)) {
            self.channel = None;
        }
        taken
    }

    /// Blocks the calling thread until the value is there.
    ///
    /// # Errors
    /// The sender was dropped without a value, or the receiver was closed before there was one.
    #[track_caller]
    pub fn blocking_recv(self) -> Result<T, RecvError> {
        Sim::here().block_on(self)
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, RecvError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let channel = self.channel.as_ref().expect("a receiver is not polled once it was ready");
        channel.gate.point(Operation::Receive);
        let ready = match channel.take() {
            Ok(value) => Ok(value),
            Err(TryRecvError::Closed) => Err(RecvError(())),
            Err(TryRecvError::Empty) => {
                let waker = context.waker().clone();
                let before = channel.state.lock().receiver.keep(waker);
                drop(before);
                Sim::here().pends(Some(Reason::Value));
                return Poll::Pending;
            }
        };
        self.channel = None;
        Poll::Ready(ready)
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let Some(channel) = &self.channel else { return };
        channel.gate.point_and_leave(Operation::Disconnect, || {
            let waker = {
                let mut state = channel.state.lock();
                state.sender.open = Openness::Closed;
                state.receiver.waker.take()
            };
            channel.wake(waker);
        });
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let Some(channel) = &self.channel else { return };
        channel.gate.point_and_leave(Operation::Disconnect, || {
            let (value, own, waker) = {
                let mut state = channel.state.lock();
                state.receiver.open = Openness::Closed;
                (state.value.take(), state.receiver.waker.take(), state.sender.waker.take())
            };
            channel.wake(waker);
            drop((value, own));
        });
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}
