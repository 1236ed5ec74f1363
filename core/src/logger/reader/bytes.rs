//! Finds bytes of a kind eight at a time, as Mycroft's test for a zero byte in a word does ("Bit Twiddling Hacks", S. E. Anderson).

use super::work::looks_at;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x80 * ONES;
const WIDTH: usize = size_of::<u64>();

/// Where the first newline is.
pub(super) fn newline(bytes: &[u8]) -> Option<usize> {
    first(bytes, |word| equal(word, b'\n'), |byte| byte == b'\n')
}

/// How many bytes `text` begins with that stand for themselves in a string of JSON. What is no ASCII is judged by whoever knows where it
/// ends.
pub(super) fn plain(text: &[u8]) -> usize {
    let ends = |byte| matches!(byte, b'"' | b'\\' | 0..=0x1F);
    first(text, |word| equal(word, b'"') | equal(word, b'\\') | below_space(word), ends)
        .unwrap_or(text.len())
}

/// Where the first byte is of those that `of_word` marks by their high bits. Above the first one it may mark others by mistake.
fn first(
    bytes: &[u8],
    of_word: impl Fn(u64) -> u64,
    of_byte: impl Fn(u8) -> bool,
) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<WIDTH>();
    for (index, word) in words.iter().enumerate() {
        let marks = of_word(u64::from_le_bytes(*word));
        if marks != 0 {
            let at = index * WIDTH + marks.trailing_zeros() as usize / 8;
            looks_at(at);
            return Some(at);
        }
    }
    looks_at(bytes.len());
    let at = rest.iter().position(|&byte| of_byte(byte))?;
    Some(words.len() * WIDTH + at)
}

fn equal(word: u64, byte: u8) -> u64 {
    let differs = word ^ (ONES * u64::from(byte));
    differs.wrapping_sub(ONES) & !differs & HIGHS
}

fn below_space(word: u64) -> u64 {
    word.wrapping_sub(ONES * 0x20) & !word & HIGHS
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn eight_at_a_time_finds_what_one_at_a_time_does(
            bytes in prop::collection::vec(
                prop_oneof![any::<u8>(), prop::sample::select(&b"\n\x0B\"#\\]\x1F\x20\x00\xFF\xA2\x8A"[..])],
                0..40,
            ),
        ) {
            let naive = bytes.iter().position(|&byte| byte == b'\n');
            prop_assert_eq!(newline(&bytes), naive);
            let naive = bytes.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20);
            prop_assert_eq!(plain(&bytes), naive.unwrap_or(bytes.len()));
        }
    }
}
