//! What breakers hold in memory, and how often a call asks for some.

use crate::paced::Paced;
use crate::side::{Maker, Side};
use crate::situation::Situation;
use crate::{ours, peers};
use allocation_counter::measure;
use retrip_figures::spread::Hundredths;
use retrip_figures::table;

/// Calls of which the requests for memory are counted.
const CALLS: u64 = 1_000;

/// Bytes of one breaker, as it is built.
#[derive(Clone, Copy)]
pub(crate) struct Bytes {
    /// Of the value itself.
    inline: u64,
    /// Of what it holds elsewhere.
    elsewhere: u64,
}

impl Bytes {
    pub(crate) const fn all(self) -> u64 {
        self.inline + self.elsewhere
    }

    fn of<T>(build: impl Fn() -> T) -> Self {
        // The first one of a process may leave something behind for all.
        drop(build());
        let mut built = None;
        let elsewhere = measure(|| built = Some(build())).bytes_current;
        let inline = built.as_ref().map_or(0, size_of_val);
        Self { inline: inline as u64, elsewhere: elsewhere.unsigned_abs() }
    }
}

/// Of ours, as it is by default.
pub(crate) fn ours() -> Bytes {
    Bytes::of(ours::closed)
}

/// Requests for memory per call, in hundredths.
fn requests(side: Side) -> Option<u128> {
    let paced = Paced::of(side)?;
    let requests = measure(|| (paced.work)(CALLS)).count_total;
    Some(u128::from(requests) * 100 / u128::from(CALLS))
}

/// The most that a call of ours asks for memory, of all situations, and where that is.
pub(crate) fn most_requests_of_ours() -> (Situation, u128) {
    let of = |situation| (situation, requests(Side::Breaker(Maker::Retrip, situation)));
    let all =
        Situation::ALL.map(of).map(|(situation, requests)| (situation, requests.unwrap_or(0)));
    all.into_iter().max_by_key(|(_, requests)| *requests).expect("there are situations")
}

/// Prints the tables.
pub(crate) fn print() {
    print_bytes();
    print_requests();
}

fn print_bytes() {
    table::title(
        "Bytes of a breaker as it is built, closed: of the value, of what it holds elsewhere, of both.",
    );
    table::head(["breaker", "value", "elsewhere", "both"].map(str::to_owned));
    let rows = [
        ("retrip", ours()),
        ("retrip, window of 100 calls", Bytes::of(ours::with_window_of_calls)),
        ("retrip, window of 10 s", Bytes::of(ours::with_window_of_time)),
        (Maker::Recloser.name(), Bytes::of(peers::recloser::closed)),
        (Maker::Failsafe.name(), Bytes::of(peers::failsafe::closed)),
        (Maker::CircuitbreakerRs.name(), Bytes::of(peers::circuitbreaker_rs::closed)),
        (Maker::TowerResilience.name(), Bytes::of(peers::tower_resilience::closed)),
    ];
    for (name, bytes) in rows {
        let numbers = [bytes.inline, bytes.elsewhere, bytes.all()].map(|bytes| bytes.to_string());
        table::row([name.to_owned()].into_iter().chain(numbers));
    }
}

fn print_requests() {
    table::title("How often a call asks for memory.");
    let names = Maker::ALL.map(|maker| maker.name().to_owned());
    table::head(["situation".to_owned()].into_iter().chain(names));
    for situation in Situation::ALL {
        let cell = |maker| requests(Side::Breaker(maker, situation)).map(Hundredths);
        let cells = Maker::ALL.map(|maker| cell(maker).map_or("-".to_owned(), |n| n.to_string()));
        table::row([situation.name().to_owned()].into_iter().chain(cells));
    }
}
