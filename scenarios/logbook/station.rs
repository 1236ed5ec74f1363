//! The part with a breaker whose events go to a log, and a log whose file asks the breaker before each line.

use super::operation::{Depth, Ending, FORMS, StationOperation};
use retrip_core::breaker::{
    BreakerConfig, BreakerLog, CallError, CircuitBreaker, Event, Interest, Listener,
};
use retrip_core::logger::{FileSink, LogContext, LogField, LogPerformance, Logger, Sink};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use std::io;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, OnceLock, Weak};

/// The breaker.
pub(super) const BREAKER: &str = "llm";
/// The log.
pub(super) const LOG: &str = "app";
/// Whoever calls and logs.
const CALLER: &str = "caller";

/// What a caller begins, what it has ended, and what is in the file.
pub(super) const BEGINS: &str = "begins";
pub(super) const ENDS: &str = "ends";
pub(super) const WRITES: &str = "writes";

/// A breaker with this configuration, and its log.
#[derive(Clone, Debug)]
pub(super) struct Station {
    pub(super) config: BreakerConfig,
}

type Watched = Arc<OnceLock<Weak<CircuitBreaker<Sim>>>>;

/// A file whose owner asks the breaker before each line, as a sink does that reaches its file through a breaker.
struct AskingFile {
    sim: Sim,
    file: FileSink<Sim>,
    breaker: Watched,
}

/// Writes down every event of the breaker.
struct Reporter {
    sim: Sim,
}

struct LiveStation {
    breaker: Arc<CircuitBreaker<Sim>>,
    logger: Logger<Sim>,
}

struct CallFailed;

impl Station {
    pub(super) fn does(&self, operation: &StationOperation) -> Operation {
        Operation::new(format_args!("{BREAKER} {operation}"))
    }
}

fn own(operation: &str) -> Option<&str> {
    operation.strip_prefix(BREAKER)?.strip_prefix(' ')
}

impl Part for Station {
    fn reads(&self, operation: &str) -> Reading {
        match own(operation) {
            Some(own) => reading::<StationOperation>(own, true),
            None => Reading::NotMine,
        }
    }

    fn forms(&self) -> Vec<String> {
        FORMS.map(|form| format!("{BREAKER} {form}")).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let file = FileSink::append(sim, Path::new("logs/app.jsonl"))
            .expect("nothing goes wrong with a disk before the run has begun");
        let watched = Watched::default();
        let sink = AskingFile { sim: *sim, file, breaker: Arc::clone(&watched) };
        let logger = Logger::on(*sim, LOG, sink);
        let breaker = CircuitBreaker::on(*sim, BREAKER, self.config.clone())
            .expect("the scenario's configuration can work")
            .listen(Arc::new(Reporter { sim: *sim }))
            .listen(Arc::new(BreakerLog::new(logger.clone())));
        let breaker = Arc::new(breaker);
        watched.set(Arc::downgrade(&breaker)).expect("it is set once");
        Arc::new(LiveStation { breaker, logger })
    }
}

impl Sink for AskingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(breaker) = self.breaker.get().and_then(Weak::upgrade) {
            // A look at the breaker takes its lock.
            let _ = breaker.state();
        }
        let taken = self.file.write(bytes)?;
        let line = String::from_utf8_lossy(&bytes[..taken]);
        let line = Value::Text(Name::from(line.trim_end_matches('\n')));
        tell(&self.sim, LOG, WRITES, line);
        Ok(taken)
    }
}

impl Listener for Reporter {
    fn interest(&self) -> Interest {
        Interest::Everything
    }

    fn backlog(&self) -> NonZeroUsize {
        // What is checked is all that happens.
        NonZeroUsize::MAX
    }

    fn on_event(&self, breaker: &str, event: &Event) {
        self.sim.record_by(event.by, &Name::from(breaker), What::Breaker(event.clone()));
    }
}

impl Live for LiveStation {
    fn perform(&self, sim: &Sim, operation: &str) {
        let own = own(operation).expect("an operation is read before it is performed");
        tell(sim, CALLER, BEGINS, Value::Text(Name::from(own)));
        match own.parse().expect("an operation is read before it is performed") {
            StationOperation::Calls { ending, depth, takes, request } => {
                let _scope = LogContext::new().with(LogField::RequestId, &request).enter(sim);
                self.calls(ending, depth, || sim.sleep(takes));
            }
            StationOperation::Says(word) => self.logger.info(&word),
            StationOperation::OpensByHand => self.breaker.force_open(),
            StationOperation::Resets => self.breaker.reset(),
        }
        tell(sim, CALLER, ENDS, Value::Text(Name::from(own)));
    }
}

impl LiveStation {
    fn calls(&self, ending: Ending, depth: Depth, body: impl FnOnce()) {
        let mut measured = LogPerformance::start(&self.logger, "call");
        let serve = || {
            body();
            if ending == Ending::Ok { Ok(()) } else { Err(CallError::Inner(CallFailed)) }
        };
        let answer = match depth {
            Depth::Alone => self.breaker.call_through(serve),
            Depth::WithinACall => self.breaker.call_through(|| self.breaker.call_through(serve)),
        };
        if answer.is_err() {
            measured.fail(&io::Error::from(io::ErrorKind::BrokenPipe));
        }
    }
}

fn tell(sim: &Sim, who: &str, verb: &str, what: Value) {
    let fields = vec![(Name::from(""), what)];
    sim.record(&Name::from(who), What::Note { verb: Name::from(verb), fields });
}
