//! Does every wrong input get an error that names it and says what would be right?

use crate::command::{RETRIP, Said, command, example, say};

const SCENARIO: &str = "wall_clock_back_while_open";

/// It was refused before anything was run, in these words.
fn refused(said: &Said, words: &[&str]) {
    assert_eq!(said.code, Some(2), "{}{}", said.out, said.err);
    assert_eq!(said.out, "", "nothing is half done");
    for word in words {
        assert!(said.err.contains(word), "`{word}` is not in: {}", said.err);
    }
}

#[test]
fn an_unknown_scenario_gets_a_suggestion() {
    let words = ["`wall_clock_back_while_opne`", "did you mean `wall_clock_back_while_open`?"];
    let slip = "wall_clock_back_while_opne";
    refused(&say(RETRIP, &["run", slip]), &words);
    refused(&say(RETRIP, &["log", slip, "--seed", "1"]), &words);
    refused(&say(RETRIP, &["diff", slip, "1", "2"]), &words);
    refused(&say(RETRIP, &["mutants", slip]), &words);
    refused(&say(RETRIP, &["replay", &format!("{slip} 0x4")]), &words);
    refused(&say(RETRIP, &["run", "xyzzy"]), &["`xyzzy`", "`list` shows"]);
}

#[test]
fn a_wrong_seed_or_range_is_named() {
    refused(&say(RETRIP, &["run", "--seeds", "many"]), &["`many`", "0..100", "30s"]);
    refused(
        &say(RETRIP, &["run", "--seeds", "7..7"]),
        &["`7..7` holds no seed", "left out", "below"],
    );
    refused(&say(RETRIP, &["run", "--seeds", "7..9,10"]), &["`7..9,10` is a list", "one range"]);
    refused(&say(RETRIP, &["run", "--seeds", "0x12"]), &["`0x12` is one seed", "--seed 0x12"]);
    refused(&say(RETRIP, &["run", "--seeds", "ff"]), &["`ff` names no seeds", "begins with 0x"]);
    refused(&say(RETRIP, &["run", "--seeds", "7..=6"]), &["`7..=6` holds no seed", "above"]);
    refused(&say(RETRIP, &["run", "--seeds", "0s"]), &["`0s`", "30s"]);
    refused(&say(RETRIP, &["run", "--seeds", "99999999999999999999"]), &["too large"]);
    refused(&say(RETRIP, &["run", "--seed", "seven"]), &["`seven` is no seed", "0x4", "commit"]);
    refused(&say(RETRIP, &["log", SCENARIO, "--seed", "0xg"]), &["`0xg` is no seed"]);
    refused(&say(RETRIP, &["diff", SCENARIO, "1", "-"]), &["`-` is no seed"]);
}

#[test]
fn a_seed_below_zero_is_told_where_seeds_begin_and_end() {
    let words = ["`-1` is no seed: seeds are from 0 to 18446744073709551615"];
    for arguments in [
        &["run", "--seed", "-1"][..],
        &["run", "--seeds", "-1"],
        &["log", SCENARIO, "--seed", "-1"],
        &["diff", SCENARIO, "-1", "2"],
        &["diff", SCENARIO, "1", "-1"],
        &["replay", "wall_clock_back_while_open -1"],
    ] {
        refused(&say(RETRIP, arguments), &words);
    }
}

#[test]
fn a_number_apart_from_its_check_is_told_how_it_is_written() {
    refused(&say(RETRIP, &["run", SCENARIO, "--check", "5"]), &["`5`", "write `--check=5`"]);
    // Without the flag it is a scenario like any other that is not there.
    let said = say(RETRIP, &["run", "5"]);
    refused(&said, &["there is no scenario `5`"]);
    assert!(!said.err.contains("--check"), "{}", said.err);
}

#[test]
fn a_plan_with_a_seed_beside_it_is_refused() {
    let plan = format!("{SCENARIO} 0x4");
    refused(&say(RETRIP, &["log", &plan, "--seed", "4"]), &[&plan, "leave out --seed"]);
}

