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

/// Compares some seeds of a sweep, evenly spread over it, with what they left behind in it, where that was kept, and with themselves,
/// here and in a fresh process, until `stop` is set.
pub(in crate::cli) fn compare(
    scenario: &Scenario,
    selection: &Selection<'_>,
    swept: &Swept,
    sample: Sample,
    stop: &AtomicBool,
    elsewhere: Elsewhere<'_>,
) -> Result<Compared, CliError> {
    let mut compared = Compared::default();
    for seed in sample.of(swept.seeds) {
        let plan = scenario.plan(seed)?;
        let request = selection.request(&plan);
        let kept = swept.kept.get(&seed);
        let check = || determinism::check_again(scenario, &request, kept, elsewhere);
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
            match conformance::compare(scenario, &request, &engines)? {
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
    use crate::determinism::{Between, Testimony};
    use crate::part::clock;
    use crate::run::{Request, run};
    use crate::scenario::Catalogue;
    use crate::sweep::Sweep;
    use std::cell::Cell;
    use std::collections::BTreeMap;
    use std::sync::atomic::Ordering;
    use std::time::Duration;

    fn draws() -> Scenario {
        Scenario::new("draws", "something is drawn", |s| {
            let number = s.draw("number", 0..=1_000_000);
            s.at(
                Duration::from_nanos(number.into()),
                clock().jumps_forward(Duration::from_nanos(1)),
            );
        })
    }

    /// How many of twenty seeds are compared where the `nth` comparison is interrupted, in the way that `last` says.
    fn compared(nth: u64, last: fn() -> Result<(), CliError>) -> u64 {
        let catalogue = Catalogue::new(vec![draws()]).expect("one name");
        let selection = Selection::new(&catalogue, [], BentArgs::default()).expect("all of it");
        let sweep = Sweep { seeded: true, ..Sweep::default() };
        let seeds = "0..20".parse().expect("a range");
        let swept = Swept { sweep, seeds, kept: BTreeMap::new() };
        let (stop, asked) = (AtomicBool::new(false), Cell::new(0));
        let elsewhere = |request: &Request<'_>| {
            asked.set(asked.get() + 1);
            if asked.get() == nth {
                stop.store(true, Ordering::Relaxed);
                last()?;
            }
            Ok(Testimony::of(&run(selection.scenarios[0], request)?))
        };
        let scenario = selection.scenarios[0];
        let compared = compare(scenario, &selection, &swept, Sample(20), &stop, &elsewhere);
        let compared = compared.expect("an interruption is no error");
        assert!(compared.differs.is_none());
        compared.seeds
    }

    #[test]
    fn a_seed_that_left_something_else_behind_in_the_sweep_differs() {
        let catalogue = Catalogue::new(vec![draws()]).expect("one name");
        let selection = Selection::new(&catalogue, [], BentArgs::default()).expect("all of it");
        let scenario = selection.scenarios[0];
        let elsewhere =
            |request: &Request<'_>| Ok(Testimony::of(&run(selection.scenarios[0], request)?));
        let compared = |ran_as: u64| {
            let plan = scenario.plan(Seed::new(ran_as)).expect("a name");
            let ran = Testimony::of(&run(scenario, &Request::of(&plan)).expect("it runs"));
            let sweep = Sweep { seeded: true, ..Sweep::default() };
            let seeds = "0..20".parse().expect("a range");
            let swept = Swept { sweep, seeds, kept: [(Seed::new(10), ran)].into() };
            let stop = AtomicBool::new(false);
            compare(scenario, &selection, &swept, Sample(1), &stop, &elsewhere)
        };
        assert!(compared(10).expect("it runs").differs.is_none());
        let differs = compared(11).expect("it runs").differs.expect("it ran as another seed");
        assert_eq!((differs.0, differs.1.between), (Seed::new(10), Between::RunsHere));
    }

    #[test]
    fn seeds_are_compared_until_it_is_interrupted_and_what_that_breaks_is_left_out() {
        assert_eq!(compared(100, || Ok(())), 20);
        assert_eq!(compared(3, || Ok(())), 3);
        let ended = || Err(CliError::SeedAndSeeds);
        assert_eq!(compared(3, ended), 2);
    }
}
