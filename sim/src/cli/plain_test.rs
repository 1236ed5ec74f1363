//! Scenarios as plain tests, for `cargo test` and nextest: what `run` does with one scenario, where a failure is a panic.

use super::account::{Done, print};
use super::args::{BentArgs, ExtentArgs};
use super::comparison::compare;
use super::environment::Environment;
use super::error::CliError;
use super::exit::Exit;
use super::extent::{Sample, Seeds};
use super::progress::Progress;
use super::selection::Selection;
use super::sweeping::Sweeping;
use super::unreached::say_unreached;
use super::witness::{heard, this_program};
use crate::determinism::Testimony;
use crate::plan::Plan;
use crate::run::{Request, run};
use crate::scenario::{Catalogue, Expectation, Scenario};
use crate::seed::SeedRange;
use std::fmt::Write as _;
use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

/// Seeds from 0 on that a test runs beside the pinned ones where nobody asks for others.
const SEEDS: u64 = 20;

/// Holds the plan that a test in a fresh process is to run, to say what it leaves behind. It does not begin like the
/// variables that people set.
const WITNESS: &str = "_RETRIP_WITNESS";

/// Stands before and behind what a witness says, between the lines of the test runner.
const MARK: &str = "\n--- what the run leaves behind ---\n";

/// One scenario as a test, as [`scenario_tests!`](crate::scenario_tests) writes it down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainTest {
    /// The scenario's name.
    pub scenario: &'static str,
    /// The test function with the modules and the crate around it, as `module_path!` says them.
    pub path: &'static str,
    /// The package, whose program understands the lines to paste, unless the catalogue says what starts it.
    pub package: &'static str,
}

impl PlainTest {
    /// Runs the scenario and returns where everything that it promises held.
    ///
    /// # Panics
    /// Something did not hold: the message is what `run` prints about it. Or a variable `RETRIP_*` is wrong, or the
    /// catalogue has no such scenario: the message says what would be right.
    #[track_caller]
    pub fn holds(&self, catalogue: Catalogue) {
        let package = self.package;
        let catalogue = catalogue.or_started_by(|| format!("cargo run --package {package} --"));
        let mut out = anstream::StripStream::new(Vec::new());
        let ended = match std::env::var(WITNESS) {
            Ok(plan) => testify(&catalogue, &plan),
            Err(_) => self.act(catalogue, &mut out),
        };
        let said = String::from_utf8_lossy(&out.into_inner()).into_owned();
        match ended {
            Ok(Exit::Passed) => {}
            Ok(_) => panic!("{} does not hold\n\n{said}", self.scenario),
            Err(error) => panic!("{} cannot be run: {error}\n{said}", self.scenario),
        }
    }

    fn act(&self, catalogue: Catalogue, out: &mut dyn Write) -> Result<Exit, CliError> {
        let environment = Environment::read(std::env::vars_os())?;
        let catalogue = &catalogue.on(environment.engine);
        let bent = environment.bent(&BentArgs::default());
        let mut selection = Selection::new(catalogue, [&self.scenario.to_owned()], bent)?
            .chosen_by(environment.strategy);
        let scenario = selection.scenarios[0];
        let elsewhere = |request: &Request<'_>| self.elsewhere(request);
        let sample = environment.check.unwrap_or(Sample(1));

        let (seeds, besides) = seeds(&environment, catalogue, scenario)?;
        let (stop, progress) = (AtomicBool::new(false), Progress::silent());
        let sweeping = |seeds| Sweeping {
            selection: &selection,
            seeds,
            // Other tests run beside this one.
            jobs: environment.jobs.map_or(NonZeroUsize::MIN, |jobs| jobs.0),
            sample,
            stop: &stop,
            progress: &progress,
        };
        let mut swept = sweeping(seeds).of(scenario)?;
        for seed in besides {
            swept.sweep.merge(sweeping(Seeds::Range(seed)).of(scenario)?.sweep);
        }
        let compared = compare(scenario, &selection, &swept, sample, &stop, &elsewhere)?;
        let reached = swept.sweep.reached.clone();
        let done = Done { scenario, sweep: swept.sweep, kept: swept.kept, compared };
        let exit = print(out, &selection, &[done], &stop, &elsewhere)?;
        // A bug that another scenario finds is the business of another test.
        selection.plants.retain(|&plant| scenario.bugs().iter().any(|bug| bug.plant == plant));
        Ok(exit.max(say_unreached(out, catalogue, &selection, &reached)?))
    }

