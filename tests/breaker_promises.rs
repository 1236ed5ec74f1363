//! Does docs/breaker-promises.md say what the scenarios do: which promise finds which planted bug of the breaker, and where?

use retrip_core::breaker::plants;
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = include_str!("../docs/breaker-promises.md");

/// Promises of the breaker's design.
const OF_THE_DESIGN: usize = 12;
/// Planted bugs that each of them finds, at different places.
const AT_LEAST: usize = 3;

/// Promise, planted bug, scenario.
type Find<'a> = (&'a str, &'a str, &'a str);

/// What stands between backticks in `text`.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The cells of a row of a table, or nothing where `line` is none.
fn cells(line: &str) -> Option<Vec<&str>> {
    let row = line.strip_prefix("| ")?.strip_suffix(" |")?;
    Some(row.split(" | ").collect())
}

/// The kill matrix of the page: a heading for each promise, and a row for each bug that it finds.
fn found_by_the_page() -> BTreeSet<Find<'static>> {
    let mut promise = "";
    let mut finds = BTreeSet::new();
    for line in PAGE.lines() {
        if let Some(heading) = line.strip_prefix("### ") {
            promise = names(heading).next().unwrap_or("");
        } else if let Some([plant, scenarios]) = cells(line).as_deref() {
            for plant in names(plant) {
                finds.extend(names(scenarios).map(|scenario| (promise, plant, scenario)));
            }
        }
    }
    finds
}

#[test]
fn the_page_has_each_bug_that_a_scenario_finds_and_no_other() {
    let catalogue = retrip::catalogue();
    let of_breakers: BTreeSet<_> =
        plants::ALL.into_iter().flatten().map(|plant| plant.name()).collect();
    let mut declared = BTreeSet::new();
    for scenario in catalogue.scenarios() {
        for bug in scenario.bugs().iter().filter(|bug| of_breakers.contains(bug.plant.name())) {
            declared.insert((bug.promise, bug.plant.name(), scenario.name()));
        }
    }
    let page = found_by_the_page();
    let missing: Vec<_> = declared.difference(&page).collect();
    let wrong: Vec<_> = page.difference(&declared).collect();
    assert!(missing.is_empty() && wrong.is_empty(), "missing: {missing:#?}\nwrong: {wrong:#?}");
}

#[test]
fn each_promise_of_the_design_finds_three_bugs_or_more() {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (promise, plant, _) in found_by_the_page() {
        found.entry(promise).or_default().insert(plant);
    }
    let mut rows = 0;
    for line in PAGE.lines() {
        let Some([design, promises, count]) =
            cells(line).as_deref().map(<[&str; 3]>::try_from).and_then(Result::ok)
        else {
            continue;
        };
        let Ok(count) = count.parse::<usize>() else { continue };
        let unknown: Vec<_> = names(promises).filter(|name| !found.contains_key(name)).collect();
        assert!(unknown.is_empty(), "{design}: {unknown:?} find nothing");
        let bugs: BTreeSet<_> = names(promises).flat_map(|name| &found[name]).collect();
        assert_eq!(bugs.len(), count, "{design}: {bugs:?}");
        assert!(bugs.len() >= AT_LEAST, "{design}: {bugs:?}");
        rows += 1;
    }
    assert_eq!(rows, OF_THE_DESIGN);
}

#[test]
fn each_planted_bug_is_on_the_page() {
    for plant in plants::ALL.into_iter().flatten() {
        let is_it = |name: &str| name == plant.name();
        assert!(names(PAGE).any(is_it), "`{}` is not on the page", plant.name());
    }
}
