//! A page that says which promise finds which planted bug, and whether that is what the scenarios declare.

use retrip_core::door::Plant;
use std::collections::{BTreeMap, BTreeSet};

/// A page, and the bugs that it is about.
pub(crate) struct PromisesPage {
    pub(crate) text: &'static str,
    pub(crate) plants: Vec<Plant>,
}

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

impl PromisesPage {
    /// The kill matrix of the page: a heading for each promise, and a row for each bug that it finds.
    fn finds(&self) -> BTreeSet<Find<'static>> {
        let mut promise = "";
        let mut finds = BTreeSet::new();
        for line in self.text.lines() {
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

    /// It has each of its bugs that a scenario finds, where it finds it, and no other.
    pub(crate) fn has_what_the_scenarios_declare(&self) {
        let catalogue = retrip::catalogue();
        let own: BTreeSet<_> = self.plants.iter().map(|plant| plant.name()).collect();
        let mut declared = BTreeSet::new();
        for scenario in catalogue.scenarios() {
            for bug in scenario.bugs().iter().filter(|bug| own.contains(bug.plant.name())) {
                declared.insert((bug.promise, bug.plant.name(), scenario.name()));
            }
        }
        let page = self.finds();
        let missing: Vec<_> = declared.difference(&page).collect();
        let wrong: Vec<_> = page.difference(&declared).collect();
        assert!(missing.is_empty() && wrong.is_empty(), "missing: {missing:#?}\nwrong: {wrong:#?}");
    }

    /// Its first table has `rows` promises of the design, each with the promises that judge it and how many bugs these find: as many as the
    /// matrix says, and at least `at_least`, but for those that are `not_judged` in a run.
    pub(crate) fn counts_the_bugs_of_each_row(
        &self,
        rows: usize,
        at_least: usize,
        not_judged: &[&str],
    ) {
        let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (promise, plant, _) in self.finds() {
            found.entry(promise).or_default().insert(plant);
        }
        let mut counted = 0;
        for line in self.text.lines() {
            let Some([design, promises, count]) =
                cells(line).as_deref().map(<[&str; 3]>::try_from).and_then(Result::ok)
            else {
                continue;
            };
            let Ok(count) = count.parse::<usize>() else { continue };
            let unknown: Vec<_> =
                names(promises).filter(|name| !found.contains_key(name)).collect();
            assert!(unknown.is_empty(), "{design}: {unknown:?} find nothing");
            let own: BTreeSet<_> = names(promises).flat_map(|name| &found[name]).collect();
            assert_eq!(own.len(), count, "{design}: {own:?}");
            let least = if not_judged.contains(&design) { 0 } else { at_least };
            assert!(own.len() >= least, "{design}: {own:?}");
            counted += 1;
        }
        assert_eq!(counted, rows);
    }

    /// Whoever finds it: it is named.
    pub(crate) fn names_each_planted_bug(&self) {
        for plant in &self.plants {
            let is_it = |name: &str| name == plant.name();
            assert!(names(self.text).any(is_it), "`{}` is not on the page", plant.name());
        }
    }
}
