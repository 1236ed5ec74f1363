//! Chooses records by what they say.

use super::Record;
use crate::door::{Rules, Sound, Timestamp};
use crate::logger::{EventType, Level, LogField, plants};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Criteria that a record must meet, all of them. An empty filter lets every record pass.
///
/// ```
/// use retrip_core::logger::{Filter, Level, read_json_log};
///
/// let log = read_json_log(b"{\"level\":\"INFO\"}\n{\"level\":\"ERROR\",\"component\":\"llm\"}\n");
/// let found = Filter::new().least_level(Level::Warning).component("llm").choose(&log.records);
/// assert_eq!(found.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a filter chooses when it is asked to"]
pub struct Filter {
    level: Option<RangeInclusive<Level>>,
    event_type: Option<EventType>,
    seqs: Option<RangeInclusive<u64>>,
    since: Option<String>,
    until: Option<String>,
    texts: Vec<(String, String)>,
}

impl Filter {
    /// No criterion.
    pub fn new() -> Self {
        Self::default()
    }

    /// Exactly this level.
    pub fn level(self, level: Level) -> Self {
        Self { level: Some(level..=level), ..self }
    }

    /// This level or above.
    pub fn least_level(self, level: Level) -> Self {
        Self { level: Some(level..=Level::Critical), ..self }
    }

    /// This kind of event.
    pub fn event_type(self, event_type: EventType) -> Self {
        Self { event_type: Some(event_type), ..self }
    }

    /// This component.
    pub fn component(self, component: &str) -> Self {
        self.text(LogField::Component.as_str(), component)
    }

    /// This request.
    pub fn request_id(self, request_id: &str) -> Self {
        self.text(LogField::RequestId.as_str(), request_id)
    }

    /// A key with exactly this text, or with a number, `true`, `false` or `null` that is written so.
    pub fn text(mut self, key: &str, text: &str) -> Self {
        self.texts.push((key.to_owned(), text.to_owned()));
        self
    }

    /// At this moment of the wall clock or later.
    pub fn since(self, moment: Timestamp) -> Self {
        Self { since: Some(moment.to_string()), ..self }
    }

    /// At this moment of the wall clock or earlier.
    pub fn until(self, moment: Timestamp) -> Self {
        Self { until: Some(moment.to_string()), ..self }
    }

    /// A sequence number in this range, both ends included.
    pub fn seqs(self, range: RangeInclusive<u64>) -> Self {
        Self { seqs: Some(range), ..self }
    }

    /// Whether `record` meets every criterion. A record that lacks what a criterion asks about does not.
    #[must_use]
    pub fn passes(&self, record: &Record) -> bool {
        self.passes_on(&Sound, record)
    }

    /// As [`passes`](Filter::passes), on a platform whose bugs can be planted.
    #[must_use]
    pub fn passes_on(&self, rules: &impl Rules, record: &Record) -> bool {
        if rules.broken_by(plants::FILTER_TAKES_ANY_CRITERION) {
            let alone = self.alone();
            return alone.is_empty() || alone.iter().any(|filter| filter.passes(record));
        }
        fn met<C, V>(
            criterion: Option<C>,
            value: Option<V>,
            meets: impl FnOnce(C, V) -> bool,
        ) -> bool {
            criterion.is_none_or(|criterion| value.is_some_and(|value| meets(criterion, value)))
        }
        let at = record.text(LogField::Timestamp.as_str());
        let at =
            if self.since.is_some() || self.until.is_some() { at.and_then(in_width) } else { None };
        let at = at.as_deref();
        met(self.level.as_ref(), record.level(), |range, level| range.contains(&level))
            && met(self.event_type, record.event_type(), |wanted, found| wanted == found)
            && met(self.seqs.as_ref(), record.seq(), |range, seq| range.contains(&seq))
            && met(self.since.as_deref(), at, |since, at| at >= since)
            && met(self.until.as_deref(), at, |until, at| at <= until)
            && (rules.broken_by(plants::FILTER_ASKS_FOR_NO_TEXT)
                || self.texts.iter().all(|(key, text)| record.says(key, text)))
    }

    /// Each criterion in a filter of its own.
    fn alone(&self) -> Vec<Self> {
        let Self { level, event_type, seqs, since, until, texts } = self.clone();
        let none = Self::new;
        let texts = texts.into_iter().map(|text| Self { texts: vec![text], ..none() });
        [
            Self { level, ..none() },
            Self { event_type, ..none() },
            Self { seqs, ..none() },
            Self { since, ..none() },
            Self { until, ..none() },
        ]
        .into_iter()
        .chain(texts)
        .filter(|filter| *filter != none())
        .collect()
    }

    /// The records that pass, in their order.
    #[must_use]
    pub fn choose<'r>(&self, records: &'r [Record]) -> Vec<&'r Record> {
        records.iter().filter(|record| self.passes(record)).collect()
    }
}

/// A timestamp in the constant width of the schema, in which the order of texts is the order of moments. Others write other forms.
fn in_width(at: &str) -> Option<Cow<'_, str>> {
    let is_ours = at.len() == Timestamp::EPOCH.to_rfc3339().len() && at.ends_with('Z');
    if is_ours { Some(at.into()) } else { Some(at.parse::<Timestamp>().ok()?.to_string().into()) }
}
