//! Are both clocks those of the thread's own node, and is their arithmetic std's?

use super::simulate;
use retrip_core::door::Spawn;
use retrip_sim::clock::NodeClock;
use retrip_sim::engine::{Setup, run};
use retrip_sim::log::Name;
use retrip_sim::seed::Seed;
use retrip_sim::span::Offset;
use retrip_sim::thread;
use retrip_sim::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn instants_add_up_and_end_at_their_limits() {
    simulate(0, || {
        let start = Instant::now();
        thread::sleep(3 * SECOND);
        let end = Instant::now();
        assert_eq!((end - start, start - end), (3 * SECOND, Duration::ZERO));
        assert_eq!(start + 3 * SECOND, end);
        assert_eq!(end - 3 * SECOND, start);
        assert_eq!(start.checked_duration_since(end), None);
        assert_eq!(end.checked_duration_since(start), Some(3 * SECOND));
        assert_eq!(end.checked_sub(4 * SECOND), None);
        assert_eq!(end.checked_add(Duration::MAX), None);
        let mut moved = start;
        moved += SECOND;
        moved -= SECOND;
        assert!(moved == start && start < end);
        thread::sleep_until(end + SECOND);
        assert_eq!(end.elapsed(), SECOND);
    });
}

#[test]
fn system_time_counts_from_1970_and_may_be_earlier_than_before() {
    simulate(0, || {
        let now = SystemTime::now();
        // 2026-01-01T12:00:00Z, where every run begins.
        assert_eq!(now.duration_since(UNIX_EPOCH), Ok(Duration::from_secs(1_767_268_800)));
        assert_eq!(UNIX_EPOCH + Duration::from_secs(1_767_268_800), now);
        let later = now + SECOND;
        assert_eq!(now.duration_since(later).expect_err("it is later").duration(), SECOND);
        assert_eq!(later.elapsed().expect_err("it is to come").duration(), SECOND);
        thread::sleep(2 * SECOND);
        assert_eq!(later.elapsed(), Ok(SECOND));
        let mut moved = later;
        moved -= SECOND;
        moved += 2 * SECOND;
        assert_eq!(moved, later + SECOND);
        assert!(UNIX_EPOCH - SECOND < UNIX_EPOCH);
        assert_eq!(now.checked_add(Duration::MAX).map(|_| ()), Some(()));
    });
}

#[test]
fn a_thread_reads_the_clocks_of_its_node_and_so_do_those_that_it_starts() {
    let ahead = NodeClock::default().with_offset(Offset::from_nanos(60_000_000_000));
    let nodes = vec![(Name::from("here"), NodeClock::default()), (Name::from("there"), ahead)];
    let ended = run(Setup { nodes, ..Setup::of(Seed::new(0)) }, |sim| {
        let here = SystemTime::now();
        let there = sim
            .at_node(1)
            .spawn("there", move || {
                let child = thread::spawn(SystemTime::now).join().unwrap();
                (SystemTime::now(), child)
            })
            .expect("there is room");
        let (there, child) = retrip_core::door::JoinHandle::join(there).expect("it ends");
        let minute = Ok(60 * SECOND);
        assert_eq!(
            (there.duration_since(here), child.duration_since(here)),
            (minute.clone(), minute)
        );
    });
    assert!(ended.failure.is_none(), "{:?}", ended.failure);
}
