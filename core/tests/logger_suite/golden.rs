//! Each way of logging gives exactly this line.

use crate::lab::Lab;
use retrip_core::logger::{
    EventType, Level, LogContext, LogField, LoggerBuilder, MemorySink, Secret, ToolStatus, Value,
};
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// What stands between the level and the message of every golden line.
fn line(level: &str, seq: u64, event_type: &str, rest: &str) -> String {
    format!(
        r#"{{"timestamp":"2026-01-01T12:00:00.000000000Z","schema_version":"1.0.0","level":"{level}","logger":"llm","seq":{seq:>16},"event_type":"{event_type}",{rest}}}"#
    )
}

#[test]
fn every_event_type_is_written_at_its_own_level() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = LoggerBuilder::new(lab, "llm").threshold(Level::Debug).to(sink.clone());
    for &event_type in EventType::ALL {
        logger.event(event_type).message("m").log();
    }
    let expected: Vec<String> = (1..)
        .zip(EventType::ALL)
        .map(|(seq, event_type)| {
            let level = event_type.default_level().as_str();
            line(level, seq, event_type.as_str(), r#""message":"m""#)
        })
        .collect();
    assert_eq!(sink.lines(), expected);
}

#[test]
fn the_first_level_that_is_set_decides() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = LoggerBuilder::new(lab, "llm").to(sink.clone());
    let event = || logger.event(EventType::Custom);
    event().level(Level::Error).level(Level::Debug).message("m").log();
    event().level(Level::Debug).level(Level::Error).message("m").log();
    assert_eq!(sink.lines(), [line("ERROR", 1, "custom", r#""message":"m""#)]);
    assert_eq!(logger.stats().filtered, 1);
}

#[test]
fn every_shorthand_is_written_as_it_says() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = LoggerBuilder::new(lab, "llm").threshold(Level::Debug).to(sink.clone());
    logger.debug("d");
    logger.info("i");
    logger.warning("w");
    logger.message(Level::Error, "e");
    logger.critical("c");
    let parse = "seven".parse::<u32>().expect_err("it is no number");
    logger.error(&parse);
    logger.error(&std::io::Error::other(parse.clone()) as &dyn Error);
    logger.performance("ask", Duration::from_micros(1500));
    logger.tool("search", ToolStatus::Invoked);
    logger.tool("search", ToolStatus::Completed);
    logger.tool("search", ToolStatus::Failed);
    let custom = |level, seq, m| line(level, seq, "custom", &format!(r#""message":"{m}""#));
    let tool = |level, seq, word| {
        let rest = format!(r#""message":"tool {word}","tool_name":"search""#);
        line(level, seq, &format!("mcp.tool.{word}"), &rest)
    };
    assert_eq!(
        sink.lines(),
        [
            custom("DEBUG", 1, "d"),
            custom("INFO", 2, "i"),
            custom("WARNING", 3, "w"),
            custom("ERROR", 4, "e"),
            custom("CRITICAL", 5, "c"),
            line(
                "ERROR",
                6,
                "error.occurred",
                r#""message":"invalid digit found in string","error_type":"core::num::error::ParseIntError","error_message":"invalid digit found in string""#
            ),
            line(
                "ERROR",
                7,
                "error.occurred",
                r#""message":"invalid digit found in string","error_message":"invalid digit found in string""#
            ),
            line(
                "INFO",
                8,
                "performance.measured",
                r#""message":"ask","operation":"ask","duration_ms":1.5"#
            ),
            tool("INFO", 9, "invoked"),
            tool("INFO", 10, "completed"),
            tool("ERROR", 11, "failed"),
        ]
    );
}

/// An error and what it came from.
#[derive(Debug)]
struct Failure(&'static str, Option<Box<Failure>>);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|source| source as _)
    }
}

#[test]
fn an_error_comes_with_all_that_it_came_from_outermost_first() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = LoggerBuilder::new(lab, "llm").to(sink.clone());
    let from = |text, source: Failure| Failure(text, Some(Box::new(source)));
    let failure = from("no answer", from("no line", Failure("no wire", None)));
    logger.event(EventType::ErrorOccurred).error(&failure as &dyn Error).log();
    let expected = r#""message":"","error_message":"no answer","error_stack":"no line\nno wire""#;
    assert_eq!(sink.lines(), [line("ERROR", 1, "error.occurred", expected)]);
}

#[test]
fn context_comes_before_fields_and_secrets_never_come() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = LoggerBuilder::new(lab, "llm").to(sink.clone());
    let _outer = logger.enter(&LogContext::new().with("request_id", "r-1").with("api_key", "sk"));
    let _inner = logger.enter(&LogContext::new().with("user", 1).with("request_id", "r-2"));
    logger
        .event(EventType::Custom)
        .field("user", 2)
        .field("level", "mine")
        .field("hidden", Secret::new(3))
        .field("nested", Value::Map(&[("Authorization", Value::Text("Bearer x"))]))
        .field("nothing", None::<u8>)
        .message("m")
        .log();
    let expected = r#""message":"m","api_key":"***REDACTED***","request_id":"r-2","user":2,"attr.level":"mine","hidden":"***REDACTED***","nested":{"Authorization":"***REDACTED***"},"nothing":null"#;
    assert_eq!(sink.lines(), [line("INFO", 1, "custom", expected)]);
}

#[test]
fn what_is_cut_is_named() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = LoggerBuilder::new(lab, "llm").to(sink.clone());
    let long = "é".repeat(4097);
    let mut event = logger
        .event(EventType::Custom)
        .message(&long)
        .field("whole", &long[..8192])
        .field("cut", Value::display(&long))
        .field(LogField::ErrorStack, &long);
    for number in 0..62 {
        event = event.field(&format!("n{number}"), number);
    }
    event.log();
    let json: serde_json::Value =
        serde_json::from_str(&sink.lines()[0]).expect("a line is strict JSON");
    assert_eq!(json["truncated"], serde_json::json!(["message", "cut", "n61"]));
    assert_eq!(json["message"].as_str().map(str::len), Some(8192));
    assert_eq!(json["whole"].as_str().map(str::len), Some(8192));
    assert_eq!(json["cut"].as_str().map(str::len), Some(8192));
    assert_eq!(json["error_stack"].as_str().map(str::len), Some(8194));
    assert_eq!(json["n60"], 60);
}

