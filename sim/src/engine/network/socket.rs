//! Ports of a host for datagrams. turmoil closes one on whichever host drops it, so that a host keeps its own on a shelf.

use super::machine::Machine;
use crate::engine::hosts::{Datagrams, ROOM, Reply, address, place};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Weak};
use turmoil::net::UdpSocket;

/// The open ports of a host, for one of its lives.
#[derive(Default)]
pub(super) struct Shelf {
    open: Mutex<Open>,
    /// Those that nobody uses any more. Whoever let go of them may have been elsewhere.
    closed: Mutex<Vec<u64>>,
}

#[derive(Default)]
struct Open {
    sockets: BTreeMap<u64, Arc<UdpSocket>>,
    tickets: u64,
}

impl Shelf {
    fn keeps(&self, socket: UdpSocket) -> (u64, Weak<UdpSocket>) {
        let mut open = self.open.lock();
        open.tickets += 1;
        let (ticket, socket) = (open.tickets, Arc::new(socket));
        let weak = Arc::downgrade(&socket);
        open.sockets.insert(ticket, socket);
        (ticket, weak)
    }

    /// Closes what nobody uses any more. Only within turmoil, on the host that it belongs to.
    pub(super) fn sweep(&self) {
        let closed = std::mem::take(&mut *self.closed.lock());
        let mut open = self.open.lock();
        let closed: Vec<_> =
            closed.iter().filter_map(|ticket| open.sockets.remove(ticket)).collect();
        drop(open);
        drop(closed);
    }

    /// Closes all of them, as [`sweep`](Shelf::sweep) does.
    pub(super) fn clear(&self) {
        let sockets = std::mem::take(&mut self.open.lock().sockets);
        drop(sockets);
    }
}

/// A port of a host.
pub(super) struct Socket {
    machine: Arc<Machine>,
    shelf: Arc<Shelf>,
    ticket: u64,
    socket: Weak<UdpSocket>,
}

impl Socket {
    /// Opens `port` of the host at this place, on which the caller is.
    pub(super) async fn open(machine: Arc<Machine>, port: u16) -> io::Result<Self> {
        let shelf = machine.shelf();
        // Perhaps that very port.
        shelf.sweep();
        let socket = UdpSocket::bind(SocketAddr::from((Ipv4Addr::UNSPECIFIED, port))).await?;
        let (ticket, socket) = shelf.keeps(socket);
        Ok(Self { machine, shelf, ticket, socket })
    }

    /// The socket itself, which is gone with its host.
    fn socket(&self) -> io::Result<Arc<UdpSocket>> {
        self.socket.upgrade().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl Datagrams for Socket {
    fn send(&self, (to, port): (u32, u16), bytes: Vec<u8>) -> Reply<()> {
        let (socket, to) = (self.socket(), SocketAddr::new(address(to as usize), port));
        Box::pin(async move {
            socket?.send_to(&bytes, to).await?;
            Ok(())
        })
    }

    fn receive(&self) -> Reply<((u32, u16), Vec<u8>)> {
        let socket = self.socket();
        Box::pin(async move {
            let mut bytes = vec![0; ROOM];
            let (length, from) = socket?.recv_from(&mut bytes).await?;
            bytes.truncate(length);
            let host = place(from.ip()).ok_or(io::ErrorKind::AddrNotAvailable)?;
            Ok(((host, from.port()), bytes))
        })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.shelf.closed.lock().push(self.ticket);
        self.machine.wake();
    }
}
