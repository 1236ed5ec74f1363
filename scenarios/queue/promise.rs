//! What is promised to those who give and take, and what must be seen of it.

use super::bounded::{Told, Wait, Wish};
use super::counter::told;
use retrip_core::door::Instant;
use retrip_sim::check::{End, Judgement, Promise, Sometimes, always};
use retrip_sim::log::{Event, Name};
use retrip_sim::span::Seconds;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The queue never holds more than it has room for.
pub(crate) fn room_is_kept(room: u32) -> impl Promise {
    let statement = format!("the queue never holds more than {room}");
    let room = usize::try_from(room).expect("a queue is small");
    always("room_is_kept", statement, move |event| match told(event) {
        Some(Told::Gives { holds, .. }) if holds > room => {
            Judgement::broken(format!("at most {room}"), format!("holds {holds}"))
        }
        Some(Told::Gives { .. }) => Judgement::Holds,
        _ => Judgement::NotConcerned,
    })
}

/// See [`items_arrive_once_and_in_order`].
#[derive(Debug, Default)]
pub(crate) struct ItemsArrive(VecDeque<u32>);

/// Whatever is given is taken once, and nothing that was given later is taken before it.
pub(crate) fn items_arrive_once_and_in_order() -> ItemsArrive {
    ItemsArrive::default()
}

impl Promise for ItemsArrive {
    fn name(&self) -> &'static str {
        "items_arrive_once_and_in_order"
    }

    fn statement(&self) -> String {
        "every item that is given is taken once, in the order of giving".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        match told(event) {
            Some(Told::Gives { item, .. }) => self.0.push_back(item),
            Some(Told::Takes { item, .. }) => {
                return match self.0.pop_front() {
                    Some(first) => {
                        Judgement::equal(format!("takes {first}"), format!("takes {item}"))
                    }
                    None => Judgement::broken("takes what was given", format!("takes {item}")),
                };
            }
            _ => {}
        }
        Judgement::NotConcerned
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        match self.0.front() {
            None => Judgement::Holds,
            Some(item) => Judgement::broken("everything is taken", format!("{item} never is")),
        }
    }
}

/// Who is refused was kept for its whole limit. Exactly its end is late enough.
pub(crate) fn nobody_is_refused_early() -> impl Promise {
    let mut limits = Limits::default();
    let statement = "who is refused is refused at its limit or later";
    always("nobody_is_refused_early", statement, move |event| match limits.of(event) {
        Some((Told::IsRefused { .. }, until)) if event.mono < until => Judgement::broken(
            format!("refused at {} or later", Seconds(until)),
            format!("refused at {}", Seconds(event.mono)),
        ),
        Some((Told::IsRefused { .. }, _)) => Judgement::Holds,
        _ => Judgement::NotConcerned,
    })
}

/// Who has to wait goes to sleep until its limit: it cannot be refused later, unless it is kept from running.
pub(crate) fn nobody_waits_past_its_limit() -> impl Promise {
    let mut limits = Limits::default();
    let statement =
        "who waits, waits until its limit, to the nanosecond, however often it is woken";
    always("nobody_waits_past_its_limit", statement, move |event| match limits.of(event) {
        Some((Told::Waits { left, .. }, until)) => Judgement::equal(
            format!("waits until {}", Seconds(until)),
            format!("waits until {}", Seconds(event.mono.saturating_add(left))),
        ),
        _ => Judgement::NotConcerned,
    })
}

