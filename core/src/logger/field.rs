//! The names that fields have in the schema, and the key of a field.

use super::words::words;

words! {
    /// A key that the schema knows. Any other key is allowed too; with these no two people spell it differently.
    #[non_exhaustive]
    LogField, "field of the schema" {
        /// When, by the wall clock.
        Timestamp = "timestamp",
        /// The version of the schema.
        SchemaVersion = "schema_version",
        /// The [`Level`](super::Level).
        Level = "level",
        /// The name of the logger.
        Logger = "logger",
        /// The sequence number.
        Seq = "seq",
        /// The [`EventType`](super::EventType).
        EventType = "event_type",
        /// What happened, in words.
        Message = "message",
        /// Which request was served.
        RequestId = "request_id",
        /// Which session it belongs to.
        SessionId = "session_id",
        /// For whom.
        UserId = "user_id",
        /// Which component speaks.
        Component = "component",
        /// Which function speaks.
        Function = "function",
        /// The type of an error.
        ErrorType = "error_type",
        /// The text of an error.
        ErrorMessage = "error_message",
        /// What the error came from, outermost first, one per line; up to 32 KiB.
        ErrorStack = "error_stack",
        /// The code of an error.
        ErrorCode = "error_code",
        /// How long it took in milliseconds, by the monotonic clock.
        DurationMs = "duration_ms",
        /// How long it kept a processor busy, in milliseconds.
        CpuTimeMs = "cpu_time_ms",
        /// How much memory it took, in mebibytes.
        MemoryMb = "memory_mb",
        /// What was measured.
        Operation = "operation",
        /// How it ended.
        Status = "status",
        /// Which tool.
        ToolName = "tool_name",
        /// The content identifier of an intent.
        IntentCid = "intent_cid",
        /// The content identifier of a decision.
        DecisionCid = "decision_cid",
        /// The content identifier of a receipt.
        ReceiptCid = "receipt_cid",
        /// Which policy.
        PolicyName = "policy_name",
        /// Whether it complied.
        ComplianceStatus = "compliance_status",
        /// Which trace the event belongs to.
        TraceId = "trace_id",
        /// Which span the event belongs to.
        SpanId = "span_id",
        /// What was cut or left out of this line.
        Truncated = "truncated",
    }
}

/// The key of a field: one of the schema's, or any text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'k> {
    text: &'k str,
    origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Schema,
    Caller,
}

/// What the secrecy of a key asks of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secrecy {
    /// Nothing.
    Open,
    /// Only the word `token` makes it look secret: an integer is a count of tokens and stands.
    Token,
    /// The value is never written.
    Secret,
}

impl<'k> Key<'k> {
    /// The text of the key, as it was given.
    #[must_use]
    pub const fn text(self) -> &'k str {
        self.text
    }

    /// Whether the line uses this key itself, so that a user's becomes `attr.<key>`.
    pub(super) fn is_taken(self) -> bool {
        matches!(
            self.text,
            "timestamp"
                | "schema_version"
                | "level"
                | "logger"
                | "seq"
                | "event_type"
                | "message"
                | "truncated"
        )
    }

    /// The planted way: the key as one that is no secret, whatever it looks like.
    pub(super) fn shown(self) -> Self {
        Self { origin: Origin::Schema, ..self }
    }

    #[inline]
    pub(super) fn secrecy(self) -> Secrecy {
        match self.origin {
            Origin::Schema => Secrecy::Open,
            Origin::Caller => secrecy(self.text),
        }
    }
}

impl<'k> From<&'k str> for Key<'k> {
    #[inline]
    fn from(text: &'k str) -> Self {
        Self { text, origin: Origin::Caller }
    }
}

impl<'k> From<&'k String> for Key<'k> {
    #[inline]
    fn from(text: &'k String) -> Self {
        Self { text, origin: Origin::Caller }
    }
}

impl From<LogField> for Key<'_> {
    #[inline]
    fn from(field: LogField) -> Self {
        Self { text: field.as_str(), origin: Origin::Schema }
    }
}

/// Words that make a key look secret, and last the one that may also count. Letter case does not matter, nor do
/// separators after the third letter.
const WORDS: [&str; 15] = [
    "password",
    "passwd",
    "passphrase",
    "privatekey",
    "pwd",
    "secret",
    "signingkey",
    "sessionkey",
    "apikey",
    "accesskey",
    "authorization",
    "credential",
    "cookie",
    "bearer",
    TOKEN,
];
const TOKEN: &str = "token";

/// For each of the first three places and each byte, one bit for every word that has this letter there. Almost every key
/// is told from all words by three look-ups a byte, which keeps the comparison off the hot path.
const LETTERS: [[u16; 256]; 3] = {
    let mut letters = [[0; 256]; 3];
    let mut word = 0;
    while word < WORDS.len() {
        let mut place = 0;
        while place < 3 {
            let letter = WORDS[word].as_bytes()[place];
            letters[place][letter as usize] |= 1 << word;
            letters[place][letter.to_ascii_uppercase() as usize] |= 1 << word;
            place += 1;
        }
        word += 1;
    }
    letters
};

fn secrecy(key: &str) -> Secrecy {
    let words_at = |three: &[u8]| {
        LETTERS[0][usize::from(three[0])]
            & LETTERS[1][usize::from(three[1])]
            & LETTERS[2][usize::from(three[2])]
    };
    let mut found = Secrecy::Open;
    for (at, three) in key.as_bytes().windows(3).enumerate() {
        let candidates = words_at(three);
        if candidates == 0 {
            continue;
        }
        for (bit, word) in WORDS.iter().enumerate() {
            if candidates & 1 << bit != 0 && begins(&key.as_bytes()[at..], word) {
                if *word != TOKEN {
                    return Secrecy::Secret;
                }
                found = Secrecy::Token;
            }
        }
    }
    found
}

/// Whether `key` begins with `word`, without regard to letter case and to separators within.
fn begins(key: &[u8], word: &str) -> bool {
    let mut letters = key
        .iter()
        .filter(|byte| !matches!(byte, b'_' | b'-' | b'.' | b' '))
        .map(u8::to_ascii_lowercase);
    word.bytes().all(|expected| letters.next() == Some(expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_name_secrets_are_told_from_those_that_do_not() {
        for key in [
            "password",
            "db.PASSWORD",
            "userPassword",
            "api_key",
            "API-Key",
            "x-api-key",
            "Authorization",
            "client_secret",
            "set-cookie",
            "private_key",
        ] {
            assert_eq!(Key::from(key).secrecy(), Secrecy::Secret, "{key}");
        }
        for key in ["token", "access_token", "AuthToken", "prompt_tokens"] {
            assert_eq!(Key::from(key).secrecy(), Secrecy::Token, "{key}");
        }
        for key in ["tool_name", "passed", "compass", "keyboard", "api", "author", "to", ""] {
            assert_eq!(Key::from(key).secrecy(), Secrecy::Open, "{key}");
        }
        for word in WORDS {
            assert_ne!(secrecy(&format!("x_{}", word.to_uppercase())), Secrecy::Open, "{word}");
        }
    }

    #[test]
    fn no_key_of_the_schema_looks_secret() {
        for field in LogField::ALL {
            assert_eq!(secrecy(field.as_str()), Secrecy::Open, "{field}");
        }
    }
}
