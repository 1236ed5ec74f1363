//! What can be wrong with an engine, and what to change.

use super::examination::{Examination, Examined, Verdict};
use super::leak::Leak;
use super::nap::Nap;
use crate::determinism::Divergence;
use crate::engine::{EngineName, Failure};
use crate::seed::Seed;
use std::fmt;

/// What an examination found that should not be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ailment {
    /// Some clock did not move as it should while a unit slept for an hour.
    Clocks(Nap),
    /// A run failed that has nothing in it that fails.
    Fails(Failure),
    /// A run was not the same again.
    Differs {
        /// Its seed.
        seed: Seed,
        /// How it was not.
        how: Box<Divergence>,
    },
    /// Two seeds gave one run.
    SeedsAgree {
        /// Those.
        seeds: [Seed; 2],
    },
    /// The comparison called a run with this leak the same.
    Missed(Leak),
    /// The comparison called this leak something else.
    Misnamed {
        /// What leaked.
        leak: Leak,
        /// What was said about it.
        how: Box<Divergence>,
    },
    /// What the engine should simulate came from the machine, and was caught.
    NotSimulated(Box<Divergence>),
    /// What the engine should draw from the seed was the same for two seeds.
    NotFromTheSeed,
    /// What the engine should simulate was not the same twice, and was not caught.
    Overlooked,
}

impl From<Ailment> for Verdict {
    fn from(ailment: Ailment) -> Self {
        Self::Failed(Box::new(ailment))
    }
}

/// What stands between a program and what it asks the system for.
const BETWEEN: &str = "unset LD_PRELOAD, and leave out libraries that define clock_gettime or getrandom for the whole process, as \
                       faketime and mad-turmoil do";
/// What nobody but we can mend.
const OURS: &str = "nothing on your side: the harness is wrong here; report this block and the version of the compiler";

impl Ailment {
    /// How it differs, where that is what was found.
    #[must_use]
    pub fn divergence(&self) -> Option<&Divergence> {
        match self {
            Self::Differs { how, .. } | Self::Misnamed { how, .. } | Self::NotSimulated(how) => {
                Some(how)
            }
            _ => None,
        }
    }

    fn wanted(&self, engine: EngineName) -> String {
        match self {
            Self::Clocks(_) if engine.simulates_std() => {
                "an hour by the platform's clock and by both of std's".to_owned()
            }
            Self::Clocks(_) => {
                "an hour by the platform's clock, and by std's what the machine took".to_owned()
            }
            Self::Fails(failure) => failure.wanted().to_owned(),
            Self::Differs { .. } => "the same run each time".to_owned(),
            Self::SeedsAgree { .. } => "another run for another seed".to_owned(),
            Self::Missed(leak) | Self::Misnamed { leak, .. } => {
                format!("caught, and called {}", leak.suspect().name())
            }
            Self::NotSimulated(_) | Self::NotFromTheSeed | Self::Overlooked => {
                "the same each time, and something else for another seed".to_owned()
            }
        }
    }

    fn found(&self) -> String {
        match self {
            Self::Clocks(nap) => nap.to_string(),
            Self::Fails(failure) => failure.to_string(),
            Self::Differs { .. } => "it differs from itself".to_owned(),
            Self::SeedsAgree { seeds: [one, other] } => {
                format!("one log for the seeds {one} and {other}")
            }
            Self::Missed(_) => {
                "two runs here and one in a fresh process that nobody could tell apart".to_owned()
            }
            Self::Misnamed { how, .. } => format!("caught, and called {}", how.suspect.name()),
            Self::NotSimulated(how) => format!("it differs: {}", how.suspect.name()),
            Self::NotFromTheSeed => "the same for two seeds".to_owned(),
            Self::Overlooked => {
                "two runs that read something else and were called the same".to_owned()
            }
        }
    }

    fn change(&self, engine: EngineName, examination: Examination) -> String {
        match (self, examination) {
            (Self::Clocks(_) | Self::NotSimulated(_) | Self::NotFromTheSeed, _)
                if engine.simulates_std() =>
            {
                format!("build everything with the flags of .cargo/config.toml; {BETWEEN}")
            }
            (Self::Missed(leak), _) if *leak != Leak::Static => BETWEEN.to_owned(),
            (Self::Differs { .. }, Examination::SameAgain { planted: Some(leak) }) => {
                format!("nothing: this was asked for; without --plant {leak} it is the same again")
            }
            _ => OURS.to_owned(),
        }
    }
}

impl fmt::Display for Examined {
    /// The block about what is wrong, or off. Nothing, where all is as it should be.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { engine, examination, verdict } = self;
        let ailment = match verdict {
            Verdict::Ok(_) => return Ok(()),
            Verdict::Off(unavailable) => {
                return writeln!(f, "OFF  {engine}\n\n  because  {unavailable}");
            }
            Verdict::Failed(ailment) => ailment,
        };
        match (&**ailment, examination) {
            (Ailment::Differs { seed, .. }, Examination::SameAgain { planted }) => {
                write!(f, "NOT DETERMINISTIC  {engine}  seed {seed}")?;
                planted.map_or(Ok(()), |leak| write!(f, ", with {leak}"))?;
            }
            _ => write!(f, "FAILED  {engine}  {examination}")?,
        }
        let (wanted, found) = (ailment.wanted(*engine), ailment.found());
        writeln!(f, "\n\n  wanted   {wanted}\n  found    {found}")?;
        if let Some(divergence) = ailment.divergence() {
            write!(f, "{divergence}")?;
        }
        writeln!(f, "  change   {}", ailment.change(*engine, *examination))
    }
}
