//! Every event that is lost is announced, once, with its number.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{
    ANNOUNCES, COUNTS, FLUSHES, HOLDS, HOLDS_BACK, LOSES, QUEUES, READ, SHUTS_DOWN,
    TELLS_OF_HELD_BACK, field,
};

/// See [`losses_are_announced`].
#[derive(Debug)]
pub struct LossesAreAnnounced {
    who: Name,
    lost: u64,
    /// Whether events are lost of which nobody but the logger's own counts tells: lines that wait, notices of a rate limit.
    silent: bool,
    /// Whether everything that was lost has been announced since.
    settled: bool,
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
/// it, and as many events are announced as were lost. Judged at such readings.
#[must_use]
pub fn losses_are_announced(who: impl Into<Name>) -> LossesAreAnnounced {
    let (seqs, announced) = (Vec::new(), Vec::new());
    LossesAreAnnounced { who: who.into(), lost: 0, silent: false, settled: false, seqs, announced }
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
            LOSES => {
                self.lost += 1;
                self.settled = false;
            }
            HOLDS_BACK => self.silent = true,
            QUEUES => {
                self.silent = true;
                self.settled = false;
            }
            FLUSHES | SHUTS_DOWN => self.settled = fields.text(field::ERROR).is_empty(),
            READ => {
                self.seqs.clear();
                self.announced.clear();
            }
            HOLDS | TELLS_OF_HELD_BACK => self.seqs.push(number(field::SEQ)),
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
                let silent = self.silent || fields.flag(field::FURTHER);
                let lost = if silent { number(field::DROPPED) } else { self.lost };
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
