//! Reads a plan from either of its text forms.

use super::step::{actor_of, first};
use super::{Choice, Deviation, Fault, Parameter, Plan, PlanError, Schedule, Step, name};
use crate::span::{Span, SpanError};
use std::str::FromStr;
use std::sync::Arc;

impl FromStr for Plan {
    type Err = PlanError;

    /// Reads the form of one line and the form of many lines; statements may be mixed in any order, and those of the
    /// same kind keep theirs. The byte order mark that some editors put in front of a file means nothing.
    fn from_str(text: &str) -> Result<Self, PlanError> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let meant = |line: &&str| !line.is_empty() && !line.starts_with('#');
        let mut lines = text.lines().map(str::trim).filter(meant);
        let head = lines.next().unwrap_or_default();
        let no_head = || PlanError::Head { found: head.to_owned() };
        let (scenario, rest) = head.split_once(char::is_whitespace).ok_or_else(no_head)?;
        let rest = rest.trim();
        let (seed, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));

        let seed = seed.trim_end_matches(';');
        if seed.is_empty() {
            return Err(no_head());
        }

        let mut reading = Reading::of(Plan::drawn(scenario, seed.parse()?)?);
        std::iter::once(rest)
            .chain(lines)
            .flat_map(|line| line.split(';'))
            .map(str::trim)
            .filter(|statement| !statement.is_empty())
            .try_for_each(|statement| reading.take(statement))?;
        reading.end()
    }
}

/// A plan of which some statements have been read.
struct Reading {
    plan: Plan,
    /// `no operations`, `no faults` and `faults drawn`, which must not meet what they deny.
    denials: Vec<&'static str>,
}

impl Reading {
    fn of(plan: Plan) -> Self {
        Self { plan, denials: Vec::new() }
    }

    /// Takes the next statement in.
    fn take(&mut self, statement: &str) -> Result<(), PlanError> {
        let words: Vec<&str> = statement.split_whitespace().collect();
        match *words {
            // First, because a parameter may have any name.
            [name, "=", ..] if name::is_name(name) => self.parameter(statement),
            ["on", engine] => self.engine(statement, engine),
            ["no", "operations"] => self.deny("no operations"),
            ["no", "faults"] => self.deny("no faults"),
            ["faults", "drawn"] => self.deny("faults drawn"),
            ["schedule", "written"] => {
                self.deviations();
                Ok(())
            }
            ["fault", ..] => {
                let fault = Fault::parse(statement)?;
                self.plan.faults.get_or_insert_default().push(fault);
                Ok(())
            }
            ["choice", ..] => {
                self.plan.choices.push(Choice::parse(statement)?);
                Ok(())
            }
            [place, "->" | "wakes" | "spuriously", ..] if place.contains('@') => {
                let deviation = Deviation::parse(statement)?;
                self.deviations().push(deviation);
                Ok(())
            }
            _ => {
                let step = step(statement)?;
                self.plan.script.get_or_insert_default().push(step);
                Ok(())
            }
        }
    }

    fn parameter(&mut self, statement: &str) -> Result<(), PlanError> {
        let (name, value) = statement.split_once('=').expect("the second word is an equals sign");
        let parameter = Parameter::new(name.trim(), value.trim())?;
        if self.plan.parameter(&parameter.name).is_some() {
            return Err(PlanError::Twice { statement: statement.to_owned() });
        }
        self.plan.parameters.push(parameter);
        Ok(())
    }

    fn engine(&mut self, statement: &str, name: &str) -> Result<(), PlanError> {
        let engine = name.parse()?;
        match self.plan.engine.replace(engine) {
            Some(_) => Err(PlanError::Twice { statement: statement.to_owned() }),
            None => Ok(()),
        }
    }

    fn deviations(&mut self) -> &mut Vec<Deviation> {
        if self.plan.schedule == Schedule::Drawn {
            self.plan.schedule = Schedule::Written(Vec::new());
        }
        match &mut self.plan.schedule {
            Schedule::Written(deviations) => deviations,
            Schedule::Drawn => unreachable!("a drawn schedule was just replaced"),
        }
    }

    fn deny(&mut self, denial: &'static str) -> Result<(), PlanError> {
        if self.denials.contains(&denial) {
            return Err(PlanError::Twice { statement: denial.to_owned() });
        }
        self.denials.push(denial);
        Ok(())
    }

    /// The plan, once everything has been read.
    fn end(mut self) -> Result<Plan, PlanError> {
        let denies = |denial| self.denials.contains(&denial);
        let contradiction =
            |denial: &str| Err(PlanError::Contradiction { statement: denial.to_owned() });
        if denies("no operations") {
            if self.plan.script.is_some() {
                return contradiction("no operations");
            }
            self.plan.script = Some(Vec::new());
        }
        match (denies("no faults"), denies("faults drawn")) {
            (true, drawn) if drawn || self.plan.faults.is_some() => {
                return contradiction("no faults");
            }
            (_, true) if self.plan.faults.is_some() => return contradiction("faults drawn"),
            (_, true) => {}
            // With a script, the faults are exactly those listed.
            (none, false) if none || self.plan.script.is_some() => {
                self.plan.faults.get_or_insert_default();
            }
            (_, false) => {}
        }
        Ok(self.plan)
    }
}

/// Reads `5s OPERATION`, `ACTOR: OPERATION`, `5s ACTOR: OPERATION` or `finally OPERATION`.
fn step(statement: &str) -> Result<Step, PlanError> {
    let no_operation = || PlanError::NoOperation { statement: statement.to_owned() };
    if first(statement) == "finally" {
        let operation = statement["finally".len()..].trim();
        return if operation.is_empty() { Err(no_operation()) } else { Step::finally(operation) };
    }
    let (at, rest) = match first(statement).parse() {
        Ok(Span(at)) => (Some(at), statement[first(statement).len()..].trim()),
        Err(SpanError::NotASpan { .. }) => (None, statement),
        Err(reason) => {
            let statement = statement.to_owned();
            return Err(PlanError::Time { statement, reason });
        }
    };
    let (actor, operation) = match actor_of(rest) {
        Some((actor, operation)) => (Some(Arc::from(actor)), operation),
        None => (None, rest),
    };
    if at.is_none() && actor.is_none() {
        return Err(PlanError::Unknown { statement: statement.to_owned() });
    }
    if operation.is_empty() {
        return Err(no_operation());
    }
    let step = Step { actor, at, operation: operation.to_owned() };
    step.check().map(|()| step)
}
