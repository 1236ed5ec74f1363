//! One line of a log as tests write it: who does what, with the generation of a breaker filled in by the log.

use retrip_core::breaker::{
    BreakerConfig, Cause, Counted, Ended, EventKind, Generation, Machine, Moment, Outcome, Share,
    SlowCalls, State,
};
use retrip_core::door::{Instant, Sound, Timestamp, UnitNumber};
use retrip_sim::log::{BackendEvent, Event, Name, Value, What};
use std::panic::Location;
use std::time::Duration;

/// One second in nanoseconds, the unit of every time in these logs.
pub(crate) const S: u64 = 1_000_000_000;

/// What a line of a log says, by default of the breaker and backend `llm`, told by the thread `driver` at once.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) who: &'static str,
    thread: &'static str,
    said: Said,
    generation: Option<u64>,
    decided: Option<u64>,
}

#[derive(Clone, Debug)]
enum Said {
    /// Anything but a breaker's decision and the end of a call.
    Plain(What),
    /// A breaker's decision.
    Decides(EventKind),
    /// The end of a call.
    Ends(End),
}

/// The end of a call; what is not said of it is what the log makes of it.
#[derive(Clone, Debug)]
struct End {
    outcome: Outcome,
    admitted_in: Option<u64>,
    admitted_at: Admitted,
    asked: Option<Duration>,
    counted: Option<Counted>,
    ended: Ended,
}

/// When a call was admitted.
#[derive(Clone, Copy, Debug)]
enum Admitted {
    AsItEnds,
    At(u64),
    /// No clock was read for it.
    Unread,
}

fn entry(said: Said) -> Entry {
    Entry { who: "llm", thread: "driver", said, generation: None, decided: None }
}

fn note(verb: &str, fields: &[(&str, Value)]) -> Entry {
    let fields = fields.iter().map(|(name, value)| (Name::from(*name), value.clone())).collect();
    entry(Said::Plain(What::Note { verb: verb.into(), fields }))
}

pub(crate) fn changes(from: State, to: State, cause: Cause) -> Entry {
    let (after, open_for) = (Duration::ZERO, None);
    entry(Said::Decides(EventKind::Transition { from, to, after, open_for, cause }))
}

pub(crate) fn trips() -> Entry {
    changes(State::Closed, State::Open, Cause::Threshold)
}

pub(crate) fn half_opens() -> Entry {
    changes(State::Open, State::HalfOpen, Cause::IntervalOver)
}

pub(crate) fn reopens() -> Entry {
    changes(State::HalfOpen, State::Open, Cause::TrialFailed)
}

pub(crate) fn closes() -> Entry {
    changes(State::HalfOpen, State::Closed, Cause::TrialsSucceeded)
}

/// It has not closed in time.
pub(crate) fn expires() -> Entry {
    changes(State::HalfOpen, State::Open, Cause::NotClosedInTime)
}

pub(crate) fn forced(from: State) -> Entry {
    changes(from, State::Open, Cause::Forced)
}

pub(crate) fn reset(from: State) -> Entry {
    changes(from, State::Closed, Cause::Reset)
}

/// Isolated for so many nanoseconds.
pub(crate) fn isolated(from: State, nanos: u64) -> Entry {
    commanded(from, State::Open, Cause::Isolated).lasting(nanos)
}

pub(crate) fn disabled(from: State) -> Entry {
    commanded(from, State::Closed, Cause::Disabled)
}

pub(crate) fn only_measures(from: State) -> Entry {
    commanded(from, State::Closed, Cause::MetricsOnly)
}

/// What was done by hand is lifted: what was open is half-open, what was closed stays it.
pub(crate) fn lifted(from: State) -> Entry {
    let to = if from == State::Open { State::HalfOpen } else { from };
    commanded(from, to, Cause::Lifted)
}

fn commanded(from: State, to: State, cause: Cause) -> Entry {
    if from == to { stays(to, cause) } else { changes(from, to, cause) }
}

/// A command met the state that it asks for.
pub(crate) fn stays(state: State, cause: Cause) -> Entry {
    entry(Said::Decides(EventKind::Renewed { state, open_for: None, cause }))
}

pub(crate) fn tried() -> Entry {
    entry(Said::Decides(EventKind::TrialBegins { trial: 1, permits: 1 }))
}

