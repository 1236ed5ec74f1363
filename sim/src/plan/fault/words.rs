//! What a fault of each kind can say.

use std::fmt;

/// Whom a fault happens to, for the words that it can have. Prints them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultWords {
    /// The wall clock of a node.
    WallClock,
    /// The monotonic clock of a node.
    MonotonicClock,
    /// A host.
    Host,
    /// An actor.
    Actor,
    /// Two hosts.
    Way,
    /// All messages.
    Messages,
    /// The disk of a node.
    Disk,
}

impl fmt::Display for FaultWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WallClock => {
                "a wall clock `jumps -3600s`, `drifts 50ppm` or `freezes`, as in `fault 5s wall clock of n2 jumps -3600s`"
            }
            Self::MonotonicClock => {
                "a monotonic clock `drifts 50ppm`, `freezes` or `suspends 10s`, as in `fault 5s..6s monotonic clock of n2 freezes`"
            }
            Self::Host => "a host `crashes`, `pauses` or `restarts`, as in `fault 5s..9s llm crashes`",
            Self::Actor => "an actor `stalls`, as in `fault 5s..9s caller-1 stalls`",
            Self::Way => {
                "write `fault 5s..9s partition client from llm`, with `to` for one way, and `hold` for what is to arrive later"
            }
            Self::Messages => {
                "messages are `lost 300000ppm`, `doubled 300000ppm` or `shuffled 50ms`, or `take 100ms..2s`, as in `fault 5s..9s \
                 messages lost 300000ppm`"
            }
            Self::Disk => {
                "a disk `has room for 37B`, `has quota for 37B`, `is read-only` or `takes 10ms..2s`, its `writes fail`, are `interrupted` \
                 or `short 300000ppm`, its `reads fail 300000ppm`, its `syncs fail 300000ppm` or `lie`, its `opens` or `renames fail`, as in \
                 `fault 5s..9s disk of n2 writes fail 300000ppm`"
            }
        })
    }
}
