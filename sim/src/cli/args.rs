//! The arguments of each command.

use super::extent::{Form, Jobs, Most, Runs, Sample, Seeds, Shard};
use super::seqs::Seqs;

use crate::doctor::Leak;
use crate::engine::{EngineName, NamedStrategy};
use crate::seed::Seed;
use clap::Parser;
use retrip_core::door::Timestamp;
use retrip_core::logger::{EventType, Filter, Level, UnknownWord};
use std::path::PathBuf;

/// Runs the scenarios of a catalogue under deterministic simulation
#[derive(Debug, Parser)]
#[command(
    name = "retrip",
    version,
    after_help = "Without a command, the whole catalogue is run.\n\nThese flags have a variable, which they override: \
                  --seed RETRIP_SEED, --seeds RETRIP_SEEDS, --jobs RETRIP_JOBS, --shard RETRIP_SHARD, --check \
                  RETRIP_CHECK, --plant RETRIP_PLANT, --without RETRIP_WITHOUT, --strategy RETRIP_STRATEGY, --engine RETRIP_ENGINE, \
                  --form RETRIP_FORM. The others have none.\n\nExit codes: 0 all passed, 1 a promise was broken or a log file is damaged, 2 wrong input or gaps, \
                  3 not deterministic, 75 interrupted. Of several, 3 outweighs 1, 1 outweighs 2, and 2 outweighs 75."
)]
pub(super) struct Args {
    /// The engine that scenarios run on: threads, nodes or network; each runs on its own where none is named
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) engine: Option<EngineName>,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Runs scenarios over many seeds; without arguments the whole catalogue
    Run(RunArgs),
    /// Runs one plan, as a report prints it
    Replay(ReplayArgs),
    /// Prints the event log of one seed or of one plan, or the plan that a seed draws
    Log(LogArgs),
    /// Prints the records of log files, as the logger writes them, and what is wrong with the files
    Logs(LogsArgs),
    /// Runs one seed in every order of its steps, or in all within a bound
    Explore(ExploreArgs),
    /// Compares the event logs of two seeds
    Diff(DiffArgs),
    /// Runs each planted bug until the promise named for it finds it; 1 where one survives
    Mutants(MutantsArgs),
    /// Lists the scenarios, or what proves each row of the tests that this project replaces
    List(ListArgs),
    /// Examines each engine of this build on this machine: whether it is there, deterministic, and found out where it is not
    Doctor(DoctorArgs),
    /// Says what a run leaves behind, for the comparison with a fresh process
    #[command(hide = true)]
    Witness(ReplayArgs),
    /// Says what a run of `doctor` leaves behind, for the comparison with a fresh process
    #[command(hide = true)]
    Specimen(SpecimenArgs),
}

/// How much is run.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ExtentArgs {
    /// A range without its end (0..100) or with it (0..=99), a count from 0 on (100), or a time (30s) that is shared by the
    /// scenarios; bounds in decimal or hexadecimal (0x4)
    #[arg(long, value_name = "A..B|N|30s", allow_negative_numbers = true)]
    pub(super) seeds: Option<Seeds>,
    /// One seed: a decimal number (4), a hexadecimal one (0x4), as reports print it, or a commit hash
    #[arg(long, conflicts_with = "seeds", allow_negative_numbers = true)]
    pub(super) seed: Option<Seed>,
    /// Seeds that run side by side; the result does not depend on it
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<Jobs>,
    /// The I-th of N parts of the seeds
    #[arg(long, value_name = "I/N")]
    pub(super) shard: Option<Shard>,
}

/// What is bent.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct BentArgs {
    /// Switches a planted bug on
    #[arg(long, value_name = "BUG", value_delimiter = ',')]
    pub(super) plant: Vec<String>,
    /// Switches a promise off
    #[arg(long, value_name = "PROMISE", value_delimiter = ',')]
    pub(super) without: Vec<String>,
}

/// What chooses the threads.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(super) struct StrategyArgs {
    /// The strategy of every run that leaves the schedule to its seed, in place of the one that the seed draws: random, urw,
    /// pos, pct, sticky or round-robin; of the last three each seed draws the parameter where none is given (pct:3,
    /// sticky:10, round-robin:1)
    #[arg(long, value_name = "NAME[:PARAMETER]")]
    pub(super) strategy: Option<NamedStrategy>,
}

