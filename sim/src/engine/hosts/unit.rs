//! A unit: a future that is polled as somebody, so that the platform knows on whose behalf it is asked.

use super::Host;
use super::world::{Teardown, World};
use crate::engine::{Failure, panics};
use retrip_core::door::JoinError;
use std::cell::RefCell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

thread_local! {
    /// Who is polled on this operating system thread.
    static CURRENT: RefCell<Option<Current>> = const { RefCell::new(None) };
}

struct Current {
    world: Arc<World>,
    unit: usize,
}

/// The unit that is polled here, as a unit of `world`. Where nobody is, as in a destructor at the end of a run, it is the root.
pub(super) fn current(world: &Arc<World>) -> usize {
    CURRENT.with_borrow(|current| match current {
        Some(current) if Arc::ptr_eq(&current.world, world) => current.unit,
        _ => 0,
    })
}

/// Calls `body`, which acts as `unit` of `world`.
fn acting_as<R>(world: &Arc<World>, unit: usize, body: impl FnOnce() -> R) -> R {
    let before = CURRENT.replace(Some(Current { world: Arc::clone(world), unit }));
    let result = body();
    CURRENT.set(before);
    result
}

/// Notes that a panic begins at `at`, where a unit is polled here.
pub(in crate::engine) fn note_panic(at: impl FnOnce() -> String) -> bool {
    let noted = CURRENT.try_with(|current| {
        let current = current.try_borrow().ok()?;
        let Current { world, unit } = current.as_ref()?;
        world.try_with(|inner| inner.units[*unit].panicked_at = at())
    });
    noted.ok().flatten().is_some()
}

/// A future that is polled as a unit of its run.
pub(super) struct Polled<F> {
    world: Arc<World>,
    unit: usize,
    /// None once it is dropped.
    future: Option<Pin<Box<F>>>,
}

impl<F: Future> Polled<F> {
    pub(super) fn new(world: Arc<World>, unit: usize, future: F) -> Self {
        Self { world, unit, future: Some(Box::pin(future)) }
    }
}

/// What comes of a unit that is polled.
pub(super) enum Outcome<T> {
    /// It has ended.
    Returned(T),
    /// It panicked, which has failed the run.
    Panicked(JoinError),
}

impl<F: Future> Future for Polled<F> {
    type Output = Outcome<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (world, unit) = (Arc::clone(&self.world), self.unit);
        if !world.with(|inner| inner.begin_poll(unit)) {
            // The run is over but for its end: nobody is polled any more.
            return Poll::Pending;
        }
        world.goes_on(unit);
        let Some(future) = &mut self.future else { return Poll::Pending };
        let poll = || catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        let polled = acting_as(&world, unit, poll);
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => {
                world.with(|inner| inner.units[unit].is_over = true);
                Poll::Ready(Outcome::Returned(value))
            }
            Err(payload) if payload.is::<Teardown>() => Poll::Pending,
            Err(payload) => {
                fails(&world, unit, panics::message(&*payload));
                Poll::Ready(Outcome::Panicked(JoinError::panicked(&*payload)))
            }
        }
    }
}

/// A panic of `unit`, which said `message`, ends it and the run.
fn fails(world: &World, unit: usize, message: String) {
    world.with(|inner| {
        let record = &mut inner.units[unit];
        record.is_over = true;
        let failure = Failure::Panic {
            thread: record.name.clone(),
            message,
            at: std::mem::take(&mut record.panicked_at),
        };
        inner.fail(failure);
    });
}

/// What is dropped with a unit, on a host that is killed or at the end of a run, still acts as that unit; a panic of it is the
/// unit's, and not the simulator's.
impl<F> Drop for Polled<F> {
    fn drop(&mut self) {
        let future = self.future.take();
        let dropped = || catch_unwind(AssertUnwindSafe(|| drop(future)));
        if let Err(payload) = acting_as(&self.world, self.unit, dropped) {
            fails(&self.world, self.unit, panics::message(&*payload));
        }
        self.world.with(|inner| inner.units[self.unit].is_over = true);
    }
}

/// What a host begins with, each time that it starts: a unit of its own.
pub(in crate::engine) struct Booted<F>(Polled<F>);

impl<F: Future<Output = ()>> Booted<F> {
    /// `future` as a unit of `host` called `name`.
    pub(in crate::engine) fn new(host: &Host, name: &str, future: F) -> Self {
        let unit = host.world.with(|inner| inner.add_unit(name, Some(host.host), None));
        Self(Polled::new(Arc::clone(&host.world), unit, future))
    }
}

impl<F: Future<Output = ()>> Future for Booted<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.0).poll(context).map(|_| ())
    }
}

/// The root of a run: ends with it, whether it has come to its own end or the run was stopped.
pub(in crate::engine) struct Root<F> {
    world: Arc<World>,
    polled: Polled<F>,
}

impl<F: Future<Output = ()>> Root<F> {
    /// `future` as the unit called `main`.
    pub(in crate::engine) fn new(world: &Arc<World>, future: F) -> Self {
        let unit = world.with(|inner| inner.add_unit("main", None, None));
        let polled = Polled::new(Arc::clone(world), unit, future);
        Self { world: Arc::clone(world), polled }
    }
}

impl<F: Future<Output = ()>> Future for Root<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let ended = Pin::new(&mut self.polled).poll(context).is_ready();
        if ended || self.world.with(|inner| inner.sees_stop(context.waker())) {
            return Poll::Ready(());
        }
        Poll::Pending
    }
}
