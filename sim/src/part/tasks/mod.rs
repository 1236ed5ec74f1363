//! Tasks that log through one shared logger, each in scopes of its own.

mod heard;
mod operation;
pub(crate) mod words;

pub use operation::{TaskOperation, TaskOperationError};

use super::{Held, Live, Operation, Part, Reading, reading};
use crate::engine::threads::Sim;
use crate::log::Name;
use heard::{Heard, Numbers, told};
pub(super) use heard::{note, text};
use retrip_core::logger::{ContextScope, Json, LogContext, LogField, Logger, MemorySink};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::sync::Arc;

/// Tasks that share one logger. Every actor of a scenario can be one.
///
/// Each line that is written becomes an event `logs` of the thread that logged it, with the context that the line
/// carries; each scope becomes `enters` and `leaves`. A task that ends within scopes leaves them then, without a word.
#[derive(Clone, Debug)]
pub struct Tasks {
    logger: Name,
    numbers: Numbers,
}

impl Tasks {
    /// Tasks whose logger is called `logger`.
    pub fn named(logger: impl Into<Name>) -> Self {
        Self { logger: logger.into(), numbers: Numbers::Left }
    }

    /// Like [`Tasks::named`], and each event of a line has the line's sequence number.
    pub fn numbered(logger: impl Into<Name>) -> Self {
        Self { logger: logger.into(), numbers: Numbers::Taken }
    }

    /// The task enters a scope with `fields`, within those that it is in.
    ///
    /// A key is one of those that say who is served by what, and a value has no space, `=` or `;`; the draft refuses
    /// anything else.
    #[must_use]
    pub fn enters(&self, fields: &[(LogField, &str)]) -> Operation {
        let fields = fields.iter().map(|&(key, value)| (key, value.to_owned())).collect();
        Operation::new(TaskOperation::Enters(fields))
    }

    /// The task leaves the innermost scope that it is in.
    #[must_use]
    pub fn leaves(&self) -> Operation {
        Operation::new(TaskOperation::Leaves)
    }

    /// The task enters a scope as by [`enters`](Tasks::enters), logs within it, and falls out of it by a panic that it catches.
    #[must_use]
    pub fn falls_within(&self, fields: &[(LogField, &str)]) -> Operation {
        let fields = fields.iter().map(|&(key, value)| (key, value.to_owned())).collect();
        Operation::new(TaskOperation::Falls(fields))
    }

    /// The task reads the context that it has, and the event log shows it.
    #[must_use]
    pub fn looks(&self) -> Operation {
        Operation::new(TaskOperation::Looks)
    }

    /// The task logs `message` at INFO.
    #[must_use]
    pub fn logs(&self, message: &str) -> Operation {
        Operation::new(TaskOperation::Logs(message.to_owned()))
    }
}

impl Part for Tasks {
    fn reads(&self, operation: &str) -> Reading {
        let verb = operation.split(' ').next().unwrap_or_default();
        reading::<TaskOperation>(
            operation,
            ["enter", "leave", "look", "log", "fall"].contains(&verb),
        )
    }

    fn forms(&self) -> Vec<String> {
        ["enter KEY=VALUE", "leave", "look", "log TEXT", "fall within KEY=VALUE"]
            .map(String::from)
            .to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let memory = MemorySink::on(sim);
        let who = self.logger.clone();
        let heard = Heard { sim: *sim, memory, who: who.clone(), numbers: self.numbers };
        Arc::new(LiveTasks { logger: Logger::on(*sim, &who, heard), who })
    }
}

/// The payload of a panic that a script asks for.
struct PlannedPanic;

struct LiveTasks {
    logger: Logger<Sim>,
    who: Name,
}

impl LiveTasks {
    fn enter(&self, sim: &Sim, fields: &[(LogField, String)]) -> ContextScope<Sim> {
        let context = fields
            .iter()
            .fold(LogContext::new(), |context, (key, value)| context.with(*key, value.as_str()));
        let scope = self.logger.enter(&context);
        let fields = fields.iter().map(|(key, value)| (Name::from(key.as_str()), text(value)));
        sim.record(&self.who, note(words::ENTERS, fields.collect()));
        scope
    }
}

impl Live for LiveTasks {
    /// As a script of one: a scope ends where it begins.
    fn perform(&self, sim: &Sim, operation: &str) {
        self.perform_holding(sim, operation, &mut Held::default());
    }

    fn perform_holding(&self, sim: &Sim, operation: &str, held: &mut Held) {
        match operation.parse().expect("an operation is read before it is performed") {
            TaskOperation::Enters(fields) => held.hold(self.enter(sim, &fields)),
            TaskOperation::Falls(fields) => {
                let fallen = catch_unwind(AssertUnwindSafe(|| -> () {
                    let _scope = self.enter(sim, &fields);
                    self.logger.info("falls");
                    panic_any(PlannedPanic)
                }));
                if let Err(payload) = fallen
                    && !payload.is::<PlannedPanic>()
                {
                    // The run ends, which is nobody's to catch.
                    resume_unwind(payload);
                }
                sim.record(&self.who, note(words::LEAVES, Vec::new()));
            }
            TaskOperation::Leaves => {
                if held.let_go::<ContextScope<Sim>>() {
                    sim.record(&self.who, note(words::LEAVES, Vec::new()));
                }
            }
            TaskOperation::Looks => {
                let context = LogContext::current(sim).to_string();
                let context = Json::parse(context.as_bytes()).expect("a context prints as JSON");
                let fields = context.members().iter().map(told).collect();
                sim.record(&self.who, note(words::SEES, fields));
            }
            TaskOperation::Logs(message) => self.logger.info(&message),
        }
    }
}
