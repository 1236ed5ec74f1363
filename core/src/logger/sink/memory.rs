//! A sink that keeps what it takes in memory, for tests and for looking.

use super::Sink;
use crate::door::{Guard, Mutex, Platform, SyncPrimitives, System};
use std::fmt;
use std::io;
use std::sync::Arc;

/// Keeps every byte in memory, without bound. Clones are handles to the same bytes.
pub struct MemorySink<P: Platform = System> {
    content: Arc<<P as SyncPrimitives>::Mutex<Vec<u8>>>,
}

impl MemorySink {
    /// An empty one in the real world.
    #[must_use]
    pub fn new() -> Self {
        Self::on(&System)
    }
}

impl Default for MemorySink {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Platform> MemorySink<P> {
    /// An empty one on any platform.
    pub fn on(platform: &P) -> Self {
        Self { content: Arc::new(platform.mutex(Vec::new())) }
    }

    /// Everything taken so far.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.lock().clone()
    }

    /// Everything taken so far by line, without the newlines; what is no UTF-8 is replaced by U+FFFD.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        String::from_utf8_lossy(&self.lock()).lines().map(str::to_owned).collect()
    }

    fn lock(&self) -> Guard<'_, P, Vec<u8>> {
        self.content.lock()
    }
}

impl<P: Platform> Sink for MemorySink<P> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }
}

impl<P: Platform> Clone for MemorySink<P> {
    fn clone(&self) -> Self {
        Self { content: self.content.clone() }
    }
}

impl<P: Platform> fmt::Debug for MemorySink<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemorySink").finish_non_exhaustive()
    }
}
