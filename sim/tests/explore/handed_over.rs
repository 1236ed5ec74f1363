//! A search and what threads hand over: channels for many values and for one, permits.

use crate::families::{Family, Trial, shared};
use retrip_sim::sync::atomic::{AtomicU64, Ordering::SeqCst};
use retrip_sim::sync::mpsc::{
    self, Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, TrySendError,
};
use retrip_sim::sync::oneshot::{self, error};
use retrip_sim::sync::{Arc, Semaphore, SemaphorePermit, TryAcquireError};
use retrip_sim::thread;
use retrip_sim::time::Duration;
use std::borrow::Borrow;

/// What a thread holds of a channel whose sending end is an `S`.
struct Ends<S> {
    sender: Option<S>,
    receiver: Option<Receiver<u64>>,
    cell: Arc<AtomicU64>,
    sent: u64,
}

/// The first thread receives, the others send.
fn ends<S: Clone>(threads: usize, (sender, receiver): (S, Receiver<u64>)) -> Vec<Ends<S>> {
    let cell = Arc::new(AtomicU64::new(0));
    let end = |sender, receiver, sent| Ends { sender, receiver, cell: Arc::clone(&cell), sent };
    let senders = (1..threads as u64).map(|thread| end(Some(sender.clone()), None, 10 * thread));
    std::iter::once(end(None, Some(receiver), 0)).chain(senders).collect()
}

#[derive(Clone, Copy, Debug)]
enum Mail {
    Receive,
    TryReceive,
    ReceiveFor(u64),
    StopReceiving,
    Send,
    TrySend,
    StopSending,
    /// Sleeps, so that limits begin at different times.
    Rest,
    Look,
    Add,
}

const RECEIVES: &[Mail] = &[
    Mail::Receive,
    Mail::Receive,
    Mail::TryReceive,
    Mail::ReceiveFor(1),
    Mail::StopReceiving,
    Mail::Rest,
    Mail::Look,
    Mail::Add,
];
const SENDS: &[Mail] =
    &[Mail::Send, Mail::Send, Mail::TrySend, Mail::StopSending, Mail::Rest, Mail::Look, Mail::Add];

fn deeds(thread: usize) -> &'static [Mail] {
    if thread == 0 { RECEIVES } else { SENDS }
}

const NOTHING_HERE: u64 = 900;
const NOBODY_THERE: u64 = 901;
const TOO_LATE: u64 = 902;
const NO_ROOM: u64 = 903;

impl<S> Ends<S> {
    /// What the receiver does, and both do who have nothing left to do it with.
    fn does(&mut self, deed: Mail) -> u64 {
        match (deed, &self.receiver) {
            (Mail::Receive, Some(receiver)) => receiver.recv().unwrap_or(NOBODY_THERE),
            (Mail::TryReceive, Some(receiver)) => match receiver.try_recv() {
                Ok(message) => message,
                Err(TryRecvError::Empty) => NOTHING_HERE,
                Err(TryRecvError::Disconnected) => NOBODY_THERE,
            },
            (Mail::ReceiveFor(millis), Some(receiver)) => {
                match receiver.recv_timeout(Duration::from_millis(millis)) {
                    Ok(message) => message,
                    Err(RecvTimeoutError::Timeout) => TOO_LATE,
                    Err(RecvTimeoutError::Disconnected) => NOBODY_THERE,
                }
            }
            (Mail::StopReceiving, _) => {
                self.receiver = None;
                0
            }
            (Mail::StopSending, _) => {
                self.sender = None;
                0
            }
            (Mail::Rest, _) => {
                thread::sleep(Duration::from_millis(1));
                0
            }
            (Mail::Look, _) => self.cell.load(SeqCst),
            (Mail::Add, _) => self.cell.fetch_add(1, SeqCst),
            _ => 999,
        }
    }

    /// The number of the next message, which no other one has.
    fn next(&mut self) -> u64 {
        self.sent += 1;
        self.sent
    }
}

