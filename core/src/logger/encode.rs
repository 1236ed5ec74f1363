//! Writes values as JSON: escapes, caps, and a `Display` that must not hurt the line.

use super::escape::{clipped, escaped};
use super::field::{Key, LogField};
use super::foreign::{self, PANICKED};
use super::secret::REDACTED;
use super::value::Value;
use std::fmt::{self, Write as _};
use std::time::Duration;

/// The most bytes of a text, before escaping, that a message or a field holds: 8 KiB.
pub const VALUE_CAP: usize = 8 * 1024;
/// The most bytes of an `error_stack`: 32 KiB.
pub const STACK_CAP: usize = 32 * 1024;
/// How deep lists and maps may nest.
const DEPTH_CAP: u32 = 8;

/// What became of a value on its way into the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Something was cut off or left out.
    pub(super) cut: bool,
    /// How many times code of the caller panicked.
    pub(super) panics: u64,
}

/// Appends `value` as JSON; texts stop at a character boundary before `cap` bytes.
#[inline]
pub(super) fn value(out: &mut Vec<u8>, value: &Value<'_>, cap: usize) -> Outcome {
    let mut encoder = Encoder { out, left: cap, outcome: Outcome::default() };
    encoder.value(value, DEPTH_CAP);
    encoder.outcome
}

/// Appends `number` in decimal.
#[inline]
pub(super) fn decimal(out: &mut Vec<u8>, number: u64) {
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    let mut rest = number;
    while rest >= 100 {
        first -= 2;
        digits[first..first + 2].copy_from_slice(pair(rest % 100));
        rest /= 100;
    }
    if rest >= 10 {
        first -= 2;
        digits[first..first + 2].copy_from_slice(pair(rest));
    } else {
        first -= 1;
        digits[first] += rest as u8;
    }
    out.extend_from_slice(&digits[first..]);
}

/// The two digits of a number below a hundred.
#[inline]
fn pair(number: u64) -> &'static [u8; 2] {
    const PAIRS: [[u8; 2]; 100] = {
        let mut pairs = [[b'0'; 2]; 100];
        let mut number = 0;
        while number < 100 {
            pairs[number][0] += (number / 10) as u8;
            pairs[number][1] += (number % 10) as u8;
            number += 1;
        }
        pairs
    };
    &PAIRS[number as usize]
}

/// How many binary digits a positive number has behind its point; below zero, so many zeros before it.
fn fraction_bits(number: f64) -> i64 {
    let bits = number.to_bits();
    let exponent = (bits >> 52) as i64 - 1023;
    52 - i64::from((bits | 1 << 52).trailing_zeros()) - exponent
}

struct Encoder<'o> {
    out: &'o mut Vec<u8>,
    /// How many bytes of text may still come, over all levels of nesting.
    left: usize,
    outcome: Outcome,
}

