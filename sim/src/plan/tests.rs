//! A plan's text is the plan: what prints parses back, and what cannot be read is named.

use super::*;
use crate::disk::Trouble;
use crate::span::Offset;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

const EVERY_STATEMENT: &str = "\
breaker_swarm 0x4
on nodes
open_for = 30s
0s llm fails
caller-1: call llm
1.5s caller-2: call llm
fault 5s wall clock jumps -3600s
fault 5s..35s monotonic clock of n2 drifts 50ppm
fault 1s..2s wall clock freezes
fault 5s..9s llm crashes
fault 5s llm restarts
fault 5s..6s llm pauses
fault 5s..9s partition client from llm
fault 5s partition client to llm
fault 5s..9s hold client from llm
fault 5s..9s hold client to llm
fault 5s..9s messages take 100ms..2s
fault 5s..9s messages lost 300000ppm
fault 5s..9s messages doubled 300000ppm
fault 5s..9s messages shuffled 50ms
schedule written
caller-1@17 -> caller-2
caller-1@18 -> time
caller-1@20 -> stall 30s
caller-2@4 wakes 2
caller-2@6 spuriously
choice breaker.jitter 17/100
";

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(super) fn parsed(text: &str) -> Plan {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub(super) fn refused(text: &str) -> PlanError {
    format!("s 0x1\n{text}").parse::<Plan>().expect_err(text)
}

#[test]
fn every_statement_is_read_and_printed_as_it_was() {
    let plan = parsed(EVERY_STATEMENT);
    assert_eq!(plan.lines().to_string(), EVERY_STATEMENT);
    assert_eq!(plan.to_string().parse(), Ok(plan.clone()));

    assert_eq!((plan.scenario.as_str(), plan.seed.value()), ("breaker_swarm", 4));
    assert_eq!(plan.parameter("open_for"), Some("30s"));
    let script = plan.script.unwrap();
    assert_eq!(script[0], Step::at(secs(0), "llm fails").unwrap());
    assert_eq!(script[1], Step::by("caller-1", "call llm").unwrap());
    assert_eq!((script[2].actor.as_deref(), script[2].at), (Some("caller-2"), Some(secs(3) / 2)));
    let faults = plan.faults.unwrap();
    assert_eq!(faults[0].kind, FaultKind::WallJumps(Offset::from_nanos(-3_600_000_000_000)));
    assert_eq!((faults[1].node.as_deref(), faults[1].until), (Some("n2"), Some(secs(35))));
    let Schedule::Written(deviations) = plan.schedule else { panic!("the schedule is written") };
    assert_eq!(deviations[2].turn, Turn::Stall(secs(30)));
    assert_eq!(deviations[3].turn, Turn::Wakes(2));
    assert_eq!(deviations[4].turn, Turn::Spurious);
    assert_eq!(plan.choices, [Choice::new("breaker.jitter", 17, 100).unwrap()]);
}

#[test]
fn the_replay_line_is_the_head_and_its_statements() {
    let line = "breaker_swarm 0x4 0s llm fails; 0s call llm; caller-1: call";
    assert_eq!(parsed(line).to_string(), line);
    assert_eq!(parsed(line).script.unwrap().len(), 3);
    assert_eq!(parsed("s 7").to_string(), "s 0x7");
}

#[test]
fn comments_and_blank_lines_mean_nothing() {
    let text = "\n# kept from a failure\n s 0x1 \n\n  # the first call\n 0s  call \r\n";
    assert_eq!(parsed(text), parsed("s 1 0s call"));
    // As an editor may save it.
    assert_eq!(parsed("\u{FEFF}s 0x1\n0s call\n"), parsed("s 1 0s call"));
}

#[test]
fn a_head_alone_leaves_everything_to_the_seed() {
    let plan = parsed("s 0x1 p = 3");
    assert_eq!((plan.script, plan.faults, plan.schedule), (None, None, Schedule::Drawn));
    let plan = parsed("s 0x1 no operations");
    assert_eq!((plan.script, plan.faults), (Some(vec![]), Some(vec![])));
}

#[test]
fn with_a_script_the_faults_are_those_listed() {
    assert_eq!(parsed("s 0x1 0s call").faults, Some(vec![]));
    assert_eq!(parsed("s 0x1 0s call; faults drawn").faults, None);
    assert_eq!(parsed("s 0x1 no faults").faults, Some(vec![]));
    assert_eq!(parsed("s 0x1 no faults").script, None);
}

#[test]
fn a_thread_called_time_is_not_the_clock() {
    let plan = parsed("s 0x1 time@1 -> thread time; a@b@2 -> thread; x@3 -> stall");
    let Schedule::Written(deviations) = &plan.schedule else { panic!("deviations were listed") };
    assert_eq!(deviations[0].turn, Turn::To(Arc::from("time")));
    assert_eq!((&*deviations[1].thread, deviations[1].point), ("a@b", 2));
    assert_eq!(plan.to_string().parse(), Ok(plan));
}

#[test]
fn what_cannot_be_read_is_named() {
    let head = |text: &str| text.parse::<Plan>().unwrap_err();
    assert!(matches!(head(""), PlanError::Head { .. }));
    assert!(matches!(head("breaker_swarm"), PlanError::Head { .. }));
    assert_eq!(head("s ; 0s call"), PlanError::Head { found: "s ; 0s call".to_owned() });
    assert!(matches!(head("breaker_swarm four"), PlanError::Seed(_)));
    assert!(matches!(head("Breaker 4"), PlanError::Name { role: Role::Scenario, .. }));

    assert!(matches!(refused("call llm"), PlanError::Unknown { .. }));
    assert!(matches!(refused("5 call llm"), PlanError::Unknown { .. }));
    assert!(matches!(refused("Caller: call"), PlanError::Unknown { .. }));
    for text in ["5s", "caller:", "5s caller:", "finally"] {
        let error = refused(text);
        assert_eq!(error, PlanError::NoOperation { statement: text.to_owned() });
        let said = error.to_string();
        assert!(said.starts_with(&format!("`{text}` has nothing to do: write an op")), "{said}");
    }
    assert!(matches!(refused("5s a\0b"), PlanError::Operation { .. }));
    assert!(matches!(refused("p ="), PlanError::Value { .. }));
    assert!(matches!(refused("p = 1; p = 1"), PlanError::Twice { .. }));
    assert!(matches!(refused("no faults; no faults"), PlanError::Twice { .. }));
    assert!(matches!(refused("no operations; 0s call"), PlanError::Contradiction { .. }));
    assert!(matches!(refused("no faults; faults drawn"), PlanError::Contradiction { .. }));
    let fault = "fault 1s wall clock jumps 1s";
    assert!(matches!(refused(&format!("no faults; {fault}")), PlanError::Contradiction { .. }));
    assert!(matches!(refused(&format!("faults drawn; {fault}")), PlanError::Contradiction { .. }));

    let unknown = refused("call llm").to_string();
    assert!(unknown.starts_with("`call llm` is no statement of a plan: write a step"), "{unknown}");
}

#[test]
fn a_deviation_or_choice_that_makes_no_sense_is_refused() {
    for text in [
        "a@ -> b",
        "@1 -> b",
        "a@x -> b",
        "a@+1 -> b",
        "a@1 -> b c",
        "a@1 wakes",
        "a@1 wakes 4294967296",
        "a@1 spuriously 2",
    ] {
        assert!(matches!(refused(text), PlanError::Deviation { .. }), "{text}");
    }
    assert!(matches!(refused("=@1 -> b"), PlanError::Word { role: Role::Thread, .. }));
    assert!(matches!(refused("a@1 -> stall soon"), PlanError::Time { .. }));
    for text in ["a@0 -> b", "a@00 wakes 1"] {
        let error = refused(text);
        assert!(matches!(error, PlanError::NoPoint { .. }), "{text}");
        assert!(error.to_string().contains("the first one of a is `a@1`"), "{error}");
    }
    for text in ["choice", "choice a 1", "choice a 1/", "choice a 5/5", "choice a -1/5"] {
        assert!(matches!(refused(text), PlanError::Choice { .. }), "{text}");
    }
}

#[test]
fn constructors_refuse_what_would_read_as_something_else() {
    for operation in ["", " call", "call\n", "a;b", "caller-1: call", "= 4", "a\tb"] {
        let error = Step::at(secs(1), operation).unwrap_err();
        assert_eq!(error, PlanError::Operation { operation: operation.to_owned() });
    }
    assert!(matches!(Step::by("Caller", "call"), Err(PlanError::Name { role: Role::Actor, .. })));
    assert!(Step::by("a", "b: call = 4").is_ok());
    assert!(matches!(Parameter::new("p", "1;2"), Err(PlanError::Value { .. })));
    assert!(matches!(Plan::drawn("a b", Seed::new(1)), Err(PlanError::Name { .. })));
    for stream in ["a b", "", "#a", "=", "a;b", "a\u{1b}b"] {
        assert!(matches!(Choice::new(stream, 0, 1), Err(PlanError::Word { .. })), "{stream}");
    }
    for late in ["20000000000s call", "0.0000000001s a: call"] {
        let error = format!("s 1 {late}").parse::<Plan>().unwrap_err();
        assert!(matches!(error, PlanError::Time { .. }), "{error}");
    }
    assert!(matches!(Step::finally("= 4"), Err(PlanError::Operation { .. })));
    assert_eq!(parsed("s 1 finally = 4").parameter("finally"), Some("4"));
    assert!(matches!(Step::finally(" call"), Err(PlanError::Operation { .. })));
}

fn a_time() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0_u64..100).prop_map(Duration::from_secs),
        any::<u64>().prop_map(Duration::from_nanos)
    ]
}

