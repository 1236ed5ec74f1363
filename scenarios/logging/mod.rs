//! Situations in which tasks log.

pub(crate) mod a_disk_fails_in_every_way;
pub(crate) mod a_full_queue_is_shut_down;
pub(crate) mod a_hundred_threads_share_a_log;
pub(crate) mod a_panic_ends_nested_scopes;
pub(crate) mod a_queue_fills_and_empties_again_and_again;
pub(crate) mod a_queue_is_full_while_the_disk_is;
pub(crate) mod a_queue_writes_to_two_files;
pub(crate) mod calls_end_in_time;
pub(crate) mod contexts_of_100_threads_interleaved;
pub(crate) mod contexts_of_500_threads_interleaved;
pub(crate) mod disk_is_full_and_has_room_again;
pub(crate) mod disk_is_full_at_every_byte_of_a_line;
pub(crate) mod log_cannot_be_put_aside;
pub(crate) mod log_is_put_aside_while_the_disk_is_full;
pub(crate) mod loggers_append_to_one_file;
pub(crate) mod power_fails_while_a_log_is_put_aside;
mod requests;
pub(crate) mod scopes_nest_and_end;
pub(crate) mod threads_race_for_the_log;
pub(crate) mod what_comes_too_often_is_held_back;
pub(crate) mod what_is_old_gives_way_in_a_full_queue;
mod writers;
pub(crate) mod writes_are_short_and_interrupted;
