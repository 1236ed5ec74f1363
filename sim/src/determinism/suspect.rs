//! What a difference between two runs usually is, judged from several runs of it.

use super::difference::{Difference, EventAt, happened};
use super::testimony::Testimony;
use serde_json::Value;
use std::fmt;

/// The usual reason for a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Suspect {
    /// The same things in another order.
    MapOrder,
    /// A number that grows from run to run, as time does.
    RealClock,
    /// Fresh processes agree with each other, and not with one that has run before.
    Leftover,
    /// Values that no two runs share.
    Randomness,
    /// Threads take other turns, or streams are drawn from otherwise, while nothing else differs.
    HiddenOrder,
}

/// Readings of a clock in nanoseconds that belong to one check differ by less than this, the first of which may be of a long sweep:
/// thirty days.
const ONE_CHECK: i128 = 30 * 24 * 3_600_000_000_000;

impl Suspect {
    /// It in a few words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MapOrder => "map order",
            Self::RealClock => "a real clock",
            Self::Leftover => "a leftover of an earlier run",
            Self::Randomness => "randomness of the operating system",
            Self::HiddenOrder => "an unseeded select",
        }
    }

    /// What `difference` usually is, given the runs here and those in fresh processes, each in the order in which they
    /// were made.
    #[must_use]
    pub fn of(difference: &Difference, here: &[Testimony], fresh: &[Testimony]) -> Self {
        if here.iter().skip(1).any(|run| reordered(&here[0], run))
            || fresh.iter().any(|run| reordered(&here[0], run))
        {
            return Self::MapOrder;
        }
        if fresh.windows(2).all(|two| two[0] == two[1]) {
            return Self::Leftover;
        }
        let Difference::Event { number, .. } = difference else { return Self::HiddenOrder };
        let readings: Vec<i128> = here
            .iter()
            .chain(fresh)
            .filter_map(|run| number_in(run, *number, here, fresh))
            .collect();
        let grows = readings.windows(2).all(|two| two[0] < two[1]);
        let near = readings.first().zip(readings.last()).is_some_and(|(a, b)| b - a < ONE_CHECK);
        if readings.len() == here.len() + fresh.len() && grows && near {
            Self::RealClock
        } else {
            Self::Randomness
        }
    }
}

/// The number of the `number`-th event that is not the same in all runs.
fn number_in(
    run: &Testimony,
    number: usize,
    here: &[Testimony],
    fresh: &[Testimony],
) -> Option<i128> {
    let values = |run: &Testimony| Some(EventAt::read(run.events.get(number - 1)?).values);
    let mine = values(run)?;
    let odd = mine.iter().find(|(name, value)| {
        here.iter().chain(fresh).any(|other| {
            values(other).and_then(|map| map.get(*name).cloned()).as_ref() != Some(value)
        })
    })?;
    odd.1.as_i64().map(i128::from).or_else(|| odd.1.as_u64().map(i128::from))
}

/// Whether two different runs hold the same events, or the same words, in another order.
fn reordered(first: &Testimony, second: &Testimony) -> bool {
    // Times follow from the order of what happens, so they are left out.
    let sorted = |run: &Testimony| {
        let mut events: Vec<String> = run.events.iter().map(|line| untimed(line)).collect();
        events.sort();
        events
    };
    let words = |run: &Testimony| {
        let mut words: Vec<String> =
            run.events.iter().flat_map(|line| words_of(&untimed(line))).collect();
        words.sort();
        words
    };
    let in_order =
        |run: &Testimony| run.events.iter().map(|line| untimed(line)).collect::<Vec<_>>();
    in_order(first) != in_order(second)
        && (sorted(first) == sorted(second) || words(first) == words(second))
}

fn untimed(line: &str) -> String {
    let mut object = happened(line);
    for key in ["engine", "mono", "wall"] {
        object.remove(key);
    }
    Value::Object(object).to_string()
}

fn words_of(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

impl fmt::Display for Suspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::MapOrder => {
                "map order: the same things come in another order, as from a HashMap or an unseeded select; \
                 use a BTreeMap, or sort"
            }
            Self::RealClock => {
                "a real clock: the number grows from run to run; read the clocks of the platform"
            }
            Self::Leftover => {
                "a leftover of an earlier run: fresh processes agree, this one does not; look for a static or a \
                 thread-local that a run leaves something in"
            }
            Self::Randomness => {
                "randomness of the operating system: no two runs share the value; draw from the platform"
            }
            Self::HiddenOrder => {
                "an unseeded select, or a map whose order decides who goes first without being logged"
            }
        })
    }
}
