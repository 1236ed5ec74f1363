//! What does a logger do with files that are no plain ones, and with syncs that fail?

use retrip_core::logger::{
    FileSink, FlushError, Logger, LoggerBuilder, Rotation, SyncPolicy, read_json_log,
};
use retrip_sim::disk::Trouble;
use retrip_sim::engine::threads::Sim;
use retrip_sim::engine::{Setup, run};
use retrip_sim::seed::Seed;
use std::io;
use std::num::NonZeroU64;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const PATH: &str = "logs/app.jsonl";

/// The seed decides what a power failure leaves of what is not durable.
fn simulated(body: impl Fn(Sim) + Copy + Send + 'static) {
    for seed in 0..30 {
        assert_eq!(run(Setup::of(Seed::new(seed)), body).failure, None, "seed {seed}");
    }
}

fn sink(sim: &Sim) -> FileSink<Sim> {
    FileSink::append(sim, Path::new(PATH)).expect("nothing is wrong with the disk")
}

fn kind(result: Result<(), FlushError>) -> Option<io::ErrorKind> {
    match result {
        Err(FlushError::Sink(error)) => Some(error.kind()),
        Err(other) => panic!("{other}"),
        Ok(()) => None,
    }
}

/// How many records a power failure leaves in all files.
fn left(sim: &Sim) -> usize {
    let disk = sim.disk_after_power_failure();
    disk.files().map(|(_, content)| read_json_log(content).records.len()).sum()
}

#[test]
fn a_pipe_is_flushed_once_it_is_written_and_its_end_is_an_error_like_others() {
    simulated(|sim| {
        let path = Path::new(PATH);
        sim.change_disk(|disk| disk.make_pipe(path)).expect("there is nothing yet");
        let logger = Logger::on(sim, "app", sink(&sim).sync(SyncPolicy::Every));
        logger.info("through");
        assert_eq!(kind(logger.flush()), None);
        assert_eq!(logger.stats().failed_syncs, 0);
        sim.change_disk(|disk| disk.close_pipe(path)).expect("it is there");
        logger.info("nobody reads");
        let stats = logger.stats();
        assert_eq!((stats.written, stats.dropped_in_all()), (1, 1));
        assert_eq!(kind(logger.flush()), Some(io::ErrorKind::BrokenPipe));
    });
}

#[test]
fn a_sync_that_fails_is_told_by_each_flush_until_the_file_is_another_one() {
    simulated(|sim| {
        let size = NonZeroU64::new(400).expect("it is not zero");
        let logger = Logger::on(sim, "app", sink(&sim).rotate(Rotation::at_size(size)));
        let fails = Some(io::Error::from_raw_os_error(5).kind());
        logger.info("1");
        sim.change_disk(|disk| disk.begin(0, Trouble::SyncsFail(1_000_000)));
        assert_eq!(kind(logger.flush()), fails);
        sim.change_disk(|disk| disk.end(0));
        // The disk is well again, and what it has lost is not there.
        assert_eq!(kind(logger.flush()), fails);
        logger.info("2");
        // It does not fit into the file, and is in one that can be made durable; what was written since the flush is not.
        logger.info("3");
        assert_eq!(kind(logger.flush()), fails);
        assert_eq!(kind(logger.flush()), None);
        logger.info("4");
        assert_eq!(kind(logger.flush()), None);
        let stats = logger.stats();
        assert_eq!((stats.written, stats.dropped_in_all(), stats.failed_rotations), (4, 0, 0));
        assert!((2..=4).contains(&left(&sim)), "3 and 4 at least");
    });
}

#[test]
fn a_sync_that_fails_for_its_level_is_told_by_the_next_flush_also_of_another_file() {
    simulated(|sim| {
        let size = NonZeroU64::new(1).expect("it is not zero");
        let sink = sink(&sim).rotate(Rotation::at_size(size)).sync(SyncPolicy::Every);
        let logger = Logger::on(sim, "app", sink);
        sim.change_disk(|disk| disk.begin(0, Trouble::SyncsFail(1_000_000)));
        logger.info("1");
        sim.change_disk(|disk| disk.end(0));
        logger.info("2");
        assert!(
            kind(logger.flush()).is_some(),
            "nobody has said yet that the first line may be gone"
        );
        logger.info("3");
        assert_eq!(kind(logger.flush()), None);
    });
}

