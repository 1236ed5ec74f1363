//! Who has been ready for longest: what the default rule and the fair phase ask at nearly every step.

use super::kernel::Kernel;
use super::thread::{ThreadId, Waiting};
use std::collections::VecDeque;

/// The ready threads by when they became ready, the first one first, with entries in between that count no more: those of threads
/// which have become ready anew, or are not.
pub(super) struct Seniority {
    line: VecDeque<(u64, ThreadId)>,
}

/// Entries that a line may hold for each ready thread, and some more, before those that count no more are taken out.
const ROOM: usize = 4;
const MORE: usize = 64;

impl Kernel {
    /// The ready thread that has been so for longest. The line is kept from the first time on that somebody asks: a drawn run
    /// that nobody records never does.
    pub(super) fn longest_waiting(&mut self) -> ThreadId {
        let Self { seniority, threads, ready, .. } = self;
        let since = |thread: ThreadId| threads[thread.index()].ready_since;
        let counts = |&(at, thread): &(u64, ThreadId)| {
            threads[thread.index()].waiting == Waiting::Nothing && since(thread) == at
        };
        let Seniority { line } = seniority.get_or_insert_with(|| {
            let mut line: Vec<_> = ready.iter().map(|&thread| (since(thread), thread)).collect();
            line.sort_unstable();
            Seniority { line: line.into() }
        });
        if line.len() > ROOM * ready.len() + MORE {
            line.retain(counts);
        }
        while line.front().is_some_and(|first| !counts(first)) {
            line.pop_front();
        }
        line.front().expect("somebody is ready").1
    }

    /// Puts `thread` at the end of the line.
    #[inline]
    pub(super) fn grow_younger(&mut self, thread: ThreadId) {
        self.sequence += 1;
        self.threads[thread.index()].ready_since = self.sequence;
        if let Some(Seniority { line }) = &mut self.seniority {
            line.push_back((self.sequence, thread));
        }
    }
}
