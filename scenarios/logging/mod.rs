//! Situations in which tasks log.

pub(crate) mod contexts_of_100_threads_interleaved;
pub(crate) mod disk_is_full_and_has_room_again;
pub(crate) mod scopes_nest_and_end;
pub(crate) mod threads_race_for_the_log;
