//! A canary beside a sweep: whether a broken promise would have been found at all.

use super::Invocation;
use super::error::CliError;
use super::exit::Exit;
use super::selection::Selection;
use super::table::{counted, red, yellow};
use crate::seed::{Seed, SeedRange};
use crate::sweep::{AfterFailure, Failed, SweepRequest, SweepVerdict, sweep};
use std::fmt;
use std::io::Write;
use std::num::NonZeroUsize;

/// What the canary beside a sweep did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Canary {
    /// The catalogue has none.
    Missing,
    /// This one failed.
    Failed {
        scenario: &'static str,
        /// The first seed that did.
        seed: Seed,
    },
    /// This one broke a promise that it must not.
    Broke { scenario: &'static str, seed: Seed, promise: &'static str },
    /// This one did not.
    Survived { scenario: &'static str, runs: u64 },
}

/// Sweeps the first canary of the catalogue beside what is selected, until it fails, and says what it did: a canary that
/// survives is a gap. Nothing is done where a canary is selected anyway, or where something is bent: a planted bug is a
/// canary of its own.
pub(super) fn sing(
    invocation: &Invocation<'_>,
    selection: &Selection<'_>,
    jobs: NonZeroUsize,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let bent = !selection.plants.is_empty() || !selection.without.is_empty();
    if bent || selection.scenarios.iter().any(|scenario| scenario.is_canary()) {
        return Ok(Exit::Passed);
    }
    match heard(invocation, jobs)? {
        None => Ok(Exit::Interrupted),
        Some(canary @ Canary::Survived { .. }) => {
            writeln!(out, "{}", red(&canary.to_string()))?;
            Ok(Exit::Usage)
        }
        Some(canary @ Canary::Broke { .. }) => {
            writeln!(out, "{}", red(&canary.to_string()))?;
            Ok(Exit::Broken)
        }
        Some(canary @ Canary::Missing) => {
            writeln!(out, "{}", yellow(&canary.to_string()))?;
            Ok(Exit::Passed)
        }
        Some(canary @ Canary::Failed { .. }) => {
            writeln!(out, "{canary}")?;
            Ok(Exit::Passed)
        }
    }
}

/// What the canary does; none where it was interrupted before it did anything.
fn heard(invocation: &Invocation<'_>, jobs: NonZeroUsize) -> Result<Option<Canary>, CliError> {
    let scenarios = invocation.catalogue.scenarios();
    let Some(scenario) = scenarios.iter().find(|scenario| scenario.is_canary()) else {
        return Ok(Some(Canary::Missing));
    };
    let request = SweepRequest {
        seeds: SeedRange::new(0, scenario.enough_seeds().max(1))?,
        jobs,
        plants: &[],
        without: &[],
        // It is the harness that is asked, and not the strategy that somebody chose.
        strategy: None,
        after_failure: AfterFailure::Stop,
        stop: &invocation.stop,
        // Its runs are none of those that were asked for.
        progress: &|_| {},
    };
    let swept = sweep(scenario, &request)?;
    let scenario_name = scenario.name();
    if let Some(Failed { seed, breach }) = swept.unwanted(scenario).next() {
        let (scenario, seed, promise) = (scenario_name, *seed, breach.promise);
        return Ok(Some(Canary::Broke { scenario, seed, promise }));
    }
    Ok(match (swept.failed.first(), swept.verdict(scenario)) {
        (Some(first), _) => Some(Canary::Failed { scenario: scenario_name, seed: first.seed }),
        (None, SweepVerdict::NotJudged { .. }) => None,
        (None, _) => Some(Canary::Survived { scenario: scenario_name, runs: swept.runs }),
    })
}

impl fmt::Display for Canary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str(
                "no canary in this catalogue: whether a broken promise would be found is not judged",
            ),
            Self::Failed { scenario, seed } => {
                write!(f, "{scenario}, beside it: failed, as it must (seed {seed})")
            }
            Self::Broke { scenario, seed, promise } => {
                write!(f, "{scenario}, beside it: BROKEN: {promise} (seed {seed}), which is not what it must break")
            }
            Self::Survived { scenario, runs } => write!(
                f,
                "{scenario}, beside it: SURVIVED {}: nothing is found any more",
                counted(*runs, "seed")
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::BentArgs;
    use super::super::environment::Environment;
    use super::*;
    use crate::check::never;
    use crate::part::clock;
    use crate::scenario::{Catalogue, Draft, Scenario};
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    fn quiet() -> Scenario {
        Scenario::new("quiet", "nothing happens", |_| {})
    }

    /// It has to fail, and cannot.
    fn sleeps() -> Scenario {
        Scenario::new("sleeps", "a canary that sleeps", |draft| {
            let jump = draft.draw_duration("jump", Duration::from_secs(1)..=Duration::from_secs(9));
            draft.at(Duration::ZERO, clock().jumps_back(jump));
            draft.check(never("stays", "the clock stays", |_| None));
        })
        .enough(3)
        .must_break("stays")
    }

    /// What is said beside `quiet`, in a catalogue that also has `canary`.
    fn said(canary: Option<Scenario>, stop: AtomicBool) -> (Exit, String) {
        let scenarios = std::iter::once(quiet()).chain(canary).collect();
        let catalogue = Catalogue::new(scenarios).expect("each name is unique");
        let stop = Arc::new(stop);
        let environment = Environment::default();
        let invocation = Invocation { catalogue: &catalogue, environment, stop };
        let selection = Selection::new(&catalogue, [&"quiet".to_owned()], BentArgs::default())
            .expect("it is there");
        let mut out = Vec::new();
        let exit = sing(&invocation, &selection, NonZeroUsize::MIN, &mut out).expect("it runs");
        (exit, String::from_utf8(out).expect("it is text"))
    }

    #[test]
    fn a_canary_that_survives_is_a_gap() {
        let (exit, text) = said(Some(sleeps()), AtomicBool::new(false));
        assert_eq!(exit, Exit::Usage);
        let wanted = "sleeps, beside it: SURVIVED 3 seeds: nothing is found any more";
        assert!(text.contains(wanted), "{text}");
    }

    #[test]
    fn a_canary_that_breaks_what_it_must_not_is_no_good_sign() {
        let body = |draft: &mut Draft<'_>| {
            draft.at(Duration::ZERO, clock().jumps_back(Duration::from_secs(1)));
            draft.check(never("stays", "the clock stays", |_| Some("a jump".to_owned())));
            draft.check(never("stands", "the clock stands", |_| None));
        };
        let canary = |promise| Scenario::new("jumps", "a clock jumps", body).must_break(promise);
        let (exit, text) = said(Some(canary("stays")), AtomicBool::new(false));
        assert_eq!(
            (exit, &*text),
            (Exit::Passed, "jumps, beside it: failed, as it must (seed 0x0)\n")
        );
        let (exit, text) = said(Some(canary("stands")), AtomicBool::new(false));
        assert_eq!(exit, Exit::Broken);
        let wanted = "jumps, beside it: BROKEN: stays (seed 0x0), which is not what it must break";
        assert!(text.contains(wanted), "{text}");
    }

    #[test]
    fn a_catalogue_without_a_canary_judges_nothing_and_says_so() {
        let (exit, text) = said(None, AtomicBool::new(false));
        assert_eq!(exit, Exit::Passed);
        assert!(text.contains("no canary in this catalogue: whether a broken promise"), "{text}");
    }

    #[test]
    fn a_canary_that_was_interrupted_has_not_survived() {
        let (exit, text) = said(Some(sleeps()), AtomicBool::new(true));
        assert_eq!((exit, &*text), (Exit::Interrupted, ""));
    }
}
