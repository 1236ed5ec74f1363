//! Reviewed snapshots: the log of each pinned seed as text, one plain test per scenario.

use crate::plan::Plan;
use crate::replay::ReplayLine;
use crate::run::{Request, Run, run};
use crate::scenario::{Expectation, Scenario, SnapshotForm};
use crate::seed::Seed;
use std::path::PathBuf;

/// What a person reviews of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The scenario's name, for the file.
    pub name: &'static str,
    /// The seed, for the file.
    pub seed: Seed,
    /// What was drawn: the seed and the parameters.
    pub description: String,
    /// The full text where one thread did everything or the scenario asks for it, else the decision log.
    pub text: String,
}

/// Runs the pinned `seed` of `scenario` and returns its snapshot.
///
/// # Panics
/// The run broke a promise that it should keep, or its plan cannot be drawn; the message says which and how to see more.
#[must_use]
#[track_caller]
pub fn snapshot(scenario: &Scenario, seed: Seed) -> Snapshot {
    let name = scenario.name();
    let plan = Plan::drawn(name, seed).expect("a scenario's name is a name");
    let run = match run(scenario, &Request::of(&plan)) {
        Ok(run) => run,
        Err(error) => panic!("{name} {seed} cannot be run: {error}"),
    };
    if let Some(breach) = &run.breach
        && scenario.expectation() == Expectation::Holds
    {
        panic!(
            "{name} {seed} broke {}: {}\n  wanted {}\n  found  {}\n  reproduce: {}",
            breach.promise,
            breach.statement,
            breach.broken.wanted,
            breach.broken.found,
            ReplayLine::of(scenario, plan, &[], &[])
        );
    }
    let parameters = run.plan.parameters.iter().map(|parameter| format!("; {parameter}"));
    let description = format!("seed {seed}{}", parameters.collect::<String>());
    Snapshot { name, seed, description, text: text(&run, scenario.snapshot_form()) }
}

/// Where the snapshots of a crate lie that was at `compiled` when it was compiled: in the folder that the runner of tests says
/// that it is in now, which `cargo test` and `cargo nextest`, also from an archive, do by `CARGO_MANIFEST_DIR`.
#[must_use]
pub fn folder(compiled: &str) -> PathBuf {
    let now = std::env::var_os("CARGO_MANIFEST_DIR");
    now.map_or_else(|| PathBuf::from(compiled), PathBuf::from).join("snapshots")
}

fn text(run: &Run, form: SnapshotForm) -> String {
    match form {
        SnapshotForm::ByThreads if run.threads > 1 => run.log.decisions().to_string(),
        SnapshotForm::ByThreads | SnapshotForm::Full => run.log.text().to_string(),
    }
}

/// Makes one plain test of each named scenario, over its pinned seeds, and one that finds scenarios that are not named, and names that no
/// scenario has.
///
/// All seeds are run before a test fails. It expands in the crate that calls it, where insta must be a dependency;
/// the snapshots lie in `snapshots/` beside that crate's manifest ([`folder`]), one file for each scenario and seed.
///
/// ```
/// # use retrip_sim::scenario::{Catalogue, Scenario};
/// # fn catalogue() -> Catalogue {
/// #     Catalogue::new(vec![Scenario::new("nothing_happens", "Nothing.", |_| ())]).expect("one name")
/// # }
/// // In tests/snapshots.rs:
/// retrip_sim::snapshot_tests! { catalogue(); nothing_happens }
/// ```
#[macro_export]
macro_rules! snapshot_tests {
    ($catalogue:expr; $($name:ident),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                let catalogue = $catalogue;
                let scenario = catalogue.find(stringify!($name)).expect("the scenario exists");
                let mut failed = Vec::new();
                for &seed in scenario.pinned_seeds() {
                    let outcome = ::std::panic::catch_unwind(::std::panic::AssertUnwindSafe(|| {
                        let snapshot = $crate::snapshot::snapshot(scenario, seed);
                        let mut settings = ::insta::Settings::clone_current();
                        settings.set_snapshot_path($crate::snapshot::folder(env!("CARGO_MANIFEST_DIR")));
                        settings.set_prepend_module_to_snapshot(false);
                        settings.set_snapshot_suffix(snapshot.seed.to_string());
                        settings.set_description(snapshot.description);
                        settings.set_omit_expression(true);
                        settings.bind(|| ::insta::assert_snapshot!(snapshot.name, snapshot.text));
                    }));
                    if outcome.is_err() {
                        failed.push(seed.to_string());
                    }
                }
                assert!(failed.is_empty(), "seeds that failed: {}", failed.join(", "));
            }
        )+

        #[test]
        fn every_scenario_has_a_snapshot_test() {
            $crate::cli::plain_test::assert_listed(&$catalogue, &[$(stringify!($name)),+]);
        }
    };
}
