//! What acts in a scenario: each part knows some operations, as text before a run and in deed within it.
//!
//! A part is made while the plan is drawn; [`Part::enter`] makes its living counterpart at the start of each run. An
//! operation is one line of text that prints and parses: a plan holds nothing else.

mod clock;
pub mod guarded;
mod held;
mod host;
pub mod log_file;
mod player;
pub mod tasks;
mod wait;

pub use clock::{ClockPart, WallClock, clock};
pub use guarded::Guarded;
pub use held::Held;
pub use host::{HostLive, HostPart, Performance};
pub use log_file::LogFile;
pub(crate) use player::Player;
pub use tasks::Tasks;
pub use wait::{Wait, waits};

use crate::engine::threads::Sim;
use std::fmt::{self, Write};
use std::sync::Arc;

/// Something that operations act on.
pub trait Part: Send + Sync {
    /// Whether `operation` is one of this part's, and well formed.
    fn reads(&self, operation: &str) -> Reading;

    /// The forms of its operations, for an error that says what would be right: `llm fails`.
    fn forms(&self) -> Vec<String>;

    /// Its living counterpart in a run.
    fn enter(&self, sim: &Sim) -> Arc<dyn Live>;
}

/// A part within a run.
pub trait Live: Send + Sync {
    /// Does `operation`, which the part has read, on the calling thread.
    fn perform(&self, sim: &Sim, operation: &str);

    /// Like [`perform`](Live::perform), as one of a script: what `held` gets lasts until a later operation of the same
    /// thread ends it. For parts whose operations leave guards behind.
    fn perform_holding(&self, sim: &Sim, operation: &str, _held: &mut Held) {
        self.perform(sim, operation);
    }
}

/// The parts of every scenario: clocks that jump, and time that passes.
pub(crate) fn everywhere() -> impl Iterator<Item = Player> {
    thread_local! {
        /// They have no state, so that all runs can have the same. Not shared by two jobs, which would count in turn.
        static PARTS: [Player; 2] = [
            Player::Both(Arc::new(ClockPart), Arc::new(ClockPart)),
            Player::Both(Arc::new(wait::Waiting), Arc::new(wait::Waiting)),
        ];
    }
    PARTS.with(|parts| parts.clone().into_iter())
}

/// What a part makes of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It is for somebody else.
    NotMine,
    /// It will be done.
    Understood,
    /// It is for this part but not well formed.
    Malformed,
}

/// One line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation(String);

impl Operation {
    /// An operation by its text, in the canonical form of its part.
    pub fn new(text: impl fmt::Display) -> Self {
        // Room for all but the longest: text that grows is moved each time.
        let mut line = String::with_capacity(48);
        write!(line, "{text}").expect("a String takes whatever is written");
        Self(line)
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The text itself.
    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

/// Reads `operation` as one of a typed vocabulary, for parts whose operations are an enum with `FromStr`.
#[must_use]
pub fn reading<T: std::str::FromStr>(operation: &str, is_mine: bool) -> Reading {
    match (operation.parse::<T>().is_ok(), is_mine) {
        (true, _) => Reading::Understood,
        (false, true) => Reading::Malformed,
        (false, false) => Reading::NotMine,
    }
}
