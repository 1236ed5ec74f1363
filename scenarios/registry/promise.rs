//! What is promised of breakers by name.

use retrip_sim::check::{Judgement, Promise, Sometimes, always};
use retrip_sim::log::{Event, Name, Value, What};
use std::collections::{BTreeMap, BTreeSet};

/// What an event says: a name, the threshold asked for, and what came of it.
enum Told<'a> {
    IsAsked(&'a Name, i64),
    Gives { name: &'a Name, asked: i64, number: i64, opens_at: i64 },
    Refuses(&'a Name, i64),
}

fn told(event: &Event) -> Option<Told<'_>> {
    let What::Note { verb, fields } = &event.what else { return None };
    match (&**verb, &fields[..]) {
        ("is asked for", [(_, Value::Text(name)), (_, Value::Int(asked))]) => {
            Some(Told::IsAsked(name, *asked))
        }
        (
            "gives",
            [
                (_, Value::Text(name)),
                (_, Value::Int(asked)),
                (_, Value::Int(number)),
                (_, Value::Int(opens_at)),
            ],
        ) => Some(Told::Gives { name, asked: *asked, number: *number, opens_at: *opens_at }),
        ("refuses", [(_, Value::Text(name)), (_, Value::Int(asked)), _]) => {
            Some(Told::Refuses(name, *asked))
        }
        _ => None,
    }
}

/// Whoever asks for a name gets the breaker that everybody else gets who asks for it.
pub(super) fn a_name_has_one_breaker() -> impl Promise {
    let mut given: BTreeMap<Name, i64> = BTreeMap::new();
    let statement = "all who ask for one name get one breaker";
    always("a_name_has_one_breaker", statement, move |event| match told(event) {
        Some(Told::Gives { name, number, .. }) => {
            let first = *given.entry(Name::clone(name)).or_insert(number);
            Judgement::equal(
                format!("number {first} for {name}"),
                format!("number {number} for {name}"),
            )
        }
        _ => Judgement::NotConcerned,
    })
}

/// A breaker that is given for one name is never given for another one.
pub(super) fn names_are_separate() -> impl Promise {
    let mut of: BTreeMap<i64, Name> = BTreeMap::new();
    let statement = "no breaker is given for two names";
    always("names_are_separate", statement, move |event| match told(event) {
        Some(Told::Gives { name, number, .. }) => {
            let own = of.entry(number).or_insert_with(|| Name::clone(name));
            Judgement::equal(
                format!("number {number} for {own}"),
                format!("number {number} for {name}"),
            )
        }
        _ => Judgement::NotConcerned,
    })
}

/// Whoever gets a breaker gets one with the configuration that it asked for; who is refused is so because somebody has asked for
/// another one.
pub(super) fn conflicts_are_errors() -> impl Promise {
    let mut asked_for: BTreeMap<Name, BTreeSet<i64>> = BTreeMap::new();
    let statement = "whoever gets a breaker gets it as it was asked for";
    always("conflicts_are_errors", statement, move |event| match told(event) {
        Some(Told::IsAsked(name, asked)) => {
            asked_for.entry(Name::clone(name)).or_default().insert(asked);
            Judgement::NotConcerned
        }
        Some(Told::Gives { name, asked, opens_at, .. }) => Judgement::equal(
            format!("{name} that opens at {asked}"),
            format!("{name} that opens at {opens_at}"),
        ),
        Some(Told::Refuses(name, asked)) => {
            let others = asked_for.get(name).is_some_and(|all| all.iter().any(|one| *one != asked));
            if others {
                return Judgement::Holds;
            }
            Judgement::broken(format!("{name} that opens at {asked}"), "refused")
        }
        None => Judgement::NotConcerned,
    })
}

/// Two ask for one name at once.
pub(super) fn two_ask_at_once() -> Sometimes {
    let mut asking: BTreeMap<Name, Name> = BTreeMap::new();
    Sometimes::new("two_ask_at_once", move |event| {
        match told(event) {
            Some(Told::IsAsked(name, _)) => {
                let is_asked = asking.values().any(|other| other == name);
                asking.insert(Name::clone(&event.thread), Name::clone(name));
                return is_asked;
            }
            Some(_) => asking.remove(&event.thread),
            None => None,
        };
        false
    })
}

/// Somebody is refused.
pub(super) fn somebody_is_refused() -> Sometimes {
    Sometimes::new("somebody_is_refused", |event| matches!(told(event), Some(Told::Refuses(..))))
}
