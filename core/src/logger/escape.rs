//! Characters that may not stand raw in a line, and cuts that spare whole characters.

/// Appends `text` with everything escaped that is no plain character of a line, without quotes.
///
/// Beside JSON's own, U+007F to U+009F, U+2028 and U+2029 are escaped: terminals obey the first, and some readers end a
/// line at the others.
#[inline]
pub(super) fn escaped(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    match suspect_from(bytes, 0) {
        None => out.extend_from_slice(bytes),
        Some(first) => escaped_from(out, bytes, first),
    }
}

/// The same, where the byte at `first` is the first one that may have to be escaped.
fn escaped_from(out: &mut Vec<u8>, bytes: &[u8], first: usize) {
    let mut written = 0;
    let mut next = Some(first);
    while let Some(at) = next {
        let byte = bytes[at];
        let (width, code) = match byte {
            0xC2 if bytes[at + 1] < 0xA0 => (2, u16::from(bytes[at + 1])),
            0xE2 if bytes[at + 1] == 0x80 && matches!(bytes[at + 2], 0xA8 | 0xA9) => {
                (3, 0x2028 + u16::from(bytes[at + 2] - 0xA8))
            }
            0xC2 | 0xE2 => {
                next = suspect_from(bytes, at + 1);
                continue;
            }
            _ => (1, u16::from(byte)),
        };
        out.extend_from_slice(&bytes[written..at]);
        escape(out, code);
        written = at + width;
        next = suspect_from(bytes, written);
    }
    out.extend_from_slice(&bytes[written..]);
}

/// Where the first byte from `from` on stands that may have to be escaped. Eight are looked at together.
#[inline]
fn suspect_from(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(eight) = bytes[at..].first_chunk::<8>() {
        if !are_plain(u64::from_le_bytes(*eight))
            && let Some(place) = eight.iter().position(|byte| SUSPECT[usize::from(*byte)])
        {
            return Some(at + place);
        }
        at += 8;
    }
    let rest = match (bytes.last_chunk::<8>(), bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        // Eight again, some of which have been looked at, or twice four.
        (Some(last), ..) => Some(u64::from_le_bytes(*last)),
        (_, Some(first), Some(last)) => {
            Some(u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)))
        }
        _ => None,
    };
    if rest.is_some_and(are_plain) {
        return None;
    }
    let place = bytes[at..].iter().position(|byte| SUSPECT[usize::from(*byte)])?;
    Some(at + place)
}

/// Whether eight bytes are plain ASCII, none of which is escaped. Where it says no, they may be so all the same.
///
/// The tests for bytes that are less than some other and for those that are zero are those of "Bit Twiddling Hacks" by Sean Eron
/// Anderson. What they carry over from one byte to the next one is there only where the first one is found.
#[inline]
const fn are_plain(eight: u64) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    const fn zeros(eight: u64) -> u64 {
        eight.wrapping_sub(EACH) & !eight
    }
    let control = eight.wrapping_sub(0x20 * EACH) & !eight;
    let quote = zeros(eight ^ (b'"' as u64 * EACH));
    let backslash = zeros(eight ^ (b'\\' as u64 * EACH));
    let delete = zeros(eight ^ (0x7F * EACH));
    (eight | control | quote | backslash | delete) & HIGH == 0
}

/// The longest prefix of `text` of at most `cap` bytes that ends between two characters.
pub(super) fn clipped(text: &str, cap: usize) -> &str {
    &text[..text.floor_char_boundary(cap)]
}

/// The length of the longest prefix of `escaped`, at most `room`, that ends neither within an escape nor a character.
pub(super) fn whole_prefix(escaped: &[u8], room: usize) -> usize {
    let mut end = 0;
    loop {
        let width = match escaped.get(end) {
            None => return end,
            Some(b'\\') if escaped.get(end + 1) == Some(&b'u') => 6,
            Some(b'\\') => 2,
            Some(0xC0..=0xDF) => 2,
            Some(0xE0..=0xEF) => 3,
            Some(0xF0..=0xFF) => 4,
            Some(_) => 1,
        };
        if end + width > room.min(escaped.len()) {
            return end;
        }
        end += width;
    }
}

/// First bytes of everything that `escaped` may have to escape.
const SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = true;
        byte += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table[0x7F] = true;
    table[0xC2] = true;
    table[0xE2] = true;
    table
};

fn escape(out: &mut Vec<u8>, code: u16) {
    let short = match code {
        0x08 => b'b',
        0x09 => b't',
        0x0A => b'n',
        0x0C => b'f',
        0x0D => b'r',
        0x22 => b'"',
        0x5C => b'\\',
        _ => {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            out.extend_from_slice(b"\\u");
            out.extend([12, 8, 4, 0].map(|shift| HEX[usize::from(code >> shift & 0xF)]));
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn control_characters_never_stand_raw() {
        let all: String = (0..=0xFF_u32).chain(0x2020..0x2030).filter_map(char::from_u32).collect();
        let mut quoted = vec![b'"'];
        escaped(&mut quoted, &all);
        quoted.push(b'"');
        let json = String::from_utf8(quoted).expect("an escaped text is UTF-8");
        let raw = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        assert_eq!(json.find(raw), None);
        assert_eq!(serde_json::from_str::<String>(&json).expect("it is JSON"), all);
        assert!(json.contains(r"\u0000") && json.contains(r"\u009f") && json.contains(r"\u2029"));
        assert!(json.contains('\u{A0}') && json.contains('\u{202A}'));
        assert!(json.contains(r#"\u0007\b\t\n\u000b\f\r\u000e"#) && json.contains(r##"!\"#"##));
    }

    /// Byte by byte, with nothing that looks ahead.
    fn one_by_one(text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        for character in text.chars() {
            match u16::try_from(u32::from(character)) {
                Ok(code @ (0..0x20 | 0x22 | 0x5C | 0x7F..0xA0 | 0x2028 | 0x2029)) => {
                    escape(&mut out, code)
                }
                _ => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        out
    }

    proptest! {
        #[test]
        fn eight_bytes_at_once_are_escaped_as_one_after_the_other(
            text in "([ -~]|[\u{0}-\u{1F}\"\\\\\u{7F}-\u{A1}\u{2020}-\u{2030}]|.){0,40}",
        ) {
            let mut out = Vec::new();
            escaped(&mut out, &text);
            prop_assert_eq!(out, one_by_one(&text));
        }
    }

    #[test]
    fn every_byte_is_found_at_every_place_of_eight() {
        for (length, byte) in
            (1..20).flat_map(|length| (0..=0x7F_u8).map(move |byte| (length, byte)))
        {
            // Among letters whose lowest bit is set, and among those where it is not.
            for (place, letter) in (0..length).flat_map(|place| [(place, b'a'), (place, b'b')]) {
                let mut bytes = vec![letter; length];
                bytes[place] = byte;
                let found = SUSPECT[usize::from(byte)].then_some(place);
                assert_eq!(suspect_from(&bytes, 0), found, "{byte} at {place} of {length}");
                assert_eq!(suspect_from(&bytes, place + 1), None, "behind {byte} at {place}");
            }
        }
    }

    #[test]
    fn a_prefix_never_ends_within_an_escape_or_a_character() {
        let escaped = br#"a\n\u0001\\"#;
        let ends: Vec<usize> = (0..=12).map(|room| whole_prefix(escaped, room)).collect();
        assert_eq!(ends, [0, 1, 1, 3, 3, 3, 3, 3, 3, 9, 9, 11, 11]);
        assert_eq!(whole_prefix("é".as_bytes(), 1), 0);
    }
}
