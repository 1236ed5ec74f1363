//! Plays a program. It is compiled against std and against us: what it uses is imported by the module above.

use super::mpsc::{self, Receiver, Sender, TryRecvError};
use super::{Arc, AtomicU64, Barrier, Condvar, Mutex, Once, OnceLock, Ordering, RwLock, thread};
use crate::program::{Deed, EMPTY, GONE, Program, Seen, made_by, message};
use Ordering::SeqCst;

/// What all threads share.
struct Stage {
    cell: AtomicU64,
    lock: Mutex<u64>,
    shared: RwLock<u64>,
    barrier: Barrier,
    tokens: Mutex<u64>,
    given: Condvar,
    once: Once,
    made: OnceLock<u64>,
}

/// One thread.
struct Player {
    stage: Arc<Stage>,
    thread: usize,
    sender: Option<Sender<u64>>,
    receiver: Option<Receiver<u64>>,
    seen: Vec<u64>,
}

const SOUND: &str = "nobody panics with a lock";

impl Player {
    fn does(&mut self, deed: Deed) -> u64 {
        let Self { stage, thread, .. } = self;
        match deed {
            Deed::Load => stage.cell.load(SeqCst),
            Deed::Store => {
                stage.cell.store(50 + *thread as u64, SeqCst);
                0
            }
            Deed::Add => stage.cell.fetch_add(1, SeqCst),
            Deed::AddLocked => {
                let mut value = stage.lock.lock().expect(SOUND);
                *value += 1;
                *value
            }
            Deed::HoldAndAdd => {
                let _held = stage.lock.lock().expect(SOUND);
                stage.cell.fetch_add(1, SeqCst)
            }
            Deed::TryLock => stage.lock.try_lock().map_or(0, |value| 100 + *value),
            Deed::Read => *stage.shared.read().expect(SOUND),
            Deed::ReadAndAdd => {
                let _held = stage.shared.read().expect(SOUND);
                stage.cell.fetch_add(1, SeqCst)
            }
            Deed::Write => {
                let mut value = stage.shared.write().expect(SOUND);
                *value += 1;
                100 + *value
            }
            Deed::TryWrite => stage.shared.try_write().map_or(0, |mut value| {
                *value += 1;
                100 + *value
            }),
            Deed::Meet => u64::from(stage.barrier.wait().is_leader()),
            Deed::Take => {
                let tokens = stage.tokens.lock().expect(SOUND);
                let waits = |tokens: &mut u64| *tokens == 0;
                let mut tokens = stage.given.wait_while(tokens, waits).expect(SOUND);
                *tokens -= 1;
                *tokens
            }
            Deed::Give => {
                *stage.tokens.lock().expect(SOUND) += 1;
                stage.given.notify_one();
                0
            }
            Deed::CallOnce => {
                let mut before = 0;
                stage.once.call_once(|| before = 1_000 + stage.cell.fetch_add(10, SeqCst));
                before
            }
            Deed::IsDone => u64::from(stage.once.is_completed()),
            Deed::Make => {
                let make = || made_by(*thread) + stage.cell.fetch_add(1, SeqCst);
                *stage.made.get_or_init(make)
            }
            Deed::Get => stage.made.get().copied().unwrap_or(0),
            Deed::Send | Deed::Receive | Deed::TryReceive => self.posts(deed),
        }
    }

    fn posts(&mut self, deed: Deed) -> u64 {
        match (deed, &self.sender, &self.receiver) {
            (Deed::Send, Some(sender), _) => {
                let sent = sender.send(message(self.thread, self.seen.len()));
                if sent.is_ok() { 0 } else { GONE }
            }
            (Deed::Receive, _, Some(receiver)) => receiver.recv().unwrap_or(GONE),
            (_, _, Some(receiver)) => match receiver.try_recv() {
                Ok(message) => message,
                Err(TryRecvError::Empty) => EMPTY,
                Err(TryRecvError::Disconnected) => GONE,
            },
            _ => unreachable!("the first thread receives and the others send"),
        }
    }

    /// Ends with its end of the channel dropped.
    fn plays(mut self, deeds: &[Deed]) -> Vec<u64> {
        for &deed in deeds {
            let value = self.does(deed);
            self.seen.push(value);
        }
        std::mem::take(&mut self.seen)
    }
}

/// Plays `program` once. The last thread is the one that calls this.
pub(crate) fn play(program: &Program) -> Seen {
    let stage = Arc::new(Stage {
        cell: AtomicU64::new(0),
        lock: Mutex::new(0),
        shared: RwLock::new(0),
        barrier: Barrier::new(2),
        tokens: Mutex::new(0),
        given: Condvar::new(),
        once: Once::new(),
        made: OnceLock::new(),
    });
    let (sender, receiver) = mpsc::channel();
    let (mut receiver, mut senders) = (Some(receiver), vec![sender]);
    while senders.len() + 1 < program.len() {
        senders.push(senders[0].clone());
    }
    let players = (0..program.len()).map(|thread| Player {
        stage: Arc::clone(&stage),
        thread,
        receiver: receiver.take(),
        sender: if thread == 0 { None } else { senders.pop() },
        seen: Vec::new(),
    });
    let mut players: Vec<Player> = players.collect();
    let last = players.pop().expect("a program has threads");
    let others = players.into_iter().zip(program.clone());
    let others: Vec<_> =
        others.map(|(player, deeds)| thread::spawn(move || player.plays(&deeds))).collect();
    let last = last.plays(&program[program.len() - 1]);
    let others = others.into_iter().map(|thread| thread.join().expect("nobody panics"));
    others.chain([last]).collect()
}
