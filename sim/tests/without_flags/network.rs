//! The network engine, without `--cfg tokio_unstable`.

use crate::tells_what_to_change;
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
        tells_what_to_change(&wanted.to_string(), "--cfg tokio_unstable");
    }
}
