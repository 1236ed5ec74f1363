//! Does `ends_by_policy` want what calls without a result count as to be what the configuration says?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_core::breaker::{BreakerConfig, CancelPolicy, Ended, PanicPolicy};
use retrip_sim::check::breaker::{EndsByPolicy, ends_by_policy};

fn promise(cancelled: CancelPolicy, panicked: PanicPolicy) -> EndsByPolicy {
    ends_by_policy("llm", &BreakerConfig { cancelled, panicked, ..BreakerConfig::default() })
}

#[test]
fn a_call_without_a_result_counts_as_its_policy_says_and_as_nothing_else() {
    let usual = || promise(CancelPolicy::Ignored, PanicPolicy::Failure);
    let other = || promise(CancelPolicy::Failure, PanicPolicy::Ignored);
    for (ended, usually, otherwise) in [
        (Ended::Cancelled, (ignored(), "Ignored"), (failed(), "Failure")),
        (Ended::Panicked, (failed(), "Failure"), (ignored(), "Ignored")),
    ] {
        for (promise, right, wrong) in
            [(usual(), &usually, &otherwise), (other(), &otherwise, &usually)]
        {
            let end = |(entry, _): &(Entry, &str)| entry.clone().without_a_result(ended);
            keeps(promise.clone(), [(S, end(right), '+')], '.');
            let wanted = format!("{ended:?}, it counts as {}", right.1);
            breaks(promise, [], (S, end(wrong)), &wanted, &format!("as {}", wrong.1));
        }
    }
}

#[test]
fn a_call_with_a_result_is_no_concern_of_it() {
    let promise = promise(CancelPolicy::Ignored, PanicPolicy::Failure);
    keeps(promise, [(S, ok(), '.'), (S, failed(), '.'), (S, ignored(), '.')], '.');
}
