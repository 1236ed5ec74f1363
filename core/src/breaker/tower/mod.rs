//! A breaker as a layer of [tower](https://docs.rs/tower)'s services.

mod classify;
mod future;
mod layer;
mod service;

pub use classify::{ByResult, Classify};
pub use future::BreakerFuture;
pub use layer::BreakerLayer;
pub use service::BreakerService;
