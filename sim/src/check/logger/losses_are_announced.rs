//! Every event that is lost is announced, once, with its number.

use super::{Ending, told};
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{
    ANNOUNCES, COUNTS, FLUSHES, HOLDS, HOLDS_BACK, LOSES, QUEUES, READ, SHUTS_DOWN, SUMS_UP, field,
};
use retrip_core::logger::DropCause;

/// See [`losses_are_announced`].
#[derive(Debug)]
pub struct LossesAreAnnounced {
    who: Name,
    lost: u64,
    /// Those of them that came after the end.
    closed: u64,
    /// Taken by a queue: nobody tells of those that are dropped later.
    queued: u64,
    /// Whether a rate limit holds events back: of its notices that are lost nobody but the logger's own counts tells.
    holds_back: bool,
    ending: Ending,
    /// Whether everything that was lost has been announced since.
    settled: bool,
    /// Lines of the file that announce nothing.
    held: u64,
    /// The numbers of the lines of the file, in its order.
    seqs: Vec<u64>,
    announced: Vec<Announced>,
}

#[derive(Clone, Copy, Debug)]
struct Announced {
    seq: u64,
    first: u64,
    last: u64,
    count: u64,
}

/// After a flush of the logger `who` has succeeded, and before anything more is lost: the lines of the file have ascending numbers, each
/// number that is missing lies in a range that is announced, each announcement has the last number of its range and tells of all of
/// it, and as many events are announced as were lost: where lines wait, as are not in the file. What is logged after a shutdown is not
/// announced: nobody is left. A shutdown that ran out of patience has announced what it gave up once another one says that it is over,
/// unless the sink has failed in the end. Judged at such readings.
#[must_use]
pub fn losses_are_announced(who: impl Into<Name>) -> LossesAreAnnounced {
    LossesAreAnnounced {
        who: who.into(),
        lost: 0,
        closed: 0,
        queued: 0,
        holds_back: false,
        ending: Ending::default(),
        settled: false,
        held: 0,
        seqs: Vec::new(),
        announced: Vec::new(),
    }
}

impl Promise for LossesAreAnnounced {
    fn name(&self) -> &'static str {
        "losses_are_announced"
    }

    fn statement(&self) -> String {
        "numbers ascend, and every one that is missing is announced, with as many events as were lost".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        let number = |name: &str| fields.number(name);
        match verb {
            // Nobody is left to whom that could be announced.
            LOSES if fields.text(field::CAUSE) == DropCause::Closed.to_string() => {
                self.lost += 1;
                self.closed += 1;
            }
            LOSES => {
                self.lost += 1;
                self.settled = false;
            }
            HOLDS_BACK => self.holds_back = true,
            QUEUES => {
                self.queued += 1;
                self.settled = false;
            }
            FLUSHES => self.settled = fields.text(field::ERROR).is_empty(),
            SHUTS_DOWN => {
                self.ending.hear(fields.text(field::ERROR));
                self.settled = self.ending.is_good();
            }
            READ => {
                self.held = 0;
                self.seqs.clear();
                self.announced.clear();
            }
            HOLDS => {
                self.held += 1;
                self.seqs.push(number(field::SEQ));
            }
            SUMS_UP => self.seqs.push(number(field::SEQ)),
            ANNOUNCES => {
                let [seq, first, last, count] =
                    [field::SEQ, field::FIRST, field::LAST, field::COUNT].map(number);
                // Whether a line that is said to be lost is there all the same is for others to say.
                if self.seqs.last() != Some(&seq) {
                    self.seqs.push(seq);
                }
                self.announced.push(Announced { seq, first, last, count });
            }
            // A line that waits is not lost.
            COUNTS if self.settled && number(field::BUFFERED) == 0 => {
                // What came after the end is lost to no further sink.
                let lost = if fields.flag(field::FURTHER) {
                    number(field::DROPPED)
                } else if self.holds_back {
                    number(field::DROPPED).saturating_sub(self.closed)
                } else if self.queued > 0 {
                    (self.queued + self.lost).saturating_sub(self.held + self.closed)
                } else {
                    self.lost - self.closed
                };
                return self.judge(lost);
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}

impl LossesAreAnnounced {
    fn judge(&self, lost: u64) -> Judgement {
        let mut before = 0;
        for &seq in &self.seqs {
            if seq <= before {
                return Judgement::broken(
                    format!("a number above {before}"),
                    format!("line {seq}"),
                );
            }
            let covered = |missing: u64| {
                self.announced.iter().any(|range| (range.first..=range.last).contains(&missing))
            };
            if let Some(missing) = (before + 1..seq).find(|&missing| !covered(missing)) {
                let wanted = format!("line {missing}, or an announcement of its loss");
                return Judgement::broken(wanted, "neither is in the file");
            }
            before = seq;
        }
        for &Announced { seq, first, last, count } in &self.announced {
            if (first, last) != ((seq + 1).saturating_sub(count), seq) {
                let wanted = format!("the {count} up to {seq} announced");
                return Judgement::broken(wanted, format!("{first} to {last}"));
            }
        }
        let announced: u64 = self.announced.iter().map(|range| range.count).sum();
        Judgement::equal(format!("{lost} announced"), format!("{announced} announced"))
    }
}
