//! The part that uses a mailbox: `await reply within 5s`, `reply`.

use super::mailbox::{Mailbox, Waited};
use retrip_core::door::{Clock, Instant};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Event, Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use retrip_sim::span::Span;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// A mailbox, and those who put and take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Post;

/// What somebody does at the mailbox, as the event log tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PostEvent {
    /// Somebody begins to wait, until this reading of the clock.
    Awaits(Instant),
    /// Who waited has the reply.
    Receives,
    /// Who waited slept until the deadline, and has the reply that was there then.
    FindsItAtLast,
    /// Who waited has none.
    GivesUp,
    /// A reply has been put in.
    Replies,
    /// A reply found another one in its place.
    FindsItFull,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PostOperation {
    Await(Duration),
    Reply,
}

struct LivePost(Mailbox<Sim, ()>);

impl Post {
    /// Waits for the reply, at most for `patience`.
    pub(crate) fn awaits_reply(self, patience: Duration) -> Operation {
        Operation::new(PostOperation::Await(patience))
    }

    /// Puts the reply in.
    pub(crate) fn replies(self) -> Operation {
        Operation::new(PostOperation::Reply)
    }
}

impl PostEvent {
    /// What `event` tells of the mailbox, if it does.
    pub(crate) fn of(event: &Event) -> Option<Self> {
        let What::Note { verb, fields } = &event.what else { return None };
        match (&**verb, &fields[..]) {
            ("awaits", [(_, Value::Instant(deadline))]) => Some(Self::Awaits(*deadline)),
            ("receives", _) => Some(Self::Receives),
            ("finds it at last", _) => Some(Self::FindsItAtLast),
            ("gives up", _) => Some(Self::GivesUp),
            ("replies", _) => Some(Self::Replies),
            ("finds it full", _) => Some(Self::FindsItFull),
            _ => None,
        }
    }

    fn what(self) -> What {
        let (verb, fields) = match self {
            Self::Awaits(deadline) => {
                ("awaits", vec![(Name::from("until"), Value::Instant(deadline))])
            }
            Self::Receives => ("receives", Vec::new()),
            Self::FindsItAtLast => ("finds it at last", Vec::new()),
            Self::GivesUp => ("gives up", Vec::new()),
            Self::Replies => ("replies", Vec::new()),
            Self::FindsItFull => ("finds it full", Vec::new()),
        };
        What::Note { verb: Name::from(verb), fields }
    }
}

impl fmt::Display for PostOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Await(patience) => write!(f, "await reply within {}", Span(patience)),
            Self::Reply => f.write_str("reply"),
        }
    }
}

/// The text is neither `await reply within DURATION` nor `reply`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NotOfThePost;

impl FromStr for PostOperation {
    type Err = NotOfThePost;

    fn from_str(text: &str) -> Result<Self, NotOfThePost> {
        if text == "reply" {
            return Ok(Self::Reply);
        }
        let patience = text.strip_prefix("await reply within ").ok_or(NotOfThePost)?;
        patience.parse().map(|Span(patience)| Self::Await(patience)).map_err(|_| NotOfThePost)
    }
}

impl Part for Post {
    fn reads(&self, operation: &str) -> Reading {
        let verb = operation.split(' ').next().unwrap_or_default();
        reading::<PostOperation>(operation, ["await", "reply"].contains(&verb))
    }

    fn forms(&self) -> Vec<String> {
        ["await reply within DURATION", "reply"].map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        Arc::new(LivePost(Mailbox::on(*sim)))
    }
}

impl Live for LivePost {
    fn perform(&self, sim: &Sim, operation: &str) {
        let tell = |event: PostEvent| sim.record(&Name::from("mailbox"), event.what());
        match operation.parse().expect("an operation is read before it is performed") {
            PostOperation::Await(patience) => {
                let deadline = sim.now().saturating_add(patience);
                tell(PostEvent::Awaits(deadline));
                tell(match self.0.take_until(deadline) {
                    Waited::Received(()) => PostEvent::Receives,
                    Waited::FoundAtLast(()) => PostEvent::FindsItAtLast,
                    Waited::GaveUp => PostEvent::GivesUp,
                });
            }
            // Told after it is done: what is told to be there before the deadline was there before it.
            PostOperation::Reply => {
                let put = self.0.put(());
                tell(put.map_or(PostEvent::FindsItFull, |()| PostEvent::Replies));
            }
        }
    }
}
