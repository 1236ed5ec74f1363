//! How often an event asks for memory, and how much a process has at most that logs a million of them.

use crate::side::{Fate, Maker, work};
use crate::target::{Place, remove_files};
use allocation_counter::measure;
use retrip_figures::spread::Hundredths;
use retrip_figures::table;
use std::process::Command;

/// Events of which the requests for memory are counted.
const EVENTS: u64 = 1_000;
/// Events of the process whose memory is looked at.
const MANY: u64 = 1_000_000;
/// By which word this program is told to be that process.
pub(crate) const ALONE: &str = "alone";

/// Requests for memory per event, in hundredths; what the context asks for is left out.
pub(crate) fn requests(maker: Maker, fate: Fate) -> u128 {
    let work = work(maker, fate);
    work(EVENTS);
    let of = |events| measure(|| work(events)).count_total;
    let (few, many) = (of(EVENTS), of(2 * EVENTS));
    u128::from(many.saturating_sub(few)) * 100 / u128::from(EVENTS)
}

/// Logs a million events into a file, as nothing but a process that does so, and prints how many KiB it had at most.
pub(crate) fn alone(maker: &str) -> Option<u64> {
    let maker = Maker::ALL.into_iter().find(|known| known.name() == maker);
    if let Some(maker) = maker {
        work(maker, Fate::Written(Place::File))(MANY);
        remove_files();
    }
    // "VmHWM:      4321 kB"
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// The KiB that such a process has at most; of a name that nobody has, of one that logs nothing. Nothing where the system does not tell.
pub(crate) fn kibibytes(maker: &str) -> Option<u64> {
    let program = std::env::current_exe().ok()?;
    let told = Command::new(program).args([ALONE, maker]).output().ok()?;
    String::from_utf8(told.stdout).ok()?.trim().parse().ok()
}

/// Prints the table.
pub(crate) fn print() {
    table::title(
        "Memory: how often an event asks for some, written and rejected, and the most KiB that a process has resident which logs \
         a million events into a file.",
    );
    table::head(["", "written", "rejected", "KiB"].map(str::to_owned));
    let kib = |name| kibibytes(name).map_or("-".to_owned(), |kib| kib.to_string());
    for maker in Maker::ALL {
        let requests = |fate| Hundredths(requests(maker, fate)).to_string();
        let (written, rejected) = (requests(Fate::Written(Place::Null)), requests(Fate::Rejected));
        table::row([maker.name().to_owned(), written, rejected, kib(maker.name())]);
    }
    let dash = "-".to_owned();
    table::row(["nothing is logged".to_owned(), dash.clone(), dash, kib("nobody")]);
}
