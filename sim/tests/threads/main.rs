//! What does the thread engine do with threads, locks, time and failures?

mod failures;
mod lab;
mod scheduling;
