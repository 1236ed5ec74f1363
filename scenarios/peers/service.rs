//! The service that is paid through: a host that answers each message in its time, well or not.

use super::adapter::Failed;
use retrip_sim::engine::hosts::Host;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::Duration;

/// Its name, and that of its host.
pub(super) const SERVICE: &str = "payments";
/// Its port.
const PORT: u16 = 1;
/// What it replies.
const OK: &[u8] = b"ok";
const FAILED: &[u8] = b"failed";

/// What the script says of the service.
#[derive(Debug, Default)]
pub(super) struct Service {
    is_failing: AtomicBool,
    /// In nanoseconds.
    takes: AtomicU64,
}

impl Service {
    /// From now on its replies are failures.
    pub(super) fn fails(&self) {
        self.is_failing.store(true, SeqCst);
    }

    /// From now on they are successes.
    pub(super) fn recovers(&self) {
        self.is_failing.store(false, SeqCst);
    }

    /// From now on each takes `time`.
    pub(super) fn takes(&self, time: Duration) {
        self.takes.store(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), SeqCst);
    }

    /// Answers calls, each in a unit of its own. How a call ends is decided when it comes, so that a slow answer is one to what
    /// was asked then.
    pub(super) async fn serve(self: Arc<Self>, host: &Host) {
        let socket = host.socket(PORT).await.expect("nobody else opens a port on this host");
        let socket = Arc::new(socket);
        while let Ok(call) = socket.receive().await {
            let reply = if self.is_failing.load(SeqCst) { FAILED } else { OK };
            let takes = Duration::from_nanos(self.takes.load(SeqCst));
            let (socket, at) = (Arc::clone(&socket), host.clone());
            let replies = async move {
                if !takes.is_zero() {
                    at.sleep(takes).await;
                }
                // Whoever asked may be gone.
                let _ = socket.send(&call.from, call.port, reply).await;
            };
            // It ends by itself.
            drop(host.start("reply", replies));
        }
    }
}

/// Asks the service on `server` once, from `host`.
pub(super) async fn ask(host: &Host, server: &Host) -> Result<(), Failed> {
    let asks = async {
        let socket = host.socket(0).await?;
        socket.send(server, PORT, b"call").await?;
        socket.receive().await
    };
    match asks.await {
        Ok(reply) if reply.bytes == OK => Ok(()),
        // A network that refuses is a service that is not there.
        Ok(_) | Err(_) => Err(Failed),
    }
}
