//! Records as they are printed.

use super::super::super::args::LogsArgs;
use super::super::super::table::{red, yellow};
use retrip_core::logger::{Filter, Level, LogField, Record};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Gathers the records that pass, and prints them together: a call of the system for each line would be most of the time.
pub(super) struct Page {
    filter: Filter,
    form: Form,
    text: String,
}

/// What a record looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    People,
    Raw,
}

/// What stands in columns of its own, and what is the same in every line.
const IN_FRONT: [LogField; 6] = [
    LogField::Timestamp,
    LogField::SchemaVersion,
    LogField::Level,
    LogField::Logger,
    LogField::EventType,
    LogField::Message,
];

/// The longest level has so many letters.
const LEVEL: usize = 8;

impl Page {
    pub(super) fn new(args: &LogsArgs) -> Self {
        let form = if args.json { Form::Raw } else { Form::People };
        Self { filter: args.filter(), form, text: String::new() }
    }

    pub(super) fn takes(&mut self, record: &Record) {
        if !self.filter.passes(record) {
            return;
        }
        match self.form {
            Form::Raw => self.text.push_str(&shown(record.raw())),
            Form::People => self.line(record),
        }
        self.text.push('\n');
    }

    /// Prints what there is by now.
    pub(super) fn turns(&mut self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }

    fn line(&mut self, record: &Record) {
        let column = |field: LogField| shown(record.text(field.as_str()).unwrap_or("-"));
        let level = format!("{:LEVEL$}", column(LogField::Level));
        let level = match record.level() {
            Some(Level::Warning) => yellow(&level),
            Some(Level::Error | Level::Critical) => red(&level),
            _ => level,
        };
        let columns = [
            column(LogField::Timestamp),
            level.into(),
            column(LogField::Logger),
            column(LogField::EventType),
            column(LogField::Message),
        ];
        self.text.push_str(&columns.join("  "));
        let rest =
            record.written().filter(|(key, _)| !IN_FRONT.iter().any(|it| it.as_str() == *key));
        for (index, (key, value)) in rest.enumerate() {
            let space = if index == 0 { "  " } else { " " };
            write!(self.text, "{space}{}={}", shown(key), shown(bare(value)))
                .expect("a string takes everything");
        }
    }
}

/// A string without its quotes where it is one word.
fn bare(value: &str) -> &str {
    let text = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    let is_word =
        !text.is_empty() && !text.contains(['"', '\\', '=']) && !text.contains(char::is_whitespace);
    if is_word { text } else { value }
}

/// `text` with what a terminal obeys written as JSON escapes it, so that no log line draws over others.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    let is_obeyed = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if !text.contains(is_obeyed) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            c if is_obeyed(c) => {
                write!(shown, "\\u{:04x}", u32::from(c)).expect("a string takes everything");
            }
            c => shown.push(c),
        }
    }
    shown.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_bare_and_everything_else_as_it_is_written() {
        for (value, wanted) in [
            ("\"search\"", "search"),
            ("\"two words\"", "\"two words\""),
            ("\"a=b\"", "\"a=b\""),
            ("\"\"", "\"\""),
            ("\"a\\\\b\"", "\"a\\\\b\""),
            ("7", "7"),
            ("{\"a\":\"b\"}", "{\"a\":\"b\"}"),
            ("[\"a\",\"b\"]", "[\"a\",\"b\"]"),
        ] {
            assert_eq!(bare(value), wanted);
        }
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_printed() {
        assert_eq!(shown("é plain"), "é plain");
        assert_eq!(shown("\u{1b}[2J\n\t\u{7f}\u{9b}\u{2028}"), r"\u001b[2J\n\t\u007f\u009b\u2028");
    }
}
