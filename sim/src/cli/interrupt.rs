//! Ctrl-C: the first one asks for an end that keeps what was done, the second one ends at once.

use super::error::CliError;
use super::exit::Exit;
use super::progress::Progress;
use parking_lot::Mutex;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// What the process is at, where it has said so. A signal belongs to the whole process.
static PROGRESS: Mutex<Option<Arc<Progress>>> = Mutex::new(None);

/// The flag that Ctrl-C sets. The same one at every call.
pub(super) fn flag() -> Result<Arc<AtomicBool>, ctrlc::Error> {
    /// A signal belongs to the whole process.
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    if let Some(flag) = FLAG.get() {
        return Ok(Arc::clone(flag));
    }
    let flag = Arc::clone(FLAG.get_or_init(Arc::default));
    let set = Arc::clone(&flag);
    ctrlc::set_handler(move || {
        let progress = PROGRESS.lock().clone();
        if !set.swap(true, Ordering::Relaxed) {
            say(
                progress.as_deref(),
                "interrupted: ending with what was done; Ctrl-C again ends at once",
            );
            return;
        }
        if let Some(progress) = &progress {
            progress.ends();
        }
        let done =
            progress.as_deref().map_or_else(|| "nothing was run".to_owned(), Progress::to_string);
        say(progress.as_deref(), &format!("interrupted again: {done}"));
        std::process::exit(i32::from(Exit::INTERRUPTED));
    })?;
    Ok(flag)
}

/// What `act` gives, where `stop` is not set before it is done. An error then is none: what interrupts this process may end one
/// that it has started.
pub(super) fn unless_stopped<T>(
    stop: &AtomicBool,
    act: impl FnOnce() -> Result<T, CliError>,
) -> Result<Option<T>, CliError> {
    let is_stopped = || stop.load(Ordering::Relaxed);
    if is_stopped() {
        return Ok(None);
    }
    match act() {
        Err(_) if is_stopped() => Ok(None),
        done => done.map(Some),
    }
}

/// From now on a second Ctrl-C says how far `progress` has come.
pub(super) fn speaks_of(progress: Arc<Progress>) {
    *PROGRESS.lock() = Some(progress);
}

fn say(progress: Option<&Progress>, line: &str) {
    match progress {
        Some(progress) => progress.say(line),
        // Nobody need read it.
        None => drop(writeln!(std::io::stderr(), "{line}")),
    }
}
