//! The line: a pure function from what happened, when and with which number, to bytes.

use super::entries::Entries;
use super::escape::{self, whole_prefix};
use super::{EventType, Level};
use crate::door::{Timestamp, write_nanos};

/// The version of the schema, in every line.
pub const SCHEMA_VERSION: &str = "1.0.0";
/// The most bytes of a line, its newline included: 64 KiB. What does not fit is named in `truncated`.
pub const LINE_CAP: usize = 64 * 1024;
/// The places that a sequence number takes in a line, spaces in front: as many digits as every JSON reader keeps exact,
/// also one that holds numbers as `f64`.
pub const SEQ_WIDTH: usize = 16;

/// Room kept free for the names of what was cut.
const NAMES_ROOM: usize = 4 * 1024;
/// Below this a string is left out rather than cut.
const LEAST_CUT: usize = 16;

/// What comes before the message.
#[derive(Clone, Copy)]
pub(super) struct Head<'h> {
    pub(super) at: Timestamp,
    pub(super) level: Level,
    /// The name of the logger, as JSON.
    pub(super) logger: &'h [u8],
    pub(super) event_type: EventType,
}

/// What happened, as JSON.
#[derive(Clone, Copy)]
pub(super) struct Body<'b> {
    pub(super) message: &'b [u8],
    pub(super) message_cut: bool,
    pub(super) context: &'b Entries,
    pub(super) fields: &'b Entries,
}

/// One encoded line that still waits for its number. Reused, so that a line costs no allocation.
#[derive(Debug, Default)]
pub(super) struct Line {
    bytes: Vec<u8>,
    seq_at: usize,
    names: Vec<u8>,
    second: Second,
}

/// The second that was written last, as lines have it: most lines differ from the one before in their nanoseconds alone.
#[derive(Clone, Copy, Debug)]
struct Second {
    /// Its first nanosecond since the Unix epoch; none where the text is not of the moment that it was made for.
    from: Option<i128>,
    text: [u8; 30],
}

impl Default for Second {
    fn default() -> Self {
        Self { from: None, text: Timestamp::EPOCH.to_rfc3339() }
    }
}

impl Second {
    /// The moment as RFC 3339 has it.
    #[inline]
    fn text_at(&mut self, at: Timestamp) -> &[u8; 30] {
        let since = self.from.and_then(|from| at.as_unix_nanos().checked_sub(from));
        match since.and_then(|nanos| u32::try_from(nanos).ok()) {
            Some(nanos) if nanos < 1_000_000_000 => write_nanos(&mut self.text, nanos),
            _ => *self = Self::of(at),
        }
        &self.text
    }

    #[cold]
    fn of(at: Timestamp) -> Self {
        let nanos = at.as_unix_nanos();
        let from = at.is_in_rfc3339().then(|| nanos - nanos.rem_euclid(1_000_000_000));
        Self { from, text: at.to_rfc3339() }
    }
}

impl Line {
    /// The line with its newline.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Encodes a line with a blank number.
    pub(super) fn compose(&mut self, head: Head<'_>, body: Body<'_>) {
        self.open(head, body.message);
        let Body { context, fields, .. } = body;
        let length = self.bytes.len() + context.bytes().len() + fields.bytes().len() + 2;
        let whole = !body.message_cut && context.is_whole() && fields.is_whole();
        if whole && length <= LINE_CAP && !context.meet(fields) {
            self.bytes.extend_from_slice(context.bytes());
            self.bytes.extend_from_slice(fields.bytes());
        } else {
            self.fit(body);
        }
        self.bytes.extend_from_slice(b"}\n");
    }

