//! What is promised of a breaker's log.

use super::operation::StationOperation;
use super::station::{BEGINS, BREAKER, ENDS, LOG, WRITES};
use super::traffic;
use retrip_core::breaker::{self, EventKind, State, Sum};
use retrip_core::door::{Instant, Timestamp};
use retrip_core::logger::{EventType, Json, Record, read_json_log};
use retrip_sim::check::{Judgement, Promise, Sometimes, always};
use retrip_sim::log::{Event, Name, Value, What};
use std::collections::{BTreeMap, VecDeque};

/// What an event says of a caller or of the log: the verb and the text.
fn note(event: &Event) -> Option<(&str, &str)> {
    match &event.what {
        What::Note { verb, fields } => match &fields[..] {
            [(_, Value::Text(text))] => Some((verb, text)),
            _ => None,
        },
        _ => None,
    }
}

fn record(line: &str) -> Option<Record> {
    read_json_log(line.as_bytes()).records.into_iter().next()
}

fn millis(duration: std::time::Duration) -> String {
    let text = format!("{}.{:06}", duration.as_millis(), duration.subsec_nanos() % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The text or the number of a key; a dash where it is not there.
fn shown(record: &Record, key: &str) -> String {
    match record.get(key) {
        Some(Json::String(text) | Json::Number(text)) => text.clone(),
        Some(other) => format!("{other:?}"),
        None => "-".to_owned(),
    }
}

/// When a line is written, as its timestamp says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// At the moment at which it gets to the sink: where nobody is held up in between.
    AtOnce,
    /// After its thread began with what it does, and before it gets to the sink: where the wall clock does not jump.
    InTime,
}

/// See [`log_is_the_journal`].
struct LogIsTheJournal {
    written: Written,
    /// What the log has still to say.
    ahead: VecDeque<String>,
    /// Since when each thread does what it does, and for which request.
    requests: BTreeMap<Name, (Timestamp, String)>,
}

/// The log has a line of every change of the breaker and of its rejections, in the order of the journal: with the kind, the state, the
/// generation, the state before and how long it lasted; with the moment of the wall clock at which it was written, and the
/// context of the thread that wrote it. Nothing is missing at the [last words](traffic::last_words).
pub(super) fn log_is_the_journal(written: Written) -> impl Promise {
    LogIsTheJournal { written, ahead: VecDeque::new(), requests: BTreeMap::new() }
}

impl Promise for LogIsTheJournal {
    fn name(&self) -> &'static str {
        "log_is_the_journal"
    }

    fn statement(&self) -> String {
        format!("`{LOG}` says of `{BREAKER}` what its journal says, in its order")
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        if let What::Breaker(of) = &event.what {
            self.ahead.extend(line_of(of));
            return Judgement::NotConcerned;
        }
        match note(event) {
            Some((BEGINS, text)) => {
                let request = match text.parse() {
                    Ok(StationOperation::Calls { request, .. }) => request,
                    _ => "-".to_owned(),
                };
                self.requests.insert(event.thread.clone(), (event.wall, request));
            }
            Some((WRITES, line)) => return self.judge(event, line),
            Some((ENDS, text)) if text.parse() == Ok(traffic::last_words()) => {
                return match self.ahead.front() {
                    Some(missing) => Judgement::broken(missing, "no line of it"),
                    None => Judgement::Holds,
                };
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}

impl LogIsTheJournal {
    fn judge(&mut self, event: &Event, line: &str) -> Judgement {
        let Some(record) = record(line) else { return Judgement::broken("a line", line) };
        if record.get("breaker").is_none() {
            return Judgement::NotConcerned;
        }
        let wanted = self.ahead.pop_front().unwrap_or_else(|| "nothing".to_owned());
        let keys = ["event_type", "breaker", "state", "generation", "from", "after_ms", "rejected"];
        let found = keys.map(|key| shown(&record, key)).join(" ");
        if wanted != found {
            return Judgement::broken(wanted, found);
        }
        let Some((since, request)) = self.requests.get(&event.thread) else {
            return Judgement::broken("a line of somebody who has begun something", line);
        };
        let [at, of] = ["timestamp", "request_id"].map(|key| shown(&record, key));
        if let (Written::InTime, Ok(moment)) = (self.written, at.parse::<Timestamp>())
            && !(*since..=event.wall).contains(&moment)
        {
            return Judgement::broken(format!("between {since} and {}", event.wall), at);
        }
        let wanted = match self.written {
            Written::AtOnce => event.wall.to_string(),
            Written::InTime => at.clone(),
        };
        Judgement::equal(format!("at {wanted}, for {request}"), format!("at {at}, for {of}"))
    }
}

/// What the log has to say of an event of the breaker; nothing of single calls.
fn line_of(event: &breaker::Event) -> Option<String> {
    let (event_type, state, rest) = match &event.kind {
        EventKind::Transition { from, to, after, .. } => {
            let event_type = match to {
                State::Open => EventType::CircuitBreakerOpened,
                State::HalfOpen => EventType::CircuitBreakerHalfOpened,
                State::Closed => EventType::CircuitBreakerClosed,
            };
            (event_type, to, format!("{} {} -", from.as_str(), millis(*after)))
        }
        EventKind::Renewed { state, .. } => (EventType::Custom, state, "- - -".to_owned()),
        EventKind::TrialReclaimed { .. } => {
            (EventType::Custom, &State::HalfOpen, "- - -".to_owned())
        }
        EventKind::Rejections { state, count, sum: Sum::SoFar { .. } | Sum::InAll } => {
            (EventType::CircuitBreakerRejected, state, format!("- - {count}"))
        }
        _ => return None,
    };
    let generation = event.generation.as_u64();
    Some(format!("{event_type} {BREAKER} {} {generation} {rest}", state.as_str()))
}

/// What a thread is about.
struct Measured {
    since: Instant,
    calls: u32,
}

/// A measured call has one line, with the time that it took on the monotonic clock, and the breaker hears of one call, however many are
/// within each other. For a breaker that one thread calls.
pub(super) fn measured_call_is_exact() -> impl Promise {
    let mut pending: BTreeMap<Name, Measured> = BTreeMap::new();
    let statement =
        "a measured call has the time of the monotonic clock, and is one call of the breaker";
    always("measured_call_is_exact", statement, move |event| {
        match (&event.what, note(event)) {
            (What::Breaker(of), _) => {
                let is_call =
                    matches!(of.kind, EventKind::Completed { .. } | EventKind::Rejected { .. });
                if let Some(measured) = pending.get_mut(&event.thread) {
                    measured.calls += u32::from(is_call);
                }
            }
            (_, Some((BEGINS, text))) if text.starts_with("calls ") => {
                pending.insert(event.thread.clone(), Measured { since: event.mono, calls: 0 });
            }
            (_, Some((WRITES, line))) => {
                let Some(record) = record(line) else { return Judgement::broken("a line", line) };
                if record.get("duration_ms").is_none() {
                    return Judgement::NotConcerned;
                }
                let Some(Measured { since, calls }) = pending.remove(&event.thread) else {
                    return Judgement::broken("one line of a call", line);
                };
                let wanted = millis(event.mono.saturating_duration_since(since));
                let found = shown(&record, "duration_ms");
                return Judgement::equal(
                    format!("1 call in {wanted} ms"),
                    format!("{calls} call in {found} ms"),
                );
            }
            _ => {}
        }
        Judgement::NotConcerned
    })
}

/// What somebody says is in the file before they go on, whatever the breaker does.
pub(super) fn logging_goes_on() -> impl Promise {
    let mut written: BTreeMap<Name, Vec<String>> = BTreeMap::new();
    let statement = "what is logged is in the file at once, whatever state a breaker is in";
    always("logging_goes_on", statement, move |event| {
        match note(event) {
            Some((BEGINS, _)) => {
                written.remove(&event.thread);
            }
            Some((WRITES, line)) => {
                let message = record(line).and_then(|record| record.message().map(str::to_owned));
                written.entry(event.thread.clone()).or_default().extend(message);
            }
            Some((ENDS, text)) => {
                let Some(word) = text.strip_prefix("says ") else { return Judgement::NotConcerned };
                let lines = written.remove(&event.thread).unwrap_or_default();
                let count = lines.iter().filter(|line| *line == word).count();
                return Judgement::equal(
                    format!("1 line of `{word}`"),
                    format!("{count} line of `{word}`"),
                );
            }
            _ => {}
        }
        Judgement::NotConcerned
    })
}

/// Somebody says something while the breaker is open.
pub(super) fn said_while_open() -> Sometimes {
    let mut now = State::Closed;
    Sometimes::new("said_while_open", move |event| {
        if let What::Breaker(breaker::Event { kind: EventKind::Transition { to, .. }, .. }) =
            &event.what
        {
            now = *to;
        }
        now == State::Open
            && note(event).is_some_and(|(verb, text)| verb == ENDS && text.starts_with("says "))
    })
}
