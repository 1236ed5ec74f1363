//! What becomes of a message before the simulator's network has it, and what its receiver sees of that.

use super::befall::{Effect, LinkFault};
use super::{Post, Transit};
use crate::engine::choices::Choices;
use crate::log::Name;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU64;
use std::ops::BitOr;

/// The messages of all sockets of a run.
pub(super) struct Mail {
    /// How messages travel without any fault.
    pub(super) calm: Transit,
    /// How they travel now.
    pub(super) transit: Transit,
    /// What becomes of them before.
    pub(super) post: Post,
    /// From which host to which what is sent does not arrive as it should.
    ways: BTreeMap<(u32, u32), WayIs>,
    /// How many there were.
    posted: u64,
    /// Whether any was held back so far: before that nobody has to look who overtakes whom.
    has_shuffled: bool,
    /// What faults did.
    pub(super) effects: BTreeMap<Effect, u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WayIs {
    Cut,
    Held,
}

/// What was done to a message on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks(pub(super) u8);

impl Marks {
    /// There are two of it.
    const DOUBLED: Self = Self(1);
    /// It was held back before it was sent.
    const SHUFFLED: Self = Self(2);
    /// It takes the time that a fault says.
    const LATE: Self = Self(4);
    /// It waits on its way.
    const HELD: Self = Self(8);
    /// All of them together.
    pub(super) const MOST: u8 = 15;

    fn has(self, mark: Self) -> bool {
        self.0 & mark.0 != 0
    }

    fn when(self, is_so: bool) -> Self {
        if is_so { self } else { Self::default() }
    }
}

impl BitOr for Marks {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A message before it is sent: when it will be, in nanoseconds from now.
#[derive(Clone, Copy)]
pub(super) struct Posted {
    /// Its place among all that were.
    pub(super) place: u64,
    pub(super) marks: Marks,
    pub(super) first: u64,
    /// When it is sent once more, where it is doubled.
    pub(super) second: Option<u64>,
}

/// A message that is sent and not lost.
#[derive(Clone, Copy)]
pub(super) struct Leaves {
    pub(super) marks: Marks,
    /// The shortest time on the way, in nanoseconds, where a fault says it.
    pub(super) shortest: Option<u64>,
}

/// Of so many messages it is said how many are lost or doubled.
const MILLION: NonZeroU64 = NonZeroU64::new(1_000_000).expect("it is not zero");

impl Mail {
    /// Nothing was sent, and nothing goes wrong.
    pub(super) fn new(calm: Transit) -> Self {
        Self {
            transit: calm.clone(),
            calm,
            post: Post::default(),
            ways: BTreeMap::new(),
            posted: 0,
            has_shuffled: false,
            effects: BTreeMap::new(),
        }
    }

    /// A fault did what it is for.
    pub(super) fn count(&mut self, effect: Effect) {
        *self.effects.entry(effect).or_default() += 1;
    }

    /// `fault` befalls this way. Of a cut and a hold the later one counts, and each is ended by its own end only.
    pub(super) fn befall(&mut self, way: (u32, u32), fault: LinkFault) {
        let after = match (fault, self.ways.get(&way)) {
            (LinkFault::Partitions, _) => Some(WayIs::Cut),
            (LinkFault::Holds, _) => Some(WayIs::Held),
            (LinkFault::Heals, Some(WayIs::Cut)) | (LinkFault::Releases, Some(WayIs::Held)) => None,
            (LinkFault::Heals | LinkFault::Releases, unmoved) => unmoved.copied(),
        };
        match after {
            Some(after) => {
                self.ways.insert(way, after);
            }
            None => {
                self.ways.remove(&way);
            }
        }
    }

    /// A message of `from` before it is sent.
    pub(super) fn posts(&mut self, choices: &mut Choices, (from, name): (u32, &Name)) -> Posted {
        self.posted += 1;
        let place = self.posted;
        let Post { doubled_ppm, shuffled } = self.post;
        let longest = NonZeroU64::new(u64::try_from(shuffled.as_nanos()).unwrap_or(u64::MAX));
        let mut draw = |stream, bound| choices.draw((from, name), stream, bound);
        self.has_shuffled |= longest.is_some();
        let is_doubled = doubled_ppm > 0 && draw("net.doubled", MILLION) < u64::from(doubled_ppm);
        let mut held_back = || longest.map_or(0, |longest| draw("net.shuffled", longest));
        let first = held_back();
        let second = is_doubled.then(held_back);
        let marks = Marks::DOUBLED.when(is_doubled) | Marks::SHUFFLED.when(longest.is_some());
        Posted { place, marks, first, second }
    }

    /// What `from` sends to `to` now; nothing where that is lost.
    pub(super) fn leaves(
        &mut self,
        choices: &mut Choices,
        (from, name): (u32, &Name),
        to: u32,
    ) -> Option<Leaves> {
        let way = if self.ways.is_empty() { None } else { self.ways.get(&(from, to)).copied() };
        if way == Some(WayIs::Cut) {
            self.count(Effect::CutOff);
            return None;
        }
        let lost_ppm = if from == to { 0 } else { self.transit.loss_ppm };
        if lost_ppm > 0 {
            let drawn = choices.draw((from, name), "net.lost", MILLION);
            if drawn < u64::from(lost_ppm) {
                if drawn >= u64::from(self.calm.loss_ppm) {
                    self.count(Effect::Lost);
                }
                return None;
            }
        }
        if way == Some(WayIs::Held) {
            // Whatever waits comes late by itself.
            return Some(Leaves { marks: Marks::HELD, shortest: None });
        }
        let takes = self.transit.latency != self.calm.latency;
        let shortest = u64::try_from(self.transit.latency.start().as_nanos()).unwrap_or(u64::MAX);
        Some(Leaves { marks: Marks::LATE.when(takes), shortest: takes.then_some(shortest) })
    }

    /// A message has come on the way `from` one host `to` another, of which its sender says this much.
    pub(super) fn arrives(&mut self, way: (u32, u32), come: &Come, arrived: &mut Arrived) {
        if come.marks.has(Marks::HELD) && self.ways.get(&way) != Some(&WayIs::Held) {
            self.count(Effect::LetThrough);
        }
        if come.marks.has(Marks::LATE) && come.is_late {
            self.count(Effect::Late);
        }
        if come.marks.has(Marks::DOUBLED) && !arrived.halves.insert(come.place) {
            self.count(Effect::Doubled);
        }
        if !self.has_shuffled {
            return;
        }
        let latest = arrived.latest.entry(way.0).or_default();
        if come.marks.has(Marks::SHUFFLED) && come.place < *latest {
            self.count(Effect::Overtaken);
        }
        *latest = come.place.max(*latest);
    }
}

/// What a message says of itself as it comes.
pub(super) struct Come {
    pub(super) place: u64,
    pub(super) marks: Marks,
    /// Whether it comes no sooner than the fault says that it was under.
    pub(super) is_late: bool,
}

/// What has come to one socket.
#[derive(Debug, Default)]
pub(super) struct Arrived {
    /// From each host, the place of the message that was sent last.
    latest: BTreeMap<u32, u64>,
    /// The places of doubled ones of which one has come.
    halves: BTreeSet<u64>,
}
