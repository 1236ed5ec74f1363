//! What faults have done to the calls on a disk, and how a log says it.

use super::Errno;
use crate::log::{Name, Value, What};
use std::time::Duration;

/// What a fault has done to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Struck {
    /// The number of the fault.
    pub fault: u32,
    /// The call.
    pub call: Call,
    /// What became of it.
    pub effect: Effect,
}

/// What a call on a disk is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Opens a file.
    Open,
    /// Reads one, or which names are in a folder.
    Read,
    /// Appends to one.
    Write,
    /// Makes one durable, or the names in a folder.
    Sync,
    /// Renames or removes one.
    Rename,
}

/// What became of a call that a fault has struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It failed.
    Fails(Errno),
    /// It took fewer bytes than it was given.
    Takes {
        /// How many it took.
        taken: usize,
        /// How many it was given.
        given: usize,
    },
    /// It has said that it did what it did not do.
    Lies,
    /// It took a while.
    Waits(Duration),
}

impl Struck {
    /// The event.
    pub(crate) fn told(&self) -> What {
        let call = match self.call {
            Call::Open => "open",
            Call::Read => "read",
            Call::Write => "write",
            Call::Sync => "sync",
            Call::Rename => "rename",
        };
        let (verb, detail) = match self.effect {
            Effect::Fails(errno) => ("fails", Some(Value::Text(format!("{errno:?}").into()))),
            Effect::Takes { taken, given } => {
                ("takes", Some(Value::Text(format!("{taken}B of {given}B").into())))
            }
            Effect::Lies => ("lies", None),
            Effect::Waits(time) => ("waits", Some(Value::Duration(time))),
        };
        let fields = detail.into_iter().map(|detail| (Name::from(""), detail)).collect();
        What::Note { verb: Name::from(format!("{call} {verb}")), fields }
    }
}
