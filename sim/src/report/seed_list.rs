//! Many seeds in few words: `0x4, 0x9..=0xc`.

use crate::seed::Seed;
use std::fmt;

/// Seeds in ascending order, each as it prints elsewhere, neighbours as ranges whose end is included, as `--seeds` takes
/// them. Broken into lines of about a hundred characters that begin under the eleventh column.
///
/// ```
/// use retrip_sim::report::SeedList;
/// use retrip_sim::seed::Seed;
///
/// assert_eq!(SeedList(&[4, 9, 10, 11].map(Seed::new)).to_string(), "seeds 0x4, 0x9..=0xb");
/// assert_eq!(SeedList(&[Seed::new(4)]).to_string(), "seed 0x4");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SeedList<'a>(pub &'a [Seed]);

// Where a line is broken, and where the next one begins.
const LINE: usize = 100;
const INDENT: usize = 11;

impl fmt::Display for SeedList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut width = INDENT;
        for (index, part) in parts(self.0).into_iter().enumerate() {
            if index == 0 {
                let noun = if self.0.len() == 1 { "seed" } else { "seeds" };
                write!(f, "{noun} {part}")?;
                width += part.len() + noun.len() + 1;
            } else if width + 2 + part.len() > LINE {
                write!(f, ",\n{:INDENT$}{part}", "")?;
                width = INDENT + part.len();
            } else {
                write!(f, ", {part}")?;
                width += part.len() + 2;
            }
        }
        Ok(())
    }
}

fn parts(seeds: &[Seed]) -> Vec<String> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for seed in seeds {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(seed.value()) => *last = seed.value(),
            _ => runs.push((seed.value(), seed.value())),
        }
    }
    runs.into_iter()
        .map(|(first, last)| match (Seed::new(first), Seed::new(last)) {
            (first, last) if first < last => format!("{first}..={last}"),
            (only, _) => only.to_string(),
        })
        .collect()
}
