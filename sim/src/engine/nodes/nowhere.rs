//! The cluster of a build that has no nodes engine: a type without a value, so that code that uses it compiles.

use crate::engine::hosts::Host;
use std::future::Future;
use std::net::IpAddr;

/// The nodes of a run. In this build nobody can have one.
#[derive(Clone, Debug)]
pub enum Cluster {}

impl Cluster {
    /// As in a build that has the engine.
    #[must_use]
    pub fn host(&self, _place: usize) -> Host {
        match *self {}
    }

    /// As in a build that has the engine.
    #[must_use]
    pub fn address(&self, _place: usize) -> IpAddr {
        match *self {}
    }

    /// As in a build that has the engine.
    pub fn boots<F>(
        &self,
        _place: usize,
        _name: &str,
        _start: impl Fn(Host) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        match *self {}
    }

    /// As in a build that has the engine.
    pub fn kill(&self, _place: usize) {
        match *self {}
    }

    /// As in a build that has the engine.
    pub fn restart(&self, _place: usize) {
        match *self {}
    }

    /// As in a build that has the engine.
    pub fn pause(&self, _place: usize) {
        match *self {}
    }

    /// As in a build that has the engine.
    pub fn resume(&self, _place: usize) {
        match *self {}
    }

    /// As in a build that has the engine.
    pub fn partition(&self, _from: usize, _to: usize) {
        match *self {}
    }

    /// As in a build that has the engine.
    pub fn heal(&self, _from: usize, _to: usize) {
        match *self {}
    }
}