#[test]
fn a_wrong_number_of_jobs_shard_or_check_is_named() {
    refused(&say(RETRIP, &["run", "--jobs", "0"]), &["`0`", "from 1"]);
    refused(&say(RETRIP, &["run", "--shard", "5/4"]), &["`5/4` is no shard", "1/4"]);
    let empty = ["run", "--seeds", "3", "--shard", "1/9"];
    refused(&say(RETRIP, &empty), &["1/9", "0..3", "at most 3 shards"]);
    let one = ["run", "--seeds", "1", "--shard", "1/2"];
    refused(&say(RETRIP, &one), &["0..1", "use at most 1 shard\n"]);
    let time = ["run", "--seeds", "1s", "--shard", "1/2"];
    refused(&say(RETRIP, &time), &["a time has no shards", "--seeds 0..10000"]);
    refused(&say(RETRIP, &["run", "--check=some"]), &["`some`", "0 for none"]);
    refused(&say(RETRIP, &["log", SCENARIO, "--form", "pretty"]), &["`pretty`", "decision"]);
}

#[test]
fn an_unknown_bug_or_promise_gets_a_suggestion() {
    let bug = ["run", SCENARIO, "--plant", "wall_clock_intervall"];
    refused(&say(RETRIP, &bug), &["`wall_clock_intervall`", "did you mean `wall_clock_interval`?"]);
    let promise = ["run", SCENARIO, "--without", "open_end"];
    refused(&say(RETRIP, &promise), &["`open_end`", "did you mean `open_ends`?"]);
    refused(
        &say(RETRIP, &["run", SCENARIO, "--plant", "xyzzy"]),
        &["there are", "wall_clock_interval"],
    );
}

