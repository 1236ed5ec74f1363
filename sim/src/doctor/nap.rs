//! An hour of virtual time, and what every clock in reach says of it.

use super::ground::{self, Ground, Program};
use crate::engine::{Disturbances, EngineName, Failure, Unavailable};
use crate::seed::Seed;
use crate::span::Seconds;
use parking_lot::Mutex;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long the nap is.
pub(super) const HOUR: Duration = Duration::from_secs(3600);
/// No simulator is later than this: their times are virtual, so that this is no bound on the machine.
const RESOLUTION: Duration = Duration::from_secs(1);

/// By how much each clock went on while a unit slept for an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nap {
    /// The platform's monotonic clock.
    pub platform: Duration,
    /// `std::time::Instant`.
    pub instant: Duration,
    /// `std::time::SystemTime`; zero where it went back.
    pub system: Duration,
}

impl Nap {
    /// Takes a nap on `engine`.
    pub(super) fn on(engine: EngineName, seed: Seed) -> Result<Result<Self, Failure>, Unavailable> {
        let woken = Arc::new(Mutex::new(Self::default()));
        let ran = ground::run(engine, seed, Sleeper(Arc::clone(&woken)))?;
        let nap = *woken.lock();
        Ok(ran.failure.map_or(Ok(nap), Err))
    }

    /// Whether each clock says what it should: an hour where `engine` moves it, and less where it is the machine's. So long nobody
    /// waits for this examination.
    pub(super) fn is_as_it_should_be(&self, engine: EngineName) -> bool {
        let is_an_hour = |went: Duration| went >= HOUR && went < HOUR + RESOLUTION;
        let of_std = [self.instant, self.system];
        is_an_hour(self.platform)
            && if engine.simulates_std() {
                of_std.into_iter().all(is_an_hour)
            } else {
                of_std.iter().all(|&went| went < HOUR)
            }
    }
}

impl fmt::Display for Nap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [platform, instant, system] = [self.platform, self.instant, self.system].map(Seconds);
        write!(f, "the platform's {platform}, std::time::Instant {instant}, SystemTime {system}")
    }
}

struct Sleeper(Arc<Mutex<Nap>>);

impl Program for Sleeper {
    const DISTURBANCES: Disturbances = Disturbances::Never;

    #[expect(clippy::disallowed_methods, reason = "whose clocks these are is what is examined")]
    async fn run<G: Ground>(self, hosts: Vec<G>) {
        use std::time::{Instant, SystemTime};
        let (at, instant, system) = (hosts[0].now(), Instant::now(), SystemTime::now());
        hosts[0].sleep(HOUR).await;
        *self.0.lock() = Nap {
            platform: hosts[0].now().saturating_duration_since(at),
            instant: instant.elapsed(),
            system: system.elapsed().unwrap_or_default(),
        };
    }
}
