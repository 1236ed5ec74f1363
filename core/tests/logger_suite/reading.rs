//! The reader survives any file, and the filter agrees with looking at each record.

use proptest::prelude::*;
use retrip_core::door::Timestamp;
use retrip_core::logger::{EventType, Filter, Level, Record, SkipReason, read_json_log};

fn line(n: u64, level: Level, component: &str, request: &str) -> String {
    let at = Timestamp::from_unix_nanos(i128::from(n) * 1_000_000_000);
    let event_type = if n.is_multiple_of(2) { EventType::SystemStart } else { EventType::Custom };
    format!(
        r#"{{"timestamp":"{at}","schema_version":"1.0.0","level":"{level}","logger":"llm","seq":{n:>16},"event_type":"{event_type}","message":"","component":"{component}","request_id":"{request}"}}"#
    )
}

#[test]
fn bad_lines_are_named_and_the_rest_is_read() {
    let text = "{\"seq\":1}\n\n[2]\n{\"seq\":3\n{\"seq\":4} \n{\"seq\":5}";
    let log = read_json_log(text.as_bytes());
    let seqs: Vec<_> = log.records.iter().map(|record| (record.line, record.seq())).collect();
    assert_eq!(seqs, [(1, Some(1)), (5, Some(4)), (6, Some(5))]);
    let skipped: Vec<_> =
        log.skipped.iter().map(|skipped| (skipped.line, skipped.offset)).collect();
    assert_eq!(skipped, [(3, 11), (4, 15)]);
    assert_eq!(log.skipped[0].reason, SkipReason::NotAnObject);
    assert_eq!(
        log.skipped[1].reason.to_string(),
        "the line is not JSON: it ends before it is complete"
    );
    assert_eq!(log.torn_tail, None);
    assert_eq!(log.seq_gaps(), [2..=3]);
}

