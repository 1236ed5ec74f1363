//! Situations in which several threads need several locks.

mod accounts;
mod bank;
pub(crate) mod transfers_between_accounts;
