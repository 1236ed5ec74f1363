//! What is wrong with log files, in a few lines however much it is.

use super::super::super::args::LogsArgs;
use super::super::super::table::{Count, counted, red, yellow};
use super::page::shown;
use retrip_core::logger::{Announcement, Gap, LogItem, Skipped, Told, TornTail};
use std::collections::BTreeMap;
use std::fmt;

/// So many places of each kind are named, and so many causes; the others are counted.
const NAMED: usize = 10;

/// What is wrong, and what the logger itself says was lost, which is no damage.
#[derive(Debug, Default)]
pub(super) struct Damage {
    skipped: Places,
    torn: Places,
    missing: Places,
    /// Whether numbers may be missing.
    is_sparse: bool,
    lost: u64,
    causes: BTreeMap<String, u64>,
}

/// Places of one kind.
#[derive(Debug, Default)]
struct Places {
    count: u64,
    /// Of bytes or numbers, over all places.
    size: u64,
    named: Vec<String>,
}

impl Places {
    fn add(&mut self, size: u64, name: impl FnOnce() -> String) {
        self.count += 1;
        self.size = self.size.saturating_add(size);
        if self.named.len() < NAMED {
            self.named.push(name());
        }
    }

    fn list(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.named.iter().try_for_each(|name| writeln!(f, "  {name}"))?;
        match self.count - self.named.len() as u64 {
            0 => Ok(()),
            more => writeln!(f, "  and {} more", Count(more)),
        }
    }
}

impl Damage {
    pub(super) fn new(args: &LogsArgs) -> Self {
        Self { is_sparse: args.sparse, ..Self::default() }
    }

    /// Looks at the next item of the file called `name`.
    pub(super) fn sees(&mut self, name: &str, item: &LogItem) {
        match item {
            LogItem::Skipped(Skipped { line, offset, length, reason }) => {
                let bytes = *length as u64;
                self.skipped.add(bytes, || {
                    let bytes = counted(bytes, "byte");
                    format!("{name}, line {line}, byte {offset}: {bytes}: {reason}")
                });
            }
            LogItem::TornTail(TornTail { line, offset, length }) => {
                let bytes = *length as u64;
                self.torn.add(bytes, || {
                    format!("{name}, line {line}, byte {offset}: {}", counted(bytes, "byte"))
                });
            }
            LogItem::Gap(Gap { seqs, told: Told::Nowhere }) if !self.is_sparse => {
                let (first, last) = (*seqs.start(), *seqs.end());
                self.missing.add((last - first).saturating_add(1), || {
                    let numbers = if first == last {
                        format!("{first}")
                    } else {
                        format!("{first} to {last}")
                    };
                    format!("{name}: {numbers}")
                });
            }
            LogItem::Announcement(announcement) => self.hears(announcement),
            _ => {}
        }
    }

    fn hears(&mut self, announcement: &Announcement) {
        self.lost = self.lost.saturating_add(announcement.count);
        for (cause, count) in &announcement.by_cause {
            let is_full = self.causes.len() >= NAMED && !self.causes.contains_key(cause);
            let cause = if is_full { "other causes" } else { cause };
            let sum = self.causes.entry(cause.to_owned()).or_default();
            *sum = sum.saturating_add(*count);
        }
    }

    /// Whether the files are as the logger writes them, and every number is there or announced as lost.
    pub(super) fn is_none(&self) -> bool {
        [&self.skipped, &self.torn, &self.missing].iter().all(|places| places.count == 0)
    }
}

impl fmt::Display for Damage {
    /// Nothing where nothing is wrong.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { skipped, torn, missing, lost, causes, .. } = self;
        if skipped.count > 0 {
            let (bytes, places) = (counted(skipped.size, "byte"), counted(skipped.count, "place"));
            writeln!(f, "{}", red(&format!("skipped: {bytes} in {places}")))?;
            skipped.list(f)?;
        }
        if torn.count > 0 {
            let files = counted(torn.count, "file");
            writeln!(f, "{}", red(&format!("torn: the last line of {files}")))?;
            torn.list(f)?;
        }
        if missing.count > 0 {
            let numbers = counted(missing.size, "number");
            writeln!(
                f,
                "{}",
                red(&format!("missing: {numbers}, and no line says that they are lost"))
            )?;
            missing.list(f)?;
        }
        if *lost > 0 {
            let causes =
                causes.iter().map(|(cause, count)| format!("{} {}", Count(*count), shown(cause)));
            let causes = causes.collect::<Vec<_>>().join(", ");
            let events = counted(*lost, "event");
            writeln!(f, "{}", yellow(&format!("announced: {events} lost: {causes}")))?;
        }
        Ok(())
    }
}
