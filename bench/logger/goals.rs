//! The figures with a goal.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use crate::field::Field;
use crate::memory;
use crate::reading::Reading;
use crate::side::{Cell, Fate, Maker};
use crate::target::Place;
use retrip_figures::goal::{Goal, Goals};
use retrip_figures::spread::{Hundredths, Spread};

/// The most that a line may take of the floor's, in hundredths.
const OF_THE_FLOOR: u128 = 150;
/// The most that an event below the threshold may take, in hundredths of a nanosecond.
const REJECTED: u128 = 200;
/// The most KiB of a process that has logged a million events.
const KIBIBYTES: u64 = 5 * 1024;

/// The fewest lines that are read in a second.
const LINES_A_SECOND: u128 = 1_000_000;

/// Prints them, as a block of text that a document can show.
pub(crate) fn printed(field: &Field, reading: &Reading) -> Goals {
    println!(
        "\nGoals; a figure is the median of its rounds, and the smallest and the largest stand behind it.\n\n```text"
    );
    let mut goals = Goals::default();
    for cell in Cell::written() {
        let ratio = field.ratio(Maker::Retrip, Maker::Floor, cell);
        let name = format!("{} / the floor", cell.name());
        goals.add(Goal::at_most(name, ratio.median(), OF_THE_FLOOR).with(ratio.range()));
    }
    for cell in Cell::written() {
        let ratio = field.ratio(Maker::SlogJson, Maker::Retrip, cell);
        let name = format!("{}, slog-json / ours", cell.name());
        goals.add(at_least_as_fast(name, &ratio));
    }
    let rejected = field.nanoseconds(Maker::Retrip, Cell::REJECTED);
    let ratio = Hundredths(field.ratio(Maker::Retrip, Maker::Floor, Cell::REJECTED).median());
    let note = format!("{}, x {ratio} of the floor", rejected.range());
    let goal = Goal::at_most("rejected by its level, ns", rejected.median(), REJECTED);
    goals.add(goal.with(note));
    in_memory(&mut goals);
    goals.add(at_least_as_fast("reading, serde_json / ours".to_owned(), &reading.ratio()));
    let lines = reading.lines_a_second() * 100;
    goals.add(Goal::at_least("lines read in a second", lines, LINES_A_SECOND * 100));
    println!("```");
    goals
}

fn at_least_as_fast(name: String, ratio: &Spread) -> Goal {
    Goal::at_least(name, ratio.median(), 100).with(ratio.range())
}

fn in_memory(goals: &mut Goals) {
    let fates = Place::ALL.map(Fate::Written).into_iter().chain([Fate::Rejected]);
    let most = fates.map(|fate| memory::requests(Maker::Retrip, fate)).max();
    let most = most.expect("there are fates");
    goals.add(Goal::at_most("requests for memory per event", most, 0));
    if let Some(kib) = memory::kibibytes(Maker::Retrip.name()) {
        let floor = memory::kibibytes(Maker::Floor.name()).unwrap_or(0);
        let goal = Goal::at_most(
            "KiB of a process, 1,000,000 events",
            u128::from(kib) * 100,
            u128::from(KIBIBYTES) * 100,
        );
        goals.add(goal.with(format!("the floor {floor}")));
    }
}
