//! Is a minimal case minimal: does nothing that is one smaller still break the same promise?
//!
//! The neighbours of a case are made from its text, by the rules that a person who edits it would use, and know nothing
//! of how the shrinker works.

use retrip_core::door::Plant;
use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, run};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;
use retrip_sim::shrink::{Shrunk, shrink};
use retrip_sim::span::Span;
use std::time::Duration;

/// Scenarios in which threads race, and the bug that each is run with: any of the scenario's where its name begins so.
const RACES: [(&str, &str, usize); 8] = [
    ("canary_lost_update", "", 4),
    ("two_callers_race_for_the_last_permit", "unlimited_trials", 3),
    ("openers_and_callers_in_any_order", "threshold_off_by_one", 3),
    ("transfers_between_accounts", "", 2),
    ("breaker_swarm", "unlimited_trials", 5),
    ("breaker_swarm", "success_threshold_off_by_one", 3),
    ("breaker_swarm", "unfenced_late_result", 5),
    ("breaker_swarm", "wall_clock_interval", 6),
];

#[test]
fn nothing_that_is_one_smaller_breaks_the_promise() {
    let catalogue = retrip::catalogue();
    for (name, bug, cases) in RACES {
        let scenario = catalogue.find(name).expect("it is listed");
        for plants in plants(scenario, bug) {
            for shrunk in minimal(scenario, &plants, cases) {
                let promise = shrunk.run.breach.as_ref().map(|breach| breach.promise);
                let text = shrunk.plan.lines().to_string();
                for smaller in neighbours(&text) {
                    assert_ne!(
                        broken(scenario, &plants, &smaller),
                        promise,
                        "with {plants:?}\n{text}\nis no smaller than\n{smaller}"
                    );
                }
            }
        }
    }
}

/// The bugs to run a scenario with, one after the other; none for a canary.
fn plants(scenario: &Scenario, bug: &str) -> Vec<Vec<Plant>> {
    let known = [retrip_core::breaker::plants::UNFENCED_LATE_RESULT, WALL];
    let declared = scenario.bugs().iter().map(|bug| bug.plant);
    let mut found: Vec<Vec<Plant>> = declared
        .chain(known)
        .filter(|plant| if bug.is_empty() { !known.contains(plant) } else { plant.name() == bug })
        .map(|plant| vec![plant])
        .collect();
    found.dedup();
    if found.is_empty() { vec![Vec::new()] } else { found }
}

const WALL: Plant = retrip_core::breaker::plants::WALL_CLOCK_INTERVAL;

/// The minimal cases of the first failing seeds.
fn minimal(scenario: &Scenario, plants: &[Plant], cases: usize) -> Vec<Shrunk> {
    let shrunk = |seed| {
        let plan = Plan::drawn(scenario.name(), Seed::new(seed)).expect("a name");
        shrink(scenario, &plan, plants, &[]).expect("it runs")
    };
    let found: Vec<Shrunk> = (0..2_000).filter_map(shrunk).take(cases).collect();
    assert!(!found.is_empty(), "{} keeps its promises with {plants:?}", scenario.name());
    found
}

/// The promise that the plan breaks; `None` where it keeps all or is none.
fn broken(scenario: &Scenario, plants: &[Plant], text: &str) -> Option<&'static str> {
    let plan: Plan = text.parse().ok()?;
    run(scenario, &Request { plants, ..Request::of(&plan) })
        .ok()?
        .breach
        .map(|breach| breach.promise)
}

/// Every text that says one thing less than `text`, or the same with a smaller number or a simpler operation.
fn neighbours(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let (head, rest) = (lines[0], &lines[1..]);
    let plan = |lines: Vec<String>| {
        let has_steps = lines.iter().any(|line| is_step(line));
        let none = if has_steps { "" } else { "\nno operations" };
        format!("{head}{none}\n{}\n", lines.join("\n"))
    };
    let mut neighbours = Vec::new();
    for (place, line) in rest.iter().enumerate() {
        let with = |other: String| {
            let put = |(at, line): (usize, &&str)| {
                if at == place { other.clone() } else { (*line).to_owned() }
            };
            plan(rest.iter().enumerate().map(put).collect())
        };
        let others = rest.iter().enumerate().filter(|(at, _)| *at != place);
        let others: Vec<String> = others.map(|(_, line)| (*line).to_owned()).collect();
        if is_step(line) || line.starts_with("fault") || is_turn(line) || line.starts_with("choice")
        {
            neighbours.push(plan(others.clone()));
            neighbours.push(plan(others.into_iter().filter(|line| !is_turn(line)).collect()));
        }
        neighbours.extend(smaller(line).into_iter().map(with));
    }
    for actor in rest.iter().filter_map(|line| actor(line)) {
        let others = rest.iter().filter(|line| self::actor(line) != Some(actor));
        neighbours.push(plan(others.map(|line| (*line).to_owned()).collect()));
    }
    neighbours
}

