//! A breaker that is called by one caller at a time, as naively as possible.

use super::answer::{Answer, Call, Took};
use super::operation::Command;
use super::window::{Results, Rule};
use retrip_core::breaker::{BreakerConfig, Outcome, State};
use retrip_core::door::Instant;
use retrip_sim::check::Model;
use std::time::Duration;

/// The model of a breaker that trips by failures in a row or by the rates of a window, with a constant interval and without leases.
pub(crate) struct OneByOne {
    failures: Option<u32>,
    window: Option<Rule>,
    successes: u32,
    permits: u32,
    open_for: Duration,
}

/// What it knows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Known {
    generation: u64,
    mode: Mode,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mode {
    /// So many failures in a row, and what is in the window.
    Closed {
        failures: u32,
        results: Results,
    },
    /// It opened at some time between these two, for so long.
    Open {
        from: Instant,
        until: Instant,
        length: Duration,
    },
    Trying {
        in_flight: u32,
        succeeded: u32,
    },
    ForcedOpen,
    Isolated {
        from: Instant,
        until: Instant,
        length: Duration,
    },
    Disabled,
    Measuring,
}

impl OneByOne {
    pub(crate) fn new(config: &BreakerConfig) -> Self {
        Self {
            failures: config.failure_threshold,
            window: config.window.map(Rule::of),
            successes: config.success_threshold,
            permits: config.half_open_permits,
            open_for: config.open_for,
        }
    }

    fn end(&self, known: &Known, call: &Call, trial: bool, outcome: Outcome) -> Vec<Known> {
        let opens = || Mode::Open { from: call.from, until: call.until, length: self.open_for };
        match (&known.mode, outcome) {
            (Mode::Closed { failures, results }, Outcome::Success | Outcome::Failure) => {
                let failed = outcome == Outcome::Failure;
                let failures = if failed { failures + 1 } else { 0 };
                let in_a_row = failed && self.failures == Some(failures);
                let after = |(results, trips): (Results, bool)| match in_a_row || trips {
                    true => known.next(opens()),
                    false => Known { mode: Mode::Closed { failures, results }, ..*known },
                };
                self.record(results, call, failed).into_iter().map(after).collect()
            }
            (&Mode::Trying { in_flight, succeeded }, _) if trial => {
                let tries = |succeeded| {
                    let in_flight = in_flight - 1;
                    Known { mode: Mode::Trying { in_flight, succeeded }, ..*known }
                };
                let after = |is_slow| match outcome {
                    Outcome::Ignored => tries(succeeded),
                    Outcome::Failure => known.next(opens()),
                    // A slow service has not recovered.
                    Outcome::Success if is_slow => known.next(opens()),
                    Outcome::Success if succeeded + 1 == self.successes => known.next(CLOSED),
                    Outcome::Success => tries(succeeded + 1),
                };
                self.may_be_slow(call).into_iter().map(after).collect()
            }
            _ => vec![known.clone()],
        }
    }

    /// What may be in the window after a result, and whether it opens the breaker.
    fn record(&self, results: &Results, call: &Call, failed: bool) -> Vec<(Results, bool)> {
        let Some(rule) = &self.window else { return vec![(results.clone(), false)] };
        rule.after(results, (call.from, call.until), failed, took(call))
    }

    /// Whether a call was slow: both where that is not certain.
    fn may_be_slow(&self, call: &Call) -> Vec<bool> {
        self.window.map_or(vec![false], |rule| rule.may_be_slow(took(call)))
    }

    /// What `command` makes of it: twice where it may or may not have been over already.
    fn by_hand(known: &Known, call: &Call, command: Command) -> Vec<Known> {
        let (from, until) = (call.from, call.until);
        let next = |mode| vec![known.next(mode)];
        match command {
            Command::Reset => next(CLOSED),
            Command::ForceOpen => next(Mode::ForcedOpen),
            Command::Isolate(length) => next(Mode::Isolated { from, until, length }),
            Command::Disable => next(Mode::Disabled),
            Command::OnlyMeasure => next(Mode::Measuring),
            Command::Refresh => known.at(call),
            Command::Lift => known.at(call).into_iter().map(Known::lifted).collect(),
        }
    }
}