    /// Writes the number into its place. A number of more than [`SEQ_WIDTH`] digits keeps its last ones; at ten million
    /// events a second that is three decades away.
    pub(super) fn number(&mut self, seq: u64) {
        let mut rest = seq;
        for place in self.bytes[self.seq_at..self.seq_at + SEQ_WIDTH].iter_mut().rev() {
            *place = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
    }

    fn open(&mut self, head: Head<'_>, message: &[u8]) {
        const SEQ: &[u8; 22 + SEQ_WIDTH] = b",\"seq\":                ,\"event_type\":\"";
        const SEQ_AT: usize = 7;
        let Self { bytes, second, .. } = self;
        bytes.clear();
        bytes.extend_from_slice(b"{\"timestamp\":\"");
        bytes.extend_from_slice(second.text_at(head.at));
        bytes.extend_from_slice(before_the_logger(head.level).as_bytes());
        bytes.extend_from_slice(head.logger);
        self.seq_at = bytes.len() + SEQ_AT;
        bytes.extend_from_slice(SEQ);
        bytes.extend_from_slice(head.event_type.as_str().as_bytes());
        bytes.extend_from_slice(b"\",\"message\":");
        bytes.extend_from_slice(message);
    }

    /// Appends field by field what fits, and the names of what does not.
    fn fit(&mut self, body: Body<'_>) {
        let budget = LINE_CAP - NAMES_ROOM - 2;
        self.names.clear();
        if body.message_cut {
            self.names.extend_from_slice(b",\"message\"");
        }
        let context = body.context.iter().filter(|entry| !body.fields.holds(entry.key));
        for entry in context.chain(body.fields.iter()) {
            let room = budget.saturating_sub(self.bytes.len() + entry.key.len());
            let mut cut = entry.cut;
            if entry.value.len() <= room {
                self.bytes.extend_from_slice(entry.key);
                self.bytes.extend_from_slice(entry.value);
            } else {
                cut = true;
                if let (Some((b'"', text)), LEAST_CUT..) = (entry.value.split_first(), room) {
                    let kept = whole_prefix(&text[..text.len() - 1], room - 2);
                    self.bytes.extend_from_slice(entry.key);
                    self.bytes.push(b'"');
                    self.bytes.extend_from_slice(&text[..kept]);
                    self.bytes.push(b'"');
                }
            }
            if cut {
                self.names.push(b',');
                self.names.extend_from_slice(entry.name());
            }
        }
        self.names.extend_from_slice(body.context.beyond());
        self.names.extend_from_slice(body.fields.beyond());
        self.name_the_cut();
    }

    /// Writes `,"truncated":[...]`, where the names themselves may not fit: then the last element is `"..."`.
    fn name_the_cut(&mut self) {
        const ELLIPSIS: &[u8] = b",\"...\"";
        if self.names.is_empty() {
            return;
        }
        self.bytes.extend_from_slice(b",\"truncated\":[");
        let first = self.bytes.len();
        let room = NAMES_ROOM - 32;
        if self.names.len() <= room {
            self.bytes.extend_from_slice(&self.names);
        } else {
            let fits = &self.names[..room - ELLIPSIS.len()];
            // A name ends where an unescaped quote is followed by a comma and the next name.
            let end = fits.windows(3).rposition(|three| three == b"\",\"").map_or(0, |at| at + 1);
            self.bytes.extend_from_slice(&fits[..end]);
            self.bytes.extend_from_slice(ELLIPSIS);
        }
        // Every name comes with a comma in front.
        self.bytes.remove(first);
        self.bytes.push(b']');
    }
}

/// What stands between the timestamp and the name of the logger.
const fn before_the_logger(level: Level) -> &'static str {
    macro_rules! with {
        ($level:literal) => {
            concat!("\",\"schema_version\":\"1.0.0\",\"level\":\"", $level, "\",\"logger\":")
        };
    }
    match level {
        Level::Debug => with!("DEBUG"),
        Level::Info => with!("INFO"),
        Level::Warning => with!("WARNING"),
        Level::Error => with!("ERROR"),
        Level::Critical => with!("CRITICAL"),
    }
}

