//! One run that is examined: on which engine, of which seed, and with which leak.

use super::ground;
use super::leak::Leak;
use super::work::Work;
use crate::determinism::Testimony;
use crate::engine::{self, EngineName, Failure, Unavailable, hosts};
use crate::seed::Seed;
use parking_lot::Mutex;
use std::sync::Arc;

/// A run of the program that `doctor` knows: units on two hosts that sleep for drawn times and call through one breaker, and where there
/// are hosts one that talks to a third.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Specimen {
    /// On which engine it runs.
    pub engine: EngineName,
    /// What decides everything, where nothing leaks.
    pub seed: Seed,
    /// What the program sees although it must not.
    pub planted: Option<Leak>,
}

/// What a run left behind.
pub(super) struct Ran {
    pub(super) testimony: Testimony,
    pub(super) failure: Option<Failure>,
}

impl Ran {
    pub(super) fn of_threads(ended: &engine::Ended) -> Self {
        Self { testimony: Testimony::of_threads(ended), failure: ended.failure.clone() }
    }

    pub(super) fn of_hosts(ended: &hosts::Ended) -> Self {
        Self { testimony: Testimony::of_hosts(ended), failure: ended.failure.clone() }
    }
}

impl Specimen {
    /// Runs it here, and says what it leaves behind.
    ///
    /// # Errors
    /// This build has no such engine.
    pub fn testimony(&self) -> Result<Testimony, Unavailable> {
        self.run().map(|(ran, _)| ran.testimony)
    }

    /// Runs it here; also says what it read of the leak, which need not be in the log.
    pub(super) fn run(&self) -> Result<(Ran, Vec<u64>), Unavailable> {
        let read = Arc::new(Mutex::new(Vec::new()));
        let work = Work { planted: self.planted, read: Arc::clone(&read) };
        let ran = ground::run(self.engine, self.seed, work)?;
        let read = std::mem::take(&mut *read.lock());
        Ok((ran, read))
    }
}
