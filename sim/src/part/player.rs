//! A part of a scenario, by where it can act.

use super::{HostPart, Part, Reading};
use std::sync::Arc;

/// A part, as its scenario keeps it.
#[derive(Clone)]
pub(crate) enum Player {
    /// It acts on simulated threads.
    Threads(Arc<dyn Part>),
    /// It acts on hosts.
    Hosts(Arc<dyn HostPart>),
    /// It acts on either, with the same operations.
    Both(Arc<dyn Part>, Arc<dyn HostPart>),
}

impl Player {
    pub(crate) fn reads(&self, operation: &str) -> Reading {
        match self {
            Self::Threads(part) | Self::Both(part, _) => part.reads(operation),
            Self::Hosts(part) => part.reads(operation),
        }
    }

    pub(crate) fn forms(&self) -> Vec<String> {
        match self {
            Self::Threads(part) | Self::Both(part, _) => part.forms(),
            Self::Hosts(part) => part.forms(),
        }
    }

    /// It, where it can act on threads.
    pub(crate) fn on_threads(&self) -> Option<&Arc<dyn Part>> {
        match self {
            Self::Threads(part) | Self::Both(part, _) => Some(part),
            Self::Hosts(_) => None,
        }
    }

    /// It, where it can act on hosts.
    pub(crate) fn on_hosts(&self) -> Option<&Arc<dyn HostPart>> {
        match self {
            Self::Hosts(part) | Self::Both(_, part) => Some(part),
            Self::Threads(_) => None,
        }
    }
}
