//! How much is run, in what form it is shown: the values of flags and variables.

use super::table::counted;
use crate::engine::{EngineNameError, StrategyError};
use crate::seed::{COMMIT_DIGITS, Seed, SeedError, SeedRange};
use crate::span::Span;
use std::fmt;
use std::num::{NonZeroU64, NonZeroUsize};
use std::str::FromStr;
use std::time::Duration;

/// The seeds of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seeds {
    /// These.
    Range(SeedRange),
    /// From 0 on, for so much real time over all scenarios.
    For(Duration),
}

/// Seeds that run side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Jobs(pub(super) NonZeroUsize);

/// The `index`-th of `of` parts of the seeds, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    index: u64,
    of: u64,
}

/// How many seeds of each scenario are compared with themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sample(pub(super) u64);

impl Sample {
    /// How many of `seeds` are in it.
    pub(super) fn size(self, seeds: SeedRange) -> u128 {
        u128::from(self.0).min(seeds.len())
    }

    /// So many of `seeds`, all where there are no more: each from the middle of its part, so that others ran before it.
    pub(super) fn of(self, seeds: SeedRange) -> impl Iterator<Item = Seed> {
        let (first, all) = (seeds.first().value(), seeds.len());
        let count = self.size(seeds);
        (0..count).map(move |nth| {
            let step = nth * all / count + all / (2 * count);
            Seed::new(first + u64::try_from(step).expect("a place in a range is below 2^64"))
        })
    }
}

/// How often something may happen in one run of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Most(pub(super) u32);

/// How many runs a search may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Runs(pub(super) NonZeroU64);

/// The text form of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    /// One event per line.
    #[default]
    Full,
    /// Totals and changes of state.
    Decision,
    /// One JSON object per event.
    Json,
    /// Not what happened but what was decided before: the plan, one statement per line.
    Plan,
}

/// Why a value is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExtentError {
    #[error(transparent)]
    Seed(#[from] SeedError),
    #[error(transparent)]
    Strategy(#[from] StrategyError),
    #[error(transparent)]
    Engine(#[from] EngineNameError),
    #[error(
        "`{input}` names no seeds: write a range without its end (0..100) or with it (0..=99), a count (100) or a time \
         (30s); a hexadecimal number begins with 0x"
    )]
    Seeds { input: String },
    #[error(
        "`{input}` is one seed, and would be a count here: write --seed {input}, or the count in decimal"
    )]
    OneSeed { input: String },
    #[error(
        "`{input}` is a list: write one range (0..100 or 0..=99), and run what is apart by itself"
    )]
    List { input: String },
    #[error("`{input}` is no time to run in: write more than nothing, such as 30s")]
    NoTime { input: String },
    #[error("`{input}` is no number of jobs: write a whole number from 1, such as 2")]
    Jobs { input: String },
    #[error("`{input}` is no shard: write I/N with I from 1 to N, such as 1/4")]
    Shard { input: String },
    #[error("shard {shard} of the seeds {seeds} is empty: use at most {}", shards(seeds.len()))]
    EmptyShard { shard: Shard, seeds: SeedRange },
    #[error("a time has no shards: give a range of seeds, such as --seeds 0..10000")]
    ShardOfTime,
    #[error("`{input}` is no number of seeds to check: write a whole number, 0 for none")]
    Sample { input: String },
    #[error("`{input}` is no bound: write a whole number, such as 2")]
    Most { input: String },
    #[error("`{input}` is no number of runs: write a whole number from 1, such as 100000")]
    Runs { input: String },
    #[error("`{input}` is no form of a log: write full, decision, json or plan")]
    Form { input: String },
}

fn shards(most: u128) -> String {
    counted(u64::try_from(most).unwrap_or(u64::MAX), "shard")
}

impl FromStr for Seeds {
    type Err = ExtentError;

    fn from_str(text: &str) -> Result<Self, ExtentError> {
        let input = || text.to_owned();
        // What a report prints for one seed, or a commit, is hardly meant as a count.
        if (text.starts_with("0x") || text.len() == COMMIT_DIGITS) && text.parse::<Seed>().is_ok() {
            return Err(ExtentError::OneSeed { input: input() });
        }
        if text.contains(',') {
            return Err(ExtentError::List { input: input() });
        }
        match (text.parse::<SeedRange>(), text.parse::<Span>()) {
            (Ok(range), _) => Ok(Self::Range(range)),
            (Err(_), Ok(Span(Duration::ZERO))) => Err(ExtentError::NoTime { input: input() }),
            (Err(_), Ok(Span(time))) => Ok(Self::For(time)),
            (Err(SeedError::NotANumber { .. }), Err(_)) => {
                Err(ExtentError::Seeds { input: input() })
            }
            (Err(error), Err(_)) => Err(error.into()),
        }
    }
}

impl FromStr for Jobs {
    type Err = ExtentError;

    fn from_str(text: &str) -> Result<Self, ExtentError> {
        text.parse().map(Self).map_err(|_| ExtentError::Jobs { input: text.to_owned() })
    }
}

impl FromStr for Shard {
    type Err = ExtentError;

