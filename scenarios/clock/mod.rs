//! Situations in which a clock lies.

mod opened;
pub(crate) mod wall_clock_back_while_open;
pub(crate) mod wall_clock_forward_while_open;
