//! When a log file is put aside for a new one, and what becomes of the old ones.

use crate::door::Timestamp;
use std::ffi::{OsStr, OsString};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The digits of an archive's number, so that names sort as numbers do; more than a million files have more.
const DIGITS: usize = 6;

/// When a file is put aside and a new one begun, always between two lines, and how many old ones are kept.
///
/// The file that is written to keeps its name; `app.jsonl` becomes `app.jsonl.000001`, then `app.jsonl.000002`, and so on: a higher number is
/// a later file.
///
/// ```
/// use retrip_core::logger::Rotation;
/// use std::num::NonZeroU64;
/// use std::time::Duration;
///
/// let sixteen_mib = NonZeroU64::new(16 << 20).expect("it is not zero");
/// let rotation = Rotation::at_size(sixteen_mib).or_every(Duration::from_secs(24 * 60 * 60)).keeping(14);
/// # let _ = rotation;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    size: Option<NonZeroU64>,
    every: Option<Duration>,
    keep: usize,
}

impl Rotation {
    /// Before a line that would make the file longer than so many bytes. A line that is longer by itself has a file of its own. Seven old
    /// files are kept.
    #[must_use]
    pub const fn at_size(bytes: NonZeroU64) -> Self {
        Self { size: Some(bytes), every: None, keep: 7 }
    }

    /// Before the first line of each period of the wall clock; periods are counted from 1970-01-01T00:00:00Z, so that 24 hours are the days
    /// of UTC. A period of zero is none. Seven old files are kept.
    #[must_use]
    pub const fn every(period: Duration) -> Self {
        Self { size: None, every: Some(period), keep: 7 }
    }

    /// As well as by its size, with each period.
    #[must_use]
    pub const fn or_every(self, period: Duration) -> Self {
        Self { every: Some(period), ..self }
    }

    /// So many old files are kept; the oldest are removed.
    #[must_use]
    pub const fn keeping(self, files: usize) -> Self {
        Self { keep: files, ..self }
    }

    /// Whether a file of `length` bytes that was begun at `begun` is put aside before a line of `line` bytes at `at`.
    pub(super) fn is_due(
        self,
        (length, begun): (u64, Timestamp),
        line: u64,
        at: Timestamp,
    ) -> bool {
        let is_full = self.size.is_some_and(|most| length.saturating_add(line) > most.get());
        // A wall clock that steps back begins no period.
        let is_over = self.period(at) > self.period(begun);
        length > 0 && (is_full || is_over)
    }

    /// Which of the old files are removed.
    pub(super) fn surplus(self, archives: &[Archive]) -> &[Archive] {
        &archives[..archives.len().saturating_sub(self.keep)]
    }

    /// Whether a file is put aside because of the time.
    pub(super) fn has_periods(self) -> bool {
        self.every.is_some()
    }

    /// The number of the period in which `at` is.
    fn period(self, at: Timestamp) -> i128 {
        let nanos = self.every.map_or(0, |period| period.as_nanos());
        match i128::try_from(nanos) {
            Ok(nanos @ 1..) => at.as_unix_nanos().div_euclid(nanos),
            _ => 0,
        }
    }
}

/// A file that was put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Archive {
    pub(super) number: u64,
    pub(super) path: PathBuf,
}

impl Archive {
    /// The archives of `path` among `listed`, the oldest first.
    pub(super) fn of(path: &Path, listed: Vec<PathBuf>) -> Vec<Self> {
        let archive = |listed: PathBuf| {
            let number = Self::number(path, &listed)?;
            Some(Self { number, path: listed })
        };
        let mut archives: Vec<_> = listed.into_iter().filter_map(archive).collect();
        archives.sort_by_key(|archive| archive.number);
        archives
    }

    /// The one after all of `archives`, at `path` with its number behind; none where there is no higher number.
    pub(super) fn next(path: &Path, archives: &[Self]) -> Option<Self> {
        let number = archives.last().map_or(0, |last| last.number).checked_add(1)?;
        Some(Self { number, path: beside(path, &format!(".{number:0DIGITS$}")) })
    }

