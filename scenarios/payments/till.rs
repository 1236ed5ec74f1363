//! The code under test: a till that asks until it is answered, and says what it knows.

use super::message::{PORT, Reply, Request, Verdict};
use super::told::Told;
use super::watch::Watch;
use crate::backoff::Backoff;
use crate::time::millis;
use retrip_core::door::{Clock, Mutex, Plant, Rules, SyncPrimitives};
use retrip_sim::engine::hosts::{Host, HostMutex, HostSocket};
use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// Each try asks for a payment of its own.
pub(crate) const NEW_NUMBER_PER_TRY: Plant = Plant::named("new_number_per_try");
/// Whatever comes is the reply that is waited for.
pub(crate) const ANY_REPLY_TAKEN: Plant = Plant::named("any_reply_taken");
/// A reply is waited for until the wall clock says that it is late.
pub(crate) const TIMEOUT_ON_THE_WALL_CLOCK: Plant = Plant::named("timeout_on_the_wall_clock");
/// A clerk that does not move is gone, and the payment in doubt, says a unit beside it.
pub(crate) const STALLED_IS_GONE: Plant = Plant::named("stalled_is_gone");
/// Who does not know takes the payment for refused.
pub(crate) const GIVEN_UP_AS_REFUSED: Plant = Plant::named("given_up_as_refused");

/// How a till asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// How long it waits for a reply.
    pub(crate) patience: Duration,
    /// How long it waits before the next try.
    pub(crate) backoff: Backoff,
}

/// A till. It is on a host of its own, after which it is called.
pub(crate) struct Till {
    host: Host,
    terms: Terms,
    /// The number of its last payment.
    last: HostMutex<u32>,
    /// Those that no payment is using. What came too late for one payment is found by the next.
    sockets: HostMutex<Vec<HostSocket>>,
}

impl Till {
    pub(crate) fn new(host: Host, terms: Terms) -> Self {
        let (last, sockets) = (host.mutex(0), host.mutex(Vec::new()));
        Self { host, terms, last, sockets }
    }

    /// Has `amount` booked by the ledger. Asks at most so many times, at least once.
    pub(crate) async fn pay(&self, ledger: &Host, amount: u32, tries: u32) {
        let socket = self.socket().await;
        let mut number = self.next_number();
        self.tell(Told::Asks { number, amount, tries });
        let watch = || Watch::begins(&self.host, number);
        let watch = self.host.broken_by(STALLED_IS_GONE).then(watch);
        for nth in 1..=tries {
            if let Some(watch) = &watch {
                watch.sees_the_clerk();
            }
            if nth > 1 && self.host.broken_by(NEW_NUMBER_PER_TRY) {
                number = self.next_number();
            }
            self.tell(Told::Tries { number, nth });
            let request = Request { till: self.host.name().to_string(), number, amount };
            // Whether it arrives is seen by the reply.
            let _ = socket.send(ledger, PORT, &request.bytes()).await;
            let patience = self.terms.patience;
            if let Some(Reply { number: by, verdict }) = self.reply(&socket, number).await {
                self.tell(match verdict {
                    Verdict::Booked => Told::IsBooked { number, by },
                    Verdict::Refused => Told::IsRefused { number, by },
                });
                break;
            }
            self.tell(Told::TimesOut { number, after: patience });
            if nth == tries {
                self.give_up(number);
                break;
            }
            let wait = self.terms.backoff.begins(&self.host, nth);
            self.host.sleep(wait).await;
        }
        self.sockets.lock().push(socket);
    }

    /// The ledger may have booked the payment, or may yet.
    fn give_up(&self, number: u32) {
        self.tell(if self.host.broken_by(GIVEN_UP_AS_REFUSED) {
            Told::IsRefused { number, by: number }
        } else {
            Told::IsInDoubt { number }
        });
    }

    /// The reply for this payment, unless it is late.
    async fn reply(&self, socket: &HostSocket, number: u32) -> Option<Reply> {
        let replies = async {
            loop {
                let Ok(message) = socket.receive().await else { break pending().await };
                let Some(reply) = Reply::read(&message.bytes) else { continue };
                if reply.number == number || self.host.broken_by(ANY_REPLY_TAKEN) {
                    break reply;
                }
                self.tell(Told::PassesOver { number: reply.number });
            }
        };
        let patience = self.terms.patience;
        if self.host.broken_by(TIMEOUT_ON_THE_WALL_CLOCK) {
            return self.within_wall_time(patience, replies).await;
        }
        self.host.within(patience, replies).await
    }

    /// The planted way: looks at the wall clock now and then.
    async fn within_wall_time<F: Future>(&self, time: Duration, future: F) -> Option<F::Output> {
        let nanos = i128::try_from(time.as_nanos()).expect("a till is not that patient");
        let until = self.host.wall().saturating_add_nanos(nanos);
        let passes = async {
            while self.host.wall() < until {
                self.host.sleep(millis(100)).await;
            }
        };
        let (mut future, mut passes) = (pin!(future), pin!(passes));
        poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => passes.as_mut().poll(context).map(|()| None),
        })
        .await
    }

    async fn socket(&self) -> HostSocket {
        let unused = self.sockets.lock().pop();
        match unused {
            Some(socket) => socket,
            None => self.host.socket(0).await.expect("a host has more ports than payments"),
        }
    }

    fn next_number(&self) -> u32 {
        let mut last = self.last.lock();
        *last += 1;
        *last
    }

    #[track_caller]
    fn tell(&self, told: Told) {
        told.tell(&self.host);
    }
}
