//! How far a sweep has come, on the standard error: a bar on a terminal, elsewhere a line now and then.

use super::interrupt;
use super::stopwatch::Stopwatch;
use super::table::{Count, counted};
use crate::check::Breach;
use crate::run::Run;
use crate::scenario::{Expectation, Scenario};
use crate::seed::Seed;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use parking_lot::Mutex;
use std::fmt;
use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Seconds between two plain lines.
const EVERY: u64 = 10;

/// Counts runs, and says so from time to time. Shared by the threads of a sweep, and by Ctrl-C.
pub(super) struct Progress {
    voice: Voice,
    runs: AtomicU64,
    /// Runs that there will be, where that is known.
    of: Option<u64>,
    broken: Mutex<Option<Broken>>,
}

/// How it speaks.
enum Voice {
    Bar(ProgressBar),
    Lines {
        out: Mutex<Box<dyn Write + Send>>,
        elapsed: Box<dyn Fn() -> Duration + Send + Sync>,
        said: AtomicU64,
    },
}

/// Runs that broke a promise which should hold.
struct Broken {
    runs: u64,
    /// One of them.
    scenario: &'static str,
    seed: Seed,
}

impl Progress {
    /// Of so many runs, where that is known. It is what a second Ctrl-C speaks of.
    pub(super) fn start(of: Option<u64>) -> Arc<Self> {
        let watch = Stopwatch::start();
        let voice = if std::io::stderr().is_terminal() {
            Voice::Bar(bar(of))
        } else {
            Voice::lines(std::io::stderr(), move || watch.elapsed())
        };
        let progress = Arc::new(Self::new(voice, of));
        interrupt::speaks_of(Arc::clone(&progress));
        progress
    }

    /// Of runs about which nobody is told before they are over.
    pub(super) fn silent() -> Self {
        Self::new(Voice::lines(std::io::sink(), Duration::default), None)
    }

    fn new(voice: Voice, of: Option<u64>) -> Self {
        Self { voice, runs: AtomicU64::new(0), of, broken: Mutex::new(None) }
    }

    /// From now on it is about `scenario`.
    pub(super) fn enters(&self, scenario: &'static str) {
        if let Voice::Bar(bar) = &self.voice {
            bar.set_message(scenario);
        }
    }

    /// `run`, a run of `scenario`, is over.
    pub(super) fn ran(&self, scenario: &Scenario, run: &Run) {
        let runs = self.runs.fetch_add(1, Ordering::Relaxed) + 1;
        let expected = scenario.expectation();
        let is_news = |breach: &Breach| expected != Expectation::MustBreak(breach.promise);
        if run.breach.as_ref().is_some_and(is_news) {
            let (scenario, seed) = (scenario.name(), run.plan.seed);
            let mut broken = self.broken.lock();
            broken.get_or_insert(Broken { runs: 0, scenario, seed }).runs += 1;
        }
        match &self.voice {
            Voice::Bar(bar) => bar.inc(1),
            Voice::Lines { out, elapsed, said } => {
                let due = elapsed().as_secs() / EVERY;
                if said.fetch_max(due, Ordering::Relaxed) < due {
                    let (seconds, name) = (due * EVERY, scenario.name());
                    let made = self.made(runs);
                    // Nobody need read it.
                    let _ = writeln!(out.lock(), "{seconds}s: {made}, in {name}");
                }
            }
        }
    }

    /// So many runs, of those that there will be.
    fn made(&self, runs: u64) -> String {
        match self.of {
            Some(of) => format!("{} of {}", Count(runs), counted(of, "run")),
            None => counted(runs, "run"),
        }
    }

    /// Writes a line of its own, which no bar is drawn over.
    pub(super) fn say(&self, line: &str) {
        // Nobody need read it.
        let _ = match &self.voice {
            Voice::Bar(bar) => bar.suspend(|| writeln!(std::io::stderr(), "{line}")),
            Voice::Lines { out, .. } => writeln!(out.lock(), "{line}"),
        };
    }

