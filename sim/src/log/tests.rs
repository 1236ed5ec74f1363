//! The text of each form, byte for byte, and what the digests see.

use super::*;
use crate::clock::BASE_WALL;
use crate::span::Offset;
use retrip_core::door::Instant;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::panic::Location;
use std::time::Duration;

const SECOND: u64 = 1_000_000_000;
const HOUR: i64 = 3_600_000_000_000;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// An event at `nanos`, by a wall clock that is `ahead` nanoseconds ahead.
pub(super) fn event(nanos: u64, ahead: i64, who: &str, what: What) -> Event {
    Event {
        engine: nanos,
        mono: Instant::from_nanos(nanos),
        wall: BASE_WALL.saturating_add_nanos(i128::from(nanos) + i128::from(ahead)),
        node: "local".into(),
        thread: "driver".into(),
        who: who.into(),
        what,
        cause: None,
        source: Location::caller(),
        steps: 0,
        checkpoint: 0,
    }
}

fn note(verb: &str, fields: &[(&str, Value)]) -> What {
    let fields = fields.iter().map(|(name, value)| (Name::from(*name), value.clone())).collect();
    What::Note { verb: verb.into(), fields }
}

fn time(name: &'static str, seconds: u64) -> (&'static str, Value) {
    (name, Value::Duration(secs(seconds)))
}

fn jump() -> What {
    let was = BASE_WALL.saturating_add_nanos(12 * i128::from(SECOND));
    What::Clock(ClockEvent::Jumps { by: Offset::from_nanos(-HOUR), was })
}

fn log(events: impl IntoIterator<Item = Event>) -> EventLog {
    let mut log = EventLog::new();
    events.into_iter().for_each(|event| log.push(event));
    log
}

/// A breaker that opens, waits through a step of the wall clock and closes.
fn wall_clock_back_while_open() -> EventLog {
    let failed = || What::Call(CallEvent::Failed);
    let more = [("", Value::Text("for 1.000s more".into()))];
    let mut events = vec![
        event(0, 0, "llm", What::Backend(BackendEvent::Fails)),
        event(0, 0, "llm", failed()),
        event(SECOND, 0, "llm", failed()),
        event(2 * SECOND, 0, "llm", failed()),
        event(2 * SECOND, 0, "llm", note("opens", &[time("for", 30)])),
        event(5 * SECOND, 0, "llm", What::Backend(BackendEvent::Recovers)),
        event(12 * SECOND, -HOUR, "clock", jump()),
        event(31 * SECOND, -HOUR, "llm", note("rejected", &more)),
        event(32 * SECOND, -HOUR, "llm", note("half-opens", &[time("after", 30)])),
        event(32 * SECOND, -HOUR, "llm", What::Call(CallEvent::Ok)),
        event(32 * SECOND, -HOUR, "llm", note("closes", &[])),
    ];
    events[6].cause = Some(Cause::Fault(0));
    log(events)
}

#[test]
fn the_full_text_has_fixed_columns() {
    assert_eq!(
        wall_clock_back_while_open().text().to_string(),
        "       t  wall      who    what         detail
  0.000s  12:00:00  llm    fails
  0.000s  12:00:00  llm    call failed
  1.000s  12:00:01  llm    call failed
  2.000s  12:00:02  llm    call failed
  2.000s  12:00:02  llm    opens        for 30.000s
  5.000s  12:00:05  llm    recovers
 12.000s  11:00:12  clock  jumps        -3600s, was 12:00:12
 31.000s  11:00:31  llm    rejected     for 1.000s more
 32.000s  11:00:32  llm    half-opens   after 30.000s
 32.000s  11:00:32  llm    call ok
 32.000s  11:00:32  llm    closes
"
    );
}

