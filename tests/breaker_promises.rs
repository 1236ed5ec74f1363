//! Does docs/breaker-promises.md say what the scenarios do: which promise finds which planted bug of the breaker, and where?

mod promises_page;

use promises_page::PromisesPage;
use retrip_core::breaker::plants;

/// Promises of the breaker's design.
const OF_THE_DESIGN: usize = 12;
/// Planted bugs that each of them finds, at different places.
const AT_LEAST: usize = 3;

fn page() -> PromisesPage {
    let text = include_str!("../docs/breaker-promises.md");
    PromisesPage { text, plants: plants::ALL.into_iter().flatten().copied().collect() }
}

#[test]
fn the_page_has_each_bug_that_a_scenario_finds_and_no_other() {
    page().has_what_the_scenarios_declare();
}

#[test]
fn each_promise_of_the_design_finds_three_bugs_or_more() {
    page().counts_the_bugs_of_each_row(OF_THE_DESIGN, AT_LEAST, &[]);
}

#[test]
fn each_planted_bug_is_on_the_page() {
    page().names_each_planted_bug();
}
