//! What is promised to a crowd.

use super::callers::BREAKER;
use retrip_core::breaker::{self, EventKind};
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::log::{Name, Value, What};

/// In the end the breaker has counted exactly what its callers were answered and the changes that it told of, and nothing is in
/// flight.
pub(super) fn everything_is_counted() -> impl Promise {
    let (mut success, mut failure, mut rejected, mut changes) = (0, 0, 0, 0);
    let statement = "the breaker has counted exactly what its callers were answered";
    always("everything_is_counted", statement, move |event| {
        let fields = match &event.what {
            What::Breaker(breaker::Event { kind: EventKind::Transition { .. }, .. }) => {
                changes += 1;
                return Judgement::NotConcerned;
            }
            What::Note { verb, fields } if **verb == *"has made" => {
                success += int(fields, "success");
                failure += int(fields, "failure");
                rejected += int(fields, "rejected");
                return Judgement::NotConcerned;
            }
            What::Note { verb, fields } if **verb == *"has counted" && *event.who == *BREAKER => {
                fields
            }
            _ => return Judgement::NotConcerned,
        };
        let wanted = [
            ("success", success),
            ("failure", failure),
            ("rejected", rejected),
            ("ignored", 0),
            ("in flight", 0),
            ("changes", changes),
        ];
        let say = |(name, count): (&str, i64)| format!("{count} {name}");
        let found = wanted.map(|(name, _)| say((name, int(fields, name)))).join(", ");
        Judgement::equal(wanted.map(say).join(", "), found)
    })
}

fn int(fields: &[(Name, Value)], name: &str) -> i64 {
    let found = fields.iter().find(|(field, _)| **field == *name).map(|(_, value)| value);
    match found {
        Some(Value::Int(number)) => *number,
        other => panic!("{name} is {other:?}, and no number"),
    }
}
