//! What a crash leaves: as a disk that it befell says it, and all that ours may leave.

use crate::calls::NAMES;
use crate::on_turmoil::FOLDER;
use crate::script::{Answer, Step};
use retrip_sim::disk::{Luck, SimDisk};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Files by name.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The steps that look at all files.
pub(crate) fn look() -> Vec<Step> {
    [Step::List].into_iter().chain(NAMES.map(Step::Read)).collect()
}

/// What was there, by the answers to [`look`].
pub(crate) fn seen(answers: &[Answer]) -> Files {
    let read = NAMES.iter().zip(&answers[1..]);
    let there = read.filter_map(|(name, answer)| match answer {
        Answer::Bytes(bytes) => Some(((*name).to_owned(), bytes.clone())),
        _ => None,
    });
    there.collect()
}

/// What is on our disk.
pub(crate) fn files(disk: &SimDisk) -> Files {
    let named = |path: &Path| {
        let name = path.strip_prefix(FOLDER).expect("all files are in one folder");
        name.to_str().expect("the names are plain").to_owned()
    };
    disk.files().map(|(path, bytes)| (named(path), bytes.to_vec())).collect()
}

/// The crash that leaves only what is durable.
pub(crate) struct Least;

impl Luck for Least {
    fn draw(&mut self, purpose: &'static str, bound: u64) -> u64 {
        if purpose == "disk.crash_gone" { bound - 1 } else { 0 }
    }
}

/// A crash that says of one file, counted in their order, what is left of it.
struct Aimed {
    file: usize,
    gone: u64,
    nul: u64,
    /// So many files were asked for so far.
    asked: usize,
    /// How much could have been said.
    bounds: (u64, u64),
}

impl Luck for Aimed {
    fn draw(&mut self, purpose: &'static str, bound: u64) -> u64 {
        match purpose {
            // turmoil loses each name that was not synced.
            "disk.crash_names" => 0,
            "disk.crash_gone" => {
                self.asked += 1;
                if self.asked - 1 != self.file {
                    return bound - 1;
                }
                self.bounds.0 = bound;
                self.gone
            }
            "disk.crash_nul" if self.asked - 1 == self.file => {
                self.bounds.1 = bound;
                self.nul
            }
            "disk.crash_nul" => 0,
            _ => panic!("nobody knows what {purpose} is of"),
        }
    }
}

/// What may be left of each file where each name is lost that was not synced. What is left of one does not hang on another.
pub(crate) struct MayLeave(BTreeMap<String, BTreeSet<Vec<u8>>>);

impl MayLeave {
    /// All that is left of `disk` by one draw or another.
    pub(crate) fn of(disk: &SimDisk) -> Self {
        let mut may: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        let (mut file, mut gone, mut nul) = (0, 0, 0);
        loop {
            let mut aimed = Aimed { file, gone, nul, asked: 0, bounds: (0, 0) };
            for (name, bytes) in files(&disk.after_power_failure(&mut aimed)) {
                may.entry(name).or_default().insert(bytes);
            }
            if file >= aimed.asked {
                return Self(may);
            }
            nul += 1;
            if nul >= aimed.bounds.1 {
                (gone, nul) = (gone + 1, 0);
            }
            if gone >= aimed.bounds.0 {
                (file, gone) = (file + 1, 0);
            }
        }
    }

    /// Whether it may leave just this.
    pub(crate) fn has(&self, left: &Files) -> bool {
        let alike = |((name, may), (left, bytes)): ((&String, &BTreeSet<_>), (_, _))| {
            name == left && may.contains(bytes)
        };
        self.0.len() == left.len() && self.0.iter().zip(left).all(alike)
    }

    /// What may be left of one file where no byte is NUL.
    pub(crate) fn without_nul(&self, name: &str) -> BTreeSet<Vec<u8>> {
        self.0[name].iter().filter(|bytes| !bytes.contains(&0)).cloned().collect()
    }
}
