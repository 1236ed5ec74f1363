//! Sweeps of a scenario of the catalogue, as `run` makes them, timed.

use retrip_figures::spent::timed;
use retrip_sim::seed::SeedRange;
use retrip_sim::sweep::{SweepRequest, sweep};
use std::num::NonZeroUsize;
use std::time::Duration;

/// The processor's time for `seeds` seeds of `scenario` from `first` on, with `jobs` jobs.
///
/// # Panics
/// The catalogue has no such scenario, or a promise is broken: the breaker is correct.
pub fn swept(scenario: &str, jobs: usize, first: u64, seeds: u64) -> Duration {
    let catalogue = retrip::catalogue();
    let scenario = catalogue.find(scenario).expect("it is in the catalogue");
    let range = format!("{first}..{}", first + seeds);
    let seeds: SeedRange = range.parse().expect("a range of seeds");
    let jobs = NonZeroUsize::new(jobs).expect("a sweep has a job");
    let request = SweepRequest { jobs, ..SweepRequest::of(seeds) };
    timed(|| {
        let found = sweep(scenario, &request).expect("the scenario fits its own plan");
        assert!(found.failed.is_empty(), "the breaker is correct");
    })
}
