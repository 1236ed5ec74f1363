//! What is certain about each key, read from the log alone.
//!
//! Who asks is answered some time between two events, and others may come in between. So a use lies between its beginning and
//! its end, a key may be held from the first and surely is from the second, and what a breaker is when it is let go is known
//! only where nobody else had it meanwhile.

use super::told::{Mode, Told, told};
use retrip_core::door::Instant;
use retrip_sim::log::{Event, Name};
use std::collections::BTreeMap;

/// What is known of the keys and of those who are about to let some of them go.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    keys: Keys,
    /// What each thread is doing that may let a key go.
    doing: BTreeMap<Name, Deed>,
    /// Events so far.
    place: usize,
}

pub(super) type Keys = BTreeMap<Name, Known>;

/// A moment: its place in the log, and its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub(super) place: usize,
    pub(super) time: Instant,
}

impl Default for Moment {
    fn default() -> Self {
        Self { place: 0, time: Instant::ORIGIN }
    }
}

/// What is known of a key.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    /// Whether it was got, and has not gone.
    pub(super) is_there: bool,
    /// Its last use was not before this.
    pub(super) used_from: Moment,
    /// Nor after this, where nobody asks for it.
    pub(super) used_until: Moment,
    /// What its breaker is, where nobody has it and that is certain.
    pub(super) mode: Option<Mode>,
    /// How often it was asked for.
    asks: usize,
    /// How many may have it.
    holders: usize,
    /// How many have it.
    holds: usize,
    /// How often it was let go.
    releases: usize,
    /// Whether two may have had it at once since nobody had it.
    is_shared: bool,
}

impl Known {
    /// Whether nobody has had it since it was like `before`.
    pub(super) const fn is_untouched_since(&self, before: &Self) -> bool {
        before.holders == 0 && before.asks == self.asks
    }

    /// Whether somebody has had it all the time since it was like `before`.
    pub(super) const fn is_held_since(&self, before: &Self) -> bool {
        before.holds > self.releases - before.releases
    }

    fn asked(&mut self) {
        self.asks += 1;
        self.is_shared = self.holders > 0;
        self.holders += 1;
        self.mode = None;
    }

    fn released(&mut self, mode: Mode) {
        self.releases += 1;
        self.holders -= 1;
        self.holds -= 1;
        self.mode = (self.holders == 0 && !self.is_shared).then_some(mode);
    }
}

/// What a thread is doing that may let keys go.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    /// The key that it asks for; none where it lets go who is idle.
    pub(super) asks_for: Option<Name>,
    pub(super) from: Moment,
    /// What was known when it began.
    pub(super) before: Keys,
    /// Who has gone within it, and when that was told.
    pub(super) gone: Vec<(Name, Instant)>,
}

/// What an event says of who goes.
#[derive(Clone, Debug)]
pub(super) enum Seen {
    /// This key goes within the deed.
    Goes { key: Name, now: Known, within: Deed },
    /// The deed is done.
    Done { deed: Deed, answer: Answer, now: Keys },
}

/// How a deed ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Found,
    /// Others may have had to go for it.
    New,
    Refused,
    Evicted,
}

impl Seen {
    /// A deed that is done, where all that went is told by now: nobody else is about to tell of more.
    fn done(deed: Deed, answer: Answer, ledger: &Ledger) -> Option<Self> {
        let now = ledger.keys.clone();
        ledger.doing.is_empty().then_some(Self::Done { deed, answer, now })
    }
}

impl Ledger {
    /// Takes note of `event`, and says what it is about.
    pub(super) fn see(&mut self, event: &Event) -> Option<Seen> {
        self.place += 1;
        let told = told(event)?;
        let now = Moment { place: self.place, time: event.mono };
        match told {
            Told::Asks(key) => {
                self.begin(event, Some(Name::clone(&key)), now);
                self.keys.entry(key).or_default().asked();
                None
            }
            Told::Evicts => {
                self.begin(event, None, now);
                None
            }
            Told::Gets { key, new, .. } => {
                let deed = self.doing.remove(&event.thread)?;
                let known = self.keys.entry(key).or_default();
                known.holds += 1;
                let before = if new { Moment::default() } else { known.used_from };
                known.used_from = before.max(deed.from);
                known.used_until = now;
                known.is_there |= new;
                let answer = if new { Answer::New } else { Answer::Found };
                Seen::done(deed, answer, self)
            }
            Told::IsRefused(key) => {
                self.keys.entry(key).or_default().holders -= 1;
                let deed = self.doing.remove(&event.thread)?;
                Seen::done(deed, Answer::Refused, self)
            }
            Told::HasEvicted(_) => {
                let deed = self.doing.remove(&event.thread)?;
                Seen::done(deed, Answer::Evicted, self)
            }
            Told::Goes(key) => {
                let known = self.keys.entry(Name::clone(&key)).or_default();
                known.is_there = false;
                let now = *known;
                let deed = self.doing.get_mut(&event.thread)?;
                deed.gone.push((Name::clone(&key), event.mono));
                Some(Seen::Goes { key, now, within: deed.clone() })
            }
            Told::LetsGo { key, now, .. } => {
                self.keys.entry(key).or_default().released(now);
                None
            }
            Told::Has { .. } => None,
        }
    }

    fn begin(&mut self, event: &Event, asks_for: Option<Name>, from: Moment) {
        let deed = Deed { asks_for, from, before: self.keys.clone(), gone: Vec::new() };
        self.doing.insert(Name::clone(&event.thread), deed);
    }
}