#[test]
fn every_kind_of_event_has_its_words() {
    let clock = |event| What::Clock(event);
    let thread = |event| What::Thread(event);
    let (mono, wall) = (ClockKind::Monotonic, ClockKind::Wall);
    let whats = [
        What::Backend(BackendEvent::Takes(Duration::from_millis(250))),
        What::Call(CallEvent::Begins { label: "a1".into() }),
        What::Call(CallEvent::Ignored),
        What::Call(CallEvent::Panicked),
        What::Call(CallEvent::Cancelled),
        What::Call(CallEvent::TimedOut { after: secs(3) }),
        clock(ClockEvent::Drifts { clock: mono, ppm: -50 }),
        clock(ClockEvent::Freezes { clock: wall, for_: Some(secs(35)) }),
        clock(ClockEvent::Freezes { clock: wall, for_: None }),
        clock(ClockEvent::Resumes { clock: mono }),
        clock(ClockEvent::Suspends { by: secs(10) }),
        thread(ThreadEvent::Starts),
        thread(ThreadEvent::Ends),
        thread(ThreadEvent::Stalls { for_: secs(30) }),
        thread(ThreadEvent::Panics { message: "first\nsecond".into() }),
        What::Line { level: "WARNING".into(), text: "slow\u{2028}er".into() },
        note("spends", &[("tokens", Value::Int(-3)), ("all", Value::Flag(true))]),
        note("is due", &[("at", Value::Instant(Instant::from_nanos(1)))]),
    ];
    let log = log(whats.into_iter().map(|what| event(0, 0, "x", what)));
    let text = log.text().to_string();
    let words: String = text.lines().skip(1).fold(String::new(), |mut words, line| {
        writeln!(words, "{}", line.strip_prefix("  0.000s  12:00:00  x      ").unwrap()).unwrap();
        words
    });
    assert_eq!(
        words,
        "takes           0.250s
call begins     a1
call ignored
call panicked
call cancelled
call timed out  after 3.000s
drifts          monotonic by -50ppm
freezes         wall for 35.000s
freezes         wall for good
resumes         monotonic
suspends        for 10.000s
starts
ends
stalls          for 30.000s
panics          first\\nsecond
WARNING         slow\\u{2028}er
spends          tokens -3, all true
is due          at 0.000000001s
"
    );
}

#[test]
fn what_does_not_fit_widens_the_whole_log_and_a_longer_name_its_own_line() {
    let call = || What::Call(CallEvent::Ok);
    let log = log([
        event(SECOND, 0, "llm", call()),
        event(1_500_000_000, 0, "llm", What::Call(CallEvent::TimedOut { after: secs(3) })),
        event(9999 * SECOND + 999_999_999, 0, "payments", call()),
        event(30 * SECOND, -13 * HOUR, "warehouse", call()),
    ]);
    assert_eq!(
        log.text().to_string(),
        "              t  wall                who       what            detail
         1.000s  12:00:01            llm       call ok
         1.500s  12:00:01.500        llm       call timed out  after 3.000s
9999.999999999s  14:46:39.999999999  payments  call ok
        30.000s  23:00:30            warehouse  call ok
"
    );
}

#[test]
fn a_column_is_as_narrow_as_in_the_book_unless_something_in_it_does_not_fit() {
    let short = || event(999 * SECOND, 0, "clock", note("half-openin", &[time("", 1)]));
    let caller = |name: &str| Event { thread: name.into(), ..short() };
    let narrow = "       t  wall      thread      who    what         detail";
    for (other, wanted) in [
        (caller("caller-100"), narrow),
        (caller("callers-100"), "       t  wall      thread            who    what         detail"),
        (
            event(1000 * SECOND, 0, "x", note("opens", &[])),
            "              t  wall      who    what         detail",
        ),
        (
            event(1, -1, "x", note("opens", &[])),
            "              t  wall      who    what         detail",
        ),
        (
            event(0, 1, "x", note("opens", &[])),
            "       t  wall                who    what         detail",
        ),
        (
            event(0, 0, "clocks", note("opens", &[])),
            "       t  wall      who       what         detail",
        ),
        (
            event(0, 0, "x", note("half-opening", &[time("", 1)])),
            "       t  wall      who    what            detail",
        ),
        // Nothing follows.
        (
            event(0, 0, "x", note("half-opening", &[])),
            "       t  wall      who    what         detail",
        ),
    ] {
        let text = log([short(), other]).text().to_string();
        assert_eq!(text.lines().next(), Some(wanted), "{text}");
    }
}

