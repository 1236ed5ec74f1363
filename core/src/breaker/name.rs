//! What a breaker is called, in a form that costs nothing to hand out.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// The name of a breaker: a text that is cheap to clone, as each rejection has it.
///
/// Up to [`Name::SHORT`] bytes are copied. A longer name is shared, and threads that are rejected at the same time then count
/// at one place how many have it.
///
/// ```
/// use retrip_core::breaker::Name;
///
/// let name = Name::from("payments");
/// assert_eq!(name, "payments");
/// assert_eq!(name.len(), 8);
/// assert_eq!(Name::from("a name that is too long to be copied").to_string().len(), 36);
/// ```
#[derive(Clone)]
pub struct Name(Kept);

#[derive(Clone)]
enum Kept {
    Copied(Short),
    Shared(Arc<str>),
}

/// A short text, aligned so that it is copied as three words. None of its bytes is told apart from the others, as one that says
/// which kind of name it is would be: to copy that one alone takes as long as a rejection.
#[derive(Clone, Copy)]
#[repr(align(8))]
struct Short {
    bytes: [u8; Name::SHORT],
    len: u8,
}

impl Name {
    /// The most bytes of a name that is copied.
    pub const SHORT: usize = 23;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kept::Copied(Short { bytes, len }) => {
                let text = &bytes[..usize::from(*len)];
                std::str::from_utf8(text).expect("what was copied is the whole of a text")
            }
            Kept::Shared(text) => text,
        }
    }

    /// The name, if it is short enough to be copied.
    fn copied(text: &str) -> Option<Self> {
        let mut bytes = [0; Self::SHORT];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        let len = u8::try_from(text.len()).ok()?;
        Some(Self(Kept::Copied(Short { bytes, len })))
    }
}

impl From<Arc<str>> for Name {
    fn from(text: Arc<str>) -> Self {
        Self::copied(&text).unwrap_or(Self(Kept::Shared(text)))
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::copied(text).unwrap_or_else(|| Self(Kept::Shared(text.into())))
    }
}

/// Names of texts of other kinds.
macro_rules! from_text {
    ($($text:ty),*) => {$(
        impl From<$text> for Name {
            fn from(text: $text) -> Self {
                let text: &str = &text;
                Self::from(text)
            }
        }
    )*};
}

from_text!(String, &String, Box<str>, Cow<'_, str>);

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

// As the text of which it is one: a map of names is asked by texts.
impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        self
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        self
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Name {}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other)
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::DefaultHasher;

    #[test]
    fn a_name_is_its_text_on_both_sides_of_what_is_short() {
        // The last one has its middle letter across the limit.
        for text in
            ["", "a", "ab", &"x".repeat(22), &"x".repeat(23), &"ä".repeat(11), "😀äääääääääää"]
        {
            for name in [Name::from(text), text.to_owned().into(), Arc::<str>::from(text).into()] {
                assert_eq!((name.as_str(), name.to_string().as_str()), (text, text));
                assert_eq!(format!("{name:?} {name:>30}"), format!("{text:?} {text:>30}"));
                assert_eq!(matches!(name.0, Kept::Copied(_)), text.len() <= Name::SHORT);
                assert_eq!((name.clone(), hash(&name)), (name, hash(text)));
            }
        }
    }

    #[test]
    fn names_are_ordered_as_texts_are() {
        let mut texts: Vec<String> = ["b", "a", "", "ä"].map(str::to_owned).into();
        texts.extend([23, 24].map(|length| "a".repeat(length)));
        let mut names: Vec<Name> = texts.iter().map(Name::from).collect();
        texts.sort();
        names.sort();
        assert!(names.iter().zip(&texts).all(|(name, text)| name == text.as_str()));
    }

    #[test]
    fn a_name_is_no_other_text() {
        for (text, other) in [("llm", "LLM"), ("llm", ""), (&*"x".repeat(23), &*"x".repeat(24))] {
            let name = Name::from(text);
            assert!(name == text && name == *text && name != other && name != *other);
            assert_ne!(name, Name::from(other));
        }
    }

    fn hash(text: impl Hash) -> u64 {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        hasher.finish()
    }
}
