//! The planted way to renew a lease: a unit beside the work does it, and goes on while the work stands still.

use super::message::{PORT, Request};
use retrip_core::door::{Mutex, SyncPrimitives};
use retrip_sim::engine::hosts::{Host, HostMutex};
use std::sync::Arc;
use std::time::Duration;

/// Has the lease renewed until it is dropped.
pub(super) struct Beats {
    goes_on: Arc<HostMutex<bool>>,
}

impl Beats {
    /// From now on `desk` is asked again and again for more time for the lease with this token.
    pub(super) fn begin(host: &Host, desk: &Host, token: u32, every: Duration) -> Self {
        let goes_on = Arc::new(host.mutex(true));
        let (beats, at, desk) = (Arc::clone(&goes_on), host.clone(), desk.clone());
        drop(host.start("beats", async move {
            let socket = at.socket(0).await.expect("a host has more ports than workers");
            while *beats.lock() {
                // The work asks from number 1 on.
                let request = Request::Renew { number: 0, token };
                // Whether it arrives nobody looks.
                let _ = socket.send(&desk, PORT, &request.bytes()).await;
                at.sleep(every).await;
            }
        }));
        Self { goes_on }
    }
}

impl Drop for Beats {
    fn drop(&mut self) {
        *self.goes_on.lock() = false;
    }
}
