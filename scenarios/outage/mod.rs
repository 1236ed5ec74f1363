//! Situations in which a host is away for longer than anybody would wait for a test.

mod errand;
pub(crate) mod outage_of_thirty_days;
mod promise;