#[test]
fn scenarios_without_a_planted_bug_are_nothing_to_kill() {
    let counter = example("counter");
    let words = ["nothing to kill", "declared by quiet, canary; ", "`list` shows `finds`"];
    refused(&say(&counter, &["mutants", "quiet", "canary"]), &words);
    refused(&say(&counter, &["mutants", "quiet", "--json"]), &["declared by quiet; "]);
    // One that has a bug is enough.
    let said = say(&counter, &["mutants", "quiet", "counter"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
}

#[test]
fn a_wrong_plan_is_named() {
    let replay = |plan: &str| say(RETRIP, &["replay", plan]);
    refused(&replay(""), &["a plan begins with a scenario and a seed", "``"]);
    refused(&replay(SCENARIO), &["a plan begins with a scenario and a seed", "0x4"]);
    refused(&replay(&format!("{SCENARIO} four")), &["`four` is no seed"]);
    refused(&replay(&format!("{SCENARIO} 4 explode")), &["`explode` is no statement"]);
    refused(&replay(&format!("{SCENARIO} 4 0s llm explodes")), &["`llm explodes`", "`llm fails`"]);
    refused(
        &replay(&format!("{SCENARIO} 4 0s call llm; main@0 -> time")),
        &["`main@0 -> time` is at no scheduling point", "`main@1`"],
    );
    let long = "`18446744074s` is too long: a run lasts at most 18446744073.709551615s";
    let takes = replay(&format!("{SCENARIO} 4 0s llm takes 18446744074s"));
    refused(&takes, &["in `llm takes 18446744074s`, ", long]);
    let jumps = replay(&format!("{SCENARIO} 4 0s wall clock jumps -9999999999s"));
    refused(&jumps, &["`-9999999999s` is too far", "at most 9223372036.854775807s"]);
    let opens = replay(&format!("{SCENARIO} 4 open_for = 18446744074s"));
    refused(&opens, &["`open_for = 18446744074s`", "from 1s to 60s"]);
    refused(
        &replay(&format!("{SCENARIO} 4 colour = red")),
        &["no parameter `colour`", "`open_for`"],
    );
    refused(&replay(&format!("{SCENARIO} 4 open_for = soon")), &["`open_for = soon`", "30s"]);
    refused(&replay(&format!("{SCENARIO} 4 fault 5s moon rises")), &["`fault 5s moon rises`"]);
    let folder = tempfile::tempdir().expect("a folder");
    let nowhere = format!("@{}", folder.path().join("none/plan").display());
    refused(&replay(&nowhere), &["none/plan", "the path of a file"]);
}

#[test]
fn a_folder_that_is_not_there_is_named_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing/log.txt");
    let missing = missing.to_str().expect("it is text");
    let said = say(RETRIP, &["log", SCENARIO, "--seed", "1", "--out", missing]);
    refused(&said, &["missing/log.txt", "a folder that exists"]);
    // The place is taken by a folder, so the finished neighbour cannot take it.
    let taken = folder.path().join("taken");
    std::fs::create_dir(&taken).expect("it is new");
    let said = say(RETRIP, &["log", SCENARIO, "--out", taken.to_str().expect("it is text")]);
    refused(&said, &["taken", "name a file"]);
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("it is there").collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn an_unknown_or_wrong_variable_is_named() {
    let with = |name: &str, value: &str| -> Said {
        command(RETRIP, &["list"]).env(name, value).output().expect("it starts").into()
    };
    refused(&with("RETRIP_SEDS", "5"), &["`RETRIP_SEDS`", "did you mean `RETRIP_SEEDS`?"]);
    refused(&with("RETRIP_XYZZY", "5"), &["`RETRIP_XYZZY`", "RETRIP_JOBS"]);
    refused(&with("RETRIP_SEEDS", "5..1"), &["RETRIP_SEEDS", "`5..1` holds no seed"]);
    refused(&with("RETRIP_JOBS", "two"), &["RETRIP_JOBS", "`two`"]);
    refused(&with("RETRIP_SHARD", "2"), &["RETRIP_SHARD", "`2` is no shard"]);
    let strategy = with("RETRIP_STRATEGY", "pctt");
    refused(&strategy, &["RETRIP_STRATEGY", "no strategy `pctt`; did you mean `pct`?"]);
}

#[test]
fn an_unknown_command_or_flag_is_named() {
    refused(&say(RETRIP, &["replya"]), &["'replya'", "'replay'"]);
    let no_command = format!("`{SCENARIO}` is a scenario and no command: write `run {SCENARIO}`");
    refused(&say(RETRIP, &[SCENARIO, "--seeds", "5"]), &[&no_command]);
    refused(&say(RETRIP, &["run", "--sedes", "5"]), &["'--sedes'", "--seeds"]);
    refused(&say(RETRIP, &["log"]), &["<SCENARIO|PLAN>"]);
}

#[test]
fn a_fault_that_cannot_be_is_named_by_what_is_wrong_in_it_wherever_its_plan_is() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("plan");
    let scenario = "payments_swarm 0x4";
    for (statement, words) in [
        ("fault 5s..6s messages lost 1000001ppm", ["`1000001ppm` is no part", "to `1000000ppm`"]),
        ("fault 5s..6s messages take 2s..1s", ["`2s..1s` has nothing", "`1s..2s`"]),
        ("fault 5s..6s partition ledger from ledger", ["`ledger` is there twice", "two nodes"]),
        ("fault 5s..5s ledger pauses", ["is over before it has begun", "later"]),
        ("fault 5s..6s ledger dies", ["is no fault: a host `crashes`", "`pauses` or `restarts`"]),
        ("fault 5s..6s nobody crashes", ["has no node `nobody`", "`ledger`"]),
        ("fault 5s..6s ledger restarts", ["happens at one moment", "`fault 5s`"]),
    ] {
        let plan = format!("{scenario} {statement}");
        refused(&say(RETRIP, &["replay", &plan]), &words);
        std::fs::write(&file, format!("{scenario}\n# by hand\n{statement}\n"))
            .expect("it is written");
        let plan = format!("@{}", file.display());
        refused(&say(RETRIP, &["replay", &plan]), &words);
        refused(&say(RETRIP, &["log", &plan]), &words);
    }
}

#[test]
fn an_actor_without_a_host_is_named_with_those_who_have_one() {
    let plan = "payments_swarm 0x4 0s bob: pay 1 in 1 tries";
    refused(&say(RETRIP, &["replay", plan]), &["`bob` is on none of this seed's hosts", "clerk-1"]);
}
