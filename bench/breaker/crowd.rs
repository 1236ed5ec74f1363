//! Several threads that call through one breaker at once.

use crate::floor::Floor;
use crate::paced::Paced;
use crate::side::{Maker, Side};
use crate::situation::Situation;
use retrip_figures::rounds::{Rounds, in_turn};
use retrip_figures::spent::{thread_time, waited};
use retrip_figures::spread::{Hundredths, Spread};
use retrip_figures::table;
use std::num::NonZeroUsize;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

/// How many rounds.
const ROUNDS: usize = 31;
/// How long the threads of a side call in a round, where each has a processor.
const WINDOW: Duration = Duration::from_millis(3);
/// And where they take turns: each has several.
const LONG_WINDOW: Duration = Duration::from_millis(16);
/// The longest that a thread may have waited for a processor in that time. Whoever has to call while others cannot meets nobody at
/// the breaker, and looks as fast as one thread alone.
const WAIT: Duration = Duration::from_micros(150);
/// So often is a window tried again in which a thread has waited longer; the one with the shortest wait counts.
const TRIES: usize = 12;
/// The most stripes that our counters have.
const MOST_STRIPES: usize = 8;

/// How many threads there are, and how they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crowd {
    /// One after the other.
    Of(usize),
    /// Two. Between them came as many others, which have gone again, as makes the two count in the same place of ours.
    TwoAtOneStripe,
}

impl Crowd {
    const SIZES: [Self; 3] = [Self::Of(1), Self::Of(2), Self::Of(8)];

    const fn threads(self) -> usize {
        match self {
            Self::Of(threads) => threads,
            Self::TwoAtOneStripe => 2,
        }
    }

    fn passers_by(self) -> usize {
        match self {
            Self::Of(_) => 0,
            Self::TwoAtOneStripe => (1 << side_by_side().min(MOST_STRIPES).ilog2()) - 1,
        }
    }

    fn have_a_processor_each(self) -> bool {
        self.threads() <= side_by_side()
    }
}

/// How many threads run side by side.
fn side_by_side() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// What a call took, in picoseconds.
struct Took {
    /// On the wall, over the calls of all threads.
    wall: u128,
    /// Of the processor's, in the thread that made it.
    spent: u128,
    /// The longest that one of the threads waited for a processor.
    waited: Duration,
}

/// In what other states ours is measured.
const OF_OURS: [Situation; 7] = [
    Situation::HalfOpen,
    Situation::Open,
    Situation::Async,
    Situation::AsyncHalfOpen,
    Situation::AsyncOpen,
    Situation::TowerHalfOpen,
    Situation::TowerOpen,
];

/// Those who are measured: what others do with a lock or a counter, breakers that are closed, and ours in other states.
fn sides() -> Vec<Side> {
    let floors = [Floor::Load, Floor::TwoAdds, Floor::Lock, Floor::Clock].map(Side::Floor);
    let closed = |maker| Side::Breaker(maker, Situation::Closed);
    let makers = [Maker::Retrip, Maker::Recloser, Maker::Failsafe, Maker::CircuitbreakerRs];
    let tower =
        [Maker::Retrip, Maker::TowerResilience].map(|maker| Side::Breaker(maker, Situation::Tower));
    let ours = OF_OURS.map(|situation| Side::Breaker(Maker::Retrip, situation));
    floors.into_iter().chain(makers.map(closed)).chain(tower).chain(ours).collect()
}

/// What came out.
pub(crate) struct Crowds {
    entries: Vec<(Side, Crowd)>,
    wall: Rounds,
    spent: Rounds,
}

impl Crowds {
    /// Measures everybody.
    pub(crate) fn measured() -> Self {
        let paced: Vec<Paced> = sides().into_iter().filter_map(Paced::of).collect();
        let mut entries: Vec<(&Paced, Crowd)> = Vec::new();
        for paced in &paced {
            entries.extend(Crowd::SIZES.map(|crowd| (paced, crowd)));
            if paced.side == Side::Breaker(Maker::Retrip, Situation::Closed) {
                entries.push((paced, Crowd::TwoAtOneStripe));
            }
        }
        let measured = in_turn(ROUNDS, entries.len(), |nth| {
            let (paced, crowd) = entries[nth];
            called(paced, crowd)
        });
        Self {
            entries: entries.iter().map(|(paced, crowd)| (paced.side, *crowd)).collect(),
            wall: Rounds::of(&measured, |took| took.wall),
            spent: Rounds::of(&measured, |took| took.spent),
        }
    }

    fn place(&self, side: Side, crowd: Crowd) -> usize {
        let place = self.entries.iter().position(|entry| *entry == (side, crowd));
        place.expect("what a figure is made of is measured")
    }

    /// What a call takes in its thread, over what it takes where there is one thread.
    pub(crate) fn growth(&self, side: Side, crowd: Crowd) -> Spread {
        self.spent.ratio(self.place(side, crowd), self.place(side, Crowd::Of(1)))
    }