#[test]
fn the_decision_log_is_as_wide_as_what_it_shows() {
    let failed = |nanos| event(nanos, 0, "counter", What::Call(CallEvent::Failed));
    let log = log([failed(1), event(SECOND, 0, "llm", What::Backend(BackendEvent::Fails))]);
    let text = log.decisions().to_string();
    let (_, shown) = text.split_once("\n\n").expect("a head line");
    assert_eq!(
        shown,
        "   count  who       what
       1  counter   call failed
       1  llm       fails

node local
       t  wall      who    what         detail
  1.000s  12:00:01  llm    fails
"
    );
}

#[test]
fn beside_another_log_equal_events_are_equal_lines() {
    let fails = || event(SECOND, 0, "llm", What::Backend(BackendEvent::Fails));
    let narrow = log([fails()]);
    let mut events = [fails(), event(1, 0, "payments", What::Backend(BackendEvent::Recovers))];
    events[1].thread = "caller-1".into();
    let wide = log(events);
    let (first, second) = (narrow.text().beside(&wide.text()), wide.text().beside(&narrow.text()));
    assert_eq!(second.to_string(), wide.text().to_string(), "it has all the columns already");
    assert!(second.to_string().starts_with(&first.to_string()), "{first}{second}");

    let (of_one, of_other) = (narrow.decisions(), wide.decisions());
    assert_eq!(of_other.beside(&of_one).to_string(), of_other.to_string());
    let shared = "       1  llm       fails\n";
    assert!(!of_one.to_string().contains(shared) && of_other.to_string().contains(shared));
    let (one, other) = (of_one.beside(&of_other).to_string(), of_other.to_string());
    let (_, fails) = one.split_once("node local\n").expect("a change of state");
    assert!(one.contains(shared) && other.contains(fails), "{one}{other}");
}

#[test]
fn threads_and_nodes_show_where_there_are_several() {
    let mut events = [0, 1].map(|_| event(0, 0, "llm", What::Call(CallEvent::Ok)));
    events[1].thread = "caller-1".into();
    assert_eq!(
        log(events.clone()).text().to_string(),
        "       t  wall      thread      who    what         detail
  0.000s  12:00:00  driver      llm    call ok
  0.000s  12:00:00  caller-1    llm    call ok
"
    );
    events[1].node = "n2".into();
    let text = log(events).text().to_string();
    assert!(text.ends_with("  0.000s  12:00:00  n2/caller-1       llm    call ok\n"), "{text}");
    assert_eq!(log([]).text().to_string(), format!("{}\n", Layout::ONE_THREAD.header()));
}

#[test]
fn the_decision_log_counts_what_is_no_change_of_state() {
    assert_eq!(
        wall_clock_back_while_open().decisions().to_string(),
        "events: 11  digest: 4cc924a2bc75ab6b293e473913639bab

   count  who    what
       1  clock  jumps
       3  llm    call failed
       1  llm    call ok
       1  llm    closes
       1  llm    fails
       1  llm    half-opens
       1  llm    opens
       1  llm    recovers
       1  llm    rejected

node local
       t  wall      who    what         detail
  0.000s  12:00:00  llm    fails
  5.000s  12:00:05  llm    recovers
 12.000s  11:00:12  clock  jumps        -3600s, was 12:00:12
"
    );
}

#[test]
fn one_more_call_changes_its_total_and_the_head_only() {
    let before = wall_clock_back_while_open();
    let mut events = before.events().to_vec();
    events.insert(2, events[1].clone());
    let (before, after) = (before.decisions().to_string(), log(events).decisions().to_string());
    let changed: Vec<&str> = before
        .lines()
        .zip(after.lines())
        .filter_map(|(before, after)| (before != after).then_some(after))
        .collect();
    assert_eq!(before.lines().count(), after.lines().count());
    assert_eq!(changed[1..], ["       4  llm    call failed"]);
}

#[test]
fn a_decision_is_a_change_of_state() {
    let panics = ThreadEvent::Panics { message: "no".into() };
    assert!(What::Thread(panics).is_decision());
    assert!(jump().is_decision());
    assert!(!What::Thread(ThreadEvent::Starts).is_decision());
    assert!(!What::Call(CallEvent::Failed).is_decision());
}