/// Names that could be taken for something else, among others.
fn a_name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9_-]{1,8}", "0s|no|fault|choice|schedule|time|stall|thread|wakes|spuriously"]
}

fn a_word() -> impl Strategy<Value = Arc<str>> {
    prop_oneof![a_name(), "[!-:<-~é]{1,8}"]
        .prop_filter("a word that its rule would refuse", |word| !word.starts_with(['#', '=']))
        .prop_map(Arc::from)
}

fn a_phrase() -> impl Strategy<Value = String> {
    "[!-:<-~é]([ -:<-~é]{0,12}[!-:<-~é])?"
}

fn a_step() -> impl Strategy<Value = Step> {
    let at = a_time();
    (option::of(a_name()), option::of(at), a_phrase())
        .prop_map(|(actor, at, operation)| Step { actor: actor.map(Arc::from), at, operation })
        .prop_filter("a step that its constructor would refuse", |step| step.check().is_ok())
}

fn a_way() -> impl Strategy<Value = Way> {
    prop_oneof![Just(Way::Both), Just(Way::There)]
}

fn a_trouble() -> impl Strategy<Value = Trouble> {
    let share = || 1_u32..=1_000_000;
    prop_oneof![
        any::<u64>().prop_map(Trouble::Full),
        any::<u64>().prop_map(Trouble::OverQuota),
        share().prop_map(Trouble::WritesFail),
        share().prop_map(Trouble::WritesInterrupted),
        share().prop_map(Trouble::WritesShort),
        share().prop_map(Trouble::ReadsFail),
        Just(Trouble::ReadOnly),
        Just(Trouble::OpensFail),
        Just(Trouble::RenamesFail),
        share().prop_map(Trouble::SyncsFail),
        Just(Trouble::SyncsLie),
        (a_time(), a_time()).prop_map(|(one, other)| Trouble::Slow(one, other)),
    ]
}

