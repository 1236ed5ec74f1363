//! What hosts send each other arrives as the network has it, with what brought it about.

use crate::{LEAST, OVERHEAD, held, note, perform, run, told};
use retrip_sim::engine::hosts::{Host, Setup, Time, Transit};
use retrip_sim::log::Name;
use retrip_sim::seed::Seed;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// Sends back whatever comes.
async fn echoes(host: Host) {
    let socket = host.socket(7).await.expect("the port is free");
    while let Ok(message) = socket.receive().await {
        let said = String::from_utf8_lossy(&message.bytes).into_owned();
        host.record(&host.name(), note(&format!("hears {said} of {}", message.from.name()), 1));
        socket.send(&message.from, message.port, &message.bytes).await.expect("it is open");
    }
}

#[test]
fn a_message_arrives_and_is_answered() {
    for seed in 0..20 {
        let ended = held(seed, |cluster| async move {
            cluster.boots(1, "echoes", echoes);
            let (client, server) = (cluster.host(0), cluster.host(1));
            let at = client.clone();
            let speaks = client.start("speaks", async move {
                let socket = at.socket(1).await.expect("the port is free");
                at.sleep(SECOND).await;
                socket.send(&server, 7, b"hello").await.expect("it is open");
                let answer = socket.receive().await.expect("it is open");
                assert_eq!((&*answer.bytes, answer.port), (&b"hello"[..], 7));
                assert_eq!(&*answer.from.name(), "server");
                at.record(&Name::from("client"), note("is answered", 1));
            });
            speaks.await.expect("it does not panic");
        });
        assert_eq!(told(&ended), ["server hears hello of client", "client is answered"]);
        // There and back again, each time between a millisecond and ten, and what the engine adds.
        let after_a_second = |event: usize| {
            Duration::from_nanos(ended.log.events()[event].engine).saturating_sub(SECOND)
        };
        let longest = Duration::from_millis(10) + OVERHEAD;
        assert!(
            (LEAST..longest + OVERHEAD).contains(&after_a_second(0)),
            "{:?}",
            after_a_second(0)
        );
        let back = after_a_second(1) - after_a_second(0);
        assert!((LEAST..longest).contains(&back), "{back:?}");
    }
}

#[test]
fn a_host_hears_what_it_sends_to_itself() {
    let ended = held(5, |cluster| async move {
        cluster.boots(1, "echoes", echoes);
        let server = cluster.host(1);
        let at = server.clone();
        let speaks = server.start("speaks", async move {
            let socket = at.socket(1).await.expect("the port is free");
            at.sleep(SECOND).await;
            socket.send(&at, 7, b"hello").await.expect("it is open");
            let answer = socket.receive().await.expect("it is open");
            assert_eq!((&*answer.bytes, &*answer.from.name()), (&b"hello"[..], "server"));
        });
        speaks.await.expect("it does not panic");
    });
    assert_eq!(told(&ended), ["server hears hello of server"]);
}

#[test]
fn who_uses_the_socket_of_another_host_is_told_so() {
    let ended = run(3, |cluster| async move {
        let server = cluster.host(1);
        let wrong = cluster.host(0).start("wrong", async move {
            let _ = server.socket(7).await;
        });
        let _ = wrong.await;
    });
    let said = ended.failure.expect("it panicked").to_string();
    assert!(said.ends_with("a socket of server was used by `wrong`, which is a unit of client: start a unit on server for it"), "{said}");
}

#[test]
fn a_port_that_is_open_is_not_opened_again() {
    held(4, |cluster| async move {
        let client = cluster.host(0);
        let at = client.clone();
        let opens = client.start("opens", async move {
            let _open = at.socket(7).await.expect("the port is free");
            let again = at.socket(7).await.map(drop).map_err(|error| error.kind());
            assert_eq!(again, Err(std::io::ErrorKind::AddrInUse));
        });
        opens.await.expect("it does not panic");
    });
}