#[test]
fn json_lines_hold_every_field_in_the_same_order() {
    let mut events = vec![
        event(12 * SECOND, -HOUR, "clock", jump()),
        event(
            0,
            0,
            "llm",
            note("opens", &[time("for", 30), ("why", Value::Text("\"x\"\n".into()))]),
        ),
        event(0, 0, "c", What::Clock(ClockEvent::Freezes { clock: ClockKind::Wall, for_: None })),
    ];
    events[0].cause = Some(Cause::Fault(3));
    events[1].cause = Some(Cause::Call("a1".into()));
    (events[2].steps, events[2].checkpoint) = (7, u64::MAX);
    let log = log(events);
    let source = log.events()[0].source;
    let expected = format!(
        r#"{{"engine":12000000000,"mono":12000000000,"wall":1767265212000000000,"node":"local","thread":"driver","who":"clock","kind":"clock","what":"jumps","values":{{"by":-3600000000000,"was":1767268812000000000}},"cause":{{"fault":3}},"source":"{source}","steps":0,"checkpoint":0}}
{{"engine":0,"mono":0,"wall":1767268800000000000,"node":"local","thread":"driver","who":"llm","kind":"note","what":"opens","values":{{"for":30000000000,"why":"\"x\"\n"}},"cause":{{"call":"a1"}},"source":"{source}","steps":0,"checkpoint":0}}
{{"engine":0,"mono":0,"wall":1767268800000000000,"node":"local","thread":"driver","who":"c","kind":"clock","what":"freezes","values":{{"clock":"wall","for":null}},"cause":null,"source":"{source}","steps":7,"checkpoint":18446744073709551615}}
{{"events":3,"digest":"{digest}"}}
"#,
        digest = log.digest(),
    );
    assert_eq!(log.json().to_string(), expected);
    for line in expected.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("each line is one JSON object");
    }
}

#[test]
fn the_digest_sees_everything_but_where_the_code_stands() {
    let plain = || event(5, 0, "llm", What::Call(CallEvent::Ok));
    let digest = |event: Event| log([event]).digest().value();
    let expected = digest(plain());

    assert_eq!(digest(Event { source: Location::caller(), ..plain() }), expected);
    assert_eq!(digest(Event { steps: 9, checkpoint: 9, ..plain() }), expected);

    let others = [
        Event { engine: 6, ..plain() },
        Event { mono: Instant::from_nanos(6), ..plain() },
        Event { wall: BASE_WALL, ..plain() },
        Event { node: "n2".into(), ..plain() },
        Event { thread: "t2".into(), ..plain() },
        Event { who: "other".into(), ..plain() },
        Event { what: What::Call(CallEvent::Failed), ..plain() },
        Event { cause: Some(Cause::Step(0)), ..plain() },
    ];
    let mut seen: Vec<u128> = others.into_iter().map(digest).chain([expected]).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 9);
}

#[test]
fn each_node_has_a_digest_of_its_own() {
    let on = |node: &str, nanos| Event {
        node: node.into(),
        ..event(nanos, 0, "llm", What::Call(CallEvent::Ok))
    };
    let together = log([on("a", 1), on("b", 2), on("a", 3)]);
    let swapped = log([on("b", 2), on("a", 1), on("a", 3)]);
    assert_eq!(together.node_digests(), swapped.node_digests());
    assert_eq!(together.node_digests().len(), 2);
    assert_ne!(together.digest(), swapped.digest());
    for (node, alone) in
        [("a", log([on("a", 1), on("a", 3)])), ("b", log([on("b", 2)])), ("c", log([on("c", 1)]))]
    {
        // Of one node only, it is that of the log.
        assert_eq!(alone.node_digests(), BTreeMap::from([(node.into(), alone.digest().clone())]));
        let elsewhere = together.node_digests().get(node).cloned();
        assert_eq!(elsewhere, (node != "c").then(|| alone.digest().clone()), "{node}");
    }
    assert!(EventLog::new().node_digests().is_empty());
}
