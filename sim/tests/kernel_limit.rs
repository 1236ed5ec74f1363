//! Does the simulated disk answer as the operating system does where a file is as long as the process may have one? The limit holds for
//! the whole process, so that this test has one of its own.
#![cfg(target_os = "linux")]

#[path = "kernel/on_both.rs"]
mod on_both;
#[path = "kernel/script.rs"]
#[expect(dead_code, reason = "of what a script can say this test says a part")]
mod script;

use on_both::{real, simulated};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use script::{Answer, Step};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const EFBIG: i32 = 27;

/// So many bytes may a file have.
const LONGEST: u64 = 1000;

fn call() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (any::<usize>(), 0..400_usize).prop_map(|(file, bytes)| Step::Write(file, bytes)),
        1 => Just(Step::Append("a")),
        1 => Just(Step::Append("b")),
        1 => any::<usize>().prop_map(Step::Len),
        1 => Just(Step::Rename("a", "b")),
        1 => Just(Step::Read("a")),
    ]
}

#[test]
fn the_longest_file_is_alike() {
    // By itself the signal ends the process.
    let signal = rustix::process::Signal::XFSZ.as_raw();
    signal_hook::flag::register(signal, Arc::new(AtomicBool::new(false)))
        .expect("it can be caught");
    let root = tempfile::tempdir().expect("there is room for a folder");
    let before = getrlimit(Resource::Fsize);
    let limited = Rlimit { current: Some(LONGEST), ..before };
    let mut runner =
        TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let steps = proptest::collection::vec(call(), 1..40);
    let compared = runner.run(&steps, |mut steps| {
        steps.insert(0, Step::Append("a"));
        let folder = root.path().join("logs");
        std::fs::create_dir(&folder).expect("the one of before is gone");
        setrlimit(Resource::Fsize, limited).expect("everybody may have less");
        let real = real(&folder, None, &steps);
        setrlimit(Resource::Fsize, before).expect("it is below what nobody may have");
        std::fs::remove_dir_all(&folder).expect("nobody else is there");
        let simulated = simulated(|disk| disk.limit_length(Some(LONGEST)), &steps);
        prop_assert_eq!(&simulated, &real);
        Ok(())
    });
    compared.expect("each call is alike");
    let steps = [Step::Append("a"), Step::Write(0, 1001), Step::Write(0, 1)];
    let simulated = simulated(|disk| disk.limit_length(Some(LONGEST)), &steps);
    assert_eq!(simulated[1..], [Answer::Count(LONGEST), Answer::Fails(EFBIG)]);
}
