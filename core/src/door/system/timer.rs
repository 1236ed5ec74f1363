//! A future that completes at a deadline, on any executor: one thread of its own serves them all.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

/// Completes at its deadline. Dropping it takes it off the list.
#[derive(Debug)]
pub struct Timer {
    deadline: Instant,
    ticket: Option<u64>,
}

impl Timer {
    pub(super) fn at(deadline: Instant) -> Self {
        Self { deadline, ticket: None }
    }
}

impl Future for Timer {
    type Output = ();

    #[expect(clippy::disallowed_methods, reason = "System is the one place that reads real clocks")]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.deadline {
            return Poll::Ready(());
        }
        let deadline = self.deadline;
        let ticket = alarm().set(deadline, self.ticket, context.waker().clone());
        self.ticket = Some(ticket);
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            alarm().clear(self.deadline, ticket);
        }
    }
}

/// All timers of the process that wait, by deadline, then by the order in which they were first polled.
#[derive(Debug, Default)]
struct Alarm {
    waiting: parking_lot::Mutex<Waiting>,
    earlier: parking_lot::Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    wakers: BTreeMap<(Instant, u64), Waker>,
    tickets: u64,
}

/// The process's alarm; its thread starts with the first timer that has to wait.
fn alarm() -> &'static Alarm {
    static ALARM: OnceLock<Alarm> = OnceLock::new();
    static THREAD: OnceLock<()> = OnceLock::new();
    let alarm = ALARM.get_or_init(Alarm::default);
    THREAD.get_or_init(|| {
        std::thread::Builder::new()
            .name("retrip-timer".to_owned())
            .spawn(|| alarm.ring())
            .expect("the process has room for one more thread");
    });
    alarm
}

impl Alarm {
    fn set(&self, deadline: Instant, ticket: Option<u64>, waker: Waker) -> u64 {
        let mut waiting = self.waiting.lock();
        let ticket = ticket.unwrap_or_else(|| {
            waiting.tickets += 1;
            waiting.tickets
        });
        waiting.wakers.insert((deadline, ticket), waker);
        self.earlier.notify_one();
        ticket
    }

    fn clear(&self, deadline: Instant, ticket: u64) {
        self.waiting.lock().wakers.remove(&(deadline, ticket));
    }

    #[expect(clippy::disallowed_methods, reason = "System is the one place that reads real clocks")]
    fn ring(&self) {
        let mut waiting = self.waiting.lock();
        loop {
            let now = Instant::now();
            match waiting.wakers.first_key_value() {
                None => self.earlier.wait(&mut waiting),
                Some((&(deadline, _), _)) if deadline > now => {
                    self.earlier.wait_until(&mut waiting, deadline);
                }
                Some(_) => {
                    let (_, waker) = waiting.wakers.pop_first().expect("a first one was just seen");
                    // A waker is foreign code: it runs without the lock, and its panic stops no other timer.
                    parking_lot::MutexGuard::unlocked(&mut waiting, || {
                        let _ =
                            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| waker.wake()));
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::{Clock, Spawn, System};
    use std::sync::Arc;
    use std::task::Wake;
    use std::time::Duration;

    struct Unpark(std::thread::Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    #[test]
    fn timers_complete_at_their_deadline_and_not_before() {
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        let mut context = Context::from_waker(&waker);
        let start = System.now();
        for delay in [3, 1, 0] {
            let deadline = start.saturating_add(Duration::from_millis(delay));
            let mut timer = System.timer(deadline);
            while Pin::new(&mut timer).poll(&mut context).is_pending() {
                std::thread::park();
            }
            assert!(System.now() >= deadline);
        }
    }

    #[test]
    fn a_dropped_timer_leaves_no_waker_behind() {
        let unpark = Arc::new(Unpark(std::thread::current()));
        let waker = Waker::from(unpark.clone());
        let deadline = System.now().saturating_add(Duration::from_secs(3600));
        let mut timer = System.timer(deadline);
        assert!(Pin::new(&mut timer).poll(&mut Context::from_waker(&waker)).is_pending());
        drop((timer, waker));
        assert_eq!(Arc::strong_count(&unpark), 1);
    }
}
