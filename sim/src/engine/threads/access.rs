//! What the next step of a thread touches, and which two steps can be told apart by their order.

use super::kernel::Operation;

/// What a step touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Touched {
    /// Nothing that a step of another thread could change or see.
    Nothing,
    /// A lock, condition variable or atomic, by its key.
    Object(u64),
    /// The end, or the token, of a thread.
    Thread(u64),
    /// The numbers of the next threads and streams of drawn numbers: who comes first gets the first one.
    Sequence(Operation),
    /// The files of the run.
    Disk,
    /// The clocks, and who waits for which moment. Only a search asks: time moves between steps.
    Time,
    /// The event log. Only a search asks, and knows once a step has been taken.
    Log,
}

/// The next step of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Access {
    pub(super) touched: Touched,
    /// Whether it leaves what it touches as it was.
    pub(super) reads_only: bool,
}

impl Access {
    /// What `operation` does with `object`, as they were given to a scheduling point of the thread numbered `me`.
    pub(super) fn of(operation: Operation, object: u64, me: u32) -> Self {
        let touched = match operation {
            Operation::Clock | Operation::Sleep | Operation::Yield | Operation::Block => {
                Touched::Nothing
            }
            Operation::Spawn | Operation::Draw => Touched::Sequence(operation),
            Operation::Join | Operation::Unpark => Touched::Thread(object),
            Operation::Park | Operation::End => Touched::Thread(u64::from(me)),
            Operation::Disk => Touched::Disk,
            _ => Touched::Object(object),
        };
        Self { touched, reads_only: matches!(operation, Operation::Load | Operation::Join) }
    }

    /// Whether the order of the two can matter: they touch the same, and not both only read it.
    pub(super) fn races_with(self, other: Self) -> bool {
        self.touched != Touched::Nothing
            && self.touched == other.touched
            && !(self.reads_only && other.reads_only)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(operation: Operation, object: u64) -> Access {
        Access::of(operation, object, 1)
    }

    #[test]
    fn steps_race_where_they_touch_the_same_and_one_of_them_changes_it() {
        let store = access(Operation::Store, 7);
        assert!(store.races_with(store));
        assert!(store.races_with(access(Operation::Load, 7)));
        assert!(!store.races_with(access(Operation::Store, 8)));
        assert!(!access(Operation::Load, 7).races_with(access(Operation::Load, 7)));
        assert!(access(Operation::Lock, 7).races_with(access(Operation::Unlock, 7)));
    }

    #[test]
    fn threads_are_told_from_objects_of_the_same_number() {
        let unpark = access(Operation::Unpark, 1);
        assert!(unpark.races_with(access(Operation::Park, 0)));
        assert!(!unpark.races_with(access(Operation::Store, 1)));
        assert!(access(Operation::End, 0).races_with(access(Operation::Join, 1)));
    }

    #[test]
    fn what_nobody_can_see_races_with_nothing() {
        let clock = access(Operation::Clock, 0);
        assert!(!clock.races_with(clock));
        assert!(access(Operation::Draw, 0).races_with(access(Operation::Draw, 0)));
        assert!(!access(Operation::Draw, 0).races_with(access(Operation::Spawn, 0)));
    }
}
