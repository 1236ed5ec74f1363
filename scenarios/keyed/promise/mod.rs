//! What is promised of breakers by key: each in a file of its own, from what is certain in the log.

mod a_key_has_one_breaker;
mod idle_goes_exactly;
mod least_recently_used_goes;
mod never_more_than_capacity;
mod nobody_is_refused_while_one_may_go;
mod who_is_held_stays;
mod who_is_open_stays;

pub(super) use a_key_has_one_breaker::a_key_has_one_breaker;
pub(super) use idle_goes_exactly::idle_goes_exactly;
pub(super) use least_recently_used_goes::least_recently_used_goes;
pub(super) use never_more_than_capacity::never_more_than_capacity;
pub(super) use nobody_is_refused_while_one_may_go::nobody_is_refused_while_one_may_go;
pub(super) use who_is_held_stays::who_is_held_stays;
pub(super) use who_is_open_stays::who_is_open_stays;

use super::tenants::Tenants;
use retrip_sim::scenario::Draft;

/// Everything that is promised of these breakers.
pub(super) fn all(s: &mut Draft<'_>, tenants: &Tenants) {
    s.check(never_more_than_capacity(tenants.bounds.capacity.get()));
    s.check(who_is_open_stays());
    s.check(who_is_held_stays());
    s.check(idle_goes_exactly(tenants.bounds.idle));
    s.check(least_recently_used_goes());
    s.check(nobody_is_refused_while_one_may_go());
    s.check(a_key_has_one_breaker());
}
