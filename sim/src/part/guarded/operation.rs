//! What can be done with a guarded backend, as text that prints and parses: `call llm`, `llm fails`.

use crate::log::Name;
use crate::span::Span;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// One operation, and which guarded backend it is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GuardedOperation {
    /// The backend's name, which is the breaker's too.
    pub target: Name,
    /// What is done.
    pub act: Act,
}

/// What is done with a guarded backend. Labels are names of their own, or borrowed from the text that was read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Act<Label = Name> {
    /// From now on the backend's replies are failures.
    Fails,
    /// From now on they are successes.
    Recovers,
    /// From now on each takes this long.
    Takes(Duration),
    /// A call through the breaker.
    Call(Manner),
    /// Asks for a permit and keeps it under a label.
    Begin(Label),
    /// Ends the call with this label, where its permit was granted.
    End(Label, End),
    /// Closes the breaker by hand.
    Reset,
    /// Opens it by hand.
    ForceOpen,
    /// Opens it by hand for this long.
    Isolate(Duration),
    /// Lets every call pass, by hand.
    Disable,
    /// Lets every call pass, by hand, and looks at the results.
    OnlyMeasure,
    /// Ends what was done by hand.
    Lift,
    /// Lets it notice that its interval is over.
    Refresh,
    /// Writes its statistics into the log.
    Read,
}

/// How a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Manner {
    /// As calls are.
    Plain,
    /// It fails, however healthy the backend is.
    Fails,
    /// It fails, and the backend asks to be left alone for this long.
    FailsFor(Duration),
    /// It panics after the backend has answered; its caller catches the panic.
    Panics,
    /// Its caller goes away after the backend has answered, without telling how the call ended.
    Cancels,
    /// Its caller stands still for this long between the admission and the backend.
    Stalls(Duration),
}

/// How a call that was begun ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// It succeeded.
    Ok,
    /// It failed.
    Failed,
    /// Nobody says; its permit is dropped.
    Dropped,
}

impl fmt::Display for GuardedOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Piece by piece: a swarm writes more of these than it takes steps, and each format string is another pass.
        let mut say = |pieces: &[&str]| pieces.iter().try_for_each(|piece| f.write_str(piece));
        let target = &*self.target;
        match &self.act {
            Act::Fails => say(&[target, " fails"]),
            Act::Recovers => say(&[target, " recovers"]),
            Act::Takes(time) => {
                say(&[target, " takes "])?;
                Span(*time).fmt(f)
            }
            Act::Call(Manner::Plain) => say(&["call ", target]),
            Act::Call(Manner::Fails) => say(&["call ", target, " and fail"]),
            Act::Call(Manner::FailsFor(time)) => {
                say(&["call ", target, " and fail for "])?;
                Span(*time).fmt(f)
            }
            Act::Call(Manner::Panics) => say(&["call ", target, " and panic"]),
            Act::Call(Manner::Cancels) => say(&["call ", target, " and cancel"]),
            Act::Call(Manner::Stalls(time)) => {
                say(&["call ", target, " after stalling "])?;
                Span(*time).fmt(f)
            }
            Act::Begin(label) => say(&["begin call ", label, " on ", target]),
            Act::End(label, End::Ok) => say(&["end call ", label, " on ", target, " ok"]),
            Act::End(label, End::Failed) => say(&["end call ", label, " on ", target, " failed"]),
            Act::End(label, End::Dropped) => say(&["end call ", label, " on ", target, " dropped"]),
            Act::Reset => say(&["reset ", target]),
            Act::ForceOpen => say(&["force ", target, " open"]),
            Act::Isolate(time) => {
                say(&["isolate ", target, " for "])?;
                Span(*time).fmt(f)
            }
            Act::Disable => say(&["disable ", target]),
            Act::OnlyMeasure => say(&["only measure ", target]),
            Act::Lift => say(&["lift ", target]),
            Act::Refresh => say(&["refresh ", target]),
            Act::Read => say(&["read ", target]),
        }
    }
}

/// The text is none of the forms of [`GuardedOperation`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{input}` is nothing that can be done with a guarded backend, such as `call llm`")]
pub struct GuardedOperationError {
    /// What was read.
    pub input: String,
}

impl FromStr for GuardedOperation {
    type Err = GuardedOperationError;

    fn from_str(input: &str) -> Result<Self, Self::Err> {
        let error = || GuardedOperationError { input: input.to_owned() };
        let (target, act) = read(input).ok_or_else(error)?;
        Ok(Self { target: target.into(), act: act.owned() })
    }
}

