//! What a circuit breaker promises, one promise per file. Each is judged from the breaker's events alone, by a model of
//! its own that shares no code with the breaker.

mod bounded_trials;
mod closes_at_kth_success;
mod counts_add_up;
mod counts_match;
mod ends_by_policy;
mod failed_trial_restarts_interval;
mod fenced_results;
mod half_open_ends;
mod judged;
mod latency_is_exact;
mod legal_edges;
mod load_is_bounded;
mod manual_wins;
mod open_ends;
mod open_rejects;
mod opening;
mod opens_for_its_interval;
mod permits_are_given;
mod permits_come_back;
mod recovers;
mod recovery_takes;
mod rejection_runs_nothing;
mod retry_after_is_right;
mod silent;
mod silent_trials_end;
mod standing;
mod trials;
mod trips_by_its_rules;
mod trips_exactly;

pub use bounded_trials::{BoundedTrials, bounded_trials};
pub use closes_at_kth_success::{ClosesAtKthSuccess, closes_at_kth_success};
pub use counts_add_up::{CountsAddUp, counts_add_up};
pub use counts_match::{CountsMatch, counts_match};
pub use ends_by_policy::{EndsByPolicy, ends_by_policy};
pub use failed_trial_restarts_interval::{
    FailedTrialRestartsInterval, failed_trial_restarts_interval,
};
pub use fenced_results::{FencedResults, fenced_results};
pub use half_open_ends::{HalfOpenEnds, half_open_ends};
pub use latency_is_exact::{LatencyIsExact, latency_is_exact};
pub use legal_edges::{LegalEdges, legal_edges};
pub use load_is_bounded::{LoadIsBounded, load_is_bounded};
pub use manual_wins::{ManualWins, manual_wins};
pub use open_ends::{OpenEnds, open_ends};
pub use open_rejects::{OpenRejects, open_rejects};
pub use opening::OpenFor;
pub use opens_for_its_interval::{OpensForItsInterval, opens_for_its_interval};
pub use permits_are_given::{PermitsAreGiven, permits_are_given};
pub use permits_come_back::{PermitsComeBack, permits_come_back};
pub use recovers::{Recovers, recovers};
pub use recovery_takes::{RecoveryTakes, recovery_takes};
pub use rejection_runs_nothing::{RejectionRunsNothing, rejection_runs_nothing};
pub use retry_after_is_right::{RetryAfterIsRight, retry_after_is_right};
pub use silent_trials_end::{SilentTrialsEnd, silent_trials_end};
pub use trips_by_its_rules::{TripsByItsRules, trips_by_its_rules};
pub use trips_exactly::{TripsExactly, trips_exactly};

use crate::log::{Event, Name, Value, What};
use retrip_core::breaker;

/// The breaker's own event in `event`, where it is one of the breaker called `who`.
fn of<'e>(event: &'e Event, who: &str) -> Option<&'e breaker::Event> {
    match &event.what {
        What::Breaker(own) if *event.who == *who => Some(own),
        _ => None,
    }
}

/// The fields of a reading of the statistics of the breaker called `who`, where `event` is one.
fn reading<'e>(event: &'e Event, who: &str) -> Option<&'e [(Name, Value)]> {
    match &event.what {
        What::Note { verb, fields } if **verb == *"is read" && *event.who == *who => Some(fields),
        _ => None,
    }
}

/// The number of calls under way that a reading with these fields tells of, however wrong it is.
fn in_flight(fields: &[(Name, Value)]) -> Option<i64> {
    fields.iter().find_map(|(name, value)| match value {
        Value::Int(count) if **name == *"in flight" => Some(*count),
        _ => None,
    })
}
