//! A window of the last so many calls.

use super::{Remembered, WindowCounts};
use crate::breaker::plants;
use crate::door::Rules;

/// The last calls in a ring, two bits for each.
#[derive(Clone, Debug)]
pub(super) struct LastCalls {
    ring: Box<[u8]>,
    /// How many the ring takes.
    room: u64,
    /// Where the next one goes; the oldest is there when the ring is full.
    next: u64,
    counts: WindowCounts,
}

const FAILED: u8 = 1;
const SLOW: u8 = 2;
/// Calls in a byte.
const PER_BYTE: u64 = 4;

impl LastCalls {
    pub(super) fn new(room: u32) -> Self {
        let room = u64::from(room);
        let bytes = usize::try_from(room.div_ceil(PER_BYTE)).expect("a window has its limit");
        let counts = WindowCounts::default();
        Self { ring: vec![0; bytes].into_boxed_slice(), room, next: 0, counts }
    }

    pub(super) fn clear(&mut self) {
        (self.next, self.counts) = (0, WindowCounts::default());
    }

    pub(super) fn push(&mut self, call: Remembered, rules: &impl Rules) {
        let (byte, shift) = (self.next / PER_BYTE, self.next % PER_BYTE * 2);
        let byte = usize::try_from(byte).expect("the ring has been made");
        let bits = (self.ring[byte] >> shift) & (FAILED | SLOW);
        if self.counts.calls == self.room {
            let failures = u64::from(bits & FAILED != 0);
            let forgotten = rules.broken_by(plants::EVICTED_FAILURE_STILL_COUNTS);
            self.counts.remove(WindowCounts {
                calls: 1,
                failures: if forgotten { 0 } else { failures },
                slow: u64::from(bits & SLOW != 0),
            });
        }
        self.counts.add(call);
        let new = (u8::from(call.failed) * FAILED) | (u8::from(call.slow) * SLOW);
        self.ring[byte] ^= (bits ^ new) << shift;
        self.next = if self.next + 1 == self.room { 0 } else { self.next + 1 };
    }

    pub(super) const fn counts(&self) -> WindowCounts {
        self.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::Sound;

    #[test]
    fn the_oldest_call_makes_room_for_the_newest() {
        let mut calls = LastCalls::new(5);
        let failed_in: [u64; 12] = [1, 1, 1, 1, 1, 0, 1, 1, 0, 0, 0, 1];
        for (place, failed) in failed_in.into_iter().enumerate() {
            let call = Remembered { failed: failed == 1, slow: failed == 0 };
            calls.push(call, &Sound);
            let wanted = &failed_in[(place + 1).saturating_sub(5)..=place];
            let failures = wanted.iter().sum();
            let all = wanted.len() as u64;
            let counts = WindowCounts { calls: all, failures, slow: all - failures };
            assert_eq!(calls.counts(), counts, "after call {place}");
        }
        calls.clear();
        assert_eq!(calls.counts(), WindowCounts::default());
        calls.push(Remembered { failed: false, slow: false }, &Sound);
        assert_eq!(calls.counts(), WindowCounts { calls: 1, failures: 0, slow: 0 });
    }
}
