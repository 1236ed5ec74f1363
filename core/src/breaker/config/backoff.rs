//! How the open interval grows.

use std::time::Duration;

/// How long a breaker stays open that opens again and again, without closing in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backoff {
    /// Each time as long as the first.
    Constant,
    /// Each time longer than the time before, up to a maximum. Once the breaker has closed, it begins anew.
    ///
    /// This is the truncated exponential backoff of Ethernet (Metcalfe and Boggs, 1976).
    Exponential {
        /// How many times as long as the time before; at least 2.
        multiplier: u32,
        /// The longest; at least the first.
        max: Duration,
    },
}

impl Backoff {
    /// The interval of opening `opening` in a row, from 1, where the first one is `first`.
    pub(crate) fn interval(self, first: Duration, opening: u32) -> Duration {
        let Self::Exponential { multiplier, max } = self else { return first };
        let mut interval = first;
        for _ in 1..opening {
            if interval >= max {
                break;
            }
            interval = interval.saturating_mul(multiplier);
        }
        interval.min(max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn an_exponential_interval_grows_up_to_its_maximum() {
        let backoff = Backoff::Exponential { multiplier: 3, max: secs(20) };
        let intervals = [1, 2, 3, 4, u32::MAX].map(|opening| backoff.interval(secs(1), opening));
        assert_eq!(intervals, [1, 3, 9, 20, 20].map(secs));
    }

    #[test]
    fn no_interval_overflows() {
        let backoff = Backoff::Exponential { multiplier: u32::MAX, max: Duration::MAX };
        assert_eq!(backoff.interval(Duration::MAX, 3), Duration::MAX);
        assert_eq!(backoff.interval(secs(1), u32::MAX), Duration::MAX);
    }

    #[test]
    fn a_constant_interval_stays() {
        assert_eq!(Backoff::Constant.interval(secs(7), 99), secs(7));
    }
}
