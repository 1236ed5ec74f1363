//! The breaker's concurrent shell, on a platform whose clock moves only when told and whose lock must not be taken twice.

mod async_calls;
mod calls;
mod events;
mod inside;
mod keyed;
mod keyed_oracle;
mod lease;
mod lockless;
mod log;
mod manual;
mod nested;
mod registry;