/// The target of the operation that `input` is, and what is done with it; `None` where it is none.
///
/// It borrows all that it finds: each operation is read when it is drafted and again when it is performed.
pub(super) fn read(input: &str) -> Option<(&str, Act<&str>)> {
    let span = |text: &str| text.parse().ok().map(|Span(time)| time);
    let mut words = [""; MOST_WORDS];
    let count = split(input, &mut words)?;
    let (target, act) = match words[..count] {
        ["call", target] => (target, Act::Call(Manner::Plain)),
        ["call", target, "and", "fail"] => (target, Act::Call(Manner::Fails)),
        ["call", target, "and", "fail", "for", time] => {
            (target, Act::Call(Manner::FailsFor(span(time)?)))
        }
        ["call", target, "and", "panic"] => (target, Act::Call(Manner::Panics)),
        ["call", target, "and", "cancel"] => (target, Act::Call(Manner::Cancels)),
        ["call", target, "after", "stalling", time] => {
            (target, Act::Call(Manner::Stalls(span(time)?)))
        }
        ["begin", "call", label, "on", target] => (target, Act::Begin(label)),
        ["end", "call", label, "on", target, how] => {
            let end = match how {
                "ok" => End::Ok,
                "failed" => End::Failed,
                "dropped" => End::Dropped,
                _ => return None,
            };
            (target, Act::End(label, end))
        }
        ["reset", target] => (target, Act::Reset),
        ["force", target, "open"] => (target, Act::ForceOpen),
        ["isolate", target, "for", time] => (target, Act::Isolate(span(time)?)),
        ["disable", target] => (target, Act::Disable),
        ["only", "measure", target] => (target, Act::OnlyMeasure),
        ["lift", target] => (target, Act::Lift),
        ["refresh", target] => (target, Act::Refresh),
        ["read", target] => (target, Act::Read),
        [target, "fails"] => (target, Act::Fails),
        [target, "recovers"] => (target, Act::Recovers),
        [target, "takes", time] => (target, Act::Takes(span(time)?)),
        _ => return None,
    };
    (!target.is_empty()).then_some((target, act))
}

/// The words of the longest operation: `end call LABEL on NAME ok`.
const MOST_WORDS: usize = 6;

/// Fills `words` with what stands between the spaces of `text` and returns how many there are; `None` where they are
/// more than fit.
fn split<'a>(text: &'a str, words: &mut [&'a str]) -> Option<usize> {
    let mut count = 0;
    let mut begin = 0;
    // A search for one character is made for long texts; these have a few short words.
    for (at, byte) in text.bytes().enumerate() {
        if byte == b' ' {
            *words.get_mut(count)? = &text[begin..at];
            count += 1;
            begin = at + 1;
        }
    }
    *words.get_mut(count)? = &text[begin..];
    Some(count + 1)
}

impl Act<&str> {
    /// The same with a label of its own.
    fn owned(self) -> Act {
        match self {
            Self::Fails => Act::Fails,
            Self::Recovers => Act::Recovers,
            Self::Isolate(time) => Act::Isolate(time),
            Self::Disable => Act::Disable,
            Self::OnlyMeasure => Act::OnlyMeasure,
            Self::Lift => Act::Lift,
            Self::Takes(time) => Act::Takes(time),
            Self::Call(manner) => Act::Call(manner),
            Self::Begin(label) => Act::Begin(label.into()),
            Self::End(label, end) => Act::End(label.into(), end),
            Self::Reset => Act::Reset,
            Self::ForceOpen => Act::ForceOpen,
            Self::Refresh => Act::Refresh,
            Self::Read => Act::Read,
        }
    }
}

/// The forms of all operations on `target`, for an error that says what would be right.
pub(super) fn forms(target: &str) -> Vec<String> {
    [
        "NAME fails",
        "NAME recovers",
        "NAME takes DURATION",
        "call NAME",
        "call NAME and fail",
        "call NAME and panic",
        "call NAME and cancel",
        "call NAME after stalling DURATION",
        "begin call LABEL on NAME",
        "end call LABEL on NAME ok|failed|dropped",
        "reset NAME",
        "force NAME open",
        "refresh NAME",
        "read NAME",
        "isolate NAME for DURATION",
        "lift NAME",
        "disable NAME",
        "only measure NAME",
        "call NAME and fail for DURATION",
    ]
    .map(|form| form.replace("NAME", target))
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_reads_back_from_what_it_prints() {
        let times = [Duration::from_nanos(1), Duration::from_secs(30)];
        let mut acts = vec![
            Act::Fails,
            Act::Recovers,
            Act::Call(Manner::Plain),
            Act::Call(Manner::Fails),
            Act::Call(Manner::Panics),
            Act::Call(Manner::Cancels),
            Act::Begin("a".into()),
            Act::End("a".into(), End::Ok),
            Act::End("a".into(), End::Failed),
            Act::End("a".into(), End::Dropped),
            Act::Reset,
            Act::ForceOpen,
            Act::Disable,
            Act::OnlyMeasure,
            Act::Lift,
            Act::Refresh,
            Act::Read,
        ];
        acts.extend(times.map(Act::Takes));
        acts.extend(times.map(Act::Isolate));
        acts.extend(times.map(|time| Act::Call(Manner::FailsFor(time))));
        acts.extend(times.map(|time| Act::Call(Manner::Stalls(time))));
        for act in acts {
            let operation = GuardedOperation { target: "llm".into(), act };
            assert_eq!(operation.to_string().parse(), Ok(operation));
        }
    }

    #[test]
    fn what_is_no_operation_is_refused_with_its_text() {
        for input in [
            "",
            "call",
            "call ",
            "call llm and dance",
            "llm takes long",
            "end call a on llm well",
            "end call a on llm ok now",
        ] {
            let error = input.parse::<GuardedOperation>().expect_err("it is no operation");
            assert!(error.to_string().contains(input), "{error}");
        }
    }
}
