//! A circuit breaker: it stops calling a service that keeps failing, and finds out with a few trials when it is back.
//!
//! [`CircuitBreaker`] is what a user holds. It is a thin shell that makes the pure [`Machine`] concurrent: one lock, under which the
//! monotonic clock is read, and [`Event`]s that reach [`Listener`]s in one total order after the lock is given back. All decisions
//! are the machine's, which knows no clock and no lock. What needs no decision, a call that passes while closed and one that is
//! rejected while open, takes no lock where nobody has to hear of it; the former reads no clock either unless calls are timed.
//!
//! ```
//! use retrip_core::breaker::{BreakerConfig, CallError, CircuitBreaker, State};
//!
//! let config = BreakerConfig { failure_threshold: Some(2), ..BreakerConfig::default() };
//! let breaker = CircuitBreaker::new("llm", config)?;
//!
//! for _ in 0..2 {
//!     let answer = breaker.call(|| Err::<(), _>("the model is down"));
//!     assert_eq!(answer, Err(CallError::Inner("the model is down")));
//! }
//! // The second failure in a row was one too many: nothing is called any more.
//! assert_eq!(breaker.state(), State::Open);
//! let answer = breaker.call(|| -> Result<(), &str> { unreachable!("not called while open") });
//! assert!(matches!(answer, Err(CallError::Rejected(_))));
//! # Ok::<(), retrip_core::breaker::ConfigError>(())
//! ```

mod async_calls;
mod calls;
mod config;
mod control;
mod delivery;
mod error;
mod generation;
mod interval;
mod journal;
mod keyed;
mod listener;
mod log;
mod machine;
mod moment;
mod name;
mod outcome;
mod permit;
pub mod plants;
mod registry;
mod shell;
mod state;
mod stats;
mod ticket;
#[cfg(feature = "tower")]
mod tower;
mod trials;
mod window;

pub use config::{
    Backoff, BreakerConfig, BreakerConfigBuilder, CancelPolicy, Counting, Nested, PanicPolicy,
    Share, ShareError, SlowCalls, Span, Timing, Window,
};
pub use control::Control;
pub use error::{CallError, ConfigError, Rejected};
pub use generation::Generation;
pub use journal::{Cause, Counted, Event, EventKind, Sum};
pub use keyed::{Bounds, Full, KeyedBreakers};
pub use listener::{Interest, Listener};
pub use log::BreakerLog;
pub use machine::Machine;
pub use moment::Moment;
pub use name::Name;
pub use outcome::{Ended, Outcome, Verdict};
pub use permit::{OwnedPermit, Permit};
pub use registry::{Registry, RegistryError};
pub use shell::CircuitBreaker;
pub use state::State;
pub use stats::{FailureRate, Latencies, Stats};
pub use ticket::{Refusal, Ticket};
#[cfg(feature = "tower")]
pub use tower::{BreakerFuture, BreakerLayer, BreakerService, ByResult, Classify};
pub use window::WindowCounts;
