//! A breaker's configuration in a file: what is read, what is written, and what is said of a mistake.

mod fields;
mod mistakes;
mod round_trip;
