//! The ways between hosts, each on its own: turmoil cuts one way, and holds only both.

use crate::engine::hosts::{LinkFault, address, place};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use turmoil::{Sim, hold, partition_oneway, release, repair_oneway};

/// From which host to which.
type Way = (u32, u32);

/// What has befallen a way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    Cut,
    Held,
}

/// All ways of a run.
#[derive(Default)]
pub(super) struct Ways {
    /// Those that are not as they were in the beginning.
    states: BTreeMap<Way, State>,
    /// Those on which what waits is to arrive with the next step.
    to_deliver: BTreeSet<Way>,
    /// What the root has said between two steps, when turmoil is not there to hear it.
    said: Vec<(Way, LinkFault)>,
    /// Whether a step is going on.
    within: bool,
}

/// turmoil, as it can be reached within a step and between two of them.
enum Links<'a, 'b> {
    Within,
    Between(&'a Sim<'b>),
}

impl Links<'_, '_> {
    fn cut(&self, (from, to): (IpAddr, IpAddr)) {
        match self {
            Self::Within => partition_oneway(from, to),
            Self::Between(sim) => sim.partition_oneway(from, to),
        }
    }

    fn mend(&self, (from, to): (IpAddr, IpAddr)) {
        match self {
            Self::Within => repair_oneway(from, to),
            Self::Between(sim) => sim.repair_oneway(from, to),
        }
    }

    fn hold(&self, (from, to): (IpAddr, IpAddr)) {
        match self {
            Self::Within => hold(from, to),
            Self::Between(sim) => sim.hold(from, to),
        }
    }

    fn release(&self, (from, to): (IpAddr, IpAddr)) {
        match self {
            Self::Within => release(from, to),
            Self::Between(sim) => sim.release(from, to),
        }
    }
}

fn ends((from, to): Way) -> (IpAddr, IpAddr) {
    (address(from as usize), address(to as usize))
}

impl Ways {
    fn state(&self, way: Way) -> State {
        self.states.get(&way).copied().unwrap_or_default()
    }

    /// `fault` befalls this way: at once, or before the next step.
    pub(super) fn befall(&mut self, way: Way, fault: LinkFault) {
        match self.within {
            true => self.change(&Links::Within, way, fault),
            false => self.said.push((way, fault)),
        }
    }

    /// Of a cut and a hold the later one counts, and each is ended by its own end only.
    fn change(&mut self, links: &Links<'_, '_>, way: Way, fault: LinkFault) {
        let back = (way.1, way.0);
        let (there, and_back) = (ends(way), ends(back));
        let after = match (fault, self.state(way)) {
            (LinkFault::Partitions, _) => {
                links.cut(there);
                State::Cut
            }
            (LinkFault::Heals, State::Cut) => {
                links.mend(there);
                State::Open
            }
            (LinkFault::Holds, _) => {
                links.hold(there);
                match self.state(back) {
                    State::Open => {
                        links.mend(and_back);
                        self.to_deliver.insert(back);
                    }
                    State::Cut => links.cut(and_back),
                    State::Held => {}
                }
                State::Held
            }
            (LinkFault::Releases, State::Held) => {
                match self.state(back) {
                    State::Held => {
                        links.mend(there);
                        self.to_deliver.insert(way);
                    }
                    other => {
                        links.release(there);
                        if other == State::Cut {
                            links.cut(and_back);
                        }
                    }
                }
                State::Open
            }
            (LinkFault::Heals | LinkFault::Releases, unmoved) => unmoved,
        };
        self.states.insert(way, after);
    }

    /// A step is over.
    pub(super) fn step_ends(&mut self) {
        self.within = false;
    }

    /// A step begins: what was said has come to pass, and what waits where nothing is held any more is let go.
    pub(super) fn step_begins(&mut self, sim: &Sim<'_>) {
        for (way, fault) in std::mem::take(&mut self.said) {
            self.change(&Links::Between(sim), way, fault);
        }
        self.within = true;
        let ways = std::mem::take(&mut self.to_deliver);
        if ways.is_empty() {
            return;
        }
        sim.links(|links| {
            for sent in links.flatten() {
                let (from, to) = sent.pair();
                let way = place(from.ip()).zip(place(to.ip()));
                if way.is_some_and(|way| ways.contains(&way)) {
                    sent.deliver();
                }
            }
        });
    }
}
