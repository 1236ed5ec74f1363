//! Simpler operations in place of others, so that one cause has one smallest case, whichever way a seed came to it.

use super::search::{Search, calm};
use super::size::words;
use super::turns::accept_with_few;
use crate::plan::Plan;
use crate::span::Span;
use std::collections::BTreeSet;

/// Scripts that are longer are left as they are: only what is nearly minimal is worth the runs.
const MOST_STEPS: usize = 12;
/// In scripts that are no longer than this, every operation is tried in place of every other one.
const MOST_REPLACED: usize = 6;
/// In scripts that are no longer than this, also with every deviation of the schedule.
const MOST_TURNED: usize = 3;

/// How an operation ends that takes no time.
const NO_TIME: &str = " 0s";

/// Replaces each operation by the simplest one that fails as well, and leaves out what another way of doing the rest makes
/// needless: `llm fails; call llm` becomes `call llm and fail`.
///
/// Of two operations the one with fewer words is simpler, and of those with equally many the one that its part lists first.
pub(super) fn shrink(search: &mut Search<'_>) {
    if steps(search.best()) > MOST_STEPS {
        return;
    }
    needless(search);
    for index in 0..steps(search.best()) {
        fewer_words(search, index);
        simplest(search, index);
    }
}

/// Leaves out words of an operation, one at a time: `enter user_id=u-1 component=api` becomes `enter component=api`.
fn fewer_words(search: &mut Search<'_>, index: usize) {
    let mut place = 0;
    while let Some(now) = operation(search.best(), index) {
        let mut words: Vec<&str> = now.split(' ').collect();
        if place >= words.len() || words.len() == 1 {
            return;
        }
        words.remove(place);
        let shorter = words.join(" ");
        if !replace(search, index, shorter) {
            place += 1;
        }
    }
}

/// Tries `operation` in place of the one at `index`.
fn replace(search: &mut Search<'_>, index: usize, operation: String) -> bool {
    let mut candidate = search.best().clone();
    if let Some(step) = candidate.script.as_mut().and_then(|script| script.get_mut(index)) {
        step.operation = operation;
    }
    search.accept(candidate)
}

fn simplest(search: &mut Search<'_>, index: usize) {
    let Some(now) = operation(search.best(), index) else { return };
    for form in simpler(search.forms(), now) {
        if replace(search, index, form) {
            return;
        }
    }
}

/// The complete operations among `forms` that are simpler than `operation`, the simplest first.
fn simpler(forms: &[String], operation: &str) -> Vec<String> {
    let listed = |text: &str| forms.iter().position(|form| has_form(text, form));
    let rank = |text: &str| (words(text), listed(text).unwrap_or(usize::MAX));
    let mut found: Vec<&String> =
        forms.iter().filter(|form| is_complete(form) && rank(form) < rank(operation)).collect();
    found.sort_by_key(|form| rank(form));
    found.into_iter().cloned().collect()
}

/// Leaves out a step by doing all operations of one kind in another way.
fn needless(search: &mut Search<'_>) {
    let mut index = 0;
    while index < steps(search.best()) && !search.is_spent() {
        if !without(search, index) {
            index += 1;
        }
    }
}

fn without(search: &mut Search<'_>, index: usize) -> bool {
    let mut shorter = search.best().clone();
    let Some(script) = &mut shorter.script else { return false };
    script.remove(index);
    let mut others: Vec<String> = script.iter().map(|step| step.operation.clone()).collect();
    others.sort_unstable();
    others.dedup();
    for other in others {
        for form in
            search.forms().iter().filter(|form| is_complete(form)).cloned().collect::<Vec<_>>()
        {
            let mut candidate = shorter.clone();
            for step in candidate.script.iter_mut().flatten() {
                if step.operation == other {
                    step.operation.clone_from(&form);
                }
            }
            if search.accept(candidate) {
                return true;
            }
        }
    }
    false
}

/// Does one thing of the best so far in another way, where that spares turns, actors or words.
pub(super) fn shrink_otherwise(search: &mut Search<'_>) {
    if steps(search.best()) <= MOST_REPLACED {
        let best = search.best().clone();
        accept_with_another(search, &best);
    }
}

/// Whether `plan` is smaller and fails with one of its operations replaced by any that somebody could do.
pub(super) fn accept_with_another(search: &mut Search<'_>, plan: &Plan) -> bool {
    (0..steps(plan)).any(|index| {
        let others = others(search, plan, operation(plan, index).unwrap_or_default());
        others.into_iter().any(|other| search.accept_alike_calm(doing(plan, index, other)))
    })
}