fn a_fault() -> impl Strategy<Value = Fault> {
    let kind = prop_oneof![
        any::<i64>().prop_map(|nanos| FaultKind::WallJumps(Offset::from_nanos(nanos))),
        any::<i32>().prop_map(FaultKind::WallDrifts),
        Just(FaultKind::WallFreezes),
        (-999_999_i32..).prop_map(FaultKind::MonotonicDrifts),
        Just(FaultKind::MonotonicFreezes),
        a_time().prop_map(FaultKind::MonotonicSuspends),
        Just(FaultKind::Crashes),
        Just(FaultKind::Restarts),
        Just(FaultKind::Pauses),
        Just(FaultKind::Stalls),
        a_way().prop_map(FaultKind::Partitions),
        a_way().prop_map(FaultKind::Partitions),
        a_way().prop_map(FaultKind::Holds),
        (a_time(), a_time()).prop_map(|(one, other)| FaultKind::MessagesTake(one, other)),
        (0_u32..=1_000_000).prop_map(FaultKind::MessagesLost),
        (0_u32..=1_000_000).prop_map(FaultKind::MessagesDoubled),
        a_time().prop_map(FaultKind::MessagesShuffled),
        a_trouble().prop_map(FaultKind::Disk),
    ];
    let node = option::of(a_name().prop_map(Arc::from));
    let other = option::of(a_name().prop_map(Arc::from));
    (a_time(), option::of((1_u64..).prop_map(Duration::from_nanos)), node, other, kind)
        .prop_map(|(from, length, node, other, kind)| Fault {
            from,
            until: length.map(|length| (from + length).min(Duration::from_nanos(u64::MAX))),
            node,
            other,
            kind,
        })
        .prop_filter("a fault that its constructor would refuse", |fault| fault.check().is_ok())
}

