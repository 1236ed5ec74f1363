//! The promise of the reader: every complete record of a damaged file comes back, and nothing that was not written.

use crate::lab::Lab;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use retrip_core::logger::{
    EventType, Level, LogField, LoggerBuilder, MemorySink, Record, SkipReason, Value, read_json_log,
};

/// What an event is given beside its message.
#[derive(Clone, Debug)]
enum Given {
    Text(String),
    /// A map that begins as a line does.
    Nested,
    /// A map that has the whole head of a line.
    Imitation,
}

fn given() -> impl Strategy<Value = Given> {
    prop_oneof![
        "[ -~é\n\u{0}]{0,20}".prop_map(Given::Text),
        Just(Given::Text("{\"timestamp\":\"".to_owned())),
        Just(Given::Nested),
        Just(Given::Imitation),
    ]
}

/// Lines that the logger has written, each with its newline.
fn lines(events: &[Vec<Given>]) -> Vec<Vec<u8>> {
    let sink = MemorySink::new();
    let logger = LoggerBuilder::new(Lab::new(), "llm").to(sink.clone());
    let nested = [("timestamp", Value::Integer(1)), ("seq", Value::Integer(2))];
    let imitation = [
        ("timestamp", Value::Text("2026-01-01T12:00:00.000000000Z")),
        ("schema_version", Value::Text("1.0.0")),
        ("level", Value::Text(Level::Info.as_str())),
        ("logger", Value::Text("llm")),
        ("seq", Value::Integer(1_000_000_000_000_007)),
        ("event_type", Value::Text(EventType::Custom.as_str())),
        ("message", Value::Text("never logged by itself")),
    ];
    for given in events {
        let mut event = logger.event(EventType::Custom).message("said");
        for (index, given) in given.iter().enumerate() {
            let value = match given {
                Given::Text(text) => Value::Text(text),
                Given::Nested => Value::Map(&nested),
                Given::Imitation => Value::Map(&imitation),
            };
            event = event.field(&*format!("field-{index}"), value);
        }
        event.field(LogField::Status, "told").log();
    }
    sink.bytes().split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect()
}

/// What happens to a line.
#[derive(Clone, Debug)]
enum Damage {
    Nothing,
    /// A crash within the line; what comes next has a line of its own.
    Torn(Index),
    /// A crash within the line, and the next one is glued to what is left of it.
    Glued(Index),
    NoNewline,
    JunkBefore(Vec<u8>),
    JunkBehind(Vec<u8>),
    NulsBefore(usize),
    /// A byte becomes one that stands nowhere in a line: a control character, or what no UTF-8 has. Another one may leave a line that is
    /// right and says something else, which nobody can tell.
    Overwritten(Index, u8),
}

fn damage() -> impl Strategy<Value = Damage> {
    // Without a brace that closes, junk is no object of its own, and makes none of what is beside it.
    let junk = || {
        let bytes = prop_oneof![any::<u8>(), select(&b"\n\"\\{[]:, 1"[..])];
        vec(bytes.prop_map(|byte| if byte == b'}' { b'{' } else { byte }), 1..40)
    };
    prop_oneof![
        4 => Just(Damage::Nothing),
        2 => any::<Index>().prop_map(Damage::Torn),
        2 => any::<Index>().prop_map(Damage::Glued),
        1 => Just(Damage::NoNewline),
        2 => junk().prop_map(Damage::JunkBefore),
        2 => junk().prop_map(Damage::JunkBehind),
        1 => select(&[1, 4096, 131_072, 131_073, 300_000][..]).prop_map(Damage::NulsBefore),
        2 => (any::<Index>(), select(&[0, 0x1F, 0xC0, 0xFF][..]))
            .prop_map(|(at, byte)| Damage::Overwritten(at, byte)),
    ]
}

/// Appends what is left of `line`, and says whether all of it is.
fn append(file: &mut Vec<u8>, line: &[u8], damage: &Damage) -> bool {
    let text = &line[..line.len() - 1];
    match damage {
        Damage::Nothing => file.extend_from_slice(line),
        // At least the last brace is missing.
        Damage::Torn(at) => {
            file.extend_from_slice(&text[..at.index(text.len())]);
            file.push(b'\n');
            return false;
        }
        Damage::Glued(at) => {
            file.extend_from_slice(&text[..at.index(text.len())]);
            return false;
        }
        Damage::NoNewline => file.extend_from_slice(text),
        Damage::JunkBefore(junk) => {
            file.extend_from_slice(junk);
            file.extend_from_slice(line);
        }
        Damage::JunkBehind(junk) => {
            file.extend_from_slice(text);
            file.extend_from_slice(junk);
            file.push(b'\n');
        }
        Damage::NulsBefore(count) => {
            file.resize(file.len() + count, 0);
            file.extend_from_slice(line);
        }
        Damage::Overwritten(at, byte) => {
            let at = file.len() + at.index(text.len());
            file.extend_from_slice(line);
            file[at] = *byte;
            return false;
        }
    }
    true
}

