//! Does a sweep of each situation of logging and waiting see all that it must see, and does the canary still fail?

use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, run};
use retrip_sim::scenario::{DraftError, Expectation};
use retrip_sim::seed::SeedRange;
use retrip_sim::sweep::{SweepRequest, SweepVerdict, sweep};

const SITUATIONS: [&str; 6] = [
    "reply_in_the_same_nanosecond_as_its_timeout",
    "reply_as_the_caller_begins_to_wait",
    "contexts_of_100_threads_interleaved",
    "scopes_nest_and_end",
    "threads_race_for_the_log",
    "canary_lost_update",
];

#[test]
fn each_situation_sees_all_that_it_must_and_the_canary_fails() {
    let catalogue = retrip::catalogue();
    for name in SITUATIONS {
        let scenario = catalogue.find(name).expect("it is listed");
        let seeds = SeedRange::new(0, scenario.enough_seeds()).expect("it is not empty");
        let swept = sweep(scenario, &SweepRequest::of(seeds)).expect("its plan can be run");
        let wanted = match scenario.expectation() {
            Expectation::Holds => SweepVerdict::Passed,
            Expectation::MustBreak(_) => SweepVerdict::FailedAsItMust,
        };
        assert_eq!(swept.verdict(scenario), wanted, "{name}: {:?}", swept.failed.first());
    }
}

#[test]
fn an_edited_script_of_a_task_runs_and_shows_what_it_did() {
    let catalogue = retrip::catalogue();
    let scenario = catalogue.find("scopes_nest_and_end").expect("it is listed");
    let plan: Plan =
        "scopes_nest_and_end 0 0s leave; 1s enter user_id=u-1 component=api; 2s look; \
                      3s enter user_id=u-2; 4s log hello; 5s leave; 6s log again"
            .parse()
            .expect("it is a plan");
    let run = run(scenario, &Request::of(&plan)).expect("the plan can be run");
    assert_eq!(run.breach, None);
    let told: Vec<String> = run
        .log
        .events()
        .iter()
        .map(|event| format!("{} {}", event.what.verb(), event.what.detail()).trim().to_owned())
        .collect();
    assert_eq!(
        told,
        [
            "enters user_id u-1, component api",
            "sees user_id u-1, component api",
            "enters user_id u-2",
            "logs hello, component api, user_id u-2",
            "leaves",
            "logs again, user_id u-1, component api",
        ]
    );
}

#[test]
fn an_operation_that_no_task_can_do_is_refused_with_what_it_can() {
    let catalogue = retrip::catalogue();
    let scenario = catalogue.find("scopes_nest_and_end").expect("it is listed");
    let plan: Plan = "scopes_nest_and_end 0 0s enter seq=1".parse().expect("it is a plan");
    let forms = ["enter KEY=VALUE", "leave", "look", "log TEXT", "fall within KEY=VALUE"];
    let forms = forms.map(String::from).to_vec();
    let refused = DraftError::Operation { operation: "enter seq=1".to_owned(), forms };
    assert_eq!(run(scenario, &Request::of(&plan)).map(|run| run.breach), Err(refused));
}
