//! One host of turmoil's: what it does when it starts, and the units that are started on it from anywhere.

use super::here;
use super::socket::Shelf;
use crate::engine::hosts::{Boot, Work};
use crate::log::Name;
use parking_lot::Mutex;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tokio::task::spawn_local;

/// A host, as the rest of the run reaches it.
pub(super) struct Machine {
    name: Name,
    state: Mutex<State>,
}

struct State {
    /// Grows with each end of the host: what belongs to an earlier life is never polled again.
    life: u64,
    is_up: bool,
    /// What turmoil has to do before its next step, so that the host is as `is_up` says.
    due: Option<Due>,
    boot: Option<Boot>,
    /// Units that are to be started.
    queue: Vec<Work>,
    /// Wakes the software, so that it looks at the queue.
    waker: Option<Waker>,
    /// The ports that are open in this life.
    shelf: Arc<Shelf>,
}

/// What turmoil does with a host between two steps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Crash,
    Bounce,
}

impl Machine {
    pub(super) fn new(name: Name) -> Arc<Self> {
        let state = State {
            life: 0,
            is_up: true,
            due: None,
            boot: None,
            queue: Vec::new(),
            waker: None,
            shelf: Arc::default(),
        };
        Arc::new(Self { name, state: Mutex::new(state) })
    }

    /// Starts `work` on this host, which is gone at once where the host is not there.
    pub(super) fn spawn(self: &Arc<Self>, work: Work) {
        let mut state = self.state.lock();
        if !state.is_up {
            drop(state);
            // Its destructors may use the platform: outside of the lock.
            drop(work);
            return;
        }
        let resident = Resident { machine: Arc::clone(self), life: state.life, work };
        state.queue.push(Box::pin(resident));
        let waker = state.waker.clone();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// From now on it begins with what `boot` makes.
    pub(super) fn boots(&self, boot: Boot) {
        self.state.lock().boot = Some(boot);
    }

    /// What is on the host is never polled again, and turmoil takes it away before its next step.
    pub(super) fn ends(&self, due: Due) {
        let queue = {
            let mut state = self.state.lock();
            state.life += 1;
            state.is_up = due == Due::Bounce;
            state.due = Some(due);
            std::mem::take(&mut state.queue)
        };
        drop(queue);
    }

    /// What turmoil has to do.
    pub(super) fn take_due(&self) -> Option<Due> {
        self.state.lock().due.take()
    }

    /// The ports that are open on it.
    pub(super) fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&self.state.lock().shelf)
    }

    /// Wakes its software.
    pub(super) fn wake(&self) {
        let waker = self.state.lock().waker.clone();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// What turmoil runs on the host, anew each time that it starts.
    pub(super) fn software(self: &Arc<Self>) -> Software {
        let mut state = self.state.lock();
        state.shelf = Arc::default();
        let (machine, shelf) = (Arc::clone(self), Arc::clone(&state.shelf));
        Software { machine, life: state.life, shelf, phase: Phase::Boots }
    }

    fn lives(&self, life: u64) -> bool {
        self.state.lock().life == life
    }
}

/// A unit that is polled as long as its host lives.
struct Resident {
    machine: Arc<Machine>,
    life: u64,
    work: Work,
}

impl Future for Resident {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if !self.machine.lives(self.life) {
            // turmoil takes it away at the end of this step.
            return Poll::Pending;
        }
        self.work.as_mut().poll(context)
    }
}

/// What a host runs for as long as it is there: it starts units.
pub(super) struct Software {
    machine: Arc<Machine>,
    life: u64,
    shelf: Arc<Shelf>,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Boots,
    Serves,
}

impl Future for Software {
    type Output = turmoil::Result;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let begins = std::mem::replace(&mut self.phase, Phase::Serves) == Phase::Boots;
        let machine = Arc::clone(&self.machine);
        if begins {
            here::is(&machine.name);
        }
        let (boot, queue) = {
            let mut state = machine.state.lock();
            if state.life != self.life {
                return Poll::Pending;
            }
            state.waker = Some(context.waker().clone());
            let boot = if begins { state.boot.clone() } else { None };
            (boot, std::mem::take(&mut state.queue))
        };
        self.shelf.sweep();
        let boot = boot
            .map(|boot| -> Work { Box::pin(Resident { machine, life: self.life, work: boot() }) });
        for work in boot.into_iter().chain(queue) {
            // It goes on by itself; nobody asks tokio for its end.
            drop(spawn_local(work));
        }
        Poll::Pending
    }
}

impl Drop for Software {
    fn drop(&mut self) {
        // Within turmoil, which knows now whose ports they are.
        self.shelf.clear();
    }
}
