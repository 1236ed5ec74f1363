//! `logs`: what log files hold, for people, and what is wrong with them.

mod damage;
mod page;
mod source;

use super::super::Invocation;
use super::super::args::LogsArgs;
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::pipe::Pipe;
use damage::Damage;
use page::Page;
use retrip_core::logger::LogScanner;
use source::Source;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long a file that is followed is left alone when nothing comes.
const PATIENCE: Duration = Duration::from_millis(100);

/// Prints the records that pass the filter, and on the standard error what is wrong with the files, whatever the filter.
pub(in crate::cli) fn logs<W: Write>(
    invocation: &Invocation<'_>,
    args: &LogsArgs,
    out: &mut Pipe<W>,
) -> Result<Exit, CliError> {
    // Before anything is printed, so that a name which is wrong leaves nothing half done.
    let sources = source::open(&args.files, args.follow)?;
    let last = sources.len() - 1;
    let mut reading = Reading {
        scanner: LogScanner::new(),
        page: Page::new(args),
        damage: Damage::default(),
        out,
        stop: &invocation.stop,
    };
    let mut before: Option<Source> = None;
    for (index, mut source) in sources.into_iter().enumerate() {
        if !before.is_some_and(|before| source.continues(&before)) {
            reading.scanner = LogScanner::new();
        }
        reading.reads(&mut source)?;
        if args.follow && index == last {
            reading.follows(&mut source)?;
        }
        reading.ends(&source)?;
        before = Some(source);
    }
    let Reading { damage, .. } = reading;
    // Beside the records, not among them.
    let mut aside = Pipe::of(anstream::stderr());
    write!(aside, "{damage}")?;
    let interrupted =
        if invocation.stop.load(Ordering::Relaxed) { Exit::Interrupted } else { Exit::Passed };
    let found = if damage.is_none() { Exit::Passed } else { Exit::Broken };
    Ok(interrupted.max(found))
}

/// What all files go through.
struct Reading<'a, W> {
    scanner: LogScanner,
    page: Page,
    damage: Damage,
    out: &'a mut Pipe<W>,
    stop: &'a AtomicBool,
}

impl<W: Write> Reading<'_, W> {
    /// Everything that is in `source` now.
    fn reads(&mut self, source: &mut Source) -> Result<(), CliError> {
        while !self.stop.load(Ordering::Relaxed) {
            let bytes = source.next()?;
            if bytes.is_empty() {
                break;
            }
            self.scanner.push(bytes);
            self.takes(source)?;
        }
        Ok(())
    }

    /// What comes from now on, until somebody interrupts it or nobody reads it any more.
    fn follows(&mut self, source: &mut Source) -> Result<(), CliError> {
        loop {
            self.out.flush()?;
            if self.stop.load(Ordering::Relaxed) || self.out.is_closed() {
                return Ok(());
            }
            if let Some(next) = source.successor()? {
                // What was written between the last look and the change.
                self.reads(source)?;
                self.ends(source)?;
                *source = next;
            } else {
                std::thread::park_timeout(PATIENCE);
            }
            self.reads(source)?;
        }
    }

    /// There is no more of `source`. Where it was not read to its end, what is missing is not torn.
    fn ends(&mut self, source: &Source) -> Result<(), CliError> {
        if self.stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.scanner.end();
        self.takes(source)
    }

    fn takes(&mut self, source: &Source) -> Result<(), CliError> {
        while let Some(item) = self.scanner.take() {
            self.damage.sees(source.name(), &item);
            if let Some(record) = item.record() {
                self.page.takes(record);
            }
        }
        Ok(self.page.turns(self.out)?)
    }
}