#[test]
fn a_new_file_has_its_name_for_good_once_it_is_flushed() {
    simulated(|sim| {
        let logger = Logger::on(sim, "app", sink(&sim));
        logger.info("1");
        logger.flush().expect("nothing is wrong");
        assert_eq!(left(&sim), 1);
        let other = Path::new("logs/other.jsonl");
        let size = NonZeroU64::new(1).expect("it is not zero");
        let sink = FileSink::append(&sim, other).expect("nothing is wrong");
        let logger = Logger::on(sim, "app", sink.rotate(Rotation::at_size(size)));
        for line in 2..5 {
            logger.info("put aside with the next one");
            logger.flush().expect("nothing is wrong");
            assert_eq!(left(&sim), line);
        }
        let never = Path::new("logs/never.jsonl");
        let sink = FileSink::append(&sim, never).expect("nothing is wrong");
        let logger = Logger::on(sim, "app", sink.sync(SyncPolicy::Never));
        logger.info("1");
        logger.flush().expect("it is with the operating system");
        assert_eq!(logger.stats().failed_syncs, 0);
    });
}

#[test]
fn files_in_two_folders_have_both_names_for_good_once_they_are_flushed() {
    simulated(|sim| {
        let copy = FileSink::append(&sim, Path::new("copies/app.jsonl"));
        let copy = copy.expect("nothing is wrong with the disk");
        let logger = LoggerBuilder::new(sim, "app").also_to(copy).to(sink(&sim));
        logger.info("1");
        logger.flush().expect("nothing is wrong");
        assert_eq!(left(&sim), 2, "each file has the line");
    });
}

#[test]
fn while_reads_fail_no_file_is_put_aside_or_opened_anew_and_lines_go_on() {
    simulated(|sim| {
        let size = NonZeroU64::new(300).expect("it is not zero");
        let flag = Arc::new(AtomicBool::new(false));
        let sink = sink(&sim).rotate(Rotation::at_size(size)).reopen_when(Arc::clone(&flag));
        let logger = Logger::on(sim, "app", sink);
        let files = || sim.change_disk(|disk| disk.files().count());
        logger.info("1");
        sim.change_disk(|disk| disk.begin(0, Trouble::ReadsFail(1_000_000)));
        // Which other files there are cannot be seen.
        logger.info("2");
        let stats = logger.stats();
        assert_eq!((stats.written, stats.dropped_in_all(), stats.failed_rotations), (2, 0, 1));
        // How the file ends cannot be seen.
        flag.store(true, Ordering::Relaxed);
        sim.sleep(Duration::from_secs(5));
        logger.info("3");
        let stats = logger.stats();
        assert_eq!((stats.written, stats.dropped_in_all(), stats.failed_rotations), (3, 0, 2));
        assert!(flag.load(Ordering::Relaxed), "it is still to be opened anew");
        assert_eq!(files(), 1);
        sim.change_disk(|disk| disk.end(0));
        sim.sleep(Duration::from_secs(5));
        logger.info("4");
        let stats = logger.stats();
        assert_eq!((stats.written, stats.dropped_in_all(), stats.failed_rotations), (4, 0, 2));
        assert!(!flag.load(Ordering::Relaxed), "it is opened anew");
        assert_eq!(files(), 2);
    });
}

#[test]
fn a_new_file_whose_name_cannot_be_made_durable_is_not_flushed() {
    simulated(|sim| {
        let logger = Logger::on(sim, "app", sink(&sim));
        logger.info("1");
        let folder = Path::new("logs");
        sim.change_disk(|disk| disk.remove_folder(folder));
        assert_eq!(kind(logger.flush()), Some(io::ErrorKind::NotFound));
        sim.change_disk(|disk| disk.make_folder(folder));
        // Of names nothing is forgotten: the next flush knows.
        assert_eq!(kind(logger.flush()), None);
        assert_eq!(logger.stats().failed_syncs, 1);
    });
}
