//! What a plan says is done: parameters of the scenario, and steps of its driver and actors.

use super::{PlanError, Role, name};
use crate::span::Span;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What the driver is called where it has to be named: by a fault, and as a unit of a host.
pub(crate) const DRIVER: &str = "driver";

/// One operation, and who does it or when. Prints as `5s llm fails`, `caller-1: call llm` or `finally read llm`.
///
/// ```
/// use retrip_sim::plan::Step;
/// use std::time::Duration;
///
/// let fails = Step::at(Duration::from_secs(5), "llm fails")?;
/// assert_eq!(fails.to_string(), "5s llm fails");
/// assert_eq!(Step::by("caller-1", "call llm")?.to_string(), "caller-1: call llm");
/// assert_eq!(Step::finally("read llm")?.to_string(), "finally read llm");
/// // Two operations are two steps.
/// assert!(Step::by("caller-1", "call llm; call llm").is_err());
/// # Ok::<(), retrip_sim::plan::PlanError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// Who does it; `None` for the driver of a timeline.
    pub actor: Option<Arc<str>>,
    /// When, since the start of the run; `None` as soon as the actor has done its step before, or, for the driver, once
    /// everybody has ended.
    pub at: Option<Duration>,
    /// One operation in the canonical form of its scenario, on one line and without `;`.
    pub operation: String,
}

impl Step {
    /// A step of the driver, `at` after the start of the run.
    ///
    /// # Errors
    /// [`PlanError::Operation`] where the operation does not fit into a statement.
    pub fn at(at: Duration, operation: impl Into<String>) -> Result<Self, PlanError> {
        let step = Self { actor: None, at: Some(at), operation: operation.into() };
        step.check().map(|()| step)
    }

    /// The next step of `actor`.
    ///
    /// # Errors
    /// [`PlanError::Name`] where the actor has no proper name, [`PlanError::Operation`] where the operation does not
    /// fit into a statement.
    pub fn by(actor: impl Into<Arc<str>>, operation: impl Into<String>) -> Result<Self, PlanError> {
        let step = Self { actor: Some(actor.into()), at: None, operation: operation.into() };
        step.check().map(|()| step)
    }

    /// A step of the driver, once it has done all others and every actor has ended.
    ///
    /// # Errors
    /// [`PlanError::Operation`] where the operation does not fit into a statement.
    pub fn finally(operation: impl Into<String>) -> Result<Self, PlanError> {
        let step = Self { actor: None, at: None, operation: operation.into() };
        step.check().map(|()| step)
    }

    /// Whether it is done once everybody has ended.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.actor.is_none() && self.at.is_none()
    }

    /// Checks that an actor may be called `name`.
    ///
    /// # Errors
    /// [`PlanError::Name`] or [`PlanError::Driver`] where not.
    pub(crate) fn check_actor(name: &str) -> Result<(), PlanError> {
        if name == DRIVER {
            return Err(PlanError::Driver);
        }
        name::check(Role::Actor, name)
    }

    /// The next step of `actor`, whose name is [known](Step::check_actor) to be one.
    ///
    /// # Errors
    /// [`PlanError::Operation`] where the operation does not fit into a statement.
    pub(crate) fn next_of(actor: Arc<str>, operation: String) -> Result<Self, PlanError> {
        if name::is_phrase(&operation) {
            Ok(Self { actor: Some(actor), at: None, operation })
        } else {
            Err(PlanError::Operation { operation })
        }
    }

    /// Checks that the text of this step reads back as this step.
    pub(super) fn check(&self) -> Result<(), PlanError> {
        let operation = || self.operation.clone();
        if !name::is_phrase(&self.operation) {
            return Err(PlanError::Operation { operation: operation() });
        }
        match (&self.actor, self.at) {
            (Some(actor), _) => Self::check_actor(actor),
            // It would be read as the parameter `finally`.
            (None, None) if first(&self.operation) == "=" => {
                Err(PlanError::Operation { operation: operation() })
            }
            (None, None) => Ok(()),
            // These would be read as a step of an actor and as a parameter.
            (None, Some(_))
                if actor_of(&self.operation).is_some() || first(&self.operation) == "=" =>
            {
                Err(PlanError::Operation { operation: operation() })
            }
            (None, Some(_)) => Ok(()),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_final() {
            f.write_str("finally ")?;
        }
        if let Some(at) = self.at {
            write!(f, "{} ", Span(at))?;
        }
        if let Some(actor) = &self.actor {
            write!(f, "{actor}: ")?;
        }
        f.write_str(&self.operation)
    }
}

/// A named value of the scenario, in the text form of its type. Prints as `open_for = 30s`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Parameter {
    /// The name: `[a-z0-9_-]+`.
    pub name: String,
    /// The value, on one line and without `;`.
    pub value: String,
}

impl Parameter {
    /// The parameter `name` with this value.
    ///
    /// # Errors
    /// [`PlanError::Name`] or [`PlanError::Value`], whichever does not fit into a statement.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Result<Self, PlanError> {
        let parameter = Self { name: name.into(), value: value.into() };
        parameter.check().map(|()| parameter)
    }

    pub(super) fn check(&self) -> Result<(), PlanError> {
        name::check(Role::Parameter, &self.name)?;
        if name::is_phrase(&self.value) {
            Ok(())
        } else {
            Err(PlanError::Value { name: self.name.clone(), value: self.value.clone() })
        }
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.name, self.value)
    }
}

/// The actor that a text begins with, as in `caller-1: call`, and what follows.
pub(super) fn actor_of(text: &str) -> Option<(&str, &str)> {
    let actor = first(text).strip_suffix(':').filter(|actor| name::is_name(actor))?;
    Some((actor, text[actor.len() + 1..].trim()))
}

/// The first word.
pub(super) fn first(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}
