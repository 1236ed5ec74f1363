//! A play on simulated threads: each script is a thread.

use super::{Play, Scripts};
use crate::engine::threads::{Sim, SimUnit};
use crate::fault::{Cast, befall_threads};
use crate::log::Cause;
use crate::part::{Held, Live};
use crate::plan::{DRIVER, Plan, Step};
use retrip_core::door::Spawn;
use std::sync::Arc;

/// What all threads that follow a script share.
struct Stage {
    plan: Arc<Plan>,
    performers: Vec<usize>,
    lives: Vec<Arc<dyn Live>>,
    /// For each step of the plan's script, the next one of whoever does it.
    after: Vec<Option<usize>>,
    cast: Arc<Cast<SimUnit>>,
}

impl Play {
    /// Does everything that the plan says, from within its run, and returns when all of it is done.
    pub(crate) fn perform(self, sim: &Sim) {
        let parts = self.parts.iter().filter_map(|part| part.on_threads());
        let lives = parts.map(|part| part.enter(sim)).collect();
        let Scripts { driver, actors: scripts, finally, after } =
            Scripts::of(self.plan.script.as_deref().unwrap_or_default());
        let cast = Arc::new(Cast::of(self.plan.faults.iter().flatten()));
        let Self { plan, performers, .. } = self;
        if !self.faults.is_empty() {
            let (faults, sim, cast) = (self.faults, *sim, Arc::clone(&cast));
            sim.spawn_daemon("faults", move || befall_threads(&sim, &cast, faults))
                .expect("a run has room for its faults");
        }
        let stage = Arc::new(Stage { plan, performers, lives, after, cast });
        let mut actors = Vec::with_capacity(scripts.len());
        for (name, script, _) in scripts {
            let (sim, stage) = (*sim, Arc::clone(&stage));
            let actor = sim
                .spawn_named(Arc::clone(&name), move || stage.follow(&sim, &name, Some(script)))
                .expect("the plan has fewer actors than a run may have threads");
            actors.push(actor);
        }
        let me = Arc::from(DRIVER);
        stage.follow(sim, &me, driver);
        for actor in actors {
            // A panic of an actor has already failed the run, with its name.
            let _ = actor.join_at(None);
        }
        stage.follow(sim, &me, finally);
    }
}

impl Stage {
    fn steps(&self) -> &[Step] {
        self.plan.script.as_deref().unwrap_or_default()
    }

    /// Performs the script of `who`, which begins at a step.
    fn follow(&self, sim: &Sim, who: &Arc<str>, mut next: Option<usize>) {
        if let Some(hold) = self.cast.enters(who, || sim.current()) {
            sim.hold(sim.current(), hold);
        }
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
        self.cast.leaves(who);
    }
}
