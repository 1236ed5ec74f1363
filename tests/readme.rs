//! Is what the README shows what the program prints, and does every command in it do what is said there?

use retrip_sim::engine::EngineName;
use retrip_sim::scenario::{Expectation, Scenario};
use retrip_sim::seed::SeedRange;
use std::process::{Command, Output};

const README: &str = include_str!("../README.md");

/// Enough seeds for every verdict, and no more: what a command finds in ten thousand is not asked here.
const SEEDS: &str = "0..100";

fn retrip(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_retrip"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("RETRIP_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).envs(variables.iter().copied()).output().expect("it starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The `number`-th block of text in the README, from 1.
fn shown(number: usize) -> &'static str {
    let block = README.split("```text\n").nth(number).and_then(|rest| rest.split("\n```").next());
    block.expect("the README opens with reports")
}

/// The report of a run of `scenario` with the first seed.
fn report(scenario: &str, bent: &[&str]) -> String {
    let run = [&["run", scenario, "--seeds", "0..1"], bent].concat();
    let printed = text(&retrip(&run, &[]).stdout);
    let report = printed.find("FAILED").map(|at| &printed[at..]).unwrap_or_default();
    // The line to paste is its last one; what follows is said of all reports together.
    let (above, below) =
        report.split_once("  reproduce\n").expect("a report ends with a line to paste");
    format!("{above}  reproduce\n{}", below.lines().next().unwrap_or_default())
}

#[test]
fn the_reports_at_the_top_are_what_is_printed() {
    let peer = "failsafe_late_success_during_a_trial";
    assert!(README.contains(&format!("cargo run --release -- run {peer} --seeds 0..1\n")));
    assert_eq!(shown(1), report(peer, &[]), "left is what the README shows, right what is printed");
    let planted = report("wall_clock_back_while_open", &["--plant", "wall_clock_interval"]);
    assert_eq!(shown(2), planted, "left is what the README shows, right what is printed");
}

#[test]
fn each_breaker_of_others_that_fails_has_its_report_on_a_page() {
    let page = include_str!("../docs/peers.md");
    let catalogue = retrip::catalogue();
    let peers = catalogue.scenarios().iter().filter(|one| {
        matches!(one.expectation(), Expectation::MustBreak(_)) && one.engine() == EngineName::Nodes
    });
    let mut reports = 0;
    for peer in peers.map(Scenario::name) {
        let report = report(peer, &[]);
        let block = format!(
            "\n```sh\ncargo run --release -- run {peer} --seeds 0..1\n```\n\n```text\n{report}\n```\n"
        );
        assert!(page.contains(&block), "the page should have\n{block}");
        reports += 1;
    }
    assert_eq!(page.matches("```text\n").count(), reports, "and no others");
    assert_eq!(reports, 6);
}

#[test]
fn the_versions_in_the_readme_are_those_that_are_run() {
    let lock = include_str!("../Cargo.lock");
    for (name, version) in
        [("failsafe", "1.3.0"), ("recloser", "1.4."), ("circuitbreaker-rs", "0.1.")]
    {
        assert!(README.contains(name), "{name} is named");
        let entry = format!("name = \"{name}\"\nversion = \"{version}");
        assert!(lock.contains(&entry), "{name} is not {version} any more");
    }
}

#[test]
fn every_command_does_what_is_said_of_it() {
    let mut count = 0;
    for line in README.lines() {
        let Some(rest) = line.strip_prefix("cargo run --release") else { continue };
        count += 1;
        let words = rest.split('#').next().unwrap_or_default().split_whitespace();
        let mut words: Vec<&str> = words.skip_while(|word| *word == "--").collect();
        if let Some(at) = words.iter().position(|word| *word == "--seeds") {
            let seeds = words.get(at + 1).copied().unwrap_or_default();
            assert!(seeds.parse::<SeedRange>().is_ok(), "{line}: `{seeds}` names no seeds");
            words[at + 1] = SEEDS;
        }
        let output = retrip(&words, &[("RETRIP_SEEDS", SEEDS)]);
        // A planted bug is there to be found, everything else passes.
        let wanted = if words.contains(&"--plant") { 1 } else { 0 };
        let said = text(&[output.stdout, output.stderr].concat());
        assert_eq!(output.status.code(), Some(wanted), "{line}\n{said}");
    }
    assert_eq!(count, 15, "the README names fifteen commands");
}

#[test]
fn every_variable_is_known() {
    let names = |text: &'static str| {
        let words = text.split(|c: char| !c.is_ascii_uppercase() && c != '_');
        words.filter(|word| word.starts_with("RETRIP_") && !word.ends_with('_'))
    };
    assert!(names(README).count() > 1, "the README names variables");
    for name in names(README) {
        let output = retrip(&["list"], &[(name, "1")]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", text(&output.stderr));
    }
}
