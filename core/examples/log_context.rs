//! Lines that say for which request they are, on threads and in tasks: `cargo run -p retrip-core --example log_context`.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use retrip_core::door::{JoinHandle, Spawn, System};
use retrip_core::logger::{LogContext, LogField, Logger, MemorySink, Secret, read_json_log};
use std::error::Error;

async fn answers(logger: Logger, question: &str) {
    logger.info(&format!("{question} is asked"));
    tokio::task::yield_now().await;
    logger.info(&format!("{question} is answered"));
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let kept = MemorySink::new();
    let logger = Logger::named("app").to(kept.clone());

    // A thread begins with no context, unless one is captured for it.
    let request = LogContext::new().with("request_id", "r-1").with("token", Secret::new("s3"));
    let worker = {
        let _scope = logger.enter(&request);
        let on_a_thread = logger.clone();
        let body = LogContext::capture(&System, move || on_a_thread.info("on a thread"));
        System.spawn("worker", body)?
    };
    JoinHandle::join(worker)?;
    logger.info("behind the scope");

    // Two tasks that take turns: a context goes with its future, and not with the thread.
    let task = |id: &str, question| {
        let context = LogContext::new().with(LogField::RequestId, id);
        tokio::spawn(context.during(&System, answers(logger.clone(), question)))
    };
    let tasks = (task("r-2", "the time"), task("r-3", "the way"));
    tasks.0.await?;
    tasks.1.await?;

    for record in read_json_log(&kept.bytes()).records {
        let text = |key| record.text(key).unwrap_or("-");
        println!("{} {}: {}", text("request_id"), text("token"), text("message"));
    }
    Ok(())
}
