//! The code under test: a ledger that books each payment once, and writes it down before it says so.

use super::message::{PORT, Reply, Request, Verdict};
use super::told::Told;
use retrip_core::door::{Disk, DiskFile, Mutex, Plant, Rules, SyncPrimitives};
use retrip_sim::engine::hosts::{Host, HostMutex, HostSocket, Message};
use retrip_sim::log::Name;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// What is asked for twice is booked twice.
pub(crate) const NO_DEDUPLICATION: Plant = Plant::named("no_deduplication");
/// What was booked before a restart is known to the book, and not to who asks for it again.
pub(crate) const FORGOTTEN_IN_A_RESTART: Plant = Plant::named("forgotten_in_a_restart");
/// A request is looked up while an earlier one for the same payment is being written.
pub(crate) const HANDLED_SIDE_BY_SIDE: Plant = Plant::named("handled_side_by_side");
/// A payment is said to be booked, and then written.
pub(crate) const REPLIES_BEFORE_WRITING: Plant = Plant::named("replies_before_writing");
/// What was booked is looked up by its number, which each till counts for itself.
pub(crate) const KEYED_WITHOUT_THE_TILL: Plant = Plant::named("keyed_without_the_till");
/// A payment that was booked is not answered for again: its reply has been sent, after all.
pub(crate) const DUPLICATE_UNANSWERED: Plant = Plant::named("duplicate_unanswered");

/// The most that is booked at once.
pub(crate) const MOST: u32 = 100;

const BOOK: &str = "book";

/// A ledger from one of its beginnings to its end.
pub(crate) struct Ledger {
    host: Host,
    /// How long its disk takes for one payment.
    disk: Duration,
    /// What it has booked, by till and number.
    booked: HostMutex<BTreeSet<(String, u32)>>,
}

impl Ledger {
    /// Answers requests for as long as its host is there, one after the other: the next is looked up when this one is written.
    pub(crate) async fn serve(host: Host, disk: Duration) {
        let ledger = Arc::new(Self::opened(&host, disk));
        let socket = host.socket(PORT).await.expect("nobody else opens a port on this host");
        let socket = Arc::new(socket);
        while let Ok(message) = socket.receive().await {
            let Some(request) = Request::read(&message.bytes) else { continue };
            let handles = Arc::clone(&ledger).handle(Arc::clone(&socket), message, request);
            if host.broken_by(HANDLED_SIDE_BY_SIDE) {
                drop(host.start("request", handles));
            } else {
                handles.await;
            }
        }
    }

    /// A ledger that knows what is in its book.
    fn opened(host: &Host, disk: Duration) -> Self {
        let book = match host.read(Path::new(BOOK)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            book => book.expect("a disk that loses nothing can be read"),
        };
        let payments: Vec<Request> =
            book.split(|&byte| byte == b'\n').filter_map(Request::read).collect();
        Told::Opens { payments: payments.len() }.tell(host);
        let ledger = Self { host: host.clone(), disk, booked: host.mutex(BTreeSet::new()) };
        if !host.broken_by(FORGOTTEN_IN_A_RESTART) {
            let known = payments.iter().map(|payment| ledger.key(payment)).collect();
            *ledger.booked.lock() = known;
        }
        ledger
    }

    async fn handle(self: Arc<Self>, socket: Arc<HostSocket>, message: Message, request: Request) {
        let replies = async |verdict| {
            let reply = Reply { number: request.number, verdict };
            // Whoever asked may be out of reach, and will ask again.
            let _ = socket.send(&message.from, message.port, &reply.bytes()).await;
        };
        if request.amount > MOST {
            replies(Verdict::Refused).await;
        } else if self.has_booked(&request) {
            let till = Name::from(&*request.till);
            Told::HasBooked { till, number: request.number }.tell(&self.host);
            if !self.host.broken_by(DUPLICATE_UNANSWERED) {
                replies(Verdict::Booked).await;
            }
        } else if self.host.broken_by(REPLIES_BEFORE_WRITING) {
            replies(Verdict::Booked).await;
            self.book(&request).await;
        } else {
            self.book(&request).await;
            replies(Verdict::Booked).await;
        }
    }

    fn has_booked(&self, request: &Request) -> bool {
        !self.host.broken_by(NO_DEDUPLICATION) && self.booked.lock().contains(&self.key(request))
    }

    fn key(&self, request: &Request) -> (String, u32) {
        let is_anybodys = self.host.broken_by(KEYED_WITHOUT_THE_TILL);
        let till = if is_anybodys { String::new() } else { request.till.clone() };
        (till, request.number)
    }

    /// Writes a payment down. A crash before the end has written nothing.
    async fn book(&self, request: &Request) {
        self.host.sleep(self.disk).await;
        let mut line = request.bytes();
        line.push(b'\n');
        let written = self.host.append(Path::new(BOOK)).and_then(|mut file| {
            let mut rest = &line[..];
            while !rest.is_empty() {
                let length = file.write(rest)?;
                rest = &rest[length..];
            }
            file.sync()
        });
        written.expect("a disk that loses nothing can be written to");
        self.booked.lock().insert(self.key(request));
        let &Request { ref till, number, amount } = request;
        Told::Books { till: Name::from(&**till), number, amount }.tell(&self.host);
    }
}
