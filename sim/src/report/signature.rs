//! What a minimal case has in common with others of the same cause: kinds of operations and faults, and where it breaks.

use crate::engine::threads::Failure;
use crate::part::Wait;
use crate::plan::{Fault, Plan, Schedule, Turn};
use crate::run::Run;
use crate::shrink::has_form;
use crate::span::{Offset, Span};
use std::collections::BTreeSet;

/// The canonical form of a minimal case. Two failing seeds with one broken promise and equal forms have one cause.
///
/// It leaves out the seed, the parameters, times, numbers and labels, who does what and how often, where time passes, and
/// where threads take turns but not whether they must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signature {
    operations: BTreeSet<String>,
    faults: BTreeSet<String>,
    /// Whether threads must take turns other than by default.
    turns: bool,
    place: Place,
}

/// Where a promise breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// At an event of this kind.
    Event { who: String, verb: String },
    /// In this line of code, which panicked.
    Panic { at: String },
    /// Threads wait for ever in these lines of code.
    Waits { at: BTreeSet<(String, u32)> },
    /// At the end of the run.
    End,
}

impl Signature {
    /// Of the minimal `run`, whose `plan` leaves out what does not matter; `forms` are those of its operations.
    pub(super) fn of(plan: &Plan, run: &Run, forms: &[String]) -> Self {
        Self { place: Place::of(run), ..Self::of_plan(plan, forms) }
    }

    fn of_plan(plan: &Plan, forms: &[String]) -> Self {
        let steps = plan.script.iter().flatten();
        // Whether time passes in an operation or in the schedule is all one.
        let acts = steps.filter(|step| step.operation.parse::<Wait>().is_err());
        let takes_turns = |turn: &Turn| !matches!(turn, Turn::Time | Turn::Stall(_));
        let turns = match &plan.schedule {
            Schedule::Written(deviations) => deviations.iter().any(|at| takes_turns(&at.turn)),
            Schedule::Drawn => false,
        };
        Self {
            operations: acts.map(|step| kind(&step.operation, forms)).collect(),
            faults: plan.faults.iter().flatten().map(fault).collect(),
            turns,
            place: Place::End,
        }
    }
}

impl Place {
    fn of(run: &Run) -> Self {
        if let Some(Failure::Panic { at, .. }) = &run.failure {
            return Self::Panic { at: at.clone() };
        }
        if let Some(Failure::Deadlock { waits } | Failure::LeakedThreads { waits }) = &run.failure {
            let at = waits.iter().filter_map(|wait| wait.at);
            let at = at.map(|at| (at.file().to_owned(), at.line())).collect();
            return Self::Waits { at };
        }
        let event = run.breach.as_ref().and_then(|breach| breach.event);
        match event.and_then(|event| run.log.events().get(event)) {
            Some(event) => {
                Self::Event { who: event.who.to_string(), verb: event.what.verb().to_string() }
            }
            None => Self::End,
        }
    }
}

/// An operation without its numbers, durations and labels; a step of a clock keeps its direction.
fn kind(operation: &str, forms: &[String]) -> String {
    let form = forms.iter().find(|form| has_form(operation, form));
    let mut blanks = form.map(|form| form.split(' ')).into_iter().flatten();
    let word = |word: &str| {
        let blank = blanks.next();
        match (number(word), blank) {
            (Some(number), _) => number.to_owned(),
            // A choice of words says what is done; a single blank is filled with a name.
            (None, Some(blank)) if !blank.contains('|') => blank.to_owned(),
            (None, _) => word.to_owned(),
        }
    };
    operation.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// What stands for a number or a duration.
fn number(word: &str) -> Option<&'static str> {
    if word.parse::<u64>().is_ok() || word.parse::<Span>().is_ok() {
        return Some("#");
    }
    let offset: Offset = word.parse().ok()?;
    Some(if offset.as_nanos() < 0 { "-#" } else { "#" })
}