/// The permit is taken back of the trial that was admitted at this time.
pub(crate) fn reclaimed(admitted_at: u64) -> Entry {
    let admitted_at = Instant::from_nanos(admitted_at);
    entry(Said::Decides(EventKind::TrialReclaimed { admitted_at }))
}

/// Rejected because it is open, for so many nanoseconds more.
pub(crate) fn rejected(more: u64) -> Entry {
    let retry_after = Some(Duration::from_nanos(more));
    entry(Said::Decides(EventKind::Rejected { state: State::Open, retry_after }))
}

pub(crate) fn rejected_until_reset() -> Entry {
    entry(Said::Decides(EventKind::Rejected { state: State::Open, retry_after: None }))
}

pub(crate) fn rejected_for_trials() -> Entry {
    let retry_after = Some(Duration::ZERO);
    entry(Said::Decides(EventKind::Rejected { state: State::HalfOpen, retry_after }))
}

fn ends(outcome: Outcome) -> Entry {
    let (admitted_in, admitted_at) = (None, Admitted::AsItEnds);
    let (asked, counted, ended) = (None, None, Ended::Returned);
    entry(Said::Ends(End { outcome, admitted_in, admitted_at, asked, counted, ended }))
}

pub(crate) fn ok() -> Entry {
    ends(Outcome::Success)
}

pub(crate) fn failed() -> Entry {
    ends(Outcome::Failure)
}

pub(crate) fn ignored() -> Entry {
    ends(Outcome::Ignored)
}

pub(crate) fn serves() -> Entry {
    note("serves", &[])
}

pub(crate) fn backend(event: BackendEvent) -> Entry {
    entry(Said::Plain(What::Backend(event)))
}

/// A line of the logger `app`.
pub(crate) fn logs(fields: &[(&str, Value)]) -> Entry {
    note("logs", fields).about("app")
}

/// Anything else, in these words.
pub(crate) fn does(verb: &str, fields: &[(&str, Value)]) -> Entry {
    note(verb, fields)
}

/// A reading of the statistics: of a new breaker, but for these fields.
pub(crate) fn read(but: &[(&str, Value)]) -> Entry {
    let zero = Value::Int(0);
    let never = Value::Text("never".into());
    let mut fields = vec![
        ("", Value::Text("closed".into())),
        ("since", Value::Instant(Instant::ORIGIN)),
        ("success", zero.clone()),
        ("failure", zero.clone()),
        ("ignored", zero.clone()),
        ("rejected", zero.clone()),
        ("late", zero.clone()),
        ("in flight", zero.clone()),
        ("successes in a row", zero.clone()),
        ("failures in a row", zero.clone()),
        ("transitions", zero.clone()),
        ("last success", never.clone()),
        ("last failure", never),
        ("latencies", zero),
        ("together", Value::Duration(Duration::ZERO)),
    ];
    for (name, value) in but {
        // A breaker that is open to its next call only says since when it has been open.
        let of = if *name == "open since" { "since" } else { name };
        let field = fields.iter_mut().find(|(field, _)| *field == of);
        *field.expect("it is a field of a reading") = (name, value.clone());
    }
    note("is read", &fields)
}

pub(crate) fn count(count: i64) -> Value {
    Value::Int(count)
}

pub(crate) fn moment(nanos: u64) -> Value {
    Value::Instant(Instant::from_nanos(nanos))
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.into())
}

impl Entry {
    /// The same about somebody else.
    pub(crate) fn about(self, who: &'static str) -> Self {
        Self { who, ..self }
    }

    /// The same by another thread.
    pub(crate) fn by(self, thread: &'static str) -> Self {
        Self { thread, ..self }
    }

    /// The end of a call that was admitted in this generation and at this time, not in the current one and now.
    pub(crate) fn admitted(self, generation: u64, at: u64) -> Self {
        self.ends(|end| end.admitted_in = Some(generation)).began(at)
    }

    /// The end of a call that was admitted at this time, not now.
    pub(crate) fn began(self, at: u64) -> Self {
        self.ends(|end| end.admitted_at = Admitted::At(at))
    }

    /// The end of a call for which no clock was read.
    pub(crate) fn untimed(self) -> Self {
        self.ends(|end| end.admitted_at = Admitted::Unread)
    }

    /// The service asks to be left alone for so many nanoseconds.
    pub(crate) fn asks(self, nanos: u64) -> Self {
        self.ends(|end| end.asked = Some(Duration::from_nanos(nanos)))
    }

