//! A plan in action: the driver and the actors follow their scripts, and the faults happen.

use crate::engine::threads::Sim;
use crate::fault::{Happening, bend_clocks};
use crate::log::Cause;
use crate::names::Names;
use crate::part::{Held, Live, Part};
use crate::plan::{Plan, Step};
use std::sync::Arc;

/// A plan in action.
pub(crate) struct Play {
    pub(crate) parts: Vec<Arc<dyn Part>>,
    pub(crate) plan: Arc<Plan>,
    /// For each step of the plan's script, the part that performs it.
    pub(crate) performers: Vec<usize>,
    pub(crate) faults: Vec<Happening>,
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

/// What all threads that follow a script share.
struct Stage {
    plan: Arc<Plan>,
    performers: Vec<usize>,
    lives: Vec<Arc<dyn Live>>,
    /// For each step of the plan's script, the next one of whoever does it.
    after: Vec<Option<usize>>,
}

impl Play {
    /// Does everything that the plan says, from within its run, and returns when all of it is done.
    pub(crate) fn perform(self, sim: &Sim) {
        let lives = self.parts.iter().map(|part| part.enter(sim)).collect();
        let Scripts { driver, actors: scripts, finally, after } =
            Scripts::of(self.plan.script.as_deref().unwrap_or_default());
        let stage = Arc::new(Stage { plan: self.plan, performers: self.performers, lives, after });
        if !self.faults.is_empty() {
            let (faults, sim) = (self.faults, *sim);
            sim.spawn_daemon("faults", move || bend_clocks(&sim, faults))
                .expect("a run has room for its faults");
        }
        let mut actors = Vec::with_capacity(scripts.len());
        for (name, script, _) in scripts {
            let (sim, stage) = (*sim, Arc::clone(&stage));
            let actor = sim
                .spawn_named(name, move || stage.follow(&sim, Some(script)))
                .expect("the plan has fewer actors than a run may have threads");
            actors.push(actor);
        }
        stage.follow(sim, driver);
        for actor in actors {
            // A panic of an actor has already failed the run, with its name.
            let _ = actor.join_at(None);
        }
        stage.follow(sim, finally);
    }
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

impl Stage {
    fn steps(&self) -> &[Step] {
        self.plan.script.as_deref().unwrap_or_default()
    }

    /// Performs the script that begins at a step.
    fn follow(&self, sim: &Sim, mut next: Option<usize>) {
        let mut held = Held::default();
        while let Some(line) = next {
            next = self.after[line];
            let step = &self.steps()[line];
            if let Some(at) = step.at {
                sim.sleep_until_engine(at);
            }
            sim.because(u32::try_from(line).ok().map(Cause::Step));
            self.lives[self.performers[line]].perform_holding(sim, &step.operation, &mut held);
        }
        sim.because(None);
    }
}
