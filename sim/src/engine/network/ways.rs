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
}

fn ends((from, to): Way) -> (IpAddr, IpAddr) {
    (address(from as usize), address(to as usize))
}

impl Ways {
    fn state(&self, way: Way) -> State {
        self.states.get(&way).copied().unwrap_or_default()
    }

    /// `fault` befalls this way. Of a cut and a hold the later one counts, and each is ended by its own end only.
    pub(super) fn befall(&mut self, way: Way, fault: LinkFault) {
        let (back, (from, to)) = ((way.1, way.0), ends(way));
        let after = match (fault, self.state(way)) {
            (LinkFault::Partitions, _) => {
                partition_oneway(from, to);
                State::Cut
            }
            (LinkFault::Heals, State::Cut) => {
                repair_oneway(from, to);
                State::Open
            }
            (LinkFault::Holds, _) => {
                hold(from, to);
                match self.state(back) {
                    State::Open => {
                        repair_oneway(to, from);
                        self.to_deliver.insert(back);
                    }
                    State::Cut => partition_oneway(to, from),
                    State::Held => {}
                }
                State::Held
            }
            (LinkFault::Releases, State::Held) => {
                match self.state(back) {
                    State::Held => {
                        repair_oneway(from, to);
                        self.to_deliver.insert(way);
                    }
                    other => {
                        release(from, to);
                        if other == State::Cut {
                            partition_oneway(to, from);
                        }
                    }
                }
                State::Open
            }
            (LinkFault::Heals | LinkFault::Releases, unmoved) => unmoved,
        };
        self.states.insert(way, after);
    }

    /// Lets go, before the next step, of what waits where nothing is held any more.
    pub(super) fn settle(&mut self, sim: &Sim<'_>) {
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
