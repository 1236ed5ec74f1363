//! The same seed gives the same events, whatever ran before; another seed gives another order.

use crate::{held, note};
use retrip_core::door::{Random, Stream};
use retrip_sim::engine::hosts::Ended;
use retrip_sim::log::Name;
use std::collections::BTreeSet;
use std::num::NonZeroU64;
use std::time::Duration;

/// Ten units that sleep for drawn times and count with each other.
fn crowd(seed: u64) -> Ended {
    held(seed, |cluster| async move {
        let units: Vec<_> = (0..10)
            .map(|nth| {
                let host = cluster.host(nth % 2);
                cluster.host(nth % 2).start("unit", async move {
                    let bound = NonZeroU64::new(3).expect("it is not zero");
                    for _ in 0..5 {
                        let millis = host.draw(Stream::named("naps"), bound);
                        host.sleep(Duration::from_millis(millis)).await;
                        host.record(
                            &Name::from("unit"),
                            note("naps", i64::try_from(millis).expect("few")),
                        );
                    }
                })
            })
            .collect();
        for unit in units {
            unit.await.expect("it does not panic");
        }
    })
}

fn digests(ended: &Ended) -> (String, String, u64) {
    (ended.log.digest().to_string(), ended.schedule.to_string(), ended.steps)
}

#[test]
fn equal_seeds_give_equal_events_and_others_do_not() {
    let first: Vec<_> = (0..50).map(|seed| digests(&crowd(seed))).collect();
    let again: Vec<_> = (0..50).rev().map(|seed| digests(&crowd(seed))).collect();
    assert!(first.iter().eq(again.iter().rev()));
    let distinct: BTreeSet<_> = first.iter().map(|(log, ..)| log).collect();
    assert_eq!(distinct.len(), 50);
}

#[test]
fn a_poll_is_told_alike_whether_or_not_it_uses_the_platform() {
    let spin = |seed, asks: fn(u32) -> bool| {
        digests(&held(seed, move |cluster| async move {
            let start = |place| {
                let host = cluster.host(place);
                cluster.host(place).start("unit", async move {
                    for turn in 0..40 {
                        if asks(turn) {
                            let _ = host.name();
                        }
                        host.give_way().await;
                    }
                })
            };
            for unit in [start(0), start(1), start(1)] {
                unit.await.expect("it does not panic");
            }
        }))
    };
    for seed in 0..8 {
        let always = spin(seed, |_| true);
        assert_eq!(spin(seed, |_| false), always);
        assert_eq!(spin(seed, |turn| turn % 7 == 3), always);
    }
}

#[test]
fn runs_beside_each_other_see_nothing_of_each_other() {
    let alone: Vec<_> = (0..8).map(|seed| digests(&crowd(seed))).collect();
    let together: Vec<_> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..8).map(|seed| scope.spawn(move || digests(&crowd(seed)))).collect();
        runs.into_iter().map(|run| run.join().expect("it does not panic")).collect()
    });
    assert_eq!(alone, together);
}

#[test]
fn an_event_says_which_unit_it_is_from_and_on_which_host() {
    let ended = crowd(1);
    let units: BTreeSet<String> = ended
        .log
        .events()
        .iter()
        .map(|event| format!("{} on {}", event.thread, event.node))
        .collect();
    let nth = |nth: u32| match nth {
        1 => "unit".to_owned(),
        nth => format!("unit-{nth}"),
    };
    let node = |nth: u32| if nth % 2 == 1 { "client" } else { "server" };
    let wanted = (1..=10).map(|unit| format!("{} on {}", nth(unit), node(unit)));
    assert_eq!(units, wanted.collect());
    assert_eq!(ended.units, 11);
}

#[test]
fn each_host_has_streams_of_its_own() {
    let ended = held(1, |cluster| async move {
        let bound = NonZeroU64::new(1 << 40).expect("it is not zero");
        let draws = |place: usize| cluster.host(place).draw(Stream::named("naps"), bound);
        assert_ne!([draws(0), draws(0)], [draws(1), draws(1)]);
    });
    let streams: Vec<_> =
        ended.streams.iter().map(|stream| (&*stream.stream, stream.draws)).collect();
    assert_eq!(streams, [("node=client/naps", 2), ("node=server/naps", 2)]);
}
