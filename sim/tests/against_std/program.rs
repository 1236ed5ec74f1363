//! Programs as data: what each thread does, and what it can come to.

use retrip_sim::seed::Seed;
use retrip_sim::stream::{Generator, Streams};

/// What a thread does; it sees one number each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Reads the cell.
    Load,
    /// Writes the cell.
    Store,
    /// Adds one to the cell.
    Add,
    /// Adds one to what is under the lock.
    AddLocked,
    /// Adds one to the cell while it holds the lock.
    HoldAndAdd,
    TryLock,
    Read,
    /// Adds one to the cell while it holds the other lock to read.
    ReadAndAdd,
    Write,
    TryWrite,
    /// Waits for another one at the barrier, which is for two.
    Meet,
    /// Takes a token; waits until there is one.
    Take,
    Give,
    /// Adds ten to the cell, once.
    CallOnce,
    IsDone,
    /// Makes a value out of the cell, once.
    Make,
    Get,
    Send,
    Receive,
    TryReceive,
}

/// What is seen of a message that is not there.
pub(crate) const EMPTY: u64 = 900;
/// What is seen where nobody is at the other end.
pub(crate) const GONE: u64 = 901;

/// Who the maker of a value was; the cell adds to it.
pub(crate) fn made_by(thread: usize) -> u64 {
    100 * (thread as u64 + 1)
}

/// The message that a thread sends, by how much it has seen before.
pub(crate) fn message(thread: usize, seen: usize) -> u64 {
    10 * thread as u64 + seen as u64
}

/// What each thread does. The first one holds the receiver of a channel, the others a sender each.
pub(crate) type Program = Vec<Vec<Deed>>;

/// What each thread has seen.
pub(crate) type Seen = Vec<Vec<u64>>;

/// What a program comes to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Ended(Seen),
    Deadlock,
}

const DEEDS: [Deed; 17] = [
    Deed::Load,
    Deed::Store,
    Deed::Add,
    Deed::AddLocked,
    Deed::HoldAndAdd,
    Deed::TryLock,
    Deed::Read,
    Deed::ReadAndAdd,
    Deed::Write,
    Deed::TryWrite,
    Deed::Meet,
    Deed::Take,
    Deed::Give,
    Deed::CallOnce,
    Deed::IsDone,
    Deed::Make,
    Deed::Get,
];

fn deed(thread: usize, favoured: &[Deed], generator: &mut Generator) -> Deed {
    // A program of all kinds would seldom do two things to the same object.
    match (generator.within(0..=5), thread) {
        (0, _) => *generator.pick(&DEEDS),
        (1, 0) => *generator.pick(&[Deed::Receive, Deed::TryReceive]),
        (1, _) => Deed::Send,
        _ => *generator.pick(favoured),
    }
}

/// Deeds at the same object.
const KINDS: [&[Deed]; 7] = [
    &[Deed::Load, Deed::Store, Deed::Add],
    &[Deed::AddLocked, Deed::HoldAndAdd, Deed::TryLock, Deed::Load],
    &[Deed::Read, Deed::ReadAndAdd, Deed::Write, Deed::TryWrite],
    &[Deed::Meet, Deed::Meet, Deed::Add, Deed::Load],
    &[Deed::Take, Deed::Give, Deed::Give, Deed::Load],
    &[Deed::CallOnce, Deed::IsDone, Deed::Load],
    &[Deed::Make, Deed::Get, Deed::Load],
];

/// Two threads of up to two deeds, or three of up to two of which one has one.
pub(crate) fn drawn(seed: u64) -> Program {
    let mut generator = Streams::of(Seed::new(seed)).generator("program");
    let threads = if generator.chance(1, 2) { 2 } else { 3 };
    let favoured = *generator.pick(&KINDS);
    let deeds = |thread, generator: &mut Generator| {
        let count = if threads == 3 && thread == 0 { 1 } else { generator.within(1..=2) };
        (0..count).map(|_| deed(thread, favoured, generator)).collect()
    };
    (0..threads).map(|thread| deeds(thread, &mut generator)).collect()
}
