//! Seeds of a sweep that are run again: here, in a fresh process, and on other engines.

use super::error::CliError;
use super::extent::Sample;
use super::interrupt::unless_stopped;
use super::selection::Selection;
use super::sweeping::Swept;
use super::witness::Elsewhere;
use crate::conformance::{self, Disagreement};
use crate::determinism::{self, Divergence, Finding};
use crate::scenario::Scenario;
use crate::seed::Seed;
use std::sync::atomic::AtomicBool;

/// Seeds that were run again, here and in a fresh process.
#[derive(Default)]
pub(in crate::cli) struct Compared {
    pub(in crate::cli) seeds: u64,
    /// The first one that was not what its seed says.
    pub(in crate::cli) differs: Option<(Seed, Divergence)>,
    /// Those that several engines tell the same of.
    pub(in crate::cli) alike: u64,
    /// The first one that they tell differently.
    pub(in crate::cli) disagrees: Option<(Seed, Disagreement)>,
}

/// Compares some seeds of a sweep with themselves, evenly spread over it, the first one always, until `stop` is set.
pub(in crate::cli) fn compare(
    scenario: &Scenario,
    selection: &Selection<'_>,
    swept: &Swept,
    Sample(sample): Sample,
    stop: &AtomicBool,
    elsewhere: Elsewhere<'_>,
) -> Result<Compared, CliError> {
    let mut compared = Compared::default();
    let all = if swept.sweep.seeded { swept.seeds.len() } else { 1 };
    let sample = u128::from(sample).min(all);
    for index in 0..sample {
        let step = u64::try_from(index * all / sample).expect("a place in a range is below 2^64");
        let seed = Seed::new(swept.seeds.first().value() + step);
        let plan = scenario.plan(seed)?;
        let check = || determinism::check(scenario, &selection.request(&plan), elsewhere);
        let Some(finding) = unless_stopped(stop, check)? else { break };
        compared.seeds += 1;
        if let Finding::Differs(how) = finding {
            compared.differs = Some((seed, *how));
            break;
        }
        // A bug that is switched on may be one of threads only.
        if !selection.plants.is_empty() || compared.disagrees.is_some() {
            continue;
        }
        let engines = conformance::engines(scenario, &plan)?;
        if engines.len() > 1 {
            match conformance::compare(scenario, &selection.request(&plan), &engines)? {
                None => compared.alike += 1,
                Some(how) => compared.disagrees = Some((seed, how)),
            }
        }
    }
    Ok(compared)
}

#[cfg(test)]
mod tests {
    use super::super::args::BentArgs;
    use super::*;
    use crate::determinism::Testimony;
    use crate::run;
    use crate::scenario::Catalogue;
    use crate::sweep::Sweep;
    use std::cell::Cell;
    use std::sync::atomic::Ordering;

    fn draws() -> Scenario {
        Scenario::new("draws", "something is drawn", |s| {
            s.draw("number", 0..=9);
        })
    }

    /// How many of twenty seeds are compared where the `nth` comparison is interrupted, in the way that `last` says.
    fn compared(nth: u64, last: fn() -> Result<(), CliError>) -> u64 {
        let catalogue = Catalogue::new(vec![draws()]).expect("one name");
        let selection = Selection::new(&catalogue, [], BentArgs::default()).expect("all of it");
        let sweep = Sweep { seeded: true, ..Sweep::default() };
        let swept = Swept { sweep, seeds: "0..20".parse().expect("a range") };
        let (stop, asked) = (AtomicBool::new(false), Cell::new(0));
        let elsewhere = |request: &run::Request<'_>| {
            asked.set(asked.get() + 1);
            if asked.get() == nth {
                stop.store(true, Ordering::Relaxed);
                last()?;
            }
            Ok(Testimony::of(&run::run(selection.scenarios[0], request)?))
        };
        let scenario = selection.scenarios[0];
        let compared = compare(scenario, &selection, &swept, Sample(20), &stop, &elsewhere);
        let compared = compared.expect("an interruption is no error");
        assert!(compared.differs.is_none());
        compared.seeds
    }

    #[test]
    fn seeds_are_compared_until_it_is_interrupted_and_what_that_breaks_is_left_out() {
        assert_eq!(compared(100, || Ok(())), 20);
        assert_eq!(compared(3, || Ok(())), 3);
        let ended = || Err(CliError::SeedAndSeeds);
        assert_eq!(compared(3, ended), 2);
    }
}
