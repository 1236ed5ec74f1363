//! The log as a person reads it: one event per line, in columns that never move.

use super::Event;
use super::words::TimeOfDay;
use crate::one_line::one_line;
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

    /// The same in columns that are also as wide as those of `other`, so that what is equal in both is equal line by line.
    #[must_use]
    pub fn beside(self, other: &Self) -> Self {
        Self { layout: self.layout.wider(other.layout), ..self }
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
/// Each has one of two constant widths, so that one more event of the same sort changes no other line: a narrow one where
/// everything in it fits, such as whole milliseconds on the monotonic clock, whole seconds on the wall clock and short
/// names, and else a wide one, which fits any nanosecond of the first hours. What is longer even than that pushes what
/// follows on its own line only.
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
    const NONE: Self = Self { mono: 0, wall: 0, thread: 0, who: 0, what: 0 };
    const NARROW: Self = Self { mono: 8, wall: 8, thread: 10, who: 5, what: 11 };
    const WIDE: Self = Self { mono: 15, wall: 18, thread: 16, who: 8, what: 14 };

    /// The characters that one event has in each column. What stands last on its line fits anywhere.
    fn of(event: &Event, thread: Option<&str>) -> Self {
        let characters = |text: &str| text.chars().count();
        Self {
            mono: characters(&Seconds(event.mono).to_string()),
            wall: characters(&TimeOfDay(event.wall).to_string()),
            thread: thread.map_or(0, characters),
            who: characters(&one_line(&event.who)),
            what: if event.detail().is_empty() { 0 } else { characters(&event.what.verb()) },
        }
    }

    /// In each column the wider of both.
    fn max(self, other: Self) -> Self {
        Self {
            mono: self.mono.max(other.mono),
            wall: self.wall.max(other.wall),
            thread: self.thread.max(other.thread),
            who: self.who.max(other.who),
            what: self.what.max(other.what),
        }
    }
}

/// The width of a column of names which have `longest` characters at most.
pub(super) const fn width_of_who(longest: usize) -> usize {
    if longest <= Widths::NARROW.who { Widths::NARROW.who } else { Widths::WIDE.who }
}

/// How the thread of an event is shown, the more telling the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Threads {
    /// Not at all: there is only one.
    Hidden,
    /// By name.
    Named,
    /// By node and name: there is more than one node.
    NamedByNode,
}

impl Layout {
    /// All columns narrow, and none for threads.
    pub const ONE_THREAD: Self = Self { threads: Threads::Hidden, widths: Widths::NARROW };

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
        Self { threads, ..Self::ONE_THREAD }.narrow_or_wide(events)
    }

    /// The layout for these events without a column for threads, however many there are.
    pub(super) fn without_threads<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        Self::ONE_THREAD.narrow_or_wide(events)
    }

    fn narrow_or_wide<'a>(self, events: impl IntoIterator<Item = &'a Event>) -> Self {
        let Widths { mono, wall, thread, who, what } = self.longest(events);
        let width = |longest: usize, of: fn(&Widths) -> usize| {
            let narrow = of(&Widths::NARROW);
            if longest <= narrow { narrow } else { of(&Widths::WIDE) }
        };
        let widths = Widths {
            mono: width(mono, |widths| widths.mono),
            wall: width(wall, |widths| widths.wall),
            thread: width(thread, |widths| widths.thread),
            who: width(who, |widths| widths.who),
            what: width(what, |widths| widths.what),
        };
        Self { widths, ..self }
    }

    /// In each column the most characters that one of these events has there.
    fn longest<'a>(self, events: impl IntoIterator<Item = &'a Event>) -> Widths {
        let widths =
            events.into_iter().map(|event| Widths::of(event, self.thread(event).as_deref()));
        widths.fold(Widths::NONE, Widths::max)
    }

    /// The same columns, each narrow or as wide as what these events have in it: for a few events that are read together
    /// and that no later ones are compared with.
    #[must_use]
    pub fn fitting(self, events: &[Event]) -> Self {
        Self { widths: Widths::NARROW.max(self.longest(events)), ..self }
    }

    /// The columns of either, each as wide as the wider one.
    pub(super) fn wider(self, other: Self) -> Self {
        let threads = self.threads.max(other.threads);
        Self { threads, widths: self.widths.max(other.widths) }
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

#[cfg(test)]
mod tests {
    use super::super::tests::event;
    use super::super::{CallEvent, EventLog, What};
    use super::Event;

    fn log(events: &[Event]) -> EventLog {
        let mut log = EventLog::new();
        events.iter().for_each(|event| log.push(event.clone()));
        log
    }

    #[test]
    fn a_name_breaks_no_line_and_counts_as_many_characters_as_are_shown() {
        let ok = |who: &str| event(0, 0, who, What::Call(CallEvent::Ok));
        // Five characters in ten bytes are as wide as five others.
        let letters = log(&[ok("\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}")]);
        let line = "  0.000s  12:00:00  \u{e9}\u{e9}\u{e9}\u{e9}\u{e9}  call ok\n";
        assert!(letters.text().to_string().ends_with(line), "{}", letters.text());
        let total = "   count  who    what\n       1  \u{e9}\u{e9}\u{e9}\u{e9}\u{e9}  call ok\n";
        assert!(letters.decisions().to_string().ends_with(total), "{}", letters.decisions());
        // Three characters that are shown as six are wider than that.
        let breaks = log(&[ok("\n\n\n")]).text().to_string();
        assert!(breaks.ends_with("  0.000s  12:00:00  \\n\\n\\n    call ok\n"), "{breaks}");

        let mut events = [ok("llm"), ok("llm")];
        events[1].thread = "a\nb".into();
        let text = log(&events).text().to_string();
        assert!(text.ends_with("  0.000s  12:00:00  a\\nb        llm    call ok\n"), "{text}");
        events[1].node = "n\n2".into();
        let text = log(&events).text().to_string();
        assert!(
            text.ends_with("  0.000s  12:00:00  n\\n2/a\\nb         llm    call ok\n"),
            "{text}"
        );
    }
}