#[test]
fn the_longest_message_is_that_of_udp() {
    held(14, |cluster| async move {
        let (client, server) = (cluster.host(0), cluster.host(1));
        let at = server.clone();
        let hears = server.start("hears", async move {
            let socket = at.socket(7).await.expect("the port is free");
            socket.receive().await.map(|message| message.bytes)
        });
        let at = client.clone();
        let speaks = client.start("speaks", async move {
            let socket = at.socket(1).await.expect("the port is free");
            at.sleep(SECOND).await;
            socket.send(&server, 7, &[7; 65_507]).await.expect("just short enough");
            socket.send(&server, 7, &[7; 65_508]).await.map_err(|error| error.kind())
        });
        let sent = speaks.await.expect("it does not panic");
        assert_eq!(sent, Err(std::io::ErrorKind::InvalidInput));
        let heard = hears.await.expect("it does not panic").expect("it is open");
        assert_eq!(heard, [7; 65_507]);
    });
}

/// How many of a hundred messages arrive, and the longest that one of them took.
fn arrivals(seed: u64, transit: Transit) -> (usize, Duration) {
    let setup = Setup { transit, ..Setup::of(Seed::new(seed), &["client", "server"]) };
    let ended = perform(setup, |cluster| async move {
        cluster.boots(1, "echoes", echoes);
        let (client, server) = (cluster.host(0), cluster.host(1));
        let at = client.clone();
        let speaks = client.start("speaks", async move {
            let socket = at.socket(1).await.expect("the port is free");
            for _ in 0..100 {
                at.sleep(SECOND).await;
                at.record(&at.name(), note("says", 1));
                socket.send(&server, 7, b"x").await.expect("it is open");
            }
            at.sleep(SECOND).await;
        });
        speaks.await.expect("it does not panic");
    });
    assert_eq!(ended.failure, None);
    let (mut said, mut heard, mut longest) = (0, 0, 0);
    for event in ended.log.events() {
        if &*event.node == "client" {
            said = event.engine;
        } else {
            heard += 1;
            longest = longest.max(event.engine - said);
        }
    }
    (heard, Duration::from_nanos(longest))
}

#[test]
fn messages_take_as_long_and_are_lost_as_the_setup_says() {
    let calm = Transit { latency: Duration::ZERO..=Duration::ZERO, loss_ppm: 0 };
    let (heard, longest) = arrivals(1, calm);
    assert_eq!(heard, 100);
    assert!(longest < OVERHEAD, "{longest:?}");
    let far = SECOND / 2;
    let (heard, longest) = arrivals(2, Transit { latency: far..=far, loss_ppm: 0 });
    assert_eq!(heard, 100);
    assert!((far..far + OVERHEAD).contains(&longest), "{longest:?}");
    let (heard, _) = arrivals(3, Transit { loss_ppm: 300_000, ..Transit::default() });
    // Twice lost it would be a half.
    assert!((60..80).contains(&heard), "{heard} of 100 arrived where 70 should");
}

#[test]
fn time_that_waits_move_stands_still_while_messages_travel() {
    for seed in 0..20 {
        let setup =
            Setup { time: Time::Waits, ..Setup::of(Seed::new(seed), &["client", "server"]) };
        let ended = perform(setup, |cluster| async move {
            cluster.boots(1, "echoes", echoes);
            let (client, server) = (cluster.host(0), cluster.host(1));
            let at = client.clone();
            let speaks = client.start("speaks", async move {
                let socket = at.socket(0).await.expect("a port is free");
                for nanos in [1, 1, 999_999_998] {
                    at.sleep(Duration::from_nanos(nanos)).await;
                    socket.send(&server, 7, b"x").await.expect("it is open");
                    socket.receive().await.expect("it is open");
                    at.record(&at.name(), note("is answered", 1));
                }
            });
            speaks.await.expect("it does not panic");
        });
        assert_eq!(ended.failure, None);
        let at: Vec<u64> = ended.log.events().iter().map(|event| event.engine).collect();
        assert_eq!(at, [1, 1, 2, 2, 1_000_000_000, 1_000_000_000], "seed {seed}");
        assert_eq!(ended.elapsed, SECOND);
    }
}
