//! What a semaphore gives out: permits that come back when they are dropped.

use super::{Semaphore, many};
use std::fmt;
use std::sync::Arc;

/// What the two kinds of permit have in common.
macro_rules! permit {
    ($name:ident $(<$life:lifetime>)?, $semaphore:ty) => {
        /// Gives its permits back when it is dropped, which is a scheduling point.
        #[must_use = "permits that are dropped at once are given back at once"]
        pub struct $name $(<$life>)? {
            semaphore: $semaphore,
            permits: u32,
        }

        impl $(<$life>)? $name $(<$life>)? {
            pub(super) fn new(semaphore: $semaphore, permits: u32) -> Self {
                Self { semaphore, permits }
            }

            /// Keeps the permits for ever.
            pub fn forget(mut self) {
                self.permits = 0;
            }

            /// How many permits it holds.
            #[must_use]
            pub fn num_permits(&self) -> usize {
                many(self.permits)
            }

            /// Takes over those of `other`.
            ///
            /// # Panics
            /// They are of another semaphore.
            #[track_caller]
            pub fn merge(&mut self, mut other: Self) {
                let same = std::ptr::eq(&raw const *self.semaphore, &raw const *other.semaphore);
                assert!(same, "merging permits from different semaphore instances");
                self.permits += std::mem::take(&mut other.permits);
            }

            /// `n` of its permits; none where it has fewer.
            pub fn split(&mut self, n: usize) -> Option<Self> {
                let n = u32::try_from(n).ok()?;
                self.permits = self.permits.checked_sub(n)?;
                Some(Self { semaphore: self.semaphore.clone(), permits: n })
            }
        }

        impl $(<$life>)? Drop for $name $(<$life>)? {
            fn drop(&mut self) {
                if self.permits > 0 {
                    self.semaphore.release_in_drop(many(self.permits));
                }
            }
        }

        impl $(<$life>)? fmt::Debug for $name $(<$life>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).field("permits", &self.permits).finish_non_exhaustive()
            }
        }
    };
}

permit!(SemaphorePermit<'a>, &'a Semaphore);
permit!(OwnedSemaphorePermit, Arc<Semaphore>);

impl OwnedSemaphorePermit {
    /// Whose permits these are.
    #[must_use]
    pub fn semaphore(&self) -> &Arc<Semaphore> {
        &self.semaphore
    }
}
