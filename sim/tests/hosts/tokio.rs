//! What code uses of tokio that is not given to one of its runtimes: branches, channels, and tasks by mistake.

use crate::{held, note, run};
use retrip_sim::engine::Failure;
use retrip_sim::engine::hosts::{Ended, Host};
use retrip_sim::log::Name;
use std::collections::BTreeSet;
use std::future::ready;
use std::time::Duration;

/// Takes one of two ready branches, thirty times.
async fn selects(host: Host) {
    for _ in 0..30 {
        let verb = tokio::select! {
            () = ready(()) => "takes the first",
            () = ready(()) => "takes the second",
        };
        host.record(&Name::from("selects"), note(verb, 1));
        host.sleep(Duration::from_millis(1)).await;
    }
}

#[test]
fn branches_of_select_are_taken_as_the_seed_says() {
    let on_hosts = |seed| {
        held(seed, |cluster| async move {
            (0..2).for_each(|place| cluster.boots(place, "selects", selects));
            cluster.host(0).sleep(Duration::from_secs(1)).await;
            cluster.restart(1);
            cluster.host(0).sleep(Duration::from_secs(1)).await;
        })
    };
    let in_the_root = |seed| held(seed, |cluster| selects(cluster.host(0)));
    for selects in [&on_hosts as &dyn Fn(u64) -> Ended, &in_the_root] {
        let said = |seed| {
            let ended = selects(seed);
            (ended.log.digest().to_string(), ended.schedule.to_string())
        };
        let first: Vec<_> = (0..10).map(said).collect();
        let again: Vec<_> = (0..10).map(said).collect();
        assert_eq!(first, again);
        assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), 10);
    }
}

#[test]
fn a_task_that_the_root_gives_to_tokio_fails_the_run_also_where_somebody_waits_for_it() {
    for waits in [false, true] {
        let ended = run(1, move |_| async move {
            let task = tokio::spawn(async {});
            if waits {
                task.await.expect("nobody drops it");
            }
        });
        let Some(Failure::Panic { thread, message, .. }) = ended.failure else {
            panic!("{:?}", ended.failure)
        };
        assert_eq!(&*thread, "tokio");
        assert!(message.contains("`tokio::spawn`"), "{message}");
    }
}

#[test]
fn whoever_yields_by_tokio_goes_on_in_the_root_and_on_a_host() {
    held(1, |cluster| async move {
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        let yields = cluster.host(1).start("yields", tokio::task::yield_now());
        yields.await.expect("it does not panic");
    });
}

#[test]
fn channels_of_tokio_can_be_used_as_often_as_one_likes_between_two_waits() {
    held(1, |cluster| async move {
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        for number in 0..1_000 {
            sender.send(number).expect("the receiver is there");
        }
        let host = cluster.host(0);
        let all = async {
            for number in 0..1_000 {
                assert_eq!(receiver.recv().await, Some(number));
            }
        };
        assert_eq!(host.within(Duration::from_secs(1), all).await, Some(()));
    });
}
