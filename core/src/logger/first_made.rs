//! The planted way to a logger's sink: the one that the unit of execution has made first, as a logger of the whole process has it.

use super::outlet::Outlet;
use super::plants;
use crate::door::{Platform, Rules, parts};
use std::any::Any;
use std::sync::Arc;

/// The first outlet that a unit has made.
#[derive(Default)]
struct FirstMade(Option<Arc<dyn Any + Send + Sync>>);

/// `own`, but where [`plants::LOGGERS_SHARE_THE_FIRST_SINK`] is switched on.
pub(super) fn outlet_for<P: Platform>(platform: &P, own: Arc<Outlet<P>>) -> Arc<Outlet<P>> {
    if !platform.broken_by(plants::LOGGERS_SHARE_THE_FIRST_SINK) {
        return own;
    }
    parts::with(platform, |first: &mut FirstMade| {
        let first = first.0.get_or_insert_with(|| Arc::<Outlet<P>>::clone(&own));
        Arc::clone(first).downcast().unwrap_or(own)
    })
}