    /// The peer that gets through most calls, and its time on the wall over ours.
    pub(crate) fn fastest_peer(&self, crowd: Crowd) -> (Maker, Spread) {
        let place = |maker| self.place(Side::Breaker(maker, Situation::Closed), crowd);
        let peers = [Maker::Recloser, Maker::Failsafe, Maker::CircuitbreakerRs];
        let ratios = peers.map(|peer| (peer, self.wall.ratio(place(peer), place(Maker::Retrip))));
        let slowest_last = ratios.into_iter().min_by_key(|(_, ratio)| ratio.median());
        slowest_last.expect("there are peers")
    }

    /// Prints the table.
    pub(crate) fn print(&self) {
        table::title(&format!(
            "Several threads that call through one breaker, which is closed where nothing else is said: ns on the wall over the calls of all threads together, \
             and how many times as much of the processor's time a call takes in its own thread as where there is one. The median of \
             {ROUNDS} rounds."
        ));
        let head = ["", "1 thread", "2 threads", "2 / 1", "8 threads", "8 / 1"];
        table::head(head.map(str::to_owned));
        for side in sides() {
            self.row(side, shown(side), [Crowd::Of(2), Crowd::Of(8)].map(Some));
            if self.entries.contains(&(side, Crowd::TwoAtOneStripe)) {
                let shown = format!("{}, at one stripe", shown(side));
                self.row(side, shown, [Some(Crowd::TwoAtOneStripe), None]);
            }
        }
    }

    fn row(&self, side: Side, shown: String, crowds: [Option<Crowd>; 2]) {
        let mut cells = vec![shown, self.nanoseconds(side, Crowd::Of(1))];
        for crowd in crowds {
            let growth = |crowd| Hundredths(self.growth(side, crowd).median()).to_string();
            let nanoseconds = |crowd| self.nanoseconds(side, crowd);
            cells.push(crowd.map_or_else(|| "-".to_owned(), nanoseconds));
            cells.push(crowd.map_or_else(|| "-".to_owned(), growth));
        }
        table::row(cells);
    }

    fn nanoseconds(&self, side: Side, crowd: Crowd) -> String {
        Hundredths(self.wall.nanoseconds(self.place(side, crowd)).median()).to_string()
    }
}

fn shown(side: Side) -> String {
    match side {
        Side::Breaker(maker, Situation::Closed) => maker.name().to_owned(),
        Side::Breaker(maker, Situation::Tower) => format!("{}, tower", maker.name()),
        Side::Breaker(maker, situation) => format!("{}, {}", maker.name(), situation.name()),
        Side::Floor(floor) => floor.name().to_owned(),
    }
}

/// Lets the threads call, until they could do so side by side.
fn called(paced: &Paced, crowd: Crowd) -> Took {
    let mut best = called_once(paced, crowd);
    // Of more threads than there are processors some always wait.
    let tries = if crowd.have_a_processor_each() { TRIES } else { 1 };
    for _ in 1..tries {
        if best.waited <= WAIT {
            break;
        }
        let again = called_once(paced, crowd);
        if again.waited < best.waited {
            best = again;
        }
    }
    best
}

/// Lets the threads call for a window.
#[expect(clippy::disallowed_methods, reason = "real threads that call for a real time")]
fn called_once(paced: &Paced, crowd: Crowd) -> Took {
    let batch = (paced.calls / 32).max(1);
    let is_over = AtomicBool::new(false);
    let (arrived, start) = (Barrier::new(2), Barrier::new(crowd.threads() + 1));
    let calls = || {
        // The first call of a thread is where it gets its number.
        (paced.work)(1);
        arrived.wait();
        let waited_before = waited();
        start.wait();
        let (mut calls, began) = (0, thread_time());
        while !is_over.load(Relaxed) {
            (paced.work)(batch);
            calls += batch;
        }
        let spent = thread_time().saturating_sub(began);
        (u128::from(calls), spent, waited().saturating_sub(waited_before))
    };
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for nth in 0..crowd.threads() {
            let passers_by = if nth > 0 { crowd.passers_by() } else { 0 };
            for _ in 0..passers_by {
                scope.spawn(|| (paced.work)(1)).join().expect("one call is made");
            }
            threads.push(scope.spawn(calls));
            arrived.wait();
        }
        // Before they start: this thread may have to wait for a processor as soon as they do.
        let began = Instant::now();
        start.wait();
        thread::sleep(if crowd.have_a_processor_each() { WINDOW } else { LONG_WINDOW });
        is_over.store(true, Relaxed);
        let wall = began.elapsed();
        let ended = threads.into_iter().map(|thread| thread.join().expect("calls are made"));
        let none = (0, Duration::ZERO, Duration::ZERO);
        let (calls, spent, waited) = ended.fold(none, |(calls, spent, longest), ended| {
            (calls + ended.0, spent + ended.1, longest.max(ended.2))
        });
        let each = |time: Duration| time.as_nanos() * 1_000 / calls.max(1);
        Took { wall: each(wall), spent: each(spent), waited }
    })
}
