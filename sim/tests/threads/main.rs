//! What does the thread engine do with threads, locks, time and failures?

mod failures;
mod fairness;
mod lab;
mod scheduling;
mod virtual_time;
