//! What keeps a text from being JSON.

/// Why a text is not JSON. Places are bytes from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// Something that does not belong there.
    #[error("byte {at} does not belong there")]
    Unexpected {
        /// Where.
        at: usize,
    },
    /// It ends before it is complete.
    #[error("it ends before it is complete")]
    Ended,
    /// A string that is not UTF-8.
    #[error("the string that ends at byte {at} is not UTF-8")]
    NotUtf8 {
        /// Where the string ends.
        at: usize,
    },
    /// Arrays and objects nest too deep.
    #[error("the nesting at byte {at} is deeper than 64")]
    TooDeep {
        /// Where.
        at: usize,
    },
}
