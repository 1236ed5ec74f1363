//! A log file has words of others in it, bytes that are no text, lines that are cut or glued together, and breaks off.
//!
//! Files are read when something has gone wrong, and then they look like that. A reader that gives up at the first bad line, or passes over
//! it without a word, hides what somebody looks for; and a last line that is not finished yet is no damage.

use super::ruin::{LEAST, Piece, Ruin, damage_is_told};
use crate::time::secs;
use retrip_core::logger::plants;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "a log file that is damaged in many ways is read to its end";
    Scenario::new("a_damaged_file_is_read_to_its_end", about, |s| {
        let ruin = s.part(Ruin);
        let mut script = s.generator("script");
        for second in 0..10 {
            let count = script.within(1..=u64::try_from(LEAST).expect("it is small"));
            let count = usize::try_from(count).expect("it is small");
            let pieces = [
                Piece::Line,
                Piece::Line,
                Piece::Line,
                Piece::Words,
                Piece::Array,
                Piece::Bytes,
                Piece::Blank,
                Piece::Cut(count),
                Piece::Glued(count),
                Piece::BreaksOff(count),
            ];
            s.at(secs(second), ruin.adds(*script.pick(&pieces)));
            if script.chance(1, 3) {
                s.at(secs(second), ruin.is_read());
            }
        }
        s.at(secs(10), ruin.is_read());

        s.check(damage_is_told());
    })
    .proves(
        &[Row::recovery(8), Row::end_to_end(22)],
        "damage_is_told",
        plants::BAD_LINES_ARE_PASSED_OVER,
    )
    .proves(&[Row::recovery(8)], "damage_is_told", plants::TORN_TAIL_IS_TAKEN_FOR_DAMAGE)
}
