//! However slow a listener is, no more waits for it than it allows.

use crate::listeners::told::{Told, told};
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::log::Name;
use std::collections::BTreeMap;

/// What happens while the meddler sleeps within an event.
#[derive(Debug, Default)]
struct Sleep {
    /// The place of the event.
    order: i64,
    /// How many deeds others have told of meanwhile, each of which was an event at least.
    deeds: i64,
    /// Who sleeps, until that thread tells anything else.
    sleeper: Option<Name>,
    /// Of what came next, as much as happened meanwhile: how much of it the last listener has heard of.
    heard: i64,
}

/// Of what others bring about while a listener sleeps, three times the backlog is told at most: so many calls may wait, as many
/// changes, and between those what says that something was missed.
///
/// Each of the `others` may tell of something after the listener has fallen asleep that had happened before.
pub(in crate::listeners) fn few_wait(backlog: usize, others: usize) -> impl Promise {
    let most = i64::try_from(backlog * 3).expect("a backlog is short");
    let others = i64::try_from(others).expect("there are few");
    let statement = "no more events wait for a listener than it allows";
    let mut sleep = Sleep::default();
    let mut callers = BTreeMap::<Name, i64>::new();
    always("few_wait", statement, move |event| {
        let Some(told) = told(event) else { return Judgement::NotConcerned };
        if sleep.sleeper.as_ref() == Some(&event.thread) {
            sleep.sleeper = None;
        }
        match told {
            Told::Meddles => {
                let order = callers.get(&event.thread).copied().unwrap_or_default();
                sleep =
                    Sleep { order, sleeper: Some(Name::clone(&event.thread)), ..Sleep::default() };
            }
            Told::Calls | Told::Did if sleep.sleeper.is_some() => sleep.deeds += 1,
            Told::Hears { order, missed, .. } => {
                callers.insert(Name::clone(&event.thread), order);
                let happened = sleep.order + 1..=sleep.order + sleep.deeds - others;
                if *event.who == *"last" && missed == 0 && happened.contains(&order) {
                    sleep.heard += 1;
                }
            }
            _ => return Judgement::NotConcerned,
        }
        if sleep.heard > most {
            let wanted = format!("at most {most} of what happened in the sleep");
            return Judgement::broken(wanted, format!("{} of it", sleep.heard));
        }
        Judgement::Holds
    })
}
