//! What may be read while calls begin and end: nothing that had not happened when the reading ended, and everything that had
//! happened when it began.

use super::operation::UnheardOperation;
use retrip_core::breaker::Outcome;
use retrip_sim::check::{Judgement, Promise, Sometimes, always};
use retrip_sim::log::{Event, Name, Value, What};
use std::collections::BTreeMap;

/// What has certainly happened: calls that were told of as over.
#[derive(Clone, Copy, Debug, Default)]
struct Over {
    success: i64,
    failure: i64,
    ignored: i64,
    rejected: i64,
    admitted: i64,
}

/// What the log has told so far.
#[derive(Default)]
struct Known {
    over: Over,
    /// What was over when each thread told something the last time: its next reading has begun after that.
    before: BTreeMap<Name, Over>,
    /// What each thread is about.
    about: BTreeMap<Name, UnheardOperation>,
}

impl Over {
    const fn ended(self) -> i64 {
        self.success + self.failure + self.ignored
    }

    const fn attempts(self) -> i64 {
        self.admitted + self.rejected
    }
}

impl Known {
    /// Takes note of what is no reading.
    fn hear(&mut self, event: &Event, verb: &str, fields: &[(Name, Value)]) {
        let thread = Name::clone(&event.thread);
        match verb {
            "begins" => {
                let operation = word(fields).parse().expect("it was written down as one");
                self.about.insert(Name::clone(&thread), operation);
            }
            "admits" => self.over.admitted += 1,
            "rejects" => self.over.rejected += 1,
            "hears" => match word(fields) {
                "ok" => self.over.success += 1,
                "failed" => self.over.failure += 1,
                _ => self.over.ignored += 1,
            },
            _ => {}
        }
        if verb != "begins" {
            self.about.remove(&thread);
        }
        self.before.insert(thread, self.over);
    }

    /// How many are doing something of this kind.
    fn doing(&self, is_it: impl Fn(&UnheardOperation) -> bool) -> i64 {
        let doing = self.about.values().filter(|operation| is_it(operation)).count();
        i64::try_from(doing).expect("a run has few threads")
    }

    /// How many calls are ending with this outcome.
    fn ending(&self, outcome: Outcome) -> i64 {
        self.doing(|operation| match operation {
            UnheardOperation::End(_, how) => how.unwrap_or(Outcome::Ignored) == outcome,
            _ => false,
        })
    }

    /// The least and the most that each count may be in a reading of `thread` that ends now.
    fn bounds(&self, thread: &Name) -> [(&'static str, i64, i64); 6] {
        let (now, before) = (self.over, self.before.get(thread).copied().unwrap_or_default());
        let asking = self.doing(|operation| matches!(operation, UnheardOperation::Ask(_)));
        let most = |outcome| self.ending(outcome);
        let in_flight = now.admitted + asking - before.ended();
        [
            ("success", before.success, now.success + most(Outcome::Success)),
            ("failure", before.failure, now.failure + most(Outcome::Failure)),
            ("ignored", before.ignored, now.ignored + most(Outcome::Ignored)),
            ("rejected", before.rejected, now.rejected + asking),
            ("in flight", 0, in_flight),
            ("attempts", before.attempts(), now.attempts() + asking),
        ]
    }
}

fn word(fields: &[(Name, Value)]) -> &str {
    match fields.first() {
        Some((_, Value::Text(text))) => text,
        other => panic!("{other:?} is no word"),
    }
}

/// Whenever the statistics are read, each count lies between what was over when the reading began and what may have been when it
/// ended; so do the attempts, which are all of them together, and no more calls have ended than have begun.
pub(crate) fn readings_lie_between() -> impl Promise {
    let mut known = Known::default();
    let statement =
        "each count lies between what was over before a reading and what may be after it";
    always("readings_lie_between", statement, move |event| {
        let What::Note { verb, fields } = &event.what else { return Judgement::NotConcerned };
        if **verb != *"sees" {
            known.hear(event, verb, fields);
            return Judgement::NotConcerned;
        }
        let read = |name: &str| {
            let found = fields.iter().find(|(field, _)| **field == *name);
            match found {
                Some((_, Value::Int(count))) => *count,
                other => panic!("{name} is {other:?}, and no count"),
            }
        };
        let all = ["success", "failure", "ignored", "rejected", "in flight"];
        for (name, least, most) in known.bounds(&event.thread) {
            let found = match name {
                "attempts" => all.map(read).iter().sum(),
                _ => read(name),
            };
            if !(least..=most).contains(&found) {
                let wanted = format!("from {least} to {most} {name}");
                return Judgement::broken(wanted, format!("{found} {name}"));
            }
        }
        known.before.insert(Name::clone(&event.thread), known.over);
        Judgement::Holds
    })
}

/// A reading ends while somebody else is about something.
pub(crate) fn somebody_reads_meanwhile() -> Sometimes {
    let mut known = Known::default();
    Sometimes::new("somebody_reads_meanwhile", move |event| {
        let What::Note { verb, fields } = &event.what else { return false };
        if **verb == *"sees" {
            return !known.about.is_empty();
        }
        known.hear(event, verb, fields);
        false
    })
}