    /// Runs `request` in a fresh process: this test alone, started once more.
    fn elsewhere(&self, request: &Request<'_>) -> Result<Testimony, CliError> {
        let name = self.path.split_once("::").map_or(self.path, |(_, name)| name);
        let plants: Vec<&str> = request.plants.iter().map(|plant| plant.name()).collect();
        let mut command = this_program()?;
        command.args([name, "--exact", "--nocapture"]);
        command.env(WITNESS, request.plan.to_string());
        command.env("RETRIP_PLANT", plants.join(","));
        command.env("RETRIP_WITHOUT", request.without.join(","));
        if let Some(strategy) = request.strategy.named() {
            command.env("RETRIP_STRATEGY", strategy.to_string());
        }
        heard(command, request, |said| said.split(MARK).nth(1).unwrap_or_default())
    }
}

/// The seeds to run, and the pinned ones that are not among them: all of those where nobody asks for any. A time is
/// shared by the scenarios of the catalogue.
fn seeds(
    environment: &Environment,
    catalogue: &Catalogue,
    scenario: &Scenario,
) -> Result<(Seeds, Vec<SeedRange>), CliError> {
    let count = match scenario.expectation() {
        Expectation::Holds => SEEDS,
        // With fewer, one that never fails would not be noticed.
        Expectation::MustBreak(_) => scenario.enough_seeds().max(1),
    };
    let otherwise = Seeds::Range(SeedRange::new(0, count)?);
    let besides = if environment.seed.is_some() || environment.seeds.is_some() {
        Vec::new()
    } else {
        let apart = scenario.pinned_seeds().iter().filter(|seed| seed.value() >= count);
        apart.map(|&seed| SeedRange::one(seed)).collect()
    };
    let seeds = match environment.seeds(&ExtentArgs::default(), otherwise)? {
        Seeds::For(time) => {
            Seeds::For(time / u32::try_from(catalogue.scenarios().len()).unwrap_or(u32::MAX).max(1))
        }
        range @ Seeds::Range(_) => range,
    };
    Ok((seeds, besides))
}

/// Says what a run of `plan` leaves behind, to the test that asks.
fn testify(catalogue: &Catalogue, plan: &str) -> Result<Exit, CliError> {
    let plan: Plan = plan.parse()?;
    let environment = Environment::read(std::env::vars_os())?;
    let bent = environment.bent(&BentArgs::default());
    let selection =
        Selection::new(catalogue, [&plan.scenario], bent)?.chosen_by(environment.strategy);
    let run = run(selection.scenarios[0], &selection.request(&plan))?;
    write!(std::io::stdout(), "{MARK}{}{MARK}", Testimony::of(&run))?;
    Ok(Exit::Passed)
}

/// Compares the scenarios of `catalogue` with the names `listed` in a file of tests.
///
/// # Panics
/// One of them is missing on the other side; the message names all that are.
#[track_caller]
pub fn assert_listed(catalogue: &Catalogue, listed: &[&str]) {
    let mut wrong = String::new();
    for scenario in catalogue.scenarios().iter().filter(|one| !listed.contains(&one.name())) {
        let name = scenario.name();
        write!(wrong, "\n  `{name}` has no test: add it to the names in this file")
            .expect("a String takes whatever is written");
    }
    for error in listed.iter().filter_map(|name| catalogue.find(name).err()) {
        write!(wrong, "\n  {error}").expect("a String takes whatever is written");
    }
    assert!(wrong.is_empty(), "the catalogue and its tests differ{wrong}");
}

