//! Situations with a breaker for each tenant, and places for fewer of them than there are tenants.

pub(crate) mod a_busy_key_keeps_its_place;
pub(crate) mod idle_keys_go_in_time;
mod key;
pub(crate) mod keyed_swarm;
mod ledger;
mod operation;
mod promise;
mod sometimes;
mod tenants;
mod told;
