//! Who does what: fewer actors, and in an order in which they need not take turns.

use super::search::{Search, calm};
use super::turns;
use crate::plan::{Deviation, Plan, Schedule, Step, Turn};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Plans with more steps are left as they are.
const MOST_STEPS: usize = 10;

/// Lets fewer actors do the same, or the same actors in a simpler order.
pub(super) fn shrink(search: &mut Search<'_>) {
    if search.best().script.as_ref().is_none_or(|script| script.len() > MOST_STEPS) {
        return;
    }
    while merge(search) || reorder(search) || hand_over(search) {}
}

fn names(plan: &Plan) -> Vec<Arc<str>> {
    let mut seen = BTreeSet::new();
    let actors = plan.script.iter().flatten().filter_map(|step| step.actor.clone());
    actors.filter(|actor| seen.insert(actor.clone())).collect()
}

fn is(step: &Step, name: &Arc<str>) -> bool {
    step.actor.as_ref() == Some(name)
}

/// One actor does what two did: one after the other, or as the script lists their steps.
fn merge(search: &mut Search<'_>) -> bool {
    let best = search.best().clone();
    let script = best.script.as_deref().unwrap_or_default();
    let names = names(&best);
    for keeps in &names {
        for leaves in names.iter().filter(|other| *other != keeps) {
            let renamed = |step: &Step| match is(step, leaves) {
                true => Step { actor: Some(Arc::clone(keeps)), ..step.clone() },
                false => step.clone(),
            };
            let rest: Vec<Step> = script.iter().filter(|step| !is(step, leaves)).cloned().collect();
            let moved = script.iter().filter(|step| is(step, leaves)).map(renamed);
            let moved: Vec<Step> = moved.collect();
            let within = |at: usize| [&rest[..at], &moved[..], &rest[at..]].concat();
            let listed: Vec<Step> = script.iter().map(renamed).collect();
            for script in (0..=rest.len()).map(within).chain([listed]) {
                let mut candidate = Plan { script: Some(script), ..best.clone() };
                if let Schedule::Written(turns) = &mut candidate.schedule {
                    turns.retain(|turn| !mentions(turn, leaves));
                }
                if search.accept_alike_calm(candidate) {
                    return true;
                }
            }
        }
    }
    false
}

fn mentions(deviation: &Deviation, name: &Arc<str>) -> bool {
    deviation.thread == *name || deviation.turn == Turn::To(Arc::clone(name))
}

/// Actors begin in the order in which the script first names them: in another order they may not need to take turns.
fn reorder(search: &mut Search<'_>) -> bool {
    if !search.size().takes_turns() {
        return false;
    }
    let best = search.best().clone();
    let script = best.script.as_deref().unwrap_or_default();
    for name in names(&best) {
        let (first, rest): (Vec<Step>, Vec<Step>) =
            script.iter().cloned().partition(|step| is(step, &name));
        for script in [[first.clone(), rest.clone()].concat(), [rest, first].concat()] {
            let candidate = calm(&Plan { script: Some(script), ..best.clone() });
            let most = super::size::turns(&best).len() - 1;
            if turns::accept_with_few(search, &candidate, most.min(1)) {
                return true;
            }
        }
    }
    false
}

/// One step is done by somebody else, or elsewhere in the script.
fn hand_over(search: &mut Search<'_>) -> bool {
    let best = search.best().clone();
    accept_handed_over(search, &best)
}

/// Whether `plan` is smaller and fails with one of its steps done by another actor or at another place.
pub(super) fn accept_handed_over(search: &mut Search<'_>, plan: &Plan) -> bool {
    let names = names(plan);
    let script = plan.script.as_deref().unwrap_or_default();
    for from in (0..script.len()).filter(|&from| script[from].actor.is_some()) {
        for name in &names {
            for to in 0..script.len() {
                let mut script = script.to_vec();
                let mut step = script.remove(from);
                step.actor = Some(Arc::clone(name));
                script.insert(to, step);
                if search.accept_alike_calm(Plan { script: Some(script), ..plan.clone() }) {
                    return true;
                }
            }
        }
    }
    false
}