/// Makes one plain test of each named scenario, and one that finds scenarios that are not named, and names that no
/// scenario has. They run under `cargo test` and under nextest.
///
/// A test runs the pinned seeds of its scenario and the seeds from 0 to 19; a canary as many as it needs to count. One
/// seed is run again in the same process and in a fresh one, and compared. The variables of the command line say
/// otherwise: `RETRIP_SEED` or `RETRIP_SEEDS` which seeds are run instead of all those (a time is shared by the scenarios
/// of the catalogue), `RETRIP_SHARD` which part of them, `RETRIP_JOBS` how many side by side (one, because tests are run
/// side by side anyway), `RETRIP_CHECK` how many are compared, `RETRIP_STRATEGY` what chooses the threads, `RETRIP_ENGINE` which engine, `RETRIP_PLANT` and
/// `RETRIP_WITHOUT` what is bent. `RETRIP_FORM` changes nothing, and any other `RETRIP_*` is an error.
///
/// A test that fails prints what `run` prints. Its line to paste is for the program of the same package, whose `main` calls
/// [`cli::main`](crate::cli::main); where there are several, [`Catalogue::started_by`] says which.
///
/// ```
/// use retrip_sim::scenario::{Catalogue, Scenario};
///
/// // In src/lib.rs; src/main.rs gives it to `retrip_sim::cli::main`.
/// pub fn catalogue() -> Catalogue {
///     let quiet = Scenario::new("quiet", "nothing happens", |_| {});
///     Catalogue::new(vec![quiet]).expect("one name is unique")
/// }
///
/// // In tests/scenarios.rs:
/// retrip_sim::scenario_tests! { catalogue(); quiet }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! scenario_tests {
    ($catalogue:expr; $($name:ident),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                let test = $crate::cli::plain_test::PlainTest {
                    scenario: stringify!($name),
                    path: concat!(module_path!(), "::", stringify!($name)),
                    package: env!("CARGO_PKG_NAME"),
                };
                test.holds($catalogue);
            }
        )+

        #[test]
        fn every_scenario_has_a_test() {
            $crate::cli::plain_test::assert_listed(&$catalogue, &[$(stringify!($name)),+]);
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;
    use std::time::Duration;

    /// What is run of the scenario `name` with these variables.
    fn asked(name: &str, variables: &[(&str, &str)]) -> (Seeds, Vec<SeedRange>) {
        let quiet = |name| Scenario::new(name, "nothing happens", |_| {});
        let catalogue = Catalogue::new(vec![
            quiet("plain"),
            quiet("far").pinned(&[3, 19, 20, 7000]),
            quiet("canary").must_break("holds").enough(50),
        ])
        .expect("each name is unique");
        let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
        let environment = Environment::read(variables).expect("they are variables");
        let scenario = catalogue.find(name).expect("it is there");
        seeds(&environment, &catalogue, scenario).expect("there are seeds")
    }

    fn range(text: &str) -> Seeds {
        Seeds::Range(text.parse().expect("a range"))
    }

    #[test]
    fn pinned_seeds_are_run_beside_a_few_others() {
        assert_eq!(asked("plain", &[]), (range("0..20"), vec![]));
        let apart = [20, 7000].map(|seed| SeedRange::one(Seed::new(seed)));
        assert_eq!(asked("far", &[]), (range("0..20"), apart.to_vec()));
        assert_eq!(asked("canary", &[]), (range("0..50"), vec![]));
    }

    #[test]
    fn seeds_that_are_asked_for_are_run_alone() {
        assert_eq!(asked("far", &[("RETRIP_SEED", "4")]), (range("4..5"), vec![]));
        assert_eq!(asked("canary", &[("RETRIP_SEEDS", "7..9")]), (range("7..9"), vec![]));
        let shard = [("RETRIP_SEEDS", "0..10"), ("RETRIP_SHARD", "2/2")];
        assert_eq!(asked("plain", &shard), (range("5..10"), vec![]));
    }

    #[test]
    fn a_time_is_shared_by_the_scenarios() {
        let third = Seeds::For(Duration::from_secs(10));
        assert_eq!(asked("plain", &[("RETRIP_SEEDS", "30s")]), (third, vec![]));
    }

    #[test]
    #[should_panic(
        expected = "`far` has no test: add it to the names in this file\n  there is no scenario `fat`; did you mean `far`?"
    )]
    fn a_name_that_is_missing_on_either_side_is_told() {
        let far = Scenario::new("far", "nothing happens", |_| {});
        assert_listed(&Catalogue::new(vec![far]).expect("one name"), &["fat"]);
    }
}
