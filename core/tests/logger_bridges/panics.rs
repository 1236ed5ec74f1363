//! Values that panic: no unwinding, no lost count, no other value the worse for it.

use crate::desk::Desk;
use std::error::Error;
use std::fmt;
use tracing::{info, info_span};

struct Panics;

impl fmt::Debug for Panics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("half of it")?;
        panic!("planned");
    }
}

#[test]
fn a_debug_that_panics_costs_its_value_only_in_events_and_in_spans() {
    let desk = Desk::new();
    desk.during(|| {
        let span = info_span!("s", bad = ?Panics, good = 1, late = tracing::field::Empty);
        span.record("late", tracing::field::debug(Panics));
        let _span = span.entered();
        info!(target: "t", own = ?Panics, n = 2, "{:?}", Panics);
        info!(target: "t", "unharmed");
    });
    let span = r#""bad":"<panicked>","good":1,"late":"<panicked>""#;
    let expected = [
        format!(r#""message":"<panicked>",{span},"target":"t","own":"<panicked>","n":2"#),
        format!(r#""message":"unharmed",{span},"target":"t""#),
    ];
    assert_eq!(desk.endings(), expected);
    assert_eq!(desk.logger.stats().panicked_values, 4);
}

/// Panics when it is asked what it came from.
#[derive(Debug)]
struct NoSource;

impl fmt::Display for NoSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("of unknown origin")
    }
}

impl Error for NoSource {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        panic!("planned")
    }
}

#[test]
fn an_error_that_panics_when_it_is_asked_for_its_source_still_has_its_text() {
    let desk = Desk::new();
    desk.during(|| {
        let _span = info_span!("s", why = &NoSource as &dyn Error).entered();
        info!(target: "t", error = &NoSource as &dyn Error, "m");
    });
    let ending = concat!(
        r#""message":"m","why":"of unknown origin","why_stack":"<panicked>","target":"t","#,
        r#""error_message":"of unknown origin","error_stack":"<panicked>""#
    );
    assert_eq!(desk.endings(), [ending]);
    assert_eq!(desk.logger.stats().panicked_values, 2);
}
