//! Does `doctor` say that all is well, and is it red where a run depends on more than its seed?

use crate::command::{RETRIP, Said, command, example, say};
use retrip_sim::doctor::Leak;
use retrip_sim::engine::EngineName;

/// Whether `engine` simulates what would leak.
fn is_simulated(engine: EngineName, leak: &str) -> bool {
    match engine {
        EngineName::Threads => false,
        EngineName::Nodes => leak != "static",
        _ => leak == "unseeded_select",
    }
}

/// How many events the program leaves behind: on hosts one more for each of sixteen messages, and three of what goes wrong with them.
fn events(engine: EngineName) -> u64 {
    if engine == EngineName::Threads { 30 } else { 49 }
}

/// The rows of an engine of this build in which all is as it should be; `same` is what is said of the same run.
fn rows(engine: EngineName, same: &str) -> String {
    let hour = if engine.simulates_std() { " and by std's" } else { ", and not by std's" };
    let mut rows = vec![
        ("available", "ok      this build has it".to_owned()),
        ("virtual sleep", format!("ok      an hour by the platform's clock{hour}")),
        ("same again", same.to_owned()),
    ];
    for (leak, name) in [
        ("real_clock", "a real clock"),
        ("map_order", "map order"),
        ("unseeded_select", "an unseeded select"),
        ("os_random", "randomness of the operating system"),
        ("static", "a leftover of an earlier run"),
    ] {
        let words = if is_simulated(engine, leak) {
            "virtual here: it comes from the seed".to_owned()
        } else {
            format!("caught: {name}")
        };
        rows.push((leak, format!("ok      {words}")));
    }
    let row = |(examination, words): (&str, String)| {
        format!("{:<7}  {examination:<15}  {words}\n", engine.as_str())
    };
    rows.into_iter().map(row).collect()
}

fn same(engine: EngineName) -> String {
    let events = events(engine);
    format!("ok      twice here and in a fresh process, {events} events; another seed differs")
}

fn plant(leak: &str) -> Said {
    say(RETRIP, &["doctor", "--plant", leak])
}

/// The block about `engine`, which differs from itself.
fn block<'a>(said: &'a Said, engine: &str, leak: &str) -> &'a str {
    let head = format!("\nNOT DETERMINISTIC  {engine}  seed 0x0, with {leak}\n\n");
    let (_, rest) = said.out.split_once(&head).unwrap_or_else(|| panic!("{}", said.out));
    rest.split("\n\n").next().expect("a block ends")
}

#[test]
fn each_engine_of_this_build_is_well() {
    let said = say(RETRIP, &["doctor"]);
    let names = EngineName::ALL.map(EngineName::as_str);
    let all = EngineName::ALL.into_iter();
    let rows: String = all.map(|engine| rows(engine, &same(engine))).collect();
    let (engines, examinations) = (names.len(), 8 * names.len());
    let wanted = format!(
        "engines: {}\n\nengine   examination      verdict\n{rows}\n{examinations} examinations of {engines} engines: all ok\n",
        names.join(", ")
    );
    assert_eq!((said.code, said.out, &*said.err), (Some(0), wanted, ""));
}

