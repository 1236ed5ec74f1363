//! Brings events to listeners: collected under the breaker's lock, delivered after it, by one unit at a time, in order.

use super::listener::Audience;
use super::{CircuitBreaker, Event, EventKind, Interest, plants};
use crate::door::{Mutex, Platform};
use std::collections::VecDeque;

/// Events that have not been delivered yet. Lives under the breaker's lock; nothing where nobody listens.
#[derive(Debug)]
pub(super) struct Pending(Option<Box<Post>>);

/// What is to be delivered, and who does it.
#[derive(Debug)]
struct Post {
    queue: VecDeque<Event>,
    /// How many listeners have heard the first event of the queue: not zero only after one of them panicked.
    heard: usize,
    courier: Courier,
    /// What the most curious listener wants to hear; what nobody wants is not kept.
    wanted: Interest,
    /// How many events may wait, and how many changes beside them at least.
    backlog: usize,
}

/// Whether some unit is delivering now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Courier {
    Free,
    Busy,
}

impl Pending {
    pub(super) fn for_audience(audience: &Audience) -> Self {
        let mut pending = Self(None);
        pending.widen(audience);
        pending
    }

    /// Keeps from now on what `audience` wants to hear.
    pub(super) fn widen(&mut self, audience: &Audience) {
        let Some(wanted) = audience.widest_interest() else { return };
        let backlog = audience.backlog();
        match &mut self.0 {
            Some(post) => (post.wanted, post.backlog) = (wanted, backlog),
            None => {
                let (queue, courier) = (VecDeque::new(), Courier::Free);
                self.0 = Some(Box::new(Post { queue, heard: 0, courier, wanted, backlog }));
            }
        }
    }

    /// As many wait as come: a planted bug.
    pub(super) fn without_bound(&mut self) {
        self.0.iter_mut().for_each(|post| post.backlog = usize::MAX);
    }

    /// Makes the caller the one who delivers, if there is something to deliver and nobody does.
    ///
    /// It must be called under the same lock that added events, and [`Delivery::run`] after that lock.
    pub(super) fn claim<'a, P: Platform>(
        &mut self,
        breaker: &'a CircuitBreaker<P>,
    ) -> Option<Delivery<'a, P>> {
        let post = self.0.as_mut()?;
        if breaker.broken_by(plants::EVERYBODY_DELIVERS) {
            let event = post.queue.pop_front()?;
            return Some(Delivery { breaker, event: Some(event), heard: 0 });
        }
        if post.courier == Courier::Busy {
            if breaker.broken_by(plants::NEWEST_EVENT_FIRST) && post.queue.len() > 2 {
                post.queue.make_contiguous()[1..].rotate_right(1);
            }
            return None;
        }
        let event = post.queue.front()?.clone();
        post.courier = Courier::Busy;
        Some(Delivery { breaker, event: Some(event), heard: post.heard })
    }

    /// The first event has been heard by all. Returns the next one, or nothing, and then the courier is free.
    fn advance<P: Platform>(&mut self, breaker: &CircuitBreaker<P>) -> Option<Event> {
        let post = self.0.as_mut()?;
        let first = post.queue.pop_front();
        if breaker.broken_by(plants::MISSED_EVENTS_UNTOLD) {
            post.queue.pop_front_if(|next| matches!(next.kind, EventKind::Missed { .. }));
        }
        if breaker.broken_by(plants::EVERYBODY_DELIVERS) {
            return first;
        }
        post.heard = 0;
        let next = post.queue.front().cloned();
        if next.is_none() {
            post.courier = Courier::Free;
        }
        next
    }

    /// Delivery was cut short by a listener; the first `heard` of them have been told of the first event.
    fn give_up<P: Platform>(&mut self, heard: usize, breaker: &CircuitBreaker<P>) {
        let Some(post) = &mut self.0 else { return };
        if breaker.broken_by(plants::PANIC_ENDS_DELIVERY) {
            return;
        }
        post.courier = Courier::Free;
        post.heard = if breaker.broken_by(plants::PANIC_REPEATS_AN_EVENT) { 0 } else { heard };
        if breaker.broken_by(plants::PANIC_LOSES_EVENTS) {
            (post.heard, post.queue) = (0, VecDeque::new());
        }
    }
}

impl Extend<Event> for Pending {
    fn extend<I: IntoIterator<Item = Event>>(&mut self, events: I) {
        let Some(post) = self.0.as_deref_mut() else { return };
        let wanted = post.wanted;
        events
            .into_iter()
            .filter(|event| event.kind.interest() <= wanted)
            .for_each(|event| post.add(event));
    }
}

impl Post {
    /// An event waits, or is one more of those that are missed.
    fn add(&mut self, event: Event) {
        let is_change = event.kind.interest() == Interest::Transitions;
        // As many changes, and between them what says that something was missed.
        let room = if is_change { self.backlog.saturating_mul(3) } else { self.backlog };
        if self.queue.len() < room {
            self.queue.push_back(event);
            return;
        }
        // The first one may be on its way to listeners already, with the count that it had.
        let is_first = self.queue.len() == 1;
        match self.queue.back_mut() {
            Some(Event { kind: EventKind::Missed { count }, .. }) if !is_first => *count += 1,
            _ => self.queue.push_back(Event { kind: EventKind::Missed { count: 1 }, ..event }),
        }
    }
}

