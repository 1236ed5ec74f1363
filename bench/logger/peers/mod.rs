//! Loggers as their crates publish them, each set up as it is by default where that fits.

pub(crate) mod emit_json;
pub(crate) mod logforth_json;
pub(crate) mod slog_json;
pub(crate) mod tracing_json;
