//! What each shape does when one thread uses it, or when threads use it one after the other. It is compiled against std and
//! against us: what it uses is imported by the module above.

#![expect(clippy::unwrap_used, reason = "these are the bodies of tests")]

use super::mpsc::{self, RecvTimeoutError, TryRecvError, TrySendError};
use super::{
    Arc, AtomicPtr, Barrier, Duration, LazyLock, Once, OnceLock, Ordering, RwLock,
    RwLockWriteGuard, TryLockError, thread, thread_local,
};
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn panics(body: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(body)).expect_err("it panics");
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
}

pub(crate) fn a_lock_for_readers_and_writers() {
    let mut lock = RwLock::new(vec![1]);
    {
        let (one, two) = (lock.read().unwrap(), lock.try_read().unwrap());
        assert_eq!((one.len(), format!("{two:?}")), (1, "[1]".to_owned()));
        assert!(matches!(lock.try_write(), Err(TryLockError::WouldBlock)));
    }
    {
        let mut writer = lock.write().unwrap();
        writer.push(2);
        assert!(matches!(lock.try_read(), Err(TryLockError::WouldBlock)));
        let reader = RwLockWriteGuard::downgrade(writer);
        assert_eq!((reader.len(), lock.try_read().unwrap().len()), (2, 2));
        assert!(matches!(lock.try_write(), Err(TryLockError::WouldBlock)));
    }
    lock.get_mut().unwrap().push(3);
    lock.try_write().unwrap().push(4);

    // Whoever reads leaves nothing half changed.
    panics(|| {
        let _reader = lock.read();
        panic!("while it reads");
    });
    assert!(!lock.is_poisoned());
    panics(|| {
        let _writer = lock.write();
        panic!("while it writes");
    });
    assert!(lock.is_poisoned());
    assert_eq!(lock.read().expect_err("it is poisoned").into_inner().len(), 4);
    assert!(matches!(lock.try_read(), Err(TryLockError::Poisoned(_))));
    assert!(matches!(lock.try_write(), Err(TryLockError::Poisoned(_))));
    assert!(lock.write().is_err() && lock.get_mut().is_err());
    lock.clear_poison();
    assert_eq!(lock.into_inner().unwrap(), [1, 2, 3, 4]);

    let unsized_: Arc<RwLock<dyn Fn() -> u8 + Send + Sync>> = Arc::new(RwLock::new(|| 7));
    assert_eq!((unsized_.read().unwrap())(), 7);
    assert_eq!(*RwLock::<u8>::default().read().unwrap() + *RwLock::from(3).read().unwrap(), 3);
}

pub(crate) fn once_and_what_is_made_from_it() {
    let once = Once::new();
    assert!(panics(|| once.call_once(|| panic!("the first"))).contains("the first"));
    assert!(!once.is_completed());
    let poisoned = "Once instance has previously been poisoned";
    assert_eq!(panics(|| once.call_once(|| ())), poisoned);
    assert_eq!(panics(|| once.wait()), poisoned);
    once.call_once_force(|state| assert!(state.is_poisoned()));
    once.call_once(|| unreachable!("it is done"));
    once.call_once_force(|_| unreachable!("it is done"));
    once.wait();
    once.wait_force();
    assert!(once.is_completed());

    let mut lock = OnceLock::new();
    assert_eq!((lock.get().copied(), lock.get_mut()), (None, None));
    panics(|| {
        lock.get_or_init(|| panic!("no value"));
    });
    assert_eq!(lock.get(), None, "a panic leaves none and poisons nothing");
    assert_eq!((*lock.get_or_init(|| 1), *lock.get_or_init(|| 2), *lock.wait()), (1, 1, 1));
    assert_eq!(
        (lock.set(3), lock.clone().into_inner(), format!("{lock:?}")),
        (Err(3), Some(1), "OnceLock(1)".to_owned())
    );
    assert_eq!(
        (lock.take(), lock.get(), format!("{lock:?}")),
        (Some(1), None, "OnceLock(<uninit>)".to_owned())
    );
    assert_eq!((lock.set(4), &lock), (Ok(()), &OnceLock::from(4)));

    let made = LazyLock::new(|| 5);
    assert_eq!(format!("{made:?}"), "LazyLock(<uninit>)");
    assert_eq!(
        (*made, *LazyLock::force(&made), format!("{made:?}")),
        (5, 5, "LazyLock(5)".to_owned())
    );
    let never: LazyLock<u8> = LazyLock::new(|| panic!("it cannot be made"));
    assert_eq!(panics(|| assert_eq!(*never, 0)), "it cannot be made");
    let poisoned = "LazyLock instance has previously been poisoned";
    assert_eq!(panics(|| assert_eq!(*never, 0)), poisoned);
}

