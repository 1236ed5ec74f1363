//! *Sometimes*: what must happen in at least one run of a sweep, or the sweep proves less than it says.

use crate::log::Event;

/// Something that must be seen over a sweep.
pub struct Sometimes {
    name: &'static str,
    happens: Box<dyn FnMut(&Event) -> bool + Send>,
    seen: bool,
}

/// Whether one run showed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// What was looked for.
    pub name: &'static str,
    /// Whether this run had it.
    pub seen: bool,
}

impl Sometimes {
    /// Named after what must be seen: `the_reply_wins`.
    pub fn new(name: &'static str, happens: impl FnMut(&Event) -> bool + Send + 'static) -> Self {
        Self { name, happens: Box::new(happens), seen: false }
    }

    pub(crate) fn observe(&mut self, event: &Event) {
        self.seen = self.seen || (self.happens)(event);
    }

    pub(crate) fn sighting(&self) -> Sighting {
        Sighting { name: self.name, seen: self.seen }
    }
}
