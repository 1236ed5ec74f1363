//! All scenarios of a crate, by name.

use super::Scenario;
use crate::engine::EngineName;
use std::sync::Arc;

/// The scenarios that one command line knows, in the order in which they are listed.
#[derive(Debug)]
pub struct Catalogue {
    scenarios: Vec<Scenario>,
    /// Whether somebody said how it is started.
    launch: Launch,
    /// The engine that somebody asked for.
    asked: Option<EngineName>,
}

/// Where the command comes from that starts a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Launch {
    Said,
    Unsaid,
}

/// What can be wrong with a catalogue, or with asking it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// Two scenarios have one name.
    #[error("two scenarios are called `{name}`: rename one")]
    Twice {
        /// The name.
        name: &'static str,
    },
    /// There is no such scenario.
    #[error("there is no scenario `{name}`{}", suggestion(nearest.as_deref()))]
    Unknown {
        /// What was asked for.
        name: String,
        /// The nearest name that there is, where one is near.
        nearest: Option<String>,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!("; did you mean `{nearest}`?"),
        None => "; `list` shows those that there are".to_owned(),
    }
}

impl Catalogue {
    /// A catalogue of `scenarios`, as listed.
    ///
    /// # Errors
    /// [`CatalogueError::Twice`] where a name is not unique.
    pub fn new(scenarios: Vec<Scenario>) -> Result<Self, CatalogueError> {
        for (index, scenario) in scenarios.iter().enumerate() {
            if scenarios[..index].iter().any(|other| other.name() == scenario.name()) {
                return Err(CatalogueError::Twice { name: scenario.name() });
            }
        }
        Ok(Self { scenarios, launch: Launch::Unsaid, asked: None })
    }

    /// Says what starts the program with this catalogue, up to the arguments: what every replay line begins with.
    ///
    /// Where nobody says, [`cli::main`](crate::cli::main) takes it from the place of the program:
    /// `cargo run --example NAME --` for an example, `cargo run --bin NAME --` for another program that cargo built, and
    /// the name alone for one that is installed.
    ///
    /// ```
    /// use retrip_sim::scenario::{Catalogue, Scenario};
    ///
    /// let quiet = Scenario::new("quiet", "nothing happens", |_| {});
    /// let catalogue = Catalogue::new(vec![quiet])?.started_by("cargo run -p breakers --");
    /// assert_eq!(catalogue.find("quiet")?.started_by(), "cargo run -p breakers --");
    /// # Ok::<(), retrip_sim::scenario::CatalogueError>(())
    /// ```
    #[must_use]
    pub fn started_by(mut self, command: impl Into<Arc<str>>) -> Self {
        let command = command.into();
        for scenario in &mut self.scenarios {
            scenario.set_started_by(Arc::clone(&command));
        }
        self.launch = Launch::Said;
        self
    }

    /// The same, unless somebody said it before.
    pub(crate) fn or_started_by(self, command: impl FnOnce() -> String) -> Self {
        match self.launch {
            Launch::Said => self,
            Launch::Unsaid => self.started_by(command()),
        }
    }

    /// It with the scenarios that can on this engine, where one is asked for.
    pub(crate) fn on(mut self, engine: Option<EngineName>) -> Self {
        if let Some(engine) = engine {
            for scenario in &mut self.scenarios {
                if scenario.can_run_on(engine).is_ok() {
                    scenario.set_engine(engine);
                }
            }
        }
        self.asked = engine;
        self
    }

    /// The engine that was asked for; one of its scenarios may not be able to run on that.
    pub(crate) fn asked(&self) -> Option<EngineName> {
        self.asked
    }

    /// All of them, as listed.
    #[must_use]
    pub fn scenarios(&self) -> &[Scenario] {
        &self.scenarios
    }

    /// The scenario called `name`.
    ///
    /// # Errors
    /// [`CatalogueError::Unknown`], with the nearest name that there is.
    pub fn find(&self, name: &str) -> Result<&Scenario, CatalogueError> {
        self.scenarios.iter().find(|scenario| scenario.name() == name).ok_or_else(|| {
            let names = self.scenarios.iter().map(Scenario::name);
            CatalogueError::Unknown {
                name: name.to_owned(),
                nearest: crate::nearest::nearest(name, names).map(str::to_owned),
            }
        })
    }
}
