//! Where in the breaker's source an operation on an atomic is, by its text.

use std::panic::Location;
use std::sync::atomic::Ordering;

/// The files of the breaker that name memory orderings.
const FILES: [(&str, &str); 3] = [
    ("gate.rs", include_str!("../../core/src/breaker/shell/gate.rs")),
    ("lockless.rs", include_str!("../../core/src/breaker/shell/lockless.rs")),
    ("counters.rs", include_str!("../../core/src/breaker/shell/counters.rs")),
];

/// A line of the breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    file: &'static str,
    line: u32,
}

impl Site {
    /// The first line of `file` that holds `text`, after one that holds `after`.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    pub fn of(file: &'static str, after: &str, text: &str) -> Self {
        let (_, source) =
            FILES.iter().find(|(name, _)| *name == file).expect("it is one of the files");
        let mut lines = source.lines().zip(1..).skip_while(|(line, _)| !line.contains(after));
        let found = lines.find(|(line, _)| line.contains(text));
        let (_, line) = found.unwrap_or_else(|| panic!("{file}: no `{text}` after `{after}`"));
        Self { file, line }
    }

    /// Every line that says an ordering other than `Relaxed`, without what is only there for a planted bug or for a test.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let of_file = |(file, source): (&'static str, &'static str)| {
            let code = source.split("#[cfg(test)]").next().unwrap_or(source);
            let mut is_planted = false;
            let mut sites = Vec::new();
            for (text, line) in code.lines().zip(1..) {
                is_planted = if is_planted {
                    !text.trim_start().starts_with('}')
                } else {
                    text.contains("if too_early {") || text.contains("broken_by(careless)")
                };
                let orders = ["Acquire)", "Release)", "AcqRel)", "Acquire,", "AcqRel,"];
                let is_used = text.starts_with("use ");
                if !is_planted && !is_used && orders.iter().any(|order| text.contains(order)) {
                    sites.push(Self { file, line });
                }
            }
            sites
        };
        FILES.into_iter().flat_map(of_file).collect()
    }

    fn is_at(self, place: &Location<'_>) -> bool {
        place.line() == self.line
            && place.file().ends_with(self.file)
            && place.file().contains("shell")
    }
}

/// One ordering of one line, made weaker.
#[derive(Clone, Copy, Debug)]
pub struct Weakening {
    /// The line.
    pub site: Site,
    /// What it says.
    pub from: Ordering,
    /// What it is taken to say.
    pub to: Ordering,
}

impl Weakening {
    /// The ordering that holds at `place`, where `order` is written.
    pub(crate) fn apply(this: Option<Self>, place: &Location<'_>, order: Ordering) -> Ordering {
        match this {
            Some(weaker) if weaker.from == order && weaker.site.is_at(place) => weaker.to,
            _ => order,
        }
    }
}
