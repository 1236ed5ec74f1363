//! What acts on hosts: as a part on threads does, but each operation is a future, and some of it happens elsewhere.

use super::Reading;
use crate::engine::hosts::{Cluster, Host};
use crate::log::Name;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Something that operations act on, in a run on hosts.
pub trait HostPart: Send + Sync {
    /// Whether `operation` is one of this part's, and well formed.
    fn reads(&self, operation: &str) -> Reading;

    /// The forms of its operations, for an error that says what would be right: `llm fails`.
    fn forms(&self) -> Vec<String>;

    /// The hosts that it needs beside those on which actors are.
    fn hosts(&self) -> Vec<Name> {
        Vec::new()
    }

    /// Whether what it calls reads std's clocks, or goes by what else of std an engine may simulate. An engine on which they are the
    /// machine's refuses it: there nothing of it would come from the seed.
    fn reads_std(&self) -> bool {
        false
    }

    /// Its living counterpart in a run. What a host of it does when it starts is said here, to the cluster.
    fn enter(&self, cluster: &Cluster) -> Arc<dyn HostLive>;
}

/// An operation that is being done.
pub type Performance<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// A part within a run on hosts.
pub trait HostLive: Send + Sync {
    /// Ends when operations can begin: when what its hosts do when they start is there. At once, where nothing else is said.
    fn is_ready(&self) -> Performance<'_> {
        Box::pin(async {})
    }

    /// Does `operation`, which the part has read, as a unit of `host`.
    fn perform<'a>(&'a self, host: &'a Host, operation: &'a str) -> Performance<'a>;
}
