//! What a step touched, as far as another step could tell: known once the step has been taken.

use crate::engine::threads::access::{Access, Touched};

/// Everything that one step of a thread has read or changed of what threads share.
///
/// It is what was seen to happen, not what the step was announced to do: between two scheduling points a thread may also
/// write into the log, end, or release a lock while it begins to wait.
#[derive(Clone, Debug, Default)]
pub(super) struct Footprint {
    /// The order of this step and any other one may matter.
    everything: bool,
    /// No two of them touch the same.
    accesses: Vec<Access>,
}

impl Footprint {
    pub(super) fn clear(&mut self) {
        self.everything = false;
        self.accesses.clear();
    }

    pub(super) fn touch(&mut self, access: Access) {
        if access.touched == Touched::Nothing {
            return;
        }
        match self.accesses.iter_mut().find(|known| known.touched == access.touched) {
            Some(known) => known.reads_only &= access.reads_only,
            None => self.accesses.push(access),
        }
    }

    pub(super) fn touch_everything(&mut self) {
        self.everything = true;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.everything |= other.everything;
        other.accesses.iter().for_each(|&access| self.touch(access));
    }

    /// Whether the two steps lead to the same in either order.
    pub(super) fn commutes_with(&self, other: &Self) -> bool {
        let races = |access: &Access| other.accesses.iter().any(|&with| access.races_with(with));
        !self.everything && !other.everything && !self.accesses.iter().any(races)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::threads::kernel::Operation;

    fn of(operations: &[(Operation, u64)]) -> Footprint {
        let mut footprint = Footprint::default();
        operations.iter().for_each(|&(op, object)| footprint.touch(Access::of(op, object, 1)));
        footprint
    }

    #[test]
    fn a_step_that_also_changes_what_it_read_is_one_that_changes() {
        let reads = of(&[(Operation::Load, 7)]);
        assert!(reads.commutes_with(&reads));
        let mut both = of(&[(Operation::Load, 7)]);
        both.merge(&of(&[(Operation::Store, 7)]));
        assert!(!both.commutes_with(&reads) && !reads.commutes_with(&both));
        both.clear();
        assert!(both.commutes_with(&reads));
    }

    #[test]
    fn any_of_the_things_touched_can_matter() {
        let two = of(&[(Operation::Store, 7), (Operation::Lock, 8)]);
        assert!(!two.commutes_with(&of(&[(Operation::Unlock, 8)])));
        assert!(two.commutes_with(&of(&[(Operation::Store, 9), (Operation::Clock, 0)])));
    }

    #[test]
    fn what_touches_everything_commutes_with_nothing() {
        let mut everything = Footprint::default();
        everything.touch_everything();
        assert!(!everything.commutes_with(&Footprint::default()));
        assert!(!Footprint::default().commutes_with(&everything));
    }
}
