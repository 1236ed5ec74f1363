//! Their side: the same programs on shuttle 0.9, with its own random scheduler.

use shuttle::scheduler::RandomScheduler;
use shuttle::sync::atomic::{AtomicU64, Ordering::SeqCst};
use shuttle::sync::{Arc, Mutex};
use shuttle::{Config, Runner, thread};

/// `schedules` runs of `threads` threads that each add one `times` times to one atomic.
pub fn atomics(seed: u64, schedules: usize, threads: usize, times: u64) {
    runner(seed, schedules).run(move || {
        let counter = Arc::new(AtomicU64::new(0));
        together(threads, move || {
            for _ in 0..times {
                counter.fetch_add(1, SeqCst);
            }
        });
    });
}

/// `schedules` runs of `threads` threads that each take one lock `times` times.
pub fn locks(seed: u64, schedules: usize, threads: usize, times: u64) {
    runner(seed, schedules).run(move || {
        let counter = Arc::new(Mutex::new(0_u64));
        together(threads, move || {
            for _ in 0..times {
                *counter.lock().expect("no thread panics") += 1;
            }
        });
    });
}

fn runner(seed: u64, schedules: usize) -> Runner<RandomScheduler> {
    let mut config = Config::new();
    config.max_steps = shuttle::MaxSteps::None;
    Runner::new(RandomScheduler::new_from_seed(seed, schedules), config)
}

fn together(threads: usize, body: impl Fn() + Clone + Send + 'static) {
    let handles: Vec<_> = (0..threads).map(|_| thread::spawn(body.clone())).collect();
    for handle in handles {
        handle.join().expect("a worker ends");
    }
}
