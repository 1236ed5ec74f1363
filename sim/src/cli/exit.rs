//! How a command ended.

use std::process::ExitCode;

/// In the order of what outweighs what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// Everything passed.
    Passed,
    /// Ended by Ctrl-C before its end.
    Interrupted,
    /// The input was wrong, or a sweep did not see what it must.
    Usage,
    /// A promise was broken, or a bug survived.
    Broken,
    /// A run was not what its seed says.
    NotDeterministic,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Passed => 0,
            Exit::Broken => 1,
            Exit::Usage => 2,
            Exit::NotDeterministic => 3,
            Exit::Interrupted => Exit::INTERRUPTED,
        })
    }
}

impl Exit {
    /// `EX_TEMPFAIL` of sysexits: try again.
    pub(super) const INTERRUPTED: u8 = 75;
}
