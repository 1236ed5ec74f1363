//! Situations in which there are fewer places than calls.

pub(crate) mod a_cancelled_call_gives_its_place_back;
mod hall;
mod promise;
mod switchboard;