/// The name of a logger as JSON, at most [`KEY_CAP`](super::KEY_CAP) bytes of it.
pub(super) fn name_as_json(name: &str) -> Vec<u8> {
    let mut json = vec![b'"'];
    escape::escaped(&mut json, escape::clipped(name, super::KEY_CAP));
    json.push(b'"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logger::{Key, Value};

    fn line(
        head: Head<'_>,
        message: &str,
        context: &Entries,
        fields: &Entries,
        seq: u64,
    ) -> String {
        let message = name_as_json(message);
        let mut line = Line::default();
        line.compose(head, Body { message: &message, message_cut: false, context, fields });
        line.number(seq);
        String::from_utf8(line.bytes().to_vec()).expect("a line is UTF-8")
    }

    fn head(level: Level, event_type: EventType) -> Head<'static> {
        let at = Timestamp::from_unix_nanos(1_767_268_800_000_000_001);
        Head { at, level, logger: b"\"llm\"", event_type }
    }

    fn entries(fields: &[(&str, Value<'_>)]) -> Entries {
        let mut entries = Entries::default();
        for (key, value) in fields {
            entries.push(Key::from(*key), *value);
        }
        entries
    }

    fn parsed(line: &str) -> serde_json::Value {
        assert!(line.ends_with("}\n") && line.len() <= LINE_CAP);
        assert_eq!(line.lines().count(), 1);
        serde_json::from_str(line).expect("a line is strict JSON")
    }

    #[test]
    fn every_event_type_and_level_has_its_golden_line() {
        let context = entries(&[("request_id", Value::Text("r-1"))]);
        let fields = entries(&[("n", Value::Integer(7))]);
        for &event_type in EventType::ALL {
            for &level in Level::ALL {
                let line = line(head(level, event_type), "said", &context, &fields, 42);
                assert_eq!(
                    line,
                    [
                        r#"{"timestamp":"2026-01-01T12:00:00.000000001Z","schema_version":"1.0.0","level":""#,
                        level.as_str(),
                        r#"","logger":"llm","seq":              42,"event_type":""#,
                        event_type.as_str(),
                        r#"","message":"said","request_id":"r-1","n":7}"#,
                        "\n",
                    ]
                    .concat()
                );
                let json = parsed(&line);
                assert_eq!(json["event_type"], event_type.as_str());
                assert_eq!(json["seq"], 42);
            }
        }
    }

    #[test]
    fn the_second_of_the_line_before_does_not_show_in_the_next_one() {
        let second = 1_000_000_000;
        let moments = [
            0,
            1,
            -1,
            second - 1,
            second,
            2 * second,
            7,
            -second,
            -second - 1,
            i128::MAX,
            second,
            i128::MIN,
            i128::MIN + 5,
            -62_167_219_200 * second,
            -62_167_219_200 * second - 1,
            253_402_300_800 * second - 1,
            253_402_300_800 * second,
            253_402_300_800 * second + 5,
            1_767_268_800_123_456_789,
            1_767_268_800_000_000_001,
            1_767_268_799_999_999_999,
        ];
        let mut kept = Second::default();
        for first in moments {
            for next in moments {
                for nanos in [first, next] {
                    let at = Timestamp::from_unix_nanos(nanos);
                    assert_eq!(kept.text_at(at), &at.to_rfc3339(), "{nanos}");
                }
            }
        }
    }

    #[test]
    fn the_number_fills_its_place_from_the_right() {
        let empty = Entries::default();
        for (seq, text) in [
            (0, "\"seq\":               0,"),
            (9_999_999_999_999_999, "\"seq\":9999999999999999,"),
            (10_000_000_000_000_000, "\"seq\":0000000000000000,"),
        ] {
            let line = line(head(Level::Info, EventType::Custom), "", &empty, &empty, seq);
            assert!(line.contains(text), "{line}");
        }
    }

    #[test]
    fn a_field_of_the_event_stands_and_the_context_gives_way() {
        let context = entries(&[("a", Value::Integer(1)), ("b", Value::Integer(2))]);
        let fields = entries(&[("c", Value::Integer(3)), ("a", Value::Integer(4))]);
        let line = line(head(Level::Info, EventType::Custom), "m", &context, &fields, 1);
        assert!(line.ends_with("\"message\":\"m\",\"b\":2,\"c\":3,\"a\":4}\n"), "{line}");
    }

    #[test]
    fn a_line_of_exactly_the_cap_is_whole_and_one_byte_more_is_cut() {
        let empty = Entries::default();
        let base = line(head(Level::Info, EventType::Custom), "", &empty, &empty, 1).len();
        let long = "x".repeat(8000);
        let mut fields: Vec<(String, Value<'_>)> =
            (0..8).map(|n| (n.to_string(), Value::Text(&long))).collect();
        let eight = fields.len() * (long.len() + 7);
        let last = "y".repeat(LINE_CAP - base - eight - 7);
        let text = format!("{last}z");
        for (value, whole) in [(&last, true), (&text, false)] {
            fields.push(("8".into(), Value::Text(value)));
            let borrowed: Vec<_> = fields.iter().map(|(key, value)| (&key[..], *value)).collect();
            let line =
                line(head(Level::Info, EventType::Custom), "", &empty, &entries(&borrowed), 1);
            let json = parsed(&line);
            assert_eq!(line.len() == LINE_CAP, whole);
            assert_eq!(json.get("truncated").is_none(), whole);
            fields.pop();
        }
    }

    #[test]
    fn what_is_cut_fills_the_line_up_to_the_room_of_the_names() {
        let (empty, long) = (Entries::default(), "x".repeat(8000));
        let fields =
            ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map(|key| (key, Value::Text(&long)));
        let line = line(head(Level::Info, EventType::Custom), "", &empty, &entries(&fields), 1);
        let room = 60 * 1024 - 2;
        assert_eq!(line[room..], *",\"truncated\":[\"h\",\"i\"]}\n");
    }

    #[test]
    fn what_does_not_fit_is_cut_whole_characters_only_and_named() {
        let bell = "\u{7}".repeat(8000);
        let keys: Vec<String> = (0..60).map(|n| format!("{n}\"{}", "k".repeat(200))).collect();
        let mut fields = vec![("n", Value::Integer(1)), ("stack", Value::Text(&bell))];
        fields.push(("more", Value::Text(&bell)));
        fields.extend(keys.iter().map(|key| (&key[..], Value::Text(&bell))));
        fields.push(("last", Value::Integer(2)));
        let empty = Entries::default();
        let json =
            parsed(&line(head(Level::Info, EventType::Custom), "m", &empty, &entries(&fields), 1));
        assert_eq!(json["n"], 1);
        assert_eq!(json["stack"].as_str(), Some(&bell[..]));
        let cut = json["more"].as_str().expect("a part of it fits");
        assert!(!cut.is_empty() && bell.starts_with(cut));
        let named = json["truncated"].as_array().expect("the cut is named");
        assert_eq!(named[0], "more");
        assert_eq!(named[1].as_str(), Some(&keys[0][..]));
        assert_eq!(named.last().expect("it is not empty"), "...");
    }
}