    /// Takes the bar away, so that what follows stands alone.
    pub(super) fn ends(&self) {
        if let Voice::Bar(bar) = &self.voice {
            bar.finish_and_clear();
        }
    }
}

impl Voice {
    fn lines(
        out: impl Write + Send + 'static,
        elapsed: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> Self {
        let (out, elapsed) = (Mutex::new(Box::new(out) as _), Box::new(elapsed));
        Self::Lines { out, elapsed, said: AtomicU64::new(0) }
    }
}

impl fmt::Display for Progress {
    /// What was done so far: `12 of 100 runs were made; 2 broke a promise, such as breaker_swarm 0x4`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs = self.runs.load(Ordering::Relaxed);
        let verb = if self.of.unwrap_or(runs) == 1 { "was" } else { "were" };
        write!(f, "{} {verb} made; ", self.made(runs))?;
        match &*self.broken.lock() {
            None => f.write_str("none broke a promise"),
            Some(Broken { runs, scenario, seed }) => {
                write!(f, "{} broke a promise, such as {scenario} {seed}", Count(*runs))
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::never;
    use crate::run::{Request, run};

    /// What is written, for whoever else holds it.
    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn waits() -> Scenario {
        Scenario::new("waits", "somebody waits", |s| {
            s.at(Duration::ZERO, crate::part::waits(Duration::from_secs(1)));
        })
    }

    fn one(scenario: &Scenario, seed: u64) -> Run {
        let plan = scenario.plan(Seed::new(seed)).expect("a name");
        run(scenario, &Request::of(&plan)).expect("it runs")
    }

    #[test]
    fn a_plain_line_comes_every_ten_seconds_at_most() {
        let (page, seconds) = (Page::default(), Arc::new(AtomicU64::new(0)));
        let clock = Arc::clone(&seconds);
        let elapsed = move || Duration::from_secs(clock.load(Ordering::Relaxed));
        let progress = Progress::new(Voice::lines(page.clone(), elapsed), Some(30));
        let scenario = waits();
        for now in [0, 9, 10, 11, 19, 35, 36, 39, 40] {
            seconds.store(now, Ordering::Relaxed);
            progress.ran(&scenario, &one(&scenario, now));
        }
        progress.say("that was all");
        let text = String::from_utf8(page.0.lock().clone()).expect("it is text");
        let wanted = "10s: 3 of 30 runs, in waits\n30s: 6 of 30 runs, in waits\n40s: 9 of 30 runs, in waits\n\
                      that was all\n";
        assert_eq!(text, wanted);
    }

    #[test]
    fn what_was_done_is_told_in_a_sentence() {
        let progress = Progress::new(Voice::lines(Page::default(), Duration::default), Some(4000));
        let sound = waits();
        let alone = |of| Progress::new(Voice::lines(Page::default(), Duration::default), of);
        for (of, wanted) in [(None, "1 run was made; "), (Some(1), "1 of 1 run was made; ")] {
            let alone = alone(of);
            alone.ran(&sound, &one(&sound, 1));
            assert_eq!(alone.to_string(), format!("{wanted}none broke a promise"));
        }
        progress.ran(&sound, &one(&sound, 1));
        assert_eq!(progress.to_string(), "1 of 4,000 runs were made; none broke a promise");
        let body = |s: &mut crate::scenario::Draft<'_>| {
            s.at(Duration::ZERO, crate::part::clock().jumps_back(Duration::from_secs(1)));
            s.check(never("stands", "no clock jumps", |event| Some(event.what.verb().to_string())));
        };
        let canary = Scenario::new("canary", "it fails, as it must", body).must_break("stands");
        progress.ran(&canary, &one(&canary, 2));
        assert!(progress.to_string().ends_with("; none broke a promise"), "{progress}");
        let broken = Scenario::new("broken", "a clock jumps", body);
        progress.ran(&broken, &one(&broken, 3));
        progress.ran(&broken, &one(&broken, 4));
        let wanted = "4 of 4,000 runs were made; 2 broke a promise, such as broken 0x3";
        assert_eq!(progress.to_string(), wanted);
    }
}
