//! Does `explore` run all orders, say how many there are, and print what it finds so that it can be replayed?

use crate::command::{RETRIP, Said, say};

const REPLY: &str = "reply_as_the_caller_begins_to_wait";
const CANARY: &str = "canary_lost_update";

fn explore(arguments: &[&str]) -> Said {
    say(RETRIP, &[&["explore"], arguments].concat())
}

/// The number before `noun` in the output.
fn number(said: &Said, noun: &str) -> u64 {
    let words: Vec<&str> = said.out.split([' ', '\n', ';', ',']).collect();
    let place = words.iter().position(|word| word.trim_end_matches('s') == noun);
    let number = place.and_then(|place| words[place - 1].parse().ok());
    number.unwrap_or_else(|| panic!("no number of {noun} in {}{}", said.out, said.err))
}

#[test]
fn what_holds_in_every_order_says_so_and_by_what_it_was_bounded() {
    let said = explore(&[REPLY]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.starts_with(&format!("held  {REPLY}  seed 0x0\nbounded: ")), "{}", said.out);
    assert!(said.out.contains("time moved early at most once in a run\n"), "{}", said.out);
    let whole = explore(&[REPLY, "--time-moves", "9"]);
    assert!(whole.out.contains("\ncomplete: "), "{}", whole.out);
    assert!(number(&said, "interleaving") < number(&whole, "interleaving"));
    let none = explore(&[REPLY, "--preemptions", "0"]);
    assert!(none.out.contains("; no preemption"), "{}", none.out);
    assert!(number(&none, "interleaving") < number(&said, "interleaving"));
    let few = explore(&[REPLY, "--runs", "3"]);
    assert_eq!((few.code, number(&few, "run")), (Some(0), 3), "{}", few.out);
    assert!(few.out.contains("ended after 3 runs\n"), "{}", few.out);
}

#[test]
fn all_orders_show_what_is_saved() {
    let all = explore(&[REPLY, "--time-moves", "0", "--all-orders"]);
    let distinct = explore(&[REPLY, "--time-moves", "0"]);
    assert_eq!(all.code, Some(0), "{}", all.err);
    assert!(!all.out.contains("cut short"), "{}", all.out);
    assert!(number(&distinct, "interleaving") * 2 < number(&all, "interleaving"), "{}", all.out);
}

#[test]
fn what_is_found_is_reported_and_replays() {
    let said = explore(&[CANARY, "--seed", "0x3"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.out.starts_with(&format!("FAILED  {CANARY}  seed 0x3")), "{}", said.out);
    assert!(said.out.contains("REPRODUCIBLE") && !said.out.contains("NOT"), "{}", said.out);
    assert!(said.out.contains("\nbounded: "), "{}", said.out);
    let line = said.out.lines().find(|line| line.contains(" replay '")).expect("a replay line");
    let plan = line.split('\'').nth(1).expect("the plan is quoted");
    let again = say(RETRIP, &["replay", plan]);
    assert_eq!(again.code, Some(1), "{}{}", again.out, again.err);
    let without = explore(&[CANARY, "--without", "no_update_lost"]);
    assert_eq!(without.code, Some(0), "{}{}", without.out, without.err);
    assert!(without.out.contains("\ncomplete: "), "{}", without.out);
}

#[test]
fn a_wrong_bound_is_named() {
    for (arguments, words) in [
        (["nobody", "--runs", "1"], ["`nobody`", "there is no scenario"]),
        ([CANARY, "--runs", "0"], ["`0`", "from 1"]),
        ([CANARY, "--preemptions", "-1"], ["`-1`", "whole number"]),
        ([CANARY, "--time-moves", "few"], ["`few`", "whole number"]),
        ([CANARY, "--plant", "lost"], ["`lost`", "no planted bug"]),
        ([CANARY, "--without", "no_update_lots"], ["`no_update_lots`", "`no_update_lost`"]),
    ] {
        let said = explore(&arguments);
        assert_eq!((said.code, &*said.out), (Some(2), ""), "{arguments:?} {}", said.err);
        assert!(words.iter().all(|word| said.err.contains(word)), "{}", said.err);
    }
    // A bug that nothing here comes to is a gap, as in every command.
    let gap = explore(&[REPLY, "--plant", "wall_clock_interval", "--runs", "5"]);
    assert_eq!(gap.code, Some(2), "{}{}", gap.out, gap.err);
}
