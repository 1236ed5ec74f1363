//! The part that logs in every way that there is, and whose sink tells of each line.

use super::content::Content;
use super::golden;
use super::operation::{AuthorOperation, Ending, FORMS};
use super::told;
use retrip_core::logger::{
    EventType, Level, LogContext, LogField, LogPerformance, Logger, LoggerBuilder, Sink,
};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::Name;
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use std::error::Error;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::sync::Arc;

/// A logger of this name, which takes every level, and its own sink.
#[derive(Clone, Debug)]
pub(super) struct Author {
    name: &'static str,
}

/// The payload of a panic that a script asks for.
struct PlannedPanic;

/// The sink: tells of every line that it is given.
struct Teller {
    sim: Sim,
    who: Name,
}

struct LiveAuthor {
    author: Author,
    who: Name,
    logger: Logger<Sim>,
}

impl Author {
    pub(super) const fn named(name: &'static str) -> Self {
        Self { name }
    }

    pub(super) fn does(&self, operation: &AuthorOperation) -> Operation {
        Operation::new(format_args!("{} {operation}", self.name))
    }

    fn own<'o>(&self, operation: &'o str) -> Option<&'o str> {
        operation.strip_prefix(self.name)?.strip_prefix(' ')
    }
}

impl Part for Author {
    fn reads(&self, operation: &str) -> Reading {
        match self.own(operation) {
            Some(own) => reading::<AuthorOperation>(own, true),
            None => Reading::NotMine,
        }
    }

    fn forms(&self) -> Vec<String> {
        FORMS.map(|form| format!("{} {form}", self.name)).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let who = Name::from(self.name);
        let builder = LoggerBuilder::new(*sim, self.name).threshold(Level::Debug);
        let logger = builder.to(Teller { sim: *sim, who: who.clone() });
        Arc::new(LiveAuthor { author: self.clone(), who, logger })
    }
}

impl Sink for Teller {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sim.record(&self.who, told::writes(bytes));
        Ok(bytes.len())
    }
}

impl Live for LiveAuthor {
    fn perform(&self, sim: &Sim, operation: &str) {
        let own = self.author.own(operation).expect("an operation is read before it is performed");
        let operation = own.parse().expect("an operation is read before it is performed");
        let logger = &self.logger;
        if let AuthorOperation::Writes(number) = operation {
            let content = Content::of(number);
            let fields = content.expected();
            let message = format!("{:?}", content.message);
            sim.record(&self.who, told::gives(&operation, &message, &fields));
            content.log(logger);
            return;
        }
        sim.record(&self.who, told::gives(&operation, "", ""));
        match operation {
            AuthorOperation::Says(level, event_type) => {
                logger.event(event_type).level(level).message(golden::SAID).log();
            }
            AuthorOperation::Helps(Level::Debug) => logger.debug(golden::HELPED),
            AuthorOperation::Helps(Level::Info) => logger.info(golden::HELPED),
            AuthorOperation::Helps(Level::Warning) => logger.warning(golden::HELPED),
            AuthorOperation::Helps(Level::Error) => {
                let error: &dyn Error = &io::Error::from(io::ErrorKind::BrokenPipe);
                logger.error(error);
            }
            AuthorOperation::Helps(Level::Critical) => logger.critical(golden::HELPED),
            AuthorOperation::Uses(status) => logger.tool(golden::TOOL, status),
            AuthorOperation::Took(duration) => logger.performance(golden::MEASURED, duration),
            AuthorOperation::Measures(ending, takes, request) => {
                self.measures(sim, ending, &request, || sim.sleep(takes));
            }
            AuthorOperation::Writes(_) => {}
        }
    }
}

impl LiveAuthor {
    fn measures(&self, sim: &Sim, ending: Ending, request: &str, body: impl FnOnce()) {
        let _scope = LogContext::new().with(LogField::RequestId, request).enter(sim);
        let ended = catch_unwind(AssertUnwindSafe(|| {
            let mut measured = LogPerformance::start(&self.logger, golden::MEASURED);
            body();
            match ending {
                Ending::Ok => {}
                Ending::Failed => measured.fail(&io::Error::from(io::ErrorKind::BrokenPipe)),
                Ending::Panicked => panic_any(PlannedPanic),
            }
        }));
        if let Err(payload) = ended
            && !payload.is::<PlannedPanic>()
        {
            resume_unwind(payload);
        }
    }
}

/// Every kind of event.
pub(super) fn types() -> impl Iterator<Item = EventType> {
    EventType::ALL.iter().copied()
}
