//! `logs`: what log files hold, for people, and what is wrong with them.

mod archives;
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
        damage: Damage::new(args),
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

/// Whether another file is read from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moved {
    Yes,
    No,
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
            if self.moves_on(source)? == Moved::No {
                std::thread::park_timeout(PATIENCE);
            }
            self.reads(source)?;
        }
    }

    /// Goes to the file that has taken the place of `source`, if one has.
    fn moves_on(&mut self, source: &mut Source) -> Result<Moved, CliError> {
        let Some(next) = source.successor()? else { return Ok(Moved::No) };
        // What was written between the last look and the change.
        self.reads(source)?;
        self.ends(source)?;
        *source = next;
        Ok(Moved::Yes)
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, File};

    #[test]
    fn what_is_written_right_before_a_file_is_replaced_is_read() {
        let folder = std::env::temp_dir().join(format!("retrip-logs-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("it is writable");
        let (path, aside) = (folder.join("app.jsonl"), folder.join("aside"));
        fs::write(&path, "{\"seq\":1}\n").expect("it is writable");
        let args = LogsArgs { files: vec![path.clone()], json: true, ..LogsArgs::default() };
        let (mut printed, stop) = (Vec::new(), AtomicBool::new(false));
        let mut source = source::open(&args.files, true).expect("it is there").remove(0);
        let mut reading = Reading {
            scanner: LogScanner::new(),
            page: Page::new(&args),
            damage: Damage::new(&args),
            out: &mut Pipe::of(&mut printed),
            stop: &stop,
        };
        reading.reads(&mut source).expect("it can be read");
        assert_eq!(reading.moves_on(&mut source).expect("it can be read"), Moved::No);
        let mut file = File::options().append(true).open(&path).expect("it is there");
        file.write_all(b"{\"seq\":2}\n").expect("it is writable");
        fs::rename(&path, &aside).expect("it is there");
        assert_eq!(reading.moves_on(&mut source).expect("it may be missing"), Moved::No);
        fs::write(&path, "{\"seq\":3}\n").expect("it is writable");
        assert_eq!(reading.moves_on(&mut source).expect("it can be read"), Moved::Yes);
        reading.reads(&mut source).expect("it can be read");
        assert!(reading.damage.is_none());
        assert_eq!(printed, b"{\"seq\":1}\n{\"seq\":2}\n{\"seq\":3}\n");
        fs::remove_dir_all(&folder).expect("the test owns it");
    }
}
