//! Does docs/logger-promises.md say what the scenarios do: which promise finds which planted bug of the logger, and where?

mod promises_page;

use promises_page::PromisesPage;
use retrip_core::logger::plants;

/// Promises of the logger's design.
const OF_THE_DESIGN: usize = 13;
/// What each finds at least.
const AT_LEAST: usize = 1;
/// But for what no single run can show.
const NOT_JUDGED: &str = "equal seeds give equal bytes";

fn page() -> PromisesPage {
    let text = include_str!("../docs/logger-promises.md");
    PromisesPage { text, plants: plants::ALL.to_vec() }
}

#[test]
fn the_page_has_each_bug_that_a_scenario_finds_and_no_other() {
    page().has_what_the_scenarios_declare();
}

#[test]
fn each_promise_of_the_design_finds_as_many_bugs_as_the_page_says() {
    page().counts_the_bugs_of_each_row(OF_THE_DESIGN, AT_LEAST, &[NOT_JUDGED]);
}

#[test]
fn each_planted_bug_is_on_the_page() {
    page().names_each_planted_bug();
}
