//! What can be wrong with a plan for a scenario.

use crate::engine::{EngineName, Unavailable};
use crate::plan::PlanError;
use crate::span::SpanError;

/// Why a plan cannot be run by its scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DraftError {
    /// The plan itself is wrong.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A parameter has a value that it cannot have.
    #[error("`{name} = {value}` cannot be: {name} is {wanted}")]
    Parameter {
        /// The parameter.
        name: &'static str,
        /// What was given.
        value: String,
        /// What would be right.
        wanted: String,
    },
    /// The scenario has no such parameter.
    #[error("the scenario has no parameter `{name}`; it has {}", list(known))]
    UnknownParameter {
        /// What was given.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// Nobody in the scenario understands an operation.
    #[error("nobody here can do `{operation}`; what can be done is {}", list(forms))]
    Operation {
        /// What was given.
        operation: String,
        /// The forms that would be right.
        forms: Vec<String>,
    },
    /// An operation would be understood but for a length of time in it.
    #[error("in `{operation}`, {reason}")]
    Time {
        /// What was given.
        operation: String,
        /// What is wrong with the length of time.
        reason: SpanError,
    },
    /// Something is for a node that the scenario does not have.
    #[error("the scenario has no node `{node}`; it has {}", list(known))]
    Node {
        /// What was given.
        node: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// Something is for an actor that the plan does not have.
    #[error("nobody in the script is called `{actor}`; there is {}", list(known))]
    Actor {
        /// What was given.
        actor: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// Somebody in the plan's script is on no host.
    #[error(
        "`{actor}` is on none of this seed's hosts: those who are, are {}; say who, or choose another seed",
        list(known)
    )]
    Homeless {
        /// Who was given.
        actor: String,
        /// Those who have one.
        known: Vec<String>,
    },
    /// This build has no such engine.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// What the scenario is made of cannot be done on the engine.
    #[error("`{operation}` cannot be done on the {engine} engine, {}", elsewhere(*engine))]
    Elsewhere {
        /// The engine.
        engine: EngineName,
        /// One of the operations.
        operation: String,
    },
    /// What the scenario is made of reads std's clocks, which the engine does not simulate.
    #[error(
        "`{operation}` reads std's clocks, which on the {engine} engine are the machine's: run it `on nodes`, where they come from the seed"
    )]
    RealStd {
        /// The engine.
        engine: EngineName,
        /// One of the operations.
        operation: String,
    },
    /// A fault cannot happen on the engine.
    #[error("`{fault}` cannot happen on the {engine} engine{}", on_which(engines))]
    Fault {
        /// The engine.
        engine: EngineName,
        /// The fault.
        fault: String,
        /// Those on which it can.
        engines: Vec<EngineName>,
    },
    /// A fault would stop whoever follows the script.
    #[error(
        "`{fault}` would stop the driver, which is on that host: leave it out, or let actors on other hosts do the steps"
    )]
    Driver {
        /// The fault.
        fault: String,
    },
    /// A schedule is written for an engine that follows none.
    #[error(
        "the {engine} engine draws who goes first from the seed: leave `schedule written` and what deviates from it out"
    )]
    Schedule {
        /// The engine.
        engine: EngineName,
    },
}

fn on_which(engines: &[EngineName]) -> String {
    let named: Vec<String> = engines.iter().map(|engine| format!("`on {engine}`")).collect();
    match &named[..] {
        [] => String::new(),
        named => format!(": it can {}", named.join(" and ")),
    }
}

fn elsewhere(engine: EngineName) -> &'static str {
    match engine {
        EngineName::Threads => "only on hosts: name another engine, as in `on nodes`",
        _ => "only on threads: say `on threads`, or name no engine",
    }
}

fn list(items: &[String]) -> String {
    if items.is_empty() {
        return "none".to_owned();
    }
    let quoted: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
    quoted.join(", ")
}
