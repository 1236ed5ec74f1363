//! A holder looks whether its lease still runs, and then writes, four times; the lease ends between the two, and the next holder has
//! written.

use super::sync::{Arc, Mutex};
use super::time::{Duration, Instant};
use super::{Program, Version, thread};

pub(crate) const PROGRAM: Program = Program {
    name: "lease runs out",
    about: "a lease is looked at before a write, and runs out before the write",
    symptom: "written after the lease",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

/// The lease under which was written last: the fence refuses earlier ones.
type Record = Mutex<u64>;

fn write(record: &Record, lease: u64, version: Version) {
    let mut last = record.lock().expect("nobody panics");
    if version == Version::Faulty || lease >= *last {
        *last = lease;
    }
}

fn play(version: Version) {
    let record = Arc::new(Record::new(0));
    let ends = Instant::now() + Duration::from_secs(5);
    let theirs = Arc::clone(&record);
    let next = thread::spawn(move || {
        thread::sleep_until(ends);
        write(&theirs, 2, version);
    });
    for _ in 0..4 {
        if Instant::now() < ends {
            write(&record, 1, version);
        }
    }
    next.join().expect("the next holder ends");
    assert_eq!(*record.lock().expect("nobody panics"), 2, "written after the lease");
}
