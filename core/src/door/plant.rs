//! Bugs planted on purpose, so that a promise can show that it would have found them.

use std::fmt;

/// A bug that can be switched on in a simulation, by name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Plant(&'static str);

impl Plant {
    /// A plant by its name, `snake_case`, after what is wrong: `wall_clock_interval`.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for Plant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "plant {}", self.0)
    }
}

/// Whether a platform can hold planted bugs at all.
///
/// Ask as `P::PLANTS && platform.planted(..)`, or through [`Rules`]: with `PLANTS` false the question, the wrong code and
/// the plant's name disappear from the binary.
pub trait Plants {
    /// False in production.
    const PLANTS: bool;

    /// Whether `plant` is switched on in this run. Never asked where [`Plants::PLANTS`] is false.
    fn planted(&self, plant: Plant) -> bool;
}

/// How pure code asks for planted bugs, without knowing a platform.
pub trait Rules {
    /// Whether `plant` is switched on.
    fn broken_by(&self, plant: Plant) -> bool;
}

impl<P: Plants> Rules for P {
    #[inline]
    fn broken_by(&self, plant: Plant) -> bool {
        P::PLANTS && self.planted(plant)
    }
}

/// No planted bug: the rules as they are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sound;

impl Plants for Sound {
    const PLANTS: bool = false;

    #[inline]
    fn planted(&self, _plant: Plant) -> bool {
        false
    }
}
