//! Does the command line do what it says? One file per question; each runs the program as a person would.

mod closed;
mod command;
mod determinism;
mod doctor;
mod explore;
mod input;
mod interrupt;
mod logs;
mod replay;
mod run;
mod show;
mod std_shaped;
mod strategy;
mod thread_failures;
