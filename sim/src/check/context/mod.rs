//! Promises about the context that log lines carry.

mod ends;
mod own;
mod scopes;

pub use ends::{ContextEndsWithItsScope, context_ends_with_its_scope};
pub use own::{OwnContextOnly, own_context_only};