pub(crate) fn barriers_and_pointers() {
    for alone in [0, 1] {
        let barrier = Barrier::new(alone);
        assert!(barrier.wait().is_leader() && barrier.wait().is_leader());
    }
    let barrier = Arc::new(Barrier::new(3));
    let waits = || {
        let barrier = Arc::clone(&barrier);
        thread::spawn(move || (0..5).filter(|_| barrier.wait().is_leader()).count())
    };
    let threads = [waits(), waits(), waits()];
    let leaders: usize = threads.into_iter().map(|thread| thread.join().expect("it ends")).sum();
    assert_eq!(leaders, 5, "each time one");

    let (mut one, mut two) = (1, 2);
    let (one, two) = (&raw mut one, &raw mut two);
    let pointer = AtomicPtr::new(one);
    assert_eq!(pointer.swap(two, Ordering::SeqCst), one);
    let exchanged = pointer.compare_exchange(one, two, Ordering::SeqCst, Ordering::SeqCst);
    assert_eq!((exchanged, pointer.load(Ordering::SeqCst)), (Err(two), two));
    pointer.store(one, Ordering::SeqCst);
    assert_eq!(pointer.into_inner(), one);
    assert!(AtomicPtr::<u8>::default().load(Ordering::SeqCst).is_null());
}

pub(crate) fn channels() {
    let (sender, receiver) = mpsc::channel();
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
    let limit = Duration::from_nanos(1);
    assert_eq!(receiver.recv_timeout(limit), Err(RecvTimeoutError::Timeout));
    let other = sender.clone();
    sender.send(1).unwrap();
    other.send(2).unwrap();
    drop(sender);
    assert_eq!(receiver.try_iter().collect::<Vec<_>>(), [1, 2]);
    other.send(3).unwrap();
    drop(other);
    assert_eq!((receiver.recv(), receiver.recv()), (Ok(3), Err(mpsc::RecvError)));
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Disconnected));
    assert_eq!(receiver.recv_timeout(limit), Err(RecvTimeoutError::Disconnected));

    let (sender, receiver) = mpsc::sync_channel(2);
    sender.send('a').unwrap();
    sender.try_send('b').unwrap();
    assert_eq!(sender.try_send('c'), Err(TrySendError::Full('c')));
    assert_eq!(receiver.iter().next(), Some('a'));
    drop(receiver);
    assert_eq!(sender.send('d'), Err(mpsc::SendError('d')));
    assert_eq!(sender.try_send('e'), Err(TrySendError::Disconnected('e')));

    // What nobody has read goes with the receiver, not with the last sender.
    let (sender, receiver) = mpsc::channel();
    let counted = Arc::new(());
    sender.send(Arc::clone(&counted)).unwrap();
    drop(receiver);
    assert_eq!(Arc::strong_count(&counted), 1);

    let (sender, receiver) = mpsc::sync_channel(0);
    assert_eq!(sender.try_send(0), Err(TrySendError::Full(0)));
    let gives = thread::spawn(move || (1..=3).map(|nth| sender.send(nth)).collect::<Vec<_>>());
    assert_eq!((receiver.recv(), receiver.recv()), (Ok(1), Ok(2)));
    drop(receiver);
    assert_eq!(gives.join().expect("it ends"), [Ok(()), Ok(()), Err(mpsc::SendError(3))]);

    let (sender, receiver) = mpsc::channel();
    let sums = thread::spawn(move || receiver.into_iter().sum::<u32>());
    let sends = [1, 2, 3].map(|number| {
        let sender = sender.clone();
        thread::spawn(move || sender.send(number))
    });
    drop(sender);
    sends.into_iter().for_each(|send| send.join().expect("it ends").expect("it is received"));
    assert_eq!(sums.join().expect("it ends"), 6);
}

