//! Brings events to listeners: collected under the breaker's lock, delivered after it, by one unit at a time, in order.

use super::listener::Audience;
use super::{CircuitBreaker, Event, Interest, plants};
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
        match &mut self.0 {
            Some(post) => post.wanted = wanted,
            None => {
                let (queue, courier) = (VecDeque::new(), Courier::Free);
                self.0 = Some(Box::new(Post { queue, heard: 0, courier, wanted }));
            }
        }
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
        let Some(Post { queue, wanted, .. }) = self.0.as_deref_mut() else { return };
        queue.extend(events.into_iter().filter(|event| event.kind.interest() <= *wanted));
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
    use crate::breaker::{Cause, EventKind, Generation, Listener, State};
    use crate::door::{Instant, UnitNumber};
    use std::sync::Arc;

    struct Deaf(Interest);

    impl Listener for Deaf {
        fn interest(&self) -> Interest {
            self.0
        }

        fn on_event(&self, _breaker: &str, _event: &Event) {}
    }

    /// How many of two events are kept: a rejection and a change.
    fn kept(interest: Option<Interest>) -> usize {
        let mut audience = Audience::default();
        if let Some(interest) = interest {
            audience.add(Arc::new(Deaf(interest)));
        }
        let mut pending = Pending::for_audience(&audience);
        let (at, by, generation) = (Instant::ORIGIN, UnitNumber::new(1), Generation::FIRST);
        let event = |kind| Event { order: 0, at, by, generation, kind };
        let state = State::Open;
        pending.extend([
            event(EventKind::Rejected { state, retry_after: None }),
            event(EventKind::Renewed { state, open_for: None, cause: Cause::Forced }),
        ]);
        pending.0.map_or(0, |post| post.queue.len())
    }

    #[test]
    fn what_nobody_wants_takes_no_memory() {
        let interests = [None, Some(Interest::Transitions), Some(Interest::Everything)];
        assert_eq!(interests.map(kept), [0, 1, 2]);
    }
}
