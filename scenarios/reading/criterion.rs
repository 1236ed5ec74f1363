//! What a log is asked for: `level=INFO`, `least=ERROR`, `type=custom`, `component=api`, `request=r-1`, `seqs=2..5`, `since=3s`, `until=9s`.

use retrip_core::door::Timestamp;
use retrip_core::logger::{EventType, Filter, Level};
use retrip_sim::span::Span;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// One criterion. Moments are counted from the beginning of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Criterion {
    Level(Level),
    LeastLevel(Level),
    Type(EventType),
    Component(String),
    Request(String),
    Seqs(u64, u64),
    Since(Duration),
    Until(Duration),
}

/// One line, as whoever has logged it tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) seq: u64,
    pub(super) level: Level,
    pub(super) event_type: EventType,
    pub(super) component: String,
    pub(super) request: String,
    pub(super) at: Duration,
}

impl Criterion {
    /// The naive way: whether `row` meets it.
    pub(super) fn is_met(&self, row: &Row) -> bool {
        match self {
            Self::Level(level) => row.level == *level,
            Self::LeastLevel(level) => row.level >= *level,
            Self::Type(event_type) => row.event_type == *event_type,
            Self::Component(component) => row.component == *component,
            Self::Request(request) => row.request == *request,
            Self::Seqs(first, last) => *first <= row.seq && row.seq <= *last,
            Self::Since(at) => row.at >= *at,
            Self::Until(at) => row.at <= *at,
        }
    }

    /// The criterion as one more of `filter`, for a run that has begun at `origin`.
    pub(super) fn added_to(&self, filter: Filter, origin: Timestamp) -> Filter {
        let moment = |at: &Duration| {
            let nanos = i128::try_from(at.as_nanos()).expect("a run is short");
            origin.saturating_add_nanos(nanos)
        };
        match self {
            Self::Level(level) => filter.level(*level),
            Self::LeastLevel(level) => filter.least_level(*level),
            Self::Type(event_type) => filter.event_type(*event_type),
            Self::Component(component) => filter.component(component),
            Self::Request(request) => filter.request_id(request),
            Self::Seqs(first, last) => filter.seqs(*first..=*last),
            Self::Since(at) => filter.since(moment(at)),
            Self::Until(at) => filter.until(moment(at)),
        }
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level(level) => write!(f, "level={level}"),
            Self::LeastLevel(level) => write!(f, "least={level}"),
            Self::Type(event_type) => write!(f, "type={event_type}"),
            Self::Component(component) => write!(f, "component={component}"),
            Self::Request(request) => write!(f, "request={request}"),
            Self::Seqs(first, last) => write!(f, "seqs={first}..{last}"),
            Self::Since(at) => write!(f, "since={}", Span(*at)),
            Self::Until(at) => write!(f, "until={}", Span(*at)),
        }
    }
}

/// The text is no criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoCriterion;

impl FromStr for Criterion {
    type Err = NoCriterion;

    fn from_str(text: &str) -> Result<Self, NoCriterion> {
        let (name, value) = text.split_once('=').ok_or(NoCriterion)?;
        let span = || value.parse().map(|Span(at)| at).map_err(|_| NoCriterion);
        let level = || value.parse().map_err(|_| NoCriterion);
        match name {
            "level" => Ok(Self::Level(level()?)),
            "least" => Ok(Self::LeastLevel(level()?)),
            "type" => Ok(Self::Type(value.parse().map_err(|_| NoCriterion)?)),
            "component" => Ok(Self::Component(value.to_owned())),
            "request" => Ok(Self::Request(value.to_owned())),
            "seqs" => {
                let (first, last) = value.split_once("..").ok_or(NoCriterion)?;
                let number = |text: &str| text.parse().map_err(|_| NoCriterion);
                Ok(Self::Seqs(number(first)?, number(last)?))
            }
            "since" => Ok(Self::Since(span()?)),
            "until" => Ok(Self::Until(span()?)),
            _ => Err(NoCriterion),
        }
    }
}
