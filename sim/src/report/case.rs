//! The steps that a report shows: the fewest that fail, or those that were asked for.

use crate::engine::threads::Unmet;
use crate::plan::{Plan, Schedule, Step};
use crate::span::Span;
use std::fmt;

/// The column in which the time of a step ends, where none is longer.
const TIME: usize = 12;
/// Spaces before the longest of them.
const INDENT: usize = 2;

/// What was run to see the failure, and how it was come by.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Case {
    /// The fewest steps that were found to fail in the same way.
    Minimal {
        /// They as a plan.
        plan: Plan,
        /// Operations of the run that was made smaller.
        of: usize,
        /// Runs that were made to find it.
        runs: u64,
    },
    /// Fewer steps that fail in the same way: whoever looked for the fewest was stopped.
    SoFar {
        /// They as a plan.
        plan: Plan,
        /// Operations of the run that was made smaller.
        of: usize,
        /// Runs that were made to find it.
        runs: u64,
    },
    /// What the seed draws: it was stopped before anything smaller was found.
    Unexamined,
    /// A plan as somebody gave it.
    Given {
        /// It.
        plan: Plan,
        /// Deviations of its schedule that did not apply, and why.
        unmet: Vec<Unmet>,
        /// Choices of it that did not apply.
        stale: u64,
    },
    /// The seed did not fail again, so there is nothing to make smaller.
    Vanished,
    /// The seed does not do the same in every process, so that nothing smaller would prove anything.
    Unsteady,
}

impl fmt::Display for Case {
    /// A head line, and one line for each parameter, step, fault, deviation and choice.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = match self {
            Self::Vanished => {
                return writeln!(f, "  minimal  none: run again, the seed kept its promises");
            }
            Self::Unsteady => {
                return writeln!(
                    f,
                    "  minimal  none: what the seed does depends on more than the seed"
                );
            }
            Self::Unexamined => {
                return writeln!(f, "  minimal  none: stopped before a smaller case was found");
            }
            Self::Minimal { plan, of, runs } => {
                writeln!(f, "  minimal  {}", found(plan, *of, *runs))?;
                plan
            }
            Self::SoFar { plan, of, runs } => {
                let found = found(plan, *of, *runs);
                writeln!(f, "  so far   {found}: stopped before it was smallest")?;
                plan
            }
            Self::Given { plan, unmet, stale } => {
                let preemptions = counted(preemptions(plan) as u64, "preemption");
                write!(f, "  given    {}, {preemptions}", counted(steps(plan) as u64, "step"))?;
                match unmet.len() {
                    0 => {}
                    1 => f.write_str(", 1 of which does not apply")?,
                    more => write!(f, ", {more} of which do not apply")?,
                }
                if *stale > 0 {
                    write!(f, ", {stale} of {} choices stale", plan.choices.len())?;
                }
                writeln!(f)?;
                plan
            }
        };
        let unmet = if let Self::Given { unmet, .. } = self { &**unmet } else { &[] };
        lines(f, plan, unmet)
    }
}

/// How much is left of so many steps, and what it took.
fn found(plan: &Plan, of: usize, runs: u64) -> String {
    let (steps, of) = (steps(plan), counted(of as u64, "step"));
    let preemptions = counted(preemptions(plan) as u64, "preemption");
    format!("{steps} of {of}, {preemptions}, found in {}", counted(runs, "run"))
}

/// The times of steps end in one column, and everything else begins behind it. A deviation that is among the `unmet`, which
/// are in the order of the plan, has its reason beside it.
fn lines(f: &mut fmt::Formatter<'_>, plan: &Plan, unmet: &[Unmet]) -> fmt::Result {
    let at = |step: &Step| match step.at {
        Some(at) => Span(at).to_string(),
        None if step.is_final() => "finally".to_owned(),
        None => String::new(),
    };
    let steps = || plan.script.iter().flatten();
    let width = steps().map(|step| INDENT + at(step).len()).fold(TIME, usize::max);
    for parameter in &plan.parameters {
        writeln!(f, "{:width$}  {parameter}", "")?;
    }
    for step in steps() {
        let actor = step.actor.as_ref().map_or_else(String::new, |actor| format!("{actor}: "));
        writeln!(f, "{:>width$}  {actor}{}", at(step), step.operation)?;
    }
    for fault in plan.faults.iter().flatten() {
        writeln!(f, "{:width$}  {fault}", "")?;
    }
    if let Schedule::Written(deviations) = &plan.schedule {
        let mut unmet = unmet.iter().peekable();
        for deviation in deviations {
            write!(f, "{:width$}  {deviation}", "")?;
            match unmet.next_if(|unmet| unmet.deviation == *deviation) {
                Some(unmet) => writeln!(f, "  (does not apply: {})", unmet.reason())?,
                None => writeln!(f)?,
            }
        }
    }
    for choice in &plan.choices {
        writeln!(f, "{:width$}  {choice}", "")?;
    }
    Ok(())
}

fn steps(plan: &Plan) -> usize {
    plan.script.as_ref().map_or(0, Vec::len)
}

fn preemptions(plan: &Plan) -> usize {
    match &plan.schedule {
        Schedule::Written(deviations) => deviations.len(),
        Schedule::Drawn => 0,
    }
}

fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