/// Who waits alone on its side is woken by what it waits for, where that comes before its limit.
///
/// Of two who wait, one may find at last what woke the other one.
pub(crate) fn who_waits_alone_is_woken() -> impl Promise {
    let mut limits = Limits::default();
    let (mut givers, mut takers) = (Sleepers::default(), Sleepers::default());
    let statement = "who waits alone is woken by what comes before its limit";
    always("who_waits_alone_is_woken", statement, move |event| {
        let Some((told, until)) = limits.of(event) else { return Judgement::NotConcerned };
        match told {
            Told::Asks { .. } => {}
            Told::Waits { for_: Wish::Room, .. } => givers.sleeps(event, until),
            Told::Waits { for_: Wish::Item, .. } => takers.sleeps(event, until),
            Told::IsRefused { .. } => {
                givers.wakes(event);
                takers.wakes(event);
            }
            Told::Gives { wait, .. } => {
                takers.hear(event);
                return givers.judge(event, wait);
            }
            Told::Takes { wait, .. } => {
                givers.hear(event);
                return takers.judge(event, wait);
            }
        }
        Judgement::NotConcerned
    })
}

/// Those who wait for one thing, each until its limit; and what came while it waited alone.
#[derive(Debug, Default)]
struct Sleepers(BTreeMap<Name, (Instant, Option<Instant>)>);

impl Sleepers {
    fn sleeps(&mut self, event: &Event, until: Instant) {
        self.0.insert(Name::clone(&event.thread), (until, None));
    }

    /// There is now what they wait for.
    fn hear(&mut self, event: &Event) {
        let alone = self.0.len() == 1;
        for (until, came) in self.0.values_mut() {
            if alone && event.mono < *until {
                *came = Some(event.mono);
            }
        }
    }

    fn wakes(&mut self, event: &Event) -> Option<Instant> {
        self.0.remove(&event.thread).and_then(|(_, came)| came)
    }

    fn judge(&mut self, event: &Event, wait: Wait) -> Judgement {
        match (self.wakes(event), wait) {
            (Some(came), Wait::AtLast) => Judgement::broken(
                format!("woken by what came at {}", Seconds(came)),
                format!("finds it at last at {}", Seconds(event.mono)),
            ),
            _ => Judgement::Holds,
        }
    }
}

/// Somebody is refused, in the very nanosecond in which its limit is over.
pub(crate) fn somebody_is_refused_exactly_at_its_limit() -> Sometimes {
    let mut limits = Limits::default();
    Sometimes::new("somebody_is_refused_exactly_at_its_limit", move |event| {
        let refused = |(told, until)| matches!(told, Told::IsRefused { .. }) && event.mono == until;
        limits.of(event).is_some_and(refused)
    })
}

/// Somebody who waited is served in the very nanosecond in which its limit is over.
pub(crate) fn somebody_is_served_exactly_at_its_limit() -> Sometimes {
    let (mut limits, mut waited) = (Limits::default(), BTreeSet::new());
    Sometimes::new("somebody_is_served_exactly_at_its_limit", move |event| match limits.of(event) {
        Some((Told::Waits { .. }, _)) => {
            waited.insert(Name::clone(&event.thread));
            false
        }
        Some((Told::Gives { .. } | Told::Takes { .. }, until)) => {
            waited.remove(&event.thread) && event.mono == until
        }
        Some((Told::IsRefused { .. }, _)) => {
            waited.remove(&event.thread);
            false
        }
        _ => false,
    })
}

/// Somebody was woken before its limit and has to wait again: another one was quicker, or it was woken for no reason.
pub(crate) fn somebody_waits_again() -> Sometimes {
    let mut waits = BTreeSet::new();
    Sometimes::new("somebody_waits_again", move |event| match told(event) {
        Some(Told::Waits { .. }) => !waits.insert(Name::clone(&event.thread)),
        Some(_) => {
            waits.remove(&event.thread);
            false
        }
        None => false,
    })
}

/// Until when each of those who asked may be kept waiting.
#[derive(Debug, Default)]
struct Limits(BTreeMap<Name, Instant>);

impl Limits {
    /// What `event` tells, and the limit of whom it is about; none where that one never asked.
    fn of(&mut self, event: &Event) -> Option<(Told, Instant)> {
        let told = told(event)?;
        if let Told::Asks { within, .. } = told {
            let until = event.mono.saturating_add(within);
            self.0.insert(Name::clone(&event.thread), until);
        }
        self.0.get(&event.thread).map(|until| (told, *until))
    }
}
