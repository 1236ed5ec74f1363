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
    let of_breakers = breaker::plants::ALL.into_iter().flatten();
    let plants: Vec<_> = of_breakers.chain(logger::plants::ALL).collect();
    assert!(plants.len() > 50, "{} plants", plants.len());
    for plant in plants {
        assert!(!holds(plant.name()), "`{}` is in a production binary", plant.name());
    }
}
