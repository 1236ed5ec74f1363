//! Does one run of `disk_is_full_at_every_byte_of_a_line` meet a full disk at every byte of a line, and on both sides of its newline?

use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, run};
use retrip_sim::seed::Seed;

const NAME: &str = "disk_is_full_at_every_byte_of_a_line";

/// What became of the line that had room for so many bytes, in the words of the log.
fn became(log: &str, bytes: u64) -> &str {
    let (room, message) = (format!("bytes {bytes}"), format!(" line {bytes:03}, "));
    let lines = log.lines().zip(log.lines().skip(1));
    let mut met = lines.filter(|(room_left, next)| {
        room_left.contains("has room") && room_left.ends_with(&room) && next.contains(&message)
    });
    met.next().unwrap_or_else(|| panic!("no line had room for {bytes} bytes")).1
}

#[test]
fn every_length_of_a_line_is_met_in_each_run() {
    let catalogue = retrip::catalogue();
    let scenario =
        catalogue.scenarios().iter().find(|own| own.name() == NAME).expect("it is listed");
    for seed in 0..5 {
        let plan = Plan::drawn(NAME, Seed::new(seed)).expect("it has a name");
        let run = run(scenario, &Request::of(&plan)).expect("its plan can be run");
        assert_eq!(run.breach, None, "seed {seed}");
        let log = run.log.text().to_string();
        // Up to its last byte but one a line is lost; where its newline alone has no room, it is there.
        let whole = (0..).find(|&bytes| became(&log, bytes).contains(" writes ")).expect("one is");
        let length = whole + 1;
        assert!((0..whole).all(|bytes| became(&log, bytes).contains(" loses ")), "seed {seed}");
        assert!(became(&log, length).contains(" writes "), "seed {seed}");
        assert!(!log.contains(&format!("line {:03}", length + 1)), "seed {seed}");
    }
}
