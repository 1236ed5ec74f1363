//! The examinations of one engine, and how each of them ends.

use super::ailment::Ailment;
use super::leak::Leak;
use super::nap::Nap;
use super::specimen::Specimen;
use crate::determinism::{self, Finding, Suspect, Testimony};
use crate::engine::{EngineName, Failure, Unavailable};
use crate::seed::Seed;
use std::fmt;

/// Two seeds, so that one can be compared with the other.
const SEEDS: [Seed; 2] = [Seed::new(0), Seed::new(1)];

/// What is examined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Examination {
    /// Whether this build has the engine.
    Available,
    /// Whether an hour of virtual time passes on the clocks that the engine moves, and on no others.
    VirtualSleep,
    /// Whether a run leaves the same behind each time, and another seed something else.
    SameAgain {
        /// What its program sees although it must not.
        planted: Option<Leak>,
    },
    /// Whether this is caught and named, or comes from the seed where the engine simulates it.
    Leak(Leak),
}

impl fmt::Display for Examination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Available => "available",
            Self::VirtualSleep => "virtual sleep",
            Self::SameAgain { .. } => "same again",
            Self::Leak(leak) => leak.as_str(),
        })
    }
}

/// One examination of one engine, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// The engine.
    pub engine: EngineName,
    /// What was examined.
    pub examination: Examination,
    /// How it ended.
    pub verdict: Verdict,
}

/// How an examination ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All is as it should be.
    Ok(Fact),
    /// This build has no such engine.
    Off(Unavailable),
    /// Something is not as it should be.
    Failed(Box<Ailment>),
}

/// What was found where all is as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// This build has the engine.
    Available,
    /// An hour passed on the platform's clock, and std's clocks were the machine's.
    HourOfPlatform,
    /// An hour passed on the platform's clock and on std's.
    HourOfAll,
    /// Every run was the same.
    Same {
        /// Events of each.
        events: usize,
    },
    /// The leak was caught, and called this.
    Caught(Suspect),
    /// The engine simulates it: the same each time, and something else for another seed.
    Simulated,
    /// It was not looked at: without `--cfg tokio_unstable` nobody can give tokio's `select!` a seed, and on this engine it is not caught
    /// either where nothing else differs.
    NotExamined,
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Available => f.write_str("this build has it"),
            Self::HourOfPlatform => {
                f.write_str("an hour by the platform's clock, and not by std's")
            }
            Self::HourOfAll => f.write_str("an hour by the platform's clock and by std's"),
            Self::Same { events } => {
                write!(
                    f,
                    "twice here and in a fresh process, {events} events; another seed differs"
                )
            }
            Self::Caught(suspect) => write!(f, "caught: {}", suspect.name()),
            Self::Simulated => f.write_str("virtual here: it comes from the seed"),
            Self::NotExamined => f.write_str(
                "not examined: a select of tokio's has no seed without --cfg tokio_unstable",
            ),
        }
    }
}

/// Whether an hour passes where it should.
pub(super) fn virtual_sleep(engine: EngineName) -> Verdict {
    match Nap::on(engine, SEEDS[0]).expect(AVAILABLE) {
        Err(failure) => Ailment::Fails(failure).into(),
        Ok(nap) if nap.is_as_it_should_be(engine) => Verdict::Ok(match engine.simulates_std() {
            true => Fact::HourOfAll,
            false => Fact::HourOfPlatform,
        }),
        Ok(nap) => Ailment::Clocks(nap).into(),
    }
}

/// Examinations come after the first one.
const AVAILABLE: &str = "the engine was found to be available";

/// Whether each of two seeds is the same again, and not the other.
pub(super) fn same_again<E>(
    engine: EngineName,
    planted: Option<Leak>,
    elsewhere: &mut impl FnMut(&Specimen) -> Result<Testimony, E>,
) -> Result<Verdict, E> {
    let mut runs = Vec::new();
    for seed in SEEDS {
        let specimen = Specimen { engine, seed, planted };
        let here = || {
            let (ran, _) = specimen.run().expect(AVAILABLE);
            runs.push((ran.testimony.clone(), ran.failure));
            Ok(ran.testimony)
        };
        if let Finding::Differs(how) = determinism::compare(here, || elsewhere(&specimen))? {
            return Ok(Ailment::Differs { seed, how }.into());
        }
    }
    let failure = runs.iter_mut().find_map(|(_, failure)| failure.take());
    Ok(apart(failure, &runs[0].0, &runs[2].0))
}

/// Whether the runs of two seeds ended well, and are two.
pub(super) fn apart(failure: Option<Failure>, one: &Testimony, other: &Testimony) -> Verdict {
    if let Some(failure) = failure {
        return Ailment::Fails(failure).into();
    }
    if one.log() == other.log() {
        return Ailment::SeedsAgree { seeds: SEEDS }.into();
    }
    Verdict::Ok(Fact::Same { events: one.events() })
}

/// Whether `leak` is caught and named, or simulated.
pub(super) fn leak<E>(
    engine: EngineName,
    leak: Leak,
    elsewhere: &mut impl FnMut(&Specimen) -> Result<Testimony, E>,
) -> Result<Verdict, E> {
    if leak == Leak::UnseededSelect && engine.simulates_std() && !cfg!(tokio_unstable) {
        return Ok(Verdict::Ok(Fact::NotExamined));
    }
    let [specimen, other] = SEEDS.map(|seed| Specimen { engine, seed, planted: Some(leak) });
    let mut readings = Vec::new();
    let here = || {
        let (ran, read) = specimen.run().expect(AVAILABLE);
        readings.push(read);
        Ok(ran.testimony)
    };
    let finding = determinism::compare(here, || elsewhere(&specimen))?;
    if !leak.is_simulated_on(engine) {
        return Ok(caught(leak, finding));
    }
    let (_, read) = other.run().expect(AVAILABLE);
    readings.push(read);
    Ok(simulated(&readings, finding))
}

/// What the comparison has to say about a leak.
pub(super) fn caught(leak: Leak, finding: Finding) -> Verdict {
    match finding {
        Finding::Same => Ailment::Missed(leak).into(),
        Finding::Differs(how) if how.suspect == leak.suspect() => {
            Verdict::Ok(Fact::Caught(how.suspect))
        }
        Finding::Differs(how) => Ailment::Misnamed { leak, how }.into(),
    }
}

/// What the comparison has to say about what comes from the seed, of which two runs of one seed and one of another have read this.
pub(super) fn simulated(readings: &[Vec<u64>], finding: Finding) -> Verdict {
    match (finding, readings) {
        (Finding::Differs(how), _) => Ailment::NotSimulated(how).into(),
        (Finding::Same, [one, again, other]) if one == again && one != other => {
            Verdict::Ok(Fact::Simulated)
        }
        (Finding::Same, [one, again, _]) if one == again => Ailment::NotFromTheSeed.into(),
        // It was not the same, and nobody noticed.
        (Finding::Same, _) => Ailment::Overlooked.into(),
    }
}
