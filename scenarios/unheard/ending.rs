//! How each of these situations ends, and what is asked of all of them.

use super::operation::UnheardOperation;
use super::promise;
use retrip_core::breaker::BreakerConfig;
use retrip_sim::part::Operation;
use retrip_sim::scenario::Draft;

/// In the end the calls with these labels are dropped, one more shows what the breaker has become, and what it has counted is
/// read. Every answer has to be that of one call after the other, and every call counted.
pub(crate) fn ends<'a>(
    s: &mut Draft<'_>,
    labels: impl IntoIterator<Item = &'a str>,
    config: &BreakerConfig,
) {
    let drops = |label: &str| Operation::new(UnheardOperation::End(label.into(), None));
    for label in labels {
        s.finally(drops(label));
    }
    s.finally(Operation::new(UnheardOperation::Ask("last".into())));
    s.finally(drops("last"));
    s.finally(Operation::new(UnheardOperation::Read));
    s.check(promise::one_by_one(config));
    s.check(promise::every_call_is_counted(config.counting));
}
