//! Is a difference between two engines found, wherever it is?
#![cfg(all(madsim, feature = "madsim"))]

use retrip_sim::conformance::{Disagreement, compare};
use retrip_sim::engine::EngineName;
use retrip_sim::engine::hosts::{Cluster, Host};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Name, What};
use retrip_sim::part::{HostLive, HostPart, Live, Operation, Part, Performance, Reading};
use retrip_sim::plan::Plan;
use retrip_sim::run::Request;
use retrip_sim::scenario::{DraftError, Scenario};
use std::sync::Arc;
use std::time::Duration;

const ENGINES: [EngineName; 2] = [EngineName::Threads, EngineName::Nodes];

/// What is different on hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Planted {
    Nothing,
    /// It is said a nanosecond later.
    Late,
    /// Something else is said.
    OtherWords,
    /// It is said of somebody else.
    OtherWho,
    /// A unit of its own says it, which nothing in the plan brought about.
    NoCause,
    /// It is said once more.
    Twice,
    /// It is not said.
    Never,
}

#[derive(Clone, Debug)]
struct Says(Planted);

fn said(what: &str) -> What {
    What::Note { verb: what.into(), fields: Vec::new() }
}

impl Part for Says {
    fn reads(&self, operation: &str) -> Reading {
        if operation == "speak" { Reading::Understood } else { Reading::NotMine }
    }

    fn forms(&self) -> Vec<String> {
        vec!["speak".to_owned()]
    }

    fn enter(&self, _sim: &Sim) -> Arc<dyn Live> {
        Arc::new(self.clone())
    }
}

impl Live for Says {
    fn perform(&self, sim: &Sim, _operation: &str) {
        sim.record(&Name::from("speaker"), said("speaks"));
    }
}

impl HostPart for Says {
    fn reads(&self, operation: &str) -> Reading {
        Part::reads(self, operation)
    }

    fn forms(&self) -> Vec<String> {
        Part::forms(self)
    }

    fn enter(&self, cluster: &Cluster) -> Arc<dyn HostLive> {
        if self.0 == Planted::NoCause {
            cluster.boots(0, "other", |host| async move {
                host.sleep(Duration::from_secs(1)).await;
                host.record(&Name::from("speaker"), said("speaks"));
            });
        }
        Arc::new(self.clone())
    }
}

impl HostLive for Says {
    fn perform<'a>(&'a self, host: &'a Host, _operation: &'a str) -> Performance<'a> {
        Box::pin(async move {
            let speaks = |who: &str, what: &str| host.record(&Name::from(who), said(what));
            match self.0 {
                Planted::Nothing => speaks("speaker", "speaks"),
                Planted::Late => {
                    host.sleep(Duration::from_nanos(1)).await;
                    speaks("speaker", "speaks");
                }
                Planted::OtherWords => speaks("speaker", "shouts"),
                Planted::OtherWho => speaks("listener", "speaks"),
                Planted::NoCause => host.sleep(Duration::from_millis(1)).await,
                Planted::Twice => (0..2).for_each(|_| speaks("speaker", "speaks")),
                Planted::Never => {}
            }
        })
    }
}

fn differs(planted: Planted) -> Option<Disagreement> {
    let scenario = Scenario::new("speeches", "somebody speaks", move |s| {
        s.part_anywhere(Says(planted));
        s.at(Duration::from_secs(1), Operation::new("speak"));
    });
    let plan: Plan = "speeches 0".parse().expect("it is a plan");
    compare(&scenario, &Request::of(&plan), &ENGINES).expect("it runs on both")
}

#[test]
fn two_engines_that_tell_the_same_agree() {
    assert_eq!(differs(Planted::Nothing), None);
}

#[test]
fn what_one_engine_tells_differently_is_found() {
    let wanted = "  event    1 of the log\n  threads  1s  speaker speaks  (step 1)\n";
    for (planted, nodes) in [
        (Planted::Late, "1.000000001s  speaker speaks  (step 1)"),
        (Planted::OtherWords, "1s  speaker shouts  (step 1)"),
        (Planted::OtherWho, "1s  listener speaks  (step 1)"),
        (Planted::NoCause, "1s  speaker speaks"),
        (Planted::Never, "ended"),
    ] {
        let found = differs(planted).unwrap_or_else(|| panic!("{planted:?} was not found"));
        assert_eq!(found.to_string(), format!("{wanted}  nodes    {nodes}\n"), "{planted:?}");
    }
    let found = differs(Planted::Twice).expect("it is found").to_string();
    assert_eq!(
        found,
        "  event    2 of the log\n  threads  ended\n  nodes    1s  speaker speaks  (step 1)\n"
    );
}

#[test]
fn what_cannot_be_done_on_an_engine_is_refused_before_the_run() {
    let hosts_only = Scenario::new("hosts_only", "a part lives on hosts", |s| {
        s.host_part(Says(Planted::Nothing));
    });
    let threads_only = Scenario::new("threads_only", "a part lives on threads", |s| {
        s.part(Says(Planted::Nothing));
    });
    let refused = |scenario: &Scenario, engine| {
        let error = scenario.can_run_on(engine).expect_err("it cannot");
        assert!(matches!(error, DraftError::Elsewhere { .. }), "{error}");
        error.to_string()
    };
    assert_eq!(
        refused(&hosts_only, EngineName::Threads),
        "`speak` cannot be done on the threads engine, only on hosts: name another engine, as in `on nodes`"
    );
    assert_eq!(
        refused(&threads_only, EngineName::Nodes),
        "`speak` cannot be done on the nodes engine, only on threads: say `on threads`, or name no engine"
    );
    assert_eq!(hosts_only.can_run_on(EngineName::Nodes), Ok(()));
}