#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct RunArgs {
    /// The scenarios; all where none is named
    #[arg(value_name = "SCENARIO")]
    pub(super) scenarios: Vec<String>,
    #[command(flatten)]
    pub(super) extent: ExtentArgs,
    /// Seeds of each scenario, spread over all, that are run again here and in a fresh process and compared, 64 of a range also with
    /// what they were in the sweep: 1 where it is not given, 10 where no number is
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "10")]
    pub(super) check: Option<Sample>,
    /// Also prints a number for the event logs of all seeds of each scenario, to be compared with another machine, build or process
    #[arg(long)]
    pub(super) digest: bool,
    #[command(flatten)]
    pub(super) strategy: StrategyArgs,
    #[command(flatten)]
    pub(super) bent: BentArgs,
}

#[derive(Clone, Debug, clap::Args)]
pub(super) struct ReplayArgs {
    /// The plan, or @FILE with the plan in it
    #[arg(value_name = "PLAN")]
    pub(super) plan: String,
    #[command(flatten)]
    pub(super) strategy: StrategyArgs,
    #[command(flatten)]
    pub(super) bent: BentArgs,
}

#[derive(Clone, Debug, clap::Args)]
pub(super) struct LogArgs {
    /// The scenario, or a plan as `replay` takes it
    #[arg(value_name = "SCENARIO|PLAN")]
    pub(super) scenario: String,
    /// The seed of a scenario, as `run --seed` takes it; 0 where none is given
    #[arg(long, allow_negative_numbers = true)]
    pub(super) seed: Option<Seed>,
    /// full, decision or json; or plan, which prints what was drawn in place of what happened, one statement per line
    #[arg(long)]
    pub(super) form: Option<Form>,
    /// The file to write to, in place of the standard output
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    #[command(flatten)]
    pub(super) strategy: StrategyArgs,
    #[command(flatten)]
    pub(super) bent: BentArgs,
}

#[derive(Clone, Debug, Default, clap::Args)]
#[command(
    after_help = "A line shows the time, the level, the logger, the kind of event, the message, and every other key with its value. \
                  What is wrong with the files is said at the end on the standard error, whatever the filters: bytes that are no \
                  record, a torn last line, and sequence numbers that are missing. Events that the logger says it has lost are named \
                  there too, and are no damage.\n\nFiles are read in the order given: the oldest first. Where app.jsonl.000002 or \
                  app.jsonl is named behind app.jsonl.000001 it continues it, with its numbers; other files have numbers of their \
                  own. Several loggers may write to one file; their lines do not say which one they are of, so that a number \
                  is missing only where it is missing whichever of them it is of. A file that has some of the events, such as those \
                  from warnings on, lacks the numbers of the others: --sparse says that it is one.\n\nExit codes: 0 nothing is wrong with the files, 1 some of it is damaged or numbers are missing that no line \
                  announces, 2 wrong input, 75 interrupted, as --follow ends. Of several, 1 outweighs 75."
)]
pub(super) struct LogsArgs {
    /// The log files, and - for the standard input
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Only records of exactly this level: debug, info, warning, error or critical
    #[arg(long, value_parser = level, conflicts_with = "at_least")]
    pub(super) level: Option<Level>,
    /// Only records of this level or a higher one
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(super) at_least: Option<Level>,
    /// Only records of this kind of event, such as circuit_breaker.opened
    #[arg(long, value_name = "EVENT_TYPE")]
    pub(super) event: Option<EventType>,
    /// Only records of this component
    #[arg(long)]
    pub(super) component: Option<String>,
    /// Only records of this request, by its request_id
    #[arg(long, value_name = "ID")]
    pub(super) request: Option<String>,
    /// Only records from this time on: 2026-01-31, or with a time and its zone, 2026-01-31T12:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(super) since: Option<Timestamp>,
    /// Only records up to this time, with it
    #[arg(long, value_name = "TIME")]
    pub(super) until: Option<Timestamp>,
    /// Only records with these sequence numbers: a range without its end (10..20) or with it (10..=20), or one number
    #[arg(long, value_name = "A..B")]
    pub(super) seq: Option<Seqs>,
    /// Waits for more at the end of the last file, also where another file takes its place, until Ctrl-C
    #[arg(long)]
    pub(super) follow: bool,
    /// The files have a part of the events: numbers that are missing are no damage
    #[arg(long)]
    pub(super) sparse: bool,
    /// Prints the records as they stand in the file
    #[arg(long)]
    pub(super) json: bool,
}

