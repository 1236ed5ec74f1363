//! Who logs, where to, and from how many threads.

use crate::floor::{Floor, wall};
use crate::happening::Happening;
use crate::target::{Place, Target};
use crate::work::Work;
use crate::{ours, peers};
use retrip_core::logger::Level;

/// Whose logger it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    /// What is written by hand.
    Floor,
    /// This project.
    Retrip,
    /// The crate slog-json.
    SlogJson,
    /// The crate emit.
    Emit,
    /// The crate logforth.
    Logforth,
    /// The crate tracing-subscriber.
    Tracing,
}

impl Maker {
    pub(crate) const ALL: [Self; 6] =
        [Self::Floor, Self::Retrip, Self::SlogJson, Self::Emit, Self::Logforth, Self::Tracing];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Retrip => "retrip",
            Self::SlogJson => "slog-json 2.6",
            Self::Emit => "emit 2.23",
            Self::Logforth => "logforth 0.30",
            Self::Tracing => "tracing-subscriber 0.3",
        }
    }
}

/// What becomes of the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// They are written.
    Written(Place),
    /// They are below the threshold.
    Rejected,
}

/// How many threads log through one logger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crowd {
    One,
    Eight,
}

impl Crowd {
    pub(crate) const fn threads(self) -> usize {
        match self {
            Self::One => 1,
            Self::Eight => 8,
        }
    }
}

/// One row of the table of cells: what becomes of the events, and from how many threads they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) fate: Fate,
    pub(crate) crowd: Crowd,
}

impl Cell {
    /// All in which lines are written.
    pub(crate) fn written() -> impl Iterator<Item = Self> {
        let of = |crowd| Place::ALL.map(|place| Self { fate: Fate::Written(place), crowd });
        [Crowd::One, Crowd::Eight].into_iter().flat_map(of)
    }

    pub(crate) const REJECTED: Self = Self { fate: Fate::Rejected, crowd: Crowd::One };

    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Self::written().chain([Self::REJECTED])
    }

    pub(crate) fn name(self) -> String {
        let threads = match self.crowd {
            Crowd::One => "1 thread",
            Crowd::Eight => "8 threads",
        };
        match self.fate {
            Fate::Written(place) => format!("{}, {threads}", place.name()),
            Fate::Rejected => "rejected by its level".to_owned(),
        }
    }
}

/// A new logger of that maker, and what logs through it.
pub(crate) fn work(maker: Maker, fate: Fate) -> Work {
    let (place, level) = match fate {
        Fate::Written(place) => (place, Level::Info),
        Fate::Rejected => (Place::Null, Level::Debug),
    };
    match maker {
        Maker::Floor => by_hand(place, level),
        Maker::Retrip => ours::work(place, level),
        Maker::SlogJson => peers::slog_json::work(place, level),
        Maker::Emit => peers::emit_json::work(place, level),
        Maker::Logforth => peers::logforth_json::work(place, level),
        Maker::Tracing => peers::tracing_json::work(place, level),
    }
}

fn by_hand(place: Place, level: Level) -> Work {
    let floor = Floor::new("llm", Target::of(place));
    Box::new(move |events| {
        floor.within(|| {
            for _ in 0..events {
                floor.happened(level, &Happening::again(), wall);
            }
        });
    })
}
