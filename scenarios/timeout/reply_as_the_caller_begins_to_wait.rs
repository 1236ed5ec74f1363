//! The reply comes at the very moment at which the caller begins to wait for it.
//!
//! A caller who looks, finds nothing and then waits, without holding the lock in between, can miss the notification that
//! came between the two: the reply lies there, and the caller sleeps until its patience ends.

use super::mailbox::LOST_WAKEUP;
use super::post::Post;
use super::promise;
use crate::time::secs;
use retrip_sim::engine::threads::LOST_NOTIFICATION;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a reply comes just as the caller begins to wait for it";
    Scenario::new("reply_as_the_caller_begins_to_wait", about, |s| {
        let patience = s.draw_duration("patience", secs(1)..=secs(10));
        let moment = s.draw_duration("moment", secs(0)..=secs(5));
        let post = s.part(Post);

        s.actor("caller").does_at(moment, post.awaits_reply(patience)).ends();
        s.actor("backend").does_at(moment, post.replies()).ends();

        s.check(promise::a_reply_before_the_deadline_is_received());
        s.check(promise::a_reply_wakes_who_waits());
    })
    // In the first the reply is there before the caller looks, in the others it comes once the caller waits.
    .in_full()
    .finds(LOST_NOTIFICATION, "a_reply_wakes_who_waits")
    .finds(LOST_WAKEUP, "a_reply_before_the_deadline_is_received")
}
