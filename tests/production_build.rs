//! Does a program that uses only the real platform contain no planted bug, not even a name of one?

use retrip_core::{breaker, logger};
use std::path::Path;
use std::process::Command;

#[test]
fn a_system_only_build_contains_no_plants_name() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("production");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--package", "retrip-production"])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the program builds");
    let binary = std::fs::read(target.join("release/production")).expect("it was built");
    let holds = |name: &str| binary.windows(name.len()).any(|part| part == name.as_bytes());
    // What the program prints is there, so the search can find something.
    assert!(holds("the breaker is"), "its own text is found");
    let plants = [
        breaker::plants::OF_DECISIONS,
        breaker::plants::OF_LONG_RUNS,
        breaker::plants::AROUND_DECISIONS,
        breaker::plants::OF_NAMES,
        breaker::plants::OF_EVICTION,
        breaker::plants::OF_NESTING,
        breaker::plants::OF_SUMS,
        breaker::plants::OF_DELIVERY,
        breaker::plants::OF_CLOCKS,
        logger::plants::ALL,
    ];
    for plant in plants.into_iter().flatten() {
        assert!(!holds(plant.name()), "`{}` is in a production binary", plant.name());
    }
}
