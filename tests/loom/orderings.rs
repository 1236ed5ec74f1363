//! Are the breaker's memory orderings as strong as they have to be, and is it known which could be weaker?

use retrip_core::breaker::plants;
use retrip_loom::{Model, Site, Weakening, Wrong, models};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, Release};

/// Who notices that an ordering is weaker than it is written.
enum Noticed {
    /// The model of this name.
    By(&'static str),
    /// No model, for this reason.
    Not(&'static str),
}
use Noticed::{By, Not};

/// The file, a line above, the line, what it says, what it is taken to say.
type Row = (&'static str, &'static str, &'static str, Ordering, Ordering, Noticed);

const INTERVALS: &str = "intervals_are_told_in_their_order";
const MOVED: &str = "an_interval_is_over_at_its_end";
const SUCCESSES: &str = "no_success_is_seen_before_its_call";
const ONE_AT_A_TIME: &str = "a_caller_is_in_one_call_at_a_time";
const REJECTED: &str = "who_is_rejected_is_in_no_call";
const CANCELLED: &str = "no_cancelled_call_is_seen_before_it_began";

const NO_MORE_THAN_THE_WORD: &str = "whoever finds a row begun or ended uses nothing but the word";
const RELEASED_LATER: &str =
    "what follows under the lock is released with the interval and with the next word";
const ACQUIRED_LATER: &str = "nothing is read after it but counters, which are acquired";

const TABLE: [Row; 15] = [
    ("gate.rs", "fn word", "self.word.load(Acquire)", Acquire, Relaxed, By(INTERVALS)),
    ("gate.rs", "fn open", "if !too_early", Release, Relaxed, By(INTERVALS)),
    ("gate.rs", "fn open", "self.began.store", Release, Relaxed, By(MOVED)),
    ("gate.rs", "fn open", "self.length.store", Release, Relaxed, By(INTERVALS)),
    ("gate.rs", "fn left", "self.began.load", Acquire, Relaxed, By(MOVED)),
    ("gate.rs", "fn left", "self.length.load", Acquire, Relaxed, By(INTERVALS)),
    ("gate.rs", "fn turn", "self.word.store", Release, Relaxed, Not(NO_MORE_THAN_THE_WORD)),
    ("gate.rs", "fn close", "self.word.swap", AcqRel, Acquire, Not(RELEASED_LATER)),
    ("gate.rs", "fn close", "self.word.swap", AcqRel, Release, Not(ACQUIRED_LATER)),
    ("counters.rs", "fn admit", "fetch_add", Release, Relaxed, By(ONE_AT_A_TIME)),
    ("counters.rs", "fn succeed", "fetch_add", Release, Relaxed, By(SUCCESSES)),
    ("counters.rs", "fn ignore", "fetch_add", Release, Relaxed, By(CANCELLED)),
    ("counters.rs", "fn reject", "fetch_add", Release, Relaxed, By(REJECTED)),
    ("counters.rs", "fn fall_back", "fetch_add", Release, Relaxed, By(REJECTED)),
    ("counters.rs", "fn sum", "load(Acquire)", Acquire, Relaxed, By(SUCCESSES)),
];

fn site(file: &'static str, after: &str, text: &str) -> Site {
    match text.strip_prefix("if !") {
        // The store of a planted bug is written like that of the sound gate, which comes after this line.
        Some(_) => Site::of(file, text, "self.word.store"),
        None => Site::of(file, after, text),
    }
}

fn model(name: &str) -> Model {
    *models::ALL.iter().find(|model| model.name == name).expect("there is a model of this name")
}

#[test]
fn every_model_holds() {
    for model in models::ALL {
        assert_eq!(model.check(Wrong::Nothing), Ok(()), "{}", model.name);
    }
}

#[test]
fn a_weaker_ordering_is_noticed_or_the_reason_is_known() {
    for (file, after, text, from, to, noticed) in TABLE {
        let wrong = Wrong::Ordering(Weakening { site: site(file, after, text), from, to });
        match noticed {
            By(name) => assert!(model(name).check(wrong).is_err(), "{name}: {wrong:?}"),
            Not(reason) => {
                for model in models::ALL {
                    // Two preemptions find all that is found above.
                    let fewer = Model { preemptions: Some(2), ..model };
                    assert_eq!(fewer.check(wrong), Ok(()), "{wrong:?}, though {reason}");
                }
            }
        }
    }
}

#[test]
fn the_table_has_every_ordering_of_the_breaker() {
    let told = TABLE.map(|(file, after, text, ..)| site(file, after, text));
    assert_eq!(BTreeSet::from(told), BTreeSet::from_iter(Site::all()));
}

#[test]
fn a_planted_bug_of_the_gate_is_noticed() {
    for (plant, name) in [
        (plants::GATE_ROW_FORGOTTEN, "a_row_is_no_longer_than_its_calls"),
        (plants::GATE_FAILURE_STORED, "every_failure_in_a_row_counts"),
        (plants::GATE_SUCCESS_STORED, "a_success_undoes_no_decision"),
        (plants::GATE_OPENS_BEFORE_ITS_INTERVAL, INTERVALS),
        (plants::GATE_THRESHOLD_OFF_BY_ONE, "the_breaker_trips_once"),
        (plants::WINDOW_OPENS_AFTER_ITS_LOCK, "nobody_opens_what_has_been_reset"),
        (plants::WINDOW_KNOWS_NO_GENERATION, "a_late_result_is_in_no_window"),
        (plants::SUCCESSES_COUNTED_BY_A_STORE, SUCCESSES),
        (plants::BEGINNINGS_ARE_READ_FIRST, CANCELLED),
        (plants::COUNTERS_ARE_READ_ONCE, ONE_AT_A_TIME),
    ] {
        assert!(model(name).check(Wrong::Planted(plant)).is_err(), "{name}: {plant:?}");
    }
}
