//! The figures with a goal.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use crate::crowd::{Crowd, Crowds};
use crate::field::Field;
use crate::floor::Floor;
use crate::memory;
use crate::side::{Maker, Side};
use crate::situation::Situation;
use retrip_figures::goal::{Goal, Goals};
use retrip_figures::spread::{Hundredths, Spread};

/// The most that a call may take, in ns.
const MOST: [(Situation, u128); 6] = [
    (Situation::Closed, 15),
    (Situation::Uncounted, 3),
    (Situation::WindowOfCalls, 22),
    (Situation::WindowOfTime, 45),
    (Situation::Open, 30),
    (Situation::OpenCoarse, 4),
];

/// The most that it may take more than another, in ns, and how that is called.
const MOST_ABOVE: [(&str, Situation, Side, u128); 2] = [
    ("async above sync, ns", Situation::Async, ours(Situation::Closed), 12),
    ("tower above its service, ns", Situation::Tower, Side::Floor(Floor::Service), 25),
];

const fn ours(situation: Situation) -> Side {
    Side::Breaker(Maker::Retrip, situation)
}

/// Prints them, as a block of text that a document can show.
pub(crate) fn printed(field: &Field, crowds: &Crowds) -> Goals {
    println!(
        "\nGoals; a figure is the median of its rounds, and the smallest and the largest stand behind it.\n\n```text"
    );
    let mut goals = Goals::default();
    on_one_thread(field, &mut goals);
    on_two_threads(crowds, &mut goals);
    in_memory(&mut goals);
    println!("```");
    goals
}

fn on_one_thread(field: &Field, goals: &mut Goals) {
    let closed = ours(Situation::Closed);
    let ratio = field.ratio(closed, Side::Floor(Floor::TwoAdds));
    goals.add(at_most("closed / two fetch_adds", &ratio, 130));
    let (peer, ratio) = field.fastest_peer(Situation::Closed);
    let goal = Goal::at_least("closed, the fastest peer / ours", ratio.median(), 100);
    goals.add(goal.with(format!("{}, {}", ratio.range(), peer.name())));
    for (situation, most) in MOST {
        let floor = situation.floor();
        let ratio = Hundredths(field.ratio(ours(situation), Side::Floor(floor)).median());
        let nanoseconds = field.nanoseconds(ours(situation));
        let goal = at_most(&format!("{}, ns", situation.name()), &nanoseconds, most * 100);
        let range = nanoseconds.range();
        goals.add(goal.with(format!("{range}, x {ratio} of {}", floor.name())));
    }
    for (name, situation, plain, most) in MOST_ABOVE {
        goals.add(at_most(name, &field.surplus(ours(situation), plain), most * 100));
    }
}

fn on_two_threads(crowds: &Crowds, goals: &mut Goals) {
    let growth = crowds.growth(ours(Situation::Closed), Crowd::Of(2));
    let at_one_stripe = crowds.growth(ours(Situation::Closed), Crowd::TwoAtOneStripe);
    let at_one_stripe = Hundredths(at_one_stripe.median());
    let goal = at_most("a call at 2 threads / at 1", &growth, 130);
    goals.add(goal.with(format!("{}; {at_one_stripe} at one stripe", growth.range())));
    let (peer, ratio) = crowds.fastest_peer(Crowd::Of(2));
    let goal = Goal::at_least("2 threads, the fastest peer / ours", ratio.median(), 100);
    goals.add(goal.with(format!("{}, {}", ratio.range(), peer.name())));
}

fn in_memory(goals: &mut Goals) {
    let (situation, requests) = memory::most_requests_of_ours();
    let goal = Goal::at_most("requests for memory per call", requests, 0);
    goals.add(match requests {
        0 => goal.with("in no situation".to_owned()),
        _ => goal.with(format!("the most, {}", situation.name())),
    });
    let bytes = u128::from(memory::ours().all());
    goals.add(Goal::at_most("bytes of a breaker", bytes * 100, 25_600));
}

fn at_most(name: &str, figure: &Spread, goal: u128) -> Goal {
    Goal::at_most(name, figure.median(), goal).with(figure.range())
}
