//! How far a sweep has come, on the standard error: a bar on a terminal, elsewhere a line now and then.

use super::stopwatch::Stopwatch;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};

/// Seconds between two plain lines.
const EVERY: u64 = 10;

/// Counts runs, and says so from time to time. Shared by the threads of a sweep.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    watch: Stopwatch,
    /// Plain lines written.
    said: AtomicU64,
    runs: AtomicU64,
    /// Runs that there will be, where that is known.
    of: Option<u64>,
}

impl Progress {
    /// Of so many runs, where that is known.
    pub(super) fn start(of: Option<u64>) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| bar(of));
        Self {
            bar,
            watch: Stopwatch::start(),
            said: AtomicU64::new(0),
            runs: AtomicU64::new(0),
            of,
        }
    }

    /// From now on it is about `scenario`.
    pub(super) fn enters(&self, scenario: &'static str) {
        if let Some(bar) = &self.bar {
            bar.set_message(scenario);
        }
    }

    /// A run of `scenario` is over.
    pub(super) fn ran(&self, scenario: &str) {
        let runs = self.runs.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(bar) = &self.bar {
            bar.inc(1);
            return;
        }
        let due = self.watch.elapsed().as_secs() / EVERY;
        let said = self.said.load(Ordering::Relaxed);
        let mine = due > said
            && self.said.compare_exchange(said, due, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if mine {
            let of = self.of.map_or_else(String::new, |of| format!(" of {of}"));
            let seconds = due * EVERY;
            // Nobody need read it.
            let _ = writeln!(std::io::stderr(), "{seconds}s: {runs}{of} runs, in {scenario}");
        }
    }

    /// Takes the bar away, so that what follows stands alone.
    pub(super) fn ends(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(of: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(of, ProgressDrawTarget::stderr());
    let template = match of {
        Some(_) => "{elapsed:>4} [{bar:30}] {human_pos}/{human_len} {msg}",
        None => "{elapsed:>4} {spinner} {human_pos} {msg}",
    };
    let style = ProgressStyle::with_template(template).expect("the template is well formed");
    bar.set_style(style.progress_chars("=> "));
    bar
}
