//! The situations under test, one per file, and the catalogue that lists them.

mod clock;
mod time;

use retrip_sim::scenario::Catalogue;

/// Every scenario, in the order in which they are listed.
///
/// # Panics
/// Two of them have one name.
#[must_use]
pub fn catalogue() -> Catalogue {
    Catalogue::new(vec![
        clock::wall_clock_back_while_open::scenario(),
        clock::wall_clock_forward_while_open::scenario(),
    ])
    .expect("every scenario has a name of its own")
}
