//! A unit: a future that is polled as somebody, so that the platform knows on whose behalf it is asked.

use super::world::{Teardown, World};
use super::{Host, Work};
use crate::engine::{Failure, panics};
use retrip_core::door::JoinError;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

thread_local! {
    /// Who is polled on this operating system thread.
    static CURRENT: Cell<Option<Current>> = const { Cell::new(None) };
    /// Who panicked here last, and file and line of where that began.
    static PANICKED: RefCell<Option<(Current, String)>> = const { RefCell::new(None) };
}

/// A unit, and where the run is that it is of: only one run can be there as long as a unit of it is polled.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Current {
    world: *const World,
    unit: usize,
}

/// Whether a unit of `world` is polled here.
pub(super) fn is_polled(world: &World) -> bool {
    CURRENT.get().is_some_and(|current| std::ptr::eq(current.world, world))
}

/// The unit that is polled here, as a unit of `world`. Where nobody is, as in a destructor at the end of a run, it is the root.
pub(super) fn current(world: &Arc<World>) -> usize {
    match CURRENT.get() {
        Some(current) if current.world == Arc::as_ptr(world) => current.unit,
        _ => 0,
    }
}

/// Calls `body`, which acts as `unit` of `world` and does not unwind.
fn acting_as<R>(world: &Arc<World>, unit: usize, body: impl FnOnce() -> R) -> R {
    let before = CURRENT.replace(Some(Current { world: Arc::as_ptr(world), unit }));
    let result = body();
    CURRENT.set(before);
    result
}

/// Notes that a panic begins at `at`, where a unit is polled here.
pub(in crate::engine) fn note_panic(at: impl FnOnce() -> String) -> bool {
    let Some(current) = CURRENT.try_with(Cell::get).ok().flatten() else { return false };
    let noted = PANICKED.try_with(|panicked| {
        panicked.try_borrow_mut().map(|mut panicked| *panicked = Some((current, at())))
    });
    matches!(noted, Ok(Ok(())))
}

/// Where the panic began that has just ended a poll of `unit`.
fn panicked_at(world: &Arc<World>, unit: usize) -> String {
    let panicked = PANICKED.take();
    let current = Current { world: Arc::as_ptr(world), unit };
    panicked.filter(|(who, _)| *who == current).map(|(_, at)| at).unwrap_or_default()
}

/// A future that is polled as a unit of its run.
pub(super) struct Polled<F: ?Sized> {
    world: Arc<World>,
    unit: usize,
    /// None once it is dropped.
    future: Option<Pin<Box<F>>>,
}

impl<F: Future + ?Sized> Polled<F> {
    pub(super) fn new(world: Arc<World>, unit: usize, future: Pin<Box<F>>) -> Self {
        Self { world, unit, future: Some(future) }
    }
}

/// What comes of a unit that is polled.
pub(super) enum Outcome<T> {
    /// It has ended.
    Returned(T),
    /// It panicked, which has failed the run.
    Panicked(JoinError),
}

impl<F: Future + ?Sized> Future for Polled<F> {
    type Output = Outcome<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { world, unit, future } = &mut *self;
        let unit = *unit;
        if !world.begin_poll(unit) {
            // The run is over but for its end: nobody is polled any more.
            return Poll::Pending;
        }
        world.goes_on(unit);
        if world.is_held(unit, context.waker()) {
            return Poll::Pending;
        }
        let Some(future) = future else { return Poll::Pending };
        let poll = || catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        let polled = acting_as(world, unit, poll);
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => {
                world.with(|inner| inner.units[unit].is_over = true);
                Poll::Ready(Outcome::Returned(value))
            }
            Err(payload) if payload.is::<Teardown>() => Poll::Pending,
            Err(payload) => {
                fails(world, unit, panics::message(&*payload));
                Poll::Ready(Outcome::Panicked(JoinError::panicked(&*payload)))
            }
        }
    }
}

/// A panic of `unit`, which said `message`, ends it and the run.
fn fails(world: &Arc<World>, unit: usize, message: String) {
    let at = panicked_at(world, unit);
    world.with(|inner| {
        let record = &mut inner.units[unit];
        record.is_over = true;
        let failure = Failure::Panic { thread: record.name.clone(), message, at };
        inner.fail(failure);
    });
}

/// What is dropped with a unit, on a host that is killed or at the end of a run, still acts as that unit; a panic of it is the
/// unit's, and not the simulator's.
impl<F: ?Sized> Drop for Polled<F> {
    fn drop(&mut self) {
        let future = self.future.take();
        self.world.begin_acting();
        let dropped = || catch_unwind(AssertUnwindSafe(|| drop(future)));
        if let Err(payload) = acting_as(&self.world, self.unit, dropped) {
            fails(&self.world, self.unit, panics::message(&*payload));
        }
        self.world.with(|inner| inner.units[self.unit].is_over = true);
    }
}

/// What a host begins with, each time that it starts: a unit of its own.
pub(in crate::engine) struct Booted(Polled<dyn Future<Output = ()> + Send>);

impl Booted {
    /// `future` as a unit of `host` called `name`.
    pub(in crate::engine) fn new(host: &Host, name: &str, future: Work) -> Self {
        let unit = host.world.with(|inner| inner.add_unit(name, Some(host.host), None));
        Self(Polled::new(Arc::clone(&host.world), unit, future))
    }
}

impl Future for Booted {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.0).poll(context).map(|_| ())
    }
}
