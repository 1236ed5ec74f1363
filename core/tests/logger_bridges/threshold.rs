//! What is below the logger's threshold costs nothing where that is asked for, and is counted where it is not.

use crate::desk::Desk;
use retrip_core::logger::Level;
use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use tracing::{debug, error, info, trace, warn};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

fn tell_everything() {
    trace!("trace");
    debug!("debug");
    info!("info");
    warn!("warn");
    error!("error");
}

#[test]
fn behind_the_threshold_nothing_below_is_offered() {
    for (threshold, written) in [
        (Level::Debug, 5),
        (Level::Info, 3),
        (Level::Warning, 2),
        (Level::Error, 1),
        (Level::Critical, 0),
    ] {
        let desk = Desk::with_threshold(threshold);
        desk.during(tell_everything);
        let stats = desk.logger.stats();
        assert_eq!((stats.offered, stats.filtered, stats.written), (written, 0, written));
    }
}

/// Knows whether it was asked for anything.
#[derive(Debug, Default)]
struct Asked(AtomicBool);

impl fmt::Display for Asked {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.store(true, SeqCst);
        Ok(())
    }
}

impl Error for Asked {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.store(true, SeqCst);
        None
    }
}

#[test]
fn without_it_what_is_below_is_counted_and_its_fields_are_not_looked_at() {
    let desk = Desk::with_threshold(Level::Warning);
    let asked = Asked::default();
    let subscriber = tracing_subscriber::registry().with(desk.layer());
    tracing::subscriber::with_default(subscriber, || {
        tell_everything();
        info!(n = %asked, error = &asked as &dyn Error, "{asked}");
    });
    let stats = desk.logger.stats();
    assert_eq!((stats.offered, stats.filtered, stats.written), (6, 4, 2));
    assert!(stats.balances() && !asked.0.into_inner());
}

#[test]
fn behind_the_threshold_spans_below_it_are_none() {
    let desk = Desk::with_threshold(Level::Info);
    let tell = || {
        let _outer = tracing::info_span!("outer", a = 1).entered();
        let _inner = tracing::debug_span!("inner", b = 2).entered();
        info!(target: "t", "m");
    };
    desk.during(tell);
    tracing::subscriber::with_default(tracing_subscriber::registry().with(desk.layer()), tell);
    let expected =
        [r#""message":"m","a":1,"target":"t""#, r#""message":"m","a":1,"b":2,"target":"t""#];
    assert_eq!(desk.endings(), expected);
}

/// Another layer of the same subscriber, which wants everything.
#[derive(Clone, Default)]
struct Neighbour(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Neighbour {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        self.0.lock().expect("nobody panics").push(event.metadata().level().to_string());
    }
}

#[test]
fn a_layer_beside_it_still_has_every_level() {
    for behind in [true, false] {
        let desk = Desk::with_threshold(Level::Error);
        let neighbour = Neighbour::default();
        let registry = tracing_subscriber::registry().with(neighbour.clone());
        let filtered = behind.then(|| desk.layer().at_threshold());
        let plain = (!behind).then(|| desk.layer());
        tracing::subscriber::with_default(registry.with(filtered).with(plain), tell_everything);
        let seen = neighbour.0.lock().expect("nobody panics").join(" ");
        assert_eq!(seen, "TRACE DEBUG INFO WARN ERROR");
        assert_eq!(desk.endings().len(), 1);
        assert_eq!(desk.logger.stats().filtered, if behind { 0 } else { 4 });
    }
}