#[test]
fn a_key_is_found_however_it_is_written_and_the_last_of_two_stands() {
    let text = r#" {"seq":1,"message":"a","\u0073eq" : 2,"message":"b\n","k\\":"c","empty":""} "#;
    let log = read_json_log(text.as_bytes());
    let record = &log.records[0];
    assert_eq!(
        (record.seq(), record.message(), record.text("k\\")),
        (Some(2), Some("b\n"), Some("c"))
    );
    assert_eq!(
        (record.text("k\\\\"), record.text("empty"), record.text("seq")),
        (None, Some(""), None)
    );
    assert_eq!((record.offset, record.raw()), (1, text.trim()));
    let elsewhere = read_json_log(format!("\n{text}").as_bytes()).records;
    assert!(log.records == log.records.clone() && log.records != elsewhere);
    assert_ne!(read_json_log(br#" {"seq":1}"#).records, read_json_log(br#" {"seq":2}"#).records);
    let written: Vec<_> = record.written().collect();
    assert_eq!(written[2..4], [("\\u0073eq", "2"), ("message", r#""b\n""#)]);
    let keys = record.members().iter().map(|(key, _)| &key[..]);
    assert_eq!(keys.collect::<Vec<_>>(), ["seq", "message", "seq", "message", "k\\", "empty"]);
}

#[test]
fn each_criterion_chooses_what_meets_it_and_nothing_that_lacks_its_key() {
    let text = concat!(
        r#"{"timestamp":"2026-01-01T12:00:00.000000000Z","level":"INFO","seq":1,"event_type":"custom","#,
        r#""component":"a","request_id":"r"}"#,
        "\n",
        r#"{"timestamp":"2026-01-01T14:00:00+01:00","level":"ERROR","seq":2,"event_type":"system.start","#,
        r#""component":"a\"b","request_id":"r2"}"#,
        "\n",
        r#"{"timestamp":"2026-01-01T14:00:00.5Z","level":"WARNING","seq":3,"event_type":"of.another","#,
        r#""component":7}"#,
        "\n{}\n",
        r#"{"timestamp":"at noon","level":"LOUD","seq":"4"}"#,
        "\n",
    );
    let log = read_json_log(text.as_bytes());
    assert_eq!(log.records.len(), 5);
    let at = |text: &str| text.parse::<Timestamp>().expect("it is a moment");
    for (filter, chosen) in [
        (Filter::new(), &[0, 1, 2, 3, 4][..]),
        (Filter::new().level(Level::Error), &[1]),
        (Filter::new().least_level(Level::Warning), &[1, 2]),
        (Filter::new().event_type(EventType::SystemStart), &[1]),
        (Filter::new().component("a\"b"), &[1]),
        (Filter::new().component("7"), &[2]),
        (Filter::new().component("7.0"), &[]),
        (Filter::new().component("\"a\""), &[]),
        (Filter::new().request_id("r"), &[0]),
        (Filter::new().text("component", "a").text("request_id", "r"), &[0]),
        (Filter::new().text("component", "a").text("request_id", "r2"), &[]),
        (Filter::new().since(at("2026-01-01T12:00:00Z")), &[0, 1, 2]),
        (Filter::new().since(at("2026-01-01T13:00:00Z")), &[1, 2]),
        (Filter::new().since(at("2026-01-01T13:00:00.000000001Z")), &[2]),
        (Filter::new().until(at("2026-01-01T14:00:00Z")), &[0, 1]),
        (Filter::new().until(at("2026-01-01T14:00:00.5Z")), &[0, 1, 2]),
        (Filter::new().seqs(2..=3), &[1, 2]),
        (Filter::new().seqs(0..=u64::MAX), &[0, 1, 2]),
        (Filter::new().seqs(2..=3).least_level(Level::Error), &[1]),
    ] {
        let found: Vec<_> =
            filter.choose(&log.records).iter().map(|record| record.line - 1).collect();
        assert_eq!(found, chosen, "{filter:?}");
    }
}

proptest! {
    #[test]
    fn whole_records_are_found_among_any_bytes(junk in prop::collection::vec(any::<u8>(), 0..64)) {
        let mut file = line(1, Level::Info, "a", "r").into_bytes();
        file.push(b'\n');
        file.extend_from_slice(&junk);
        file.extend_from_slice(line(2, Level::Info, "a", "r").as_bytes());
        let log = read_json_log(&file);
        prop_assert_eq!(log.records[0].seq(), Some(1));
        prop_assert_eq!(log.records.last().and_then(Record::seq), Some(2));
        file.push(b'\n');
        let log = read_json_log(&file);
        prop_assert_eq!(log.records.last().and_then(Record::seq), Some(2));
        prop_assert_eq!(log.torn_tail, None);
    }

    #[test]
    fn any_criteria_together_choose_what_meets_each(
        lines in prop::collection::vec(
            (prop::sample::select(Level::ALL), "[ab]", "[xy]"), 0..12,
        ),
        exact in prop::option::of(prop::sample::select(Level::ALL)),
        least in prop::option::of(prop::sample::select(Level::ALL)),
        start in any::<bool>(),
        component in prop::option::of("[ab]"),
        request in prop::option::of("[xy]"),
        since in prop::option::of(0..12_u64),
        until in prop::option::of(0..12_u64),
        seqs in prop::option::of(0..12_u64),
    ) {
        let text: String = (0..).zip(&lines)
            .map(|(n, (level, component, request))| line(n, *level, component, request) + "\n")
            .collect();
        let log = read_json_log(text.as_bytes());
        let moment = |n: u64| Timestamp::from_unix_nanos(i128::from(n) * 1_000_000_000);
        let mut filter = Filter::new();
        if let Some(level) = exact { filter = filter.level(level); }
        else if let Some(level) = least { filter = filter.least_level(level); }
        if start { filter = filter.event_type(EventType::SystemStart); }
        if let Some(component) = &component { filter = filter.component(component); }
        if let Some(request) = &request { filter = filter.request_id(request); }
        if let Some(n) = since { filter = filter.since(moment(n)); }
        if let Some(n) = until { filter = filter.until(moment(n)); }
        if let Some(n) = seqs { filter = filter.seqs(n..=n + 3); }
        let chosen: Vec<u64> =
            filter.choose(&log.records).into_iter().filter_map(Record::seq).collect();
        let naive: Vec<u64> = (0..).zip(&lines)
            .filter(|(n, (level, its_component, its_request))| {
                exact.map_or(least.is_none_or(|least| *level >= least), |exact| *level == exact)
                    && (!start || n % 2 == 0)
                    && component.as_ref().is_none_or(|wanted| wanted == its_component)
                    && request.as_ref().is_none_or(|wanted| wanted == its_request)
                    && since.is_none_or(|since| *n >= since)
                    && until.is_none_or(|until| *n <= until)
                    && seqs.is_none_or(|first| (first..=first + 3).contains(n))
            })
            .map(|(n, _)| n)
            .collect();
        prop_assert_eq!(chosen, naive);
    }
}

#[test]
fn a_line_may_nest_sixty_four_deep_and_no_deeper() {
    let line = |depth: usize| {
        let text = format!("{{\"a\":{}{}}}\n", "[".repeat(depth - 1), "]".repeat(depth - 1));
        let log = read_json_log(text.as_bytes());
        (log.records.len(), log.skipped.first().map(|skipped| skipped.reason.to_string()))
    };
    assert_eq!(line(64), (1, None));
    let said = "the line is not JSON: the nesting at byte 68 is deeper than 64";
    assert_eq!(line(65), (0, Some(said.to_owned())));
}