    fn number<'p>(path: &'p Path, listed: &'p Path) -> Option<u64> {
        // A name may be of any bytes.
        let bytes = |path: &'p Path| path.file_name().map(OsStr::as_encoded_bytes);
        let digits = bytes(listed)?.strip_prefix(bytes(path)?)?.strip_prefix(b".")?;
        let is_number = digits.len() >= DIGITS && digits.iter().all(u8::is_ascii_digit);
        let digits = std::str::from_utf8(digits).ok().filter(|_| is_number)?;
        digits.parse().ok()
    }
}

/// `path` with `suffix` behind its name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn bytes(bytes: u64) -> NonZeroU64 {
        NonZeroU64::new(bytes).expect("it is not zero")
    }

    fn at(nanos: i128) -> Timestamp {
        Timestamp::from_unix_nanos(nanos)
    }

    #[test]
    fn a_file_is_put_aside_before_the_line_that_would_make_it_too_long() {
        let rotation = Rotation::at_size(bytes(100));
        for (length, line, due) in
            [(60, 40, false), (60, 41, true), (100, 1, true), (0, 101, false), (u64::MAX, 1, true)]
        {
            assert_eq!(rotation.is_due((length, at(0)), line, at(0)), due, "{length} and {line}");
        }
    }

    #[test]
    fn a_file_is_put_aside_when_its_period_is_over_and_not_when_the_clock_steps_back() {
        let rotation = Rotation::every(HOUR);
        let hour = 3_600_000_000_000;
        for (begun, now, due) in [
            (0, hour - 1, false),
            (hour - 1, hour, true),
            (hour, hour - 1, false),
            (-1, 0, true),
            (-hour, -1, false),
        ] {
            assert_eq!(rotation.is_due((1, at(begun)), 1, at(now)), due, "{begun} to {now}");
        }
        assert!(
            !rotation.is_due((0, at(0)), 1, at(hour)),
            "nothing is in it that could be put aside"
        );
        assert!(!Rotation::every(Duration::ZERO).is_due((1, at(0)), 1, at(hour)));
        let both = Rotation::at_size(bytes(100)).or_every(HOUR);
        assert!(both.is_due((1, at(0)), 1, at(hour)) && both.is_due((100, at(0)), 1, at(0)));
    }

    #[test]
    fn archives_are_found_by_their_numbers_and_the_oldest_are_too_many() {
        let path = Path::new("logs/app.jsonl");
        let names = [
            "app.jsonl",
            "app.jsonl.000010",
            "app.jsonl.000009",
            "app.jsonl.1",
            "app.jsonl.new",
            "app.jsonl.00000x",
            "other.jsonl.000011",
            "app.jsonl.1000000",
        ];
        let listed = names.iter().map(|name| Path::new("logs").join(name)).collect();
        let archives = Archive::of(path, listed);
        let numbers: Vec<_> = archives.iter().map(|archive| archive.number).collect();
        assert_eq!(numbers, [9, 10, 1_000_000]);
        let next = |archives: &[Archive]| Archive::next(path, archives).map(|next| next.path);
        assert_eq!(next(&archives), Some("logs/app.jsonl.1000001".into()));
        assert_eq!(next(&[]), Some("logs/app.jsonl.000001".into()));
        let last = Archive { number: u64::MAX, path: "logs/app.jsonl.18446744073709551615".into() };
        assert_eq!(next(&[last]), None, "no number is left");
        let rotation = Rotation::at_size(bytes(1));
        assert_eq!(rotation.keeping(2).surplus(&archives), &archives[..1]);
        assert_eq!(rotation.keeping(3).surplus(&archives), &[]);
        assert_eq!(rotation.keeping(0).surplus(&archives), &archives[..]);
    }
}