/// As [`accept_with_another`], with up to one deviation of the schedule.
pub(super) fn accept_with_another_and_a_turn(search: &mut Search<'_>, plan: &Plan) -> bool {
    if !search.size().takes_turns() || steps(plan) > MOST_TURNED {
        return false;
    }
    (0..steps(plan)).any(|index| {
        let others = others(search, plan, operation(plan, index).unwrap_or_default());
        others.into_iter().any(|other| accept_with_few(search, &doing(plan, index, other), 1))
    })
}

/// What could be done in place of `now`, for no time, as long as it, or as long as a parameter of `plan` says.
fn others(search: &Search<'_>, plan: &Plan, now: &str) -> Vec<String> {
    let time = |word: &str| word.parse().ok().map(|Span(time)| Span(time).to_string());
    let parameters = plan.parameters.iter().filter_map(|parameter| time(&parameter.value));
    let times: BTreeSet<String> = parameters.chain(now.split(' ').filter_map(time)).collect();
    let mut others = search.repertoire().to_vec();
    for operation in search.repertoire().iter().filter(|text| text.ends_with(NO_TIME)) {
        let stem = operation.trim_end_matches(NO_TIME);
        others.extend(times.iter().map(|time| format!("{stem} {time}")));
    }
    others
}

/// Whether the best so far fails under the default schedule with two of its operations replaced.
pub(super) fn without_turns(search: &mut Search<'_>) -> bool {
    if !search.size().takes_turns() || steps(search.best()) > MOST_REPLACED {
        return false;
    }
    let best = calm(search.best());
    let repertoire = others(search, &best, "");
    (0..steps(&best)).any(|first| {
        repertoire.iter().any(|other| {
            let one = doing(&best, first, other.clone());
            search.accept_alike(one.clone())
                || (first + 1..steps(&best)).any(|second| {
                    let with = |another: &String| doing(&one, second, another.clone());
                    repertoire.iter().any(|another| search.accept_alike(with(another)))
                })
        })
    })
}

fn doing(plan: &Plan, index: usize, operation: String) -> Plan {
    let mut plan = plan.clone();
    if let Some(step) = plan.script.as_mut().and_then(|script| script.get_mut(index)) {
        step.operation = operation;
    }
    plan
}

/// One operation of each form, or several where it names alternatives: a blank is filled with the simplest that there is.
pub(super) fn filled(forms: &[String]) -> Vec<String> {
    let mut filled = Vec::new();
    for form in forms {
        let mut all: Vec<Vec<&str>> = vec![Vec::new()];
        for word in form.split(' ') {
            let fillings: Vec<&str> = match word {
                "DURATION" => vec![NO_TIME.trim_start()],
                "OFFSET" => vec!["-1ns", "1ns"],
                _ if word.contains('|') => word.split('|').collect(),
                _ if is_blank(word) => vec!["a"],
                _ => vec![word],
            };
            all = fillings
                .iter()
                .flat_map(|&word| all.iter().map(move |words| [&words[..], &[word]].concat()))
                .collect();
        }
        filled.extend(all.into_iter().map(|words| words.join(" ")));
    }
    filled
}

/// Whether a form is an operation as it stands, with nothing to be filled in.
fn is_complete(form: &str) -> bool {
    !form.split(' ').any(is_blank)
}

/// Whether a word of a form stands for others: `DURATION`, `ok|failed`.
fn is_blank(word: &str) -> bool {
    word.contains(|letter: char| letter.is_ascii_uppercase() || letter == '|')
}

/// Whether `operation` has this form.
pub(crate) fn has_form(operation: &str, form: &str) -> bool {
    let (mut form, mut operation) = (form.split(' '), operation.split(' '));
    loop {
        match (form.next(), operation.next()) {
            (None, None) => return true,
            (Some(blank), Some(word)) if is_blank(blank) || blank == word => {}
            _ => return false,
        }
    }
}

fn steps(plan: &Plan) -> usize {
    plan.script.as_ref().map_or(0, Vec::len)
}

fn operation(plan: &Plan, index: usize) -> Option<&str> {
    Some(&*plan.script.as_ref()?.get(index)?.operation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simpler_is_what_has_fewer_words_or_is_listed_before() {
        let forms =
            ["llm takes DURATION", "call llm", "call llm and fail", "call llm and panic", "yield"];
        let forms = forms.map(String::from);
        let simpler = |operation| simpler(&forms, operation);
        assert_eq!(simpler("call llm and panic"), ["yield", "call llm", "call llm and fail"]);
        assert_eq!(simpler("llm takes 3s"), ["yield", "call llm"]);
        assert!(simpler("yield").is_empty());
    }
}
