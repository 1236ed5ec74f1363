//! Who waits for a moment of engine time, and that time itself: between two steps everybody is woken whose moment has come.

use crate::stream::Generator;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};

/// All sleeps of a run.
#[derive(Default)]
pub(super) struct Alarms {
    /// Engine time, in nanoseconds.
    now: AtomicU64,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    /// By moment and ticket.
    wakers: BTreeMap<(u64, u64), Waker>,
    tickets: u64,
}

impl Alarms {
    /// Engine time, in nanoseconds.
    pub(super) fn now(&self) -> u64 {
        self.now.load(Relaxed)
    }

    /// The next moment that somebody waits for.
    pub(super) fn next(&self) -> Option<u64> {
        self.waiting.lock().wakers.first_key_value().map(|((at, _), _)| *at)
    }

    /// It is `now`. Who is woken first of all those who are due is drawn.
    pub(super) fn ring(&self, now: u64, order: &mut Generator) {
        self.now.store(now, Relaxed);
        let mut due: Vec<Waker> = {
            let mut waiting = self.waiting.lock();
            let later = waiting.wakers.split_off(&(now + 1, 0));
            std::mem::replace(&mut waiting.wakers, later).into_values().collect()
        };
        order.shuffle(&mut due);
        due.into_iter().for_each(Waker::wake);
    }

    /// Ends when engine time is `at` or later.
    pub(super) fn at(self: &Arc<Self>, at: u64) -> Alarm {
        Alarm { alarms: Arc::clone(self), at, ticket: None }
    }
}

/// One sleep.
pub(super) struct Alarm {
    alarms: Arc<Alarms>,
    at: u64,
    ticket: Option<u64>,
}

impl Future for Alarm {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.alarms.now() >= self.at {
            return Poll::Ready(());
        }
        let alarms = Arc::clone(&self.alarms);
        let mut waiting = alarms.waiting.lock();
        waiting.tickets += 1;
        let (at, next) = (self.at, waiting.tickets);
        let ticket = *self.ticket.get_or_insert(next);
        let before = waiting.wakers.insert((at, ticket), context.waker().clone());
        drop(waiting);
        // It is foreign, and may be the last that holds something: outside of the lock.
        drop(before);
        Poll::Pending
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket else { return };
        let waker = self.alarms.waiting.lock().wakers.remove(&(self.at, ticket));
        drop(waker);
    }
}
