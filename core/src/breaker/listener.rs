//! Who hears a breaker's events.

use super::Event;
use std::fmt;
use std::sync::Arc;

/// Hears the events of a breaker, one at a time and in their order.
///
/// It runs outside every lock of the breaker, on the unit of execution that took the delivery over, which need not be
/// the one that caused the event. It may call the breaker; events that follow from that come after the current one. A
/// slow listener delays the events, not the decisions; they wait in memory meanwhile.
///
/// A panic of a listener goes on into the operation that delivers; an admission that it interrupts ends as a panicked
/// call. No event is lost by it: the other listeners, and those that follow, hear the rest with the next operation.
pub trait Listener: Send + Sync {
    /// What it wants to hear. Asked once, when the listener is added.
    fn interest(&self) -> Interest;

    /// Hears `event` of the breaker named `breaker`.
    fn on_event(&self, breaker: &str, event: &Event);
}

/// What a listener wants to hear. The order is from less to more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interest {
    /// Changes only: [`Transition`](super::EventKind::Transition) and [`Renewed`](super::EventKind::Renewed). These are
    /// rare; [`Event::order`] jumps over the others.
    Transitions,
    /// Every event, at least one for every call.
    Everything,
}

/// The listeners of a breaker, with what each wants to hear.
#[derive(Clone, Default)]
pub(super) struct Audience(Vec<(Interest, Arc<dyn Listener>)>);

impl Audience {
    pub(super) fn add(&mut self, listener: Arc<dyn Listener>) {
        self.0.push((listener.interest(), listener));
    }

    /// What the most curious of them wants to hear; nothing where there are none.
    pub(super) fn widest_interest(&self) -> Option<Interest> {
        self.0.iter().map(|(interest, _)| *interest).max()
    }

    pub(super) fn get(&self, index: usize) -> Option<(Interest, &dyn Listener)> {
        self.0.get(index).map(|(interest, listener)| (*interest, &**listener))
    }
}

impl fmt::Debug for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(interest, _)| interest)).finish()
    }
}
