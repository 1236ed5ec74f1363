//! Variables that stand in for flags.

use super::args::{BentArgs, ExtentArgs, StrategyArgs};
use super::error::CliError;
use super::extent::{ExtentError, Form, Jobs, Sample, Seeds, Shard};
use crate::engine::{EngineName, NamedStrategy};
use crate::seed::{Seed, SeedRange};
use std::ffi::OsString;
use std::str::FromStr;

/// What the variables of the process say. A flag overrides its variable.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment {
    pub(super) seeds: Option<Seeds>,
    pub(super) seed: Option<Seed>,
    pub(super) jobs: Option<Jobs>,
    pub(super) shard: Option<Shard>,
    pub(super) check: Option<Sample>,
    pub(super) form: Option<Form>,
    pub(super) strategy: Option<NamedStrategy>,
    pub(super) engine: Option<EngineName>,
    plant: Vec<String>,
    without: Vec<String>,
}

/// What all of them begin with.
pub(super) const PREFIX: &str = "RETRIP_";

const NAMES: [&str; 10] = [
    "RETRIP_SEED",
    "RETRIP_SEEDS",
    "RETRIP_JOBS",
    "RETRIP_SHARD",
    "RETRIP_CHECK",
    "RETRIP_PLANT",
    "RETRIP_WITHOUT",
    "RETRIP_STRATEGY",
    "RETRIP_ENGINE",
    "RETRIP_FORM",
];

impl Environment {
    /// Reads those variables of `all` that begin with `RETRIP_`.
    pub(super) fn read(
        all: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, CliError> {
        let mut environment = Self::default();
        let mut ours: Vec<(String, OsString)> = all
            .into_iter()
            .map(|(name, value)| (name.to_string_lossy().into_owned(), value))
            .filter(|(name, _)| name.starts_with(PREFIX))
            .collect();
        ours.sort();
        for (name, value) in ours {
            let known = NAMES.into_iter().find(|known| *known == name);
            let Some(known) = known else { return Err(unknown(name)) };
            let value = value.into_string().map_err(|_| CliError::NotText { name })?;
            let reason = |reason| CliError::Value { name: known, reason };
            environment.set(known, &value).map_err(reason)?;
        }
        if environment.seed.is_some() && environment.seeds.is_some() {
            return Err(CliError::SeedAndSeeds);
        }
        Ok(environment)
    }

    fn set(&mut self, name: &'static str, value: &str) -> Result<(), ExtentError> {
        match name {
            "RETRIP_SEED" => self.seed = Some(value.parse::<Seed>()?),
            "RETRIP_SEEDS" => self.seeds = Some(value.parse()?),
            "RETRIP_JOBS" => self.jobs = Some(value.parse()?),
            "RETRIP_SHARD" => self.shard = Some(value.parse()?),
            "RETRIP_CHECK" => self.check = Some(value.parse()?),
            "RETRIP_FORM" => self.form = Some(value.parse()?),
            "RETRIP_STRATEGY" => self.strategy = Some(value.parse::<NamedStrategy>()?),
            "RETRIP_ENGINE" => self.engine = Some(value.parse::<EngineName>()?),
            "RETRIP_PLANT" => self.plant = names(value),
            _ => self.without = names(value),
        }
        Ok(())
    }

    /// The seeds that `args` and the variables ask for, of which only the shard is left; `otherwise` where they ask for
    /// none.
    pub(super) fn seeds(&self, args: &ExtentArgs, otherwise: Seeds) -> Result<Seeds, CliError> {
        let flags = either(args.seeds, args.seed);
        let variables = either(self.seeds, self.seed);
        let seeds = flags.or(variables).unwrap_or(otherwise);
        match (args.shard.or(self.shard), seeds) {
            (None, seeds) => Ok(seeds),
            (Some(shard), Seeds::Range(range)) => Ok(Seeds::Range(shard.of(range)?)),
            (Some(_), Seeds::For(_)) => Err(ExtentError::ShardOfTime.into()),
        }
    }

    /// Seeds that run side by side: as asked for, or as many as there are processors.
    pub(super) fn jobs(&self, args: &ExtentArgs) -> Jobs {
        let one = std::num::NonZeroUsize::MIN;
        args.jobs
            .or(self.jobs)
            .unwrap_or_else(|| Jobs(std::thread::available_parallelism().unwrap_or(one)))
    }

    /// The strategy that was asked for.
    pub(super) fn strategy(&self, args: &StrategyArgs) -> Option<NamedStrategy> {
        args.strategy.or(self.strategy)
    }

    /// What is bent.
    pub(super) fn bent(&self, args: &BentArgs) -> BentArgs {
        let either = |flags: &Vec<String>, variable: &Vec<String>| {
            if flags.is_empty() { variable.clone() } else { flags.clone() }
        };
        BentArgs {
            plant: either(&args.plant, &self.plant),
            without: either(&args.without, &self.without),
        }
    }
}

fn either(seeds: Option<Seeds>, seed: Option<Seed>) -> Option<Seeds> {
    seeds.or_else(|| seed.map(SeedRange::one).map(Seeds::Range))
}

fn names(value: &str) -> Vec<String> {
    value
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(String::from_str)
        .map(|name| name.unwrap_or_else(|never| match never {}))
        .collect()
}

fn unknown(name: String) -> CliError {
    let nearest = crate::nearest::nearest(&name, NAMES).map(str::to_owned);
    CliError::Variable { name, nearest, known: NAMES.map(str::to_owned).to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Environment, CliError> {
        Environment::read(variables.iter().map(|(name, value)| (name.into(), value.into())))
    }

    #[test]
    fn a_flag_overrides_its_variable() {
        let environment =
            read(&[("RETRIP_SEEDS", "0..10"), ("PATH", "/bin")]).expect("both are fine");
        let otherwise = Seeds::Range("7".parse().expect("a count"));
        let seeds = |args: &ExtentArgs| environment.seeds(args, otherwise).expect("they are seeds");
        assert_eq!(Ok(seeds(&ExtentArgs::default())), "0..10".parse());
        let flag = ExtentArgs { seed: Some(Seed::new(4)), ..ExtentArgs::default() };
        assert_eq!(Ok(seeds(&flag)), "4..5".parse());
    }

    #[test]
    fn a_wrong_variable_is_named_with_what_would_be_right() {
        let text = |variables| read(variables).expect_err("it is wrong").to_string();
        assert!(text(&[("RETRIP_SEDS", "1")]).contains("did you mean `RETRIP_SEEDS`?"));
        let wrong = text(&[("RETRIP_JOBS", "none")]);
        assert!(wrong.contains("RETRIP_JOBS") && wrong.contains("`none`"), "{wrong}");
        assert!(text(&[("RETRIP_SEED", "1"), ("RETRIP_SEEDS", "1")]).contains("unset one"));
    }
}
