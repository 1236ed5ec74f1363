//! A panic in a task that is no unit, about which only madsim knows, fails the run all the same.

use crate::run;
use std::time::Duration;

#[test]
fn a_panic_in_a_task_of_madsims_own_is_told_with_its_message_and_line() {
    let ended = run(1, |cluster| async move {
        let host = cluster.host(1);
        let starts = async { drop(madsim::task::spawn(async { panic!("a task's own fault") })) };
        drop(host.start("starts", starts));
        host.sleep(Duration::from_secs(1)).await;
    });
    let said = ended.failure.expect("it panicked").to_string();
    assert!(said.starts_with(&format!("madsim panicked at {}:", file!())), "{said}");
    assert!(said.ends_with(": a task's own fault"), "{said}");
}
