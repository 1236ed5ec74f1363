//! Who is measured: a floor, or somebody's breaker in a situation.

use crate::floor::Floor;
use crate::situation::Situation;
use crate::work::Work;
use crate::{ours, peers};

/// Whose breaker it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    /// This project.
    Retrip,
    /// The crate recloser.
    Recloser,
    /// The crate failsafe.
    Failsafe,
    /// The crate circuitbreaker-rs.
    CircuitbreakerRs,
    /// The crate tower-resilience-circuitbreaker.
    TowerResilience,
}

impl Maker {
    /// All but this project.
    pub(crate) const PEERS: [Self; 4] =
        [Self::Recloser, Self::Failsafe, Self::CircuitbreakerRs, Self::TowerResilience];
    /// All.
    pub(crate) const ALL: [Self; 5] = [
        Self::Retrip,
        Self::Recloser,
        Self::Failsafe,
        Self::CircuitbreakerRs,
        Self::TowerResilience,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Retrip => "retrip",
            Self::Recloser => "recloser 1.4",
            Self::Failsafe => "failsafe 1.3",
            Self::CircuitbreakerRs => "circuitbreaker-rs 0.1",
            Self::TowerResilience => "tower-resilience 0.14",
        }
    }
}

/// One that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// A floor.
    Floor(Floor),
    /// A breaker in a situation.
    Breaker(Maker, Situation),
}

impl Side {
    /// All that there are.
    pub(crate) fn all() -> Vec<Self> {
        let of_situation = |situation| Maker::ALL.map(|maker| Self::Breaker(maker, situation));
        let breakers = Situation::ALL.into_iter().flat_map(of_situation);
        let sides = Floor::ALL.into_iter().map(Self::Floor).chain(breakers);
        sides.filter(|side| side.work().is_some()).collect()
    }

    /// A new one, set up and ready; nothing where that breaker cannot be in that situation.
    pub(crate) fn work(self) -> Option<Work> {
        match self {
            Self::Floor(floor) => Some(floor.work()),
            Self::Breaker(Maker::Retrip, situation) => Some(ours::work(situation)),
            Self::Breaker(Maker::Recloser, situation) => peers::recloser::work(situation),
            Self::Breaker(Maker::Failsafe, situation) => peers::failsafe::work(situation),
            Self::Breaker(Maker::CircuitbreakerRs, situation) => {
                peers::circuitbreaker_rs::work(situation)
            }
            Self::Breaker(Maker::TowerResilience, situation) => {
                peers::tower_resilience::work(situation)
            }
        }
    }

    /// What it is called where it stands alone.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Floor(floor) => floor.name(),
            Self::Breaker(maker, _) => maker.name(),
        }
    }
}
