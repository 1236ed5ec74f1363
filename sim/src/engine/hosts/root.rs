//! The root of a run: it is on no host, and polled by whoever drives the simulator, whenever somebody has woken it.
//!
//! Its type is forgotten where a run begins, so that a crate with a hundred runs compiles the engine once.

use super::Cluster;
use super::unit::Polled;
use super::world::World;
use parking_lot::Mutex;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};

/// What a run begins with: what it returns is its root.
pub(in crate::engine) type Start =
    Box<dyn FnOnce(Cluster) -> Pin<Box<dyn Future<Output = ()>>> + Send>;

/// `root`, its type forgotten.
pub(in crate::engine) fn starting<F>(root: impl FnOnce(Cluster) -> F + Send + 'static) -> Start
where
    F: Future<Output = ()> + 'static,
{
    // Whatever `root` itself does is done by the unit that it returns.
    Box::new(|cluster| Box::pin(async move { root(cluster).await }))
}

/// The root of a run: ends with it, whether it has come to its own end or the run was stopped.
pub(in crate::engine) struct Root {
    world: Arc<World>,
    polled: Polled<dyn Future<Output = ()>>,
    call: Arc<Call>,
    waker: Waker,
}

/// That somebody has woken the root.
struct Call {
    came: AtomicBool,
    /// Who drives the simulator, where it has to be woken for that.
    driver: Mutex<Option<Waker>>,
}

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.came.swap(true, SeqCst) {
            let driver = self.driver.lock().clone();
            if let Some(driver) = driver {
                driver.wake();
            }
        }
    }
}

impl Root {
    /// What `start` returns as the unit called `main`.
    pub(in crate::engine) fn new(world: &Arc<World>, start: Start) -> Self {
        let future = start(Cluster::new(Arc::clone(world)));
        let unit = world.with(|inner| inner.add_unit("main", None, None));
        let polled = Polled::new(Arc::clone(world), unit, future);
        let call = Arc::new(Call { came: AtomicBool::new(true), driver: Mutex::new(None) });
        let waker = Waker::from(Arc::clone(&call));
        Self { world: Arc::clone(world), polled, call, waker }
    }

    /// From now on `driver` is woken whenever the root is.
    #[cfg_attr(
        not(all(madsim, feature = "madsim")),
        expect(dead_code, reason = "for the nodes engine")
    )]
    pub(in crate::engine) fn wakes(&self, driver: &Waker) {
        *self.call.driver.lock() = Some(driver.clone());
    }

    /// Polls it where it was woken.
    pub(in crate::engine) fn goes_on(&mut self) -> Poll<()> {
        if !self.call.came.swap(false, SeqCst) {
            return Poll::Pending;
        }
        let mut context = Context::from_waker(&self.waker);
        let ended = Pin::new(&mut self.polled).poll(&mut context).is_ready();
        if ended || self.world.with(|inner| inner.sees_stop(&self.waker)) {
            return Poll::Ready(());
        }
        Poll::Pending
    }
}
