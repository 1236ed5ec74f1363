//! The engines by name: which of them there are, which this build has, and what each can do.

use super::hosts::{HostFault, LinkFault};
use super::{network, nodes};
use crate::one_line::one_line;
use std::fmt;
use std::str::FromStr;

/// One of the engines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EngineName {
    /// Threads, locks and time of our own: [`threads`](super::threads).
    #[default]
    Threads,
    /// Async units on the nodes of a cluster, moved by madsim: [`nodes`](super::nodes).
    Nodes,
    /// Async units on hosts with real protocol stacks, moved by turmoil: [`network`](super::network).
    Network,
}

/// Why this build has no such engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unavailable {
    /// The nodes engine is off.
    #[error(transparent)]
    Nodes(#[from] nodes::Unavailable),
    /// The network engine is off.
    #[error(transparent)]
    Network(#[from] network::Unavailable),
}

/// The text names no engine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no engine `{name}`: there are `threads`, `nodes` and `network`",
    name = one_line(name)
)]
pub struct EngineNameError {
    /// What was read.
    pub name: String,
}

impl EngineName {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Threads, Self::Nodes, Self::Network];

    /// Its name, as `--engine` takes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Threads => "threads",
            Self::Nodes => "nodes",
            Self::Network => "network",
        }
    }

    /// Whether this build has it.
    ///
    /// # Errors
    /// What is missing, and what to change.
    pub fn available(self) -> Result<(), Unavailable> {
        match self {
            Self::Threads => Ok(()),
            Self::Nodes => Ok(nodes::available()?),
            Self::Network => Ok(network::available()?),
        }
    }

    /// Whether std's clocks, the order of its maps and the random numbers of the operating system come from the seed within a run
    /// of it. Elsewhere code under test has the platform's in their place, and the determinism check finds whoever reads others.
    #[must_use]
    pub const fn simulates_std(self) -> bool {
        matches!(self, Self::Nodes)
    }

    /// Whether `fault` can befall a host of it.
    #[must_use]
    pub const fn can_befall(self, fault: HostFault) -> bool {
        match self {
            Self::Threads => false,
            Self::Nodes => true,
            Self::Network => matches!(fault, HostFault::Crashes | HostFault::Restarts),
        }
    }

    /// Whether `fault` can befall the way between two hosts of it.
    #[must_use]
    pub const fn can_befall_link(self, fault: LinkFault) -> bool {
        match self {
            Self::Threads => false,
            Self::Nodes => matches!(fault, LinkFault::Partitions | LinkFault::Heals),
            // All of them.
            Self::Network => true,
        }
    }
}

impl fmt::Display for EngineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for EngineName {
    type Err = EngineNameError;

    fn from_str(name: &str) -> Result<Self, EngineNameError> {
        let named = Self::ALL.into_iter().find(|engine| engine.as_str() == name);
        named.ok_or_else(|| EngineNameError { name: name.to_owned() })
    }
}
