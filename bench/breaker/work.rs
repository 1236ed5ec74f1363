//! What is timed: a call, so many times in a row.

use std::hint::black_box;

/// Makes so many calls in a row; at least one.
pub(crate) type Work = Box<dyn Fn(u64) + Send + Sync>;

/// What the service behind the breakers answers where it is not well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failed;

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the call failed")
    }
}

impl std::error::Error for Failed {}

/// What the service answers.
pub(crate) type Answer = Result<u32, Failed>;

/// The service, which is well. The compiler does not know that, so that nobody's way for failures is left out.
#[inline]
pub(crate) fn succeeds() -> Answer {
    black_box(Ok(7))
}

/// The service, which is not well.
#[inline]
pub(crate) fn fails() -> Answer {
    black_box(Err(Failed))
}

/// Makes `call` again and again. What the last one gives must be as `expected`: that a breaker has left the state in which it is
/// measured would be seen nowhere else.
pub(crate) fn repeated<T>(
    call: impl Fn() -> T + Send + Sync + 'static,
    expected: impl Fn(&T) -> bool + Send + Sync + 'static,
) -> Work {
    repeated_with(|| (), move |()| call(), expected)
}

/// The same, for calls that need something of their own, which `begin` makes anew each time that calls are made in a row.
pub(crate) fn repeated_with<S, T>(
    begin: impl Fn() -> S + Send + Sync + 'static,
    call: impl Fn(&mut S) -> T + Send + Sync + 'static,
    expected: impl Fn(&T) -> bool + Send + Sync + 'static,
) -> Work {
    Box::new(move |calls| {
        let mut own = begin();
        for _ in 1..calls {
            black_box(&call(&mut own));
        }
        let last = call(&mut own);
        assert!(expected(&last), "a breaker is measured in the state that its row says");
    })
}
