//! A key that tells when it is dropped, which says to the moment who has gone.

use super::told::Told;
use retrip_core::door::{Spawn, UnitNumber};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::Name;
use std::cmp::Ordering;
use std::fmt;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard};

/// The name of a tenant. Breakers by key keep copies of what they are asked with.
pub(super) struct Key {
    name: Name,
    ask: Arc<Ask>,
    is_copy: bool,
}

/// What became of the copies that one asker's key was made of.
struct Ask {
    sim: Sim,
    who: Name,
    by: UnitNumber,
    kept: Arc<Kept>,
    copies: Mutex<Copies>,
}

#[derive(Debug)]
struct Copies {
    /// Whether their asker still asks: what it drops meanwhile, it throws away.
    asks: bool,
    made: usize,
    thrown_away: usize,
    gone: usize,
}

/// How many copies of keys are kept by now.
#[derive(Debug, Default)]
pub(super) struct Kept {
    copies: AtomicUsize,
    /// The run is over: what is dropped from now on goes without a word.
    is_over: AtomicBool,
}

impl Kept {
    /// How many keys: each is kept twice.
    pub(super) fn keys(&self) -> usize {
        self.copies.load(SeqCst).div_ceil(2)
    }

    pub(super) fn ends(&self) {
        self.is_over.store(true, SeqCst);
    }
}

impl Key {
    /// The key with which the calling thread asks.
    pub(super) fn asked(sim: &Sim, who: &Name, name: &Name, kept: &Arc<Kept>) -> Self {
        let copies = Copies { asks: true, made: 0, thrown_away: 0, gone: 0 };
        let ask = Ask {
            sim: *sim,
            who: Arc::clone(who),
            by: sim.number(),
            kept: Arc::clone(kept),
            copies: Mutex::new(copies),
        };
        Self { name: Arc::clone(name), ask: Arc::new(ask), is_copy: false }
    }

    /// Its asker has an answer. Whether copies of it are kept.
    pub(super) fn is_answered(&self) -> bool {
        let mut copies = self.ask.copies();
        copies.asks = false;
        copies.made > copies.thrown_away + copies.gone
    }
}

impl Ask {
    /// Nothing happens within this lock.
    fn copies(&self) -> MutexGuard<'_, Copies> {
        self.copies.lock().expect("nobody panics within it")
    }
}

impl Clone for Key {
    fn clone(&self) -> Self {
        self.ask.copies().made += 1;
        self.ask.kept.copies.fetch_add(1, SeqCst);
        Self { name: Arc::clone(&self.name), ask: Arc::clone(&self.ask), is_copy: true }
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        let Ask { sim, who, by, kept, .. } = &*self.ask;
        if !self.is_copy || kept.is_over.load(SeqCst) {
            return;
        }
        kept.copies.fetch_sub(1, SeqCst);
        let mut copies = self.ask.copies();
        if copies.asks && sim.number() == *by {
            copies.thrown_away += 1;
            return;
        }
        copies.gone += 1;
        // Of two copies the first one tells.
        if copies.gone == 1 {
            drop(copies);
            sim.record(who, Told::Goes(Arc::clone(&self.name)).what());
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(&other.name)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}
