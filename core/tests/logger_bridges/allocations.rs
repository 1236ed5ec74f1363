//! What comes through `tracing` or `log` costs no allocation once its unit has its buffers.

use crate::desk::Desk;
use allocation_counter::measure;
use retrip_core::logger::LogContext;
use retrip_core::logger::{LogBackend, Logger, Sink, TracingLayer};
use std::io;
use tracing_subscriber::layer::SubscriberExt;

/// Takes everything and keeps nothing.
struct Nowhere;

impl Sink for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }
}

fn tell() {
    tracing::info!(n = 1, text = "text", debugged = ?Some(1), "said {}", 1);
}

#[test]
fn an_event_in_spans_allocates_nothing() {
    let layer = TracingLayer::new(Logger::named("shop").to(Nowhere)).at_threshold();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        let _outer = tracing::info_span!("outer", a = 1, b = 2).entered();
        let _inner = tracing::info_span!("inner", a = 3).entered();
        tell();
        assert_eq!(measure(tell).count_total, 0);
    });
}

#[test]
fn a_record_in_a_context_allocates_nothing() {
    // It switches the macros of `log` on, which otherwise build no record.
    let _ = Desk::new().backend();
    let backend = LogBackend::new(Logger::named("shop").to(Nowhere));
    let _scope = backend.logger().enter(&LogContext::new().with("a", 1));
    let tell =
        || log::info!(logger: backend, n = 1, text = "text", debugged:? = Some(1); "said {}", 1);
    tell();
    assert_eq!(measure(tell).count_total, 0);
    assert_eq!(backend.logger().stats().written, 2);
}