impl LogsArgs {
    /// All criteria together.
    pub(super) fn filter(&self) -> Filter {
        /// `filter` with one more criterion, where it is given.
        fn with<T>(
            filter: Filter,
            given: Option<T>,
            add: impl FnOnce(Filter, T) -> Filter,
        ) -> Filter {
            match given {
                Some(value) => add(filter, value),
                None => filter,
            }
        }
        let filter = with(Filter::new(), self.level, Filter::level);
        let filter = with(filter, self.at_least, Filter::least_level);
        let filter = with(filter, self.event, Filter::event_type);
        let filter = with(filter, self.component.as_deref(), Filter::component);
        let filter = with(filter, self.request.as_deref(), Filter::request_id);
        let filter = with(filter, self.since, Filter::since);
        let filter = with(filter, self.until, Filter::until);
        with(filter, self.seq.clone(), |filter, seqs| filter.seqs(seqs.0))
    }
}

/// A level in either case.
fn level(text: &str) -> Result<Level, UnknownWord> {
    text.to_ascii_uppercase().parse().or_else(|_| text.parse())
}

#[derive(Clone, Debug, clap::Args)]
pub(super) struct ExploreArgs {
    /// The scenario
    #[arg(value_name = "SCENARIO")]
    pub(super) scenario: String,
    /// The seed, which decides everything but the order; 0 where none is given
    #[arg(long, allow_negative_numbers = true)]
    pub(super) seed: Option<Seed>,
    /// How often a run may take off a thread that could go on; without it all orders are run
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(super) preemptions: Option<Most>,
    /// How often a run may move time to the next timer while somebody could go on; 1 where it is not given, and none in a
    /// scenario that promises how long something takes
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(super) time_moves: Option<Most>,
    /// The most runs; 1,000,000 where it is not given
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(super) runs: Option<Runs>,
    /// Also runs orders that differ only in steps which do not matter to each other, as with --preemptions
    #[arg(long)]
    pub(super) all_orders: bool,
    #[command(flatten)]
    pub(super) bent: BentArgs,
}

#[derive(Clone, Debug, clap::Args)]
pub(super) struct DiffArgs {
    /// The scenario
    #[arg(value_name = "SCENARIO")]
    pub(super) scenario: String,
    /// The first seed, as `run --seed` takes it
    #[arg(value_name = "SEED_A", allow_negative_numbers = true)]
    pub(super) first: Seed,
    /// The second seed
    #[arg(value_name = "SEED_B", allow_negative_numbers = true)]
    pub(super) second: Seed,
    /// full, decision, json or plan
    #[arg(long)]
    pub(super) form: Option<Form>,
    #[command(flatten)]
    pub(super) strategy: StrategyArgs,
    #[command(flatten)]
    pub(super) bent: BentArgs,
}

#[derive(Clone, Debug, clap::Args)]
pub(super) struct MutantsArgs {
    /// The scenarios; all where none is named
    #[arg(value_name = "SCENARIO")]
    pub(super) scenarios: Vec<String>,
    #[command(flatten)]
    pub(super) extent: ExtentArgs,
    #[command(flatten)]
    pub(super) strategy: StrategyArgs,
    /// One JSON object per line
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Debug, clap::Args)]
pub(super) struct ListArgs {
    /// Runs what proves each row of the tests that this project replaces, and says which are proven
    #[arg(long)]
    pub(super) seed_rows: bool,
    #[command(flatten)]
    pub(super) extent: ExtentArgs,
}

#[derive(Clone, Debug, clap::Args)]
pub(super) struct DoctorArgs {
    /// Plants a leak into the run that must be the same again, to see it found: real_clock, map_order, unseeded_select, os_random or
    /// static; an engine that simulates what leaks stays the same. No variable stands in for it
    #[arg(long, value_name = "LEAK")]
    pub(super) plant: Option<Leak>,
    /// An engine that this build has to have; without it one that is off is no error
    #[arg(long, value_name = "ENGINE", value_delimiter = ',')]
    pub(super) require: Vec<EngineName>,
}

#[derive(Clone, Debug, clap::Args)]
pub(super) struct SpecimenArgs {
    /// The engine
    pub(super) engine: EngineName,
    /// The seed
    pub(super) seed: Seed,
    /// What leaks
    #[arg(long)]
    pub(super) plant: Option<Leak>,
}