    fn from_str(text: &str) -> Result<Self, ExtentError> {
        let parts = text.split_once('/');
        let numbers = parts.and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((index, of)) if 1 <= index && index <= of => Ok(Self { index, of }),
            _ => Err(ExtentError::Shard { input: text.to_owned() }),
        }
    }
}

impl FromStr for Sample {
    type Err = ExtentError;

    fn from_str(text: &str) -> Result<Self, ExtentError> {
        text.parse().map(Self).map_err(|_| ExtentError::Sample { input: text.to_owned() })
    }
}

impl FromStr for Most {
    type Err = ExtentError;

    fn from_str(text: &str) -> Result<Self, ExtentError> {
        text.parse().map(Self).map_err(|_| ExtentError::Most { input: text.to_owned() })
    }
}

impl FromStr for Runs {
    type Err = ExtentError;

    fn from_str(text: &str) -> Result<Self, ExtentError> {
        text.parse().map(Self).map_err(|_| ExtentError::Runs { input: text.to_owned() })
    }
}

impl FromStr for Form {
    type Err = ExtentError;

    fn from_str(text: &str) -> Result<Self, ExtentError> {
        match text {
            "full" => Ok(Self::Full),
            "decision" => Ok(Self::Decision),
            "json" => Ok(Self::Json),
            "plan" => Ok(Self::Plan),
            _ => Err(ExtentError::Form { input: text.to_owned() }),
        }
    }
}

impl Shard {
    /// This part of `seeds`. The parts of a range are its neighbours in order, as equal as they can be.
    pub(super) fn of(self, seeds: SeedRange) -> Result<SeedRange, ExtentError> {
        let bound = |index: u64| seeds.len() * u128::from(index) / u128::from(self.of);
        let (start, end) = (bound(self.index - 1), bound(self.index));
        if start == end {
            return Err(ExtentError::EmptyShard { shard: self, seeds });
        }
        let nth = |place: u128| {
            let place = u64::try_from(place).expect("a place in a range of seeds is below 2^64");
            seeds.first().value() + place
        };
        Ok(SeedRange::through(nth(start), nth(end - 1))?)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range(range) => write!(f, "seeds {range}"),
            Self::For(time) => write!(f, "seeds from 0 on for {}", Span(*time)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> SeedRange {
        text.parse().expect("a range")
    }

    #[test]
    fn seeds_are_a_range_a_count_or_a_time() {
        assert_eq!("4..9".parse(), Ok(Seeds::Range(range("4..9"))));
        assert_eq!("9".parse(), Ok(Seeds::Range(range("0..9"))));
        assert_eq!("30s".parse(), Ok(Seeds::For(Duration::from_secs(30))));
        assert_eq!("0x4..0x9".parse(), Ok(Seeds::Range(range("4..9"))));
        assert_eq!("0x4..=8".parse(), Ok(Seeds::Range(range("4..9"))));
        for wrong in ["", "many", "5..", "0s", "7..7", "-1"] {
            assert!(wrong.parse::<Seeds>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_sample_is_spread_over_all_seeds_each_from_the_middle_of_its_part() {
        let of =
            |sample, seeds| Sample(sample).of(range(seeds)).map(Seed::value).collect::<Vec<_>>();
        assert!(of(0, "4..9").is_empty());
        assert_eq!(of(1, "4..5"), [4]);
        assert_eq!(of(1, "0..1000"), [500]);
        assert_eq!(of(4, "100..200"), [112, 137, 162, 187]);
        assert_eq!(of(9, "4..9"), [4, 5, 6, 7, 8]);
        let all = format!("0..={}", u64::MAX);
        assert_eq!(of(2, &all), [1 << 62, (1 << 63) + (1 << 62)]);
        assert_eq!(Sample(u64::MAX).of(range(&all)).next(), Some(Seed::new(0)));
    }

    #[test]
    fn one_seed_or_a_list_is_no_count_of_seeds() {
        for seed in ["0x4", "0xff", &"1".repeat(40), &"a1".repeat(20)] {
            let error = seed.parse::<Seeds>().expect_err("it is one seed");
            assert_eq!(error, ExtentError::OneSeed { input: seed.to_owned() });
            assert!(error.to_string().contains(&format!("write --seed {seed},")), "{error}");
        }
        for list in ["7..9,10", "7,8", "0x7, 0x9..=0xb"] {
            let error = list.parse::<Seeds>().expect_err("it is a list");
            assert_eq!(error, ExtentError::List { input: list.to_owned() });
        }
    }

    #[test]
    fn shards_cover_a_range_without_overlap() {
        let all = "0..=18446744073709551615";
        for (seeds, of) in [("0..10", 3), ("5..100", 7), ("0..4", 4), (all, 5)] {
            let seeds = range(seeds);
            let mut next = Some(seeds.first().value());
            for index in 1..=of {
                let part = Shard { index, of }.of(seeds).expect("there are enough seeds");
                assert_eq!(Some(part.first().value()), next);
                next = part.last().value().checked_add(1);
            }
            assert_eq!(next, seeds.last().value().checked_add(1));
        }
        assert!(Shard { index: 1, of: 5 }.of(range("0..4")).is_err());
        for wrong in ["0/4", "5/4", "1", "1/0", "a/b"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