fn is_turn(line: &str) -> bool {
    line.split(' ').next().is_some_and(|word| word.contains('@'))
}

fn is_step(line: &str) -> bool {
    let is_other =
        line.starts_with("fault") || line.starts_with("choice") || line == "schedule written";
    !is_other && !is_turn(line) && line.split(' ').nth(1) != Some("=")
}

fn actor(line: &str) -> Option<&str> {
    line.split(' ').next()?.strip_suffix(':')
}

/// The line with one of its numbers smaller, or with one word less.
fn smaller(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let mut found = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let with =
            |other: &str| [&words[..place], &[other], &words[place + 1..]].concat().join(" ");
        if let Ok(number) = word.parse::<u64>() {
            found.extend(number.checked_sub(1).map(|less| with(&less.to_string())));
        } else if let Ok(Span(time)) = word.parse::<Span>() {
            let less = time.checked_sub(Duration::from_nanos(1)).map(Span);
            found.extend(less.map(|less| with(&less.to_string())));
            found.push(with("0s"));
        } else if let Some(time) = word.strip_prefix('-').and_then(|word| word.parse::<Span>().ok())
        {
            let less = time.0.saturating_sub(Duration::from_nanos(1));
            found.extend((!less.is_zero()).then(|| with(&format!("-{}", Span(less)))));
        } else if is_step(line) && place > 0 && !word.ends_with(':') {
            found.push(with("").replace("  ", " ").trim_end().to_owned());
        }
    }
    found.retain(|other| other != line);
    found
}

#[test]
fn one_bug_has_one_minimal_case_whichever_seed_found_it() {
    let unlimited = retrip_core::breaker::plants::UNLIMITED_TRIALS;
    let lasts = ["call llm and fail", "wait 1s", "begin call a on llm", "call llm"];
    // These reach the bug in ways of their own: by calls that stall, panic or take long, by threads that stall, by waits that
    // happen to end together.
    for seed in [10, 64, 93, 172, 277, 292, 670] {
        assert_eq!(operations(unlimited, seed), lasts, "{seed}");
    }
    let fault = "fault 1ns wall clock jumps -1ns";
    // Of these the first has a clock that freezes, and the others one that jumps.
    for seed in [36, 51, 64, 66, 119] {
        assert_eq!(operations(WALL, seed), ["call llm and fail", "wait 1s", "call llm", fault]);
    }
    // Time passes between two readings of different clocks, which no step can bring about.
    for seed in [0, 86, 133, 152] {
        assert_eq!(operations(WALL, seed), ["call llm and fail", "call llm"], "{seed}");
    }
}

/// What the minimal case of a seed of `breaker_swarm` does, and which faults it has.
fn operations(plant: Plant, seed: u64) -> Vec<String> {
    let catalogue = retrip::catalogue();
    let scenario = catalogue.find("breaker_swarm").expect("it is listed");
    let plan = Plan::drawn(scenario.name(), Seed::new(seed)).expect("a name");
    let plan = shrink(scenario, &plan, &[plant], &[]).expect("it runs").expect("it fails").plan;
    let faults = plan.faults.into_iter().flatten().map(|fault| fault.to_string());
    plan.script.into_iter().flatten().map(|step| step.operation).chain(faults).collect()
}

#[test]
fn neighbours_lack_a_line_or_have_a_smaller_number_or_a_word_less() {
    let text =
        "swarm 0x4\nopen_for = 2s\na: call llm and fail\nb: wait 3ns\nschedule written\na@3 -> b\n";
    let neighbours = neighbours(text);
    for wanted in [
        "swarm 0x4\nopen_for = 1.999999999s\na: call llm and fail\nb: wait 3ns\nschedule written\na@3 -> b\n",
        "swarm 0x4\nopen_for = 2s\nb: wait 3ns\nschedule written\na@3 -> b\n",
        "swarm 0x4\nopen_for = 2s\na: call llm and fail\nschedule written\n",
        "swarm 0x4\nopen_for = 2s\na: call llm and fail\nb: wait 2ns\nschedule written\na@3 -> b\n",
        "swarm 0x4\nopen_for = 2s\na: call llm and\nb: wait 3ns\nschedule written\na@3 -> b\n",
        "swarm 0x4\nopen_for = 2s\na: call llm and fail\nb: wait 3ns\nschedule written\n",
    ] {
        assert!(
            neighbours.iter().any(|text| text == wanted),
            "{wanted} is missing in {neighbours:#?}"
        );
    }
}
