//! The logger of production on tokio itself, outside of any run: tasks share a thread, and a context follows its task.

use retrip_core::door::System;
use retrip_core::logger::{LogContext, Logger, MemorySink};
use std::sync::Arc;
use tokio::runtime::Builder;
use tokio::task::{LocalSet, spawn_local, yield_now};

#[test]
fn each_task_of_a_thread_logs_within_the_context_that_it_was_given() {
    let sink = MemorySink::new();
    let logger = Arc::new(Logger::on(System, "requests", sink.clone()));
    let serves = |nth: u64| {
        let logger = Arc::clone(&logger);
        LogContext::new().with("request", nth).during(&System, async move {
            for _ in 0..3 {
                logger.info(&format!("{nth}"));
                yield_now().await;
                let task = LogContext::new().during(&System, {
                    let logger = Arc::clone(&logger);
                    async move { logger.info(&format!("{nth}")) }
                });
                spawn_local(task).await.expect("it does not panic");
            }
        })
    };
    let runtime = Builder::new_current_thread().build().expect("there is a thread");
    LocalSet::new().block_on(&runtime, async {
        let tasks: Vec<_> = (0..5).map(|nth| spawn_local(serves(nth))).collect();
        for task in tasks {
            task.await.expect("it does not panic");
        }
    });
    assert!(LogContext::current(&System).is_empty());
    let lines = sink.lines();
    assert_eq!(lines.len(), 30);
    for line in lines {
        let line: serde_json::Value = serde_json::from_str(&line).expect("it is JSON");
        assert_eq!(line["message"].as_str(), Some(&*line["request"].to_string()), "{line}");
    }
}
