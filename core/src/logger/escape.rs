//! Characters that may not stand raw in a line, and cuts that spare whole characters.

/// Appends `text` with everything escaped that is no plain character of a line, without quotes.
///
/// Beside JSON's own, U+007F to U+009F, U+2028 and U+2029 are escaped: terminals obey the first, and some readers end a
/// line at the others.
pub(super) fn escaped(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let mut written = 0;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if !SUSPECT[usize::from(byte)] {
            at += 1;
            continue;
        }
        let (width, code) = match byte {
            0xC2 if bytes[at + 1] < 0xA0 => (2, u16::from(bytes[at + 1])),
            0xE2 if bytes[at + 1] == 0x80 && matches!(bytes[at + 2], 0xA8 | 0xA9) => {
                (3, 0x2028 + u16::from(bytes[at + 2] - 0xA8))
            }
            0xC2 | 0xE2 => {
                at += 1;
                continue;
            }
            _ => (1, u16::from(byte)),
        };
        out.extend_from_slice(&bytes[written..at]);
        escape(out, code);
        at += width;
        written = at;
    }
    out.extend_from_slice(&bytes[written..]);
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
    }

    #[test]
    fn a_prefix_never_ends_within_an_escape_or_a_character() {
        let escaped = br#"a\n\u0001\\"#;
        let ends: Vec<usize> = (0..=12).map(|room| whole_prefix(escaped, room)).collect();
        assert_eq!(ends, [0, 1, 1, 3, 3, 3, 3, 3, 3, 9, 9, 11, 11]);
        assert_eq!(whole_prefix("é".as_bytes(), 1), 0);
    }
}
