//! The context that each thread should have: a naive list of scopes, made from what the thread says it entered and left.

use crate::check::Judgement;
use crate::log::{Event, Name, Value, What};
use crate::part::tasks::words::{ENTERS, GARBLES, LEAVES, LOGS, SEES, SEQ};
use std::collections::BTreeMap;

type Fields = Vec<(Name, Value)>;

/// The scopes that each thread is in, outermost first, and how many it has left.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    threads: BTreeMap<Name, (Vec<Fields>, u64)>,
}

/// What an event says about the context of a task.
pub(super) enum Told<'e> {
    /// Nothing.
    Nothing,
    /// A line, or what the task sees, with these fields, after the thread has left so many scopes.
    Carried { fields: &'e [(Name, Value)], left: u64 },
    /// Bytes that are no line.
    Garbage(&'e What),
}

impl Scopes {
    /// Follows `event`, and says what it is.
    pub(super) fn follow<'e>(&mut self, event: &'e Event) -> Told<'e> {
        let What::Note { verb, fields } = &event.what else { return Told::Nothing };
        match &**verb {
            ENTERS => self.of(event).0.push(fields.clone()),
            LEAVES => {
                let (scopes, left) = self.of(event);
                scopes.pop();
                *left += 1;
            }
            LOGS | SEES => return Told::Carried { fields, left: self.of(event).1 },
            GARBLES => return Told::Garbage(&event.what),
            _ => {}
        }
        Told::Nothing
    }

    /// Judges the context that is carried on `event`'s thread: the scopes in order, where a later one takes the place of the
    /// same key of an earlier one.
    pub(super) fn judge(&mut self, event: &Event, line: &[(Name, Value)]) -> Judgement {
        let mut wanted: Vec<&(Name, Value)> = Vec::new();
        for field in self.of(event).0.iter().flatten() {
            wanted.retain(|earlier| earlier.0 != field.0);
            wanted.push(field);
        }
        let found: Vec<_> = line.iter().filter(|(name, _)| !["", SEQ].contains(&&**name)).collect();
        if wanted == found {
            return Judgement::Holds;
        }
        Judgement::broken(words(&wanted), words(&found))
    }

    fn of(&mut self, event: &Event) -> &mut (Vec<Fields>, u64) {
        self.threads.entry(event.thread.clone()).or_default()
    }
}

fn words(fields: &[&(Name, Value)]) -> String {
    if fields.is_empty() {
        return "no context".to_owned();
    }
    let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{key} {value}")).collect();
    fields.join(", ")
}
