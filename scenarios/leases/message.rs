//! What workers, the desk that gives out leases and the store send each other, as one line of text.

use std::time::Duration;

/// The port of the desk, and that of the store.
pub(crate) const PORT: u16 = 1;

/// What a worker asks for. The number tells this request from its others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Of the desk: a lease.
    Acquire { number: u32 },
    /// Of the desk: more time for the lease with this token.
    Renew { number: u32, token: u32 },
    /// Of the store: a write under the lease with this token.
    Write { number: u32, token: u32 },
}

/// What a worker is answered, each with the number of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// The lease with this token is the worker's.
    Granted { number: u32, token: u32 },
    /// The lease is somebody else's, for so long.
    Busy { number: u32, left: Duration },
    /// The store has written.
    Written { number: u32 },
    /// The store has seen a later lease.
    Stale { number: u32 },
}

impl Request {
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::Acquire { number } | Self::Renew { number, .. } | Self::Write { number, .. } => {
                number
            }
        }
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        let text = match self {
            Self::Acquire { number } => format!("acquire {number}"),
            Self::Renew { number, token } => format!("renew {number} {token}"),
            Self::Write { number, token } => format!("write {number} {token}"),
        };
        text.into_bytes()
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let number = |text: &str| text.parse().ok();
        Some(match str::from_utf8(bytes).ok()?.split(' ').collect::<Vec<_>>()[..] {
            ["acquire", of] => Self::Acquire { number: number(of)? },
            ["renew", of, token] => Self::Renew { number: number(of)?, token: number(token)? },
            ["write", of, token] => Self::Write { number: number(of)?, token: number(token)? },
            _ => return None,
        })
    }
}

impl Reply {
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::Granted { number, .. }
            | Self::Busy { number, .. }
            | Self::Written { number }
            | Self::Stale { number } => number,
        }
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        let text = match self {
            Self::Granted { number, token } => format!("granted {number} {token}"),
            Self::Busy { number, left } => format!("busy {number} {}", left.as_nanos()),
            Self::Written { number } => format!("written {number}"),
            Self::Stale { number } => format!("stale {number}"),
        };
        text.into_bytes()
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let number = |text: &str| text.parse().ok();
        Some(match str::from_utf8(bytes).ok()?.split(' ').collect::<Vec<_>>()[..] {
            ["granted", of, token] => Self::Granted { number: number(of)?, token: number(token)? },
            ["busy", of, left] => {
                let left = Duration::from_nanos(left.parse().ok()?);
                Self::Busy { number: number(of)?, left }
            }
            ["written", of] => Self::Written { number: number(of)? },
            ["stale", of] => Self::Stale { number: number(of)? },
            _ => return None,
        })
    }
}
