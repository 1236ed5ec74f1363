//! Calls through a closed breaker while another thread reads its statistics.

use crate::ours;
use retrip_core::breaker::CircuitBreaker;
use retrip_figures::rounds::{Rounds, in_turn};
use retrip_figures::spread::Hundredths;
use retrip_figures::table;
use std::hint::black_box;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

/// How many rounds.
const ROUNDS: usize = 31;
/// How long calls are made in a round.
const WINDOW: Duration = Duration::from_millis(4);
/// Calls between two looks at whether it is over.
const BATCH: u64 = 256;

/// How often the statistics are read, with a name for it.
const READERS: [(&str, Reader); 4] = [
    ("nobody reads", Reader::Nobody),
    ("1,000 readings a second", Reader::Every(Duration::from_millis(1))),
    ("100,000 readings a second", Reader::Every(Duration::from_micros(10))),
    ("one reading after the other", Reader::Every(Duration::ZERO)),
];

#[derive(Clone, Copy)]
enum Reader {
    Nobody,
    /// One reading after so long.
    Every(Duration),
}

/// What came out of one window, in picoseconds on the wall: a caller that waits for a reading to end spends no processor's time.
struct Took {
    call: u128,
    reading: u128,
}

/// Measures it, and prints the table.
pub(crate) fn print() {
    let measured = in_turn(ROUNDS, READERS.len(), |nth| called(READERS[nth].1));
    let (calls, readings) =
        (Rounds::of(&measured, |took| took.call), Rounds::of(&measured, |took| took.reading));
    table::title(&format!(
        "One thread calls through a closed breaker, and another one reads its statistics: ns on the wall of a call, how many times as much as where \
         nobody reads, and ns on the wall of a reading. The median of {ROUNDS} rounds."
    ));
    table::head(["", "a call", "times", "a reading"].map(str::to_owned));
    for (nth, (name, _)) in READERS.into_iter().enumerate() {
        let shown = |hundredths: u128| Hundredths(hundredths).to_string();
        table::row([
            name.to_owned(),
            shown(calls.nanoseconds(nth).median()),
            shown(calls.ratio(nth, 0).median()),
            if nth == 0 { "-".to_owned() } else { shown(readings.nanoseconds(nth).median()) },
        ]);
    }
}

/// Lets one thread call for a window, and another one read meanwhile.
#[expect(clippy::disallowed_methods, reason = "real threads that call for a real time")]
fn called(reader: Reader) -> Took {
    let (breaker, is_over, start) = (ours::closed(), AtomicBool::new(false), Barrier::new(3));
    thread::scope(|scope| {
        let caller = scope.spawn(|| {
            start.wait();
            let (mut calls, began) = (0, Instant::now());
            while !is_over.load(Relaxed) {
                for _ in 0..BATCH {
                    let _ = black_box(breaker.call(|| black_box(Ok::<u64, ()>(1))));
                }
                calls += BATCH;
            }
            each(began.elapsed(), calls)
        });
        let reader = scope.spawn(|| {
            start.wait();
            match reader {
                Reader::Nobody => 0,
                Reader::Every(pause) => read(&breaker, pause, &is_over),
            }
        });
        start.wait();
        thread::sleep(WINDOW);
        is_over.store(true, Relaxed);
        let call = caller.join().expect("calls are made");
        Took { call, reading: reader.join().expect("it reads") }
    })
}

/// Reads until it is over. Returns what a reading took, in picoseconds.
#[expect(clippy::disallowed_methods, reason = "a real thread that reads for a real time")]
fn read(breaker: &CircuitBreaker, pause: Duration, is_over: &AtomicBool) -> u128 {
    let (mut readings, mut spent) = (0, Duration::ZERO);
    while !is_over.load(Relaxed) {
        let began = Instant::now();
        black_box(breaker.stats());
        (readings, spent) = (readings + 1, spent + began.elapsed());
        while began.elapsed() < pause && !is_over.load(Relaxed) {
            std::hint::spin_loop();
        }
    }
    each(spent, readings)
}

fn each(time: Duration, times: u64) -> u128 {
    time.as_nanos() * 1_000 / u128::from(times.max(1))
}
