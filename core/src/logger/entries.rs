//! Encoded fields in order: what a context holds, and what an event has gathered.

use super::encode::{self, Outcome, STACK_CAP, VALUE_CAP};
use super::escape;
use super::field::{Key, LogField};
use super::value::Value;
use std::ops::Range;

/// The most fields of one event, and of one context; more are left out and named in `truncated`.
pub const FIELD_CAP: usize = 64;
/// The most bytes of a key, before escaping.
pub const KEY_CAP: usize = 256;

/// Fields as they stand in a line, `,"key":value` one after the other, each key once.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    bytes: Vec<u8>,
    spans: Vec<Span>,
    /// One bit for each key, by its [`mark`]; bits of keys that were taken out may stay. A key whose bit is not set is not here.
    marks: u64,
    /// How many keys and values are not whole.
    cuts: usize,
    /// The keys of what did not fit, as `,"key"`.
    beyond: Vec<u8>,
}

/// One of 64 bits, by the length of an encoded key, its first letter and its last one: it tells most keys from each other without
/// comparing them.
#[inline]
fn mark(key: &[u8]) -> u64 {
    // A comma and a quote come before the key, a quote and a colon after it.
    let (Some(first), Some(last)) = (key.get(2), key.iter().nth_back(2)) else { return 1 };
    let told = (key.len() as u64) << 16 | u64::from(*first) << 8 | u64::from(*last);
    // The upper six bits of a product with the golden ratio.
    1 << (told.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58)
}

#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    value: usize,
    end: usize,
    cut: bool,
}

/// One field in a line.
#[derive(Clone, Copy)]
pub(super) struct Entry<'e> {
    /// `,"key":`
    pub(super) key: &'e [u8],
    pub(super) value: &'e [u8],
    /// Whether the key or the value is not whole.
    pub(super) cut: bool,
}

impl Entry<'_> {
    /// The key with its quotes.
    pub(super) fn name(&self) -> &[u8] {
        &self.key[1..self.key.len() - 1]
    }
}

