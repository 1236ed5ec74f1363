//! All sides on one thread, in rounds in which each has its turn.

use crate::floor::Floor;
use crate::paced::Paced;
use crate::side::{Maker, Side};
use crate::situation::Situation;
use retrip_figures::rounds::{Rounds, in_turn};
use retrip_figures::spread::{Hundredths, Spread};
use retrip_figures::table;

/// How many rounds.
const ROUNDS: usize = 201;

/// What came out.
pub(crate) struct Field {
    sides: Vec<Side>,
    rounds: Rounds,
}

impl Field {
    /// Measures everybody.
    pub(crate) fn measured() -> Self {
        let paced: Vec<Paced> = Side::all().into_iter().filter_map(Paced::of).collect();
        let measured = in_turn(ROUNDS, paced.len(), |side| paced[side].picoseconds());
        let rounds = Rounds::of(&measured, |picoseconds| *picoseconds);
        Self { sides: paced.iter().map(|paced| paced.side).collect(), rounds }
    }

    fn place(&self, side: Side) -> usize {
        let place = self.sides.iter().position(|there| *there == side);
        place.expect("what a figure is made of is measured")
    }

    fn has(&self, side: Side) -> bool {
        self.sides.contains(&side)
    }

    /// A call of `side` over one of `floor`.
    pub(crate) fn ratio(&self, side: Side, floor: Side) -> Spread {
        self.rounds.ratio(self.place(side), self.place(floor))
    }

    /// The nanoseconds that a call of `side` takes more than one of `plain`.
    pub(crate) fn surplus(&self, side: Side, plain: Side) -> Spread {
        self.rounds.surplus(self.place(side), self.place(plain))
    }

    /// The fastest peer in the situation, and its call over ours.
    pub(crate) fn fastest_peer(&self, situation: Situation) -> (Maker, Spread) {
        let ours = Side::Breaker(Maker::Retrip, situation);
        let peers = Maker::PEERS.into_iter().map(|peer| (peer, Side::Breaker(peer, situation)));
        let there = peers.filter(|(_, side)| self.has(*side));
        let ratios = there.map(|(peer, side)| (peer, self.ratio(side, ours)));
        ratios.min_by_key(|(_, ratio)| ratio.median()).expect("the situation has a peer")
    }

    /// Nanoseconds of a call.
    pub(crate) fn nanoseconds(&self, side: Side) -> Spread {
        self.rounds.nanoseconds(self.place(side))
    }

    fn cell_of(&self, side: Side) -> String {
        Hundredths(self.nanoseconds(side).median()).to_string()
    }

    /// Prints the tables.
    pub(crate) fn print(&self) {
        self.print_floors();
        self.print_situations();
    }

    fn print_floors(&self) {
        table::title(&format!(
            "Floors: the call of a service that answers at once, and around it one part of which breakers are made. ns of the \
             processor's on one thread, the median of {ROUNDS} rounds."
        ));
        table::head(["floor", "ns"].map(str::to_owned));
        for floor in Floor::ALL {
            table::row([floor.name().to_owned(), self.cell_of(Side::Floor(floor))]);
        }
    }

    fn print_situations(&self) {
        table::title(&format!(
            "A call: ns of the processor's on one thread, the median of {ROUNDS} rounds; of ours also what it is of its floor, of \
             theirs what it is of ours, the medians of ratios within a round (and, of ours, their range). A dash: it cannot be done."
        ));
        let head = ["situation", "retrip", "of its floor", "floor"].map(str::to_owned);
        table::head(head.into_iter().chain(Maker::PEERS.map(|peer| peer.name().to_owned())));
        for situation in Situation::ALL {
            let (ours, floor) = (Side::Breaker(Maker::Retrip, situation), situation.floor());
            let ratio = self.ratio(ours, Side::Floor(floor));
            let cells = [
                situation.name().to_owned(),
                self.cell_of(ours),
                ratio.cell(),
                floor.name().to_owned(),
            ];
            let peers = Maker::PEERS.map(|peer| self.cell(Side::Breaker(peer, situation), ours));
            table::row(cells.into_iter().chain(peers));
        }
    }

    fn cell(&self, theirs: Side, ours: Side) -> String {
        if !self.has(theirs) {
            return "-".to_owned();
        }
        let ratio = Hundredths(self.ratio(theirs, ours).median());
        format!("{}, x {ratio}", self.cell_of(theirs))
    }
}