/// The duty to deliver what is pending. Dropped early, by a listener's panic, it hands the duty to whoever comes next.
#[must_use = "somebody has to run it"]
pub(super) struct Delivery<'a, P: Platform> {
    breaker: &'a CircuitBreaker<P>,
    /// The event under way; none once everything is delivered.
    event: Option<Event>,
    /// How many listeners have been told of `event`, the one that is being told included.
    heard: usize,
}

impl<P: Platform> Delivery<'_, P> {
    /// Delivers until nothing is pending. Must run outside the breaker's lock.
    pub(super) fn run(mut self) {
        let audience = self.breaker.audience();
        while let Some(event) = &self.event {
            while let Some((interest, listener)) = audience.get(self.heard) {
                self.heard += 1;
                if event.kind.interest() <= interest {
                    let is_bugged = self.breaker.broken_by(plants::LISTENERS_UNDER_THE_LOCK);
                    let _lock = is_bugged.then(|| self.breaker.inner().lock());
                    listener.on_event(self.breaker.name(), event);
                }
            }
            self.event = self.breaker.inner().lock().pending.advance(self.breaker);
            self.heard = 0;
        }
    }
}

impl<P: Platform> Drop for Delivery<'_, P> {
    fn drop(&mut self) {
        if self.event.is_some() {
            self.breaker.inner().lock().pending.give_up(self.heard, self.breaker);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::breaker::{Cause, Generation, Listener, State};
    use crate::door::{Instant, UnitNumber};
    use std::num::NonZeroUsize;
    use std::sync::Arc;

    struct Deaf {
        interest: Interest,
        backlog: usize,
    }

    impl Listener for Deaf {
        fn interest(&self) -> Interest {
            self.interest
        }

        fn backlog(&self) -> NonZeroUsize {
            NonZeroUsize::new(self.backlog).expect("it is not zero")
        }

        fn on_event(&self, _breaker: &str, _event: &Event) {}
    }

    fn before(listeners: impl IntoIterator<Item = Deaf>) -> Pending {
        let mut audience = Audience::default();
        listeners.into_iter().for_each(|listener| audience.add(Arc::new(listener)));
        Pending::for_audience(&audience)
    }

    /// Of these places: a rejection where the flag is not set, and a change where it is.
    fn events(kinds: impl IntoIterator<Item = (u64, bool)>) -> impl Iterator<Item = Event> {
        let (at, by, generation) = (Instant::ORIGIN, UnitNumber::new(1), Generation::FIRST);
        let state = State::Open;
        let kind = move |is_change| match is_change {
            true => EventKind::Renewed { state, open_for: None, cause: Cause::Forced },
            false => EventKind::Rejected { state, retry_after: None },
        };
        let event =
            move |(order, is_change)| Event { order, at, by, generation, kind: kind(is_change) };
        kinds.into_iter().map(event)
    }

    /// The places of what waits, and how many were missed there.
    fn waiting(pending: &Pending) -> Vec<(u64, u64)> {
        let missed = |event: &Event| match event.kind {
            EventKind::Missed { count } => count,
            _ => 0,
        };
        let queue = pending.0.iter().flat_map(|post| &post.queue);
        queue.map(|event| (event.order, missed(event))).collect()
    }

    #[test]
    fn what_nobody_wants_takes_no_memory() {
        let kept = |interest: Option<Interest>| {
            let mut pending = before(interest.map(|interest| Deaf { interest, backlog: 9 }));
            pending.extend(events([(0, false), (1, true)]));
            waiting(&pending).len()
        };
        let interests = [None, Some(Interest::Transitions), Some(Interest::Everything)];
        assert_eq!(interests.map(kept), [0, 1, 2]);
    }

    #[test]
    fn as_many_wait_as_the_most_patient_listener_says_and_the_rest_is_missed_and_counted() {
        let interest = Interest::Everything;
        let mut pending = before([1, 3, 2].map(|backlog| Deaf { interest, backlog }));
        pending.extend(events((0..7).map(|order| (order, false))));
        assert_eq!(waiting(&pending), [(0, 0), (1, 0), (2, 0), (3, 4)]);
        // As many changes may wait beside them.
        pending.extend(events([(7, true), (8, false), (9, false), (10, true), (11, true)]));
        pending.extend(events([(12, false), (13, true), (14, false)]));
        let calls = [(0, 0), (1, 0), (2, 0), (3, 4)];
        let changes = [(7, 0), (8, 2), (10, 0), (11, 0), (12, 3)];
        assert_eq!(waiting(&pending), [&calls[..], &changes[..]].concat());
    }

    #[test]
    fn what_is_told_already_is_not_told_to_have_missed_more() {
        let mut pending = before([Deaf { interest: Interest::Everything, backlog: 1 }]);
        pending.extend(events((0..3).map(|order| (order, false))));
        assert_eq!(waiting(&pending), [(0, 0), (1, 2)]);
        pending.0.as_mut().expect("somebody listens").queue.pop_front();
        pending.extend(events([(3, false), (4, false)]));
        assert_eq!(waiting(&pending), [(1, 2), (3, 2)]);
    }
}
