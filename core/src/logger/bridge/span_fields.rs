//! The fields of spans, encoded once and kept with them; an event takes those of its span and all around it as one.

use crate::logger::LogContext;
use std::sync::Arc;
use tracing_subscriber::registry::{LookupSpan, SpanRef};

/// Which layer keeps something. Filters may hide other parents of a span from each of several layers: shared, what one has merged would be
/// merged anew for the next.
#[derive(Clone, Default)]
pub(super) struct LayerKey(Arc<Place>);

/// Of some size, so that no two layers are at one address.
#[derive(Default)]
struct Place {
    _byte: u8,
}

impl PartialEq for LayerKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What all layers keep with one span.
#[derive(Default)]
struct Kept(Vec<(LayerKey, SpanFields)>);

impl Kept {
    fn of(&self, layer: &LayerKey) -> Option<&SpanFields> {
        self.0.iter().find(|(of, _)| of == layer).map(|(_, fields)| fields)
    }

    fn of_mut(&mut self, layer: &LayerKey) -> Option<&mut SpanFields> {
        self.0.iter_mut().find(|(of, _)| of == layer).map(|(_, fields)| fields)
    }
}

/// What one layer keeps with one span.
struct SpanFields {
    own: LogContext,
    /// What is around it, as it was when these were merged.
    outer: LogContext,
    /// `outer`, then `own`.
    all: LogContext,
}

impl SpanFields {
    fn new(outer: LogContext, own: LogContext) -> Self {
        let all = outer.merged(&own);
        Self { own, outer, all }
    }
}

/// Keeps the fields that a span begins with.
pub(super) fn begin<'l, R: LookupSpan<'l>>(
    span: &SpanRef<'l, R>,
    layer: &LayerKey,
    own: LogContext,
) {
    let outer = span.parent().map_or_else(LogContext::new, |parent| of(&parent, layer));
    let fields = SpanFields::new(outer, own);
    let mut extensions = span.extensions_mut();
    match extensions.get_mut::<Kept>() {
        Some(kept) => kept.0.push((layer.clone(), fields)),
        None => extensions.insert(Kept(vec![(layer.clone(), fields)])),
    }
}

/// Adds fields that a span is given later; of the same key the later one stands.
pub(super) fn add<'l, R: LookupSpan<'l>>(
    span: &SpanRef<'l, R>,
    layer: &LayerKey,
    fields: &LogContext,
) {
    let mut extensions = span.extensions_mut();
    if let Some(kept) = extensions.get_mut::<Kept>().and_then(|kept| kept.of_mut(layer)) {
        *kept = SpanFields::new(kept.outer.clone(), kept.own.merged(fields));
    }
}

/// The fields of a span and of all around it.
pub(super) fn of<'l, R: LookupSpan<'l>>(span: &SpanRef<'l, R>, layer: &LayerKey) -> LogContext {
    merged(span, layer).unwrap_or_else(|| merge(span, layer))
}

/// The fields as they are merged already, unless a span around this one was given more since. A span that the layer has not seen from its
/// beginning has none.
fn merged<'l, R: LookupSpan<'l>>(span: &SpanRef<'l, R>, layer: &LayerKey) -> Option<LogContext> {
    let mut innermost = None;
    let mut expected: Option<LogContext> = None;
    for span in span.scope() {
        let extensions = span.extensions();
        let Some(fields) = extensions.get::<Kept>().and_then(|kept| kept.of(layer)) else {
            continue;
        };
        if expected.is_some_and(|expected| !expected.is_same(&fields.all)) {
            return None;
        }
        innermost.get_or_insert_with(|| fields.all.clone());
        expected = Some(fields.outer.clone());
    }
    let whole = expected.is_none_or(|outer| outer.is_empty());
    whole.then(|| innermost.unwrap_or_default())
}

/// Merges the fields anew, from the outermost span to this one.
fn merge<'l, R: LookupSpan<'l>>(span: &SpanRef<'l, R>, layer: &LayerKey) -> LogContext {
    let mut outer = LogContext::new();
    for span in span.scope().from_root() {
        let mut extensions = span.extensions_mut();
        if let Some(kept) = extensions.get_mut::<Kept>().and_then(|kept| kept.of_mut(layer)) {
            if !kept.outer.is_same(&outer) {
                *kept = SpanFields::new(outer, kept.own.clone());
            }
            outer = kept.all.clone();
        }
    }
    outer
}
