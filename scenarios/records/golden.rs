//! The line of each operation, byte for byte, made from nothing but the operation and what the clocks show.

use super::operation::{AuthorOperation, Ending};
use retrip_core::door::Timestamp;
use retrip_core::logger::{EventType, Level, ToolStatus};
use std::time::Duration;

/// The message of an event that is said.
pub(super) const SAID: &str = "it has happened";
/// The words that are logged by a method of the logger.
pub(super) const HELPED: &str = "in words";
/// The tool.
pub(super) const TOOL: &str = "search";
/// What is measured.
pub(super) const MEASURED: &str = "parse";

/// The kind and the level of the line of an operation, and what it has from the message on; none for a record that comes from a number.
pub(super) fn line(operation: &AuthorOperation) -> Option<(EventType, Level, String)> {
    let error = r#""error_message":"broken pipe""#;
    Some(match operation {
        AuthorOperation::Says(level, event_type) => (*event_type, *level, format!("\"{SAID}\"")),
        AuthorOperation::Helps(Level::Error) => {
            (EventType::ErrorOccurred, Level::Error, format!("\"broken pipe\",{error}"))
        }
        AuthorOperation::Helps(level) => (EventType::Custom, *level, format!("\"{HELPED}\"")),
        AuthorOperation::Uses(status) => {
            let (event_type, level, words) = match status {
                ToolStatus::Invoked => (EventType::McpToolInvoked, Level::Info, "invoked"),
                ToolStatus::Completed => (EventType::McpToolCompleted, Level::Info, "completed"),
                ToolStatus::Failed => (EventType::McpToolFailed, Level::Error, "failed"),
            };
            (event_type, level, format!("\"tool {words}\",\"tool_name\":\"{TOOL}\""))
        }
        AuthorOperation::Took(duration) => {
            let took = millis(*duration);
            let rest =
                format!("\"{MEASURED}\",\"operation\":\"{MEASURED}\",\"duration_ms\":{took}");
            (EventType::PerformanceMeasured, Level::Info, rest)
        }
        AuthorOperation::Measures(ending, takes, request) => {
            let level = if *ending == Ending::Ok { Level::Info } else { Level::Error };
            let mut rest = format!(
                "\"{MEASURED}\",\"request_id\":\"{request}\",\"operation\":\"{MEASURED}\",\
                 \"duration_ms\":{},\"status\":\"{}\"",
                millis(*takes),
                ending.as_str()
            );
            if *ending == Ending::Failed {
                rest = format!("{rest},{error}");
            }
            (EventType::PerformanceMeasured, level, rest)
        }
        AuthorOperation::Writes(_) => return None,
    })
}

/// The whole line, without its newline, of the author called `who` at `wall`, with the number `seq`.
pub(super) fn whole(
    operation: &AuthorOperation,
    who: &str,
    wall: Timestamp,
    seq: u64,
) -> Option<String> {
    let (event_type, level, rest) = line(operation)?;
    Some(format!(
        "{{\"timestamp\":\"{wall}\",\"schema_version\":\"1.0.0\",\"level\":\"{level}\",\"logger\":\"{who}\",\
         \"seq\":{seq:>16},\"event_type\":\"{event_type}\",\"message\":{rest}}}"
    ))
}

/// A duration in milliseconds, with as many decimals as it needs.
pub(super) fn millis(duration: Duration) -> String {
    let text = format!("{}.{:06}", duration.as_millis(), duration.subsec_nanos() % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
