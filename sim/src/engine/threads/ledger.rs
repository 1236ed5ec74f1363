//! One entry for each thing that steps touch, found by where it must be and not by search.

use super::access::Touched;
use super::kernel::Operation;

/// Entries by what is touched. Objects lie by their creator and their number among its objects, threads by their number; what
/// nobody has touched yet has the default entry.
#[derive(Debug, Default)]
pub(super) struct Ledger<T> {
    objects: Vec<Vec<T>>,
    threads: Vec<T>,
    /// Spawns, draws, files, time and the log.
    others: [T; 5],
}

impl<T: Default> Ledger<T> {
    /// The entry of `touched`; none of what cannot be touched.
    #[inline]
    pub(super) fn entry(&mut self, touched: Touched) -> Option<&mut T> {
        let entry = match touched {
            Touched::Nothing => return None,
            Touched::Object(object) => {
                let (creator, nth) = place(object);
                at(at(&mut self.objects, creator), nth)
            }
            Touched::Thread(thread) => at(&mut self.threads, thread as usize),
            Touched::Sequence(Operation::Spawn) => &mut self.others[0],
            Touched::Sequence(_) => &mut self.others[1],
            Touched::Disk => &mut self.others[2],
            Touched::Time => &mut self.others[3],
            Touched::Log => &mut self.others[4],
        };
        Some(entry)
    }
}

/// The creator of an object and its number among that thread's.
#[inline]
pub(super) fn place(object: u64) -> (usize, usize) {
    ((object >> 32) as usize, (object & u64::from(u32::MAX)) as usize)
}

#[inline]
fn at<T: Default>(list: &mut Vec<T>, index: usize) -> &mut T {
    if list.len() <= index {
        list.resize_with(index + 1, T::default);
    }
    &mut list[index]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_has_an_entry_of_its_own() {
        let things = [
            Touched::Object(1),
            Touched::Object(2),
            Touched::Object(1 << 32 | 1),
            Touched::Thread(1),
            Touched::Thread(2),
            Touched::Sequence(Operation::Spawn),
            Touched::Sequence(Operation::Draw),
            Touched::Disk,
            Touched::Time,
            Touched::Log,
        ];
        let mut ledger = Ledger::default();
        for (number, &thing) in (1..).zip(&things) {
            *ledger.entry(thing).expect("it can be touched") = number;
        }
        for (number, &thing) in (1..).zip(&things) {
            assert_eq!(ledger.entry(thing), Some(&mut number.clone()), "{thing:?}");
        }
        assert_eq!(ledger.entry(Touched::Nothing), None);
        assert_eq!(ledger.entry(Touched::Object(7 << 32 | 9)), Some(&mut 0));
    }
}
