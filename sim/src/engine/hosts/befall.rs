//! What befalls hosts and the links between them, in one set of words; each engine says which of them it can do.

use std::ops::RangeInclusive;
use std::time::Duration;

/// What befalls one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostFault {
    /// It stops where it is: its units are gone, its connections closed. Its files are left.
    Crashes,
    /// It is stopped, if it has not been, and begins anew.
    Restarts,
    /// It stands still, as in a long pause of its process.
    Pauses,
    /// It goes on.
    Resumes,
}

/// What befalls the way from one host to another. The way back is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkFault {
    /// What is sent from now on is lost.
    Partitions,
    /// What is sent from now on arrives again.
    Heals,
    /// What is sent from now on, or is on its way, waits.
    Holds,
    /// What waits arrives, and what is sent from now on.
    Releases,
}

impl HostFault {
    /// As the event log says it.
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Crashes => "crashes",
            Self::Restarts => "restarts",
            Self::Pauses => "is paused",
            Self::Resumes => "is resumed",
        }
    }
}

impl LinkFault {
    /// What the event log says of the host that sends, where `to` is the one that it sends to.
    #[must_use]
    pub fn told(self, to: &str) -> String {
        match self {
            Self::Partitions => format!("is cut off from {to}"),
            Self::Heals => format!("reaches {to} again"),
            Self::Holds => format!("is held back from {to}"),
            Self::Releases => format!("is let through to {to}"),
        }
    }
}

/// What a fault really did. That it began says the log; that nothing came of it says nobody, unless this is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// A unit ended with its host, which crashed.
    UnitEnded,
    /// A host that was there was restarted, and has begun anew.
    Booted,
    /// A host that stood still went on with something that it had to do meanwhile.
    StoodStill,
    /// A message was sent on a way that is cut.
    CutOff,
    /// A message that was held has arrived.
    LetThrough,
    /// A message has arrived, and took at least the shortest time that the fault says.
    Late,
    /// A message was lost that would not have been without the fault.
    Lost,
    /// A message has arrived twice.
    Doubled,
    /// A message that was held back has arrived at its socket after one that was sent later from the same host.
    Overtaken,
}

/// How messages travel where nothing befalls their way. An engine may add to the time: `nodes` one or two milliseconds, of which one
/// passes before the message is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transit {
    /// The shortest and the longest time that a message takes, drawn for each.
    pub latency: RangeInclusive<Duration>,
    /// How many of a million messages are lost.
    pub loss_ppm: u32,
}

/// What becomes of messages before the simulator's network has them: of those of [`HostSocket`](super::HostSocket) only, because no
/// simulator does it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Post {
    /// How many of a million messages are sent twice.
    pub doubled_ppm: u32,
    /// Each is held back for up to this long, so that one overtakes another.
    pub shuffled: Duration,
}

impl Default for Transit {
    /// Between one millisecond and ten, and nothing is lost.
    fn default() -> Self {
        Self { latency: Duration::from_millis(1)..=Duration::from_millis(10), loss_ppm: 0 }
    }
}
