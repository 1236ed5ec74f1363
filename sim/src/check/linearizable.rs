//! Whether calls that overlap did what they would have done one after the other.

use super::{Judgement, Promise};
use crate::log::{Event, Name};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What an object does with one call at a time, as naively as possible.
pub trait Model: Send {
    /// What the object knows.
    type State: Clone + Ord + Send;
    /// A call with what it was answered.
    type Call: Clone + fmt::Display + Send;

    /// What a new object knows.
    fn start(&self) -> Self::State;

    /// What the object may know after `call`: nothing where it would not have answered so, several states where what it has
    /// become shows later.
    fn apply(&self, state: &Self::State, call: &Self::Call) -> Vec<Self::State>;
}

/// What an event says of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told<C> {
    /// Its thread begins one.
    Begins,
    /// The one that its thread has begun ends, and was this.
    Ends(C),
}

/// See [`linearizable`].
pub struct Linearizable<M: Model, R> {
    name: &'static str,
    model: M,
    reads: R,
    /// What the object may know after all calls that ended before one of those below began.
    states: BTreeSet<M::State>,
    /// Those that have begun since nobody was within a call.
    calls: Vec<Timed<M::Call>>,
    /// The call that each thread is within, by its place in `calls`.
    within: BTreeMap<Name, usize>,
    /// Beginnings and ends so far.
    now: usize,
}

/// A call between its beginning and its end.
struct Timed<C> {
    began: usize,
    /// When it ended, and what it was.
    ended: Option<(usize, C)>,
}

/// The promise `name`: every call takes effect at one moment between its beginning and its end. What was answered is what
/// `model` answers to the calls one after the other, in some order in which a call that ended before another one began comes
/// first. `reads` says what an event tells of a call; a thread makes one at a time.
///
/// This is linearizability (Herlihy and Wing, 1990), searched for as in Wing and Gong (1993) and, from one moment without any
/// call to the next, with the memory of Lowe (2017). The search takes time exponential in the number of calls that overlap.
/// A call that never ends is not judged, nor is what overlaps it.
///
/// ```
/// use retrip_sim::check::{Model, Told, linearizable};
/// use retrip_sim::log::{Event, Value, What};
///
/// /// A counter that answers what it was before.
/// struct Counter;
///
/// impl Model for Counter {
///     type State = i64;
///     type Call = i64;
///
///     fn start(&self) -> i64 {
///         0
///     }
///
///     fn apply(&self, state: &i64, answer: &i64) -> Vec<i64> {
///         if state == answer { vec![state + 1] } else { Vec::new() }
///     }
/// }
///
/// let promise = linearizable("counts_one_by_one", Counter, |event: &Event| match &event.what {
///     What::Note { verb, .. } if **verb == *"adds one" => Some(Told::Begins),
///     What::Note { fields, .. } => match &fields[..] {
///         [(_, Value::Int(before))] => Some(Told::Ends(*before)),
///         _ => None,
///     },
///     _ => None,
/// });
/// # let _ = promise;
/// ```
pub fn linearizable<M, R>(name: &'static str, model: M, reads: R) -> Linearizable<M, R>
where
    M: Model,
    R: FnMut(&Event) -> Option<Told<M::Call>> + Send,
{
    let states = BTreeSet::from([model.start()]);
    Linearizable { name, model, reads, states, calls: Vec::new(), within: BTreeMap::new(), now: 0 }
}

/// Some of the calls, in an order that the model explains.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Explained<S> {
    /// By their places.
    calls: BTreeSet<usize>,
    state: S,
}

impl<M: Model, R> Linearizable<M, R> {
    /// Nobody is within a call: looks for the states in which the object may be now.
    fn judge(&mut self) -> Judgement {
        let mut ends = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let begin = |state: &M::State| Explained { calls: BTreeSet::new(), state: state.clone() };
        let mut open: Vec<Explained<M::State>> = self.states.iter().map(begin).collect();
        let mut most = 0;
        let mut stuck_at = None;
        while let Some(explained) = open.pop() {
            if explained.calls.len() == self.calls.len() {
                ends.insert(explained.state);
                continue;
            }
            if stuck_at.is_none() || explained.calls.len() > most {
                most = explained.calls.len();
                stuck_at = self.first_to_end(&explained.calls);
            }
            for next in self.after(&explained) {
                if seen.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        if ends.is_empty() {
            let call = stuck_at.map_or_else(String::new, |(_, call)| call.to_string());
            let found = format!("{call}, which no order of the calls around it explains");
            return Judgement::broken("what one call after the other gives", found);
        }
        self.states = ends;
        self.calls.clear();
        Judgement::Holds
    }

    /// Of the calls that are not in `explained`, the one that ended first.
    fn first_to_end(&self, explained: &BTreeSet<usize>) -> Option<&(usize, M::Call)> {
        let left = self.calls.iter().enumerate().filter(|(place, _)| !explained.contains(place));
        left.filter_map(|(_, call)| call.ended.as_ref()).min_by_key(|(ended, _)| *ended)
    }

    /// `explained` and one call more: of those that began before any that is left ended.
    fn after(&self, explained: &Explained<M::State>) -> Vec<Explained<M::State>> {
        let Some((until, _)) = self.first_to_end(&explained.calls) else { return Vec::new() };
        let mut all = Vec::new();
        for (place, timed) in self.calls.iter().enumerate() {
            let Some((_, call)) = timed.ended.as_ref().filter(|_| timed.began < *until) else {
                continue;
            };
            let mut calls = explained.calls.clone();
            if calls.insert(place) {
                let states = self.model.apply(&explained.state, call);
                all.extend(
                    states.into_iter().map(|state| Explained { calls: calls.clone(), state }),
                );
            }
        }
        all
    }
}

impl<M, R> Promise for Linearizable<M, R>
where
    M: Model,
    R: FnMut(&Event) -> Option<Told<M::Call>> + Send,
{
    fn name(&self) -> &'static str {
        self.name
    }

    fn statement(&self) -> String {
        "calls that overlap do what they would do one after the other".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(told) = (self.reads)(event) else { return Judgement::NotConcerned };
        self.now += 1;
        match told {
            Told::Begins => {
                self.within.insert(Name::clone(&event.thread), self.calls.len());
                self.calls.push(Timed { began: self.now, ended: None });
                Judgement::NotConcerned
            }
            Told::Ends(call) => {
                let Some(place) = self.within.remove(&event.thread) else {
                    return Judgement::broken("the end of a call that has begun", call.to_string());
                };
                self.calls[place].ended = Some((self.now, call));
                if self.within.is_empty() { self.judge() } else { Judgement::NotConcerned }
            }
        }
    }
}
