//! A bounded queue with time limits, as somebody would write it on std. It is compiled against std and against us: what it
//! uses is imported by the module above.

use super::{Arc, AtomicUsize, Condvar, Duration, Instant, Mutex, MutexGuard, Ordering, thread};
use std::collections::VecDeque;

pub(crate) struct Queue<T> {
    items: Mutex<VecDeque<T>>,
    taken: Condvar,
    given: Condvar,
    room: usize,
    refused: AtomicUsize,
}

impl<T> Queue<T> {
    pub(crate) fn new(room: usize) -> Self {
        let (items, taken, given) = (Mutex::new(VecDeque::new()), Condvar::new(), Condvar::new());
        Self { items, taken, given, room, refused: AtomicUsize::new(0) }
    }

    /// Waits for room, for `limit` at most, and then refuses the item.
    pub(crate) fn give(&self, item: T, limit: Duration) -> Result<(), T> {
        let until = Instant::now() + limit;
        let mut items: MutexGuard<'_, VecDeque<T>> = self.items.lock().expect("nobody panics");
        while items.len() == self.room {
            let left = until.saturating_duration_since(Instant::now());
            let (guard, result) = self.taken.wait_timeout(items, left).expect("nobody panics");
            items = guard;
            if result.timed_out() && items.len() == self.room {
                self.refused.fetch_add(1, Ordering::Relaxed);
                return Err(item);
            }
        }
        items.push_back(item);
        drop(items);
        self.given.notify_one();
        Ok(())
    }

    /// Waits for an item, for `limit` at most.
    pub(crate) fn take(&self, limit: Duration) -> Option<T> {
        let empty = |items: &mut VecDeque<T>| items.is_empty();
        let items = self.items.lock().expect("nobody panics");
        let (mut items, _) =
            self.given.wait_timeout_while(items, limit, empty).expect("nobody panics");
        let item = items.pop_front();
        drop(items);
        self.taken.notify_one();
        item
    }

    pub(crate) fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }
}

/// Givers and takers of numbers, who try again when a limit is over; returns the sum of what was taken.
pub(crate) fn hand_over(threads: u64, each: u64) -> u64 {
    const LIMIT: Duration = Duration::from_secs(1);
    let queue: Arc<Queue<u64>> = Arc::new(Queue::new(2));
    let givers: Vec<thread::JoinHandle<()>> = (0..threads)
        .map(|giver| {
            let queue = Arc::clone(&queue);
            let name = format!("giver-{giver}");
            let gives =
                move || (0..each).for_each(|item| while queue.give(item, LIMIT).is_err() {});
            let builder = thread::Builder::new().name(name).stack_size(64 * 1024);
            builder.spawn(gives).expect("there is room")
        })
        .collect();
    let takers: Vec<_> = (0..threads)
        .map(|_| {
            let queue = Arc::clone(&queue);
            let take = move || std::iter::repeat_with(|| queue.take(LIMIT)).find_map(|item| item);
            let takes = move || (0..each).filter_map(|_| take()).sum::<u64>();
            thread::spawn(takes)
        })
        .collect();
    givers.into_iter().for_each(|giver| giver.join().expect("no giver panics"));
    takers.into_iter().map(|taker| taker.join().expect("no taker panics")).sum()
}
