//! Which texts may be names in a plan, so that a statement can be read in one way only.

use super::{PlanError, Role};

/// Checks a name that people choose: `[a-z0-9_-]+`.
pub(super) fn check(role: Role, name: &str) -> Result<(), PlanError> {
    if is_name(name) { Ok(()) } else { Err(PlanError::Name { role, name: name.to_owned() }) }
}

/// Checks a name that code under test may choose (threads, streams): visible characters without `;`, not starting
/// with `#`, which would be a comment, or `=`, which would make a parameter of what stands before it.
pub(super) fn check_word(role: Role, word: &str) -> Result<(), PlanError> {
    if is_word(word) { Ok(()) } else { Err(PlanError::Word { role, word: word.to_owned() }) }
}

fn is_word(word: &str) -> bool {
    let Some(first) = word.bytes().next() else { return false };
    // As for a phrase: nearly every word is visible ASCII.
    let plain =
        word.bytes().fold(true, |plain, byte| plain & byte.is_ascii_graphic() & (byte != b';'));
    !matches!(first, b'#' | b'=') && (plain || word.chars().all(fits_into_a_word))
}

/// `word` as a name that a plan can hold: what may not be in one becomes `-`.
pub(crate) fn as_word(word: &str) -> Option<String> {
    if is_word(word) {
        return None;
    }
    let word: String = word.chars().map(|c| if fits_into_a_word(c) { c } else { '-' }).collect();
    match word.strip_prefix(['#', '=']) {
        Some(rest) => Some(format!("-{rest}")),
        None if word.is_empty() => Some("-".to_owned()),
        None => Some(word),
    }
}

fn fits_into_a_word(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && c != ';'
}

/// Whether free text fits into one statement: something, without spaces around it, without `;` and control characters.
pub(super) fn is_phrase(text: &str) -> bool {
    // Nearly every text is printable ASCII, of which a byte tells what the character is, and a loop without a way out is
    // one that the processor does many bytes at a time.
    let plain = text
        .bytes()
        .fold(true, |plain, byte| plain & (b' '..=b'~').contains(&byte) & (byte != b';'));
    if plain {
        return !text.is_empty() && !text.starts_with(' ') && !text.ends_with(' ');
    }
    !text.chars().any(|c| c.is_control() || c == ';') && text == text.trim()
}

pub(super) fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
    !name.is_empty() && name.bytes().all(allowed)
}
