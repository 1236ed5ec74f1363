//! The log as a person reads it: one event per line, in columns that never move.

use super::Event;
use super::words::{TimeOfDay, one_line};
use crate::span::Seconds;
use std::fmt;

/// Events in columns under a header, each line ended.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    events: &'a [Event],
    layout: Layout,
}

impl<'a> Text<'a> {
    /// The text of these events, in the layout that fits them.
    #[must_use]
    pub fn of(events: &'a [Event]) -> Self {
        Self { events, layout: Layout::of(events) }
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.layout.header())?;
        self.events.iter().try_for_each(|event| writeln!(f, "{}", self.layout.line(event)))
    }
}

/// Which columns a log has.
///
/// Their widths are constant, so that one more event changes no other line: where something is longer than its column,
/// it pushes what follows on its own line only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    threads: Threads,
}

/// How the thread of an event is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Threads {
    /// Not at all: there is only one.
    Hidden,
    /// By name.
    Named,
    /// By node and name: there is more than one node.
    NamedByNode,
}

impl Layout {
    /// The layout without a column for threads.
    pub const ONE_THREAD: Self = Self { threads: Threads::Hidden };

    /// The layout for these events: with a column for threads where there is more than one, which shows nodes where
    /// there is more than one.
    #[must_use]
    pub fn of(events: &[Event]) -> Self {
        let Some(first) = events.first() else { return Self::ONE_THREAD };
        let threads = if events.iter().any(|event| event.node != first.node) {
            Threads::NamedByNode
        } else if events.iter().any(|event| event.thread != first.thread) {
            Threads::Named
        } else {
            Threads::Hidden
        };
        Self { threads }
    }

    /// The names of the columns, on one line.
    #[must_use]
    pub const fn header(self) -> Header {
        Header(self)
    }

    /// One event, on one line.
    #[must_use]
    pub const fn line(self, event: &Event) -> Line<'_> {
        Line { layout: self, event }
    }
}

/// The names of the columns of a log.
#[derive(Clone, Copy, Debug)]
pub struct Header(Layout);

impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thread = (self.0.threads != Threads::Hidden).then_some("thread");
        columns(f, [&"t", &"wall"], thread, "who", "what", "detail")
    }
}

/// One event as a line of a log.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    layout: Layout,
    event: &'a Event,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Event { mono, wall, node, thread, who, what, .. } = self.event;
        let thread = match self.layout.threads {
            Threads::Hidden => None,
            Threads::Named => Some(one_line(thread)),
            Threads::NamedByNode => Some(one_line(&format!("{node}/{thread}")).into_owned().into()),
        };
        let times: [&dyn fmt::Display; 2] = [&Seconds(*mono), &TimeOfDay(*wall)];
        columns(f, times, thread.as_deref(), &one_line(who), &what.verb(), &self.event.detail())
    }
}

/// Writes one line; the columns after the last one with text are left out rather than filled with spaces.
fn columns(
    f: &mut fmt::Formatter<'_>,
    [mono, wall]: [&dyn fmt::Display; 2],
    thread: Option<&str>,
    who: &str,
    what: &str,
    detail: &str,
) -> fmt::Result {
    write!(f, "{mono:>8}  {wall:<8}  ")?;
    if let Some(thread) = thread {
        write!(f, "{thread:<10}  ")?;
    }
    if detail.is_empty() {
        write!(f, "{who:<5}  {what}")
    } else {
        write!(f, "{who:<5}  {what:<11}  {detail}")
    }
}
