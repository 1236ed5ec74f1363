//! What the units that log and the one that writes share under one lock.

use super::super::books::Books;
use super::super::desks::Desks;
use super::super::health::Health;
use super::super::loss::Loss;
use super::super::sink::SinkTroubles;
use super::super::tally::Tally;
use super::super::{DropCause, FlushError, Level, SinkStats, Stats, plants};
use super::flushes::Flushes;
use super::lines::{LineOf, Lines};
use crate::door::{Instant, Platform, Rules, Timestamp};

/// Numbers, the lines that wait, and how far the writing is.
#[derive(Debug)]
pub(super) struct Intake {
    /// The most bytes that wait.
    bound: usize,
    pub(super) tally: Tally,
    pub(super) lines: Lines,
    /// The line that is being written, or that waits for a sink which fails, and the bytes that it takes.
    pub(super) in_hand: Option<(LineOf, usize)>,
    most_bytes: usize,
    pub(super) stage: Stage,
    pub(super) flushes: Flushes,
    /// Whether the writing unit waits for work.
    pub(super) idle: bool,
    /// How many units wait for room, for a flush, or for the end.
    pub(super) waiting: u32,
    /// Whether the sink has failed at its last try: what matters among the lines that wait is given to the fallback as well.
    pub(super) is_failing: bool,
    /// Whether lines that waited were dropped because the end had come.
    gave_up: bool,
    announced: u64,
    troubles: SinkTroubles,
    further: Vec<SinkStats>,
}

/// How far the logger is on its way to its end.
#[derive(Debug)]
pub(super) enum Stage {
    Open,
    /// Takes nothing any more; what waits is given up at a moment.
    Closing {
        give_up_at: Instant,
    },
    /// Everything is done. What came of it, for the first one who asks.
    Closed(Option<Result<(), FlushError>>),
}

impl Intake {
    pub(super) fn new(bound: usize) -> Self {
        Self {
            bound,
            tally: Tally::default(),
            lines: Lines::default(),
            in_hand: None,
            most_bytes: 0,
            stage: Stage::Open,
            flushes: Flushes::default(),
            idle: false,
            waiting: 0,
            is_failing: false,
            gave_up: false,
            announced: 0,
            troubles: SinkTroubles::default(),
            further: Vec::new(),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open)
    }

    /// Whether a line of this length fits in at all.
    pub(super) fn could_take(&self, length: usize) -> bool {
        Lines::cost(length) <= self.bound
    }

    /// Whether it fits in now.
    pub(super) fn has_room(&self, length: usize) -> bool {
        self.bytes() + Lines::cost(length) <= self.bound
    }

    pub(super) fn push(&mut self, line: &[u8], of: LineOf) {
        self.lines.push(line, of);
        self.most_bytes = self.most_bytes.max(self.bytes());
    }

    /// `count` events behind all lines are lost. Once the end has begun there is nobody to whom that could be announced.
    pub(super) fn lose(&mut self, last: u64, count: u64, (cause, at): (DropCause, Timestamp)) {
        self.tally.drop(count, cause);
        if self.is_open() {
            self.lines.lose(Loss::of(last, count, cause, at));
        }
    }

    /// Everything that waits is dropped, but for the line in hand: that is with the sink, or with who writes. Their loss is left for who
    /// writes to announce. Gives back what of it is for the fallback: lines at levels that `matter` of which it has no copy.
    pub(super) fn give_up(
        &mut self,
        at: Timestamp,
        matter: impl Fn(Level) -> bool,
        rules: &impl Rules,
    ) -> Vec<(LineOf, Vec<u8>)> {
        let mut for_the_fallback = Vec::new();
        let mut text = Vec::new();
        let is_told = !rules.broken_by(plants::GIVEN_UP_IS_NOT_ANNOUNCED);
        loop {
            let dropped = if is_told {
                self.lines.drop_first(&mut text, (DropCause::Shutdown, at))
            } else {
                self.lines.take(&mut text)
            };
            let Some(of) = dropped else { return for_the_fallback };
            self.count_as_given_up(rules);
            if matter(of.level) && !of.is_rescued {
                for_the_fallback.push((of, std::mem::take(&mut text)));
            }
        }
    }

    /// The line in hand is given up, if there is one.
    pub(super) fn give_up_hand(&mut self, rules: &impl Rules) -> Option<LineOf> {
        let (of, _) = self.in_hand.take()?;
        self.count_as_given_up(rules);
        Some(of)
    }

    /// Copies of the lines at levels that `matter` of which the fallback has none, the one in hand first, whose text is `text`. They are
    /// marked as rescued.
    pub(super) fn mark_rescued(
        &mut self,
        text: &[u8],
        matter: impl Fn(Level) -> bool,
    ) -> Vec<(LineOf, Vec<u8>)> {
        let mut copies = self.lines.mark_rescued(&matter);
        if let Some((of, _)) = &mut self.in_hand
            && matter(of.level)
            && !of.is_rescued
        {
            of.is_rescued = true;
            copies.insert(0, (*of, text.to_vec()));
        }
        copies
    }

    /// The fallback did not take its copy of a line, which waits on.
    pub(super) fn is_not_rescued(&mut self, seq: u64) {
        match &mut self.in_hand {
            Some((of, _)) if of.seq == seq => of.is_rescued = false,
            _ => self.lines.is_not_rescued(seq),
        }
    }

    /// Whether lines were given up.
    pub(super) fn gave_up(&self) -> bool {
        self.gave_up
    }

    fn count_as_given_up(&mut self, rules: &impl Rules) {
        self.gave_up = true;
        if rules.broken_by(plants::GIVEN_UP_IS_COUNTED_AS_WRITTEN) {
            self.tally.written += 1;
        } else if rules.broken_by(plants::GIVEN_UP_COUNTS_AS_QUEUE_FULL) {
            self.tally.drop(1, DropCause::QueueFull);
        } else if !rules.broken_by(plants::GIVEN_UP_IS_NOT_COUNTED) {
            self.tally.drop(1, DropCause::Shutdown);
        }
    }

    /// There is room for so many bytes less from now on: only a planted bug asks for that.
    pub(super) fn lose_room(&mut self, bytes: usize) {
        self.bound = self.bound.saturating_sub(bytes);
    }

    /// The first number that is neither written nor lost.
    pub(super) fn next(&self) -> Option<u64> {
        self.in_hand.map(|(of, _)| of.seq).or_else(|| self.lines.first())
    }

    /// Gives the re-entrant events since the last time their numbers, and counts them as lost.
    pub(super) fn settle<P: Platform>(&mut self, books: &Books<P>, at: Timestamp) {
        let count = books.take_reentrant();
        if count > 0 {
            self.tally.accepted += count;
            let last = self.tally.take_seqs(count);
            self.lose(last, count, (DropCause::Reentrant, at));
        }
    }

    /// Remembers how the desks are, for whoever asks.
    pub(super) fn note(&mut self, desks: &Desks, troubles: SinkTroubles) {
        self.is_failing = desks.main.health() != Health::Healthy;
        self.announced = desks.main.announced();
        self.troubles = troubles;
        self.further.clear();
        self.further.extend_from_slice(desks.stats());
    }

    pub(super) fn stats(&self) -> Stats {
        Stats {
            buffered: self.lines.len() as u64 + u64::from(self.in_hand.is_some()),
            most_buffered_bytes: self.most_bytes as u64,
            ..self.tally.stats(self.announced, self.troubles, &self.further)
        }
    }

    fn bytes(&self) -> usize {
        self.lines.bytes() + self.in_hand.map_or(0, |(_, cost)| cost)
    }
}
