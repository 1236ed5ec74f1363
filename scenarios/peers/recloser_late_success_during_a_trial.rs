//! recloser 1.4: slow calls, admitted long before it opened, succeed while the trials run. Then the trials fail.
//!
//! Its documentation says that at least as many calls are performed half-open as its ring is long, and that the rate of their
//! failures decides; so it promises no bound on trials, and none is asked of it here. But results of calls that were admitted before it
//! opened go into that ring as well. With a ring of one the second result decides: two late successes close the recloser before any
//! of its trials has ended, the trials fail into the long ring of a closed one, and calls go on to a service that is down. Without
//! the late successes the two failed trials open it again.

use super::adapter::Maker;
use super::situation;
use retrip_sim::engine::EngineName;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "calls from before a recloser opened succeed while its trials run, which fail";
    Scenario::new("recloser_late_success_during_a_trial", about, |s| {
        situation::late_success(s, Maker::Recloser, 2);
    })
    .on(EngineName::Nodes)
    .in_full()
    .must_break("late_results_do_not_close")
}
