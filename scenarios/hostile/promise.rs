//! What holds of a breaker whatever its clock shows.

use super::told::{Told, told};
use retrip_core::breaker::{Cause, EventKind, State};
use retrip_core::door::Instant;
use retrip_sim::check::{Judgement, Promise, Sometimes, always};
use retrip_sim::log::What;
use retrip_sim::span::Seconds;
use std::time::Duration;

/// What the clock has shown, and at which of these readings the breaker last changed.
#[derive(Default)]
struct Readings {
    shown: Vec<Instant>,
    changed: usize,
}

impl Readings {
    /// The breaker has changed at a reading that showed this, later than it changed before. Whoever delivers may be long about it, so
    /// that it is told after readings that came later; of several readings of the same it may be any, and the first is taken.
    fn change(&mut self, at: Instant) {
        let later = self.shown.iter().skip(self.changed).position(|shown| *shown == at);
        self.changed += later.expect("it has read its clock") + 1;
    }

    /// The lowest reading since it has changed, that one included. Those between a decision and the word of it are among them: where the
    /// clock goes back there, what is decided is taken for sound.
    fn lowest(&self) -> Option<Instant> {
        self.shown[self.changed.checked_sub(1)?..].iter().min().copied()
    }
}

/// A breaker half-opens a whole interval after it opened, by its own readings: where they went back, after the lowest since.
pub(super) fn open_for_a_whole_interval(open_for: Duration) -> impl Promise {
    let statement =
        format!("it is open for {} between two readings of its clock", Seconds(open_for));
    let mut readings = Readings::default();
    always("open_for_a_whole_interval", statement, move |event| {
        if let Some(Told::Reads(shown)) = told(event) {
            readings.shown.push(shown);
        }
        let What::Breaker(own) = &event.what else { return Judgement::NotConcerned };
        let EventKind::Transition { cause, .. } = own.kind else { return Judgement::NotConcerned };
        let began = readings.lowest();
        readings.change(own.at);
        if cause != Cause::IntervalOver {
            return Judgement::NotConcerned;
        }
        let began = began.expect("a breaker that half-opens has opened");
        if own.at.saturating_duration_since(began) >= open_for {
            return Judgement::Holds;
        }
        Judgement::broken(
            format!("open for {}", Seconds(open_for)),
            format!("from {} to {}", Seconds(began), Seconds(own.at)),
        )
    })
}

/// Nobody is told to wait for more than an interval, and once the clock has gone on for one, the breaker can close.
pub(super) fn comes_back(open_for: Duration) -> impl Promise {
    let statement =
        format!("calls pass again when its clock has gone on for {}", Seconds(open_for));
    always("comes_back", statement, move |event| match told(event) {
        Some(Told::Rejects(Some(left))) if left <= open_for => Judgement::Holds,
        Some(Told::Rejects(left)) => Judgement::broken(
            format!("rejected for {} at most", Seconds(open_for)),
            left.map_or("rejected for good".to_owned(), |left| {
                format!("rejected for {}", Seconds(left))
            }),
        ),
        Some(Told::Is { closed: true }) => Judgement::Holds,
        Some(Told::Is { closed: false }) => Judgement::broken("closed in the end", "it is not"),
        _ => Judgement::NotConcerned,
    })
}

/// The clock shows less than somebody has read before, while the breaker is open.
pub(super) fn goes_back_while_it_is_open() -> Sometimes {
    let mut last: Option<Instant> = None;
    Sometimes::new("goes_back_while_it_is_open", move |event| {
        if let What::Breaker(own) = &event.what {
            if let EventKind::Transition { to, .. } = own.kind {
                last = (to == State::Open).then_some(own.at);
            }
            return false;
        }
        match (told(event), &mut last) {
            (Some(Told::Reads(shown)), Some(last)) => {
                let before = std::mem::replace(last, shown);
                shown < before
            }
            _ => false,
        }
    })
}

/// A breaker opens at the last moment that its clock can show.
pub(super) fn opens_at_the_end_of_time() -> Sometimes {
    Sometimes::new("opens_at_the_end_of_time", |event| match &event.what {
        What::Breaker(own) => {
            own.at.as_nanos() == u64::MAX
                && matches!(own.kind, EventKind::Transition { to: State::Open, .. })
        }
        _ => false,
    })
}
