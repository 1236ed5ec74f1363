//! Is what the README shows what the program prints, and does every command in it exist?

use std::process::Command;

const README: &str = include_str!("../README.md");

fn retrip(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_retrip")).args(arguments).output();
    String::from_utf8(output.expect("it starts").stdout).expect("it writes text")
}

#[test]
fn the_report_at_the_top_is_what_is_printed() {
    let shown = README.split("```text\n").nth(1).and_then(|rest| rest.split("\n```").next());
    let run = ["run", "wall_clock_back_while_open", "--seeds", "0..1", "--plant"];
    let printed = retrip(&[&run[..], &["wall_clock_interval"]].concat());
    let shown = shown.expect("the README opens with a report");
    assert!(printed.contains(shown), "the README shows\n{shown}\nbut printed is\n{printed}");
}

#[test]
fn every_command_line_parses() {
    let lines = README.lines().filter_map(|line| line.strip_prefix("cargo run --release -- "));
    let mut count = 0;
    for line in lines {
        count += 1;
        let words: Vec<&str> =
            line.split('#').next().unwrap_or_default().split_whitespace().collect();
        let help = retrip(&[&words[..1], &["--help"]].concat());
        assert!(help.contains("Usage: retrip"), "{line}");
        for flag in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.contains(flag), "{line}: {flag} is unknown");
        }
        for scenario in words.iter().filter(|word| word.contains('_') && !word.starts_with("--")) {
            let known = retrip::catalogue().find(scenario).is_ok();
            let plant = help.contains("--plant") && line.contains(&format!("--plant {scenario}"));
            assert!(known || plant, "{line}: {scenario} is unknown");
        }
    }
    assert!(count >= 5, "the README names the commands");
}