    /// Ended in this way, not by a result.
    pub(crate) fn without_a_result(self, ended: Ended) -> Self {
        self.ends(|end| end.ended = ended)
    }

    /// Counted like this, whatever would be right.
    pub(crate) fn counted(self, how: Counted) -> Self {
        self.ends(|end| end.counted = Some(how))
    }

    fn ends(mut self, change: impl FnOnce(&mut End)) -> Self {
        let Said::Ends(end) = &mut self.said else { panic!("it is no end of a call") };
        change(end);
        self
    }

    /// It says that it is open for so many nanoseconds.
    pub(crate) fn lasting(mut self, nanos: u64) -> Self {
        let Said::Decides(
            EventKind::Transition { open_for, .. } | EventKind::Renewed { open_for, .. },
        ) = &mut self.said
        else {
            panic!("it opens nothing")
        };
        *open_for = Some(Duration::from_nanos(nanos));
        self
    }

    /// It was so many nanoseconds in the state before.
    pub(crate) fn after(mut self, nanos: u64) -> Self {
        let Said::Decides(EventKind::Transition { after, .. }) = &mut self.said else {
            panic!("it changes nothing")
        };
        *after = Duration::from_nanos(nanos);
        self
    }

    /// Stamped with this generation, whatever would be right.
    pub(crate) fn stamped(self, generation: u64) -> Self {
        Self { generation: Some(generation), ..self }
    }

    /// Decided at this time and heard of later.
    pub(crate) fn decided(self, at: u64) -> Self {
        Self { decided: Some(at), ..self }
    }

    /// A note without the field of this name.
    pub(crate) fn lacks(mut self, name: &str) -> Self {
        let Said::Plain(What::Note { fields, .. }) = &mut self.said else {
            panic!("it is no note")
        };
        fields.retain(|(field, _)| **field != *name);
        self
    }

    /// Whether a new generation begins with it.
    pub(crate) const fn begins_generation(&self) -> bool {
        let kind = &self.said;
        matches!(kind, Said::Decides(EventKind::Transition { .. } | EventKind::Renewed { .. }))
    }

    /// The event that happens at `at`, in `generation` of the breaker that it is about.
    #[track_caller]
    pub(crate) fn event(&self, at: u64, generation: u64) -> Event {
        let decided = self.decided.unwrap_or(at);
        let kind = match &self.said {
            Said::Plain(what) => return self.at(at, what.clone()),
            Said::Decides(kind) => kind.clone(),
            Said::Ends(end) => {
                let admitted_in = end.admitted_in.unwrap_or(generation);
                let admitted_at = match end.admitted_at {
                    Admitted::AsItEnds => Some(decided),
                    Admitted::At(at) => Some(at),
                    Admitted::Unread => None,
                };
                let fits = if admitted_in == generation { Counted::Yes } else { Counted::Stale };
                EventKind::Completed {
                    admitted_in: numbered(admitted_in),
                    admitted_at: admitted_at.map(Instant::from_nanos),
                    outcome: end.outcome,
                    asked: end.asked,
                    counted: end.counted.unwrap_or(fits),
                    ended: end.ended,
                }
            }
        };
        let own = retrip_core::breaker::Event {
            order: 0,
            at: Instant::from_nanos(decided),
            by: UnitNumber::new(0),
            generation: numbered(self.generation.unwrap_or(generation)),
            kind,
        };
        self.at(at, What::Breaker(own))
    }

    #[track_caller]
    fn at(&self, at: u64, what: What) -> Event {
        Event {
            engine: at,
            mono: Instant::from_nanos(at),
            wall: Timestamp::EPOCH,
            node: "local".into(),
            thread: self.thread.into(),
            who: self.who.into(),
            what,
            cause: None,
            source: Location::caller(),
            steps: 0,
            checkpoint: 0,
        }
    }
}

/// The generation of a breaker after so many commands: only a breaker can make one.
fn numbered(number: u64) -> Generation {
    let now = Moment::at(Instant::ORIGIN);
    let mut machine = Machine::new(BreakerConfig::default(), now).expect("the default is valid");
    for _ in 0..number {
        machine.reset(now, &Sound, &mut Vec::new());
    }
    machine.generation()
}

/// Calls that take longer than a second are slow.
pub(crate) fn slow_calls() -> Option<SlowCalls> {
    Some(SlowCalls { slower_than: Duration::from_secs(1), rate: Share::percent(50) })
}
