//! Do all engines tell the same of what one driver does?

use retrip_sim::conformance::{Disagreement, compare};
use retrip_sim::engine::EngineName;
use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, run};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;

/// Seeds of each scenario.
const SEEDS: u64 = 50;
/// Seeds that are also run on the engine that goes through virtual time tick by tick.
const SEEDS_OF_TICKS: u64 = 8;

/// Plans of which engines tell differently, and why: at most three.
const EXCEPTIONS: [(&str, &str); 1] = [(
    "successes_keep_it_closed 0x1; calls = 1; 0s llm takes 2s; 5s call llm; fault 4s..9s monotonic clock freezes",
    "what a backend takes is measured by its own clock, and it has one on hosts only: on threads it is its caller's",
)];

/// Timelines that a driver alone follows and that no engine on hosts can run, and why. Each uses a part of threads, and so is left out.
const ON_THREADS_ALONE: [(&str, &str); 13] = [
    (
        "a_panic_ends_nested_scopes",
        "scopes of the logger's are entered and left by steps, on one thread",
    ),
    ("every_type_at_every_level", "the logger is a thread's, and what it measures blocks that"),
    ("a_failed_operation_is_measured", "what is measured blocks its thread"),
    ("records_read_back", "the logger and its context are a thread's"),
    ("lines_are_chosen_by_each_criterion", "the logger is a thread's"),
    ("a_damaged_file_is_read_to_its_end", "the logger that writes the file is a thread's"),
    ("sink_and_fallback_fail_together", "the logger and its sinks are a thread's"),
    ("a_breaker_is_heard_in_a_log", "the log's file is on the disk of threads"),
    ("a_protected_call_is_measured", "what is measured blocks its thread"),
    ("scopes_nest_and_end", "a scope of the logger's is entered and left by steps, on one thread"),
    ("a_wrapped_function_is_a_call", "the function that is wrapped blocks its thread"),
    (
        "a_plain_function_beside_a_breaker",
        "what is called instead of the breaker blocks its thread",
    ),
    (
        "the_failure_rate_is_exact",
        "it reads the statistics of a breaker whose backend is a thread's",
    ),
];
/// How many others there are: all of them are compared.
const TIMELINES: u64 = 21;

/// The engines of this build.
fn engines() -> Vec<EngineName> {
    EngineName::ALL.into_iter().filter(|engine| engine.available().is_ok()).collect()
}

/// The plan of `seed` on threads, with everything that was drawn.
fn drawn(scenario: &Scenario, seed: u64) -> Plan {
    let plan = scenario.plan(Seed::new(seed)).expect("a scenario's name is a name");
    let plan = Plan { engine: Some(EngineName::Threads), ..plan };
    Plan { engine: None, ..run(scenario, &Request::of(&plan)).expect("it runs").plan }
}

/// Whether the driver alone does something in `scenario`, and no actor.
fn is_timeline(scenario: &&Scenario) -> bool {
    scenario.can_run_on(EngineName::Threads).is_ok()
        && drawn(scenario, 0).script.iter().flatten().all(|step| step.actor.is_none())
}

fn runs_everywhere(scenario: &Scenario) -> bool {
    EngineName::ALL.into_iter().all(|engine| scenario.can_run_on(engine).is_ok())
}

#[test]
fn timelines_that_are_not_compared_are_those_with_a_reason() {
    let catalogue = retrip::catalogue();
    let timelines = catalogue.scenarios().iter().filter(is_timeline);
    let mut left_out: Vec<&str> =
        timelines.filter(|one| !runs_everywhere(one)).map(Scenario::name).collect();
    left_out.sort_unstable();
    let mut listed = ON_THREADS_ALONE.map(|(name, _)| name);
    listed.sort_unstable();
    assert_eq!(left_out, listed);
}

