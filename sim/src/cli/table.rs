//! Tables, counts and colours of the output.

use crate::engine::EngineName;
use crate::scenario::Scenario;
use crate::sweep::{Sweep, SweepVerdict};
use clap::builder::styling::{AnsiColor, Style};
use comfy_table::{Table, presets};
use std::fmt;
use std::time::Duration;

/// A table without lines, under a header.
pub(super) fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header);
    table
}

/// It as text, each line ended, without spaces behind the last column.
pub(super) fn text(table: &Table) -> String {
    let lines = table.lines().map(|line| format!("{}\n", line.trim_end()));
    lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned()).collect()
}

/// The row of one scenario.
pub(super) fn row(scenario: &Scenario, sweep: &Sweep, same: Same) -> [String; 6] {
    [
        scenario.name().to_owned(),
        Count(sweep.runs).to_string(),
        format!("{} of {}", Count(sweep.logs.len() as u64), Count(sweep.runs)),
        orders(scenario, sweep),
        Long(sweep.elapsed).to_string(),
        verdict(scenario, sweep, same),
    ]
}

/// Of hosts nobody knows which orders are the same.
fn orders(scenario: &Scenario, sweep: &Sweep) -> String {
    match scenario.engine() {
        EngineName::Threads => Count(sweep.orders.len() as u64).to_string(),
        _ => "-".to_owned(),
    }
}

/// Whether a scenario's runs were what their seeds say, as far as they were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Same {
    /// They were.
    Yes,
    /// Some was not.
    No,
}

fn verdict(scenario: &Scenario, sweep: &Sweep, same: Same) -> String {
    let words = match sweep.verdict(scenario) {
        SweepVerdict::Passed if sweep.seeded => green("held"),
        SweepVerdict::Passed => green("held; the seed changes nothing"),
        SweepVerdict::NotJudged { missing, runs, enough } if missing.is_empty() => {
            yellow(&format!("not judged: {runs} of {}", counted(enough, "seed")))
        }
        SweepVerdict::NotJudged { missing, runs, enough } => {
            let missing = missing.join(", ");
            let enough = counted(enough, "seed");
            yellow(&format!("not judged: {runs} of {enough}, not seen: {missing}"))
        }
        SweepVerdict::Unseen { missing } => red(&format!("NOT SEEN: {}", missing.join(", "))),
        SweepVerdict::TooFewLogs { .. } => red("TOO FEW DISTINCT LOGS"),
        SweepVerdict::Broken => {
            let mut promises: Vec<&str> =
                sweep.failed.iter().map(|failed| failed.breach.promise).collect();
            promises.sort_unstable();
            promises.dedup();
            red(&format!("BROKEN: {} ({})", promises.join(", "), seeds(sweep.failed.len())))
        }
        SweepVerdict::FailedAsItMust => {
            let promise = sweep.failed.first().map_or("", |failed| failed.breach.promise);
            green(&format!("canary failed, as it must: {promise} ({})", seeds(sweep.failed.len())))
        }
        SweepVerdict::CanarySurvived => red("CANARY SURVIVED: nothing is found any more"),
    };
    let cut = if sweep.interrupted { "; interrupted" } else { "" };
    match same {
        Same::Yes => format!("{words}{cut}"),
        Same::No => format!("{}; {words}{cut}", red("NOT DETERMINISTIC")),
    }
}

fn seeds(count: usize) -> String {
    counted(count as u64, "seed")
}

/// So many of what `noun` is one of: `1 seed`, `1,000 seeds`.
pub(super) fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", Count(number), if number == 1 { "" } else { "s" })
}

pub(super) fn green(text: &str) -> String {
    styled(AnsiColor::Green.on_default(), text)
}

pub(super) fn yellow(text: &str) -> String {
    styled(AnsiColor::Yellow.on_default(), text)
}

pub(super) fn red(text: &str) -> String {
    styled(AnsiColor::Red.on_default().bold(), text)
}

/// Left out again by the output where nobody wants colours.
fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A number in groups of three digits.
pub(super) struct Count(pub(super) u64);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let mut text = String::with_capacity(digits.len() * 4 / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        f.pad(&text)
    }
}

/// A long time in its two largest units.
pub(super) struct Long(pub(super) Duration);

impl fmt::Display for Long {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
        f.pad(&match (days, hours, minutes, seconds) {
            (0, 0, 0, 0) => format!("{}ms", self.0.as_millis()),
            (0, 0, 0, _) => format!("{seconds}.{:03}s", self.0.subsec_millis()),
            (0, 0, _, _) => format!("{minutes}m {:02}s", seconds % 60),
            (0, _, _, _) => format!("{hours}h {:02}m", minutes % 60),
            _ => format!("{}d {:02}h", Count(days), hours % 24),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_long_times_read_easily() {
        for (number, wanted) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(Count(number).to_string(), wanted);
        }
        for (number, wanted) in [(0, "0 seeds"), (1, "1 seed"), (1000, "1,000 seeds")] {
            assert_eq!(counted(number, "seed"), wanted);
        }
        for (seconds, wanted) in [(0, "0ms"), (59, "59.000s"), (61, "1m 01s"), (3660, "1h 01m")] {
            assert_eq!(Long(Duration::from_secs(seconds)).to_string(), wanted);
        }
        assert_eq!(Long(Duration::from_secs(86_400 * 1000 + 7200)).to_string(), "1,000d 02h");
    }
}