const UNBOUNDED: Family<Ends<Sender<u64>>, Mail> = Family {
    hands: |threads| ends(threads, mpsc::channel()),
    deeds,
    does: |hand, deed| match deed {
        Mail::Send | Mail::TrySend => {
            let message = hand.next();
            let sent = hand.sender.as_ref().map(|sender| sender.send(message));
            sent.map_or(999, |sent| if sent.is_ok() { 0 } else { NOBODY_THERE })
        }
        _ => hand.does(deed),
    },
};

fn synchronous<S: Borrow<SyncSender<u64>>>(hand: &mut Ends<S>, deed: Mail) -> u64 {
    match deed {
        Mail::Send => {
            let message = hand.next();
            let sent = hand.sender.as_ref().map(|sender| sender.borrow().send(message));
            sent.map_or(999, |sent| if sent.is_ok() { 0 } else { NOBODY_THERE })
        }
        Mail::TrySend => {
            let message = hand.next();
            match hand.sender.as_ref().map(|sender| sender.borrow().try_send(message)) {
                None => 999,
                Some(Ok(())) => 0,
                Some(Err(TrySendError::Full(_))) => NO_ROOM,
                Some(Err(TrySendError::Disconnected(_))) => NOBODY_THERE,
            }
        }
        _ => hand.does(deed),
    }
}

const ROOM_FOR_ONE: Family<Ends<SyncSender<u64>>, Mail> =
    Family { hands: |threads| ends(threads, mpsc::sync_channel(1)), deeds, does: synchronous };

/// All share one sender, so that nobody who ends is one sender less.
const ROOM_FOR_ONE_OF_ALL: Family<Ends<Arc<SyncSender<u64>>>, Mail> = Family {
    hands: |threads| {
        let (sender, receiver) = mpsc::sync_channel(1);
        ends(threads, (Arc::new(sender), receiver))
    },
    deeds,
    does: synchronous,
};

const FROM_HAND_TO_HAND: Family<Ends<SyncSender<u64>>, Mail> =
    Family { hands: |threads| ends(threads, mpsc::sync_channel(0)), deeds, does: synchronous };

#[test]
fn channels_have_the_same_outcomes_in_fewer_orders() {
    UNBOUNDED.every_outcome_is_found(&Trial { time_moves: 0, programs: 50, telling: 12 });
    ROOM_FOR_ONE.every_outcome_is_found(&Trial { time_moves: 0, programs: 50, telling: 12 });
    FROM_HAND_TO_HAND.every_outcome_is_found(&Trial { time_moves: 0, programs: 50, telling: 12 });
}

#[test]
fn channels_have_the_same_outcomes_also_where_a_limit_ends_early() {
    UNBOUNDED.every_outcome_is_found(&Trial { time_moves: 1, programs: 40, telling: 10 });
    FROM_HAND_TO_HAND.every_outcome_is_found(&Trial { time_moves: 1, programs: 40, telling: 10 });
}

#[test]
fn either_of_two_may_find_the_last_room() {
    let program = [vec![Mail::Look], vec![Mail::TrySend], vec![Mail::TrySend]];
    let seen = ROOM_FOR_ONE_OF_ALL.seen(&program);
    let one_of_two = [[0, NO_ROOM], [NO_ROOM, 0]];
    let both = one_of_two.map(|[one, two]| vec![vec![0], vec![one], vec![two]]);
    assert!(both.iter().all(|order| seen.contains(order)), "{seen:?}");
}

/// What a thread holds of a channel for one value.
struct OneEnd {
    sender: Option<oneshot::Sender<u64>>,
    receiver: Option<oneshot::Receiver<u64>>,
    cell: Arc<AtomicU64>,
}

#[derive(Clone, Copy, Debug)]
enum One {
    Await,
    Try,
    Close,
    StopReceiving,
    Send,
    IsClosed,
    AwaitClosed,
    StopSending,
    Look,
    Add,
}

