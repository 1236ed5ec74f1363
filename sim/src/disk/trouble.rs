//! What goes wrong with a disk while a fault of it lasts, call by call.

use super::{Call, Errno, Luck};
use crate::span::Span;
use std::fmt;
use std::time::Duration;

/// How many are a whole, of what happens in parts per million.
const MILLION: u64 = 1_000_000;

/// What is wrong with a disk. What is said in parts per million is drawn for each call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Trouble {
    /// There is room for so many bytes more, then [`Errno::ENOSPC`].
    Full(u64),
    /// The user may have so many bytes more, then [`Errno::EDQUOT`].
    OverQuota(u64),
    /// Of a million writes so many fail with [`Errno::EIO`].
    WritesFail(u32),
    /// Of a million writes so many are interrupted before they have done anything.
    WritesInterrupted(u32),
    /// Of a million writes so many take a part only, of at least one byte.
    WritesShort(u32),
    /// Of a million reads, of files and of folders, so many fail with [`Errno::EIO`].
    ReadsFail(u32),
    /// The file system may only be read.
    ReadOnly,
    /// Nothing more can be opened: [`Errno::EMFILE`].
    OpensFail,
    /// Nothing can be renamed or removed: [`Errno::EIO`].
    RenamesFail,
    /// Of a million syncs so many fail with [`Errno::EIO`], and lose what they should have written.
    SyncsFail(u32),
    /// Syncs succeed, and do nothing.
    SyncsLie,
    /// Each call takes a drawn time between these two, with the calling thread.
    Slow(Duration, Duration),
}

