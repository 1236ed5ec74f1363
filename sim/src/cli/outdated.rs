//! What a plan writes down and its run had no use for, and why: it was edited, or the code has changed since.

use super::table::counted;
use crate::engine::threads::Unmet;
use crate::run::Run;
use std::fmt;

/// The most deviations that are listed with their reason.
const MOST_LISTED: usize = 8;

/// The deviations and choices of a plan that did not apply in its run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outdated {
    preemptions: Vec<Unmet>,
    choices: u64,
}

impl Outdated {
    /// Those of `run`; none where everything applied.
    pub(super) fn of(run: &Run) -> Option<Self> {
        let outdated = Self { preemptions: run.unmet.clone(), choices: run.stale };
        (run.skipped > 0 || run.stale > 0).then_some(outdated)
    }
}

impl fmt::Display for Outdated {
    /// A sentence without its end, and a line for each preemption: `2 preemptions and 1 choice do not apply: ...`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let preemptions = self.preemptions.len() as u64;
        let kinds = [(preemptions, "preemption"), (self.choices, "choice")];
        let some = kinds.into_iter().filter(|(number, _)| *number > 0);
        let named: Vec<String> = some.map(|(number, noun)| counted(number, noun)).collect();
        let verb = if preemptions + self.choices == 1 { "does" } else { "do" };
        let named = named.join(" and ");
        write!(f, "{named} {verb} not apply: the plan was edited, or the code has changed since")?;
        for unmet in self.preemptions.iter().take(MOST_LISTED) {
            write!(f, "\n  {unmet}")?;
        }
        match self.preemptions.len().saturating_sub(MOST_LISTED) {
            0 => Ok(()),
            more => write!(f, "\n  and {}", counted(more as u64, "more preemption")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::threads::WhyUnmet;
    use crate::plan::{Deviation, Turn};

    #[test]
    fn each_kind_is_counted_in_its_own_words_and_each_preemption_has_its_reason() {
        let text = |preemptions: u64, choices| {
            let unmet = |point| Unmet {
                deviation: Deviation::new("ada", point, Turn::Time).expect("it is one"),
                why: WhyUnmet::NoPoint { points: 7 },
            };
            let preemptions = (0..preemptions).map(|nth| unmet(90 + nth)).collect();
            Outdated { preemptions, choices }.to_string()
        };
        let why = "the plan was edited, or the code has changed since";
        let last = "the last point of ada is 7";
        assert_eq!(text(0, 3), format!("3 choices do not apply: {why}"));
        assert_eq!(
            text(1, 0),
            format!("1 preemption does not apply: {why}\n  ada@90 -> time: {last}")
        );
        let both = text(10, 1);
        assert!(both.starts_with(&format!("10 preemptions and 1 choice do not apply: {why}\n")));
        assert!(both.ends_with(&format!("\n  ada@97 -> time: {last}\n  and 2 more preemptions")));
    }
}
