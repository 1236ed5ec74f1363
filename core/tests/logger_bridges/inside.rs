//! What is told while the layer is at work, where the subscriber is one thread's.

use retrip_core::door::System;
use retrip_core::logger::{Logger, MemorySink, Sink, TracingLayer};
use std::io;
use tracing::info;
use tracing_subscriber::layer::SubscriberExt;

struct Talkative(MemorySink);

impl Sink for Talkative {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        info!("I was written to");
        self.0.write(bytes)
    }
}

/// The other way, with a global subscriber, is `logger_bridge_global.rs`.
#[test]
fn tracing_itself_discards_what_a_sink_tells() {
    let kept = MemorySink::new();
    let logger = Logger::on(System, "shop", Talkative(kept.clone()));
    let layer = TracingLayer::new(logger.clone()).at_threshold();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        info!("one");
        info!("two");
    });
    let stats = logger.stats();
    assert_eq!((stats.offered, stats.written, kept.lines().len()), (2, 2, 2));
}
