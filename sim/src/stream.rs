//! Random numbers by named stream: one more draw in one place moves nothing in another.

use crate::seed::Seed;
use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use std::fmt;
use std::num::NonZeroU64;
use std::ops::RangeInclusive;
use std::sync::LazyLock;
use std::time::Duration;

/// All streams of one run, by name.
///
/// The key of a stream is blake3's key derivation over the seed (eight little-endian bytes) and the name, so that
/// streams of different names or seeds have nothing to do with each other.
///
/// ```
/// use retrip_sim::{seed::Seed, stream::Streams};
///
/// let streams = Streams::of(Seed::new(4));
/// let mut plan = streams.generator("plan");
/// let mut same = streams.generator("plan");
/// assert_eq!(plan.next_u64(), same.next_u64());
/// assert_ne!(plan.next_u64(), streams.generator("schedule").next_u64());
/// ```
#[derive(Clone, Copy)]
pub struct Streams {
    seed: Seed,
}

impl Streams {
    /// The streams of the run of `seed`.
    #[must_use]
    pub const fn of(seed: Seed) -> Self {
        Self { seed }
    }

    /// The seed that all streams descend from.
    #[must_use]
    pub const fn seed(&self) -> Seed {
        self.seed
    }

    /// The stream called `name`, from its beginning.
    #[must_use]
    pub fn generator(&self, name: &str) -> Generator {
        self.generator_of(&[name])
    }

    /// The stream whose name is these parts put together.
    pub(crate) fn generator_of(&self, name: &[&str]) -> Generator {
        let mut keyed = blake3::Hasher::new_from_context_key(&CONTEXT_KEY);
        keyed.update(&self.seed.value().to_le_bytes());
        for part in name {
            keyed.update(part.as_bytes());
        }
        Generator { words: ChaCha8Rng::from_seed(*keyed.finalize().as_bytes()), draws: 0 }
    }
}

impl fmt::Debug for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "streams of {:?}", self.seed)
    }
}

/// One stream of random numbers. It gives the same values on every platform and with every release of the compiler.
///
/// A copy goes on from the same place.
#[derive(Clone, Debug)]
pub struct Generator {
    words: ChaCha8Rng,
    draws: u64,
}

