//! A play on simulated threads: each script is a thread.

use super::{Play, Scripts};
use crate::engine::threads::Sim;
use crate::fault::befall_threads;
use crate::log::Cause;
use crate::part::{Held, Live};
use crate::plan::{Plan, Step};
use std::sync::Arc;

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
        let parts = self.parts.iter().filter_map(|part| part.on_threads());
        let lives = parts.map(|part| part.enter(sim)).collect();
        let Scripts { driver, actors: scripts, finally, after } =
            Scripts::of(self.plan.script.as_deref().unwrap_or_default());
        let stage = Arc::new(Stage { plan: self.plan, performers: self.performers, lives, after });
        if !self.faults.is_empty() {
            let (faults, sim) = (self.faults, *sim);
            sim.spawn_daemon("faults", move || befall_threads(&sim, faults))
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
