//! An actor that a fault holds stands still, for as long as the plan says, and nobody else does.

use super::faults::told;

#[test]
fn whoever_stalls_stands_still_from_the_next_step_on_until_the_fault_is_over() {
    assert_eq!(
        told("1s call llm; 5s call llm; fault 2s..9s driver stalls"),
        [
            "1s llm serves",
            "1s llm call ok",
            "5s thread stalls for 4.000s (fault)",
            "9s llm serves",
            "9s llm call ok",
        ]
    );
    // Over before there is anything to do.
    assert_eq!(
        told("1s call llm; fault 100ms..900ms driver stalls"),
        ["1s llm serves", "1s llm call ok"]
    );
}

#[test]
fn an_actor_that_stalls_holds_nobody_else_up() {
    let lines = told("a: wait 2s; a: call llm; b: wait 4s; b: call llm; fault 1s..10s a stalls");
    let at = |what: &str| {
        let line = lines.iter().find(|line| line.contains(what));
        line.and_then(|line| line.split('s').next()).map(str::to_owned)
    };
    assert_eq!(at("thread stalls"), Some("2".to_owned()), "{lines:?}");
    assert_eq!(at("call ok"), Some("4".to_owned()), "{lines:?}");
    assert!(lines.last().is_some_and(|line| line.starts_with("10s llm call ok")), "{lines:?}");
}

#[test]
fn of_two_stalls_that_overlap_the_later_end_counts() {
    for faults in [
        "fault 2s..9s driver stalls; fault 3s..6s driver stalls",
        "fault 2s..6s driver stalls; fault 3s..9s driver stalls",
    ] {
        assert_eq!(
            told(&format!("5s call llm; {faults}")),
            ["5s thread stalls for 4.000s (fault)", "9s llm serves", "9s llm call ok"],
            "{faults}"
        );
    }
}

#[test]
fn who_stands_still_already_does_so_until_the_later_end() {
    let late = ["9s llm serves", "9s llm call ok"];
    let longer = told("5s call llm; fault 4s..7s driver stalls; fault 6s..9s driver stalls");
    assert_eq!(longer[0], "5s thread stalls for 2.000s (fault)");
    assert_eq!(longer[1], "7s thread stalls for 2.000s (fault)");
    assert_eq!(longer[2..], late);
    let shorter = told("5s call llm; fault 4s..9s driver stalls; fault 6s..7s driver stalls");
    assert_eq!(shorter[0], "5s thread stalls for 4.000s (fault)");
    assert_eq!(shorter[1..], late);
}

#[test]
fn whoever_stalls_from_the_beginning_on_does_nothing_before_the_end() {
    for begins in ["0s", "1ns", "500us"] {
        let lines = told(&format!("a: wait 1s; a: call llm; fault {begins}..9s a stalls"));
        let early: Vec<&String> = lines
            .iter()
            .filter(|line| line.starts_with('1') && line.contains("llm"))
            .filter(|line| !line.starts_with("10"))
            .collect();
        assert!(lines.iter().any(|line| line.contains("thread stalls")), "{begins}: {lines:?}");
        assert!(early.is_empty(), "{begins}: {early:?}");
    }
}

/// What lines say, without the time of each and how long it took.
fn rough(lines: &[String]) -> Vec<String> {
    let word = |line: &String| line.split(' ').take(3).collect::<Vec<_>>().join(" ");
    lines.iter().map(word).collect()
}

#[test]
fn who_stands_still_says_so_once_whatever_comes_meanwhile() {
    // At 3s it has waited for long enough, and a little later there is an answer.
    let faults = "fault 0s..2s messages take 4s..4s; fault 1.5s..9s driver stalls";
    let lines = rough(&told(&format!("1s call llm; {faults}")));
    let stalls: Vec<&String> = lines.iter().filter(|line| line.contains("stalls")).collect();
    assert_eq!(stalls, ["3s thread stalls"], "{lines:?}");
    assert!(lines.contains(&"3s llm serves".to_owned()), "{lines:?}");
}

#[test]
fn an_actor_is_whoever_follows_its_script_however_others_are_called() {
    // The host that serves, and the one that starts all of it, have units of these names.
    for name in ["llm", "main"] {
        let script = format!("{name}: wait 2s; {name}: call llm");
        let lines = rough(&told(&format!("{script}; fault 1s..10s {name} stalls")));
        assert_eq!(lines, ["2s thread stalls", "10s llm serves", "10s llm call"], "{name}");
    }
}

#[test]
fn the_driver_is_held_also_where_it_comes_back_for_the_end() {
    let script = "a: wait 4s; finally call llm; 1s call llm";
    let lines = rough(&told(&format!("{script}; fault 2s..9s driver stalls")));
    let late = ["4s thread stalls", "9s llm serves", "9s llm call"];
    assert_eq!(lines[2..], late, "{lines:?}");
}
