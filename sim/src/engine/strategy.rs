//! The strategies of the thread engine, as a run is told which one to use.

use super::shape::{Length, Shape};
use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;
use std::sync::Arc;

/// How the next thread is chosen where the plan does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Uniformly among the ready threads, at every scheduling point.
    Random,
    /// So that every order of all steps is equally likely (Zhao et al., ASPLOS 2025).
    Urw {
        /// How many points each thread will pass, from a pilot.
        lengths: Arc<[Length]>,
    },
    /// A random priority for each pending step, drawn anew at each race (Yuan et al., CAV 2018).
    Pos,
    /// Random priorities with `depth - 1` change points among `steps` scheduling points (Burckhardt et al., ASPLOS 2010).
    Pct {
        /// The paper's d: how many ordering constraints the bug needs. At least 1.
        depth: u32,
        /// The paper's k: the length of a run, from a pilot.
        steps: u64,
    },
    /// The running thread goes on, but for one point in `one_in`.
    Sticky {
        /// At least 1; at 1 it is [`Random`](Strategy::Random).
        one_in: u32,
    },
    /// Everybody in the order of starting.
    RoundRobin {
        /// Points of each turn. At least 1.
        quantum: u32,
    },
}

impl Strategy {
    /// The names of all, as [`name`](Strategy::name) gives them.
    pub const NAMES: [&'static str; 6] = ["random", "urw", "pos", "pct", "sticky", "round-robin"];

    /// One of each, in the order of [`NAMES`](Strategy::NAMES), with middling parameters for a run of this shape.
    #[must_use]
    pub fn each(shape: &Shape) -> [Self; Self::NAMES.len()] {
        [
            Self::Random,
            Self::Urw { lengths: Arc::clone(&shape.all) },
            Self::Pos,
            Self::Pct { depth: 3, steps: shape.steps },
            Self::Sticky { one_in: 10 },
            Self::RoundRobin { quantum: 3 },
        ]
    }

    /// Its name, without parameters.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Urw { .. } => "urw",
            Self::Pos => "pos",
            Self::Pct { .. } => "pct",
            Self::Sticky { .. } => "sticky",
            Self::RoundRobin { .. } => "round-robin",
        }
    }
}

/// The name, and the parameters that are short: `pct 3`, `sticky 10`.
impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Random | Self::Pos | Self::Urw { .. } => Ok(()),
            Self::Pct { depth: number, .. }
            | Self::Sticky { one_in: number }
            | Self::RoundRobin { quantum: number } => write!(f, " {number}"),
        }
    }
}

/// A strategy as somebody asks for it: by its name, and by its parameter where the seed is not to draw that. What it must
/// know in advance is not said here: it comes from pilots.
///
/// ```
/// use retrip_sim::engine::{NamedStrategy, Strategy};
///
/// let asked: NamedStrategy = "pct:3".parse()?;
/// assert_eq!(asked.to_string(), "pct:3");
/// // As a strategy prints, it parses as well.
/// assert_eq!(Strategy::Pct { depth: 3, steps: 700 }.to_string().parse(), Ok(asked));
/// # Ok::<(), retrip_sim::engine::StrategyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedStrategy {
    /// [`Strategy::Random`].
    Random,
    /// [`Strategy::Urw`].
    Urw,
    /// [`Strategy::Pos`].
    Pos,
    /// [`Strategy::Pct`] of this depth.
    Pct(Option<NonZeroU16>),
    /// [`Strategy::Sticky`], for one point in so many.
    Sticky(Option<NonZeroU16>),
    /// [`Strategy::RoundRobin`] with turns of this length.
    RoundRobin(Option<NonZeroU16>),
}

/// Why a text names no strategy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StrategyError {
    /// None is called so.
    #[error("there is no strategy `{name}`; {}", suggestion(*nearest))]
    Unknown {
        /// What was written.
        name: String,
        /// What was probably meant.
        nearest: Option<&'static str>,
    },
    /// There is nothing that could be said about it.
    #[error("the strategy {name} has no parameter: write it without `:{parameter}`")]
    NoParameter {
        /// Its name.
        name: &'static str,
        /// What was written behind it.
        parameter: String,
    },
    /// Its parameter is a number.
    #[error(
        "`{parameter}` is no parameter of the strategy {name}: write a whole number from 1 to 65535, such as {name}:3, or \
         {name} alone, and each seed draws its own"
    )]
    Parameter {
        /// Its name.
        name: &'static str,
        /// What was written behind it.
        parameter: String,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("there are {}", Strategy::NAMES.join(", ")),
    }
}

impl NamedStrategy {
    /// All without parameters, in the order of [`Strategy::NAMES`].
    pub const ALL: [Self; Strategy::NAMES.len()] = [
        Self::Random,
        Self::Urw,
        Self::Pos,
        Self::Pct(None),
        Self::Sticky(None),
        Self::RoundRobin(None),
    ];

