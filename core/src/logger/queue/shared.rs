//! What those who log share with the unit that writes.

use super::intake::Intake;
use crate::door::Platform;

/// The lines that wait, and who is told of what.
pub(super) struct Shared<P: Platform> {
    pub(super) intake: P::Mutex<Intake>,
    /// Something is to be done.
    pub(super) work: P::Condvar,
    /// Something has been done.
    pub(super) done: P::Condvar,
}
