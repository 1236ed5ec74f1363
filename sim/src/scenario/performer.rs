//! Which part does an operation; and where none does, why.

use super::DraftError;
use crate::part::{Player, Reading};
use crate::span::{Offset, Span, SpanError};

/// The place among `parts` of the one that understands `operation`.
///
/// # Errors
/// [`DraftError::Time`] where a length of time in it is all that is wrong, else [`DraftError::Operation`].
pub(super) fn performer(parts: &[Player], operation: &str) -> Result<usize, DraftError> {
    let mut concerned: Option<usize> = None;
    for (index, part) in parts.iter().enumerate() {
        match part.reads(operation) {
            Reading::Understood => return Ok(index),
            Reading::Malformed => concerned = concerned.or(Some(index)),
            Reading::NotMine => {}
        }
    }
    let operation = operation.to_owned();
    if let Some(reason) = misfit(parts, &operation) {
        return Err(DraftError::Time { operation, reason });
    }
    let forms = match concerned {
        Some(index) => parts[index].forms(),
        None => parts.iter().flat_map(|part| part.forms()).collect(),
    };
    Err(DraftError::Operation { operation, forms })
}

/// Why a word of `operation` is a length of time that cannot be told, where somebody would understand the operation with
/// another one in its place. Parts say only that they understand nothing, so they are asked again.
fn misfit(parts: &[Player], operation: &str) -> Option<SpanError> {
    let words: Vec<&str> = operation.split(' ').collect();
    let understood_with = |place: usize, time: &'static str| {
        let mut words = words.clone();
        words[place] = time;
        let other = words.join(" ");
        parts.iter().any(|part| part.reads(&other) == Reading::Understood)
    };
    words.iter().enumerate().find_map(|(place, word)| {
        let offset = word.parse::<Offset>().err().filter(is_of_a_time)?;
        // Only where a clock is moved a time may be negative.
        if understood_with(place, "-1s") {
            return Some(offset);
        }
        word.parse::<Span>().err().filter(is_of_a_time).filter(|_| understood_with(place, "1s"))
    })
}

/// Whether it was said of a number with a unit.
fn is_of_a_time(error: &SpanError) -> bool {
    !matches!(error, SpanError::NotASpan { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::Guarded;
    use retrip_core::breaker::BreakerConfig;

    fn refused(operation: &str) -> DraftError {
        let mut parts: Vec<Player> = crate::part::everywhere().collect();
        let llm = Guarded::new("llm", BreakerConfig::default());
        parts.push(Player::Threads(std::sync::Arc::new(llm)));
        performer(&parts, operation).expect_err("nobody does it")
    }

    #[test]
    fn a_time_that_cannot_be_told_is_named_with_the_most_that_can() {
        for (operation, time, most) in [
            ("llm takes 18446744074s", "18446744074s", "18446744073.709551615s"),
            ("call llm after stalling 99999999999h", "99999999999h", "18446744073.709551615s"),
            ("wait 99999999999999999999999s", "99999999999999999999999s", "18446744073.709551615s"),
            ("stall 18446744074s", "18446744074s", "18446744073.709551615s"),
            ("wall clock jumps 9999999999s", "9999999999s", "9223372036.854775807s"),
            ("wall clock jumps -99999999999s", "-99999999999s", "9223372036.854775807s"),
            ("wait 0.0000000001s", "0.0000000001s", "a nanosecond"),
        ] {
            let error = refused(operation);
            assert!(matches!(error, DraftError::Time { .. }), "{error}");
            let text = error.to_string();
            assert!(text.starts_with(&format!("in `{operation}`, `{time}` is ")), "{text}");
            assert!(text.contains(most), "{text}");
        }
    }

    #[test]
    fn what_would_be_wrong_with_any_time_is_shown_the_forms_that_are_right() {
        for operation in
            ["call llm 18446744074s", "llm takes long", "dance 18446744074s", "wait -1s"]
        {
            let error = refused(operation);
            assert!(matches!(error, DraftError::Operation { .. }), "{error}");
        }
    }
}