impl Generator {
    /// The next 64 bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.draws += 1;
        self.words.next_u64()
    }

    /// How many words of 64 bits have been taken, those that were thrown away to stay unbiased included.
    #[must_use]
    pub const fn draws(&self) -> u64 {
        self.draws
    }

    /// A number in `0..bound`, each equally likely.
    ///
    /// The method is Lemire's ("Fast Random Integer Generation in an Interval", 2019): one multiplication as a rule,
    /// a division only where a word may have to be thrown away.
    #[inline]
    pub fn below(&mut self, bound: NonZeroU64) -> u64 {
        let bound = bound.get();
        let mut product = u128::from(self.next_u64()) * u128::from(bound);
        if low_word(product) < bound {
            product = self.unbiased(product, bound);
        }
        high_word(product)
    }

    /// Takes more words while the one in `product` would make some results likelier than others.
    #[cold]
    fn unbiased(&mut self, mut product: u128, bound: u64) -> u128 {
        // So many words would: 2^64 modulo the bound.
        let surplus = bound.wrapping_neg() % bound;
        while low_word(product) < surplus {
            product = u128::from(self.next_u64()) * u128::from(bound);
        }
        product
    }

    /// A number in `range`, each equally likely, both ends included.
    ///
    /// # Panics
    /// The range is empty.
    pub fn within(&mut self, range: RangeInclusive<u64>) -> u64 {
        let (start, end) = range.into_inner();
        assert!(
            start <= end,
            "there is no number in {start}..={end}: the start must not be above the end"
        );
        match (end - start).checked_add(1).and_then(NonZeroU64::new) {
            Some(bound) => start + self.below(bound),
            None => self.next_u64(),
        }
    }

    /// A duration in `range`, each nanosecond equally likely, both ends included.
    ///
    /// # Panics
    /// The range is empty, or wider than `u64::MAX` nanoseconds (584 years).
    pub fn duration_within(&mut self, range: RangeInclusive<Duration>) -> Duration {
        let (start, end) = range.into_inner();
        assert!(
            start <= end,
            "there is no duration in {start:?}..={end:?}: the start must not be above the end"
        );
        let width = u64::try_from((end - start).as_nanos())
            .expect("a range of durations is at most u64::MAX nanoseconds wide");
        start + Duration::from_nanos(self.within(0..=width))
    }

    /// True `n` times out of `of`: never for 0, always from `of` on. Takes a word in every case, so that another
    /// chance does not move what follows.
    ///
    /// # Panics
    /// `of` is 0.
    pub fn chance(&mut self, n: u32, of: u32) -> bool {
        let of = NonZeroU64::new(u64::from(of)).expect("a chance is out of at least one");
        self.below(of) < u64::from(n)
    }

    /// An index into something of this length, each equally likely.
    ///
    /// # Panics
    /// `len` is 0.
    #[inline]
    pub fn index(&mut self, len: usize) -> usize {
        // Neither conversion loses anything: no length is above 2^64, and the index is below it.
        let bound = NonZeroU64::new(len as u64).expect("there is no index into something empty");
        self.below(bound) as usize
    }

    /// One of `items`, each equally likely.
    ///
    /// # Panics
    /// There are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// Puts `items` into a random order, each equally likely: the shuffle of Fisher and Yates, in Durstenfeld's form.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }

    /// An index into `weights`, each as likely as its weight; one of weight 0 is never taken.
    ///
    /// # Panics
    /// No weight is above 0.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total = NonZeroU64::new(weights.iter().copied().map(u64::from).sum())
            .expect("at least one weight is above zero");
        let mut left = self.below(total);
        for (index, &weight) in weights.iter().enumerate() {
            match left.checked_sub(u64::from(weight)) {
                Some(rest) => left = rest,
                None => return index,
            }
        }
        unreachable!("the draw is below the sum of all weights")
    }
}

/// Separates these keys from every other use of blake3. Changing it changes every run of every seed.
const CONTEXT: &str = "retrip 2026 named streams of a run v1";

/// Of [`CONTEXT`], which is always the same: every run begins with a few streams.
static CONTEXT_KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(CONTEXT));

/// The lower 64 bits.
const fn low_word(product: u128) -> u64 {
    product as u64
}

