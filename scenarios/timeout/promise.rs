//! What is promised to those who wait for a reply, and what must be seen of it.

use super::post::PostEvent;
use retrip_core::door::Instant;
use retrip_sim::check::{Judgement, Promise, Sometimes, always};
use retrip_sim::log::Event;
use retrip_sim::span::Seconds;

/// See [`a_reply_before_the_deadline_is_received`].
#[derive(Debug, Default)]
pub(crate) struct RepliesAreReceived {
    deadline: Option<Instant>,
    /// When each reply was put in that nobody is known to have received.
    waiting: Vec<Instant>,
    received: usize,
}

/// Who gives up had no reply before the deadline. In the very nanosecond of the deadline either may win.
pub(crate) fn a_reply_before_the_deadline_is_received() -> RepliesAreReceived {
    RepliesAreReceived::default()
}

impl Promise for RepliesAreReceived {
    fn name(&self) -> &'static str {
        "a_reply_before_the_deadline_is_received"
    }

    fn statement(&self) -> String {
        "a reply that is there before the deadline is received".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        match PostEvent::of(event) {
            Some(PostEvent::Awaits(deadline)) => self.deadline = Some(deadline),
            Some(PostEvent::Replies) => self.waiting.push(event.mono),
            Some(PostEvent::Receives | PostEvent::FindsItAtLast) => {
                // The reply may be told of only after it was received.
                self.received += 1;
                return Judgement::Holds;
            }
            Some(PostEvent::GivesUp) => {
                let in_time = |put: &&Instant| self.deadline.is_some_and(|until| **put < until);
                return match self.waiting.iter().skip(self.received).find(in_time) {
                    None => Judgement::Holds,
                    Some(put) => Judgement::broken(
                        "receives the reply",
                        format!("gives up, with a reply there since {put:?}"),
                    ),
                };
            }
            Some(PostEvent::FindsItFull) | None => {}
        }
        Judgement::NotConcerned
    }
}

/// Who waits is woken by the reply: only one that came no earlier than the deadline is found at last, by somebody whom
/// nothing woke.
pub(crate) fn a_reply_wakes_who_waits() -> impl Promise {
    let (mut deadline, mut put) = (None, None);
    let statement = "who waits is woken by a reply that comes before the deadline";
    always("a_reply_wakes_who_waits", statement, move |event| {
        match PostEvent::of(event) {
            Some(PostEvent::Awaits(until)) => deadline = Some(until),
            Some(PostEvent::Replies) => put = Some(event.mono),
            Some(PostEvent::Receives) => return Judgement::Holds,
            Some(PostEvent::FindsItAtLast) => {
                return match put.filter(|put| deadline.is_some_and(|until| *put < until)) {
                    None => Judgement::Holds,
                    Some(put) => Judgement::broken(
                        "woken by the reply",
                        format!("finds it at last, there since {}", Seconds(put)),
                    ),
                };
            }
            Some(PostEvent::GivesUp | PostEvent::FindsItFull) | None => {}
        }
        Judgement::NotConcerned
    })
}

/// A reply came in the nanosecond of the deadline, and was received then.
pub(crate) fn the_reply_wins() -> Sometimes {
    let mut tie = Tie::default();
    let has_it = [PostEvent::Receives, PostEvent::FindsItAtLast];
    Sometimes::new("the_reply_wins", move |event| tie.ends_with(event, &has_it))
}

/// A reply came in the nanosecond of the deadline, and who waited had given up then.
pub(crate) fn the_timeout_wins() -> Sometimes {
    let mut tie = Tie::default();
    Sometimes::new("the_timeout_wins", move |event| tie.ends_with(event, &[PostEvent::GivesUp]))
}

/// A reply that came while the caller waited was received in that nanosecond, before the deadline: the caller was woken
/// by it, and did not find it there in the end.
pub(crate) fn the_reply_wakes_the_caller() -> Sometimes {
    let (mut waits, mut replied, mut received) = (None, None, None);
    Sometimes::new("the_reply_wakes_the_caller", move |event| {
        match PostEvent::of(event) {
            Some(PostEvent::Awaits(deadline)) => waits = Some((event.mono, deadline)),
            Some(PostEvent::Replies) => replied = Some(event.mono),
            Some(PostEvent::Receives) => received = Some(event.mono),
            Some(PostEvent::FindsItAtLast | PostEvent::GivesUp | PostEvent::FindsItFull) | None => {
            }
        }
        let within = |at| waits.is_some_and(|(since, until)| since < at && at < until);
        replied == received && replied.is_some_and(within)
    })
}

/// What happened in the nanosecond of the deadline.
#[derive(Debug, Default)]
struct Tie {
    deadline: Option<Instant>,
    replied: bool,
    end: Option<PostEvent>,
}

impl Tie {
    /// Whether, with `event`, both the reply and one of these ends of the waiting have happened in the deadline's nanosecond.
    fn ends_with(&mut self, event: &Event, ends: &[PostEvent]) -> bool {
        match PostEvent::of(event) {
            Some(PostEvent::Awaits(deadline)) => self.deadline = Some(deadline),
            Some(_) if self.deadline != Some(event.mono) => {}
            Some(PostEvent::Replies) => self.replied = true,
            Some(PostEvent::FindsItFull) | None => {}
            Some(end) => self.end = Some(end),
        }
        self.replied && self.end.is_some_and(|end| ends.contains(&end))
    }
}
