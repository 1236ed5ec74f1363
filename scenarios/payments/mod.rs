//! Situations in which tills ask a ledger on another host to book payments, and one of them does not hear of the other.

pub(crate) mod a_late_reply_meets_the_next_payment;
pub(crate) mod a_till_gives_up_while_replies_are_lost;
pub(crate) mod held_messages_arrive_together;
mod ledger;
pub(crate) mod ledger_crashes_before_it_has_replied;
mod message;
pub(crate) mod payments_swarm;
mod promise;
mod shop;
mod sometimes;
mod till;
mod told;
pub(crate) mod wall_clock_jumps_while_a_till_waits;
mod watch;
