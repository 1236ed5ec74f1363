//! Does `counts_add_up` judge every total of a last reading, late results included?

use crate::entry::*;
use crate::verdict::{breaks_at_end, keeps};
use retrip_core::breaker::State;
use retrip_sim::check::breaker::counts_add_up;
use retrip_sim::log::{BackendEvent, Value};

/// What every total is after [`run`], in the order in which they are judged.
fn totals() -> [(&'static str, Value); 7] {
    [
        ("success", count(2)),
        ("failure", count(1)),
        ("ignored", count(3)),
        ("rejected", count(4)),
        ("transitions", count(2)),
        ("last success", moment(6 * S)),
        ("last failure", moment(2 * S)),
    ]
}

fn run() -> Vec<(u64, Entry, char)> {
    let mut log = vec![
        (S, ok(), '.'),
        (2 * S, failed(), '.'),
        (2 * S, trips(), '.'),
        (3 * S, ignored().admitted(0, S), '.'),
        (3 * S, ignored().admitted(0, S), '.'),
    ];
    log.extend((0..4).map(|_| (4 * S, rejected(S), '.')));
    log.extend([
        (5 * S, reset(State::Open), '.'),
        (6 * S, ok().admitted(0, S), '.'),
        (6 * S, ignored(), '.'),
        (7 * S, ok().about("db"), '.'),
        (7 * S, trips().about("db"), '.'),
    ]);
    log
}

fn then(entries: impl IntoIterator<Item = Entry>) -> Vec<(u64, Entry, char)> {
    run().into_iter().chain(entries.into_iter().map(|entry| (9 * S, entry, '.'))).collect()
}

#[test]
fn the_totals_of_all_events_keep_it_whatever_the_rest_of_the_reading_says() {
    keeps(counts_add_up("llm"), then([read(&totals())]), '+');
    let rest = [
        ("", text("open")),
        ("since", moment(8)),
        ("late", count(8)),
        ("in flight", count(8)),
        ("successes in a row", count(8)),
        ("failures in a row", count(8)),
    ];
    let fields: Vec<_> = totals().into_iter().chain(rest).collect();
    keeps(counts_add_up("llm"), then([read(&fields)]), '+');
}

#[test]
fn one_more_one_less_or_none_of_any_total_breaks_it() {
    for (place, (name, wanted)) in totals().into_iter().enumerate() {
        let others: Vec<Value> = match &wanted {
            Value::Int(number) => vec![count(number - 1), count(number + 1)],
            Value::Instant(at) => {
                vec![moment(at.as_nanos() - 1), moment(at.as_nanos() + 1), text("never")]
            }
            value => panic!("no total is {value:?}"),
        };
        let words = format!("{name} {wanted}");
        for other in others {
            let found = format!("{name} {other}");
            let mut fields = totals();
            fields[place].1 = other;
            breaks_at_end(counts_add_up("llm"), then([read(&fields)]), &words, &found);
        }
        let lacks = read(&totals()).lacks(name);
        breaks_at_end(counts_add_up("llm"), then([lacks]), &words, &format!("{name} nothing"));
    }
}

#[test]
fn what_never_happened_is_read_as_never() {
    keeps(counts_add_up("llm"), [(S, read(&[]), '.')], '+');
    let log = [(S, read(&[("last success", moment(0))]), '.')];
    breaks_at_end(counts_add_up("llm"), log, "last success never", "last success 0.000s");
}

#[test]
fn only_a_reading_after_which_nothing_happens_to_it_is_judged() {
    let wrong = || read(&[]);
    keeps(counts_add_up("llm"), run(), '.');
    for after in [tried(), serves(), backend(BackendEvent::Fails)] {
        keeps(counts_add_up("llm"), then([wrong(), after]), '.');
    }
    keeps(counts_add_up("llm"), then([wrong(), read(&totals())]), '+');
    keeps(
        counts_add_up("llm"),
        then([read(&totals()), wrong().about("db"), tried().about("db")]),
        '+',
    );
    let found = "success 0";
    breaks_at_end(counts_add_up("llm"), then([read(&totals()), wrong()]), "success 2", found);
}
