//! The planted way to find out that a clerk is gone: a unit beside it counts ticks. All clocks of the host may stand or leap, and the
//! whole host may be paused, without a tick too many; but a clerk that stands still alone is taken for gone.

use super::told::Told;
use crate::time::secs;
use retrip_core::door::{Mutex, SyncPrimitives};
use retrip_sim::engine::hosts::{Host, HostMutex};
use std::sync::Arc;
use std::time::Duration;

const TICK: Duration = secs(1);
/// No till waits for so many ticks from one try to the next.
const MOST: u32 = 7;

/// Keeps an eye on a payment until it is dropped.
pub(super) struct Watch {
    /// Ticks since the clerk has last moved; none once the payment is over.
    ticks: Arc<HostMutex<Option<u32>>>,
}

impl Watch {
    /// From now on, whoever does not move for too long is gone, and the payment in doubt.
    pub(super) fn begins(host: &Host, number: u32) -> Self {
        let ticks = Arc::new(host.mutex(Some(0)));
        let (counts, at) = (Arc::clone(&ticks), host.clone());
        drop(host.start("watch", async move {
            loop {
                at.sleep(TICK).await;
                let mut ticks = counts.lock();
                let Some(count) = &mut *ticks else { break };
                *count += 1;
                if *count > MOST {
                    Told::IsInDoubt { number }.tell(&at);
                    break;
                }
            }
        }));
        Self { ticks }
    }

    /// The clerk has moved.
    pub(super) fn sees_the_clerk(&self) {
        *self.ticks.lock() = Some(0);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        *self.ticks.lock() = None;
    }
}