#[test]
fn every_planted_leak_is_red_with_its_first_event_and_its_name() {
    for (leak, differs, usually) in [
        ("real_clock", "event {}, at ", "a real clock: the number grows from run to run"),
        ("map_order", "event ", "map order: the same things come in another order"),
        ("unseeded_select", "the schedule; the events are equal", "an unseeded select, or a map"),
        ("os_random", "event {}, at ", "randomness of the operating system: no two runs"),
        ("static", "event {}, at ", "a leftover of an earlier run: fresh processes agree"),
    ] {
        let said = plant(leak);
        assert_eq!(said.code, Some(3), "{leak}: {}{}", said.out, said.err);
        for engine in EngineName::ALL {
            let leaks = !is_simulated(engine, leak);
            let row = format!("\n{:<7}  same again       ", engine.as_str());
            let row = said.out.split_once(&row).expect("each engine has the row").1;
            assert_eq!(row.starts_with("FAILED\n"), leaks, "{leak} on {engine}: {}", said.out);
            if !leaks {
                continue;
            }
            let block = block(&said, engine.as_str(), leak);
            let first = (events(engine) + 1).to_string();
            for line in [
                "  between  two runs in one process\n".to_owned(),
                format!("  differs  {differs}").replace("{}", &first),
                format!("  usually  {usually}"),
                format!("  change   nothing: this was asked for; without --plant {leak} it is"),
            ] {
                assert!(block.contains(&line), "{line}: {}", said.out);
            }
            if leak != "unseeded_select" {
                let place = " on client, thread main\n  source   sim/src/doctor/work.rs:";
                assert!(block.contains(place), "{}", said.out);
                assert!(block.contains(&format!("\n  first    {leak}  reads  ")), "{}", said.out);
                assert!(block.contains(&format!("\n  second   {leak}  reads  ")), "{}", said.out);
            }
        }
        let last = said.out.lines().last().unwrap_or_default();
        assert!(last.ends_with(" FAILED"), "{}", said.out);
    }
}

#[test]
fn an_unknown_leak_is_refused_with_those_that_there_are() {
    let said = plant("clock");
    assert_eq!((said.code, &*said.out), (Some(2), ""), "{}", said.err);
    let names = Leak::ALL.map(Leak::as_str).join(", ");
    let wanted = format!("there is no leak `clock`; there are {names}");
    assert!(said.err.contains(&wanted), "{}", said.err);
}

#[test]
fn an_engine_can_be_required() {
    let all = EngineName::ALL.map(EngineName::as_str).join(",");
    let said = say(RETRIP, &["doctor", "--require", &all]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let said = say(RETRIP, &["doctor", "--require", "coroutines"]);
    assert_eq!((said.code, &*said.out), (Some(2), ""), "{}", said.err);
    assert!(said.err.contains("there is no engine `coroutines`"), "{}", said.err);
}

#[test]
fn what_is_set_for_other_commands_changes_nothing() {
    let mut doctor = command(RETRIP, &["doctor"]);
    let set = doctor.env("RETRIP_PLANT", "wall_clock_interval").env("RETRIP_SEEDS", "5");
    let said = Said::from(set.env("NO_COLOR", "1").output().expect("it starts"));
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert_eq!(said.out, say(RETRIP, &["doctor"]).out);
}

#[test]
fn a_catalogue_of_somebody_elses_has_it_too() {
    let said = say(example("counter"), &["doctor"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert_eq!(said.out, say(RETRIP, &["doctor"]).out);
}

#[test]
fn a_sweep_says_which_engines_there_are_and_which_ran() {
    let ran = |names: &[&str], seeds| {
        let said = say(RETRIP, &[&["run", "--seeds", seeds], names].concat());
        let ran = said.out.lines().find(|line| line.starts_with("ran: "));
        ran.unwrap_or_else(|| panic!("{}{}", said.out, said.err)).to_owned()
    };
    assert_eq!(ran(&["a_write_arrives_after_its_lease"], "1"), "ran: 1 run on nodes");
    let all = ["scopes_nest_and_end", "payments_swarm", "held_messages_arrive_together"];
    assert_eq!(ran(&all, "2"), "ran: 2 runs on threads, 2 runs on nodes, 2 runs on network");
    let network = [&all[1..2], &["--engine", "network"]].concat();
    assert_eq!(ran(&network, "1"), "ran: 1 run on network");
    let said = say(RETRIP, &["run", "scopes_nest_and_end", "--seeds", "2"]);
    let line = said.out.lines().nth(1).unwrap_or_default();
    let names = EngineName::ALL.map(EngineName::as_str).join(", ");
    assert_eq!(line, format!("engines: {names}"), "{}{}", said.out, said.err);
}