fn a_deviation() -> impl Strategy<Value = Deviation> {
    let turn = prop_oneof![
        a_word().prop_map(Turn::To),
        Just(Turn::Time),
        a_time().prop_map(Turn::Stall),
        any::<u32>().prop_map(Turn::Wakes),
        Just(Turn::Spurious),
    ];
    (a_word(), 1..=u64::MAX, turn).prop_map(|(thread, point, turn)| Deviation {
        thread,
        point,
        turn,
    })
}

fn a_plan() -> impl Strategy<Value = Plan> {
    let parameters = vec((a_name(), a_phrase()), 0..3).prop_map(|pairs| {
        let mut parameters: Vec<Parameter> = Vec::new();
        for (name, value) in pairs {
            if parameters.iter().all(|earlier| earlier.name != name) {
                parameters.push(Parameter { name, value });
            }
        }
        parameters
    });
    let schedule =
        prop_oneof![Just(Schedule::Drawn), vec(a_deviation(), 0..4).prop_map(Schedule::Written)];
    let choice = (a_word(), any::<u64>(), 1_u64..).prop_map(|(stream, value, bound)| Choice {
        stream,
        value: value % bound,
        bound,
    });
    let script = option::of(vec(a_step(), 0..4));
    let faults = option::of(vec(a_fault(), 0..4));
    let engine = option::of(proptest::sample::select(&EngineName::ALL[..]));
    (a_name(), any::<u64>(), engine, parameters, script, faults, schedule, vec(choice, 0..3))
        .prop_map(|(scenario, seed, engine, parameters, script, faults, schedule, choices)| Plan {
            scenario,
            seed: Seed::new(seed),
            engine,
            parameters,
            script,
            faults,
            schedule,
            choices,
        })
}

/// Texts that are refused, for what no slip in a plan that is right leads to.
const REFUSED: [&str; 8] = [
    "s",
    "s 1 on land",
    "s 1 5s a:",
    "s 1 a = 1; a = 2",
    "s 1 fault",
    "s 1 fault 5s..6s messages lost 2000000ppm",
    "s 1 fault 5s..6s disk has room for 37",
    "s 1 choice a 2/1",
];

#[test]
fn what_is_refused_is_told_without_what_a_terminal_obeys() {
    let said = refused("fault 5s disk clears \u{1B}[2J").to_string();
    assert!(said.starts_with("`fault 5s disk clears \\u{1b}[2J` is no fault: a disk"), "{said}");
    let texts = REFUSED.into_iter().chain([EVERY_STATEMENT]);
    let mut holding = BTreeSet::new();
    for (text, inside) in texts.flat_map(|text| [(text, "\u{1B}[2J"), (text, "\t")]) {
        for at in 0..=text.len() {
            let text = format!("{}{inside}{}", &text[..at], &text[at..]);
            let Err(error) = text.parse::<Plan>() else { continue };
            let said = error.to_string();
            assert!(!said.contains(char::is_control), "{said:?}");
            let held = format!("{error:?}");
            if held.contains("\\u{1b}") || held.contains("\\t") {
                let name = held.split(|c: char| !c.is_alphanumeric()).next();
                holding.insert(name.expect("a text has a beginning").to_owned());
            }
        }
    }
    // In each of these messages there was something that a terminal obeys.
    let wanted = "Bytes Choice Deviation Drift Engine Fault FaultWords Head Name NoOperation Operation Seed Share Time Twice \
                  Unknown Value Word";
    assert_eq!(Vec::from_iter(holding).join(" "), wanted);
}

proptest! {
    #[test]
    fn every_plan_parses_back_from_both_of_its_forms(plan in a_plan()) {
        prop_assert_eq!(plan.check(), Ok(()));
        prop_assert_eq!(plan.to_string().lines().count(), 1);
        prop_assert_eq!(plan.to_string().parse(), Ok(plan.clone()));
        prop_assert_eq!(plan.lines().to_string().parse(), Ok(plan));
    }

    #[test]
    fn no_text_is_too_strange_to_be_read_or_refused(text in "s 1[ -~\n;@=:é]{0,40}") {
        if let Ok(plan) = text.parse::<Plan>() {
            prop_assert_eq!(plan.check(), Ok(()));
            prop_assert_eq!(plan.to_string().parse(), Ok(plan));
        }
    }
}
