//! Situations in which workers share a store under leases, and one of them believes for too long that it holds one.

pub(crate) mod a_renewal_arrives_after_its_lease;
pub(crate) mod a_write_arrives_after_its_lease;
mod beats;
pub(crate) mod clocks_drift_while_a_lease_is_held;
mod desk;
pub(crate) mod leases_swarm;
pub(crate) mod lock_service_restarts_while_a_lease_is_held;
mod message;
mod office;
mod promise;
mod store;
mod told;
mod worker;
