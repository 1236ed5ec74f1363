//! Crates as they are published, which log for themselves.

use crate::desk::{Desk, line};
use mio::net::TcpListener;
use mio::{Interest, Poll, Token};
use std::convert::Infallible;
use tower::{Service, ServiceExt, service_fn};
use tracing::{Instrument, info_span};

#[test]
fn towers_buffer_tells_of_a_request_in_its_span_from_the_task_of_its_worker() {
    let desk = Desk::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let answer = desk.during(|| {
        let request = async {
            let service = service_fn(async |n: u32| Ok::<_, Infallible>(n + 1));
            let mut buffer = tower::buffer::Buffer::new(service, 4);
            let span = info_span!("request", request_id = "r-1", password = "hunter2");
            async { buffer.ready().await?.call(41).await }.instrument(span).await
        };
        runtime.block_on(request)
    });
    assert_eq!(answer.expect("the buffer answers"), 42);
    let span = r#""request_id":"r-1","password":"***REDACTED***","target":"tower::buffer::worker""#;
    let processing = format!(r#""message":"processing request",{span},"service.ready":true"#);
    let found = desk.endings().iter().filter(|ending| **ending == processing).count();
    assert_eq!(found, 1, "{:#?}", desk.endings());
}

/// `log` has one backend for the whole process. This is the only test that sets it; nothing else here tells `log` without naming a backend.
#[test]
fn mio_tells_the_backend_that_is_installed() {
    let desk = Desk::new();
    log::set_boxed_logger(Box::new(desk.backend())).expect("it is set once");
    let poll = Poll::new().expect("the system has a poll");
    let mut listener = TcpListener::bind(([127, 0, 0, 1], 0).into()).expect("some port is free");
    poll.registry().register(&mut listener, Token(7), Interest::READABLE).expect("it is new");
    poll.registry().deregister(&mut listener).expect("it is registered");
    let lines = desk.lines();
    let registering = "registering event source with poller: token=Token(7), interests=READABLE";
    let expected = [registering, "deregistering event source from poller"];
    for (seq, message) in (1..).zip(expected) {
        let rest = format!(r#""message":"{message}","target":"mio::poll""#);
        assert!(lines.contains(&line("DEBUG", seq, "custom", &rest)), "{lines:#?}");
    }
}
