//! Who hears a breaker's events.

use super::Event;
use std::fmt;
use std::num::{NonZeroU64, NonZeroUsize};
use std::sync::Arc;

/// Hears the events of a breaker, one at a time and in their order.
///
/// It runs outside every lock of the breaker, on the unit of execution that took the delivery over, which need not be
/// the one that caused the event. It may call the breaker; events that follow from that come after the current one. A
/// slow listener delays the events, not the decisions; they wait in memory meanwhile, up to its [backlog](Self::backlog).
///
/// Whoever delivers goes on until nothing waits: where more happens than a listener has heard in the same time, it does so for all that time.
///
/// A panic of a listener goes on into the operation that delivers; an admission that it interrupts ends as a panicked
/// call. No event is lost by it: the other listeners, and those that follow, hear the rest with the next operation that takes
/// the lock: a failure, a trial, a command or a [refresh](super::CircuitBreaker::refresh).
pub trait Listener: Send + Sync {
    /// What it wants to hear. Asked once, when the listener is added.
    fn interest(&self) -> Interest;

    /// Where it hears [`Interest::Notable`]: of the rejections of a generation it hears of the first, and then once for each so
    /// many. Where rejections take no lock, that is up to 512 rejections late. Of several listeners the least counts, for all.
    /// Default 1000. Asked once, when the listener is added.
    fn rejections_between(&self) -> NonZeroU64 {
        NonZeroU64::new(1000).expect("it is not zero")
    }

    /// How many events may wait for it. Where there are as many, what happens to single calls is missed; as many changes find
    /// room beside them, and then those are missed too. In the place of what is missed is an event that [says how
    /// much](super::EventKind::Missed), so that at most three times as many wait in all, and one more. Of several listeners the
    /// greatest counts, for all. Default 16,384: what eight busy threads bring about while the system holds up whoever delivers for some
    /// milliseconds. Asked once, when the listener is added.
    fn backlog(&self) -> NonZeroUsize {
        NonZeroUsize::new(16_384).expect("it is not zero")
    }

    /// Hears `event` of the breaker named `breaker`.
    fn on_event(&self, breaker: &str, event: &Event);
}

/// What a listener wants to hear. The order is from less to more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interest {
    /// Changes only: [`Transition`](super::EventKind::Transition) and [`Renewed`](super::EventKind::Renewed), and how many
    /// events were [missed](super::EventKind::Missed). These are rare; [`Event::order`] jumps over the others.
    Transitions,
    /// What is worth a line in a log: changes, trials that were silent for too long
    /// ([`TrialReclaimed`](super::EventKind::TrialReclaimed)), and how many calls were rejected
    /// ([`Rejections`](super::EventKind::Rejections)): the first of each generation, one of very many, and a sum. What is not
    /// told of takes no lock for it.
    Notable,
    /// Every event, at least one for every call, and so a lock for every call.
    Everything,
}

/// The listeners of a breaker, with what each wants to hear.
#[derive(Clone, Default)]
pub(super) struct Audience(Option<Arc<Seats>>);

/// Those of an audience where there is one.
#[derive(Clone, Default)]
struct Seats {
    listeners: Vec<(Interest, Arc<dyn Listener>)>,
    /// After how many rejections one of them hears of them again; none where nobody does.
    rejections_between: Option<NonZeroU64>,
    /// How many events may wait.
    backlog: usize,
}

impl Audience {
    pub(super) fn add(&mut self, listener: Arc<dyn Listener>) {
        let interest = listener.interest();
        let seats = Arc::make_mut(self.0.get_or_insert_default());
        if interest == Interest::Notable {
            let every = listener.rejections_between();
            let least = seats.rejections_between.map_or(every, |least| least.min(every));
            seats.rejections_between = Some(least);
        }
        seats.backlog = seats.backlog.max(listener.backlog().get());
        seats.listeners.push((interest, listener));
    }

    fn listeners(&self) -> &[(Interest, Arc<dyn Listener>)] {
        self.0.as_ref().map_or(&[], |seats| &seats.listeners)
    }

    /// After how many rejections one of them hears of them again; none where nobody does.
    pub(super) fn rejections_between(&self) -> Option<NonZeroU64> {
        self.0.as_ref()?.rejections_between
    }

    /// How many events may wait for them.
    pub(super) fn backlog(&self) -> usize {
        self.0.as_ref().map_or(0, |seats| seats.backlog)
    }

    /// What the most curious of them wants to hear; nothing where there are none.
    pub(super) fn widest_interest(&self) -> Option<Interest> {
        self.listeners().iter().map(|(interest, _)| *interest).max()
    }

    pub(super) fn get(&self, index: usize) -> Option<(Interest, &dyn Listener)> {
        self.listeners().get(index).map(|(interest, listener)| (*interest, &**listener))
    }
}

impl fmt::Debug for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.listeners().iter().map(|(interest, _)| interest)).finish()
    }
}