impl Encoder<'_> {
    fn value(&mut self, value: &Value<'_>, depth: u32) {
        match *value {
            Value::Null => self.out.extend_from_slice(b"null"),
            Value::Bool(true) => self.out.extend_from_slice(b"true"),
            Value::Bool(false) => self.out.extend_from_slice(b"false"),
            Value::Integer(number) => self.integer(number),
            Value::Huge(number) => self.quoted(format_args!("{number}")),
            Value::Float(number) if number.is_finite() => self.fraction(number),
            Value::Float(number) => self.quoted(format_args!("{number}")),
            Value::Millis(duration) => self.millis(duration),
            Value::Text(text) => {
                self.out.push(b'"');
                self.text(text);
                self.out.push(b'"');
            }
            Value::Bytes(bytes) => self.bytes(bytes),
            Value::Display(value) => self.quoted(format_args!("{value}")),
            Value::Debug(value) => self.quoted(format_args!("{value:?}")),
            Value::Redacted => {
                self.out.push(b'"');
                self.text(REDACTED);
                self.out.push(b'"');
            }
            Value::List(_) | Value::Map(_) if depth == 0 => {
                self.outcome.cut = true;
                self.out.extend_from_slice(b"\"<too deep>\"");
            }
            Value::List(values) => {
                self.out.push(b'[');
                for (index, value) in values.iter().enumerate() {
                    if !self.begins_member(index) {
                        break;
                    }
                    self.value(value, depth - 1);
                }
                self.out.push(b']');
            }
            Value::Map(members) => {
                self.out.push(b'{');
                if members.first().is_some_and(|(key, _)| *key == LogField::Timestamp.as_str()) {
                    // Only a line of the logger begins without the space: in a damaged one the reader goes by that.
                    self.out.push(b' ');
                }
                for (index, (key, value)) in members.iter().enumerate() {
                    if !self.begins_member(index) {
                        break;
                    }
                    self.out.push(b'"');
                    self.text(key);
                    self.out.extend_from_slice(b"\":");
                    self.value(value.under(Key::from(*key)), depth - 1);
                }
                self.out.push(b'}');
            }
        }
    }

    /// Writes the comma before a member; every member costs a byte, so that numbers too come to an end.
    fn begins_member(&mut self, index: usize) -> bool {
        if self.left == 0 {
            self.outcome.cut = true;
            return false;
        }
        self.left -= 1;
        if index > 0 {
            self.out.push(b',');
        }
        true
    }

    fn text(&mut self, text: &str) {
        let fits = clipped(text, self.left);
        self.left -= fits.len();
        if fits.len() < text.len() {
            // Nothing may follow a hole, also where a shorter character would still fit.
            self.left = 0;
            self.outcome.cut = true;
        }
        escaped(self.out, fits);
    }

    #[inline]
    fn integer(&mut self, number: i128) {
        if let Ok(number) = u64::try_from(number) {
            decimal(self.out, number);
        } else if let Ok(number) = i64::try_from(number) {
            self.out.push(b'-');
            decimal(self.out, number.unsigned_abs());
        } else {
            self.quoted(format_args!("{number}"));
        }
    }

    fn millis(&mut self, duration: Duration) {
        let nanos = duration.subsec_nanos();
        let whole = duration.as_secs().checked_mul(1000);
        let whole = whole.and_then(|millis| millis.checked_add((nanos / 1_000_000).into()));
        decimal(self.out, whole.unwrap_or(u64::MAX));
        let rest = nanos % 1_000_000;
        if rest > 0 {
            let start = self.out.len();
            // A leading one keeps the zeros before the first digit that is none; the point takes its place.
            decimal(self.out, u64::from(1_000_000 + rest));
            self.out[start] = b'.';
            while self.out.last() == Some(&b'0') {
                self.out.pop();
            }
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.out.push(b'"');
        for chunk in bytes.utf8_chunks() {
            for (index, part) in chunk.valid().split('\\').enumerate() {
                if index > 0 {
                    self.text("\\\\");
                }
                self.text(part);
            }
            for byte in chunk.invalid() {
                // Not `format!`: a hostile input must not cost an allocation a byte.
                let _ = write!(self, "\\x{byte:02x}");
            }
        }
        self.out.push(b'"');
    }

    /// The shortest text that reads back as the same number, as `{:?}` has it.
    fn fraction(&mut self, number: f64) {
        let size = number.abs();
        if size == 0.0 || (1e-4..1e16).contains(&size) {
            let mut text = zmij::Buffer::new();
            let text = text.format_finite(number);
            if text.len() < 17 || fraction_bits(size) > 22 {
                self.out.extend_from_slice(text.as_bytes());
                return;
            }
            // Of two texts that are as short and as close it may be the other one: a number of 17 or 18 digits that ends with a five,
            // which has as many bits behind its point as digits.
        }
        // Exponents are written in another way, and are rare.
        let _ = std::io::Write::write_fmt(self.out, format_args!("{number:?}"));
    }

    /// Whatever prints, as a string. Its panic ends here, its failure ends the text.
    fn quoted(&mut self, printed: fmt::Arguments<'_>) {
        let start = self.out.len();
        self.out.push(b'"');
        match foreign::run(|| self.write_fmt(printed)) {
            Some(Ok(())) => {}
            Some(Err(fmt::Error)) => self.outcome.cut = true,
            None => {
                self.outcome.panics += 1;
                self.out.truncate(start + 1);
                self.out.extend_from_slice(PANICKED.as_bytes());
            }
        }
        self.out.push(b'"');
    }
}

