//! Do `own_context_only` and `context_ends_with_its_scope` know the context that each task should have?

use crate::entry::*;
use crate::verdict::{Line, breaks, keeps};
use retrip_sim::check::context::{context_ends_with_its_scope, own_context_only};

fn fields(fields: &[(&'static str, &str)]) -> Vec<(&'static str, retrip_sim::log::Value)> {
    fields.iter().map(|(name, value)| (*name, text(value))).collect()
}

fn enters(of: &[(&'static str, &str)]) -> Entry {
    does("enters", &fields(of)).about("app")
}

fn leaves() -> Entry {
    does("leaves", &[]).about("app")
}

/// A line with this context, its message and its number.
fn line(of: &[(&'static str, &str)]) -> Entry {
    let own = [("", text("hello")), ("seq", count(7))];
    logs(&own.into_iter().chain(fields(of)).collect::<Vec<_>>())
}

fn sees(of: &[(&'static str, &str)]) -> Entry {
    does("sees", &fields(of)).about("app")
}

fn garbles() -> Entry {
    does("garbles", &[("", text("{\"mess"))]).about("app")
}

const REQUEST: (&str, &str) = ("request_id", "r-1");
const USER: (&str, &str) = ("user_id", "u-1");
const OTHER_USER: (&str, &str) = ("user_id", "u-2");

fn nested() -> Vec<Line> {
    vec![(S, enters(&[REQUEST, USER]), '.'), (2 * S, enters(&[OTHER_USER]), '.')]
}

#[test]
fn a_line_with_all_scopes_of_its_task_keeps_it() {
    let log = [
        (0, line(&[]), '+'),
        (S, enters(&[REQUEST]), '.'),
        (S, line(&[REQUEST]), '+'),
        (2 * S, enters(&[USER]), '.'),
        (2 * S, line(&[REQUEST, USER]), '+'),
        (2 * S, sees(&[REQUEST, USER]), '+'),
        (2 * S, line(&[]).by("worker"), '+'),
        (3 * S, enters(&[OTHER_USER]).by("worker"), '.'),
        (3 * S, line(&[OTHER_USER]).by("worker"), '+'),
        (3 * S, line(&[REQUEST, USER]), '+'),
        (4 * S, leaves(), '.'),
        (4 * S, line(&[REQUEST]), '+'),
        (5 * S, leaves(), '.'),
        (5 * S, sees(&[]), '+'),
        (5 * S, line(&[OTHER_USER]).by("worker"), '+'),
        (6 * S, does("waits", &[]).about("app"), '.'),
        (6 * S, ok(), '.'),
    ];
    keeps(own_context_only(), log, '.');
}

#[test]
fn the_inner_of_two_fields_of_a_key_is_there_in_its_place() {
    let twice = [(S, enters(&[USER, REQUEST]), '.'), (2 * S, enters(&[OTHER_USER]), '.')];
    keeps(
        own_context_only(),
        twice.clone().into_iter().chain([(2 * S, line(&[REQUEST, OTHER_USER]), '+')]),
        '.',
    );
    let (wanted, outer) = ("request_id r-1, user_id u-2", "request_id r-1, user_id u-1");
    breaks(own_context_only(), twice.clone(), (2 * S, line(&[REQUEST, USER])), wanted, outer);
    let out_of_order = (2 * S, line(&[OTHER_USER, REQUEST]));
    breaks(own_context_only(), twice, out_of_order, wanted, "user_id u-2, request_id r-1");
}

#[test]
fn a_field_too_many_too_few_or_of_another_task_breaks_it() {
    let log = [(S, enters(&[REQUEST]), '.'), (S, enters(&[USER]).by("worker"), '.')];
    let cases = [
        (line(&[]), "no context"),
        (sees(&[]), "no context"),
        (line(&[USER]), "user_id u-1"),
        (line(&[REQUEST, USER]), "request_id r-1, user_id u-1"),
        (line(&[REQUEST, REQUEST]), "request_id r-1, request_id r-1"),
        (line(&[("request_id", "r-2")]), "request_id r-2"),
    ];
    for (entry, found) in cases {
        breaks(own_context_only(), log.clone(), (2 * S, entry), "request_id r-1", found);
    }
    let late = log.into_iter().chain([(2 * S, leaves(), '.')]);
    breaks(own_context_only(), late, (2 * S, line(&[REQUEST])), "no context", "request_id r-1");
}

#[test]
fn what_is_no_line_breaks_it() {
    breaks(own_context_only(), [(S, line(&[]), '+')], (S, garbles()), "a line", "{\"mess");
}

#[test]
fn the_context_from_before_a_scope_is_back_after_it() {
    let left = nested().into_iter().chain([
        (2 * S, line(&[]), '.'),
        (3 * S, leaves(), '.'),
        (3 * S, line(&[REQUEST, USER]), '+'),
        (4 * S, sees(&[REQUEST, USER]), '+'),
        (5 * S, leaves(), '.'),
        (5 * S, line(&[]), '+'),
        (6 * S, garbles(), '.'),
        (6 * S, ok(), '.'),
    ]);
    keeps(context_ends_with_its_scope(), left, '.');
}

#[test]
fn a_context_that_outlives_its_scope_or_goes_with_an_inner_one_breaks_it() {
    let left: Vec<Line> = nested().into_iter().chain([(3 * S, leaves(), '.')]).collect();
    let wanted = "request_id r-1, user_id u-1";
    let cases = [
        (line(&[REQUEST, OTHER_USER]), "request_id r-1, user_id u-2"),
        (line(&[REQUEST]), "request_id r-1"),
        (sees(&[]), "no context"),
    ];
    for (entry, found) in cases {
        breaks(context_ends_with_its_scope(), left.clone(), (4 * S, entry), wanted, found);
    }
    let twice = left.into_iter().chain([(4 * S, leaves(), '.')]);
    let outlives = (4 * S, line(&[REQUEST, USER]));
    breaks(context_ends_with_its_scope(), twice, outlives, "no context", wanted);
}

#[test]
fn only_a_task_that_has_left_a_scope_is_judged() {
    let log = nested().into_iter().chain([
        (3 * S, leaves().by("worker"), '.'),
        (3 * S, line(&[USER]), '.'),
        (3 * S, line(&[]).by("worker"), '+'),
        (4 * S, enters(&[USER]).by("worker"), '.'),
        (4 * S, line(&[USER]).by("worker"), '+'),
    ]);
    keeps(context_ends_with_its_scope(), log, '.');
}
