//! Does the clock move, and does a thread stall, although everybody could go on?

use retrip_core::door::{Atomic, JoinHandle, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::Recording;
use retrip_sim::engine::{Setup, run};
use retrip_sim::plan::Turn;
use retrip_sim::seed::Seed;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

#[test]
fn some_schedules_move_the_clock_and_some_stall_a_thread() {
    let (mut moves, mut stalls) = (0, 0);
    for seed in 0..200 {
        let setup = Setup { recording: Recording::On, ..Setup::of(Seed::new(seed)) };
        let ended = run(setup, |sim| {
            let sleeper = sim.spawn("sleeper", move || sim.sleep(Duration::from_secs(1)));
            let flag = sim.atomic_bool(false);
            (0..40).for_each(|_| flag.store(true, SeqCst));
            sleeper.expect("room").join().expect("it ends");
        });
        let has = |wanted: fn(&Turn) -> bool| ended.deviations.iter().any(|one| wanted(&one.turn));
        moves += u32::from(has(|turn| matches!(turn, Turn::Time)));
        stalls += u32::from(has(|turn| matches!(turn, Turn::Stall(_))));
    }
    assert!(moves > 0 && stalls > 0, "{moves} moves, {stalls} stalls");
}
