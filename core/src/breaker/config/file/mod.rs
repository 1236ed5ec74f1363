//! A configuration in a file: TOML, JSON, or whatever else serde reads.

mod field;
mod scalar;
mod table;

use super::BreakerConfig;
use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_core::ser::{Serialize, Serializer};
use std::fmt;
use table::{read_table, write_table};

/// Reads a configuration, with the feature `serde`. Every field may be left out and has its default then.
///
/// Durations are written as [humantime](https://docs.rs/humantime) has them, shares as percentages, and what is off as
/// `"none"` or, where there is one, null.
///
/// ```
/// use retrip_core::breaker::{Backoff, BreakerConfig, CancelPolicy, Share, Span, Window};
/// use std::time::Duration;
///
/// let config: BreakerConfig = toml::from_str(
///     r#"
///     failure_threshold = "none"
///     open_for = "1m 30s"
///     backoff = { multiplier = 2, max = "1h" }
///     jitter = "12.5%"
///     cancelled = "failure"
///
///     [window]
///     span = { bucket = "1s", buckets = 10 } # or { calls = 100 }
///     minimum_calls = 20
///     failure_rate = "50%"
///     slow_calls = { slower_than = "250ms", rate = "80%" }
///     "#,
/// )?;
/// assert_eq!(config.open_for, Duration::from_secs(90));
/// assert_eq!(config.success_threshold, BreakerConfig::default().success_threshold);
/// # assert_eq!(config.failure_threshold, None);
/// # assert_eq!(config.jitter, Share::per_million(125_000));
/// # assert_eq!(config.cancelled, CancelPolicy::Failure);
/// # assert_eq!(toml::from_str::<BreakerConfig>(&toml::to_string(&config)?)?, config);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A field that there is not, a value that a field cannot have, and what [`BreakerConfig::validate`] refuses. Each is named by
/// its path within the configuration, with what would be right.
///
/// ```
/// use retrip_core::breaker::BreakerConfig;
///
/// let error = serde_json::from_str::<BreakerConfig>(r#"{"open_for": 30}"#).expect_err("no unit");
/// assert_eq!(
///     error.to_string(),
///     "invalid value: integer `30`, expected `open_for` to be a duration such as \"1m 30s\" or \"250ms\" at line 1 column 15"
/// );
/// ```
impl<'de> Deserialize<'de> for BreakerConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("BreakerConfig", NAMES, Config)
    }
}

struct Config;

/// Reads and writes the fields given. Made and taken apart without `..`: a new field cannot be forgotten.
macro_rules! fields {
    ($($field:ident),*) => {
        const NAMES: &[&str] = &[$(stringify!($field)),*];

        impl<'de> Visitor<'de> for Config {
            type Value = BreakerConfig;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the configuration of a breaker")
            }

            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<BreakerConfig, A::Error> {
                let ($($field),*) = read_table!(table, "", { $($field),* });
                let usual = BreakerConfig::default();
                let config = BreakerConfig { $($field: $field.unwrap_or(usual.$field)),* };
                config.validate().map_err(Error::custom)?;
                Ok(config)
            }
        }

        /// Writes the whole configuration, with the feature `serde`: also what has its default.
        impl Serialize for BreakerConfig {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Self { $($field),* } = self;
                write_table!(serializer, "BreakerConfig", { $($field: $field),* })
            }
        }
    };
}

fields!(
    failure_threshold,
    window,
    open_for,
    backoff,
    jitter,
    retry_after_max,
    success_threshold,
    tolerated_failures,
    half_open_permits,
    half_open_for,
    trial_lease,
    cancelled,
    panicked,
    timing,
    counting,
    nested
);
