//! Random numbers that the code under test draws while it runs, by named stream, recorded and fed back.

use crate::log::{Digest, Name};
use crate::plan::Choice;
use crate::stream::{Generator, Streams};
use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroU64;

/// The streams of one run.
pub(super) struct Choices {
    streams: Streams,
    open: BTreeMap<(u32, &'static str), Open>,
    planned: BTreeMap<Name, VecDeque<Choice>>,
    recorded: Option<Vec<Choice>>,
    stale: u64,
}

/// A stream that somebody has drawn from.
struct Open {
    name: Name,
    generator: Generator,
    planned: VecDeque<Choice>,
    digest: Digest,
    draws: u64,
}

/// What a stream gave in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamDigest {
    /// `node=NODE/STREAM`.
    pub stream: Name,
    /// How many numbers were drawn.
    pub draws: u64,
    /// Of those numbers with their bounds, in order.
    pub digest: Digest,
}

/// Whether the choices of a run are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// As in a sweep: nothing is kept but digests.
    Off,
    /// Deviations of the schedule and drawn numbers are kept.
    On,
    /// As a pilot: what the run looks like is kept, and nothing else.
    Shape,
}

impl Choices {
    pub(super) fn new(streams: Streams, planned: &[Choice], recording: Recording) -> Self {
        let mut by_stream: BTreeMap<Name, VecDeque<Choice>> = BTreeMap::new();
        for choice in planned {
            by_stream.entry(choice.stream.clone()).or_default().push_back(choice.clone());
        }
        Self {
            streams,
            open: BTreeMap::new(),
            planned: by_stream,
            recorded: (recording == Recording::On).then(Vec::new),
            stale: 0,
        }
    }

    /// A number in `0..bound` from `stream` of `node`.
    pub(super) fn draw(
        &mut self,
        (node, node_name): (u32, &str),
        stream: &'static str,
        bound: NonZeroU64,
    ) -> u64 {
        let open = self.open.entry((node, stream)).or_insert_with(|| {
            let name = Name::from(format!("node={node_name}/{stream}"));
            Open {
                generator: self.streams.generator(&name),
                planned: self.planned.remove(&name).unwrap_or_default(),
                name,
                digest: Digest::default(),
                draws: 0,
            }
        });
        // The generator moves on also where the plan has the number: what comes after the planned ones stays the same.
        let drawn = open.generator.below(bound);
        let value = match open.planned.pop_front() {
            Some(choice) if choice.bound == bound.get() && choice.value < choice.bound => {
                choice.value
            }
            Some(_) => {
                self.stale += 1;
                drawn
            }
            None => drawn,
        };
        open.draws += 1;
        open.digest.fold(value);
        open.digest.fold(bound.get());
        if let Some(recorded) = &mut self.recorded {
            recorded.push(Choice { stream: open.name.clone(), value, bound: bound.get() });
        }
        value
    }

    /// Planned numbers that did not fit the bound asked for, or that nobody asked for.
    pub(super) fn stale(&self) -> u64 {
        let never_opened = self.planned.values().map(VecDeque::len).sum::<usize>();
        let left = self.open.values().map(|open| open.planned.len()).sum::<usize>();
        self.stale + (never_opened + left) as u64
    }

    pub(super) fn take_recorded(&mut self) -> Vec<Choice> {
        self.recorded.take().unwrap_or_default()
    }

    pub(super) fn digests(&self) -> Vec<StreamDigest> {
        let digest = |open: &Open| StreamDigest {
            stream: open.name.clone(),
            draws: open.draws,
            digest: open.digest.clone(),
        };
        self.open.values().map(digest).collect()
    }
}
