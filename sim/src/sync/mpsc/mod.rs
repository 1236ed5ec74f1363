//! std's channels: many may send, one receives.
//!
//! Sending, receiving and dropping an end are scheduling points. Of several that wait for room, which one is woken is a choice
//! of the schedule, and one that comes by may be quicker; what waits to be handed over by hand (`sync_channel(0)`) is handed
//! over in the order in which it came, as with std. The errors are std's own.

mod iter;

pub use iter::{IntoIter, Iter, TryIter};
pub use std::sync::mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError};

use crate::engine::threads::{Gate, Operation, Reason, Sim};
use parking_lot::Mutex;
use retrip_core::door::{Instant, WaitOutcome};
use std::cell::Cell;
use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

/// As [`std::sync::mpsc::Sender`].
pub struct Sender<T> {
    channel: Arc<Channel<T>>,
}

/// As [`std::sync::mpsc::SyncSender`].
pub struct SyncSender<T> {
    channel: Arc<Channel<T>>,
}

/// As [`std::sync::mpsc::Receiver`]: one thread at a time may have it.
pub struct Receiver<T> {
    channel: Arc<Channel<T>>,
    alone: PhantomData<Cell<()>>,
}

/// A channel that takes every message at once.
///
/// # Panics
/// Outside of a run.
#[must_use]
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let (channel, receiver) = Channel::new(None);
    (Sender { channel }, receiver)
}

/// A channel with room for `bound` messages. With none, a message is handed over from one thread to the other.
///
/// # Panics
/// Outside of a run.
#[must_use]
#[track_caller]
pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {
    let (channel, receiver) = Channel::new(Some(bound));
    (SyncSender { channel }, receiver)
}

struct Channel<T> {
    /// Where the receiver waits.
    messages: Gate,
    /// Where senders wait.
    room: Gate,
    bound: Option<usize>,
    /// Never held while somebody else can run, nor while a message is dropped.
    state: Mutex<State<T>>,
}

struct State<T> {
    queue: VecDeque<T>,
    /// What senders hold out where there is no room at all, by ticket; they wait in the same order.
    offers: VecDeque<(u64, T)>,
    tickets: u64,
    senders: usize,
    receiver: Receiving,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Receiving {
    Busy,
    Waits,
    Gone,
}

/// Why a message was not taken.
enum Refused<T> {
    Full(T),
    Gone(T),
}

impl<T> State<T> {
    fn has_room(&self, bound: Option<usize>) -> bool {
        match bound {
            None => true,
            Some(0) => self.receiver == Receiving::Waits && self.queue.is_empty(),
            Some(bound) => self.queue.len() < bound,
        }
    }
}

impl<T> Channel<T> {
    #[track_caller]
    fn new(bound: Option<usize>) -> (Arc<Self>, Receiver<T>) {
        let sim = Sim::here();
        let (queue, offers) = (VecDeque::new(), VecDeque::new());
        let state = State { queue, offers, tickets: 0, senders: 1, receiver: Receiving::Busy };
        let (messages, room) = (Gate::new(sim), Gate::new(sim));
        let channel = Arc::new(Self { messages, room, bound, state: Mutex::new(state) });
        (Arc::clone(&channel), Receiver { channel, alone: PhantomData })
    }

    /// Takes `message` if there is room; no scheduling point.
    fn put(&self, message: T) -> Result<(), Refused<T>> {
        {
            let mut state = self.state.lock();
            if state.receiver == Receiving::Gone {
                return Err(Refused::Gone(message));
            }
            if !state.has_room(self.bound) {
                return Err(Refused::Full(message));
            }
            state.queue.push_back(message);
        }
        self.messages.wake_first();
        Ok(())
    }

    /// Takes `message`, for which the thread waits until there is room.
    fn send(&self, message: T, at: &'static Location<'static>) -> Result<(), SendError<T>> {
        self.messages.point(Operation::Send);
        let mut message = message;
        loop {
            message = match self.put(message) {
                Ok(()) => return Ok(()),
                Err(Refused::Gone(message)) => return Err(SendError(message)),
                Err(Refused::Full(message)) if self.bound == Some(0) => {
                    return self.hold_out(message, at);
                }
                Err(Refused::Full(message)) => message,
            };
            self.room.wait(Reason::Room, None, at);
        }
    }

    /// Waits until the receiver has taken `message` out of the thread's hand, or is gone.
    fn hold_out(&self, message: T, at: &'static Location<'static>) -> Result<(), SendError<T>> {
        let ticket = {
            let mut state = self.state.lock();
            state.tickets += 1;
            let ticket = state.tickets;
            state.offers.push_back((ticket, message));
            ticket
        };
        loop {
            self.room.wait(Reason::Room, None, at);
            let mut state = self.state.lock();
            let Ok(place) = state.offers.binary_search_by_key(&ticket, |&(ticket, _)| ticket)
            else {
                return Ok(());
            };
            if state.receiver == Receiving::Gone {
                let (_, message) = state.offers.remove(place).expect("it was found there");
                return Err(SendError(message));
            }
        }
    }

    fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        self.messages.point(Operation::Send);
        self.put(message).map_err(|refused| match refused {
            Refused::Full(message) => TrySendError::Full(message),
            Refused::Gone(message) => TrySendError::Disconnected(message),
        })
    }

    /// The next message, if there is one; no scheduling point.
    fn take(&self) -> Result<T, TryRecvError> {
        let mut state = self.state.lock();
        if let Some(message) = state.queue.pop_front() {
            drop(state);
            if self.bound != Some(0) {
                self.room.wake_one();
            }
            return Ok(message);
        }
        if let Some((_, message)) = state.offers.pop_front() {
            drop(state);
            self.room.wake_first();
            return Ok(message);
        }
        Err(if state.senders == 0 { TryRecvError::Disconnected } else { TryRecvError::Empty })
    }

    /// The next message, for which the thread waits until `limit` is over.
    fn receive(
        &self,
        limit: Option<Duration>,
        at: &'static Location<'static>,
    ) -> Result<T, RecvTimeoutError> {
        self.messages.point(Operation::Receive);
        let deadline: Option<Instant> = limit.map(|limit| self.messages.deadline(limit));
        let mut outcome = WaitOutcome::Woken;
        loop {
            match self.take() {
                Ok(message) => return Ok(message),
                Err(TryRecvError::Disconnected) => return Err(RecvTimeoutError::Disconnected),
                Err(TryRecvError::Empty) if outcome == WaitOutcome::TimedOut => {
                    return Err(RecvTimeoutError::Timeout);
                }
                Err(TryRecvError::Empty) => {}
            }
            self.state.lock().receiver = Receiving::Waits;
            outcome = self.messages.wait(Reason::Message, deadline, at);
            self.state.lock().receiver = Receiving::Busy;
        }
    }

    fn add_sender(self: &Arc<Self>) -> Arc<Self> {
        self.state.lock().senders += 1;
        Arc::clone(self)
    }

    fn drop_sender(&self) {
        self.messages.point_and_leave(Operation::Disconnect, || {
            let senders = {
                let mut state = self.state.lock();
                state.senders -= 1;
                state.senders
            };
            if senders == 0 {
                self.messages.wake_first();
            }
        });
    }

    fn drop_receiver(&self) {
        self.messages.point_and_leave(Operation::Disconnect, || {
            let unread = {
                let mut state = self.state.lock();
                state.receiver = Receiving::Gone;
                std::mem::take(&mut state.queue)
            };
            self.room.wake_all();
            drop(unread);
        });
    }
}

impl<T> Sender<T> {
    /// Sends `message`.
    ///
    /// # Errors
    /// The receiver is gone; the error holds the message.
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        self.channel.send(message, Location::caller())
    }
}

impl<T> SyncSender<T> {
    /// Sends `message`; waits until there is room for it, or until it is taken where there is no room at all.
    ///
    /// # Errors
    /// The receiver is gone; the error holds the message.
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        self.channel.send(message, Location::caller())
    }

    /// Sends `message`, if there is room for it when the thread's turn comes.
    ///
    /// # Errors
    /// There is no room, or the receiver is gone; the error holds the message.
    pub fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        self.channel.try_send(message)
    }
}

impl<T> Receiver<T> {
    /// Waits for a message.
    ///
    /// # Errors
    /// There is none, and nobody is left who could send one.
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        self.channel.receive(None, Location::caller()).map_err(|_| RecvError)
    }

    /// The next message, if there is one when the thread's turn comes.
    ///
    /// # Errors
    /// There is none; or neither that nor anybody who could send one.
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        self.channel.messages.point(Operation::Receive);
        self.channel.take()
    }

    /// Waits for a message, for `limit` at most.
    ///
    /// # Errors
    /// The time is over, or nobody is left who could send one.
    #[track_caller]
    pub fn recv_timeout(&self, limit: Duration) -> Result<T, RecvTimeoutError> {
        self.channel.receive(Some(limit), Location::caller())
    }

    /// Waits for messages until nobody is left who could send one.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter::new(self)
    }

    /// The messages that are there.
    pub fn try_iter(&self) -> TryIter<'_, T> {
        TryIter::new(self)
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self { channel: self.channel.add_sender() }
    }
}

impl<T> Clone for SyncSender<T> {
    fn clone(&self) -> Self {
        Self { channel: self.channel.add_sender() }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.channel.drop_sender();
    }
}

impl<T> Drop for SyncSender<T> {
    fn drop(&mut self) {
        self.channel.drop_sender();
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.channel.drop_receiver();
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for SyncSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyncSender").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}
