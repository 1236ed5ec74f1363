//! A number that two runs share only if they did the same.

use siphasher::sip128::{Hasher128, SipHasher13};
use std::fmt;
use std::hash::Hasher;

/// A rolling 128-bit digest: SipHash-1-3 (Aumasson and Bernstein) with a fixed key.
///
/// It is a [`Hasher`], so that `derive(Hash)` says what goes in, and unlike the standard ones it gives the same on
/// every platform and with every release of the compiler: numbers go in as little-endian bytes, `usize` and `isize` as
/// 64 bits. The one exception is a slice of numbers, which the standard library writes in the order of the machine;
/// what is logged holds none.
///
/// It tells runs apart, not attackers: for that the key would have to be secret.
///
/// ```
/// use retrip_sim::log::Digest;
///
/// let mut digest = Digest::default();
/// digest.fold(4);
/// assert_eq!(digest.to_string(), "9d82818fc4e3f511460b120f9669cd26");
/// assert_eq!(digest.to_string(), format!("{:032x}", digest.value()));
/// ```
#[derive(Clone)]
pub struct Digest(SipHasher13);

impl Digest {
    /// Folds the next number in. The order counts.
    #[inline]
    pub fn fold(&mut self, number: u64) {
        self.write_u64(number);
    }

    /// The digest of everything so far. More can be folded in afterwards.
    #[must_use]
    pub fn value(&self) -> u128 {
        self.0.finish128().as_u128()
    }
}

/// Gathers what goes into a [`Digest`] and folds it in at once: the same digest, without a visit for each byte.
pub(super) struct Gathered {
    digest: Digest,
    bytes: [u8; Self::ROOM],
    length: usize,
}

impl Gathered {
    /// Nearly every event fits.
    const ROOM: usize = 256;

    pub(super) fn new() -> Self {
        Self { digest: Digest::default(), bytes: [0; Self::ROOM], length: 0 }
    }

    /// The digest of everything that was gathered.
    pub(super) fn value(mut self) -> u128 {
        self.fold();
        self.digest.value()
    }

    #[inline]
    fn fold(&mut self) {
        self.digest.write(&self.bytes[..self.length]);
        self.length = 0;
    }

    #[inline]
    fn take<const N: usize>(&mut self, bytes: [u8; N]) {
        if self.length + N > Self::ROOM {
            self.fold();
        }
        self.bytes[self.length..self.length + N].copy_from_slice(&bytes);
        self.length += N;
    }
}

/// Gathers numbers and folds them in some at a time: the same digest as [`Digest::fold`] for each, in a fraction of the
/// time.
#[derive(Default)]
pub(crate) struct Folded {
    digest: Digest,
    /// Numbers that are not folded in yet, those before `length`.
    numbers: [u64; Self::ROOM],
    length: usize,
    checkpoint: u64,
}

impl Folded {
    const ROOM: usize = 16;
    /// What rustc's FxHash multiplies by.
    const FACTOR: u64 = 0x517c_c1b7_2722_0a95;

    /// Folds the next number in.
    #[inline]
    pub(crate) fn fold(&mut self, number: u64) {
        self.checkpoint = (self.checkpoint.rotate_left(5) ^ number).wrapping_mul(Self::FACTOR);
        // It is always smaller: the remainder says so to the compiler.
        self.numbers[self.length % Self::ROOM] = number;
        self.length += 1;
        if self.length == Self::ROOM {
            self.fold_all();
        }
    }

    #[inline(never)]
    fn fold_all(&mut self) {
        const WORD: usize = size_of::<u64>();
        let mut bytes = [0; Self::ROOM * WORD];
        for (number, room) in self.numbers.iter().zip(bytes.chunks_exact_mut(WORD)) {
            room.copy_from_slice(&number.to_le_bytes());
        }
        self.digest.write(&bytes[..self.length * WORD]);
        self.length = 0;
    }

    /// A number that as a rule differs where the numbers so far do: FxHash of them. It costs next to nothing at any time,
    /// and tells at which event two runs parted whose digests are known to differ.
    #[inline]
    pub(crate) fn checkpoint(&self) -> u64 {
        self.checkpoint
    }

    /// The digest of everything so far.
    pub(crate) fn digest(&mut self) -> &Digest {
        self.fold_all();
        &self.digest
    }
}

impl Hasher for Gathered {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        if self.length + bytes.len() > Self::ROOM {
            self.fold();
        }
        match self.bytes.get_mut(self.length..self.length + bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.length += bytes.len();
            }
            None => self.digest.write(bytes),
        }
    }

    #[inline]
    fn write_u8(&mut self, number: u8) {
        self.take([number]);
    }

    #[inline]
    fn write_u16(&mut self, number: u16) {
        self.take(number.to_le_bytes());
    }

    #[inline]
    fn write_u32(&mut self, number: u32) {
        self.take(number.to_le_bytes());
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        self.take(number.to_le_bytes());
    }

    #[inline]
    fn write_u128(&mut self, number: u128) {
        self.take(number.to_le_bytes());
    }

    #[inline]
    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    #[inline]
    fn write_isize(&mut self, number: isize) {
        self.write_i64(number as i64);
    }

    fn finish(&self) -> u64 {
        let mut digest = self.digest.clone();
        digest.write(&self.bytes[..self.length]);
        digest.finish()
    }
}

