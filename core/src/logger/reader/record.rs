//! One line of a log: its text, and what its keys say.

use super::grammar::Span;
use super::json::{Json, unescaped};
use crate::logger::{EventType, Level, LogField, SEQ_WIDTH};
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::OnceLock;

/// One line of a log. Keys are looked up in its text; values are made when they are asked for.
#[derive(Clone, Debug)]
pub struct Record {
    /// The number of the line, from one.
    pub line: usize,
    /// Where the record begins, in bytes from the start.
    pub offset: usize,
    raw: Box<str>,
    spans: Box<[Span]>,
    members: OnceLock<Json>,
}

/// Equal are records with the same text at the same place.
impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        (self.line, self.offset, &self.raw) == (other.line, other.offset, &other.raw)
    }
}

impl Eq for Record {}

/// What the logger begins each of its lines with.
const HEAD: [LogField; 7] = [
    LogField::Timestamp,
    LogField::SchemaVersion,
    LogField::Level,
    LogField::Logger,
    LogField::Seq,
    LogField::EventType,
    LogField::Message,
];

impl Record {
    /// The record whose text `raw` is; its members stand at `spans`.
    pub(super) fn new((line, offset): (usize, usize), raw: &[u8], spans: &[Span]) -> Self {
        let raw = String::from_utf8(raw.to_vec()).unwrap_or_else(|error| {
            // The grammar has refused what is no UTF-8.
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        });
        let raw = raw.into_boxed_str();
        Self { line, offset, raw, spans: spans.into(), members: OnceLock::new() }
    }

    /// The record as it stands in the file, without its newline and without white space around it.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The value of a key; the last one where it stands twice.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.made().get(key)
    }

    /// The text of a key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        let quoted = self.value(key)?.strip_prefix('"')?;
        let raw = &quoted[..quoted.len() - 1];
        if raw.contains('\\') { self.get(key)?.as_str() } else { Some(raw) }
    }

    /// Whether the value of a key is this text, or neither text nor nested and written so.
    pub(super) fn says(&self, key: &str, text: &str) -> bool {
        match self.value(key) {
            Some(value) if value.starts_with(['"', '{', '[']) => self.text(key) == Some(text),
            value => value == Some(text),
        }
    }

    /// The level.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.text(LogField::Level.as_str())?.parse().ok()
    }

    /// The kind of event, where this version knows it.
    #[must_use]
    pub fn event_type(&self) -> Option<EventType> {
        self.text(LogField::EventType.as_str())?.parse().ok()
    }

    /// The sequence number.
    #[must_use]
    pub fn seq(&self) -> Option<u64> {
        self.value(LogField::Seq.as_str())?.parse().ok()
    }

    /// The message.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.text(LogField::Message.as_str())
    }

    /// All keys and values in the order of the line.
    #[must_use]
    pub fn members(&self) -> &[(String, Json)] {
        self.made().members()
    }

    /// All keys and values in the order of the line, as they are written: keys without their quotes, values with them, both still
    /// escaped.
    pub fn written(&self) -> impl Iterator<Item = (&str, &str)> {
        let text = |at: &Range<u32>| &self.raw[place(at)];
        self.spans.iter().map(move |span| (text(&span.key), text(&span.value)))
    }

    /// The value of a key as it is written; the last one where it stands twice.
    fn value(&self, key: &str) -> Option<&str> {
        let is_it = |span: &&Span| is_key(&self.raw[place(&span.key)], key);
        let span = self.spans.iter().rev().find(is_it)?;
        Some(&self.raw[place(&span.value)])
    }

    fn made(&self) -> &Json {
        // A text that is there was found to be right.
        self.members.get_or_init(|| Json::parse(self.raw.as_bytes()).unwrap_or(Json::Null))
    }
}

/// Whether an object has the head that the logger gives to its lines, down to the places that it keeps free for the number. No value of a
/// field begins as a line does, whatever is logged; this is for what other programs write.
pub(super) fn has_head(text: &[u8], spans: &[Span]) -> bool {
    let keys = HEAD.iter().zip(spans);
    spans.len() >= HEAD.len()
        && keys.clone().all(|(field, span)| text[place(&span.key)] == *field.as_str().as_bytes())
        && keys.filter(|(field, _)| **field == LogField::Seq).all(|(_, span)| {
            let Range { end, .. } = place(&span.value);
            // A quote and a colon stand between.
            end - place(&span.key).end == SEQ_WIDTH + 2
        })
}

/// Whether `raw` stands for `key`. What is escaped is longer than what it stands for.
fn is_key(raw: &str, key: &str) -> bool {
    match raw.len().cmp(&key.len()) {
        Ordering::Less => false,
        Ordering::Equal => raw == key && !raw.contains('\\'),
        Ordering::Greater => raw.contains('\\') && unescaped(raw) == key,
    }
}

fn place(span: &Range<u32>) -> Range<usize> {
    span.start as usize..span.end as usize
}