#[test]
fn what_is_cut_alone_is_named_wherever_it_stands() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = LoggerBuilder::new(lab, "llm").to(sink.clone());
    let (short, long) = ("é".repeat(4096), "é".repeat(4097));
    for (message, context, field, named) in [
        (&short, &short, &short, None),
        (&long, &short, &short, Some("message")),
        (&short, &long, &short, Some("c")),
        (&short, &short, &long, Some("f")),
    ] {
        let _scope = logger.enter(&LogContext::new().with("c", context));
        logger.event(EventType::Custom).message(message).field("f", field).log();
        let line = sink.lines().pop().expect("it is written");
        let json: serde_json::Value = serde_json::from_str(&line).expect("a line is strict JSON");
        let named = named.map(|name| serde_json::json!([name]));
        assert_eq!(json.get("truncated"), named.as_ref());
    }
}

#[test]
fn names_of_what_is_cut_end_where_their_room_does() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = LoggerBuilder::new(lab, "llm").to(sink.clone());
    let key = |number: usize, length: usize| format!("{number:0length$}");
    // Fifteen names of 259 bytes with what stands around them; there is room for 4064 bytes, and for `,"..."` where not all fit.
    for (last, more, named, is_all) in
        [(176, 0, 16, true), (177, 0, 15, false), (168, 2, 16, false), (169, 2, 15, false)]
    {
        let lengths = [1; 64].into_iter().chain([256; 15]).chain([last]).chain([256; 2]);
        let mut event = logger.event(EventType::Custom);
        for (number, length) in lengths.take(64 + 16 + more).enumerate() {
            event = event.field(&key(number, length), 1);
        }
        event.log();
        let line = sink.lines().pop().expect("it is written");
        let json: serde_json::Value = serde_json::from_str(&line).expect("a line is strict JSON");
        let keys = (64..).map(|number| key(number, if number < 79 { 256 } else { last }));
        let dots = (!is_all).then(|| "...".to_owned());
        let expected: Vec<_> = keys.take(named).chain(dots).collect();
        assert_eq!(json["truncated"], serde_json::json!(expected));
    }
}

#[test]
fn an_event_without_words_has_none_of_the_one_before() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = LoggerBuilder::new(lab, "llm").to(sink.clone());
    logger.event(EventType::Custom).message("words").field("n", 1).log();
    logger.event(EventType::Custom).field("m", 2).log();
    assert_eq!(sink.lines()[1], line("INFO", 2, "custom", r#""message":"","m":2"#));
}

#[test]
fn a_child_shares_the_numbers_and_has_its_own_name() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = LoggerBuilder::new(lab, "llm").to(sink.clone());
    let child = logger.child("cache");
    logger.info("one");
    child.info("two");
    assert!(sink.lines()[1].contains(r#""logger":"cache","seq":               2,"#));
    assert_eq!(logger.stats().written, 2);
}
