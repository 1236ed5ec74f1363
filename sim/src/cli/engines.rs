//! Which engines this build has, in one line.

use crate::engine::EngineName;
use std::fmt;

/// The engines of this build, and those that are off: `threads (off: nodes)`.
pub(super) struct Engines;

impl Engines {
    /// Those that this build has.
    pub(super) fn on() -> impl Iterator<Item = EngineName> {
        EngineName::ALL.into_iter().filter(|engine| engine.available().is_ok())
    }

    /// Those that it does not have.
    pub(super) fn off() -> impl Iterator<Item = EngineName> {
        EngineName::ALL.into_iter().filter(|engine| engine.available().is_err())
    }
}

impl fmt::Display for Engines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |engines: &mut dyn Iterator<Item = EngineName>| {
            engines.map(EngineName::as_str).collect::<Vec<_>>().join(", ")
        };
        f.write_str(&listed(&mut Self::on()))?;
        match Self::off().next() {
            None => Ok(()),
            Some(_) => write!(f, " (off: {})", listed(&mut Self::off())),
        }
    }
}
