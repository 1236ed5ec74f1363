//! How much work the reader has with a log: how many bytes it looks at. It is counted in the tests of this file, and nowhere else.

#[cfg(test)]
thread_local! {
    static LOOKED_AT: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// The reader has looked at so many bytes, or moved them, whether or not it has before.
#[cfg(test)]
pub(super) fn looks_at(bytes: usize) {
    LOOKED_AT.with(|looked_at| looked_at.set(looked_at.get() + bytes as u64));
}

/// Nobody counts.
#[cfg(not(test))]
pub(super) const fn looks_at(_: usize) {}

#[cfg(test)]
mod tests {
    use super::super::{JsonLogReader, READ_CAP};
    use super::*;
    use proptest::prelude::*;

    /// What a damaged line may consist of: lines of the logger that are whole and torn, and what looks like one.
    const PIECES: [&str; 22] = [
        "{\"timestamp\":\"2026-01-01T12:00:00.000000000Z\",\"schema_version\":\"1.0.0\",\"level\":\"INFO\",\"logger\":\"llm\",\
         \"seq\":0000000000000007,\"event_type\":\"custom\",\"message\":\"said\"}",
        "{\"timestamp\":\"2026-01-01T12:00:00.000000000Z\",\"schema_version\":\"1.0.0\",\"level\":",
        "{\"timestamp\":",
        "{\"timestamp\":1}",
        "{\"timestamp\":\"",
        "{\"timestamp\":\"{}\",\"a\":",
        "{\"timestamp\":[",
        "{\"a\":",
        "\"a\":",
        "[",
        "]",
        "}",
        ",",
        "\"",
        "\\",
        "\\u00e9",
        "é",
        " ",
        "0",
        "\u{0}",
        "text",
        "null",
    ];

    /// At most how often each byte is looked at. A byte of a line is in so many of the objects that are tried as they may nest, which are 64,
    /// and each try looks at it twice; the rest is for what looks at all of a line once.
    const MOST: u64 = 2 * 64 + 8;

    /// How many bytes the reader looks at in a log of `length` bytes of which `text` is the beginning, again and again.
    fn looked_at(text: &str, length: usize) -> u64 {
        let log: Vec<u8> = text.bytes().cycle().take(length).collect();
        let before = LOOKED_AT.get();
        for item in JsonLogReader::new(&log[..]) {
            item.expect("what is in memory can be read");
        }
        LOOKED_AT.get() - before
    }

    fn is_looked_at_as_often_as_it_may_be(text: &str, length: usize) {
        let looked_at = looked_at(text, length);
        let fewest = length as u64;
        assert!((fewest..=MOST * fewest).contains(&looked_at), "{looked_at} of {length}: {text}");
    }

    #[test]
    fn a_damaged_line_is_looked_at_no_more_often_where_it_is_longer() {
        for length in [READ_CAP / 64, READ_CAP, 4 * READ_CAP] {
            for one in PIECES {
                is_looked_at_as_often_as_it_may_be(one, length);
                // Each beginning is tried, and behind it stands something else.
                is_looked_at_as_often_as_it_may_be(&format!("{{\"timestamp\":{one}"), length);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn whatever_is_in_a_damaged_line_is_looked_at_no_more_often_where_it_is_longer(
            text in prop::collection::vec(prop::sample::select(&PIECES[..]), 1..8),
        ) {
            is_looked_at_as_often_as_it_may_be(&text.concat(), READ_CAP / 4);
        }
    }
}
