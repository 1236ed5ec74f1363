//! Ports of hosts are turmoil's, and open and closed as the platform says, whoever lets go of them.

use crate::held;
use std::io::ErrorKind;
use std::time::Duration;

#[test]
fn a_port_is_free_again_once_its_socket_is_let_go_of_wherever_that_happens() {
    held(8, |cluster| async move {
        let server = cluster.host(1);
        let opens = |name: &str| {
            let at = server.clone();
            server.start(name, async move { at.socket(7).await })
        };
        let socket = opens("first").await.expect("it does not panic").expect("the port is free");
        // Here, which is another host to turmoil.
        drop(socket);
        let socket = opens("again").await.expect("it does not panic").expect("it is free again");
        cluster.crash(1);
        cluster.restart(1);
        let late = opens("anew").await.expect("it does not panic");
        assert!(late.is_ok(), "a crash closes what was open: {late:?}");
        // What is left of an earlier life closes nothing of this one.
        drop(socket);
        let taken = opens("once more").await.expect("it does not panic");
        assert_eq!(taken.err().map(|error| error.kind()), Some(ErrorKind::AddrInUse));
    });
}

#[test]
fn a_port_is_free_at_once_for_its_own_host_and_soon_for_turmoil() {
    held(15, |cluster| async move {
        let server = cluster.host(1);
        let at = server.clone();
        let opens = server.start("opens", async move {
            let first = at.socket(7).await.expect("the port is free");
            drop(first);
            let second = at.socket(7).await.expect("it is free again");
            drop(second);
            tokio::time::sleep(Duration::from_millis(5)).await;
            turmoil::net::UdpSocket::bind("0.0.0.0:7").await.map(drop)
        });
        assert!(opens.await.expect("it does not panic").is_ok());
    });
}

#[test]
fn a_port_takes_a_thousand_messages_before_anybody_reads_them() {
    held(13, |cluster| async move {
        let (client, server) = (cluster.host(0), cluster.host(1));
        let hears = server.start("hears", {
            let at = server.clone();
            async move {
                let socket = at.socket(7).await.expect("the port is free");
                at.sleep(Duration::from_secs(1)).await;
                for _ in 0..1000 {
                    socket.receive().await.expect("it is open");
                }
            }
        });
        let at = client.clone();
        let speaks = client.start("speaks", async move {
            let socket = at.socket(1).await.expect("the port is free");
            at.sleep(Duration::from_millis(10)).await;
            for _ in 0..1000 {
                socket.send(&server, 7, b"x").await.expect("it is open");
            }
        });
        speaks.await.expect("it does not panic");
        hears.await.expect("all of them arrive");
    });
}
