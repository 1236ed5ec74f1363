//! An event has the fields of its spans, and gives way to none of them.

use crate::desk::{Desk, line};
use retrip_core::logger::{FIELD_CAP, LogContext};
use tracing::{info, info_span};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;

#[test]
fn of_the_same_key_the_innermost_stands() {
    let desk = Desk::new();
    let context = LogContext::new().with("c", "context").with("d", "context");
    desk.during(|| {
        let _outer = info_span!("o", a = "outer", b = "outer", c = "outer", d = "outer").entered();
        let _inner = info_span!("i", b = "inner", c = "inner", d = "inner").entered();
        let _scope = desk.logger.enter(&context);
        info!(target: "t", d = "event", "m");
    });
    let fields = r#""a":"outer","b":"inner","c":"context","target":"t","d":"event""#;
    assert_eq!(desk.endings(), [format!(r#""message":"m",{fields}"#)]);
}

#[test]
fn an_event_is_in_the_span_that_it_names() {
    let desk = Desk::new();
    desk.during(|| {
        let other = info_span!(parent: None, "other", who = "other");
        let _here = info_span!("here", who = "here", where_ = "here").entered();
        info!(target: "t", parent: &other, "m");
        info!(target: "t", parent: None, "m");
        info!(target: "t", "m");
    });
    let expected = [
        r#""message":"m","who":"other","target":"t""#,
        r#""message":"m","target":"t""#,
        r#""message":"m","who":"here","where_":"here","target":"t""#,
    ];
    assert_eq!(desk.endings(), expected);
}

#[test]
fn what_a_span_is_given_later_is_in_its_events_and_in_those_of_all_spans_inside() {
    let desk = Desk::new();
    desk.during(|| {
        let outermost = info_span!("outermost", user = tracing::field::Empty, n = 1);
        let middle = info_span!(parent: &outermost, "middle");
        let inner = info_span!(parent: &middle, "inner", n = 3);
        info!(target: "t", parent: &inner, "before");
        outermost.record("user", "u-1");
        info!(target: "t", parent: &inner, "after");
        outermost.record("user", "u-2");
        outermost.record("n", 2);
        info!(target: "t", parent: &middle, "again");
        info!(target: "t", parent: &inner, "again");
        info!(target: "t", parent: &info_span!(parent: &middle, "new"), "new");
    });
    let expected = [
        r#""message":"before","n":3,"target":"t""#,
        r#""message":"after","user":"u-1","n":3,"target":"t""#,
        r#""message":"again","user":"u-2","n":2,"target":"t""#,
        r#""message":"again","user":"u-2","n":3,"target":"t""#,
        r#""message":"new","user":"u-2","n":2,"target":"t""#,
    ];
    assert_eq!(desk.endings(), expected);
}

#[test]
fn secrets_and_keys_of_the_line_are_treated_in_spans_as_in_events() {
    let desk = Desk::new();
    desk.during(|| {
        let recovered = "error.recovered";
        let cookie = tracing::field::Empty;
        let span = info_span!("s", password = "hunter2", cookie, level = 7, event_type = recovered);
        span.record("cookie", "c-1");
        let _span = span.entered();
        info!(target: "t", "m");
    });
    let span = concat!(
        r#""password":"***REDACTED***","attr.level":7,"attr.event_type":"error.recovered","#,
        r#""cookie":"***REDACTED***""#
    );
    assert_eq!(
        desk.lines(),
        [line("INFO", 1, "custom", &format!(r#""message":"m",{span},"target":"t""#))]
    );
}

#[test]
fn the_fields_of_a_span_are_encoded_once() {
    let desk = Desk::new();
    let printed = std::cell::Cell::new(0);
    let counted = std::fmt::from_fn(|f| {
        printed.set(printed.get() + 1);
        write!(f, "{}", printed.get())
    });
    desk.during(|| {
        let _outer = info_span!("outer", n = %counted).entered();
        let _inner = info_span!("inner", m = 1).entered();
        info!("one");
        info!("two");
    });
    assert_eq!(printed.get(), 1);
    assert!(desk.endings().iter().all(|ending| ending.contains(r#""n":"1""#)));
}

#[test]
fn what_spans_and_context_have_beyond_a_lines_cap_is_named() {
    let desk = Desk::new();
    let full = (0..FIELD_CAP).fold(LogContext::new(), |all, n| all.with(&format!("k{n}"), n));
    desk.during(|| {
        let _span = info_span!("s", a = 1, k0 = 2).entered();
        let _scope = desk.logger.enter(&full);
        info!(target: "t", "m");
    });
    let ending = &desk.endings()[0];
    assert!(ending.starts_with(r#""message":"m","a":1,"k0":0,"k1":1,"#), "{ending}");
    assert!(ending.ends_with(r#""k62":62,"target":"t","truncated":["k63"]"#), "{ending}");
}

#[test]
fn a_thousand_spans_inside_each_other_are_no_trouble() {
    let desk = Desk::new();
    desk.during(|| {
        let root = info_span!("s", root = tracing::field::Empty, depth = 0);
        let mut spans = vec![root.clone()];
        for depth in 1..1000 {
            let inner = info_span!(parent: &spans[depth - 1], "s", depth);
            spans.push(inner);
        }
        root.record("root", true);
        info!(target: "t", parent: &spans[999], "m");
        // From the inside: a registry closes those around a span by recursion.
        while spans.pop().is_some() {}
    });
    assert_eq!(desk.endings(), [r#""message":"m","root":true,"depth":999,"target":"t""#]);
}

#[test]
fn each_of_several_layers_has_the_spans_that_its_filter_lets_pass() {
    let (all, few) = (Desk::new(), Desk::new());
    let filter = filter_fn(|metadata| metadata.name() != "hidden");
    let subscriber = tracing_subscriber::registry()
        .with(all.layer())
        .with(few.layer().with_filter(filter))
        .with(few.layer().at_threshold());
    tracing::subscriber::with_default(subscriber, || {
        let _outer = info_span!("outer", a = 1).entered();
        let hidden = info_span!("hidden", b = tracing::field::Empty).entered();
        let _inner = info_span!("inner", c = 3).entered();
        hidden.record("b", 2);
        info!(target: "t", "m");
    });
    let whole = r#""message":"m","a":1,"b":2,"c":3,"target":"t""#;
    assert_eq!(all.endings(), [whole]);
    assert_eq!(few.endings(), [r#""message":"m","a":1,"c":3,"target":"t""#, whole]);
}

#[test]
fn a_span_that_a_layer_has_not_seen_has_no_fields_for_it_and_is_in_nobodys_way() {
    let (desk, other) = (Desk::new(), Desk::new());
    let (switched, handle) = tracing_subscriber::reload::Layer::new(Some(desk.layer()));
    let subscriber = tracing_subscriber::registry().with(other.layer()).with(switched);
    tracing::subscriber::with_default(subscriber, || {
        let _outer = info_span!("outer", a = 1).entered();
        let mut layer = None;
        handle.modify(|place| layer = place.take()).expect("the subscriber is alive");
        let unseen = info_span!("unseen", b = 2, c = tracing::field::Empty);
        handle.modify(|place| *place = layer).expect("the subscriber is alive");
        unseen.record("c", 3);
        let _unseen = unseen.entered();
        info!(target: "t", "m");
        let _inner = info_span!("inner", d = 4).entered();
        info!(target: "t", "m");
    });
    let of = |fields| format!(r#""message":"m",{fields},"target":"t""#);
    assert_eq!(desk.endings(), [of(r#""a":1"#), of(r#""a":1,"d":4"#)]);
    assert_eq!(other.endings(), [of(r#""a":1,"b":2,"c":3"#), of(r#""a":1,"b":2,"c":3,"d":4"#)]);
}
