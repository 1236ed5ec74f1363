//! Breakers and a logger as production uses them: the real platform, nothing planted.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use retrip_core::breaker::{Bounds, BreakerConfig, BreakerLog, CircuitBreaker, KeyedBreakers};
use retrip_core::logger::{Logger, StreamSink};
use std::error::Error;
use std::io;
use std::sync::Arc;

fn main() -> Result<(), Box<dyn Error>> {
    let logger = Logger::named("example").to(StreamSink::new(io::stderr()));
    let config = BreakerConfig { failure_threshold: Some(2), ..BreakerConfig::default() };
    let log = Arc::new(BreakerLog::new(logger.clone()));
    let llm = CircuitBreaker::new("llm", config.clone())?.listen(log.clone());
    for attempt in 1..=3 {
        match llm.call(|| Err::<(), _>(io::Error::from(io::ErrorKind::TimedOut))) {
            Ok(()) => logger.info("answered"),
            Err(error) => logger.error(&error),
        }
        println!("after attempt {attempt} the breaker is {}", llm.state());
    }
    llm.reset();
    let hosts: KeyedBreakers<String> = KeyedBreakers::new(config, Bounds::of(2))?;
    let hosts = hosts.listen(log);
    for host in ["a.example", "b.example", "c.example"] {
        hosts.get(host)?.call(|| Ok::<_, io::Error>(()))?;
        println!("breakers of hosts: {}", hosts.len());
    }
    Ok(())
}
