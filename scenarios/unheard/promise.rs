//! What is promised to those who call, and what must be seen of it.

use super::answer::{Answer, Call, Reader, counts};
use super::model::OneByOne;
use super::operation::Command;
use retrip_core::breaker::{BreakerConfig, Counting, Outcome, State};
use retrip_sim::check::{Judgement, Promise, Sometimes, Told, always, linearizable};
use retrip_sim::log::{Event, What};

/// Every call is answered as if the calls came one after the other.
pub(crate) fn one_by_one(config: &BreakerConfig) -> impl Promise + use<> {
    let mut reader = Reader::default();
    linearizable("one_by_one", OneByOne::new(config), move |event: &Event| reader.read(event))
}

/// Once everybody has ended, each call is in the one count that it belongs to; where rejections alone are counted, in none but that.
pub(crate) fn every_call_is_counted(counting: Counting) -> impl Promise {
    let mut reader = Reader::default();
    let (mut ended, mut admitted, mut rejected) = ([0; 3], 0, 0);
    let statement = "in the end every call is counted once, as what it was";
    always("every_call_is_counted", statement, move |event| {
        match reader.read(event) {
            Some(Told::Ends(Call { answer: Answer::Admitted { .. }, .. })) => admitted += 1,
            Some(Told::Ends(Call { answer: Answer::Rejected { .. }, .. })) => rejected += 1,
            Some(Told::Ends(Call { answer: Answer::Ended { outcome, .. }, .. })) => {
                ended[place(outcome.unwrap_or(Outcome::Ignored))] += 1;
            }
            _ => {}
        }
        let What::Note { verb, fields } = &event.what else { return Judgement::NotConcerned };
        if **verb != *"has counted" {
            return Judgement::NotConcerned;
        }
        let in_flight = admitted - ended.iter().sum::<u64>();
        let ([success, failure, ignored], in_flight) = match counting {
            Counting::Calls => (ended, in_flight),
            Counting::Rejections => ([0; 3], 0),
        };
        for (name, wanted) in counts(success, failure, ignored, rejected, in_flight) {
            let found = fields.iter().find(|(field, _)| **field == *name).map(|(_, found)| found);
            if found != Some(&wanted) {
                let found = found.map_or_else(|| "nothing".to_owned(), ToString::to_string);
                return Judgement::broken(format!("{name} {wanted}"), format!("{name} {found}"));
            }
        }
        Judgement::Holds
    })
}

const fn place(outcome: Outcome) -> usize {
    match outcome {
        Outcome::Success => 0,
        Outcome::Failure => 1,
        Outcome::Ignored => 2,
    }
}

/// A call ends in another generation than the one that admitted it.
pub(crate) fn somebody_ends_late() -> Sometimes {
    let mut reader = Reader::default();
    let mut newest = 0;
    Sometimes::new("somebody_ends_late", move |event| match reader.read(event) {
        Some(Told::Ends(Call { answer: Answer::Admitted { generation, .. }, .. })) => {
            newest = newest.max(generation);
            false
        }
        Some(Told::Ends(Call { answer: Answer::Ended { generation, .. }, .. })) => {
            generation < newest
        }
        _ => false,
    })
}

fn answered(name: &'static str, is_so: fn(&Answer) -> bool) -> Sometimes {
    let mut reader = Reader::default();
    Sometimes::new(name, move |event| match reader.read(event) {
        Some(Told::Ends(call)) => is_so(&call.answer),
        _ => false,
    })
}

/// A call is made as a trial.
pub(crate) fn somebody_tries() -> Sometimes {
    answered("somebody_tries", |answer| matches!(answer, Answer::Admitted { trial: true, .. }))
}

/// A call is rejected for a time.
pub(crate) fn somebody_is_rejected_for_a_time() -> Sometimes {
    let is_so = |answer: &Answer| {
        matches!(answer, Answer::Rejected { state: State::Open, retry_after: Some(_) })
    };
    answered("somebody_is_rejected_for_a_time", is_so)
}

/// What was done by hand is lifted.
pub(crate) fn somebody_lifts() -> Sometimes {
    answered("somebody_lifts", |answer| *answer == Answer::Done(Command::Lift))
}
