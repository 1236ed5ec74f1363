//! Why a text or a value is no plan, and what would be right.

use super::FaultWords;
use crate::engine::EngineNameError;
use crate::one_line::one_line;
use crate::seed::SeedError;
use crate::span::{Span, SpanError};
use std::fmt;

/// Why something is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// No head.
    #[error(
        "a plan begins with a scenario and a seed, such as `breaker_swarm 0x4`: found `{found}`",
        found = one_line(found)
    )]
    Head {
        /// What stood in its place.
        found: String,
    },
    /// The seed in the head is none.
    #[error("in the head of the plan, {0}")]
    Seed(#[from] SeedError),
    /// There is no such engine.
    #[error(transparent)]
    Engine(#[from] EngineNameError),
    /// A name that people choose breaks the rule for names.
    #[error("`{name}` is no name for a {role}: use a-z, 0-9, `_` and `-`", name = one_line(name))]
    Name {
        /// What it was to name.
        role: Role,
        /// What was given.
        name: String,
    },
    /// An actor is called like the one who does the steps that have no actor.
    #[error(
        "`driver` is no name for an actor: it is whoever does the steps at a time, as in `5s llm fails`"
    )]
    Driver,
    /// A name that code chooses breaks the rule for words.
    #[error(
        "`{word}` is no name for a {role}: use visible characters without `;`, the first one not `#` or `=`",
        word = one_line(word)
    )]
    Word {
        /// What it was to name.
        role: Role,
        /// What was given.
        word: String,
    },
    /// Nothing that a statement can begin with.
    #[error(
        "`{statement}` is no statement of a plan: write a step (`5s OPERATION` or `ACTOR: OPERATION`), \
         `NAME = VALUE`, `on nodes`, `fault 5s wall clock jumps -3600s`, `schedule written`, `THREAD@17 -> THREAD`, \
         `choice STREAM 17/100` or `no operations`",
        statement = one_line(statement)
    )]
    Unknown {
        /// The statement.
        statement: String,
    },
    /// A time in a statement is none.
    #[error("in `{statement}`, {reason}", statement = one_line(statement))]
    Time {
        /// The statement.
        statement: String,
        /// What is wrong with the time.
        reason: SpanError,
    },
    /// A parameter without a value that fits into a statement.
    #[error(
        "`{value}` is no value for `{name}`: write text on one line without `;`",
        name = one_line(name),
        value = one_line(value)
    )]
    Value {
        /// The parameter.
        name: String,
        /// What was given.
        value: String,
    },
    /// An operation that could not be read back.
    #[error(
        "`{operation}` is no operation: write text on one line without `;`, which for the driver begins neither \
         with `=` nor with `ACTOR:`",
        operation = one_line(operation)
    )]
    Operation {
        /// What was given.
        operation: String,
    },
    /// A step that says who or when, and not what.
    #[error(
        "`{statement}` has nothing to do: write an operation behind it, as in `5s llm fails`",
        statement = one_line(statement)
    )]
    NoOperation {
        /// The statement.
        statement: String,
    },
    /// A fault that cannot be read.
    #[error(
        "`{statement}` is no fault: write `fault 5s wall clock jumps -3600s`, `fault 5s..35s wall clock of n2 drifts \
         50ppm`, `fault 5s..6s monotonic clock freezes`, `fault 5s monotonic clock suspends 10s`, `fault 5s..9s llm crashes` (or \
         `pauses`, or without an end `restarts`), `fault 5s..9s partition client from llm` (one way with `to`; or `hold`), `fault \
         5s..9s messages lost 300000ppm` (or `doubled`), `fault 5s..9s messages take 100ms..2s`, `fault 5s..9s messages \
         shuffled 50ms`, `fault 5s..9s disk has room for 37B` (or `writes fail 300000ppm`) or `fault 5s..9s caller-1 stalls`",
        statement = one_line(statement)
    )]
    Fault {
        /// The statement.
        statement: String,
    },
    /// A fault of a kind that there is, in words that it does not have.
    #[error("`{statement}` is no fault: {words}", statement = one_line(statement))]
    FaultWords {
        /// The statement.
        statement: String,
        /// The words that it could have.
        words: FaultWords,
    },
    /// More messages or calls than there are, or no number of them.
    #[error(
        "in `{statement}`, `{amount}` is no part of all {of}: write a whole number of them in a million, from `1ppm` to \
         `1000000ppm`, which is all",
        statement = one_line(statement),
        amount = one_line(amount)
    )]
    Share {
        /// The statement.
        statement: String,
        /// What was given.
        amount: String,
        /// Of what it is a part.
        of: &'static str,
    },
    /// No number of bytes.
    #[error(
        "in `{statement}`, `{amount}` is no number of bytes: write one such as `37B`",
        statement = one_line(statement),
        amount = one_line(amount)
    )]
    Bytes {
        /// The statement.
        statement: String,
        /// What was given.
        amount: String,
    },
    /// A drift that is no number, or one that is too large.
    #[error(
        "in `{statement}`, `{amount}` is no drift: write a whole number of parts per million from `{}ppm` to `{}ppm`, such as \
         `50ppm`",
        i32::MIN,
        i32::MAX,
        statement = one_line(statement),
        amount = one_line(amount)
    )]
    Drift {
        /// The statement.
        statement: String,
        /// What was given.
        amount: String,
    },
    /// A fault by no amount.
    #[error(
        "`{statement}` would change nothing: give an amount that is not zero, as in `{example}`, or leave the fault out",
        statement = one_line(statement)
    )]
    Nothing {
        /// The statement.
        statement: String,
        /// What such a fault could say.
        example: &'static str,
    },
    /// The longest time before the shortest.
    #[error(
        "in `{statement}`, `{shortest}..{longest}` has nothing between its ends: the shorter time comes first, as in \
         `{longest}..{shortest}`",
        statement = one_line(statement)
    )]
    Crossed {
        /// The statement.
        statement: String,
        /// The first time.
        shortest: Span,
        /// The second one, which is shorter.
        longest: Span,
    },
    /// One node twice where two are meant.
    #[error(
        "in `{statement}`, `{node}` is there twice: name two nodes, as in `partition client from llm`",
        statement = one_line(statement),
        node = one_line(node)
    )]
    Itself {
        /// The statement.
        statement: String,
        /// The node.
        node: String,
    },
    /// A fault that ends before it begins, or as it does.
    #[error(
        "`{statement}` is over before it has begun: the second time must be later",
        statement = one_line(statement)
    )]
    EndsTooEarly {
        /// The statement.
        statement: String,
    },
    /// A fault without the end it needs.
    #[error(
        "`{statement}` would hold for ever: give an end, as in `fault 5s..6s`",
        statement = one_line(statement)
    )]
    NoEnd {
        /// The statement.
        statement: String,
    },
    /// An end for a fault that happens at once.
    #[error(
        "`{statement}` happens at one moment: give one time, as in `fault 5s`",
        statement = one_line(statement)
    )]
    NeedlessEnd {
        /// The statement.
        statement: String,
    },
    /// A rate at which a monotonic clock would stand or run backwards.
    #[error(
        "`{statement}` is not above a rate of zero: a monotonic clock drifts by more than -1000000ppm",
        statement = one_line(statement)
    )]
    Rate {
        /// The statement.
        statement: String,
    },
    /// A deviation that cannot be read.
    #[error(
        "`{statement}` is no deviation of a schedule: write `THREAD@17 -> THREAD`, `THREAD@17 -> time`, \
         `THREAD@17 -> stall 30s`, `THREAD@17 wakes 2` or `THREAD@17 spuriously`",
        statement = one_line(statement)
    )]
    Deviation {
        /// The statement.
        statement: String,
    },
    /// A deviation at the point before the first one.
    #[error(
        "`{statement}` is at no scheduling point: the first one of {thread} is `{thread}@1`",
        statement = one_line(statement),
        thread = one_line(thread)
    )]
    NoPoint {
        /// The statement.
        statement: String,
        /// The thread.
        thread: String,
    },
    /// A choice that cannot be read, or whose value is not below its bound.
    #[error(
        "`{statement}` is no choice: write `choice STREAM VALUE/BOUND` with the value below the bound",
        statement = one_line(statement)
    )]
    Choice {
        /// The statement.
        statement: String,
    },
    /// Said before.
    #[error("`{statement}` is there twice: leave one", statement = one_line(statement))]
    Twice {
        /// The second one.
        statement: String,
    },
    /// Contradicts another statement.
    #[error(
        "`{statement}` contradicts what else is listed: leave it out, or the others",
        statement = one_line(statement)
    )]
    Contradiction {
        /// The statement.
        statement: String,
    },
}

/// What a name in a plan names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// A scenario.
    Scenario,
    /// Whoever does a step.
    Actor,
    /// A parameter of the scenario.
    Parameter,
    /// A node, which has clocks of its own.
    Node,
    /// A thread in a schedule.
    Thread,
    /// A stream of random numbers.
    Stream,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scenario => "scenario",
            Self::Actor => "actor",
            Self::Parameter => "parameter",
            Self::Node => "node",
            Self::Thread => "thread",
            Self::Stream => "stream",
        })
    }
}
