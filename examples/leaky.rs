//! Five ways to make a run depend on more than its seed, each of which the determinism check names, and failures
//! that come with some of them.
//!
//! `cargo run --example leaky -- run map_order` shows what it says about the first.

use retrip_sim::check::{Judgement, always};
use retrip_sim::engine::hosts::{Cluster, Host};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Name, Value, What};
use retrip_sim::part::{HostLive, HostPart, Live, Operation, Part, Performance, Reading};
use retrip_sim::scenario::{Catalogue, Scenario};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

fn main() -> ExitCode {
    let mut scenarios = Vec::from(Leak::ALL.map(|(leak, about)| scenario(leak, about)));
    scenarios.push(fails_at_random());
    scenarios.push(fails_and_counts());
    scenarios.push(fails_in_one_run());
    scenarios.push(tells_engines_apart());
    retrip_sim::cli::main(Catalogue::new(scenarios).expect("each leak has its own name"))
}

/// What a run should not be able to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leak {
    /// The order of a `HashMap`.
    MapOrder,
    /// The clock of the machine.
    RealClock,
    /// What an earlier run left in a static.
    StaticLeftOver,
    /// A random number of the operating system.
    OsRandomness,
    /// Whether it is one certain run of the process.
    InOneRun,
}

/// Which: that of seed 0xa in a sweep from seed 0 on with one job.
const THE_RUN: i64 = 10;

impl Leak {
    const ALL: [(Self, &'static str); 5] = [
        (Self::MapOrder, "a hash map decides the order of what is done"),
        (Self::RealClock, "the wall clock of the machine is read"),
        (Self::StaticLeftOver, "a static counts through all runs of the process"),
        (Self::OsRandomness, "the operating system gives a number"),
        (Self::InOneRun, "one run of the process is not as the others"),
    ];

    fn name(self) -> &'static str {
        match self {
            Self::MapOrder => "map_order",
            Self::RealClock => "real_clock",
            Self::StaticLeftOver => "static_left_over",
            Self::OsRandomness => "os_randomness",
            Self::InOneRun => "in_one_run",
        }
    }

    /// What the code under test sees, in its order.
    fn readings(self) -> Vec<i64> {
        match self {
            Self::MapOrder => map_order(),
            Self::RealClock => vec![real_clock()],
            Self::StaticLeftOver => vec![left_over()],
            Self::OsRandomness => vec![os_randomness()],
            Self::InOneRun => vec![i64::from(left_over() == THE_RUN)],
        }
    }
}

#[expect(clippy::disallowed_types, reason = "planted: the order of the map is what leaks")]
fn map_order() -> Vec<i64> {
    let map: std::collections::HashMap<i64, ()> = (0..16).map(|key| (key, ())).collect();
    map.into_keys().collect()
}

#[expect(clippy::disallowed_methods, reason = "planted: the real clock is what leaks")]
fn real_clock() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(now.expect("it is after 1970").as_nanos()).expect("it is before 2262")
}

fn left_over() -> i64 {
    static RUNS: AtomicI64 = AtomicI64::new(0);
    RUNS.fetch_add(1, Ordering::Relaxed)
}

#[expect(clippy::disallowed_types, reason = "planted: the system's random keys are what leaks")]
fn os_randomness() -> i64 {
    use std::hash::BuildHasher;
    (std::hash::RandomState::new().hash_one(0) >> 1).cast_signed()
}

fn scenario(leak: Leak, about: &'static str) -> Scenario {
    Scenario::new(leak.name(), about, move |draft| {
        let wait = draft.draw("wait", 1..=1000);
        let probe = draft.part(Probe(Some(leak)));
        draft.at(Duration::from_millis(wait.into()), probe.reads_on());
        draft.check(always("reads", "something is read", |_| Judgement::Holds));
    })
}

