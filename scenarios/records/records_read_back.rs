//! Records with everything in them that loggers stumble over are logged and read back: line breaks, control characters, numbers that are
//! none, secrets, keys that the line uses itself, fields that the context has too.
//!
//! A logger that writes `NaN` bare makes a line that no reader takes; one that leaves a line break raw makes two; one whose context wins
//! makes a line that lies.

use super::author::Author;
use super::operation::AuthorOperation;
use super::promise::records_read_back;
use crate::time::secs;
use retrip_core::logger::plants;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "whatever is logged reads back as it was given";
    Scenario::new("records_read_back", about, |s| {
        let author = s.part(Author::named("app"));
        let mut numbers = s.generator("records");
        for second in 0..8 {
            let number = numbers.within(0..=1_000_000_000);
            s.at(secs(second), author.does(&AuthorOperation::Writes(number)));
        }

        s.check(records_read_back("app"));
    })
    .proves(
        &[Row::properties(6), Row::end_to_end(22)],
        "records_read_back",
        plants::NAN_IS_WRITTEN_AS_NULL,
    )
    .proves(
        &[Row::properties(6), Row::end_to_end(22)],
        "records_read_back",
        plants::LINE_BREAK_IS_LEFT_RAW,
    )
    .proves(
        &[Row::properties(6)],
        "records_read_back",
        plants::FIELD_LIKE_A_KEY_OF_THE_LINE_IS_LOST,
    )
    .proves(&[Row::properties(6)], "records_read_back", plants::CONTEXT_WINS_OVER_THE_EVENT)
    .finds(plants::SECRET_IS_SHOWN, "records_read_back")
}
