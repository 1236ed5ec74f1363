//! Hosts that stood still: whether they had something to do.

use super::befall::Effect;
use super::world::World;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Whoever is polled this soon, in nanoseconds, after its host goes on was ready while it stood: whoever waits for something is woken
/// by time that jumps, and a poll takes a hundred at most.
const AT_ONCE: u64 = 10_000;

/// Hosts that have been told to go on, and when, of which nobody has been polled since.
#[derive(Default)]
pub(super) struct Stood {
    hosts: Mutex<Vec<(u32, u64)>>,
    /// Whether there are any, without the lock: it is asked at each poll.
    any: AtomicBool,
}

impl Stood {
    /// `host` goes on `now`.
    pub(super) fn until(&self, host: u32, now: u64) {
        let mut hosts = self.hosts.lock();
        hosts.retain(|&(other, _)| other != host);
        hosts.push((host, now));
        self.any.store(true, Relaxed);
    }

    /// `host` stands still again.
    pub(super) fn again(&self, host: u32) {
        let _: Option<u64> = self.take(host);
    }

    /// When `host` was told to go on, where nobody has asked since.
    fn take(&self, host: u32) -> Option<u64> {
        let mut hosts = self.hosts.lock();
        let place = hosts.iter().position(|&(other, _)| other == host)?;
        let (_, since) = hosts.swap_remove(place);
        self.any.store(!hosts.is_empty(), Relaxed);
        Some(since)
    }
}

impl World {
    /// `unit` is polled now, perhaps as the first of a host that stood still.
    pub(super) fn goes_on(&self, unit: usize) {
        if !self.stood.any.load(Relaxed) {
            return;
        }
        let Some(host) = self.with(|inner| inner.units[unit].host) else { return };
        let Some(since) = self.stood.take(host) else { return };
        if self.exactly() - since <= AT_ONCE {
            self.with(|inner| inner.mail.count(Effect::StoodStill));
        }
    }
}