impl fmt::Write for Encoder<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let cut = std::mem::take(&mut self.outcome.cut);
        self.text(text);
        let stop = self.outcome.cut;
        self.outcome.cut |= cut;
        // An error stops a `Display` that would print for ever.
        if stop { Err(fmt::Error) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn json(of: Value<'_>) -> String {
        let mut out = Vec::new();
        value(&mut out, &of, VALUE_CAP);
        String::from_utf8(out).expect("the encoder writes UTF-8")
    }

    fn cut(of: Value<'_>, cap: usize) -> (String, bool) {
        let mut out = Vec::new();
        let outcome = value(&mut out, &of, cap);
        (String::from_utf8(out).expect("the encoder writes UTF-8"), outcome.cut)
    }

    #[test]
    fn numbers_keep_every_digit() {
        assert_eq!(json(Value::Integer(0)), "0");
        assert_eq!(json(Value::Integer(u64::MAX.into())), "18446744073709551615");
        assert_eq!(json(Value::Integer(i64::MIN.into())), "-9223372036854775808");
        assert_eq!(json(Value::Integer(i128::from(u64::MAX) + 1)), "\"18446744073709551616\"");
        assert_eq!(json(Value::Integer(i128::from(i64::MIN) - 1)), "\"-9223372036854775809\"");
        assert_eq!(json(Value::Huge(u128::MAX)), format!("\"{}\"", u128::MAX));
        assert_eq!(json(Value::Float(0.1)), "0.1");
        assert_eq!(json(Value::Float(1e300)), "1e300");
        assert_eq!(json(Value::Float(f64::NAN)), "\"NaN\"");
        assert_eq!(json(Value::Float(f64::NEG_INFINITY)), "\"-inf\"");
    }

    proptest! {
        #[expect(clippy::float_arithmetic, reason = "numbers that lie in the middle are made by halving")]
        #[test]
        fn numbers_are_written_as_they_print(bits: u64, power in -330..330_i32, integer: i64) {
            let near = format!("{}e{power}", integer % 1000).parse().expect("it is a number");
            // Those that may lie in the middle between two texts.
            let halfway = (bits >> 11 >> (bits % 11)) as f64 * 0.5_f64.powi(power.rem_euclid(40));
            for number in [f64::from_bits(bits), near, integer as f64, halfway] {
                if number.is_finite() {
                    prop_assert_eq!(json(Value::Float(number)), format!("{number:?}"));
                }
            }
            for integer in [integer, integer >> 20, integer >> 40, integer >> 56] {
                prop_assert_eq!(json(Value::Integer(integer.into())), integer.to_string());
            }
        }
    }

    #[test]
    fn exponents_begin_where_they_do_in_print() {
        for number in [0.0, -0.0, 1e-5, 9.999e-5, 1e-4, 5e-324, 1e15, 9.007e15, 1e16, f64::MAX] {
            for number in [number, -number, number.next_down(), number.next_up()] {
                if number.is_finite() {
                    assert_eq!(json(Value::Float(number)), format!("{number:?}"));
                }
            }
        }
    }

    #[test]
    fn of_two_texts_that_are_as_close_it_is_the_one_of_print() {
        for (whole, bits, odd) in (0..53)
            .flat_map(|whole| (1..=52 - whole).map(move |bits| (whole, bits)))
            .flat_map(|(whole, bits)| [1, 3, 5, 7].map(|odd| (whole, bits, odd)))
        {
            let number = ((1_u64 << (whole + bits)) + odd) as f64 * 0.5_f64.powi(bits);
            assert_eq!(json(Value::Float(number)), format!("{number:?}"));
        }
    }

    #[test]
    fn durations_are_exact_milliseconds() {
        for (nanos, text) in
            [(0, "0"), (1, "0.000001"), (1_500_000, "1.5"), (12_000_000, "12"), (1_020_000, "1.02")]
        {
            assert_eq!(json(Value::Millis(Duration::from_nanos(nanos))), text);
        }
        assert_eq!(json(Value::Millis(Duration::MAX)), "18446744073709551615.999999");
    }

    #[test]
    fn bytes_that_are_no_text_can_be_told_back() {
        assert_eq!(json(Value::Bytes(b"a\\\xFFz")), r#""a\\\\\\xffz""#);
        assert_eq!(json(Value::Bytes("é".as_bytes())), "\"é\"");
    }

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut(Value::Text("aéé"), 5), ("\"aéé\"".into(), false));
        assert_eq!(cut(Value::Text("aéé"), 4), ("\"aé\"".into(), true));
        assert_eq!(cut(Value::display(&"aéé"), 4), ("\"aé\"".into(), true));
        let pieces = [Value::Text("aéé"), Value::Text("b")];
        assert_eq!(cut(Value::List(&pieces), 5), ("[\"aé\"]".into(), true));
    }

    #[test]
    fn what_comes_in_pieces_is_cut_as_if_it_came_at_once() {
        assert_eq!(cut(Value::display(&format_args!("{}{}", "ab", "cd")), 3).0, "\"abc\"");
        let deep = (0..9).fold(Value::Null, |inside, _| Value::List(Vec::leak(vec![inside])));
        assert!(cut(Value::List(&[deep, Value::display(&"whole")]), VALUE_CAP).1);
        let pieces = [Value::Text("ab"), Value::Text("cd")];
        assert_eq!(cut(Value::List(&pieces), 6), ("[\"ab\",\"cd\"]".into(), false));
        assert_eq!(cut(Value::List(&pieces), 5), ("[\"ab\",\"c\"]".into(), true));
    }

    #[test]
    fn lists_and_maps_nest_until_the_caps() {
        let tokens = [("prompt_tokens", Value::Integer(3)), ("api_key", Value::Text("sk"))];
        assert_eq!(
            json(Value::List(&[Value::Map(&tokens), Value::Null])),
            r#"[{"prompt_tokens":3,"api_key":"***REDACTED***"},null]"#
        );
        let times = [("timestamp", Value::Integer(1)), ("timestamp", Value::Integer(2))];
        assert_eq!(json(Value::Map(&times)), r#"{ "timestamp":1,"timestamp":2}"#);
        assert_eq!(cut(Value::List(&[Value::Bool(true); 5]), 2), ("[true,true]".into(), true));
        fn nested(depth: u32, inside: Value<'_>) -> String {
            if depth == 0 { json(inside) } else { nested(depth - 1, Value::List(&[inside])) }
        }
        assert_eq!(nested(8, Value::Null), "[[[[[[[[null]]]]]]]]");
        assert_eq!(nested(9, Value::Null), "[[[[[[[[\"<too deep>\"]]]]]]]]");
        fn in_maps(depth: u32, inside: Value<'_>) -> String {
            if depth == 0 { json(inside) } else { in_maps(depth - 1, Value::Map(&[("a", inside)])) }
        }
        let eight = |inside: &str| format!("{}{inside}{}", "{\"a\":".repeat(8), "}".repeat(8));
        assert_eq!(in_maps(8, Value::Null), eight("null"));
        assert_eq!(in_maps(9, Value::Null), eight("\"<too deep>\""));
    }
}
