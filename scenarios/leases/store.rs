//! The code under test: a store that takes no write under an older lease than it has seen.

use super::desk::append;
use super::message::{PORT, Reply, Request};
use super::told::Told;
use crate::time::millis;
use retrip_core::door::{Disk, Plant, Rules};
use retrip_sim::engine::hosts::Host;
use std::io;
use std::path::Path;
use std::time::Duration;

/// Every write is taken.
pub(crate) const NO_FENCING: Plant = Plant::named("no_fencing");
/// The greatest token is known until the next restart.
pub(crate) const FENCE_FORGOTTEN_IN_A_RESTART: Plant = Plant::named("fence_forgotten_in_a_restart");

const FENCE: &str = "fence";
/// How long the disk takes for a token.
const DISK: Duration = millis(3);

/// A store from one of its beginnings to its end: answers for as long as its host is there.
pub(crate) async fn serve(host: Host) {
    let mut greatest = fence(&host);
    let socket = host.socket(PORT).await.expect("nobody else opens a port on this host");
    while let Ok(message) = socket.receive().await {
        let Some(Request::Write { number, token }) = Request::read(&message.bytes) else {
            continue;
        };
        let worker = message.from.name();
        let reply = if token < greatest && !host.broken_by(NO_FENCING) {
            Told::Refuses { worker, token }.tell(&host);
            Reply::Stale { number }
        } else {
            // Kept before the write: what comes with an older token from now on comes too late, also after a crash.
            if token > greatest {
                host.sleep(DISK).await;
                append(&host, FENCE, token);
                greatest = token;
            }
            Told::Accepts { worker, token }.tell(&host);
            Reply::Written { number }
        };
        // Whoever wrote may be out of reach.
        let _ = socket.send(&message.from, message.port, &reply.bytes()).await;
    }
}

/// The greatest token on the disk of `host`.
fn fence(host: &Host) -> u32 {
    if host.broken_by(FENCE_FORGOTTEN_IN_A_RESTART) {
        return 0;
    }
    let tokens = match host.read(Path::new(FENCE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        tokens => tokens.expect("a disk that loses nothing can be read"),
    };
    let token = |line| str::from_utf8(line).ok()?.parse::<u32>().ok();
    tokens.split(|&byte| byte == b'\n').filter_map(token).max().unwrap_or(0)
}
