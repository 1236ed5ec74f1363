//! Comes back when a moment has come by madsim's time.

use crate::engine::hosts::World;
use madsim::time::{Instant, Sleep, TimeHandle};
use parking_lot::Mutex;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, OnceLock, Weak};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

/// Waits for madsim's time on behalf of all alarms of a run, and wakes those whose moment has come.
///
/// That is done in the middle of madsim, as its timers go off, where none can be set. Where one has to be, the driver does it.
pub(super) struct Bell {
    time: TimeHandle,
    /// What madsim's time was as the run began, and when that was.
    begins: (Duration, Instant),
    world: OnceLock<Weak<World>>,
    state: Mutex<State>,
    /// Rings this bell.
    waker: Waker,
    driver: Waker,
}

struct State {
    /// Sets timers.
    sleep: Sleep,
    /// When they will go off, in nanoseconds since the run began. madsim takes none back.
    set: BinaryHeap<Reverse<u64>>,
    /// Room for those who are woken.
    due: Vec<Waker>,
    /// When the driver is to let it ring again.
    again: Option<u64>,
}

/// Rings the bell, where it is still there: madsim's timers outlive the run, and do not keep it.
struct Rings(Weak<Bell>);

impl Wake for Rings {
    fn wake(self: Arc<Self>) {
        if let Some(bell) = self.0.upgrade() {
            bell.goes_off();
        }
    }
}

impl Bell {
    /// As it is now, at the beginning of a run.
    pub(super) fn new(driver: &Waker) -> Arc<Self> {
        let time = TimeHandle::current();
        let begins = (time.elapsed(), time.now_instant());
        let sleep = time.sleep(Duration::ZERO);
        let state = State { sleep, set: BinaryHeap::new(), due: Vec::new(), again: None };
        Arc::new_cyclic(|bell| Self {
            time,
            begins,
            world: OnceLock::new(),
            state: Mutex::new(state),
            waker: Waker::from(Arc::new(Rings(bell.clone()))),
            driver: driver.clone(),
        })
    }

    /// From now on it rings for `world`.
    pub(super) fn is_of(&self, world: &Arc<World>) {
        self.world.get_or_init(|| Arc::downgrade(world));
    }

    /// madsim's time, in nanoseconds since the run began.
    pub(super) fn elapsed(&self) -> u64 {
        let elapsed = self.time.elapsed().saturating_sub(self.begins.0);
        let seconds = elapsed.as_secs().saturating_mul(1_000_000_000);
        seconds.saturating_add(u64::from(elapsed.subsec_nanos()))
    }

    /// It rings at `at`.
    pub(super) fn rings_at(&self, at: u64) {
        let mut state = self.state.lock();
        let State { sleep, set, again, .. } = &mut *state;
        // Set like this it may also be for less than the millisecond that madsim sleeps at least.
        Pin::new(&mut *sleep).reset(self.begins.1 + Duration::from_nanos(at));
        if Pin::new(sleep).poll(&mut Context::from_waker(&self.waker)).is_pending() {
            set.push(Reverse(at));
            return;
        }
        *again = Some(at);
        drop(state);
        self.driver.wake_by_ref();
    }

    /// A timer goes off, the first of those that are set.
    fn goes_off(&self) {
        let (at, due) = {
            let mut state = self.state.lock();
            let at = state.set.pop().map_or(0, |Reverse(at)| at);
            (at, mem::take(&mut state.due))
        };
        // madsim's own time may still be that of before.
        self.rings(at.max(self.elapsed()), due);
    }

    /// It is `now`; `due` is room for those who are woken.
    fn rings(&self, now: u64, mut due: Vec<Waker>) {
        let Some(world) = self.world.get().and_then(Weak::upgrade) else { return };
        let again = world.due(now, &mut due);
        // madsim draws itself which of those who are woken goes first.
        due.drain(..).for_each(Waker::wake);
        let mut state = self.state.lock();
        state.due = due;
        if again.is_some() {
            state.again = again;
            drop(state);
            self.driver.wake_by_ref();
        }
    }

    /// The driver was woken, perhaps for this.
    pub(super) fn is_driven(&self) {
        let again = self.state.lock().again.take();
        match again {
            Some(at) if at > self.elapsed() => self.rings_at(at),
            Some(at) => self.rings(at.max(self.elapsed()), Vec::new()),
            None => {}
        }
    }
}