/// Its promise breaks whenever the operating system likes.
fn fails_at_random() -> Scenario {
    Scenario::new("fails_at_random", "a promise depends on the operating system", |draft| {
        let wait = draft.draw("wait", 1..=1000);
        let probe = draft.part(Probe(Some(Leak::OsRandomness)));
        draft.at(Duration::from_millis(wait.into()), probe.reads_on());
        draft.check(always("even", "what is read is even", |event| match &event.what {
            What::Note { fields, .. } => match fields.first() {
                Some((_, Value::Int(number))) => Judgement::equal(0, number % 2),
                _ => Judgement::NotConcerned,
            },
            _ => Judgement::NotConcerned,
        }));
    })
}

/// Its promise breaks in one run of the process, and in none that is made again.
fn fails_in_one_run() -> Scenario {
    Scenario::new("fails_in_one_run", "a promise is broken in one run of the process", |draft| {
        let wait = draft.draw("wait", 1..=1000);
        let probe = draft.part(Probe(Some(Leak::InOneRun)));
        draft.at(Duration::from_millis(wait.into()), probe.reads_on());
        draft.check(always("nothing", "nothing but nothing is read", |event| match &event.what {
            What::Note { fields, .. } => match fields.first() {
                Some((_, Value::Int(number))) => Judgement::equal(0, *number),
                _ => Judgement::NotConcerned,
            },
            _ => Judgement::NotConcerned,
        }));
    })
}

/// Every seed breaks the promise for one cause, and one in four has also seen the runs before it.
fn fails_and_counts() -> Scenario {
    Scenario::new(
        "fails_and_counts",
        "a promise is broken, and some runs count those before",
        |draft| {
            let wait = draft.draw("wait", 1..=1000);
            let nothing = draft.part(Probe(None));
            if wait % 4 == 0 {
                let counter = draft.part(Probe(Some(Leak::StaticLeftOver)));
                draft.at(Duration::from_millis(1), counter.reads_on());
            }
            draft.at(Duration::from_millis(2), nothing.reads_on());
            draft.check(always("silence", "nothing is read of nothing", |event| {
                match &event.what {
                    What::Note { fields, .. } if fields.is_empty() => Judgement::equal(0, 1),
                    _ => Judgement::NotConcerned,
                }
            }));
        },
    )
}

/// The part that reads: `read on`.
#[derive(Clone, Copy, Debug)]
struct Probe(Option<Leak>);

impl Probe {
    fn words(self) -> &'static str {
        match self.0 {
            None => "read nothing",
            Some(_) => "read on",
        }
    }

    fn reads_on(self) -> Operation {
        Operation::new(self.words())
    }
}

impl Part for Probe {
    fn reads(&self, operation: &str) -> Reading {
        if operation == self.words() { Reading::Understood } else { Reading::NotMine }
    }

    fn forms(&self) -> Vec<String> {
        vec![self.words().to_owned()]
    }

    fn enter(&self, _sim: &Sim) -> Arc<dyn Live> {
        Arc::new(*self)
    }
}

impl Live for Probe {
    fn perform(&self, sim: &Sim, _operation: &str) {
        let Some(leak) = self.0 else {
            sim.record(
                &Name::from("probe"),
                What::Note { verb: "reads".into(), fields: Vec::new() },
            );
            return;
        };
        for reading in leak.readings() {
            let fields = vec![(Name::from(""), Value::Int(reading))];
            sim.record(&Name::from("probe"), What::Note { verb: "reads".into(), fields });
        }
    }
}

/// Threads and hosts do not tell the same.
fn tells_engines_apart() -> Scenario {
    Scenario::new("tells_engines_apart", "a part does another thing on hosts", |draft| {
        let nothing = draft.part_anywhere(Probe(None));
        draft.at(Duration::from_secs(1), nothing.reads_on());
    })
}

impl HostPart for Probe {
    fn reads(&self, operation: &str) -> Reading {
        Part::reads(self, operation)
    }

    fn forms(&self) -> Vec<String> {
        Part::forms(self)
    }

    fn enter(&self, _cluster: &Cluster) -> Arc<dyn HostLive> {
        Arc::new(*self)
    }
}

impl HostLive for Probe {
    fn perform<'a>(&'a self, host: &'a Host, _operation: &'a str) -> Performance<'a> {
        Box::pin(async move {
            host.record(
                &Name::from("probe"),
                What::Note { verb: "guesses".into(), fields: Vec::new() },
            );
        })
    }
}
