//! Situations with breakers by name, for which callers race.

pub(crate) mod a_conflicting_configuration_is_refused;
pub(crate) mod callers_race_for_a_name;
mod directory;
mod operation;
mod promise;
