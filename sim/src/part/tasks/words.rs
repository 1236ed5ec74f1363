//! The verbs by which tasks tell what they do, for promises about them.

/// A task has entered a scope; the fields are the scope's.
pub(crate) const ENTERS: &str = "enters";
/// A task has left a scope.
pub(crate) const LEAVES: &str = "leaves";
/// A line was written: its message under no name, its number where wanted, then its context in the line's order.
pub(crate) const LOGS: &str = "logs";
/// A task has read its context; the fields are what it found.
pub(crate) const SEES: &str = "sees";
/// What was written is no line.
pub(crate) const GARBLES: &str = "garbles";
/// The name of a line's number.
pub(crate) const SEQ: &str = "seq";
