//! Whether each engine of this build is there and deterministic on this machine, and whether it would be found out if not.
//!
//! An engine is examined by what runs on it: an hour of virtual time must pass on the clocks that it moves and on no others; a
//! program that sleeps, draws, calls through a breaker and, on hosts, sends messages while something goes wrong with them must leave the same behind twice here and once in a fresh process, and something else
//! for another seed; and what is planted to make a run depend on more than its seed must be caught by the same comparison that
//! `--check` makes, and called by its name. Where the engine simulates what would leak, it must come from the seed instead.

mod ailment;
mod bell;
mod examination;
mod ground;
mod leak;
mod nap;
mod specimen;
mod talk;
#[cfg(test)]
mod tests;
mod work;

pub use ailment::Ailment;
pub use examination::{Examination, Examined, Fact, Verdict};
pub use leak::{Leak, LeakError};
pub use nap::Nap;
pub use specimen::Specimen;

use crate::determinism::Testimony;
use crate::engine::EngineName;

/// Examines `engine`, with `planted` in the program that should be the same again: then that must be red where the engine does not
/// simulate it. Of an engine that this build does not have, that is all there is to say.
///
/// `elsewhere` runs a specimen in a fresh process, in which nothing else has run.
///
/// # Errors
/// Those of `elsewhere`.
pub fn examine<E>(
    engine: EngineName,
    planted: Option<Leak>,
    elsewhere: &mut impl FnMut(&Specimen) -> Result<Testimony, E>,
) -> Result<Vec<Examined>, E> {
    let examined = |examination, verdict| Examined { engine, examination, verdict };
    if let Err(unavailable) = engine.available() {
        return Ok(vec![examined(Examination::Available, Verdict::Off(unavailable))]);
    }
    let mut all = vec![
        examined(Examination::Available, Verdict::Ok(Fact::Available)),
        examined(Examination::VirtualSleep, examination::virtual_sleep(engine)),
    ];
    let same = examination::same_again(engine, planted, elsewhere)?;
    all.push(examined(Examination::SameAgain { planted }, same));
    for leak in Leak::ALL {
        let verdict = examination::leak(engine, leak, elsewhere)?;
        all.push(examined(Examination::Leak(leak), verdict));
    }
    Ok(all)
}
