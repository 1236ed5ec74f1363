//! Services behind a breaker: the breaker's part alone, and in stacks of tower's layers.

mod backend;
mod calls;
mod endings;
mod inside;
#[path = "../breaker_shell/manual.rs"]
#[expect(dead_code, reason = "the tests of the shell use all of it, these a part")]
mod manual;
mod stacks;