pub(crate) fn threads_that_borrow() {
    let mut numbers = [1, 2, 3, 4, 5, 6];
    let factor = 10;
    let sum: u32 = thread::scope(|scope| {
        let chunks = numbers.chunks_mut(2).map(|chunk| {
            scope.spawn(move || {
                chunk.iter_mut().for_each(|number| *number *= factor);
                chunk.iter().sum::<u32>()
            })
        });
        let handles: Vec<_> = chunks.collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).sum()
    });
    assert_eq!((sum, numbers[5]), (210, 60));

    // Nobody joins these, and one starts another: the scope waits for all.
    let count = std::sync::atomic::AtomicU32::new(0);
    let counts = || count.fetch_add(1, Ordering::SeqCst);
    let first = thread::scope(|scope| {
        scope.spawn(|| {
            thread::yield_now();
            counts();
            let named = thread::Builder::new().name("inner".to_owned());
            drop(named.spawn_scoped(scope, || (thread::yield_now(), counts())));
        });
        let idle = scope.spawn(thread::park);
        assert!(!idle.is_finished());
        idle.thread().unpark();
        count.load(Ordering::SeqCst)
    });
    assert!(first <= 2);
    assert_eq!(count.load(Ordering::SeqCst), 2);

    let ended = Cell::new(0);
    let message = panics(|| {
        let done = std::sync::atomic::AtomicU32::new(0);
        let _looks = EndsWith(&ended, &done);
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::yield_now();
                done.store(7, Ordering::SeqCst);
            });
            panic!("the body");
        });
    });
    assert_eq!((&*message, ended.get()), ("the body", 7), "it waits although its body panics");
}

/// Tells how far the threads were when the frame of their scope was unwound.
struct EndsWith<'a>(&'a Cell<u32>, &'a std::sync::atomic::AtomicU32);

impl Drop for EndsWith<'_> {
    fn drop(&mut self) {
        self.0.set(self.1.load(Ordering::SeqCst));
    }
}

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(5) };
    /// Made by the thread that uses it, when it does.
    pub(crate) static WORDS: RefCell<Vec<String>> = RefCell::new(vec![format!("{}", COUNT.get())]);
    static FIRST: Dropped = const { Dropped("first", RefCell::new(None)) };
    static SECOND: Dropped = const { Dropped("second", RefCell::new(None)) };
}

/// Says when it is dropped, and what it finds in other slots then.
struct Dropped(&'static str, RefCell<Option<mpsc::Sender<String>>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        let others = (FIRST.try_with(|_| ()).is_ok(), COUNT.get());
        if let Some(says) = self.1.take() {
            let _ = says.send(format!("{} {others:?}", self.0));
        }
    }
}

pub(crate) fn slots_of_threads() {
    thread::spawn(uses_slots).join().expect("it ends");
}

fn uses_slots() {
    COUNT.set(6);
    let other = thread::spawn(|| {
        let own = WORDS.with_borrow(Clone::clone);
        COUNT.set(COUNT.get() + 1);
        (own, COUNT.replace(1), COUNT.take(), COUNT.get())
    });
    assert_eq!(other.join().unwrap(), (vec!["5".to_owned()], 6, 1, 0));
    assert_eq!(COUNT.get(), 6);
    WORDS.with_borrow_mut(|words| words.push("more".to_owned()));
    assert_eq!(WORDS.take(), ["6", "more"]);
    WORDS.set(vec!["set".to_owned()]);
    assert_eq!((WORDS.replace(Vec::new()).len(), WORDS.with(|words| words.borrow().len())), (1, 0));

    let (says, said) = mpsc::channel();
    let other = thread::spawn(move || {
        COUNT.set(8);
        FIRST.with(|first| first.1.replace(Some(says.clone())));
        SECOND.with(|second| second.1.replace(Some(says)));
    });
    other.join().unwrap();
    // What was made last goes first, and a slot that is empty stays so.
    let said: Vec<String> = said.try_iter().collect();
    assert_eq!(said, ["second (true, 8)", "first (false, 8)"]);
}
