//! The log as a person reads it: one event per line, in columns that never move.

use super::Event;
use super::words::{TimeOfDay, one_line};
use crate::span::Seconds;
use std::borrow::Cow;
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
    widths: Widths,
}

/// How many characters each column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Widths {
    mono: usize,
    wall: usize,
    thread: usize,
    who: usize,
    what: usize,
}

impl Widths {
    /// Those of a log that is kept.
    const OF_A_LOG: Self = Self { mono: 8, wall: 8, thread: 10, who: 5, what: 11 };
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
    pub const ONE_THREAD: Self = Self { threads: Threads::Hidden, widths: Widths::OF_A_LOG };

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
        Self { threads, ..Self::ONE_THREAD }
    }

    /// The same columns, each at least as wide as what these events have in it: for a few events that are read together
    /// and that no later ones are compared with.
    #[must_use]
    pub fn fitting(self, events: &[Event]) -> Self {
        let mut widths = self.widths;
        let longer = |width: &mut usize, text: &str| *width = (*width).max(text.chars().count());
        for event in events {
            longer(&mut widths.mono, &Seconds(event.mono).to_string());
            longer(&mut widths.wall, &TimeOfDay(event.wall).to_string());
            longer(&mut widths.thread, self.thread(event).as_deref().unwrap_or_default());
            longer(&mut widths.who, &one_line(&event.who));
            if !event.detail().is_empty() {
                longer(&mut widths.what, &event.what.verb());
            }
        }
        Self { widths, ..self }
    }

    /// How the thread of `event` is shown, where it is.
    fn thread(self, event: &Event) -> Option<Cow<'_, str>> {
        let Event { node, thread, .. } = event;
        match self.threads {
            Threads::Hidden => None,
            Threads::Named => Some(one_line(thread)),
            Threads::NamedByNode => Some(one_line(&format!("{node}/{thread}")).into_owned().into()),
        }
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
        columns(f, self.0.widths, [&"t", &"wall"], thread, ["who", "what", "detail"])
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
        let Event { mono, wall, who, what, .. } = self.event;
        let (thread, widths) = (self.layout.thread(self.event), self.layout.widths);
        let times: [&dyn fmt::Display; 2] = [&Seconds(*mono), &TimeOfDay(*wall)];
        let (who, detail) = (one_line(who), self.event.detail());
        columns(f, widths, times, thread.as_deref(), [&who, &what.verb(), &detail])
    }
}

/// Writes one line; the columns after the last one with text are left out rather than filled with spaces.
fn columns(
    f: &mut fmt::Formatter<'_>,
    widths: Widths,
    [mono, wall]: [&dyn fmt::Display; 2],
    thread: Option<&str>,
    [who, what, detail]: [&str; 3],
) -> fmt::Result {
    write!(f, "{mono:>0$}  {wall:<1$}  ", widths.mono, widths.wall)?;
    if let Some(thread) = thread {
        write!(f, "{thread:<0$}  ", widths.thread)?;
    }
    if detail.is_empty() {
        write!(f, "{who:<0$}  {what}", widths.who)
    } else {
        write!(f, "{who:<0$}  {what:<1$}  {detail}", widths.who, widths.what)
    }
}