impl Default for Digest {
    /// The digest of nothing.
    fn default() -> Self {
        Self(SipHasher13::new_with_keys(KEY.0, KEY.1))
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl Eq for Digest {}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.value())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "digest {self}")
    }
}

impl Hasher for Digest {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    #[inline]
    fn write_u8(&mut self, number: u8) {
        self.0.write_u8(number);
    }

    // SipHash writes numbers in the order of the machine; swapping first makes that little-endian everywhere.
    #[inline]
    fn write_u16(&mut self, number: u16) {
        self.0.write_u16(number.to_le());
    }

    #[inline]
    fn write_u32(&mut self, number: u32) {
        self.0.write_u32(number.to_le());
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        self.0.write_u64(number.to_le());
    }

    #[inline]
    fn write_u128(&mut self, number: u128) {
        self.write_u64(number as u64);
        self.write_u64((number >> 64) as u64);
    }

    #[inline]
    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    #[inline]
    fn write_i8(&mut self, number: i8) {
        self.write_u8(number.cast_unsigned());
    }

    #[inline]
    fn write_i16(&mut self, number: i16) {
        self.write_u16(number.cast_unsigned());
    }

    #[inline]
    fn write_i32(&mut self, number: i32) {
        self.write_u32(number.cast_unsigned());
    }

    #[inline]
    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    #[inline]
    fn write_i128(&mut self, number: i128) {
        self.write_u128(number.cast_unsigned());
    }

    #[inline]
    fn write_isize(&mut self, number: isize) {
        self.write_i64(number as i64);
    }

    /// The lower half of [`Digest::value`].
    fn finish(&self) -> u64 {
        self.value() as u64
    }
}

/// Fixed: changing it changes every digest that anyone has kept.
const KEY: (u64, u64) = (0x7265_7472_6970_0001, 0x6576_656e_7420_6c6f);

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::Hash;

    fn digest(of: impl Hash) -> u128 {
        let mut digest = Digest::default();
        of.hash(&mut digest);
        digest.value()
    }

    #[test]
    fn the_order_of_what_is_folded_counts() {
        assert_ne!(digest((1_u64, 2_u64)), digest((2_u64, 1_u64)));
        assert_ne!(digest(0_u64), Digest::default().value());
    }

    #[test]
    fn numbers_go_in_as_little_endian_bytes() {
        let bytes = |bytes: &[u8]| {
            let mut digest = Digest::default();
            digest.write(bytes);
            digest.value()
        };
        assert_eq!(digest(0x0102_u16), bytes(&[2, 1]));
        assert_eq!(digest(0x0102_0304_u32), bytes(&[4, 3, 2, 1]));
        assert_eq!(digest(-2_i64), bytes(&[254, 255, 255, 255, 255, 255, 255, 255]));
        assert_eq!(digest(1_i128 << 120), bytes(&(1_u128 << 120).to_le_bytes()));
        assert_eq!(digest((7_u8, 1_u32)), bytes(&[7, 1, 0, 0, 0]));
    }

    #[test]
    fn what_is_gathered_first_gives_the_same_digest() {
        let long = "a name longer than all that is gathered at once ".repeat(9);
        let values = (
            (7_u8, -1_i16, 3_u32, u64::MAX, 1_u128 << 100, 5_usize, -5_isize),
            ["", "short", &long, "after"],
            (Some(-2_i64), [Some(1_i32), None], "x".repeat(250), 9_u64, true, 'c'),
        );
        let mut gathered = Gathered::new();
        values.hash(&mut gathered);
        let half = gathered.finish();
        assert_eq!(half, digest(&values) as u64);
        assert_eq!(gathered.value(), digest(&values));
    }

    #[test]
    fn numbers_gathered_or_not_give_the_same_digest_after_each() {
        let (mut folded, mut digest) = (Folded::default(), Digest::default());
        for number in (0..100).map(|nth: u64| nth.wrapping_mul(0x9e37_79b9_7f4a_7c15)) {
            folded.fold(number);
            digest.fold(number);
            // Looked at after each of a few, then after some more than are gathered.
            if number % 3 == 0 {
                assert_eq!(*folded.digest(), digest);
            }
        }
        for number in 0..100 {
            folded.fold(number);
            digest.fold(number);
        }
        assert_eq!(*folded.digest(), digest);
    }

    #[test]
    fn sizes_are_64_bits_wide() {
        assert_eq!(digest(5_usize), digest(5_u64));
        assert_eq!(digest(-5_isize), digest(-5_i64));
    }
}