/// How long a call took that has ended.
fn took(call: &Call) -> Took {
    let took = match call.answer {
        Answer::Ended { took, .. } => took,
        _ => None,
    };
    took.unwrap_or(Took { least: Duration::ZERO, most: Duration::ZERO })
}

/// Closed, and nothing has been called.
const CLOSED: Mode = Mode::Closed { failures: 0, results: Results::NONE };

impl Known {
    const fn next(&self, mode: Mode) -> Self {
        Self { generation: self.generation + 1, mode }
    }

    fn lifted(self) -> Self {
        match self.mode {
            Mode::Closed { .. } | Mode::Open { .. } | Mode::Trying { .. } => self,
            Mode::ForcedOpen | Mode::Isolated { .. } => {
                self.next(Mode::Trying { in_flight: 0, succeeded: 0 })
            }
            Mode::Disabled | Mode::Measuring => self.next(CLOSED),
        }
    }

    /// What it is during `call`, where that may have been before and after the end of its interval both of them.
    fn at(&self, call: &Call) -> Vec<Self> {
        let (Mode::Open { from, until, length } | Mode::Isolated { from, until, length }) =
            self.mode
        else {
            return vec![self.clone()];
        };
        let may_be_over = call.until.saturating_duration_since(from) >= length;
        let may_not_be_over = call.from.saturating_duration_since(until) < length;
        let over = may_be_over.then(|| self.next(Mode::Trying { in_flight: 0, succeeded: 0 }));
        may_not_be_over.then(|| self.clone()).into_iter().chain(over).collect()
    }

    /// How much is left of its interval during `call`: the least and the most.
    fn left(&self, call: &Call) -> Option<(Duration, Duration)> {
        let (Mode::Open { from, until, length } | Mode::Isolated { from, until, length }) =
            self.mode
        else {
            return None;
        };
        let least = length.saturating_sub(call.until.saturating_duration_since(from));
        Some((least, length.saturating_sub(call.from.saturating_duration_since(until))))
    }
}

impl Model for OneByOne {
    type State = Known;
    type Call = Call;

    fn start(&self) -> Known {
        Known { generation: 0, mode: CLOSED }
    }

    fn apply(&self, known: &Known, call: &Call) -> Vec<Known> {
        match call.answer {
            Answer::Done(command) => Self::by_hand(known, call, command),
            Answer::Ended { generation, .. } if generation != known.generation => {
                vec![known.clone()]
            }
            Answer::Ended { trial, outcome, .. } => {
                // A permit that is dropped is ignored by default.
                self.end(known, call, trial, outcome.unwrap_or(Outcome::Ignored))
            }
            Answer::Admitted { generation, trial } => {
                let admits = |known: Known| self.admits(known, trial);
                let admitted = known.at(call).into_iter().filter_map(admits);
                admitted.filter(|known| known.generation == generation).collect()
            }
            Answer::Rejected { state, retry_after } => {
                let rejects = |known: &Known| self.rejects(known, call, state, retry_after);
                known.at(call).into_iter().filter(rejects).collect()
            }
        }
    }
}

impl OneByOne {
    /// What it knows after it has admitted a call, as a trial or not; nothing where it does not.
    fn admits(&self, known: Known, trial: bool) -> Option<Known> {
        match known.mode {
            Mode::Closed { .. } | Mode::Disabled | Mode::Measuring if !trial => Some(known),
            Mode::Trying { in_flight, succeeded } if trial => {
                if in_flight + succeeded == self.permits {
                    return None;
                }
                let mode = Mode::Trying { in_flight: in_flight + 1, succeeded };
                Some(Known { mode, ..known })
            }
            _ => None,
        }
    }

    fn rejects(
        &self,
        known: &Known,
        call: &Call,
        state: State,
        retry_after: Option<Duration>,
    ) -> bool {
        match known.mode {
            Mode::Closed { .. } | Mode::Disabled | Mode::Measuring => false,
            Mode::Trying { in_flight, succeeded } => {
                state == State::HalfOpen && in_flight + succeeded == self.permits
            }
            Mode::ForcedOpen => state == State::Open && retry_after.is_none(),
            Mode::Open { .. } | Mode::Isolated { .. } => {
                let within = |left| {
                    known.left(call).is_some_and(|(least, most)| least <= left && left <= most)
                };
                state == State::Open && retry_after.is_some_and(within)
            }
        }
    }
}
