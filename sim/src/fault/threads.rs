//! Faults of simulated threads, which share the clocks of one node.

use super::clocks::UnderWay;
use super::{Cast, Happening};
use crate::engine::threads::{Sim, SimUnit};
use crate::log::{Cause, Name, What};
use crate::plan::FaultKind;

/// Lets them happen, each at its time, or as soon as the run comes to it. Once the run has turned fair none begins any
/// more; those under way still end.
pub(crate) fn befall_threads(sim: &Sim, cast: &Cast<SimUnit>, happenings: Vec<Happening>) {
    let mut under_way = UnderWay::default();
    for Happening { at, fault, kind, actor, begins, .. } in happenings {
        sim.sleep_until_engine(at);
        let begins = begins.filter(|_| !sim.is_fair());
        if let Some(actor) = actor {
            let hold = begins.map(|fault| (fault.until.unwrap_or_default(), fault.fault));
            if let Some(hold) = hold
                && let Some(thread) = cast.holds(&actor, hold)
            {
                sim.hold(thread, hold);
            }
            continue;
        }
        if let FaultKind::Disk(trouble) = kind {
            sim.change_disk(|disk| match begins {
                Some(_) => disk.begin(fault, trouble),
                None => disk.end(fault),
            });
            continue;
        }
        for said in sim.change_clock(|clock, now| under_way.pass(clock, now, begins)) {
            sim.because(Some(Cause::Fault(said.fault)));
            sim.record(&Name::from("clock"), What::Clock(said.event));
        }
    }
}
