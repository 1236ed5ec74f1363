//! The nodes engine, without `--cfg madsim`.

use crate::tells_what_to_change;
use retrip_sim::determinism::Testimony;
use retrip_sim::doctor::{Specimen, Verdict, examine};
use retrip_sim::engine::EngineName;
use retrip_sim::engine::hosts::Setup;
use retrip_sim::engine::nodes::{Unavailable, available, run};
use retrip_sim::seed::Seed;
use std::convert::Infallible;

#[test]
fn a_run_is_refused_with_what_is_missing_and_what_to_change() {
    let wanted = if cfg!(feature = "madsim") { Unavailable::Cfg } else { Unavailable::Feature };
    assert_eq!(available(), Err(wanted));
    let ran = run(Setup::of(Seed::new(1), &["only"]), |_| async {
        unreachable!("nothing runs in this build")
    });
    assert_eq!(ran.err(), Some(wanted));
    if wanted == Unavailable::Cfg {
        tells_what_to_change(&wanted.to_string(), "--cfg madsim");
    }
}

#[test]
fn doctor_says_that_it_is_off_and_what_to_change() {
    let mut elsewhere = |specimen: &Specimen| -> Result<Testimony, Infallible> {
        unreachable!("nothing is examined of an engine that is off: {specimen:?}")
    };
    let Ok(examined) = examine(EngineName::Nodes, None, &mut elsewhere);
    let [only] = &examined[..] else { panic!("{examined:?}") };
    let missing = available().expect_err("it is off");
    assert_eq!(only.verdict, Verdict::Off(missing.into()));
    assert_eq!(only.to_string(), format!("OFF  nodes\n\n  because  {missing}\n"));
}