impl Entries {
    /// No field.
    pub(super) const EMPTY: Self =
        Self { bytes: Vec::new(), spans: Vec::new(), marks: 0, cuts: 0, beyond: Vec::new() };

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.spans.clear();
        self.marks = 0;
        self.cuts = 0;
        self.beyond.clear();
    }

    /// `,"key":value` of all fields.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether every field that was given is here, and whole.
    pub(super) fn is_whole(&self) -> bool {
        self.beyond.is_empty() && self.cuts == 0
    }

    /// The keys of the fields that were left out, as `,"key"`.
    pub(super) fn beyond(&self) -> &[u8] {
        &self.beyond
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        self.spans.iter().map(|span| self.entry(span))
    }

    /// Whether a field of `other` has a key of these.
    pub(super) fn meet(&self, other: &Self) -> bool {
        self.marks & other.marks != 0 && self.iter().any(|entry| other.holds(entry.key))
    }

    /// Whether these hold the encoded key `,"key":`.
    pub(super) fn holds(&self, key: &[u8]) -> bool {
        self.position(key, mark(key)).is_some()
    }

    /// Adds a field at the end. One of the same key that was there before is taken out.
    pub(super) fn push(&mut self, key: Key<'_>, value: Value<'_>) -> Outcome {
        self.push_borrowed(key, &value)
    }

    /// The same. A value that is copied just after it was made is waited for.
    pub(super) fn push_borrowed(&mut self, key: Key<'_>, value: &Value<'_>) -> Outcome {
        let (mut start, cut_key) = self.push_key(key);
        let mark = mark(&self.bytes[start..]);
        if let Some(index) = self.position(&self.bytes[start..], mark) {
            start -= self.remove(index);
        } else if self.spans.len() == FIELD_CAP {
            let end = self.bytes.len() - 1;
            self.beyond.extend_from_slice(&self.bytes[start..end]);
            self.bytes.truncate(start);
            return Outcome { cut: true, panics: 0 };
        }
        let cap = if key.text() == LogField::ErrorStack.as_str() { STACK_CAP } else { VALUE_CAP };
        let at = self.bytes.len();
        let outcome = encode::value(&mut self.bytes, value.under(key), cap);
        let cut = cut_key || outcome.cut;
        self.add(Span { start, value: at, end: self.bytes.len(), cut }, mark);
        outcome
    }

    /// These and then `inner`, without those of these that `inner` has too.
    pub(super) fn merged(&self, inner: &Self) -> Self {
        let mut merged =
            Self { beyond: [&self.beyond[..], &inner.beyond[..]].concat(), ..Self::default() };
        let outer = self.iter().filter(|entry| !inner.holds(entry.key));
        for entry in outer.chain(inner.iter()) {
            if merged.spans.len() == FIELD_CAP {
                merged.beyond.push(b',');
                merged.beyond.extend_from_slice(entry.name());
                continue;
            }
            let start = merged.bytes.len();
            merged.bytes.extend_from_slice(entry.key);
            let value = merged.bytes.len();
            merged.bytes.extend_from_slice(entry.value);
            let span = Span { start, value, end: merged.bytes.len(), cut: entry.cut };
            merged.add(span, mark(entry.key));
        }
        merged
    }

    /// Writes `,"key":` and returns where it starts, and whether the key was cut.
    fn push_key(&mut self, key: Key<'_>) -> (usize, bool) {
        let start = self.bytes.len();
        let text = escape::clipped(key.text(), KEY_CAP);
        self.bytes.extend_from_slice(if key.is_taken() { b",\"attr." } else { b",\"" });
        escape::escaped(&mut self.bytes, text);
        self.bytes.extend_from_slice(b"\":");
        (start, text.len() < key.text().len())
    }

    #[inline]
    fn add(&mut self, span: Span, mark: u64) {
        self.marks |= mark;
        self.cuts += usize::from(span.cut);
        self.spans.push(span);
    }

    #[inline]
    fn position(&self, key: &[u8], mark: u64) -> Option<usize> {
        if self.marks & mark == 0 {
            return None;
        }
        self.spans.iter().position(|span| &self.bytes[span.start..span.value] == key)
    }

    /// Takes out one field and returns how many bytes it had.
    fn remove(&mut self, index: usize) -> usize {
        let Range { start, end } = self.spans[index].start..self.spans[index].end;
        self.bytes.drain(start..end);
        self.cuts -= usize::from(self.spans.remove(index).cut);
        let length = end - start;
        for span in &mut self.spans[index..] {
            span.start -= length;
            span.value -= length;
            span.end -= length;
        }
        length
    }

    fn entry(&self, span: &Span) -> Entry<'_> {
        Entry {
            key: &self.bytes[span.start..span.value],
            value: &self.bytes[span.value..span.end],
            cut: span.cut,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(fields: &[(&str, i128)]) -> Entries {
        let mut entries = Entries::default();
        for (key, value) in fields {
            entries.push(Key::from(*key), Value::Integer(*value));
        }
        entries
    }

    fn text(entries: &Entries) -> &str {
        std::str::from_utf8(entries.bytes()).expect("entries are UTF-8")
    }

    #[test]
    fn a_key_given_twice_stands_once_where_it_was_given_last() {
        let twice = entries(&[("a", 1), ("b", 2), ("a", 333), ("c", 4), ("b", 5)]);
        assert_eq!(text(&twice), r#","a":333,"c":4,"b":5"#);
        assert!(twice.holds(br#","c":"#) && !twice.holds(br#","d":"#));
    }

    #[test]
    fn a_key_of_the_line_itself_is_set_aside() {
        assert_eq!(
            text(&entries(&[("level", 1), ("attr.level", 2), ("seq", 3)])),
            r#","attr.level":2,"attr.seq":3"#
        );
    }

    #[test]
    fn merging_leaves_out_what_the_inner_one_overrides() {
        let merged = entries(&[("a", 1), ("b", 2)]).merged(&entries(&[("c", 3), ("a", 4)]));
        assert_eq!(text(&merged), r#","b":2,"c":3,"a":4"#);
    }

    #[test]
    fn two_meet_where_they_share_a_key_whatever_their_keys_look_like() {
        let (one, other) = (entries(&[("first", 1)]), entries(&[("feast", 1)]));
        assert_eq!(one.marks, other.marks, "they are told apart by their letters alone");
        assert!(!one.meet(&other));
        assert!(one.meet(&entries(&[("first", 2)])), "with the same bits");
        assert!(one.meet(&entries(&[("b", 1), ("first", 2)])), "with more of them");
    }

    #[test]
    fn whole_is_what_has_neither_a_cut_nor_a_field_beyond() {
        let mut cut = entries(&[("a", 1)]);
        cut.push(Key::from(&"k".repeat(KEY_CAP)), Value::Null);
        assert!(cut.is_whole());
        cut.push(Key::from(&"k".repeat(KEY_CAP + 1)), Value::Null);
        assert!(!cut.is_whole() && cut.beyond().is_empty());
        let long = "x".repeat(VALUE_CAP + 1);
        let mut again = Entries::default();
        again.push(Key::from("a"), Value::Text(&long));
        assert!(!again.is_whole());
        again.push(Key::from("a"), Value::Null);
        assert!(again.is_whole(), "what was cut is gone");
        let mut beyond = Entries::default();
        for number in 0..=FIELD_CAP {
            beyond.push(Key::from(&number.to_string()), Value::Null);
        }
        assert!(!beyond.is_whole() && beyond.cuts == 0);
    }

    #[test]
    fn more_fields_than_the_cap_are_named() {
        let mut full = Entries::default();
        for number in 0..FIELD_CAP {
            full.push(Key::from(&number.to_string()), Value::Null);
        }
        assert!(full.is_whole());
        full.push(Key::from("0"), Value::Bool(true));
        assert!(full.is_whole(), "the same key again takes no more room");
        full.push(Key::from("more"), Value::Null);
        assert_eq!(full.beyond(), br#","more""#);
        assert_eq!(full.merged(&entries(&[("z", 1)])).beyond(), br#","more","z""#);
    }
}
