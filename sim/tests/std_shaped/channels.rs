//! Channels: does every message arrive once and in its sender's order, in every order of the senders, and does each end see
//! the other go?

use super::{simulate, simulate_in_order};
use retrip_sim::sync::Arc;
use retrip_sim::sync::mpsc::{self, RecvTimeoutError, SendError, TryRecvError, TrySendError};
use retrip_sim::thread;
use retrip_sim::time::{Duration, Instant};
use std::collections::BTreeSet;

/// The orders in which messages of two senders arrived, over many seeds.
fn orders(room: Option<usize>) -> BTreeSet<Vec<char>> {
    let orders: Arc<std::sync::Mutex<BTreeSet<Vec<char>>>> = Arc::default();
    for seed in 0..300 {
        let orders = Arc::clone(&orders);
        let program = move || {
            let mut sends: Vec<Box<dyn FnMut(char) + Send>> = Vec::new();
            let receiver = if let Some(room) = room {
                let (sender, receiver) = mpsc::sync_channel(room);
                let other = sender.clone();
                sends.push(Box::new(move |letter| sender.send(letter).expect("it is received")));
                sends.push(Box::new(move |letter| other.send(letter).expect("it is received")));
                receiver
            } else {
                let (sender, receiver) = mpsc::channel();
                let other = sender.clone();
                sends.push(Box::new(move |letter| sender.send(letter).expect("it is received")));
                sends.push(Box::new(move |letter| other.send(letter).expect("it is received")));
                receiver
            };
            let senders: Vec<_> = sends
                .into_iter()
                .zip(["ab", "xy"])
                .map(|(mut send, letters)| {
                    thread::spawn(move || letters.chars().for_each(&mut *send))
                })
                .collect();
            let order: Vec<char> = receiver.iter().collect();
            senders.into_iter().for_each(|sender| sender.join().expect("it ends"));
            let position = |letter| order.iter().position(|&at| at == letter);
            assert!(
                order.len() == 4 && position('a') < position('b') && position('x') < position('y')
            );
            // std's own lock, held for no step of the schedule.
            orders.lock().expect("nobody panics").insert(order);
        };
        let digest = simulate(seed, program.clone()).schedule;
        assert_eq!(simulate(seed, program).schedule, digest, "seed {seed}");
    }
    Arc::into_inner(orders).expect("every run is over").into_inner().expect("nobody panics")
}

#[test]
fn two_senders_arrive_in_each_of_their_six_orders() {
    for room in [None, Some(0), Some(1), Some(2)] {
        assert_eq!(orders(room).len(), 6, "{room:?}");
    }
}

#[test]
fn a_message_races_with_its_time_limit_and_arrives_once_either_way() {
    let ends: Arc<std::sync::Mutex<BTreeSet<(bool, bool)>>> = Arc::default();
    for room in [0, 1] {
        for seed in 0..200 {
            let ends = Arc::clone(&ends);
            simulate(seed, move || {
                let (sender, receiver) = mpsc::sync_channel(room);
                let second = Duration::from_secs(1);
                let sends = thread::spawn(move || {
                    thread::sleep(second);
                    match sender.try_send('m') {
                        Ok(()) => true,
                        Err(TrySendError::Full('m')) if room == 0 => false,
                        Err(other) => panic!("{other:?}"),
                    }
                });
                let got = match receiver.recv_timeout(second) {
                    Ok('m') => true,
                    Err(RecvTimeoutError::Timeout) => false,
                    Err(RecvTimeoutError::Disconnected) => false,
                    Ok(other) => panic!("{other}"),
                };
                let sent = sends.join().unwrap();
                let left = receiver.try_recv();
                assert_eq!(sent, got || left.is_ok(), "nothing is lost");
                assert!(room > 0 || left.is_err(), "what is handed over was taken");
                ends.lock().unwrap().insert((sent, got));
            });
        }
    }
    let all = BTreeSet::from([(true, true), (true, false), (false, false)]);
    assert_eq!(*ends.lock().unwrap(), all);
}

#[test]
fn who_gave_up_waiting_for_a_message_is_not_woken_by_one() {
    simulate_in_order(|| {
        let (sender, receiver) = mpsc::channel();
        let sends = thread::spawn(move || {
            thread::sleep(Duration::from_secs(2));
            sender.send(1).unwrap();
        });
        let limit = Duration::from_secs(1);
        assert_eq!(receiver.recv_timeout(limit), Err(RecvTimeoutError::Timeout));
        let start = Instant::now();
        thread::park_timeout(5 * limit);
        assert_eq!((start.elapsed(), receiver.try_recv()), (5 * limit, Ok(1)));
        sends.join().unwrap();
    });
}

#[test]
fn where_there_is_no_room_a_sender_goes_on_once_its_message_is_taken() {
    simulate_in_order(|| {
        let (sender, receiver) = mpsc::sync_channel(0);
        let start = Instant::now();
        let sends = thread::spawn(move || {
            sender.send(1).unwrap();
            start.elapsed()
        });
        thread::sleep(Duration::from_secs(5));
        assert_eq!(receiver.recv(), Ok(1));
        assert_eq!(sends.join().unwrap(), Duration::from_secs(5));
        let start = Instant::now();
        let limit = Duration::from_secs(2);
        assert_eq!(receiver.recv_timeout(limit), Err(RecvTimeoutError::Disconnected));
        assert_eq!(start.elapsed(), Duration::ZERO);
    });
}

#[test]
fn a_sender_that_waits_gets_its_message_back_when_the_receiver_goes() {
    for room in [0, 1] {
        for seed in 0..100 {
            simulate(seed, move || {
                let (sender, receiver) = mpsc::sync_channel(room);
                let sends = [1, 2, 3].map(|message| {
                    let sender = sender.clone();
                    thread::spawn(move || sender.send(message))
                });
                drop(sender);
                let first = receiver.recv().expect("three are sent");
                drop(receiver);
                let sent = sends.map(|send| send.join().unwrap());
                let back = sent.iter().filter_map(|sent| sent.err().map(|SendError(back)| back));
                let back: Vec<i32> = back.collect();
                assert!(!back.contains(&first) && back.len() + 1 + room >= 3, "{back:?}");
            });
        }
    }
}

#[test]
fn the_last_sender_to_go_ends_the_wait() {
    for seed in 0..50 {
        simulate(seed, || {
            let (sender, receiver) = mpsc::channel::<()>();
            let other = sender.clone();
            let goes = thread::spawn(move || drop(other));
            let waits = thread::spawn(move || (receiver.recv(), receiver.try_recv()));
            drop(sender);
            goes.join().unwrap();
            let gone = (Err(mpsc::RecvError), Err(TryRecvError::Disconnected));
            assert_eq!(waits.join().unwrap(), gone);
        });
    }
}
