//! Do threads start, end, park and unwind as with std?

use super::simulate;
use retrip_sim::engine::threads::Failure;
use retrip_sim::engine::{Setup, run};
use retrip_sim::seed::Seed;
use retrip_sim::sync::Arc;
use retrip_sim::sync::atomic::{AtomicBool, Ordering::SeqCst};
use retrip_sim::thread;
use retrip_sim::time::{Duration, Instant};

#[test]
fn a_thread_ends_with_its_value_and_has_an_identity_of_its_own() {
    for seed in 0..50 {
        simulate(seed, || {
            let me = thread::current();
            let other = thread::spawn(|| thread::current().id());
            let id = other.thread().id();
            while !other.is_finished() {
                thread::yield_now();
            }
            assert_eq!(other.join().unwrap(), id);
            assert_ne!(id, me.id());
            assert_eq!(thread::current().id(), me.id());
        });
    }
}

#[test]
fn a_thread_is_finished_once_it_has_ended_and_not_before() {
    simulate(0, || {
        let other = thread::spawn(thread::park);
        thread::sleep(Duration::from_secs(1));
        assert!(!other.is_finished());
        other.thread().unpark();
        thread::sleep(Duration::from_secs(1));
        assert!(other.is_finished());
        other.join().unwrap();
    });
}

#[test]
fn one_unpark_is_kept_and_a_park_may_have_a_limit() {
    simulate(0, || {
        let me = thread::current();
        me.unpark();
        me.unpark();
        let start = Instant::now();
        thread::park();
        thread::park_timeout(Duration::from_secs(5));
        assert_eq!(start.elapsed(), Duration::from_secs(5), "two unparks are one");
        let other = thread::spawn(move || {
            thread::sleep(Duration::from_secs(1));
            me.unpark();
        });
        thread::park_timeout(Duration::from_secs(5));
        assert_eq!(start.elapsed(), Duration::from_secs(6));
        other.join().unwrap();
    });
}

#[test]
fn a_panic_is_only_that_threads_own_and_fails_the_run_with_its_name() {
    struct Looks(Arc<AtomicBool>);
    impl Drop for Looks {
        fn drop(&mut self) {
            self.0.store(thread::panicking(), SeqCst);
        }
    }
    let ended = run(Setup::of(Seed::new(0)), |_| {
        let seen = Arc::new(AtomicBool::new(false));
        let looks = Looks(Arc::clone(&seen));
        let other = thread::Builder::new().name("careless".to_owned()).spawn(move || {
            let _looks = looks;
            panic!("a slip");
        });
        let _ = other.expect("there is room").join();
    });
    let Some(Failure::Panic { thread, message, .. }) = ended.failure else { panic!("it fails") };
    assert_eq!((&*thread, &*message), ("careless", "a slip"));
    assert!(!thread::panicking(), "and nobody outside");
}

#[test]
fn a_name_that_no_plan_could_hold_is_one_that_it_can() {
    let called = |name: &'static str| {
        let ended = run(Setup::of(Seed::new(0)), move |_| {
            let other = thread::Builder::new().name(name.to_owned()).spawn(|| panic!("a slip"));
            let _ = other.expect("there is room").join();
        });
        let Some(Failure::Panic { thread, .. }) = ended.failure else { panic!("it fails") };
        // It can stand in a schedule.
        let turn = format!("threads 0 schedule written; {thread}@1 -> main");
        assert!(turn.parse::<retrip_sim::plan::Plan>().is_ok(), "{turn}");
        thread.to_string()
    };
    assert_eq!(called("worker 1"), "worker-1");
    assert_eq!(called("a;b\tc"), "a-b-c");
    assert_eq!(called("a\u{1b}b"), "a-b");
    assert_eq!(called("#1"), "-1");
    assert_eq!(called("="), "-");
    assert_eq!(called(""), "-");
    assert_eq!(called("plain"), "plain");
}

#[test]
fn a_destructor_sees_the_panic_of_its_thread() {
    struct Looks<'a>(&'a AtomicBool);
    impl Drop for Looks<'_> {
        fn drop(&mut self) {
            self.0.store(thread::panicking(), SeqCst);
        }
    }
    simulate(0, || {
        let seen = AtomicBool::new(false);
        drop(Looks(&seen));
        assert!(!seen.load(SeqCst));
        let slips = std::panic::AssertUnwindSafe(|| {
            let _looks = Looks(&seen);
            panic!("a slip");
        });
        assert!(std::panic::catch_unwind(slips).is_err());
        assert!(seen.load(SeqCst));
        assert!(!thread::panicking());
    });
}

#[test]
#[should_panic(expected = "only a simulated thread has a simulated platform")]
fn outside_of_a_run_no_thread_starts() {
    thread::spawn(|| ());
}
