//! A fault that cannot be is refused by what is wrong in it and what would be right.

use super::super::tests::{parsed, refused};
use super::*;

#[test]
fn a_fault_that_makes_no_sense_is_refused() {
    for text in ["fault", "fault 5s", "fault 5s clock jumps 1s", "fault 5s sun clock freezes"] {
        assert!(matches!(refused(text), PlanError::Fault { .. }), "{text}");
    }
    assert!(matches!(refused("fault 5 wall clock freezes"), PlanError::Time { .. }));
    assert!(matches!(refused("fault 5s wall clock jumps far"), PlanError::Time { .. }));
    assert!(matches!(refused("fault 5s..5s wall clock freezes"), PlanError::EndsTooEarly { .. }));
    assert!(matches!(refused("fault 5s monotonic clock freezes"), PlanError::NoEnd { .. }));
    assert!(matches!(refused("fault 5s..6s wall clock jumps 1s"), PlanError::NeedlessEnd { .. }));
    assert!(matches!(refused("fault 5s wall clock of N2 freezes"), PlanError::Name { .. }));
    let rate = "fault 5s monotonic clock drifts -1000000ppm";
    assert!(matches!(refused(rate), PlanError::Rate { .. }));
    parsed("s 1 fault 5s monotonic clock drifts -999999ppm");
}

#[test]
fn a_fault_of_a_kind_that_there_is_gets_the_words_of_its_kind() {
    for (words, statements) in [
        (
            FaultWords::WallClock,
            &["wall clock", "wall clock of", "wall clock jumps", "wall jumps 1s"][..],
        ),
        (FaultWords::WallClock, &["wall clock suspends 5s", "wall clock of n2 stops"]),
        (
            FaultWords::MonotonicClock,
            &["monotonic clock jumps 5s", "monotonic clock of n2", "monotonic 5s"],
        ),
        (FaultWords::Actor, &["a stall", "a is stalled", "a stalls 5s"]),
        (FaultWords::Host, &["llm dies", "llm crashes 5s", "llm crash"]),
        (
            FaultWords::Way,
            &["partition llm", "partition llm from", "hold llm and client", "cut llm from client"],
        ),
        (
            FaultWords::Messages,
            &["messages", "messages lost", "messages swapped 5ms", "messages of llm lost 5ppm"],
        ),
        (
            FaultWords::Disk,
            &["disk", "disk is full", "disk has room", "disk writes", "disk of n2 syncs slowly"],
        ),
    ] {
        for what in statements {
            let statement = format!("fault 5s..6s {what}");
            assert_eq!(refused(&statement), PlanError::FaultWords { statement, words });
        }
    }
    // What these are taken from is a host's name elsewhere.
    parsed("s 1 fault 5s messages crashes; fault 5s wall pauses; fault 5s partition restarts");
}

#[test]
fn a_wrong_number_of_a_fault_is_named_and_told_what_would_be_right() {
    for (what, wanted) in [
        (
            "messages lost 1000001ppm",
            "`1000001ppm` is no part of all messages: write a whole number",
        ),
        (
            "messages doubled 1000001ppm",
            "`1000001ppm` is no part of all messages: write a whole number",
        ),
        ("messages lost -1ppm", "`-1ppm` is no part of all messages: write a whole number"),
        ("messages lost 30%", "`30%` is no part of all messages: write a whole number"),
        ("messages doubled 300000", "from `1ppm` to `1000000ppm`, which is all"),
        ("wall clock drifts 5", "`5` is no drift: write a whole number of parts per million"),
        ("wall clock drifts 1.5ppm", "`1.5ppm` is no drift: write a whole number"),
        (
            "monotonic clock drifts 2147483648ppm",
            "from `-2147483648ppm` to `2147483647ppm`, such as `50ppm`",
        ),
        (
            "messages take 2s..1s",
            "`2s..1s` has nothing between its ends: the shorter time comes first, as in `1s..2s`",
        ),
        ("messages take 1s..", "`` is no duration: write a number and one of h, m, s"),
        ("messages shuffled 50", "`50` is no duration: write a number and one of h, m, s"),
        ("monotonic clock suspends -5s", "`-5s` is no duration: write a number and one of h, m, s"),
        (
            "partition llm from llm",
            "`llm` is there twice: name two nodes, as in `partition client from llm`",
        ),
        ("hold llm to llm", "`llm` is there twice: name two nodes"),
        (
            "wall clock drifts 0ppm",
            "would change nothing: give an amount that is not zero, as in `drifts 50ppm`, or leave",
        ),
        ("monotonic clock of n2 drifts 0ppm", "would change nothing: give an amount that is not"),
        ("messages lost 0ppm", "as in `lost 300000ppm`, or leave the fault out"),
        ("messages doubled 0ppm", "as in `doubled 300000ppm`, or leave the fault out"),
        ("messages shuffled 0s", "as in `shuffled 50ms`, or leave the fault out"),
        ("disk has room for 37", "`37` is no number of bytes: write one such as `37B`"),
        ("disk of n2 has quota for -1B", "`-1B` is no number of bytes: write one such as `37B`"),
        ("disk writes fail 1000001ppm", "`1000001ppm` is no part of all calls: write a whole"),
        ("disk reads fail 1000001ppm", "`1000001ppm` is no part of all calls: write a whole"),
        ("disk reads fail 0ppm", "as in `reads fail 300000ppm`, or leave the fault out"),
        ("disk syncs fail 5%", "`5%` is no part of all calls: write a whole number"),
        ("disk writes short 0ppm", "as in `writes short 300000ppm`, or leave the fault out"),
        ("disk takes 2s..1s", "the shorter time comes first, as in `1s..2s`"),
        ("disk takes 0s..0s", "as in `takes 10ms..2s`, or leave the fault out"),
    ] {
        let statement = format!("fault 5s..6s {what}");
        let said = refused(&statement).to_string();
        assert!(said.contains(&format!("`{statement}`")), "{said}");
        assert!(said.contains(wanted), "{said}");
    }
    for text in ["fault 5s..5s llm pauses", "fault 5s..4s llm pauses"] {
        let wanted = format!("`{text}` is over before it has begun: the second time must be later");
        assert_eq!(refused(text).to_string(), wanted);
    }
    for (what, example) in
        [("wall clock jumps 0s", "jumps -3600s"), ("monotonic clock suspends 0s", "suspends 10s")]
    {
        let statement = format!("fault 5s {what}");
        assert_eq!(refused(&statement), PlanError::Nothing { statement, example });
    }
    // A message may be made to take no time, where it takes some otherwise.
    parsed(
        "s 1 fault 5s messages lost 1000000ppm; fault 5s messages doubled 1ppm; fault 5s messages take 0s",
    );
    // A disk that has room for nothing more is one that is full; one that is full for good needs no end.
    parsed(
        "s 1 fault 5s disk has room for 0B; fault 5s disk of n2 takes 0s..1s; fault 5s disk syncs lie",
    );
}
