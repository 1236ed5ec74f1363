//! What is logged: one thing that happens again and again, with six fields, in a context of two.

use std::hint::black_box;
use std::time::Duration;

/// The message of each event.
pub(crate) const MESSAGE: &str = "tool completed";
/// The context: who asked, in which session.
pub(crate) const CONTEXT: [(&str, &str); 2] =
    [("request_id", "req-7f3a9c21"), ("session_id", "s-19f0c2d4e8")];

/// Six fields: two texts, one of which has to be escaped, an integer, a fraction, a truth value and a duration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Happening {
    pub(crate) tool_name: &'static str,
    pub(crate) query: &'static str,
    pub(crate) attempt: u32,
    pub(crate) score: f64,
    pub(crate) cached: bool,
    pub(crate) took: Duration,
}

impl Happening {
    /// The one that is timed. The compiler does not know what is in it.
    #[inline]
    pub(crate) fn again() -> Self {
        black_box(Self {
            tool_name: "vector_search",
            query: "where is the \"dead letter\" queue drained?\nsecond line",
            attempt: 3,
            score: 0.873_125,
            cached: false,
            took: Duration::from_nanos(12_345_678),
        })
    }

    /// The duration in milliseconds, for those who know no durations.
    #[expect(clippy::float_arithmetic, reason = "peers take a fraction of milliseconds")]
    #[inline]
    pub(crate) fn millis(&self) -> f64 {
        self.took.as_secs_f64() * 1e3
    }
}
