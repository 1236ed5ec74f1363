//! The reply comes one nanosecond before the caller's patience ends, in that very nanosecond, or one after.
//!
//! In the same nanosecond both orders are right, and both must happen: a harness that always lets one win never tests
//! the other. One nanosecond earlier only the reply may win.

use super::mailbox::LAST_NANOSECOND_TOO_LATE;
use super::post::Post;
use super::promise;
use crate::time::{NANOSECOND, secs};
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a reply comes in the same nanosecond as its timeout, or one beside it";
    Scenario::new("reply_in_the_same_nanosecond_as_its_timeout", about, |s| {
        let patience = s.draw_duration("patience", secs(1)..=secs(10));
        let moment = s.draw_duration("moment", patience - NANOSECOND..=patience + NANOSECOND);
        let post = s.part(Post);

        s.actor("caller").does(post.awaits_reply(patience)).ends();
        s.actor("backend").does_at(moment, post.replies()).ends();

        s.check(promise::a_reply_before_the_deadline_is_received());
        s.sometimes(promise::the_reply_wakes_the_caller());
        s.sometimes(promise::the_reply_wins());
        s.sometimes(promise::the_timeout_wins());
    })
    // One nanosecond early, one late, and in the same one: the timeout wins, the reply wins.
    .pinned(&[0x1, 0x2, 0x10, 0xd])
    .in_full()
    .finds(LAST_NANOSECOND_TOO_LATE, "a_reply_before_the_deadline_is_received")
}
