//! What is read when everything else is over.

use crate::listeners::told::{Reading, Told};

/// The reading after which nobody has told of anything: whoever was still busy then tells of it later.
#[derive(Debug, Default)]
pub(super) struct LastReading(Option<Reading>);

impl LastReading {
    pub(super) fn see(&mut self, told: Told) {
        self.0 = match told {
            Told::Has(reading) => Some(reading),
            _ => None,
        };
    }

    pub(super) const fn reading(&self) -> Option<&Reading> {
        self.0.as_ref()
    }
}
