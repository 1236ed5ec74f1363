//! The code under test: a desk that gives out one lease at a time, each with a greater token than the one before.

use super::message::{PORT, Reply, Request};
use super::told::Told;
use crate::time::millis;
use retrip_core::door::{Clock, Disk, DiskFile, Instant, Plant, Rules, Timestamp};
use retrip_sim::engine::hosts::Host;
use std::io;
use std::path::Path;
use std::time::Duration;

/// After a restart tokens begin at one again.
pub(crate) const TOKENS_BEGIN_ANEW: Plant = Plant::named("tokens_begin_anew");
/// After a restart the desk gives out a lease at once: it knows of none that is held.
pub(crate) const GRANTED_AT_ONCE_AFTER_A_RESTART: Plant =
    Plant::named("granted_at_once_after_a_restart");
/// A lease that is over is renewed, whoever holds the next one.
pub(crate) const RENEWED_AFTER_ITS_END: Plant = Plant::named("renewed_after_its_end");
/// The desk looks at the wall clock to see whether a lease is over.
pub(crate) const DESK_ON_THE_WALL_CLOCK: Plant = Plant::named("desk_on_the_wall_clock");

const TOKENS: &str = "tokens";
/// How long the disk takes for a token.
const DISK: Duration = millis(3);

/// A desk from one of its beginnings to its end.
pub(crate) struct Desk {
    host: Host,
    /// How long a lease is, by the desk's clock.
    lease: Duration,
    /// The token of the last lease.
    last: u32,
    /// When that is over, by either clock.
    over: (Instant, Timestamp),
}

impl Desk {
    /// Answers for as long as its host is there.
    pub(crate) async fn serve(host: Host, lease: Duration) {
        let mut desk = Self::opened(host.clone(), lease);
        let socket = host.socket(PORT).await.expect("nobody else opens a port on this host");
        while let Ok(message) = socket.receive().await {
            let Some(request) = Request::read(&message.bytes) else { continue };
            let Some(reply) = desk.answer(&message.from, request).await else { continue };
            // Whoever asked may be out of reach, and will ask again.
            let _ = socket.send(&message.from, message.port, &reply.bytes()).await;
        }
    }

    /// A desk that goes on after the last token on its disk. Its lease may still be held: nobody gets another one before it is over.
    fn opened(host: Host, lease: Duration) -> Self {
        let tokens = match host.read(Path::new(TOKENS)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            tokens => tokens.expect("a disk that loses nothing can be read"),
        };
        let last = tokens.rsplit(|&byte| byte == b'\n').find(|line| !line.is_empty());
        let last = last.and_then(|line| str::from_utf8(line).ok()?.parse().ok()).unwrap_or(0);
        let is_free = last == 0 || host.broken_by(GRANTED_AT_ONCE_AFTER_A_RESTART);
        let last = if host.broken_by(TOKENS_BEGIN_ANEW) { 0 } else { last };
        Told::Opens { last }.tell(&host);
        let held_for = if is_free { Duration::ZERO } else { lease };
        let over = after(&host, held_for);
        Self { host, lease, last, over }
    }

    async fn answer(&mut self, worker: &Host, request: Request) -> Option<Reply> {
        let left = self.left();
        match request {
            Request::Acquire { number } if left.is_zero() => {
                let token = self.last + 1;
                self.keep(token).await;
                self.last = token;
                self.over = after(&self.host, self.lease);
                Told::Grants { worker: worker.name(), token }.tell(&self.host);
                Some(Reply::Granted { number, token })
            }
            Request::Renew { number, token } if self.can_renew(token, left) => {
                self.over = after(&self.host, self.lease);
                Some(Reply::Granted { number, token })
            }
            Request::Acquire { number } | Request::Renew { number, .. } => {
                Some(Reply::Busy { number, left })
            }
            Request::Write { .. } => None,
        }
    }

    fn can_renew(&self, token: u32, left: Duration) -> bool {
        self.host.broken_by(RENEWED_AFTER_ITS_END) || (token == self.last && !left.is_zero())
    }

    /// How long the last lease still is. Exactly at its end it is over.
    fn left(&self) -> Duration {
        let (mono, wall) = self.over;
        if self.host.broken_by(DESK_ON_THE_WALL_CLOCK) {
            let left = wall.as_unix_nanos() - self.host.wall().as_unix_nanos();
            return Duration::from_nanos(u64::try_from(left).unwrap_or(0));
        }
        mono.saturating_duration_since(self.host.now())
    }

    /// Writes down that a token is given out. Before that nobody gets it.
    async fn keep(&self, token: u32) {
        self.host.sleep(DISK).await;
        append(&self.host, TOKENS, token);
    }
}

/// The time `length` from now, by either clock of `host`.
pub(crate) fn after(host: &Host, length: Duration) -> (Instant, Timestamp) {
    let nanos = i128::try_from(length.as_nanos()).expect("a lease is short");
    (host.now().saturating_add(length), host.wall().saturating_add_nanos(nanos))
}

/// Writes one number more into a file of `host`.
pub(crate) fn append(host: &Host, file: &str, number: u32) {
    let line = format!("{number}\n").into_bytes();
    let written = host.append(Path::new(file)).and_then(|mut file| {
        let mut rest = &line[..];
        while !rest.is_empty() {
            let length = file.write(rest)?;
            rest = &rest[length..];
        }
        file.sync()
    });
    written.expect("a disk that loses nothing can be written to");
}
