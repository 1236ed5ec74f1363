//! `mutants`: each planted bug of each scenario, and which promise finds it.

use super::super::Invocation;
use super::super::args::BentArgs;
use super::super::args::MutantsArgs;
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::extent::Seeds;
use super::super::kill::{Fate, Hunt, Kill, Reach, bugs};
use super::super::progress::Progress;
use super::super::selection::Selection;
use super::super::table::{self, counted, green, red};
use super::{as_range, default_seeds};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::atomic::Ordering;

/// Prints the kill matrix. A bug that nothing finds, or that another promise finds first, is a survivor. Scenarios none of
/// which declares a bug are an error: nothing killed says nothing.
pub(in crate::cli) fn mutants(
    invocation: &Invocation<'_>,
    args: &MutantsArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let environment = &invocation.environment;
    let seeds = environment.seeds(&args.extent, Seeds::Range(default_seeds()))?;
    let selection = Selection::new(invocation.catalogue, &args.scenarios, BentArgs::default())?;
    let bugs: Vec<_> = bugs(&selection.scenarios).collect();
    if bugs.is_empty() {
        let scenarios = selection.scenarios.iter().map(|scenario| scenario.name()).collect();
        return Err(CliError::NothingToKill { scenarios });
    }
    let progress = Progress::start(None);
    let mut kills: Vec<Kill> = Vec::new();
    let mut exit = Exit::Passed;
    let all = bugs.len();
    for (scenario, bug) in bugs {
        progress.enters(scenario.name());
        let hunt = Hunt {
            seeds: as_range(seeds),
            strategy: environment.strategy(&args.strategy),
            jobs: environment.jobs(&args.extent).0,
            stop: &invocation.stop,
            progress: &|run| progress.ran(scenario, run),
        };
        let kill = hunt.of(scenario, bug)?;
        if invocation.stop.load(Ordering::Relaxed) {
            exit = exit.max(Exit::Interrupted);
            break;
        }
        if !matches!(kill.fate, Fate::Killed { .. }) {
            exit = exit.max(Exit::Broken);
        }
        kills.push(kill);
    }
    progress.ends();
    if args.json {
        kills.iter().try_for_each(|kill| writeln!(out, "{}", json(kill)))?;
        return Ok(exit);
    }
    let mut table = table::table(["scenario", "planted bug", "promise", "seeds to kill"]);
    for kill in &kills {
        let (scenario, bug) = (kill.scenario, kill.bug);
        table.add_row([scenario, bug.plant.name(), bug.promise, &*fate(&kill.fate)]);
    }
    write!(out, "{}", table::text(&table))?;
    let mut table = table::table(["promise", "planted bugs", "scenarios", "median", "most"]);
    for (promise, hers) in by_promise(&kills) {
        let bugs = hers.iter().map(|kill| kill.bug.plant).collect::<BTreeSet<_>>().len();
        let scenarios = hers.iter().map(|kill| kill.scenario).collect::<BTreeSet<_>>().len();
        let [median, most] =
            Seeded::of(hers.iter().copied()).map_or([const { String::new() }; 2], Seeded::words);
        table.add_row([promise.to_owned(), bugs.to_string(), scenarios.to_string(), median, most]);
    }
    write!(out, "\n{}", table::text(&table))?;
    let killed = kills.iter().filter(|kill| matches!(kill.fate, Fate::Killed { .. })).count();
    writeln!(
        out,
        "\n{killed} of {all} planted bugs killed by the promise named for them{}{}",
        Seeded::of(kills.iter()).map_or_else(String::new, Seeded::clause),
        if kills.len() < all { "; interrupted before the others" } else { "" }
    )?;
    Ok(exit)
}

/// The kills of each promise, by its name.
fn by_promise(kills: &[Kill]) -> BTreeMap<&'static str, Vec<&Kill>> {
    let mut by_promise: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for kill in kills {
        by_promise.entry(kill.bug.promise).or_default().push(kill);
    }
    by_promise
}

/// How many seeds it took to kill those that were killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seeded {
    /// Half of them took so many at most.
    median: u64,
    most: u64,
}

impl Seeded {
    /// `None` where nothing was killed.
    fn of<'a>(kills: impl IntoIterator<Item = &'a Kill>) -> Option<Self> {
        let seeds = kills.into_iter().filter_map(|kill| match kill.fate {
            Fate::Killed { after, .. } => Some(after),
            Fate::KilledByAnother { .. } | Fate::Survived { .. } => None,
        });
        let mut seeds: Vec<u64> = seeds.collect();
        seeds.sort_unstable();
        let most = *seeds.last()?;
        Some(Self { median: seeds[(seeds.len() - 1) / 2], most })
    }

    fn words(self) -> [String; 2] {
        [self.median, self.most].map(|seeds| counted(seeds, "seed"))
    }

    fn clause(self) -> String {
        let [median, most] = self.words();
        format!(", the median within {median}, the last within {most}")
    }
}

fn fate(fate: &Fate) -> String {
    match fate {
        Fate::Killed { after, seed } => green(&format!("{after} (seed {seed})")),
        Fate::KilledByAnother { promise, seed } => {
            red(&format!("SURVIVED its promise: {promise} broke first (seed {seed})"))
        }
        Fate::Survived { runs, reach: Reach::Reached } => {
            red(&format!("SURVIVED {}", counted(*runs, "seed")))
        }
        Fate::Survived { runs, reach: Reach::Never } => {
            red(&format!("SURVIVED {}: it was never reached", counted(*runs, "seed")))
        }
    }
}

fn json(kill: &Kill) -> serde_json::Value {
    let (killed_by, seeds) = match &kill.fate {
        Fate::Killed { after, .. } => (Some(kill.bug.promise), Some(*after)),
        Fate::KilledByAnother { promise, .. } => (Some(*promise), None),
        Fate::Survived { .. } => (None, None),
    };
    serde_json::json!({
        "scenario": kill.scenario,
        "plant": kill.bug.plant.name(),
        "promise": kill.bug.promise,
        "killed_by": killed_by,
        "seeds_to_kill": seeds,
    })
}