const ONE_VALUE: Family<OneEnd, One> = Family {
    hands: |threads| {
        let (sender, receiver) = oneshot::channel();
        let cell = Arc::new(AtomicU64::new(0));
        let end = |sender, receiver| OneEnd { sender, receiver, cell: Arc::clone(&cell) };
        let others = (2..threads).map(|_| end(None, None));
        let both = [end(None, Some(receiver)), end(Some(sender), None)];
        both.into_iter().chain(others).collect()
    },
    deeds: |thread| match thread {
        0 => &[One::Await, One::Await, One::Try, One::Close, One::StopReceiving, One::Look],
        1 => &[One::Send, One::Send, One::IsClosed, One::AwaitClosed, One::StopSending, One::Add],
        _ => &[One::Look, One::Add],
    },
    does: |hand, deed| match deed {
        One::Await => {
            let received = hand.receiver.take().map(oneshot::Receiver::blocking_recv);
            received.map_or(999, |received| received.unwrap_or(NOBODY_THERE))
        }
        One::Try => match hand.receiver.as_mut().map(oneshot::Receiver::try_recv) {
            None => 999,
            Some(Ok(value)) => value,
            Some(Err(error::TryRecvError::Empty)) => NOTHING_HERE,
            Some(Err(error::TryRecvError::Closed)) => NOBODY_THERE,
        },
        One::Close => {
            hand.receiver.iter_mut().for_each(oneshot::Receiver::close);
            0
        }
        One::StopReceiving => {
            hand.receiver = None;
            0
        }
        One::Send => {
            let sent = hand.sender.take().map(|sender| sender.send(7));
            sent.map_or(999, |sent| sent.err().unwrap_or(0))
        }
        One::IsClosed => hand.sender.as_ref().map_or(999, |sender| u64::from(sender.is_closed())),
        One::AwaitClosed => {
            if let Some(sender) = &mut hand.sender {
                retrip_sim::engine::threads::Sim::here().block_on(sender.closed());
            }
            1
        }
        One::StopSending => {
            hand.sender = None;
            0
        }
        One::Look => hand.cell.load(SeqCst),
        One::Add => hand.cell.fetch_add(1, SeqCst),
    },
};

#[test]
fn channels_for_one_value_have_the_same_outcomes_in_fewer_orders() {
    ONE_VALUE.every_outcome_is_found(&Trial { time_moves: 0, programs: 70, telling: 25 });
}

#[derive(Clone, Copy, Debug)]
enum Permits {
    AcquireAndAdd,
    AcquireTwo,
    TryAcquire,
    Add(usize),
    Forget,
    Available,
    Close,
    Look,
}

type Shared = Arc<(Semaphore, AtomicU64)>;

/// What came of a permit that is held for one step.
fn held(permit: SemaphorePermit<'_>, cell: &AtomicU64) -> u64 {
    let before = cell.fetch_add(1, SeqCst);
    drop(permit);
    before
}

const PERMITS: Family<Shared, Permits> = Family {
    hands: |threads| shared(threads, (Semaphore::new(1), AtomicU64::new(0))),
    deeds: |_| {
        &[
            Permits::AcquireAndAdd,
            Permits::AcquireAndAdd,
            Permits::AcquireTwo,
            Permits::TryAcquire,
            Permits::Add(1),
            Permits::Add(2),
            Permits::Forget,
            Permits::Available,
            Permits::Close,
            Permits::Look,
        ]
    },
    does: |hand, deed| {
        let (semaphore, cell) = &**hand;
        match deed {
            Permits::AcquireAndAdd => {
                semaphore.blocking_acquire().map_or(NOBODY_THERE, |permit| held(permit, cell))
            }
            Permits::AcquireTwo => {
                let permits = semaphore.blocking_acquire_many(2);
                permits.map_or(NOBODY_THERE, |permits| 100 + held(permits, cell))
            }
            Permits::TryAcquire => match semaphore.try_acquire() {
                Ok(permit) => {
                    permit.forget();
                    1
                }
                Err(TryAcquireError::NoPermits) => NOTHING_HERE,
                Err(TryAcquireError::Closed) => NOBODY_THERE,
            },
            Permits::Add(n) => {
                semaphore.add_permits(n);
                0
            }
            Permits::Forget => semaphore.forget_permits(1) as u64,
            Permits::Available => semaphore.available_permits() as u64,
            Permits::Close => {
                semaphore.close();
                0
            }
            Permits::Look => cell.load(SeqCst),
        }
    },
};

#[test]
fn semaphores_have_the_same_outcomes_in_fewer_orders() {
    PERMITS.every_outcome_is_found(&Trial { time_moves: 0, programs: 80, telling: 30 });
}