/// The upper 64 bits.
const fn high_word(product: u128) -> u64 {
    (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn generator(seed: u64, name: &str) -> Generator {
        Streams::of(Seed::new(seed)).generator(name)
    }

    fn bound(value: u64) -> NonZeroU64 {
        NonZeroU64::new(value).unwrap()
    }

    /// These values are promised: a change here changes every run of every seed that anyone has kept.
    #[test]
    fn the_words_of_known_streams_never_change() {
        for (seed, name, words) in [
            (
                0,
                "plan",
                [
                    10_080_310_209_952_629_427_u64,
                    6_480_633_839_379_496_393,
                    2_464_127_560_987_344_274,
                ],
            ),
            (
                4,
                "schedule",
                [8_309_922_150_548_330_569, 714_936_587_812_130_008, 16_351_394_779_772_631_977],
            ),
            (
                u64::MAX,
                "node=2/net.latency",
                [5_631_125_612_453_954_316, 221_444_008_164_013_292, 2_808_481_643_062_112_448],
            ),
        ] {
            let mut stream = generator(seed, name);
            assert_eq!([0; 3].map(|_: u8| stream.next_u64()), words, "seed {seed:#x}, {name}");
        }
    }

    #[test]
    fn derived_draws_of_a_known_stream_never_change() {
        let mut stream = generator(4, "plan");
        let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
        stream.shuffle(&mut order);
        let drawn = (
            stream.below(bound(1_000_000)),
            stream.within(10..=20),
            stream.duration_within(Duration::ZERO..=Duration::from_secs(60)),
            stream.weighted(&[1, 0, 100]),
            stream.index(1000),
            order,
            stream.draws(),
        );
        assert_eq!(
            drawn,
            (
                917_799,
                12,
                Duration::from_nanos(20_070_258_797),
                2,
                774,
                [0, 3, 7, 2, 1, 4, 6, 5],
                12
            )
        );
    }

    #[test]
    fn draws_from_one_stream_do_not_move_another() {
        let streams = Streams::of(Seed::new(9));
        let mut alone = streams.generator("a");
        let expected = [alone.next_u64(), alone.next_u64()];

        let mut interleaved = streams.generator("a");
        let mut other = streams.generator("b");
        let first = interleaved.next_u64();
        for _ in 0..1000 {
            other.next_u64();
        }
        assert_eq!([first, interleaved.next_u64()], expected);
    }

    #[test]
    fn the_seed_and_the_name_both_name_the_stream() {
        let first = |seed, name| generator(seed, name).next_u64();
        assert_ne!(first(1, "a"), first(2, "a"));
        assert_ne!(first(1, "a"), first(1, "b"));
        assert_ne!(first(1, ""), first(1, "a"));
    }

    #[test]
    fn below_gives_every_number_equally_often() {
        let mut stream = generator(1, "even");
        // Three quarters of all words: the plain high word of the product would give 0 to 2^62 twice as often.
        let three_quarters = bound(3 << 62);
        let low = (0..30_000).filter(|_| stream.below(three_quarters) < 1 << 62).count();
        assert!((9_700..10_300).contains(&low), "{low} of 30000 in the lowest third");
        assert!(stream.draws() > 35_000, "a quarter of the words is thrown away");
    }

    #[test]
    fn a_chance_takes_one_word_and_keeps_its_promise_at_both_ends() {
        let mut stream = generator(1, "chance");
        assert!((0..100).all(|_| !stream.chance(0, 3) && stream.chance(3, 3)));
        assert_eq!(stream.draws(), 200);
        let hits = (0..10_000).filter(|_| stream.chance(1, 4)).count();
        assert!((2_300..2_700).contains(&hits), "{hits} of 10000");
    }

    #[test]
    fn a_weight_of_zero_is_never_taken() {
        let mut stream = generator(1, "weights");
        let mut counts = [0; 4];
        for _ in 0..10_000 {
            counts[stream.weighted(&[0, 1, 9, 0])] += 1;
        }
        assert_eq!((counts[0], counts[3]), (0, 0));
        assert!((800..1_200).contains(&counts[1]), "{counts:?}");
    }

    #[test]
    #[should_panic(expected = "there is no index into something empty")]
    fn nothing_can_be_picked_from_nothing() {
        generator(1, "empty").pick::<u8>(&[]);
    }

    proptest! {
        #[test]
        fn every_draw_is_inside_its_bounds(seed: u64, a: u64, b: u64) {
            let (low, high) = (a.min(b), a.max(b));
            let mut stream = generator(seed, "bounds");
            prop_assert!((low..=high).contains(&stream.within(low..=high)));
            prop_assert!(stream.below(bound(high.max(1))) < high.max(1));
            let range = Duration::from_nanos(low)..=Duration::from_nanos(high);
            prop_assert!(range.contains(&stream.duration_within(range.clone())));
            prop_assert_eq!(stream.within(low..=low), low);
            stream.within(0..=u64::MAX);
        }

        #[test]
        fn a_shuffle_keeps_every_item(seed: u64, len in 0_usize..50) {
            let mut items: Vec<usize> = (0..len).collect();
            generator(seed, "shuffle").shuffle(&mut items);
            items.sort_unstable();
            prop_assert_eq!(items, (0..len).collect::<Vec<_>>());
        }
    }
}
