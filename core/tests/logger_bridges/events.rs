//! An event of `tracing` becomes exactly this line.

use crate::desk::{Desk, line};
use retrip_core::logger::EventType;
use std::error::Error;
use std::fmt;
use tracing::{debug, error, info, trace, warn};

#[test]
fn every_level_has_its_golden_line() {
    let desk = Desk::new();
    desk.during(|| {
        trace!(target: "t", n = 1, "said");
        debug!(target: "t", n = 2, "said");
        info!(target: "t", n = 3, "said");
        warn!(target: "t", n = 4, "said");
        error!(target: "t", n = 5, "said");
    });
    let expected = [("DEBUG", 1), ("DEBUG", 2), ("INFO", 3), ("WARNING", 4), ("ERROR", 5)];
    let expected = expected.map(|(level, n)| {
        line(level, n, "custom", &format!(r#""message":"said","target":"t","n":{n}"#))
    });
    assert_eq!(desk.lines(), expected);
}

#[test]
fn every_value_keeps_its_type() {
    let desk = Desk::new();
    desk.during(|| {
        info!(
            target: "t",
            negative = -7_i64,
            whole = u64::MAX,
            wide = i128::MIN,
            huge = u128::MAX,
            float = 1.5,
            not_a_number = f64::NAN,
            truth = true,
            text = "a\u{7}b",
            bytes = &b"a\xff"[..],
            shown = %format_args!("{}", 1),
            debugged = ?Some("x"),
            empty = tracing::field::Empty,
            r#type = "raw",
            http.status = 200,
            "{}", "said"
        );
    });
    assert_eq!(
        desk.endings(),
        [concat!(
            r#""message":"said","target":"t","negative":-7,"whole":18446744073709551615,"#,
            r#""wide":"-170141183460469231731687303715884105728","#,
            r#""huge":"340282366920938463463374607431768211455","float":1.5,"not_a_number":"NaN","#,
            r#""truth":true,"text":"a\u0007b","bytes":"a\\xff","shown":"1","#,
            r#""debugged":"Some(\"x\")","type":"raw","http.status":200"#
        )]
    );
}

#[test]
fn a_message_may_be_a_field_or_missing() {
    let desk = Desk::new();
    desk.during(|| {
        info!(target: "t", message = "a text");
        info!(target: "t", message = 7);
        info!(target: "t", n = 1);
    });
    let expected = [
        r#""message":"a text","target":"t""#,
        r#""message":7,"target":"t""#,
        r#""message":"","target":"t","n":1"#,
    ];
    assert_eq!(desk.endings(), expected);
}

#[test]
fn keys_of_the_line_are_set_aside_and_secrets_redacted() {
    let desk = Desk::new();
    desk.during(|| {
        info!(target: "t", level = "high", seq = 7, api_key = "k", tokens = 5, auth_token = "x", "m");
        info!(target: "t", target = "mine", "m");
    });
    let redacted = r#""api_key":"***REDACTED***","tokens":5,"auth_token":"***REDACTED***""#;
    let expected = [
        format!(r#""message":"m","target":"t","attr.level":"high","attr.seq":7,{redacted}"#),
        r#""message":"m","target":"mine""#.to_owned(),
    ];
    assert_eq!(desk.endings(), expected);
}

#[test]
fn a_field_names_the_event_type_if_it_is_one_and_not_the_loggers_own() {
    let desk = Desk::new();
    desk.during(|| {
        warn!(target: "t", n = 1, event_type = "circuit_breaker.opened", "m");
        warn!(target: "t", event_type = EventType::ErrorRecovered.as_str(), "m");
        warn!(target: "t", event_type = "log.dropped", "m");
        warn!(target: "t", event_type = "made.up", "m");
        warn!(target: "t", event_type = 7, "m");
    });
    let rest = r#""message":"m","target":"t""#;
    let custom = |seq, value| {
        line("WARNING", seq, "custom", &format!(r#"{rest},"attr.event_type":{value}"#))
    };
    let expected = [
        line("WARNING", 1, "circuit_breaker.opened", &format!(r#"{rest},"n":1"#)),
        line("WARNING", 2, "error.recovered", rest),
        custom(3, r#""log.dropped""#),
        custom(4, r#""made.up""#),
        custom(5, "7"),
    ];
    assert_eq!(desk.lines(), expected);
}

#[derive(Debug)]
struct Layered(&'static str, Option<Box<Layered>>);

impl fmt::Display for Layered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Layered {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|source| source as &dyn Error)
    }
}

#[test]
fn an_error_is_written_with_all_it_came_from() {
    let desk = Desk::new();
    let root = Layered("disk is full", None);
    let cause = Layered("cannot write", Some(Box::new(root)));
    let error = Layered("no checkout", Some(Box::new(cause)));
    let alone = Layered("alone", None);
    desk.during(|| {
        error!(target: "t", error = &error as &dyn Error, "m");
        error!(target: "t", error = &alone as &dyn Error, "m");
        error!(target: "t", why = &error as &dyn Error, "m");
    });
    let expected = [
        r#""error_message":"no checkout","error_stack":"cannot write\ndisk is full""#,
        r#""error_message":"alone""#,
        r#""why":"no checkout","why_stack":"cannot write\ndisk is full""#,
    ];
    let expected = expected.map(|fields| format!(r#""message":"m","target":"t",{fields}"#));
    assert_eq!(desk.endings(), expected);
}
