//! What a plan writes down and its run had no use for: the code has changed since the plan was made.

use super::table::counted;
use crate::run::Run;
use std::fmt;

/// The deviations and choices of a plan that did not apply in its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outdated {
    preemptions: u64,
    choices: u64,
}

impl Outdated {
    /// Those of `run`; none where everything applied.
    pub(super) fn of(run: &Run) -> Option<Self> {
        let outdated = Self { preemptions: run.skipped, choices: run.stale };
        (run.skipped > 0 || run.stale > 0).then_some(outdated)
    }
}

impl fmt::Display for Outdated {
    /// One sentence without its end: `2 preemptions and 1 choice no longer apply: ...`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = [(self.preemptions, "preemption"), (self.choices, "choice")];
        let some = kinds.into_iter().filter(|(number, _)| *number > 0);
        let named: Vec<String> = some.map(|(number, noun)| counted(number, noun)).collect();
        let verb = if self.preemptions + self.choices == 1 { "applies" } else { "apply" };
        let named = named.join(" and ");
        write!(f, "{named} no longer {verb}: the plan is not of this code any more")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_counted_in_its_own_words() {
        let text = |preemptions, choices| Outdated { preemptions, choices }.to_string();
        let why = "the plan is not of this code any more";
        assert_eq!(text(2, 1), format!("2 preemptions and 1 choice no longer apply: {why}"));
        assert_eq!(text(1, 0), format!("1 preemption no longer applies: {why}"));
        assert_eq!(text(0, 3), format!("3 choices no longer apply: {why}"));
    }
}
