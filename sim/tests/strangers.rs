//! Does a run keep to itself: other runs' objects, runs within runs, and the process's panic hook?

use retrip_core::door::{Mutex, SyncPrimitives};
use retrip_sim::engine::threads::Failure;
use retrip_sim::engine::{Setup, run};
use retrip_sim::seed::Seed;
use std::panic;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, mpsc};

fn setup() -> Setup<'static> {
    Setup::of(Seed::new(1))
}

#[test]
fn what_is_left_of_another_run_can_be_dropped_in_this_one_and_frees_nothing_of_it() {
    let (sender, receiver) = mpsc::channel();
    run(setup(), move |sim| {
        sender.send((sim.mutex(1), sim.condvar())).expect("the test listens");
    });
    let left = receiver.recv().expect("the run sent it");
    let ended = run(setup(), move |sim| {
        let (mutex, condvar) = (sim.mutex(1), sim.condvar());
        let guard = mutex.lock();
        drop(left);
        assert!(mutex.try_lock().is_none(), "the lock is still held");
        let other = sim.mutex(2);
        assert!(other.try_lock().is_some(), "a new lock is a lock of its own");
        drop((guard, condvar));
    });
    assert_eq!(ended.failure, None);
}

#[test]
fn a_run_cannot_start_within_another_one_which_goes_on() {
    let ended = run(setup(), |_| {
        let inner = panic::catch_unwind(|| run(setup(), |_| ()).steps);
        let payload = inner.expect_err("it is refused");
        let said = payload.downcast_ref::<&str>().copied().unwrap_or_default();
        assert!(said.contains("cannot start within another one"), "{said}");
        panic!("the outer run goes on");
    });
    let Some(Failure::Panic { message, .. }) = ended.failure else { panic!("no panic") };
    assert_eq!(message, "the outer run goes on");
}

#[test]
fn a_panic_of_a_simulated_thread_is_not_printed_and_any_other_goes_to_the_hook_that_was_there() {
    const CHILD: &str = "STRANGERS_CHILD";
    let name = "a_panic_of_a_simulated_thread_is_not_printed_and_any_other_goes_to_the_hook_that_was_there";
    if std::env::var_os(CHILD).is_none() {
        // The hook belongs to the whole process, so this asks a process of its own.
        let exe = std::env::current_exe().expect("a test knows its own file");
        let mut child = std::process::Command::new(exe);
        child.args(["--exact", name]).env(CHILD, "1");
        let output = child.output().expect("the test runs itself");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    let calls = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&calls);
    panic::set_hook(Box::new(move |_| {
        counted.fetch_add(1, SeqCst);
    }));
    for _ in 0..2 {
        let ended = run(setup(), |_| panic!("inside"));
        assert!(ended.failure.is_some());
    }
    let inside = calls.load(SeqCst);
    assert!(panic::catch_unwind(|| panic!("outside")).is_err());
    let outside = calls.load(SeqCst);
    drop(panic::take_hook());
    assert_eq!((inside, outside), (0, 1));
}
