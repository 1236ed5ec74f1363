//! Lines that wait, in the order of their numbers, and what was lost between them.

use super::super::loss::Loss;
use super::super::{DropCause, Level};
use crate::door::Timestamp;
use std::collections::VecDeque;

/// Lines one behind the other, each with the loss that comes before it.
#[derive(Debug, Default)]
pub(super) struct Lines {
    bytes: VecDeque<u8>,
    waiting: VecDeque<Waiting>,
    /// What was lost behind the last line.
    lost: Option<Loss>,
}

/// A line without its text.
#[derive(Debug)]
struct Waiting {
    of: LineOf,
    length: usize,
    /// What was lost right before it.
    lost: Option<Loss>,
}

/// What a line is of.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineOf {
    pub(super) seq: u64,
    pub(super) level: Level,
    pub(super) at: Timestamp,
    /// Whether the fallback has a copy, or is about to get one.
    pub(super) is_rescued: bool,
}

impl Lines {
    /// The bytes that a line of this length takes.
    pub(super) const fn cost(length: usize) -> usize {
        length + size_of::<Waiting>()
    }

    /// The bytes that all of them take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len() + self.waiting.len() * size_of::<Waiting>()
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// The number of the first one.
    pub(super) fn first(&self) -> Option<u64> {
        self.waiting.front().map(|line| line.of.seq)
    }

    pub(super) fn push(&mut self, line: &[u8], of: LineOf) {
        self.bytes.extend(line);
        self.waiting.push_back(Waiting { of, length: line.len(), lost: self.lost.take() });
    }

    /// Events behind all lines are lost.
    pub(super) fn lose(&mut self, lost: Loss) {
        join(&mut self.lost, lost);
    }

    /// What was lost before the first line, or in all where there is none.
    pub(super) fn take_lost(&mut self) -> Option<Loss> {
        match self.waiting.front_mut() {
            Some(first) => first.lost.take(),
            None => self.lost.take(),
        }
    }

    /// Takes the first line, whose text replaces what is in `text`. What was lost before it has been taken.
    pub(super) fn take(&mut self, text: &mut Vec<u8>) -> Option<LineOf> {
        let Waiting { of, length, lost } = self.waiting.pop_front()?;
        text.clear();
        text.extend(self.bytes.drain(..length));
        if let Some(lost) = lost {
            self.lose_before(lost);
        }
        Some(of)
    }

    /// Copies of the lines at levels that `matter` of which the fallback has none. They are marked as rescued.
    pub(super) fn mark_rescued(
        &mut self,
        matter: impl Fn(Level) -> bool,
    ) -> Vec<(LineOf, Vec<u8>)> {
        let mut copies = Vec::new();
        let mut begin = 0;
        for Waiting { of, length, .. } in &mut self.waiting {
            let end = begin + *length;
            if matter(of.level) && !of.is_rescued {
                of.is_rescued = true;
                copies.push((*of, self.bytes.range(begin..end).copied().collect()));
            }
            begin = end;
        }
        copies
    }

    /// The fallback did not take its copy of the line with the number `seq`, if that one still waits.
    pub(super) fn is_not_rescued(&mut self, seq: u64) {
        if let Ok(at) = self.waiting.binary_search_by_key(&seq, |line| line.of.seq) {
            self.waiting[at].of.is_rescued = false;
        }
    }

    /// Drops the first line, if there is one: it is lost before the next one.
    pub(super) fn drop_first(
        &mut self,
        text: &mut Vec<u8>,
        (cause, at): (DropCause, Timestamp),
    ) -> Option<LineOf> {
        let mut lost = self.waiting.front_mut()?.lost.take();
        let of = self.take(text)?;
        join(&mut lost, Loss::of(of.seq, 1, cause, at));
        if let Some(lost) = lost {
            self.lose_before(lost);
        }
        Some(of)
    }

    /// Events before all lines are lost.
    fn lose_before(&mut self, mut lost: Loss) {
        let place = match self.waiting.front_mut() {
            Some(first) => &mut first.lost,
            None => &mut self.lost,
        };
        if let Some(later) = place.take() {
            lost.join(later);
        }
        *place = Some(lost);
    }
}

fn join(place: &mut Option<Loss>, lost: Loss) {
    match place {
        Some(loss) => loss.join(lost),
        None => *place = Some(lost),
    }
}
