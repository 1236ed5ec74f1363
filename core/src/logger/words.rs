//! Enums whose values are fixed words of the schema: both directions from one table.

/// A word that is not in the table it was looked up in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is no {of}; it is one of {}", known.join(", "))]
pub struct UnknownWord {
    /// What was looked for: `event type`.
    pub of: &'static str,
    /// What was given instead.
    pub found: String,
    /// The words of the table, in its order.
    pub known: &'static [&'static str],
}

/// Declares an enum, its words, `ALL`, `as_str`, `Display` and `FromStr`.
macro_rules! words {
    (
        $(#[$about:meta])*
        $name:ident, $of:literal {
            $($(#[$doc:meta])* $variant:ident = $text:literal,)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* #[doc = concat!("Written `", $text, "`.")] $variant,)+
        }

        impl $name {
            /// All of them, in the order of the schema.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word in the line.
            #[must_use]
            #[inline]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::logger::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::logger::UnknownWord {
                        of: $of,
                        found: text.to_owned(),
                        known: &[$($text,)+],
                    }),
                }
            }
        }
    };
}

pub(super) use words;

#[cfg(test)]
mod tests {
    use crate::logger::{EventType, Level, LogField};

    #[test]
    fn every_word_parses_back_to_its_value() {
        for &value in EventType::ALL {
            assert_eq!(value.as_str().parse(), Ok(value));
        }
        for &value in LogField::ALL {
            assert_eq!(value.as_str().parse(), Ok(value));
        }
        for &value in Level::ALL {
            assert_eq!(value.as_str().parse(), Ok(value));
        }
    }

    #[test]
    fn an_unknown_word_is_named_beside_the_known_ones() {
        let error = "WARN".parse::<Level>().expect_err("the level is called WARNING");
        assert_eq!(
            error.to_string(),
            r#""WARN" is no level; it is one of DEBUG, INFO, WARNING, ERROR, CRITICAL"#
        );
    }
}
