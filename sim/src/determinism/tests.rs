//! Does each kind of difference get its name, and its place?

use super::testimony::Digests;
use super::*;

/// A run with one event for each text, each a note of `probe`.
fn testimony(texts: &[&str], schedule: &str) -> Testimony {
    let event = |(index, text): (usize, &&str)| {
        format!(
            r#"{{"engine":{index},"mono":0,"wall":0,"node":"local","thread":"main","who":"probe","kind":"note","what":"reads","values":{{"value":{text}}},"cause":null,"source":"probe.rs:{index}:1","steps":{index},"checkpoint":{index}}}"#
        )
    };
    Testimony {
        events: texts.iter().enumerate().map(event).collect(),
        digests: Digests {
            events: texts.len(),
            log: texts.join(" "),
            nodes: Vec::new(),
            schedule: schedule.to_owned(),
            steps: 3,
            streams: Vec::new(),
            broken: None,
        },
    }
}

fn suspect(here: [&[&str]; 2], fresh: [&[&str]; 3]) -> Suspect {
    let here = here.map(|texts| testimony(texts, "a"));
    let fresh = fresh.map(|texts| testimony(texts, "a"));
    let other = if here[0] == here[1] { &fresh[0] } else { &here[1] };
    Suspect::of(&Difference::between(&here[0], other), &here, &fresh)
}

#[test]
fn the_first_differing_event_is_named() {
    let (a, b) = (testimony(&["1", "2", "3"], "a"), testimony(&["1", "5", "3"], "a"));
    let difference = Difference::between(&a, &b);
    let Difference::Event { number, first, second } = &difference else { panic!("{difference:?}") };
    assert_eq!(*number, 2);
    assert_eq!(first.as_ref().map(|event| &*event.source), Some("probe.rs:1:1"));
    assert_eq!(second.as_ref().map(|event| &*event.text), Some("probe  reads  value 5"));
    let shorter = Difference::between(&a, &testimony(&["1"], "a"));
    assert!(matches!(shorter, Difference::Event { number: 2, second: None, .. }), "{shorter:?}");
}

#[test]
fn equal_events_under_different_schedules_are_told_between_checkpoints() {
    let (a, b) = (testimony(&["1", "2"], "a"), testimony(&["1", "2"], "b"));
    assert_eq!(Difference::between(&a, &b), Difference::Schedule { after: (2, 1), before: None });
    let mut moved = a.clone();
    moved.events[1] = moved.events[1].replace("\"checkpoint\":1", "\"checkpoint\":9");
    let difference = Difference::between(&a, &moved);
    assert_eq!(difference, Difference::Schedule { after: (1, 0), before: Some((2, 1)) });
}

#[test]
fn each_usual_reason_is_told_from_the_others() {
    let forward: &[&str] = &["1", "2", "3"];
    let backward: &[&str] = &["3", "2", "1"];
    assert_eq!(suspect([forward, backward], [forward, backward, forward]), Suspect::MapOrder);
    assert_eq!(suspect([&["10"], &["20"]], [&["30"], &["40"], &["50"]]), Suspect::RealClock);
    assert_eq!(suspect([&["10"], &["7"]], [&["30"], &["2"], &["50"]]), Suspect::Randomness);
    assert_eq!(suspect([&["8"], &["9"]], [&["1"], &["1"], &["1"]]), Suspect::Leftover);
    assert_eq!(suspect([&["8"], &["8"]], [&["1"], &["1"], &["1"]]), Suspect::Leftover);
}

#[test]
fn what_a_run_leaves_behind_reads_back() {
    let whole = testimony(&["1", "2"], "a");
    assert_eq!(whole.to_string().parse(), Ok(whole.clone()));
    let text = whole.to_string();
    let cut: Vec<&str> = text.lines().take(2).collect();
    assert!(cut.join("\n").parse::<Testimony>().is_err());
    let last = text.lines().last().expect("it has lines");
    assert!(matches!(
        last.parse::<Testimony>(),
        Err(TestimonyError::Count { wanted: 2, found: 0 })
    ));
}
