//! What is promised to whoever is asked again and again.

use super::{Backoff, told};
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::span::Seconds;

/// The wait before the next try doubles up to its longest, and at least half of it is waited.
pub(crate) fn waits_double_up_to_the_longest(backoff: Backoff) -> impl Promise {
    let statement = format!(
        "the wait before a retry doubles, from {} to {}, and at most half of it is left out",
        Seconds(backoff.first),
        Seconds(backoff.longest)
    );
    always("waits_double_up_to_the_longest", statement, move |event| {
        let Some((failed, wait)) = told(event) else { return Judgement::NotConcerned };
        let full = backoff.full(failed);
        if full / 2 <= wait && wait <= full {
            return Judgement::Holds;
        }
        Judgement::broken(
            format!("{} to {} after try {failed}", Seconds(full / 2), Seconds(full)),
            format!("{}", Seconds(wait)),
        )
    })
}
