//! A plan in action: the driver and the actors follow their scripts, and the faults happen.

mod hosts;
mod threads;

use crate::fault::Happening;
use crate::names::Names;
use crate::part::Player;
use crate::plan::{Plan, Step};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A plan in action.
pub(crate) struct Play {
    pub(crate) parts: Vec<Player>,
    pub(crate) plan: Arc<Plan>,
    /// For each step of the plan's script, the part that performs it.
    pub(crate) performers: Vec<usize>,
    pub(crate) faults: Vec<Happening>,
    /// The host of each actor that is not on the first one; simulated threads share one node.
    pub(crate) places: BTreeMap<Arc<str>, usize>,
}

/// Who does what. A script is where it begins; what comes after a step is in [`Scripts::after`].
#[derive(Default)]
struct Scripts {
    driver: Option<usize>,
    /// In the order in which the plan first names them: the name, the first step and the last.
    actors: Vec<(Arc<str>, usize, usize)>,
    /// What the driver does once everybody has ended.
    finally: Option<usize>,
    /// For each step of the plan's script, the next one of the same script.
    after: Vec<Option<usize>>,
}

impl Scripts {
    fn of(steps: &[Step]) -> Self {
        let mut scripts = Self { after: vec![None; steps.len()], ..Self::default() };
        let mut names = Names::default();
        let mut latest: Option<(&Arc<str>, usize)> = None;
        // The last step so far of the driver, and of its end.
        let (mut driver, mut finally) = (None, None);
        for (line, step) in steps.iter().enumerate() {
            let before = match (&step.actor, latest) {
                (None, _) if step.is_final() => {
                    scripts.finally.get_or_insert(line);
                    finally.replace(line)
                }
                (None, _) => {
                    scripts.driver.get_or_insert(line);
                    driver.replace(line)
                }
                // As a rule the steps of an actor stand together.
                (Some(actor), Some((name, place))) if name == actor => {
                    Some(std::mem::replace(&mut scripts.actors[place].2, line))
                }
                (Some(actor), _) => {
                    let actors = &mut scripts.actors;
                    if let Some(place) = names.find(actor, |place| &actors[place].0) {
                        latest = Some((actor, place));
                        Some(std::mem::replace(&mut actors[place].2, line))
                    } else {
                        latest = Some((actor, actors.len()));
                        actors.push((Arc::clone(actor), line, line));
                        names.push(|place| &actors[place].0);
                        None
                    }
                }
            };
            if let Some(before) = before {
                scripts.after[before] = Some(line);
            }
        }
        scripts
    }
}
