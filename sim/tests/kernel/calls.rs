//! Calls on a disk as chance has them, on few names, so that they meet.

use crate::script::Step;
use proptest::prelude::*;
use proptest::sample::select;

pub(crate) const NAMES: [&str; 3] = ["a", "b", "c"];

/// Any call.
pub(crate) fn call() -> impl Strategy<Value = Step> {
    let name = || select(&NAMES[..]);
    prop_oneof![
        4 => name().prop_map(Step::Append),
        2 => name().prop_map(Step::CreateNew),
        6 => (any::<usize>(), 0..300_usize).prop_map(|(file, bytes)| Step::Write(file, bytes)),
        1 => any::<usize>().prop_map(Step::Sync),
        1 => any::<usize>().prop_map(Step::Len),
        1 => any::<usize>().prop_map(Step::Close),
        2 => name().prop_map(Step::Read),
        2 => (name(), 0..600_u64, 0..300_usize)
            .prop_map(|(name, offset, most)| Step::ReadAt(name, offset, most)),
        2 => (name(), name()).prop_map(|(from, to)| Step::Rename(from, to)),
        2 => name().prop_map(Step::Remove),
        2 => Just(Step::List),
        1 => Just(Step::SyncFolder),
    ]
}
