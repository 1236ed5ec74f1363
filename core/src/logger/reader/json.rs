//! JSON values, whose numbers stay as they are written.

use super::grammar::{self, Make, Whole};
use super::json_error::JsonError;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object, in the order of the text.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one JSON value, with nothing but white space around it.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &[u8]) -> Result<Self, JsonError> {
        grammar::whole(text)
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// A number that is a `u64`.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(number) => number.parse().ok(),
            _ => None,
        }
    }

    /// The value of a key of an object; the last one where it stands twice.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.members().iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Keys and values of an object; none of anything else.
    #[must_use]
    pub fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }
}

impl Make for Json {
    type Text = String;

    fn text(raw: &[u8], _: Whole) -> Option<String> {
        std::str::from_utf8(raw).ok().map(unescaped)
    }

    fn null() -> Self {
        Self::Null
    }

    fn bool(value: bool) -> Self {
        Self::Bool(value)
    }

    fn number(digits: &[u8]) -> Self {
        Self::Number(digits.iter().map(|&byte| char::from(byte)).collect())
    }

    fn string(text: String) -> Self {
        Self::String(text)
    }

    fn array(values: Vec<Self>) -> Self {
        Self::Array(values)
    }

    fn object(members: Vec<(String, Self)>) -> Self {
        Self::Object(members)
    }
}

/// The text that `raw` stands for, which the grammar has found to be right.
pub(super) fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let (character, length) = character(escape);
        text.push(character);
        rest = &escape[length..];
    }
    text.push_str(rest);
    text
}

/// What an escape without its backslash stands for, and how long it is.
fn character(escape: &str) -> (char, usize) {
    let code = |at: usize| {
        escape.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0)
    };
    match escape.as_bytes().first() {
        Some(b'b') => ('\u{8}', 1),
        Some(b'f') => ('\u{C}', 1),
        Some(b'n') => ('\n', 1),
        Some(b'r') => ('\r', 1),
        Some(b't') => ('\t', 1),
        Some(b'u') => {
            let (code, length) = match code(1) {
                high @ 0xD800..0xDC00 => {
                    (0x1_0000 + ((high - 0xD800) << 10) + (code(7) & 0x3FF), 11)
                }
                code => (code, 5),
            };
            (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), length)
        }
        // A quote, a backslash or a slash stands for itself.
        Some(&byte) => (char::from(byte), 1),
        None => (char::REPLACEMENT_CHARACTER, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        for (text, error) in [
            (&b"{\"a\":1,}"[..], JsonError::Unexpected { at: 7 }),
            (b"01", JsonError::Unexpected { at: 1 }),
            (b"1.", JsonError::Ended),
            (b"NaN", JsonError::Unexpected { at: 0 }),
            (b"\"a\nb\"", JsonError::Unexpected { at: 2 }),
            (b"\"\\ud800x\"", JsonError::Unexpected { at: 7 }),
            (b"\"\\ud800\\ue000\"", JsonError::Unexpected { at: 12 }),
            (b"\"\\udc00\"", JsonError::Unexpected { at: 6 }),
            (b"\"\xFF\"", JsonError::NotUtf8 { at: 3 }),
            (b"[1", JsonError::Ended),
            (b"", JsonError::Ended),
        ] {
            assert_eq!(Json::parse(text), Err(error), "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(Json::parse(&[b'['; 100_000]), Err(JsonError::TooDeep { at: 64 }));
        let objects = b"{\"a\":".repeat(100_000);
        assert_eq!(Json::parse(&objects), Err(JsonError::TooDeep { at: 64 * 5 }));
    }

    #[test]
    fn numbers_and_escapes_are_read() {
        let json = Json::parse(
            br#" {"a":[-0.5e+3, "\u00e9\ud83d\ude00\n"], "n":  18446744073709551615} "#,
        )
        .expect("it is JSON");
        assert_eq!(json.get("n").and_then(Json::as_u64), Some(u64::MAX));
        assert_eq!(
            json.get("a"),
            Some(&Json::Array(vec![Json::Number("-0.5e+3".into()), Json::String("é😀\n".into())]))
        );
    }
}
