//! The programs, written against std's shapes: the module above says whose they are, so that one source runs everywhere.

use super::{sync, sync_channel, thread};
use crate::load::{Load, Work};
use std::sync::Arc;
use sync::atomic::{AtomicU64, Ordering::SeqCst};
use sync::{Barrier, Mutex, RwLock, mpsc};

/// Starts the threads of `load`, and ends when they have.
///
/// # Panics
/// A message or an addition is lost.
pub(crate) fn perform(load: Load) {
    match load.work {
        Work::Atomics => atomics(load, || {}),
        Work::AtomicsTogether => {
            let all = Arc::new(Barrier::new(load.threads));
            atomics(load, move || {
                all.wait();
            });
        }
        Work::Locks => locks(load),
        Work::Messages => {
            let (sender, receiver) = mpsc::channel();
            messages(load, sender, |sender, message| sender.send(message).is_ok(), &receiver);
        }
        Work::MessagesWithRoomFor(room) => {
            let (sender, receiver) = sync_channel(room);
            messages(load, sender, |sender, message| sender.send(message).is_ok(), &receiver);
        }
        Work::ReadsAndWrites => reads_and_writes(load),
    }
}

fn atomics(load: Load, begin: impl Fn() + Clone + Send + 'static) {
    let counter = Arc::new(AtomicU64::new(0));
    together(load.threads, move || {
        begin();
        for _ in 0..load.times {
            counter.fetch_add(1, SeqCst);
        }
    });
}

fn locks(load: Load) {
    let counter = Arc::new(Mutex::new(0_u64));
    together(load.threads, move || {
        for _ in 0..load.times {
            *counter.lock().expect("no thread panics") += 1;
        }
    });
}

fn messages<S: Clone + Send + 'static>(
    load: Load,
    sender: S,
    send: fn(&S, u64) -> bool,
    receiver: &mpsc::Receiver<u64>,
) {
    let sends = |sender: S| {
        move || {
            for nth in 0..load.times {
                assert!(send(&sender, nth), "the receiver is there until all is sent");
            }
        }
    };
    let threads: Vec<_> = (0..load.threads).map(|_| thread::spawn(sends(sender.clone()))).collect();
    drop(sender);
    for _ in 0..load.operations() {
        receiver.recv().expect("a message is not lost");
    }
    for thread in threads {
        thread.join().expect("a sender ends");
    }
}

fn reads_and_writes(load: Load) {
    let counter = Arc::new(RwLock::new(0_u64));
    together(load.threads, move || {
        for nth in 1..=load.times {
            if nth.is_multiple_of(4) {
                *counter.write().expect("no thread panics") += 1;
            } else {
                assert!(*counter.read().expect("no thread panics") <= load.operations());
            }
        }
    });
}

fn together(threads: usize, body: impl Fn() + Clone + Send + 'static) {
    let threads: Vec<_> = (0..threads).map(|_| thread::spawn(body.clone())).collect();
    for thread in threads {
        thread.join().expect("a worker ends");
    }
}
