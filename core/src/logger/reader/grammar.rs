//! The grammar of JSON, strictly: one parser for whoever wants the values and for whoever only wants to know that they are right.

use super::bytes::plain;
use super::json_error::JsonError;
use super::work::looks_at;
use std::ops::Range;

/// How deep arrays and objects may nest, so that a hostile file cannot exhaust a small stack.
const DEPTH_CAP: u32 = 64;

/// What a parser makes of the values that it finds.
pub(super) trait Make: Sized {
    /// What it makes of the text of a key or a string.
    type Text;
    /// Nothing where `raw` is no UTF-8.
    fn text(raw: &[u8], whole: Whole) -> Option<Self::Text>;
    fn null() -> Self;
    fn bool(value: bool) -> Self;
    fn number(digits: &[u8]) -> Self;
    fn string(text: Self::Text) -> Self;
    fn array(values: Vec<Self>) -> Self;
    fn object(members: Vec<(Self::Text, Self)>) -> Self;
}

/// What is known about the whole text that is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// It is UTF-8, and so is what stands between two quotes of it.
    Utf8,
    /// Nothing.
    Unknown,
}

impl Whole {
    /// Looks at all of `text`: once for all is a fraction of once for each string.
    pub(super) fn of(text: &[u8]) -> Self {
        looks_at(text.len());
        if std::str::from_utf8(text).is_ok() { Self::Utf8 } else { Self::Unknown }
    }
}

/// Nothing is made: a vector of nothings allocates nothing.
impl Make for () {
    type Text = ();
    fn text(raw: &[u8], whole: Whole) -> Option<()> {
        (whole == Whole::Utf8 || std::str::from_utf8(raw).is_ok()).then_some(())
    }
    fn null() {}
    fn bool(_: bool) {}
    fn number(_: &[u8]) {}
    fn string((): ()) {}
    fn array(_: Vec<()>) {}
    fn object(_: Vec<((), ())>) {}
}

/// Where the key of an object and its value stand in a text.
#[derive(Clone, Debug)]
pub(super) struct Span {
    /// The key between its quotes, as it is written.
    pub(super) key: Range<u32>,
    /// The value, as it is written.
    pub(super) value: Range<u32>,
}

/// Reads one value, with nothing but white space around it.
pub(super) fn whole<M: Make>(text: &[u8]) -> Result<M, JsonError> {
    let mut parser = Parser::new(text, Whole::Unknown);
    let value = parser.value(DEPTH_CAP);
    looks_at(parser.at);
    let value = value?;
    parser.space();
    if parser.at < text.len() { Err(parser.unexpected()) } else { Ok(value) }
}

/// The length of the object that `text` begins with, whose members are put into `spans`. What stands behind it is not looked at.
pub(super) fn object(text: &[u8], whole: Whole, spans: &mut Vec<Span>) -> Result<usize, JsonError> {
    spans.clear();
    let mut parser = Parser::new(text, whole);
    if parser.peek() != Some(b'{') {
        return Err(parser.unexpected());
    }
    let listed = parser.list(b'}', |parser| {
        let from = parser.at + 1;
        parser.string::<()>()?;
        let key = span(from..parser.at - 1);
        parser.colon()?;
        parser.space();
        let from = parser.at;
        parser.value::<()>(DEPTH_CAP - 1)?;
        spans.push(Span { key, value: span(from..parser.at) });
        Ok(())
    });
    looks_at(parser.at);
    listed.map(|()| parser.at)
}

/// What is longer than four gibibytes does not come here: a line has a cap.
fn span(of: Range<usize>) -> Range<u32> {
    let place = |at| u32::try_from(at).unwrap_or(u32::MAX);
    place(of.start)..place(of.end)
}

/// How many bytes of white space `text` begins with.
pub(super) fn leading_space(text: &[u8]) -> usize {
    let space = text.iter().position(|byte| !is_space(*byte)).unwrap_or(text.len());
    looks_at(space);
    space
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

struct Parser<'t> {
    text: &'t [u8],
    whole: Whole,
    at: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t [u8], whole: Whole) -> Self {
        Self { text, whole, at: 0 }
    }

    fn value<M: Make>(&mut self, depth: u32) -> Result<M, JsonError> {
        self.space();
        match self.peek().ok_or(JsonError::Ended)? {
            b'"' => self.string::<M>().map(M::string),
            b'-' | b'0'..=b'9' => self.number(),
            b'n' => self.word("null", M::null()),
            b't' => self.word("true", M::bool(true)),
            b'f' => self.word("false", M::bool(false)),
            b'[' | b'{' if depth == 0 => Err(JsonError::TooDeep { at: self.at }),
            b'[' => {
                let mut values = Vec::new();
                self.list(b']', |parser| {
                    values.push(parser.value(depth - 1)?);
                    Ok(())
                })?;
                Ok(M::array(values))
            }
            b'{' => {
                let mut members = Vec::new();
                self.list(b'}', |parser| {
                    let key = parser.string::<M>()?;
                    parser.colon()?;
                    members.push((key, parser.value(depth - 1)?));
                    Ok(())
                })?;
                Ok(M::object(members))
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
        if self.skip(end) {
            return Ok(());
        }
        loop {
            self.space();
            element(self)?;
            self.space();
            if self.skip(end) {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    fn string<M: Make>(&mut self) -> Result<M::Text, JsonError> {
        self.expect(b'"')?;
        let from = self.at;
        loop {
            self.at += plain(&self.text[self.at..]);
            match self.next()? {
                b'"' => {
                    // What is escaped is ASCII, so that it changes nothing about the bytes beside it.
                    let text = M::text(&self.text[from..self.at - 1], self.whole);
                    return text.ok_or(JsonError::NotUtf8 { at: self.at });
                }
                b'\\' => self.escape()?,
                0..=0x1F => return Err(self.unexpected_before()),
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        match self.next()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(()),
            b'u' => match self.four_digits()? {
                0xD800..0xDC00 => {
                    self.expect(b'\\')?;
                    self.expect(b'u')?;
                    match self.four_digits()? {
                        0xDC00..0xE000 => Ok(()),
                        _ => Err(self.unexpected_before()),
                    }
                }
                0xDC00..0xE000 => Err(self.unexpected_before()),
                _ => Ok(()),
            },
            _ => Err(self.unexpected_before()),
        }
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

    fn number<M: Make>(&mut self) -> Result<M, JsonError> {
        let start = self.at;
        self.skip(b'-');
        if !self.skip(b'0') {
            self.digits()?;
        }
        if self.skip(b'.') {
            self.digits()?;
        }
        if self.skip(b'e') || self.skip(b'E') {
            let _ = self.skip(b'+') || self.skip(b'-');
            self.digits()?;
        }
        Ok(M::number(&self.text[start..self.at]))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let rest = &self.text[self.at..];
        let count = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        self.at += count;
        if count == 0 { Err(self.unexpected()) } else { Ok(()) }
    }

    fn word<M>(&mut self, word: &str, value: M) -> Result<M, JsonError> {
        for byte in word.bytes() {
            self.expect(byte)?;
        }
        Ok(value)
    }

    fn colon(&mut self) -> Result<(), JsonError> {
        self.space();
        self.expect(b':')
    }

    fn space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    fn skip(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.skip(byte) { Ok(()) } else { Err(self.unexpected()) }
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
