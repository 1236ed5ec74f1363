//! A breaker and a logger as production uses them: the real platform, nothing planted.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use retrip_core::breaker::{BreakerConfig, CircuitBreaker};
use retrip_core::logger::{Logger, StreamSink};
use std::error::Error;
use std::io;

fn main() -> Result<(), Box<dyn Error>> {
    let logger = Logger::named("example").to(StreamSink::new(io::stderr()));
    let config = BreakerConfig { failure_threshold: Some(2), ..BreakerConfig::default() };
    let llm = CircuitBreaker::new("llm", config)?;
    for attempt in 1..=3 {
        match llm.call(|| Err::<(), _>(io::Error::from(io::ErrorKind::TimedOut))) {
            Ok(()) => logger.info("answered"),
            Err(error) => logger.error(&error),
        }
        println!("after attempt {attempt} the breaker is {}", llm.state());
    }
    llm.reset();
    Ok(())
}
