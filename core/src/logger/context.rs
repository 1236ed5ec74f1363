//! The context: fields that stand in every line of a unit of execution while a scope lasts.

use super::entries::Entries;
use super::field::Key;
use super::plants;
use super::unit::{self, Found, Own, Swapped};
use super::value::ToValue;
use super::with_context::WithContext;
use crate::door::{Guard, Mutex, Platform, Rules};
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

/// Fields for every line of a scope. Immutable, encoded when they are added, and cheap to clone.
///
/// Each unit of execution has a context of its own; a new unit starts with an empty one, see [`LogContext::capture`].
///
/// ```
/// use retrip_core::door::System;
/// use retrip_core::logger::LogContext;
///
/// let request = LogContext::new().with("request_id", "r-1").with("user_id", 7).enter(&System);
/// {
///     let _retry = LogContext::new().with("user_id", 8).enter(&System);
///     assert_eq!(LogContext::current(&System).to_string(), r#"{"request_id":"r-1","user_id":8}"#);
/// }
/// assert_eq!(LogContext::current(&System).to_string(), r#"{"request_id":"r-1","user_id":7}"#);
/// drop(request);
/// assert!(LogContext::current(&System).is_empty());
/// ```
#[derive(Clone, Default)]
pub struct LogContext {
    content: Option<Arc<Content>>,
}

#[derive(Clone, Default)]
struct Content {
    entries: Entries,
    panics: u64,
}

const EMPTY: &Entries = &Entries::EMPTY;

impl LogContext {
    /// A context without fields.
    #[must_use]
    pub const fn new() -> Self {
        Self { content: None }
    }

    /// This context and one more field. The same key again takes the place of the one before.
    ///
    /// Keys of the line itself, secrets and caps are treated as in [`Event::field`](super::Event::field).
    #[must_use]
    pub fn with<'k>(mut self, key: impl Into<Key<'k>>, value: impl ToValue) -> Self {
        let content = Arc::make_mut(self.content.get_or_insert_default());
        content.panics += content.entries.push(key.into(), value.to_value()).panics;
        self
    }

    /// This context and then `inner`. A key of both stands once, where and as `inner` has it.
    #[must_use]
    pub fn merged(&self, inner: &Self) -> Self {
        match (&self.content, &inner.content) {
            (None, _) => inner.clone(),
            (_, None) => self.clone(),
            (Some(outer), Some(inside)) => Self {
                content: Some(Arc::new(Content {
                    entries: outer.entries.merged(&inside.entries),
                    panics: 0,
                })),
            },
        }
    }

    /// Whether there is no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries().bytes().is_empty()
    }

    /// Adds this context to the current one of the calling unit, until the scope is dropped.
    pub fn enter<P: Platform>(&self, platform: &P) -> ContextScope<P> {
        let (scope, found) = unit::with(platform, |unit| {
            let own = &mut unit.own;
            own.scopes += 1;
            let merged = if platform.broken_by(plants::OUTER_SCOPE_WINS) {
                self.merged(&own.context)
            } else if platform.broken_by(plants::SCOPE_HIDES_THE_OUTER_ONES) {
                self.clone()
            } else {
                own.context.merged(self)
            };
            let context = std::mem::replace(&mut own.context, merged);
            let found = Found { context, scope: std::mem::replace(&mut own.scope, own.scopes) };
            (own.scope, found)
        });
        ContextScope {
            platform: platform.clone(),
            scope,
            found: Some(found),
            shared: None,
            stays_here: PhantomData,
        }
    }

    /// The context of the calling unit.
    #[must_use]
    pub fn current<P: Platform>(platform: &P) -> Self {
        unit::with(platform, |unit| unit.own.context.clone())
    }

    /// Makes this the context of the calling unit and returns the one before. The end of a scope around it still restores
    /// what the scope found.
    pub fn set<P: Platform>(self, platform: &P) -> Self {
        unit::with(platform, |unit| std::mem::replace(&mut unit.own.context, self))
    }

    /// Empties the context of the calling unit and returns the one before.
    pub fn clear<P: Platform>(platform: &P) -> Self {
        Self::new().set(platform)
    }

    /// Wraps `body` so that it runs with the context that is current here and now, wherever it runs: with nothing of what is current there, and
    /// what it enters, sets and clears is its own.
    ///
    /// ```
    /// use retrip_core::door::{JoinHandle, Spawn, System};
    /// use retrip_core::logger::LogContext;
    ///
    /// let _scope = LogContext::new().with("request_id", "r-1").enter(&System);
    /// let seen = LogContext::capture(&System, || LogContext::current(&System).to_string());
    /// let worker = System.spawn("worker", seen)?;
    /// assert_eq!(JoinHandle::join(worker)?, r#"{"request_id":"r-1"}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn capture<P, T, F>(platform: &P, body: F) -> impl FnOnce() -> T + use<P, T, F>
    where
        P: Platform,
        F: FnOnce() -> T,
    {
        let context = Self::current(platform);
        let platform = platform.clone();
        move || {
            let mut own = Own { context, ..Own::default() };
            let _swapped = Swapped::new(&platform, &mut own);
            body()
        }
    }

    /// `future` with this context added to the one that is current here and now, on whichever unit it is polled and dropped. What it
    /// enters, sets and clears is its own: neither the unit nor another future of it sees that.
    ///
    /// A scope is not `Send` and would not last from one poll to the next; this does. For a future that is to go on with the current
    /// context as it is, in a unit that is started for it, add an empty one.
    ///
    /// ```
    /// use retrip_core::door::System;
    /// use retrip_core::logger::LogContext;
    /// use std::future::Future;
    /// use std::pin::pin;
    /// use std::task::{Context, Poll, Waker};
    ///
    /// let request = LogContext::new().with("request_id", "r-1");
    /// let seen = request.during(&System, async { LogContext::current(&System).to_string() });
    /// let polled = pin!(seen).poll(&mut Context::from_waker(Waker::noop()));
    /// assert_eq!(polled, Poll::Ready(r#"{"request_id":"r-1"}"#.to_owned()));
    /// assert!(LogContext::current(&System).is_empty());
    /// ```
    pub fn during<P: Platform, F: Future>(&self, platform: &P, future: F) -> WithContext<P, F> {
        WithContext::new(platform, Self::current(platform).merged(self), future)
    }

    /// How many scopes of the calling unit have ended before a scope inside of them.
    #[must_use]
    pub fn ended_out_of_order<P: Platform>(platform: &P) -> u64 {
        unit::with(platform, |unit| unit.own.out_of_order)
    }

    /// Whether the other one is this one, or a clone of it.
    #[cfg(feature = "tracing")]
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let place = |context: &Self| context.content.as_ref().map(Arc::as_ptr);
        place(self) == place(other)
    }

    pub(super) fn entries(&self) -> &Entries {
        self.content.as_ref().map_or(EMPTY, |content| &content.entries)
    }

    /// How many values panicked while they were encoded.
    pub(super) fn panics(&self) -> u64 {
        self.content.as_ref().map_or(0, |content| content.panics)
    }
}

