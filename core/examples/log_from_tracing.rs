//! What other crates say through `tracing`: `cargo run -p retrip-core --features tracing --example log_from_tracing`.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use retrip_core::logger::{LogContext, Logger, MemorySink, TracingLayer};
use std::error::Error;
use tracing_subscriber::layer::SubscriberExt;

#[tracing::instrument]
fn sells(item: &str, password: &str) {
    tracing::info!(price = 3.5, "sold");
    tracing::debug!("below the threshold");
}

fn main() -> Result<(), Box<dyn Error>> {
    let kept = MemorySink::new();
    let logger = Logger::named("shop").to(kept.clone());
    let layer = TracingLayer::new(logger.clone()).at_threshold();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))?;

    // Spans and the logger's own context stand in the same line, and one sequence of numbers counts both ways in.
    let _scope = logger.enter(&LogContext::new().with("request_id", "r-1"));
    sells("bread", "open sesame");
    logger.warning("shelf is empty");

    for line in kept.lines() {
        // What is left out here are the time and the version of the schema.
        let level = line.find(r#""level""#).ok_or("a line has a level")?;
        println!("{}", &line[level..]);
    }
    Ok(())
}
