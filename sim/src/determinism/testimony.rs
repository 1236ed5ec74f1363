//! What a run leaves behind, as text that another process can hand over.

use crate::engine::{self, StreamDigest, hosts};
use crate::log::{Digest, EventLog};
use crate::run::Run;
use std::fmt;
use std::str::FromStr;

/// The event log of a run as JSON lines, and all its digests.
///
/// It prints as the log and one more line, and parses back from that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Testimony {
    /// One line for each event, without the line that ends a log.
    pub(super) events: Vec<String>,
    pub(super) digests: Digests,
}

/// The numbers that two runs share only if they did the same.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Digests {
    /// Events in the log.
    pub(super) events: usize,
    /// Of the log.
    pub(super) log: String,
    /// By node.
    pub(super) nodes: Vec<(String, String)>,
    /// Of every scheduling step.
    pub(super) schedule: String,
    /// Scheduling steps.
    pub(super) steps: u64,
    /// By stream, with the number of draws.
    pub(super) streams: Vec<(String, u64, String)>,
    /// The promise that was broken.
    pub(super) broken: Option<String>,
}

/// The text is not what a run leaves behind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TestimonyError {
    /// It ends before the line with the digests.
    #[error("the last line should hold the digests of a run, and is `{found}`")]
    CutShort {
        /// What stood there.
        found: String,
    },
    /// The digests are of another number of events.
    #[error("the digests are of {wanted} events, and there are {found}")]
    Count {
        /// What the digests say.
        wanted: usize,
        /// What is there.
        found: usize,
    },
}

impl Testimony {
    /// What `run` leaves behind.
    #[must_use]
    pub fn of(run: &Run) -> Self {
        let broken = run.breach.as_ref().map(|breach| breach.promise);
        Self::new(&run.log, &run.schedule, run.steps, &run.streams, broken)
    }

    /// What a run of the thread engine leaves behind that no promise judged.
    #[must_use]
    pub fn of_threads(ended: &engine::Ended) -> Self {
        let broken = ended.failure.as_ref().map(engine::Failure::promise);
        Self::new(&ended.log, &ended.schedule, ended.steps, &ended.streams, broken)
    }

    /// What a run on hosts leaves behind that no promise judged.
    #[must_use]
    pub fn of_hosts(ended: &hosts::Ended) -> Self {
        let broken = ended.failure.as_ref().map(engine::Failure::promise);
        Self::new(&ended.log, &ended.schedule, ended.steps, &ended.streams, broken)
    }

    fn new(
        log: &EventLog,
        schedule: &Digest,
        steps: u64,
        streams: &[StreamDigest],
        broken: Option<&str>,
    ) -> Self {
        let count = log.events().len();
        let text = |digest: &Digest| digest.to_string();
        let nodes = log.node_digests().into_iter();
        let streams = streams.iter();
        Self {
            events: log.json().to_string().lines().take(count).map(str::to_owned).collect(),
            digests: Digests {
                events: count,
                log: text(log.digest()),
                nodes: nodes.map(|(node, digest)| (node.to_string(), text(&digest))).collect(),
                schedule: text(schedule),
                steps,
                streams: streams
                    .map(|stream| (stream.stream.to_string(), stream.draws, text(&stream.digest)))
                    .collect(),
                broken: broken.map(str::to_owned),
            },
        }
    }

    /// How many events there were.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events.len()
    }

    /// The digest of the log: equal where the same things happened at the same times.
    #[must_use]
    pub fn log(&self) -> &str {
        &self.digests.log
    }
}

impl fmt::Display for Testimony {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.events.iter().try_for_each(|event| writeln!(f, "{event}"))?;
        let digests = serde_json::to_string(&self.digests)
            .expect("every key is a string and every value a number or a string");
        writeln!(f, "{digests}")
    }
}

impl FromStr for Testimony {
    type Err = TestimonyError;

    fn from_str(text: &str) -> Result<Self, TestimonyError> {
        let mut events: Vec<String> = text.lines().map(str::to_owned).collect();
        let last = events.pop().unwrap_or_default();
        let digests: Digests =
            serde_json::from_str(&last).map_err(|_| TestimonyError::CutShort { found: last })?;
        if digests.events != events.len() {
            let (wanted, found) = (digests.events, events.len());
            return Err(TestimonyError::Count { wanted, found });
        }
        Ok(Self { events, digests })
    }
}