#[test]
fn every_engine_tells_the_same_of_a_timeline() {
    let (catalogue, engines) = (retrip::catalogue(), engines());
    assert_eq!(engines, EngineName::ALL, "this build has all of them");
    let mut compared = 0;
    let mut differ = Vec::new();
    for scenario in
        catalogue.scenarios().iter().filter(is_timeline).filter(|one| runs_everywhere(one))
    {
        for seed in 0..SEEDS {
            let plan = drawn(scenario, seed);
            compared += 1;
            let is_asked =
                |engine: &EngineName| seed < SEEDS_OF_TICKS || *engine != EngineName::Network;
            let engines: Vec<EngineName> = engines.iter().copied().filter(is_asked).collect();
            if let Some(how) = compare(scenario, &Request::of(&plan), &engines).expect("it runs") {
                differ.push(format!("{plan}\n{how}"));
                break;
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    // A catalogue that lost its timelines would compare nothing.
    assert_eq!(compared, TIMELINES * SEEDS);
}

/// A plan in which calls lie closer together than one takes, with something else due after each hundred of them.
fn dense() -> String {
    let call = |number: u64| format!("{}ns call llm", 1_000_000_000 + number * 1_000_000);
    let calls: Vec<String> = (0..300).map(call).collect();
    let fault = "fault 1280000001ns wall clock jumps 1s";
    format!(
        "successes_keep_it_closed 0x1; calls = 1; 0s llm takes 0s; {}; {fault}",
        calls.join("; ")
    )
}

#[test]
fn every_engine_tells_the_same_of_plans_written_to_part_them() {
    let begins = "successes_keep_it_closed 0x1; calls = 1; 0s llm takes 0s;";
    let (held, held_too) = ("fault", "driver stalls; fault");
    let plans = [
        dense(),
        // A fault and a step at one moment, and with the last step.
        format!("{begins} 1s call llm; 2s call llm; fault 1s wall clock jumps 1s"),
        format!("{begins} 1s call llm; 2s call llm; fault 2s wall clock jumps 1s"),
        // What is dropped at the end was brought about by no fault before.
        format!("{begins} 3s begin call A on llm; fault 2s wall clock jumps 1h"),
        // The driver is given no time.
        format!("{begins} 1s call llm; 5s call llm; fault 2s..9s driver stalls"),
        // Held by two faults that end at one moment.
        format!("{begins} 5s call llm; fault 2s..9s driver stalls; fault 3s..9s driver stalls"),
        // Held once more while it is held already, and from the very moment on in which that is over.
        format!("{begins} 1s llm recovers; {held} 0s..2s {held_too} 1500ms..4s driver stalls"),
        format!("{begins} 1s llm recovers; {held} 0s..2s {held_too} 2s..4s driver stalls"),
        // Held while it waits for something else: it does nothing before it looks.
        format!("{begins} 1s call llm after stalling 1s; fault 1s..5s driver stalls"),
        format!("{begins} 2s llm recovers; finally call llm; fault 1s..5s driver stalls"),
        // Nobody is there any more.
        format!("{begins} 1s llm recovers; finally call llm; fault 2s..5s driver stalls"),
        // A fault that begins or is over in the nanosecond of the end.
        format!("{begins} 1s call llm; fault 0s..1s wall clock freezes"),
        format!("{begins} 0s begin call A on llm; 1s llm fails; fault 1s wall clock jumps 1h"),
        // Longer than a month.
        format!("{begins} 1s call llm; 3456000s call llm"),
    ];
    for plan in plans {
        let how = parted(&plan);
        assert!(how.is_none(), "{plan}\n{}", how.expect("they differ"));
    }
}

/// What the engines tell differently of a plan that somebody wrote.
fn parted(plan: &str) -> Option<Disagreement> {
    let plan: Plan = plan.parse().expect("it is a plan");
    let catalogue = retrip::catalogue();
    let is_its = |scenario: &&Scenario| *scenario.name() == *plan.scenario;
    let scenario = catalogue.scenarios().iter().find(is_its).expect("it is there");
    compare(scenario, &Request::of(&plan), &engines()).expect("it runs")
}

#[test]
fn an_exception_is_one_for_as_long_as_engines_differ_in_it() {
    for (plan, why) in EXCEPTIONS {
        assert!(
            parted(plan).is_some(),
            "{plan}\nall tell the same, so that this is no longer so: {why}"
        );
    }
}