/// The context as a JSON object.
impl fmt::Display for LogContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = self.entries().bytes().strip_prefix(b",").unwrap_or_default();
        write!(f, "{{{}}}", std::str::from_utf8(members).expect("entries are UTF-8"))
    }
}

impl fmt::Debug for LogContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Two contexts are equal where they write the same bytes.
impl PartialEq for LogContext {
    fn eq(&self, other: &Self) -> bool {
        self.entries().bytes() == other.entries().bytes()
    }
}

impl Eq for LogContext {}

/// The one context of all units, where [`plants::CONTEXT_SHARED_BETWEEN_UNITS`] is switched on.
pub(super) type SharedContext<P> = <P as crate::door::SyncPrimitives>::Mutex<LogContext>;

/// A context that lasts until this is dropped; then the unit has again what it had before, also on unwind.
///
/// Not `Send`: it belongs to the unit that entered. Dropped before a scope inside of it, it leaves the context alone and
/// is counted; the end of that inner scope then restores what this one found.
#[must_use = "a scope ends when it is dropped, which is at once"]
pub struct ContextScope<P: Platform> {
    platform: P,
    scope: u64,
    found: Option<Found>,
    shared: Option<(Arc<SharedContext<P>>, LogContext)>,
    stays_here: PhantomData<*const ()>,
}

impl<P: Platform> ContextScope<P> {
    /// The planted way: beside the slot, the context also goes to the one place of all units, which the logger then reads.
    pub(super) fn also_in(mut self, place: Arc<SharedContext<P>>, context: &LogContext) -> Self {
        let found = {
            let mut shared: Guard<'_, P, LogContext> = place.lock();
            let merged = shared.merged(context);
            std::mem::replace(&mut *shared, merged)
        };
        self.shared = Some((place, found));
        self
    }
}

impl<P: Platform> Drop for ContextScope<P> {
    fn drop(&mut self) {
        if P::PLANTS && self.platform.planted(plants::CONTEXT_LEAKS_AFTER_SCOPE) {
            return;
        }
        if self.platform.broken_by(plants::PANIC_KEEPS_THE_SCOPE) && self.platform.panicking() {
            return;
        }
        if P::PLANTS
            && let Some((place, found)) = self.shared.take()
        {
            *place.lock() = found;
        }
        let Some(mut found) = self.found.take() else { return };
        unit::with(&self.platform, |unit| {
            let own = &mut unit.own;
            if own.scope != self.scope {
                own.out_of_order += 1;
                own.ended_early.push((self.scope, found));
                return;
            }
            // Whoever ended early in between has left word of what lies below.
            while let Some(at) = own.ended_early.iter().position(|(scope, _)| *scope == found.scope)
            {
                found = own.ended_early.swap_remove(at).1;
            }
            own.scope = found.scope;
            own.context = found.context;
            if self.platform.broken_by(plants::SCOPE_ENDS_ALL_SCOPES) {
                own.context = LogContext::new();
            }
        });
    }
}

impl<P: Platform> fmt::Debug for ContextScope<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContextScope").field("scope", &self.scope).finish_non_exhaustive()
    }
}
