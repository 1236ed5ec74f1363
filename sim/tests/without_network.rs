//! What does a build say that has no network engine, because its compiler was not told `--cfg tokio_unstable`?
#![cfg(not(tokio_unstable))]

use retrip_sim::engine::hosts::Setup;
use retrip_sim::engine::network::{Unavailable, available, run};
use retrip_sim::seed::Seed;

#[test]
fn a_run_is_refused_with_what_is_missing_and_what_to_change() {
    let wanted = if cfg!(feature = "turmoil") { Unavailable::Cfg } else { Unavailable::Feature };
    assert_eq!(available(), Err(wanted));
    let ran = run(Setup::of(Seed::new(1), &["only"]), |_| async {
        unreachable!("nothing runs in this build")
    });
    assert_eq!(ran.err(), Some(wanted));
    if wanted == Unavailable::Cfg {
        let said = wanted.to_string();
        for word in ["--cfg tokio_unstable", ".cargo/config.toml", "rustflags", "RUSTFLAGS"] {
            assert!(said.contains(word), "{word} is not in: {said}");
        }
    }
}
