//! A strict JSON parser that keeps numbers as they are written.

/// How deep arrays and objects may nest, so that a hostile file cannot exhaust a small stack.
const DEPTH_CAP: u32 = 64;

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

impl Json {
    /// Reads one JSON value, with nothing but white space around it.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &[u8]) -> Result<Self, JsonError> {
        let mut parser = Parser { text, at: 0 };
        let value = parser.value(DEPTH_CAP)?;
        parser.space();
        if parser.at < text.len() { Err(parser.unexpected()) } else { Ok(value) }
    }

    /// Reads the value with which `text` begins, and returns how many bytes it has.
    pub(super) fn parse_first(text: &[u8]) -> Result<(Self, usize), JsonError> {
        let mut parser = Parser { text, at: 0 };
        let value = parser.value(DEPTH_CAP)?;
        Ok((value, parser.at))
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

struct Parser<'t> {
    text: &'t [u8],
    at: usize,
}

impl Parser<'_> {
    fn value(&mut self, depth: u32) -> Result<Json, JsonError> {
        self.space();
        match self.peek().ok_or(JsonError::Ended)? {
            b'n' => self.word("null", Json::Null),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'"' => self.string().map(Json::String),
            b'-' | b'0'..=b'9' => self.number(),
            b'[' | b'{' if depth == 0 => Err(JsonError::TooDeep { at: self.at }),
            b'[' => {
                let mut values = Vec::new();
                self.list(b']', |parser| {
                    values.push(parser.value(depth - 1)?);
                    Ok(())
                })?;
                Ok(Json::Array(values))
            }
            b'{' => {
                let mut members = Vec::new();
                self.list(b'}', |parser| {
                    let key = parser.string()?;
                    parser.space();
                    parser.expect(b':')?;
                    members.push((key, parser.value(depth - 1)?));
                    Ok(())
                })?;
                Ok(Json::Object(members))
            }
            _ => Err(self.unexpected()),
        }
    }

    /// What stands between two brackets, with commas between.
    fn list(
        &mut self,
        end: u8,
        mut element: impl FnMut(&mut Self) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        self.at += 1;
        self.space();
        if self.peek() == Some(end) {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.space();
            element(self)?;
            self.space();
            if self.peek() == Some(end) {
                self.at += 1;
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.expect(b'"')?;
        let mut bytes = Vec::new();
        loop {
            match self.next()? {
                b'"' => {
                    let at = self.at;
                    return String::from_utf8(bytes).map_err(|_| JsonError::NotUtf8 { at });
                }
                b'\\' => {
                    let character = self.escape()?;
                    bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                0..=0x1F => return Err(self.unexpected_before()),
                byte => bytes.push(byte),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        Ok(match self.next()? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.four_digits()?;
                let code = if (0xD800..0xDC00).contains(&first) {
                    self.expect(b'\\')?;
                    self.expect(b'u')?;
                    let second = self.four_digits()?;
                    if !(0xDC00..0xE000).contains(&second) {
                        return Err(self.unexpected_before());
                    }
                    0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
                } else {
                    first
                };
                char::from_u32(code).ok_or_else(|| self.unexpected_before())?
            }
            _ => return Err(self.unexpected_before()),
        })
    }

    fn four_digits(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let byte = self.next()?;
            let digit = char::from(byte).to_digit(16).ok_or_else(|| self.unexpected_before())?;
            code = code * 16 + digit;
        }
        Ok(code)
    }

    fn number(&mut self) -> Result<Json, JsonError> {
        let start = self.at;
        self.skip(b"-");
        if !self.skip(b"0") {
            self.digits()?;
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            self.digits()?;
        }
        let digits = self.text[start..self.at].iter().map(|&byte| char::from(byte));
        Ok(Json::Number(digits.collect()))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        if !self.skip(b"0123456789") {
            return Err(self.unexpected());
        }
        while self.skip(b"0123456789") {}
        Ok(())
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, JsonError> {
        for byte in word.bytes() {
            self.expect(byte)?;
        }
        Ok(value)
    }

    fn space(&mut self) {
        while self.skip(b" \t\r\n") {}
    }

    fn skip(&mut self, any_of: &[u8]) -> bool {
        let found = self.peek().is_some_and(|byte| any_of.contains(&byte));
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.skip(&[byte]) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Result<u8, JsonError> {
        let byte = self.peek().ok_or(JsonError::Ended)?;
        self.at += 1;
        Ok(byte)
    }

    fn unexpected(&self) -> JsonError {
        if self.at < self.text.len() {
            JsonError::Unexpected { at: self.at }
        } else {
            JsonError::Ended
        }
    }

    fn unexpected_before(&self) -> JsonError {
        JsonError::Unexpected { at: self.at - 1 }
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
            (b"\"\xFF\"", JsonError::NotUtf8 { at: 3 }),
            (b"[1", JsonError::Ended),
            (b"", JsonError::Ended),
        ] {
            assert_eq!(Json::parse(text), Err(error), "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(Json::parse(&[b'['; 100_000]), Err(JsonError::TooDeep { at: 64 }));
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