proptest! {
    #[test]
    fn every_complete_record_of_a_damaged_file_comes_back_and_nothing_else(
        events in vec((vec(given(), 0..4), damage()), 1..8),
        tail in prop::option::of(any::<Index>()),
    ) {
        let (given, damages): (Vec<_>, Vec<_>) = events.into_iter().unzip();
        let lines = lines(&given);
        let mut file = Vec::new();
        let mut whole = Vec::new();
        for (line, damage) in lines.iter().zip(&damages) {
            if append(&mut file, line, damage) {
                whole.push(String::from_utf8_lossy(&line[..line.len() - 1]));
            }
        }
        if let Some(at) = tail {
            let last = lines.last().expect("there is a line");
            file.push(b'\n');
            file.extend_from_slice(&last[..at.index(last.len() - 1)]);
        }
        let log = read_json_log(&file);
        let found: Vec<_> = log.records.iter().map(Record::raw).collect();
        prop_assert_eq!(found, whole);
        // Each stands where it says.
        for record in &log.records {
            let from = &file[record.offset..];
            prop_assert!(from.starts_with(record.raw().as_bytes()));
            let lines = file[..record.offset].iter().filter(|&&byte| byte == b'\n').count();
            prop_assert_eq!(record.line, lines + 1);
        }
    }

    #[test]
    fn bytes_are_in_a_record_or_skipped_or_torn_or_blank(
        events in vec((vec(given(), 0..4), damage()), 1..8),
    ) {
        let (given, damages): (Vec<_>, Vec<_>) = events.into_iter().unzip();
        let mut file = Vec::new();
        for (line, damage) in lines(&given).iter().zip(&damages) {
            append(&mut file, line, damage);
        }
        let log = read_json_log(&file);
        let mut times = vec![0; file.len()];
        let records = log.records.iter().map(|record| (record.offset, record.raw().len()));
        let skipped = log.skipped.iter().map(|skipped| (skipped.offset, skipped.length));
        let torn = log.torn_tail.map(|at| (at, file.len() - at));
        for (offset, length) in records.chain(skipped).chain(torn) {
            times[offset..offset + length].iter_mut().for_each(|times| *times += 1);
        }
        for (byte, times) in file.iter().zip(times) {
            let is_blank = byte.is_ascii_whitespace();
            prop_assert!(times == 1 || (times == 0 && is_blank), "{times} times {byte:#x}");
        }
    }
}

#[test]
fn a_crash_at_any_byte_costs_the_line_it_tears_and_no_other() {
    let given = [Given::Nested, Given::Imitation, Given::Text("é\n\"".to_owned())];
    let lines = lines(&[given.to_vec(), given.to_vec(), given.to_vec()]);
    let [first, second, third] = &lines[..] else { panic!("three events are three lines") };
    for cut in 0..second.len() - 1 {
        let file = [first, &second[..cut], third].concat();
        let log = read_json_log(&file);
        let seqs: Vec<_> = log.records.iter().filter_map(Record::seq).collect();
        assert_eq!(seqs, [1, 3], "cut at {cut}");
        assert_eq!(log.skipped.len(), usize::from(cut > 0), "cut at {cut}");
        assert_eq!(log.seq_gaps(), [2..=2]);
        let log = read_json_log(&[first, &second[..cut]].concat());
        assert_eq!(log.records.len(), 1, "cut at {cut}");
        assert_eq!(log.torn_tail, (cut > 0).then_some(first.len()));
    }
    // Where only the newline is missing, nothing is lost but that.
    let log = read_json_log(&[&second[..second.len() - 1], &third[..]].concat());
    assert_eq!(log.records.len(), 2);
    let skipped: Vec<_> = log.skipped.iter().map(|it| (it.offset, it.length, &it.reason)).collect();
    assert_eq!(skipped, [(second.len() - 1, 0, &SkipReason::NoNewline)]);
}

#[test]
fn only_what_has_the_whole_head_is_a_record_beside_something_else() {
    let whole = r#"{"timestamp":"t","schema_version":"1.0.0","level":"INFO","logger":"llm","seq":               1,"event_type":"custom","message":"m"}"#;
    let found = |object: &str| read_json_log(format!("torn{object}\n").as_bytes()).records.len();
    assert_eq!(found(whole), 1);
    for (of, by) in [
        ("schema_version", "schema"),
        ("\"logger\":\"llm\",", ""),
        (",\"message\":\"m\"", ""),
        ("seq\":  ", "seq\": "),
        ("seq\":  ", "seq\":   "),
        ("timestamp\":", "timestamp\" :"),
    ] {
        let object = whole.replacen(of, by, 1);
        assert_eq!(found(&object), 0, "{object}");
    }
    assert_eq!(found(r#"{"timestamp":1}"#), 0);
}
