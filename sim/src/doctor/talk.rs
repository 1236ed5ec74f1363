//! What only hosts have: messages between two of them, and what goes wrong with those, with a clock and with a host.

use crate::engine::hosts::{Cluster, Host};
use crate::log::{Name, Value, What};
use crate::span::Offset;
use retrip_core::door::{Random, Stream};
use std::num::NonZeroU64;
use std::time::Duration;

/// The places of the two.
const NEAR: usize = 0;
const FAR: usize = 2;
/// Where the far host listens.
const PORT: u16 = 7;
/// Messages that are sent to it.
const MESSAGES: u8 = 16;
/// How long an answer is waited for, and longer than the next message takes.
const PATIENCE: Duration = Duration::from_millis(500);

/// One host asks another, which is cut off for a while, has its clock set, and begins anew.
pub(super) async fn among(cluster: Cluster) {
    let [near, far] = [NEAR, FAR].map(|place| cluster.host(place));
    cluster.boots(FAR, "answers", answers);
    let asks = near.start("asks", asks(near.clone(), far.clone()));
    near.sleep(2 * PATIENCE).await;
    cluster.partition(NEAR, FAR);
    near.sleep(2 * PATIENCE).await;
    cluster.heal(NEAR, FAR);
    let set = far.change_clock(|clock, now| clock.step_wall(now, Offset::from_nanos(1)));
    set.expect("a nanosecond later there is still time");
    cluster.restart(FAR);
    asks.await.expect("it does not panic");
}

/// Sends back whatever comes.
async fn answers(host: Host) {
    let socket = host.socket(PORT).await.expect("nobody else is on this host");
    while let Ok(message) = socket.receive().await {
        // Whoever asked may be cut off.
        let _ = socket.send(&message.from, message.port, &message.bytes).await;
    }
}

/// Sends one message after the other, at drawn moments, and says which are answered.
async fn asks(near: Host, far: Host) {
    let socket = near.socket(0).await.expect("a host has ports");
    let bound = NonZeroU64::new(200).expect("it is above zero");
    for number in 0..MESSAGES {
        near.sleep(Duration::from_millis(near.draw(Stream::named("asks"), bound))).await;
        let _ = socket.send(&far, PORT, &[number]).await;
        let answer = near.within(PATIENCE, socket.receive()).await;
        let heard = answer.and_then(Result::ok).and_then(|message| message.bytes.first().copied());
        let fields = vec![("".into(), Value::Int(number.into()))];
        let verb = if heard == Some(number) { "is answered" } else { "is not" };
        near.record(&Name::from("message"), What::Note { verb: verb.into(), fields });
    }
}
