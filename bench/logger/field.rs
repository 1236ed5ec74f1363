//! All loggers in all cells, in rounds in which each has its turn.

use crate::paced::Paced;
use crate::side::{Cell, Maker};
use retrip_figures::rounds::{Rounds, in_turn};
use retrip_figures::spread::{Hundredths, Spread};
use retrip_figures::table;

/// How many rounds.
const ROUNDS: usize = 101;

/// What came out.
pub(crate) struct Field {
    entries: Vec<(Maker, Cell)>,
    rounds: Rounds,
}

impl Field {
    /// Measures everybody.
    pub(crate) fn measured() -> Self {
        let of = |cell| Maker::ALL.map(|maker| (maker, cell));
        let entries: Vec<(Maker, Cell)> = Cell::all().flat_map(of).collect();
        let paced: Vec<Paced> =
            entries.iter().map(|(maker, cell)| Paced::of(*maker, *cell)).collect();
        let measured = in_turn(ROUNDS, paced.len(), |nth| paced[nth].picoseconds());
        Self { entries, rounds: Rounds::of(&measured, |picoseconds| *picoseconds) }
    }

    fn place(&self, maker: Maker, cell: Cell) -> usize {
        let place = self.entries.iter().position(|entry| *entry == (maker, cell));
        place.expect("what a figure is made of is measured")
    }

    /// An event of `maker` over one of `floor`.
    pub(crate) fn ratio(&self, maker: Maker, floor: Maker, cell: Cell) -> Spread {
        self.rounds.ratio(self.place(maker, cell), self.place(floor, cell))
    }

    /// Nanoseconds of an event.
    pub(crate) fn nanoseconds(&self, maker: Maker, cell: Cell) -> Spread {
        self.rounds.nanoseconds(self.place(maker, cell))
    }

    /// Prints the table.
    pub(crate) fn print(&self) {
        table::title(&format!(
            "An event: ns of the processor's in the thread that logs it, the median of {ROUNDS} rounds; of ours also what it is of \
             the floor, of theirs what it is of ours, the medians of ratios within a round (and, of ours, their range)."
        ));
        let [floor, ours, peers @ ..] = Maker::ALL;
        let head = ["", floor.name(), ours.name(), "of the floor"].map(str::to_owned);
        table::head(head.into_iter().chain(peers.map(|peer| peer.name().to_owned())));
        for cell in Cell::all() {
            let nanoseconds =
                |maker| Hundredths(self.nanoseconds(maker, cell).median()).to_string();
            let of_floor = self.ratio(ours, floor, cell).cell();
            let cells = [cell.name(), nanoseconds(floor), nanoseconds(ours), of_floor];
            let peers = peers.map(|peer| {
                let ratio = Hundredths(self.ratio(peer, ours, cell).median());
                format!("{}, x {ratio}", nanoseconds(peer))
            });
            table::row(cells.into_iter().chain(peers));
        }
    }
}
