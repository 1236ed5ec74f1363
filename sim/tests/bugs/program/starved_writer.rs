//! A lock for readers and a writer that lets every reader in who comes while others read: the writer may wait for as long as
//! they like.

use super::sync::{Arc, Condvar, Mutex};
use super::{Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "starved writer",
    about: "readers who come later than a writer go before it for as long as others still read",
    symptom: "the writer starves",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

const READERS: usize = 2;
const READS: usize = 4;
/// Readers who may go before a writer that has come earlier: none should, but what is woken takes a while to come.
const PATIENCE: usize = 3;

#[derive(Default)]
struct State {
    readers: usize,
    is_written: bool,
    writers_wait: usize,
    /// Readers who have gone before the writer that waits.
    overtook: usize,
}

struct Lock {
    state: Mutex<State>,
    changed: Condvar,
    version: Version,
}

impl Lock {
    fn read(&self) {
        let must_wait = |state: &mut State| {
            state.is_written || self.version == Version::Mended && state.writers_wait > 0
        };
        let state = self.state.lock().expect("nobody panics");
        let mut state = self.changed.wait_while(state, must_wait).expect("nobody panics");
        state.readers += 1;
        if state.writers_wait > 0 {
            state.overtook += 1;
            assert!(state.overtook <= PATIENCE, "the writer starves");
        }
        drop(state);
        self.state.lock().expect("nobody panics").readers -= 1;
        self.changed.notify_all();
    }

    fn write(&self) {
        let mut state = self.state.lock().expect("nobody panics");
        state.writers_wait += 1;
        let must_wait = |state: &mut State| state.is_written || state.readers > 0;
        let mut state = self.changed.wait_while(state, must_wait).expect("nobody panics");
        state.writers_wait -= 1;
        state.is_written = true;
        drop(state);
        self.state.lock().expect("nobody panics").is_written = false;
        self.changed.notify_all();
    }
}

fn play(version: Version) {
    let (state, changed) = (Mutex::new(State::default()), Condvar::new());
    let lock = Arc::new(Lock { state, changed, version });
    together(READERS + 1, move |nth| match nth {
        0 => lock.write(),
        _ => (0..READS).for_each(|_| lock.read()),
    });
}
