//! A play on hosts: each script is a unit.

use super::{Play, Scripts};
use crate::engine::hosts::{Cluster, Host, HostUnit};
use crate::fault::{Cast, befall};
use crate::log::Cause;
use crate::part::HostLive;
use crate::plan::{DRIVER, Plan};
use retrip_core::door::Spawn;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

/// What all units that follow a script share.
struct Stage {
    plan: Arc<Plan>,
    performers: Vec<usize>,
    lives: Vec<Arc<dyn HostLive>>,
    /// For each step of the plan's script, the next one of whoever does it.
    after: Vec<Option<usize>>,
    cast: Cast<HostUnit>,
    cluster: Cluster,
}

impl Play {
    /// Does everything that the plan says, from within its run, and ends when all of it is done.
    pub(crate) async fn perform_on_hosts(self, cluster: Cluster) {
        let parts = self.parts.iter().filter_map(|part| part.on_hosts());
        let lives: Vec<_> = parts.map(|part| part.enter(&cluster)).collect();
        for live in &lives {
            // A message to a port that is not open yet would be lost.
            live.is_ready().await;
        }
        let Scripts { driver, actors, finally, after } =
            Scripts::of(self.plan.script.as_deref().unwrap_or_default());
        let cast = Cast::of(self.plan.faults.iter().flatten());
        let Self { plan, performers, .. } = self;
        let stage = Stage { plan, performers, lives, after, cast, cluster: cluster.clone() };
        let stage = Arc::new(stage);
        let follows = |name: &Arc<str>, place: usize, script: Option<usize>| {
            let (stage, host, name) = (Arc::clone(&stage), cluster.host(place), Arc::clone(name));
            let at = host.clone();
            host.start(&Arc::clone(&name), async move { stage.follow(&at, &name, script).await })
        };
        let me = Arc::from(DRIVER);
        let place = |actor: &Arc<str>| self.places.get(actor).copied().unwrap_or(0);
        // All of them are there before anything befalls them.
        let mut units = vec![follows(&me, 0, driver)];
        units.extend(
            actors.iter().map(|(name, script, _)| follows(name, place(name), Some(*script))),
        );
        let scripts = async {
            for unit in units {
                // A panic has already failed the run, with its name; a script ends with its host.
                let _ = unit.await;
            }
            if finally.is_some() {
                let _ = follows(&me, 0, finally).await;
            }
        };
        beside(befall(&cluster, &stage.cast, self.faults), scripts).await;
    }
}

/// Ends with `main`, and lets `other` go on until then.
async fn beside(other: impl Future<Output = ()>, main: impl Future<Output = ()>) {
    let (mut other, mut main) = (pin!(other), pin!(main));
    let mut others = true;
    poll_fn(|context| {
        // What is over is over: nothing befalls it in the same nanosecond.
        if main.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        if others && other.as_mut().poll(context).is_ready() {
            others = false;
        }
        Poll::Pending
    })
    .await;
}

/// Goes on when it is polled again, which it asks for.
async fn one_poll() {
    let mut polled = false;
    poll_fn(|context| {
        if std::mem::replace(&mut polled, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Stage {
    /// Performs the script of `who`, which begins at a step, as a unit of `host`.
    async fn follow(&self, host: &Host, who: &Arc<str>, mut next: Option<usize>) {
        if let Some(hold) = self.cast.enters(who, || host.current()) {
            self.cluster.hold_unit(host.current(), hold);
            // A unit that is held is not polled on.
            one_poll().await;
        }
        let steps = self.plan.script.as_deref().unwrap_or_default();
        while let Some(line) = next {
            next = self.after[line];
            let step = &steps[line];
            if let Some(at) = step.at {
                host.sleep_until_engine(at).await;
            }
            host.because(u32::try_from(line).ok().map(Cause::Step));
            self.lives[self.performers[line]].perform(host, &step.operation).await;
        }
        host.because(None);
        self.cast.leaves(who);
    }
}
