//! The verbs by which a logger's file is told of, for promises about it.

/// An event was logged, and has a line: its message under no name, and its number.
pub(crate) const WRITES: &str = "writes";
/// An event was logged, and waits for its line: its message under no name, and its number.
pub(crate) const QUEUES: &str = "queues";
/// An event was logged below the threshold: its message under no name.
pub(crate) const FILTERS: &str = "filters";
/// An event was logged, and is held back by the rate limit: its message under no name.
pub(crate) const HOLDS_BACK: &str = "holds back";
/// An event was logged, and is lost: its message under no name, and the cause.
pub(crate) const LOSES: &str = "loses";
/// What came before is about to be handed on.
pub(crate) const BEGINS_TO_FLUSH: &str = "begins to flush";
/// What waits is about to be written, and nothing will be taken any more.
pub(crate) const BEGINS_TO_SHUT_DOWN: &str = "begins to shut down";
/// Everything was handed on, or was not, with the error.
pub(crate) const FLUSHES: &str = "flushes";
/// Nothing is taken any more, and everything that waited was written, or was not, with the error.
pub(crate) const SHUTS_DOWN: &str = "shuts down";
/// Somebody else leaves so much room on the disk, or all of it.
pub(crate) const HAS_ROOM: &str = "has room";
/// The file is read: what follows up to [`COUNTS`] is of one reading.
pub(crate) const READ: &str = "is read";
/// The file has a line: its message under no name, and its number.
pub(crate) const HOLDS: &str = "holds";
/// The file has a line that tells of lost events: the first number, the last one, and how many.
pub(crate) const ANNOUNCES: &str = "announces";
/// The file has a line that sums up how many events were held back: its number, and how many.
pub(crate) const SUMS_UP: &str = "sums up";
/// The file has something that is no line, with its offset.
pub(crate) const SKIPS: &str = "skips";
/// What the logger itself has counted.
pub(crate) const COUNTS: &str = "counts";

/// What follows up to [`OUTLIVES`] is what the file would have if the power failed now.
pub(crate) const LOSES_POWER: &str = "loses power";
/// That file has a line: its message under no name, and its number.
pub(crate) const KEEPS: &str = "keeps";
/// So many lines of that file.
pub(crate) const OUTLIVES: &str = "outlives";

/// The names of what these say.
pub(crate) mod field {
    pub(crate) const SEQ: &str = "seq";
    /// When the event was logged; it is told when that is over.
    pub(crate) const BEGAN: &str = "began";
    pub(crate) const CAUSE: &str = "cause";
    pub(crate) const FIRST: &str = "first";
    pub(crate) const LAST: &str = "last";
    pub(crate) const COUNT: &str = "count";
    pub(crate) const ERROR: &str = "error";
    /// Of all bytes that were read.
    pub(crate) const DIGEST: &str = "digest";
    pub(crate) const AT: &str = "at";
    pub(crate) const BYTES: &str = "bytes";
    /// Set where a line does not begin where a line of the file does.
    pub(crate) const GLUED: &str = "glued";
    pub(crate) const OFFERED: &str = "offered";
    pub(crate) const FILTERED: &str = "filtered";
    pub(crate) const RATE_LIMITED: &str = "rate_limited";
    /// Events of the logger's own that tell of what was held back.
    pub(crate) const NOTICES: &str = "notices";
    /// Set where the counts are of one more file, which has the same lines.
    pub(crate) const FURTHER: &str = "further";
    pub(crate) const ACCEPTED: &str = "accepted";
    pub(crate) const WRITTEN: &str = "written";
    pub(crate) const DROPPED: &str = "dropped";
    /// Those of them that a shutdown has given up.
    pub(crate) const AT_SHUTDOWN: &str = "at_shutdown";
    /// Those that the fallback has taken.
    pub(crate) const RESCUED: &str = "rescued";
    pub(crate) const BUFFERED: &str = "buffered";
    /// The most bytes that have waited.
    pub(crate) const MOST_BYTES: &str = "most_bytes";
    pub(crate) const ANNOUNCED: &str = "announced";
    pub(crate) const FAILED_ROTATIONS: &str = "failed_rotations";
    pub(crate) const FAILED_SYNCS: &str = "failed_syncs";
}