    /// Its name, without a parameter.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Urw => "urw",
            Self::Pos => "pos",
            Self::Pct(_) => "pct",
            Self::Sticky(_) => "sticky",
            Self::RoundRobin(_) => "round-robin",
        }
    }

    /// It with this parameter; itself again where it has none.
    fn with(self, parameter: NonZeroU16) -> Self {
        match self {
            Self::Random | Self::Urw | Self::Pos => self,
            Self::Pct(_) => Self::Pct(Some(parameter)),
            Self::Sticky(_) => Self::Sticky(Some(parameter)),
            Self::RoundRobin(_) => Self::RoundRobin(Some(parameter)),
        }
    }
}

/// `NAME` or `NAME:PARAMETER`. It allocates nothing: the report of an overflowed stack names it.
impl fmt::Display for NamedStrategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Pct(Some(number))
            | Self::Sticky(Some(number))
            | Self::RoundRobin(Some(number)) => {
                write!(f, ":{number}")
            }
            _ => Ok(()),
        }
    }
}

/// As it prints, and as a [`Strategy`] prints, with a space in place of the colon.
impl FromStr for NamedStrategy {
    type Err = StrategyError;

    fn from_str(text: &str) -> Result<Self, StrategyError> {
        let (name, parameter) = match text.split_once([':', ' ']) {
            Some((name, parameter)) => (name, Some(parameter)),
            None => (text, None),
        };
        let Some(named) = Self::ALL.into_iter().find(|named| named.name() == name) else {
            let nearest = crate::nearest::nearest(name, Strategy::NAMES);
            return Err(StrategyError::Unknown { name: name.to_owned(), nearest });
        };
        let Some(parameter) = parameter else { return Ok(named) };
        let (name, written) = (named.name(), || parameter.to_owned());
        if named.with(NonZeroU16::MIN) == named {
            return Err(StrategyError::NoParameter { name, parameter: written() });
        }
        match parameter.parse() {
            Ok(number) => Ok(named.with(number)),
            Err(_) => Err(StrategyError::Parameter { name, parameter: written() }),
        }
    }
}

/// At which scheduling points a strategy is asked; at the others the running thread goes on.
///
/// Points that are passed over are counted and logged as ever, so that a schedule that was recorded with one sight is
/// replayed with any. After 64 of them in a row one is a point none the less: a thread may wait in a loop for what only
/// another one can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// At all.
    Everything,
    /// Not before what is done to an object that only one thread touches: the order of such steps cannot matter. Which
    /// those are is known from a pilot. That nobody else has come so far would not do: the second one may come later only
    /// because the first was never interrupted. An object that a second thread touches after all gets its points back
    /// with that step.
    Shared {
        /// The keys of the objects that only one thread touched in the pilot.
        private: Arc<[u64]>,
    },
    /// Only before what is done to this one object, by its key: few points, each of which counts (the selection of Zhao et
    /// al., ASPLOS 2025).
    One(u64),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_prints_parses_and_each_strategy_is_known_by_what_it_prints() {
        let numbers = [1, 3, 65_535].map(|number| NonZeroU16::new(number).expect("not zero"));
        for named in NamedStrategy::ALL {
            for one in numbers.map(|number| named.with(number)).into_iter().chain([named]) {
                assert_eq!(one.to_string().parse(), Ok(one), "{one}");
            }
        }
        assert_eq!(NamedStrategy::ALL.map(NamedStrategy::name), Strategy::NAMES);
        for strategy in Strategy::each(&Shape::default()) {
            let named: NamedStrategy = strategy.to_string().parse().expect("it is a strategy");
            assert_eq!(named.to_string(), strategy.to_string().replace(' ', ":"));
        }
    }

    #[test]
    fn what_is_no_strategy_is_told_what_would_be_one() {
        let wrong = |text: &str| match text.parse::<NamedStrategy>() {
            Ok(named) => panic!("{text} is {named}"),
            Err(error) => error.to_string(),
        };
        assert_eq!(wrong("stiky:3"), "there is no strategy `stiky`; did you mean `sticky`?");
        let all =
            "there is no strategy `best`; there are random, urw, pos, pct, sticky, round-robin";
        assert_eq!(wrong("best"), all);
        assert_eq!(wrong("urw:3"), "the strategy urw has no parameter: write it without `:3`");
        for parameter in ["", "0", "-1", "many", "65536", "3:4"] {
            let said = wrong(&format!("pct:{parameter}"));
            let begins = format!("`{parameter}` is no parameter of the strategy pct: ");
            assert!(said.starts_with(&begins), "{said}");
        }
    }
}
