//! Whether what a machine tells of itself is in order.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use retrip_core::breaker::{BreakerConfig, Cause, Counted, Event, EventKind, State};
use retrip_core::door::Instant;

/// Whether a breaker goes from one state to the other for this reason.
fn is_legal(from: State, to: State, cause: Cause) -> bool {
    use State::{Closed, HalfOpen, Open};
    match cause {
        Cause::Threshold | Cause::FailureRate | Cause::SlowRate => (from, to) == (Closed, Open),
        Cause::IntervalOver => (from, to) == (Open, HalfOpen),
        Cause::TrialFailed | Cause::TrialSlow | Cause::NotClosedInTime => {
            (from, to) == (HalfOpen, Open)
        }
        Cause::TrialsSucceeded => (from, to) == (HalfOpen, Closed),
        Cause::Forced | Cause::Isolated => to == Open,
        Cause::Disabled | Cause::MetricsOnly | Cause::Reset => to == Closed,
        Cause::Lifted => (from, to) == (Open, HalfOpen) || to == Closed && from == Closed,
        _ => false,
    }
}

/// No gaps, readings in order, legal edges only, and each new generation by exactly one event.
pub(crate) fn is_in_order(journal: &[Event], config: &BreakerConfig) -> Result<(), TestCaseError> {
    let (mut state, mut generation, mut last) = (State::Closed, 0, Instant::ORIGIN);
    let mut entered = Instant::ORIGIN;
    for (order, event) in (0..).zip(journal) {
        prop_assert_eq!(event.order, order);
        prop_assert!(event.at >= last);
        last = event.at;
        match &event.kind {
            EventKind::Transition { from, to, after, cause, .. } => {
                prop_assert_eq!(*from, state);
                prop_assert_ne!(from, to);
                prop_assert!(is_legal(*from, *to, *cause), "{from} to {to}: {cause:?}");
                prop_assert_eq!(*after, event.at.saturating_duration_since(entered));
                (state, generation, entered) = (*to, generation + 1, event.at);
            }
            EventKind::Renewed { state: renewed, cause, .. } => {
                prop_assert_eq!(*renewed, state);
                prop_assert!(is_legal(state, state, *cause), "still {state}: {cause:?}");
                generation += 1;
            }
            EventKind::TrialBegins { trial, permits } => {
                prop_assert_eq!(state, State::HalfOpen);
                prop_assert_eq!(*permits, config.half_open_permits);
                prop_assert!((1..=*permits).contains(trial));
            }
            EventKind::TrialReclaimed { admitted_at } => {
                prop_assert_eq!(state, State::HalfOpen);
                let silent = event.at.saturating_duration_since(*admitted_at);
                prop_assert!(config.trial_lease.is_some_and(|lease| silent >= lease));
            }
            EventKind::Completed { admitted_in, counted, .. } => {
                // A trial that was silent for too long is late in its own generation.
                if *counted == Counted::Yes {
                    prop_assert_eq!(admitted_in.as_u64(), generation);
                }
            }
            EventKind::Rejected { state: refusing, .. } => prop_assert_eq!(*refusing, state),
            other => return Err(TestCaseError::fail(format!("an unknown event: {other:?}"))),
        }
        prop_assert_eq!(event.generation.as_u64(), generation);
    }
    Ok(())
}
