//! The situations under test, one per file, and the catalogue that lists them.

mod canary;
mod clock;
mod logging;
mod time;
mod timeout;

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
        timeout::reply_in_the_same_nanosecond_as_its_timeout::scenario(),
        timeout::reply_as_the_caller_begins_to_wait::scenario(),
        logging::contexts_of_100_threads_interleaved::scenario(),
        logging::scopes_nest_and_end::scenario(),
        logging::threads_race_for_the_log::scenario(),
        canary::scenario(),
    ])
    .expect("every scenario has a name of its own")
}
