//! Five philosophers take the fork to their left, and then wait for the one to their right: all five must hold one at once.

use super::sync::{Arc, Mutex};
use super::{DEADLOCK, Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "five philosophers",
    about: "five threads that share five locks in a ring take the left one first",
    symptom: DEADLOCK,
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

const SEATS: usize = 5;

fn play(version: Version) {
    let forks: Arc<[Mutex<u64>; SEATS]> = Arc::new(std::array::from_fn(|_| Mutex::new(0)));
    together(SEATS, move |seat| {
        let right = (seat + 1) % SEATS;
        let order = match version {
            Version::Faulty => [seat, right],
            Version::Mended => [seat.min(right), seat.max(right)],
        };
        let forks = order.map(|nth| forks[nth].lock().expect("nobody panics"));
        for mut fork in forks {
            *fork += 1;
        }
    });
}
