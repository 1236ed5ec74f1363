//! The floor: what a service could write by hand, for the same bytes. No settings, no caps, no bookkeeping, no sink that may fail.
//!
//! It reads the wall clock, escapes what has to be escaped, looks whether a key names a secret, keeps the context already encoded in
//! a thread-local, and takes a lock in which a line gets its number and is written.

use crate::happening::{CONTEXT, Happening, MESSAGE};
use crate::target::Target;
use parking_lot::Mutex;
use retrip_core::logger::{EventType, Level, REDACTED, SCHEMA_VERSION};
use std::cell::RefCell;
use std::time::Duration;

/// A value, as the caller has it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Worth<'w> {
    Text(&'w str),
    Integer(u64),
    Fraction(f64),
    Truth(bool),
    Millis(Duration),
}

/// The logger that is written by hand.
pub(crate) struct Floor {
    name: &'static str,
    least: Level,
    state: Mutex<(u64, Target)>,
}

#[derive(Default)]
struct Buffers {
    line: Vec<u8>,
    context: Vec<u8>,
}

thread_local! {
    static BUFFERS: RefCell<Buffers> = RefCell::new(Buffers::default());
}

impl Floor {
    pub(crate) fn new(name: &'static str, target: Target) -> Self {
        Self { name, least: Level::Info, state: Mutex::new((0, target)) }
    }

    /// Runs `body` in the context of all events.
    pub(crate) fn within(&self, body: impl FnOnce()) {
        BUFFERS.with_borrow_mut(|buffers| {
            for (key, text) in CONTEXT {
                field(&mut buffers.context, key, Worth::Text(text));
            }
        });
        body();
        BUFFERS.with_borrow_mut(|buffers| buffers.context.clear());
    }

    /// What it has written so far, where that is kept.
    pub(crate) fn lines(&self) -> Vec<u8> {
        match &self.state.lock().1 {
            Target::Vec(lines) => lines.clone(),
            _ => Vec::new(),
        }
    }

    /// Logs what happened, at what `wall` says: nanoseconds after the Unix epoch.
    #[inline]
    pub(crate) fn happened(&self, level: Level, happening: &Happening, wall: impl Fn() -> u64) {
        if level < self.least {
            return;
        }
        let fields = [
            ("tool_name", Worth::Text(happening.tool_name)),
            ("query", Worth::Text(happening.query)),
            ("attempt", Worth::Integer(happening.attempt.into())),
            ("score", Worth::Fraction(happening.score)),
            ("cached", Worth::Truth(happening.cached)),
            ("duration_ms", Worth::Millis(happening.took)),
        ];
        self.log(level, MESSAGE, &fields, wall);
    }

