//! A log is asked for lines by each criterion alone, and by each pair of two.
//!
//! A filter that takes no notice of one of its criteria shows too much, and one that is satisfied by any of them as well: whoever reads the
//! answer takes the lines of another request for those of their own.

use super::archive::{Archive, ArchiveOperation, chosen_as_by_hand};
use super::criterion::Criterion;
use crate::time::secs;
use retrip_core::logger::{EventType, Level, plants};
use retrip_sim::scenario::{Row, Scenario};
use retrip_sim::stream::Generator;

const LINES: u64 = 10;
const TYPES: [EventType; 3] =
    [EventType::Custom, EventType::McpToolInvoked, EventType::ErrorOccurred];
const COMPONENTS: [&str; 3] = ["api", "search", "apis"];
const REQUESTS: [&str; 3] = ["r-1", "r-2", "r-12"];

pub(crate) fn scenario() -> Scenario {
    let about = "a log is asked for lines by each criterion and by each pair";
    Scenario::new("lines_are_chosen_by_each_criterion", about, |s| {
        let archive = s.part(Archive);
        let mut script = s.generator("script");
        for line in 1..=LINES {
            let operation = ArchiveOperation::Logs(
                *script.pick(Level::ALL),
                *script.pick(&TYPES),
                (*script.pick(&COMPONENTS)).to_owned(),
                (*script.pick(&REQUESTS)).to_owned(),
            );
            s.at(secs(line), archive.does(&operation));
        }
        let criteria = criteria(&mut script);
        for (place, one) in criteria.iter().enumerate() {
            let alone = ArchiveOperation::Finds(vec![one.clone()]);
            s.at(secs(LINES), archive.does(&alone));
            for other in &criteria[place + 1..] {
                let both = ArchiveOperation::Finds(vec![one.clone(), other.clone()]);
                // Of two that say the same in two ways the last one stands.
                if !matches!((one, other), (Criterion::Level(_), Criterion::LeastLevel(_))) {
                    s.at(secs(LINES), archive.does(&both));
                }
            }
        }

        s.check(chosen_as_by_hand());
    })
    .proves(&[Row::end_to_end(23)], "chosen_as_by_hand", plants::FILTER_ASKS_FOR_NO_TEXT)
    .proves(&[Row::end_to_end(23)], "chosen_as_by_hand", plants::FILTER_TAKES_ANY_CRITERION)
}

/// One of each.
fn criteria(script: &mut Generator) -> Vec<Criterion> {
    let first = script.within(1..=LINES);
    let mut moment = || secs(script.within(0..=LINES + 1));
    let (since, until) = (moment(), moment());
    vec![
        Criterion::Level(*script.pick(Level::ALL)),
        Criterion::LeastLevel(*script.pick(Level::ALL)),
        Criterion::Type(*script.pick(&TYPES)),
        Criterion::Component((*script.pick(&COMPONENTS)).to_owned()),
        Criterion::Request((*script.pick(&REQUESTS)).to_owned()),
        Criterion::Seqs(first, script.within(first..=LINES)),
        Criterion::Since(since),
        Criterion::Until(until),
    ]
}
