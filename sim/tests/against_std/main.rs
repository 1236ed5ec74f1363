//! Can a simulated program do what it can do on std, and nothing else?
//!
//! Random small programs are run in three ways. A model that knows neither std nor us steps through all their interleavings. A
//! search runs them simulated in every order: what comes out must be what the model says, all of it and nothing else. And real
//! threads run them many times, which must come to one of those outcomes each time.
#![expect(clippy::duplicate_mod, reason = "one program is compiled against std and against us")]

mod model;
mod on_std;
mod program;
mod simulated;

use program::{Outcome, Program};
use retrip_sim::engine::threads::Failure;
use retrip_sim::engine::{Flow, Setup, run};
use retrip_sim::explore::{Extent, Limits, each_order};
use retrip_sim::seed::Seed;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// A search through more orders than that would take too long.
const MOST: u64 = 300;

/// What a search comes to; none where the program has too many orders.
fn simulated_in_every_order(program: &Program) -> Option<BTreeSet<Outcome>> {
    let mut outcomes = BTreeSet::new();
    let tally = each_order(Limits::NONE, MOST, |search| {
        let seen = Arc::new(Mutex::new(None));
        let (played, told) = (program.clone(), Arc::clone(&seen));
        let setup = Setup { search: Some(search), ..Setup::of(Seed::new(0)) };
        let ended = run(setup, move |_| {
            *told.lock().expect("nobody panics") = Some(simulated::play(&played));
        });
        let search = ended.search.expect("it was given");
        if !search.is_cut() {
            let seen = seen.lock().expect("nobody panics").take();
            outcomes.insert(match ended.failure.as_ref().map(Failure::promise) {
                None => Outcome::Ended(seen.expect("it came to its end")),
                Some("no_deadlock") => Outcome::Deadlock,
                Some(_) => panic!("{program:?}: {:?}", ended.failure),
            });
        }
        (search, Flow::Continue)
    });
    (tally.extent == Extent::Complete).then_some(outcomes)
}

/// The programs that both tests are about.
fn programs() -> impl Iterator<Item = Program> {
    (0..280).map(program::drawn)
}

#[test]
fn what_a_search_comes_to_is_what_all_interleavings_of_the_model_come_to() {
    let (mut several, mut stuck) = (0, 0);
    for program in programs() {
        let Some(simulated) = simulated_in_every_order(&program) else { continue };
        let modelled = model::outcomes(&program);
        let invented: Vec<_> = simulated.difference(&modelled).collect();
        let missing: Vec<_> = modelled.difference(&simulated).collect();
        assert!(invented.is_empty(), "{program:?}: only simulated: {invented:?}");
        assert!(missing.is_empty(), "{program:?}: never simulated: {missing:?}");
        several += usize::from(simulated.len() > 1);
        stuck += usize::from(simulated.contains(&Outcome::Deadlock));
    }
    assert!(several >= 100, "only {several} programs have several outcomes");
    assert!(stuck >= 25, "only {stuck} programs can end in a deadlock");
}

#[test]
fn what_real_threads_come_to_is_among_what_the_model_comes_to() {
    let mut played = 0;
    for program in programs() {
        let modelled = model::outcomes(&program);
        if modelled.contains(&Outcome::Deadlock) {
            // A real one would not end.
            continue;
        }
        for _ in 0..25 {
            let real = Outcome::Ended(on_std::play(&program));
            assert!(modelled.contains(&real), "{program:?}: only real: {real:?}");
        }
        played += 1;
    }
    assert!(played >= 120, "only {played} programs were played");
}
