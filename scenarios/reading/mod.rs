//! Situations in which somebody reads a log: asks it for some of its lines, or reads one that is damaged.

pub(crate) mod a_damaged_file_is_read_to_its_end;
mod archive;
mod criterion;
pub(crate) mod lines_are_chosen_by_each_criterion;
mod ruin;