impl Trouble {
    /// What is wrong, without how much: `disk writes fail`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full(_) => "disk is full",
            Self::OverQuota(_) => "disk is over quota",
            Self::WritesFail(_) => "disk writes fail",
            Self::WritesInterrupted(_) => "disk writes interrupted",
            Self::WritesShort(_) => "disk writes short",
            Self::ReadsFail(_) => "disk reads fail",
            Self::ReadOnly => "disk is read-only",
            Self::OpensFail => "disk opens fail",
            Self::RenamesFail => "disk renames fail",
            Self::SyncsFail(_) => "disk syncs fail",
            Self::SyncsLie => "disk syncs lie",
            Self::Slow(..) => "disk is slow",
        }
    }

    /// How many of a million calls it strikes, where that is drawn.
    pub(crate) const fn share(self) -> Option<u32> {
        match self {
            Self::WritesFail(ppm)
            | Self::WritesInterrupted(ppm)
            | Self::WritesShort(ppm)
            | Self::ReadsFail(ppm)
            | Self::SyncsFail(ppm) => Some(ppm),
            _ => None,
        }
    }

    /// By how much it troubles: bytes that are left, calls in a million, or nanoseconds; 0 where it is by no amount.
    pub(crate) fn size(self) -> u64 {
        match self {
            Self::Full(left) | Self::OverQuota(left) => left,
            Self::Slow(_, longest) => u64::try_from(longest.as_nanos()).unwrap_or(u64::MAX),
            other => other.share().unwrap_or_default().into(),
        }
    }

    /// The same trouble by another amount.
    pub(crate) fn with_size(self, size: u64) -> Self {
        let ppm = u32::try_from(size).unwrap_or(u32::MAX).min(MILLION as u32);
        match self {
            Self::Full(_) => Self::Full(size),
            Self::OverQuota(_) => Self::OverQuota(size),
            Self::WritesFail(_) => Self::WritesFail(ppm),
            Self::WritesInterrupted(_) => Self::WritesInterrupted(ppm),
            Self::WritesShort(_) => Self::WritesShort(ppm),
            Self::ReadsFail(_) => Self::ReadsFail(ppm),
            Self::SyncsFail(_) => Self::SyncsFail(ppm),
            Self::Slow(shortest, _) => {
                let longest = Duration::from_nanos(size);
                Self::Slow(shortest.min(longest), longest)
            }
            Self::ReadOnly | Self::OpensFail | Self::RenamesFail | Self::SyncsLie => self,
        }
    }

    /// What it could say where it is by no amount. A disk that has room for nothing more is one that is full.
    pub(crate) const fn in_place_of_nothing(self) -> Option<&'static str> {
        match self {
            Self::WritesFail(0) => Some("writes fail 300000ppm"),
            Self::WritesInterrupted(0) => Some("writes interrupted 300000ppm"),
            Self::WritesShort(0) => Some("writes short 300000ppm"),
            Self::ReadsFail(0) => Some("reads fail 300000ppm"),
            Self::SyncsFail(0) => Some("syncs fail 300000ppm"),
            Self::Slow(_, Duration::ZERO) => Some("takes 10ms..2s"),
            _ => None,
        }
    }

    /// Whether a call fails, and how.
    pub(super) fn fails(self, call: Call, luck: &mut impl Luck) -> Option<Errno> {
        match (call, self) {
            (Call::Open | Call::Read, Self::OpensFail) => Some(Errno::EMFILE),
            (Call::Open | Call::Write | Call::Rename, Self::ReadOnly) => Some(Errno::EROFS),
            (Call::Write, Self::WritesFail(ppm)) => {
                strikes(luck, "disk.eio", ppm).then_some(Errno::EIO)
            }
            (Call::Write, Self::WritesInterrupted(ppm)) => {
                strikes(luck, "disk.eintr", ppm).then_some(Errno::EINTR)
            }
            (Call::Read, Self::ReadsFail(ppm)) => {
                strikes(luck, "disk.read", ppm).then_some(Errno::EIO)
            }
            (Call::Sync, Self::SyncsFail(ppm)) => {
                strikes(luck, "disk.sync", ppm).then_some(Errno::EIO)
            }
            (Call::Rename, Self::RenamesFail) => Some(Errno::EIO),
            _ => None,
        }
    }

    /// How long a call takes.
    pub(super) fn takes(self, luck: &mut impl Luck) -> Duration {
        match self {
            Self::Slow(shortest, longest) => {
                let spread = longest.saturating_sub(shortest);
                let spread = u64::try_from(spread.as_nanos()).unwrap_or(u64::MAX - 1);
                shortest + Duration::from_nanos(luck.draw("disk.slow", spread + 1))
            }
            _ => Duration::ZERO,
        }
    }

    /// How many of `most` bytes a write takes, at least one.
    pub(super) fn shortened(self, most: usize, luck: &mut impl Luck) -> usize {
        match self {
            Self::WritesShort(ppm) if most > 1 && strikes(luck, "disk.short", ppm) => {
                let less = luck.draw("disk.short_by", most as u64 - 1) + 1;
                most - usize::try_from(less).expect("a draw is below its bound")
            }
            _ => most,
        }
    }

    /// The most bytes that all files may have while it lasts, and what is said where they have them.
    pub(super) const fn limit(self) -> Option<(u64, Errno)> {
        match self {
            Self::Full(limit) => Some((limit, Errno::ENOSPC)),
            Self::OverQuota(limit) => Some((limit, Errno::EDQUOT)),
            _ => None,
        }
    }
}

impl fmt::Display for Trouble {
    /// As a plan says it of a disk.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Full(left) => write!(f, "has room for {left}B"),
            Self::OverQuota(left) => write!(f, "has quota for {left}B"),
            Self::WritesFail(ppm) => write!(f, "writes fail {ppm}ppm"),
            Self::WritesInterrupted(ppm) => write!(f, "writes interrupted {ppm}ppm"),
            Self::WritesShort(ppm) => write!(f, "writes short {ppm}ppm"),
            Self::ReadsFail(ppm) => write!(f, "reads fail {ppm}ppm"),
            Self::ReadOnly => f.write_str("is read-only"),
            Self::OpensFail => f.write_str("opens fail"),
            Self::RenamesFail => f.write_str("renames fail"),
            Self::SyncsFail(ppm) => write!(f, "syncs fail {ppm}ppm"),
            Self::SyncsLie => f.write_str("syncs lie"),
            Self::Slow(shortest, longest) => {
                write!(f, "takes {}..{}", Span(shortest), Span(longest))
            }
        }
    }
}

/// Whether it happens this time. Nothing is drawn where there is nothing to be decided; of what is drawn zero is that it does not.
fn strikes(luck: &mut impl Luck, purpose: &'static str, ppm: u32) -> bool {
    match u64::from(ppm) {
        0 => false,
        MILLION.. => true,
        ppm => luck.draw(purpose, MILLION) >= MILLION - ppm,
    }
}