/// A fault without its times, which come second in its text, and without its measure.
fn fault(fault: &Fault) -> String {
    let text = fault.to_string();
    text.split(' ').skip(2).map(|word| number(word).unwrap_or(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{eventually, never};
    use crate::engine::threads::Sim;
    use crate::part::{Live, Part, Reading};
    use crate::run::{Request, run};
    use crate::scenario::Scenario;
    use retrip_core::door::Spawn;
    use std::sync::Arc;

    fn signature(plan: &str) -> Signature {
        let forms =
            ["begin call LABEL on llm", "end call LABEL on llm ok|failed"].map(String::from);
        Signature::of_plan(&plan.parse().expect("it is a plan"), &forms)
    }

    #[test]
    fn what_was_drawn_makes_no_cause_of_its_own() {
        let one = signature(
            "s 1 n = 2; 0s llm fails; a: call llm; b: wait 3s; b: begin call a on llm; fault 5s wall clock jumps -1s; a@3 -> b",
        );
        let same = signature(
            "s 9 n = 3; 1s llm fails; x: wait 4ms; x: call llm; x: call llm; x: begin call c on llm; fault 6s wall clock jumps -9s; c@7 -> x; x@9 -> c; x@11 -> time",
        );
        assert_eq!(one, same);
        assert_eq!(signature("s 1 a: call; a: wait 3s"), signature("s 1 a: call; a@3 -> time"));
    }

    #[test]
    fn what_is_done_in_which_direction_and_where_it_breaks_does() {
        let base = signature("s 1 a: call; a: end call a on llm ok; fault 5s wall clock jumps -1s");
        for other in [
            "s 1 a: call; a: end call a on llm failed; fault 5s wall clock jumps -1s",
            "s 1 a: call; b: reset; a: end call a on llm ok; fault 5s wall clock jumps -1s",
            "s 1 a: call; a: end call a on llm ok; fault 5s wall clock jumps 1s",
            "s 1 a: call; a: end call a on llm ok",
            "s 1 a: call; a: end call a on llm ok; fault 5s wall clock jumps -1s; a@3 -> b",
        ] {
            assert_ne!(base, signature(other), "{other}");
        }
        let at = |verb: &str| Place::Event { who: "llm".to_owned(), verb: verb.to_owned() };
        let broken = |place| Signature { place, ..base.clone() };
        assert_ne!(broken(at("rejected")), broken(at("opens")));
        let panic = |at: &str| Place::Panic { at: at.to_owned() };
        assert_ne!(broken(panic("a.rs:1:2")), broken(panic("a.rs:9:2")));
    }

    /// Panics, in a line of its own for each operation.
    #[derive(Clone, Copy)]
    struct Careless;

    impl Part for Careless {
        fn reads(&self, operation: &str) -> Reading {
            let mine = ["slip", "stick", "forget"];
            if mine.iter().any(|mine| operation.starts_with(mine)) {
                Reading::Understood
            } else {
                Reading::NotMine
            }
        }

        fn forms(&self) -> Vec<String> {
            ["slip PLACE", "stick PLACE", "forget PLACE"].map(str::to_owned).to_vec()
        }

        fn enter(&self, _sim: &Sim) -> Arc<dyn Live> {
            Arc::new(*self)
        }
    }

    impl Live for Careless {
        fn perform(&self, sim: &Sim, operation: &str) {
            assert_ne!(operation, "slip here");
            assert_ne!(operation, "slip there");
            match operation {
                "stick here" => sim.park(),
                "stick there" => sim.park(),
                "forget here" => forget(*sim, |sim| sim.park()),
                "forget there" => forget(*sim, |sim| sim.park()),
                _ => {}
            }
        }
    }

    /// Leaves a thread behind that is `stuck`.
    fn forget(sim: Sim, stuck: fn(Sim)) {
        sim.spawn("forgotten", move || stuck(sim)).map(drop).expect("there is room");
    }

    #[test]
    fn a_promise_breaks_at_an_event_in_a_panicking_line_or_at_the_end() {
        let scenario = Scenario::new("places", "something is done", |s| {
            s.part(Careless);
            s.check(never("steady", "no clock jumps", |event| {
                (event.what.verb() == "jumps").then(|| "a jump".to_owned())
            }));
            s.check(eventually("moves", "something happens", "an event", |_| true));
        });
        let place = |steps: &str| {
            let plan: Plan = format!("places 0 {steps}").parse().expect("it is a plan");
            Place::of(&run(&scenario, &Request::of(&plan)).expect("it runs"))
        };
        let event = Place::Event { who: "clock".to_owned(), verb: "jumps".to_owned() };
        assert_eq!(place("0s wall clock jumps -1s"), event);
        assert_eq!(place("no operations"), Place::End);
        let (here, there) = (place("0s slip here"), place("0s slip there"));
        assert!(matches!(&here, Place::Panic { at } if at.contains(file!())), "{here:?}");
        assert_eq!(here, place("1s slip here"));
        assert_ne!(here, there);
        let (here, there) = (place("x: stick here"), place("x: stick there"));
        let in_this_file = |(file, _): &(String, u32)| file == file!();
        assert!(matches!(&here, Place::Waits { at } if at.iter().all(in_this_file)), "{here:?}");
        assert_eq!(here, place("x: stick here; 0s wait 1s"));
        assert_ne!(here, there);
        // Every thread that waits counts, not only the first one.
        assert_eq!(here, place("x: stick here; y: stick here"));
        assert_ne!(here, place("x: stick here; y: stick there"));
        let (here, there) = (place("0s forget here"), place("0s forget there"));
        assert!(matches!(&here, Place::Waits { at } if at.len() == 1), "{here:?}");
        assert_ne!(here, there);
    }
}
