//! The time that processors have spent. Unlike time on the wall it does not grow while others have the processor.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// On this process, all threads together.
#[must_use]
pub fn cpu_time() -> Duration {
    spent_on(ClockId::ProcessCPUTime)
}

/// On this thread.
#[must_use]
pub fn thread_time() -> Duration {
    spent_on(ClockId::ThreadCPUTime)
}

/// How long this thread has waited for a processor while others had it; nothing where the system does not tell.
#[must_use]
pub fn waited() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split(' ').nth(1).and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

/// The processor's time that `work` takes, in all threads.
pub fn timed(work: impl FnOnce()) -> Duration {
    let start = cpu_time();
    work();
    cpu_time().saturating_sub(start)
}

fn spent_on(clock: ClockId) -> Duration {
    let spent = clock_gettime(clock);
    let seconds = u64::try_from(spent.tv_sec).expect("no negative time is spent");
    let nanos = u32::try_from(spent.tv_nsec).expect("nanoseconds are below a second");
    Duration::new(seconds, nanos)
}
