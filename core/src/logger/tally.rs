//! What became of the events that have a number.

use super::sink::SinkTroubles;
use super::{DropCause, SinkStats, Stats};
use std::collections::BTreeMap;

/// Numbers, and what became of the events that took them.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// The last number taken.
    seq: u64,
    pub(super) accepted: u64,
    pub(super) written: u64,
    dropped: BTreeMap<DropCause, u64>,
}

impl Tally {
    /// The last number taken.
    pub(super) fn seq(&self) -> u64 {
        self.seq
    }

    /// The numbers of so many events, of which this is the last.
    pub(super) fn take_seqs(&mut self, count: u64) -> u64 {
        self.seq += count;
        self.seq
    }

    pub(super) fn drop(&mut self, count: u64, cause: DropCause) {
        *self.dropped.entry(cause).or_default() += count;
    }

    /// As far as this knows, with what is known of the sinks.
    pub(super) fn stats(
        &self,
        announced: u64,
        troubles: SinkTroubles,
        further: &[SinkStats],
    ) -> Stats {
        let SinkTroubles { failed_rotations, failed_syncs } = troubles;
        Stats {
            accepted: self.accepted,
            written: self.written,
            dropped: self.dropped.clone(),
            announced,
            failed_rotations,
            failed_syncs,
            further: further.to_vec(),
            ..Stats::default()
        }
    }
}
