//! The logger of a process is set once. It is there for all who live in the process, so that this is a process of its own.

use retrip_core::logger::{DefaultIsSet, Logger, MemorySink};
use std::sync::Barrier;

const RIVALS: usize = 8;

#[test]
fn of_all_who_set_it_at_once_one_does_and_the_others_get_theirs_back() {
    assert!(Logger::process_default().is_none(), "nobody has set one");
    let sinks: Vec<MemorySink> = (0..RIVALS).map(|_| MemorySink::new()).collect();
    let start = Barrier::new(RIVALS);
    let refused: Vec<Option<Logger>> = std::thread::scope(|scope| {
        let rivals = sinks.iter().map(|sink| {
            let logger = Logger::named("app").to(sink.clone());
            scope.spawn(|| {
                start.wait();
                let set = logger.set_process_default();
                set.err().map(|DefaultIsSet(logger)| logger)
            })
        });
        let rivals: Vec<_> = rivals.collect();
        rivals.into_iter().map(|rival| rival.join().expect("it sets its logger")).collect()
    });
    let winners: Vec<usize> = (0..RIVALS).filter(|&rival| refused[rival].is_none()).collect();
    let [winner] = winners[..] else { panic!("one of them is set, not {winners:?}") };

    let lines = |of: usize| sinks[of].lines().len();
    Logger::process_default().expect("one is set").info("from anywhere");
    for rival in 0..RIVALS {
        assert_eq!(lines(rival), usize::from(rival == winner), "{rival}");
    }
    for (rival, logger) in refused.iter().enumerate() {
        if let Some(logger) = logger {
            logger.info("it is as good as before");
            assert_eq!(lines(rival), 1, "{rival}");
        }
    }

    let late = Logger::named("late").to(MemorySink::new()).set_process_default();
    assert_eq!(
        late.expect_err("it is set for good").to_string(),
        "the process has a logger already: set it once, where the program begins"
    );
}
