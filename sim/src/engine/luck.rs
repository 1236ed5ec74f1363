//! What the calls on a node's disk draw, among the choices of its run.

use super::choices::Choices;
use crate::disk::Luck;
use std::num::NonZeroU64;

/// The streams of one node.
pub(super) struct NodeLuck<'a> {
    pub(super) choices: &'a mut Choices,
    /// The number of the node, and its name.
    pub(super) node: (u32, &'a str),
}

impl Luck for NodeLuck<'_> {
    fn draw(&mut self, purpose: &'static str, bound: u64) -> u64 {
        let bound = NonZeroU64::new(bound).expect("one of none cannot be drawn");
        self.choices.draw(self.node, purpose, bound)
    }
}
