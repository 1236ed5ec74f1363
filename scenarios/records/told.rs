//! What an author tells: what it is about to write, and each line that its sink is given.

use super::operation::AuthorOperation;
use retrip_sim::log::{Event, Name, Value, What};

const GIVES: &str = "gives";
const WRITES: &str = "writes";
const MESSAGE: &str = "message";
const FIELDS: &str = "fields";

/// What an event says of an author.
pub(super) enum Told<'e> {
    /// It begins to do this; what it writes has this message and these fields, where they come from a number.
    Gives(AuthorOperation, &'e str, &'e str),
    /// Its sink is given these bytes.
    Writes(&'e str),
}

pub(super) fn gives(operation: &AuthorOperation, message: &str, fields: &str) -> What {
    let text = |text: &str| Value::Text(Name::from(text));
    let mut said = vec![(Name::from(""), text(&operation.to_string()))];
    if let AuthorOperation::Writes(_) = operation {
        said.push((Name::from(MESSAGE), text(message)));
        said.push((Name::from(FIELDS), text(fields)));
    }
    What::Note { verb: Name::from(GIVES), fields: said }
}

/// The newline at the end of a line is not shown.
pub(super) fn writes(bytes: &[u8]) -> What {
    let line = bytes.strip_suffix(b"\n").unwrap_or(b"a line without its newline");
    let line = Value::Text(Name::from(&*String::from_utf8_lossy(line)));
    What::Note { verb: Name::from(WRITES), fields: vec![(Name::from(""), line)] }
}

/// What `event` says of the author called `who`.
pub(super) fn told<'e>(event: &'e Event, who: &str) -> Option<Told<'e>> {
    let What::Note { verb, fields } = &event.what else { return None };
    if &*event.who != who {
        return None;
    }
    let text = |at: usize| match fields.get(at) {
        Some((_, Value::Text(text))) => &**text,
        _ => "",
    };
    match &**verb {
        GIVES => Some(Told::Gives(text(0).parse().ok()?, text(1), text(2))),
        WRITES => Some(Told::Writes(text(0))),
        _ => None,
    }
}