    /// Logs an event.
    #[inline]
    pub(crate) fn log(
        &self,
        level: Level,
        message: &str,
        fields: &[(&str, Worth<'_>)],
        wall: impl Fn() -> u64,
    ) {
        if level < self.least {
            return;
        }
        BUFFERS.with_borrow_mut(|Buffers { line, context }| {
            line.clear();
            line.extend_from_slice(b"{\"timestamp\":\"");
            rfc3339(line, wall());
            line.extend_from_slice(b"\",\"schema_version\":\"");
            line.extend_from_slice(SCHEMA_VERSION.as_bytes());
            line.extend_from_slice(b"\",\"level\":\"");
            line.extend_from_slice(level.as_str().as_bytes());
            line.extend_from_slice(b"\",\"logger\":\"");
            escaped(line, self.name);
            line.extend_from_slice(b"\",\"seq\":");
            let at = line.len();
            line.extend_from_slice(&[b' '; 16]);
            line.extend_from_slice(b",\"event_type\":\"");
            line.extend_from_slice(EventType::McpToolCompleted.as_str().as_bytes());
            line.extend_from_slice(b"\",\"message\":\"");
            escaped(line, message);
            line.push(b'"');
            line.extend_from_slice(context);
            for (key, worth) in fields {
                field(line, key, *worth);
            }
            line.extend_from_slice(b"}\n");
            let mut state = self.state.lock();
            state.0 += 1;
            let mut digits = itoa::Buffer::new();
            let digits = digits.format(state.0).as_bytes();
            line[at + 16 - digits.len()..at + 16].copy_from_slice(digits);
            state.1.line(line).expect("the target takes what it is given");
        });
    }
}

fn field(line: &mut Vec<u8>, key: &str, worth: Worth<'_>) {
    line.extend_from_slice(b",\"");
    escaped(line, key);
    line.extend_from_slice(b"\":");
    if is_secret(key) {
        line.push(b'"');
        line.extend_from_slice(REDACTED.as_bytes());
        line.push(b'"');
        return;
    }
    match worth {
        Worth::Text(text) => {
            line.push(b'"');
            escaped(line, text);
            line.push(b'"');
        }
        Worth::Integer(number) => {
            line.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        }
        Worth::Fraction(number) => {
            line.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
        }
        Worth::Truth(true) => line.extend_from_slice(b"true"),
        Worth::Truth(false) => line.extend_from_slice(b"false"),
        Worth::Millis(duration) => {
            let nanos = u64::try_from(duration.as_nanos()).expect("it took less than centuries");
            line.extend_from_slice(itoa::Buffer::new().format(nanos / 1_000_000).as_bytes());
            if !nanos.is_multiple_of(1_000_000) {
                let start = line.len();
                let rest = 1_000_000 + nanos % 1_000_000;
                line.extend_from_slice(itoa::Buffer::new().format(rest).as_bytes());
                line[start] = b'.';
                while line.last() == Some(&b'0') {
                    line.pop();
                }
            }
        }
    }
}

/// Whether one of a few words begins somewhere in the key. Two letters tell almost every key from all of them.
fn is_secret(key: &str) -> bool {
    let key = key.as_bytes();
    key.windows(2).enumerate().any(|(at, two)| {
        let words: &[&str] = match [two[0] | 0x20, two[1] | 0x20] {
            [b'a', b'p'] => &["api_key", "apikey"],
            [b'a', b'c'] => &["access_key"],
            [b'a', b'u'] => &["authorization"],
            [b'b', b'e'] => &["bearer"],
            [b'c', b'r'] => &["credential"],
            [b'c', b'o'] => &["cookie"],
            [b'p', b'a'] => &["password", "passwd", "passphrase"],
            [b'p', b'r'] => &["private_key"],
            [b'p', b'w'] => &["pwd"],
            [b's', b'e'] => &["secret", "session_key"],
            [b's', b'i'] => &["signing_key"],
            [b't', b'o'] => &["token"],
            _ => return false,
        };
        let rest = &key[at..];
        words.iter().any(|word| {
            rest.len() >= word.len() && rest[..word.len()].eq_ignore_ascii_case(word.as_bytes())
        })
    })
}

/// What may have to be escaped, by its first byte.
const SUSPECT: [bool; 256] = {
    let mut suspect = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        suspect[byte] = matches!(byte as u8, 0..0x20 | b'"' | b'\\' | 0x7F | 0xC2 | 0xE2);
        byte += 1;
    }
    suspect
};

/// Copies what is plain in runs.
fn escaped(line: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let bytes = text.as_bytes();
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        if !SUSPECT[usize::from(bytes[at])] {
            at += 1;
            continue;
        }
        let (width, code) = match bytes[at] {
            byte @ (0..0x20 | b'"' | b'\\' | 0x7F) => (1, u16::from(byte)),
            0xC2 if bytes[at + 1] < 0xA0 => (2, u16::from(bytes[at + 1])),
            0xE2 if bytes[at + 1] == 0x80 && bytes[at + 2] & 0xFE == 0xA8 => {
                (3, 0x2028 + u16::from(bytes[at + 2] & 1))
            }
            _ => {
                at += 1;
                continue;
            }
        };
        line.extend_from_slice(&bytes[from..at]);
        match code {
            0x08 => line.extend_from_slice(b"\\b"),
            0x09 => line.extend_from_slice(b"\\t"),
            0x0A => line.extend_from_slice(b"\\n"),
            0x0C => line.extend_from_slice(b"\\f"),
            0x0D => line.extend_from_slice(b"\\r"),
            0x22 => line.extend_from_slice(b"\\\""),
            0x5C => line.extend_from_slice(b"\\\\"),
            _ => {
                line.extend_from_slice(b"\\u");
                line.extend([12, 8, 4, 0].map(|shift| HEX[usize::from(code >> shift & 0xF)]));
            }
        }
        at += width;
        from = at;
    }
    line.extend_from_slice(&bytes[from..]);
}

/// Howard Hinnant's `civil_from_days`, from 1970 on.
fn rfc3339(line: &mut Vec<u8>, nanos: u64) {
    let (seconds, fraction) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    let (days, second) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let mut text = *b"0000-00-00T00:00:00.000000000Z";
    let parts = [(0, 4, year), (5, 2, month), (8, 2, day), (11, 2, second / 3600)];
    let rest = [(14, 2, second / 60 % 60), (17, 2, second % 60), (20, 9, fraction)];
    for (start, width, value) in parts.into_iter().chain(rest) {
        let mut value = value;
        for place in text[start..start + width].iter_mut().rev() {
            *place = b'0' + (value % 10) as u8;
            value /= 10;
        }
    }
    line.extend_from_slice(&text);
}

/// The wall clock, in nanoseconds since the Unix epoch.
#[expect(clippy::disallowed_methods, reason = "the floor is of the real world")]
#[inline]
pub(crate) fn wall() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}
