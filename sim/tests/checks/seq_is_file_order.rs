//! Does `seq_is_file_order` find a gap, a repetition and a wrong beginning?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_sim::check::seq_is_file_order;

fn line(seq: i64) -> Entry {
    logs(&[("", text("hello")), ("seq", count(seq)), ("user_id", text("u-1"))])
}

#[test]
fn lines_that_are_numbered_from_one_on_keep_it() {
    let log = [(S, line(1), '+'), (S, line(2), '+'), (2 * S, line(3), '+')];
    keeps(seq_is_file_order("app"), log, '.');
}

#[test]
fn a_gap_a_repetition_and_a_line_out_of_order_break_it() {
    let two = [(S, line(1), '+'), (S, line(2), '+')];
    for (seq, found) in [(4, "line 4"), (2, "line 2"), (1, "line 1"), (-3, "line -3")] {
        breaks(seq_is_file_order("app"), two.clone(), (2 * S, line(seq)), "line 3", found);
    }
    for (seq, found) in [(0, "line 0"), (2, "line 2")] {
        breaks(seq_is_file_order("app"), [], (2 * S, line(seq)), "line 1", found);
    }
}

#[test]
fn only_lines_of_this_logger_that_have_a_number_are_judged() {
    let log = [
        (S, line(7).about("audit"), '.'),
        (S, logs(&[("", text("hello")), ("user_id", count(9))]), '.'),
        (S, logs(&[("seq", text("nine"))]), '.'),
        (S, does("sees", &[("seq", count(9))]).about("app"), '.'),
        (S, ok().about("app"), '.'),
        (S, line(1), '+'),
    ];
    keeps(seq_is_file_order("app"), log, '.');
}
