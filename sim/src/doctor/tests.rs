//! Does each examination say what it should, whatever was found?

use super::examination::{apart, caught, simulated};
use super::nap::HOUR;
use super::*;
use crate::determinism::{Between, Difference, Divergence, Finding, Suspect};
use crate::engine::{Failure, Unavailable, nodes};
use crate::seed::Seed;
use std::convert::Infallible;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

fn divergence(suspect: Suspect) -> Box<Divergence> {
    let difference = Difference::Stream { stream: "naps".into(), first: 1, second: 2 };
    Box::new(Divergence { between: Between::Processes, difference, suspect })
}

fn differs(suspect: Suspect) -> Finding {
    Finding::Differs(divergence(suspect))
}

fn testimony(seed: u64) -> Testimony {
    let specimen = Specimen { engine: EngineName::Threads, seed: Seed::new(seed), planted: None };
    specimen.testimony().expect("every build has threads")
}

fn failed(ailment: Ailment) -> Verdict {
    Verdict::Failed(Box::new(ailment))
}

/// Examines the thread engine, where a fresh process says what `says` makes of a specimen.
fn examined(planted: Option<Leak>, mut says: impl FnMut(&Specimen) -> Testimony) -> Vec<Examined> {
    let mut elsewhere = |specimen: &Specimen| Ok::<_, Infallible>(says(specimen));
    let Ok(examined) = examine(EngineName::Threads, planted, &mut elsewhere);
    examined
}

/// Of those, how the examination of the same run ended.
fn same_again(planted: Option<Leak>, says: impl FnMut(&Specimen) -> Testimony) -> Verdict {
    let all = examined(planted, says);
    let same = |examined: &&Examined| matches!(examined.examination, Examination::SameAgain { .. });
    all.iter().find(same).expect("it is always examined").verdict.clone()
}

fn here(specimen: &Specimen) -> Testimony {
    specimen.testimony().expect("every build has threads")
}

#[test]
fn an_hour_passes_on_the_clocks_that_the_engine_moves_and_on_no_others() {
    let nap = |platform, std| Nap { platform, instant: std, system: std };
    let blink = Duration::from_micros(3);
    let (threads, nodes) = (EngineName::Threads, EngineName::Nodes);
    let is_well = |nap: Nap, engine| nap.is_as_it_should_be(engine);
    assert!(is_well(nap(HOUR, blink), threads));
    assert!(is_well(nap(HOUR, HOUR), nodes));
    // Neither early nor late, and not on the machine's clock.
    let tick = Duration::from_nanos(1);
    for wrong in [HOUR - tick, HOUR + SECOND, Duration::ZERO, blink] {
        assert!(!is_well(nap(wrong, blink), threads), "{wrong:?}");
        assert!(!is_well(nap(wrong, HOUR), nodes), "{wrong:?}");
        assert!(!is_well(nap(HOUR, wrong), nodes), "std {wrong:?}");
    }
    // A sleep that really takes an hour is none, and nor is one that moves the clocks of others.
    assert!(!is_well(nap(HOUR, HOUR), threads));
    for (instant, system) in [(HOUR, blink), (blink, HOUR)] {
        let half = Nap { platform: HOUR, instant, system };
        assert!(!is_well(half, nodes) && !is_well(half, threads), "{half}");
    }
}

#[test]
fn the_thread_engine_is_well() {
    let all = examined(None, here);
    let engine = EngineName::Threads;
    let of = |at: usize| (all[at].engine, all[at].examination, all[at].verdict.clone());
    let ok = Verdict::Ok;
    assert_eq!(of(0), (engine, Examination::Available, ok(Fact::Available)));
    assert_eq!(of(1), (engine, Examination::VirtualSleep, ok(Fact::HourOfPlatform)));
    let same = Examination::SameAgain { planted: None };
    assert_eq!(of(2), (engine, same, ok(Fact::Same { events: 30 })));
    let leaks: Vec<_> = all[3..].iter().map(|examined| examined.examination).collect();
    assert_eq!(leaks, Leak::ALL.map(Examination::Leak));
}

#[test]
fn what_is_planted_is_found_in_the_run_that_should_be_the_same() {
    // A static is told by fresh processes, which there are none of here.
    for leak in Leak::ALL.into_iter().filter(|&leak| leak != Leak::Static) {
        let Verdict::Failed(ailment) = same_again(Some(leak), here) else {
            panic!("{leak} was not found")
        };
        let Ailment::Differs { how, .. } = &*ailment else { panic!("{leak}: {ailment:?}") };
        assert_eq!((how.between, how.suspect), (Between::RunsHere, leak.suspect()), "{leak}");
    }
}

#[test]
fn a_fresh_process_that_says_something_else_is_found_out() {
    let other = |specimen: &Specimen| testimony(specimen.seed.value() + 7);
    let Verdict::Failed(ailment) = same_again(None, other) else { panic!("it was not found") };
    let Ailment::Differs { seed, how } = *ailment else { panic!("{ailment:?}") };
    assert_eq!((seed, how.between), (Seed::new(0), Between::Processes));
    // The second seed is compared as well.
    let late = |specimen: &Specimen| testimony(specimen.seed.value().pow(2) * 9);
    let Verdict::Failed(ailment) = same_again(None, late) else { panic!("it was not found") };
    assert!(matches!(&*ailment, Ailment::Differs { seed, .. } if *seed == Seed::new(1)));
}

#[test]
fn two_seeds_are_two_runs_that_end_well() {
    let seeds = [Seed::new(0), Seed::new(1)];
    assert_eq!(apart(None, &testimony(4), &testimony(4)), failed(Ailment::SeedsAgree { seeds }));
    assert_eq!(apart(None, &testimony(4), &testimony(5)), Verdict::Ok(Fact::Same { events: 30 }));
    let stuck = Failure::Deadlock { waits: Vec::new() };
    let ended = apart(Some(stuck.clone()), &testimony(4), &testimony(5));
    assert_eq!(ended, failed(Ailment::Fails(stuck)));
}

#[test]
fn a_leak_is_caught_only_under_its_own_name() {
    let suspects = [
        Suspect::MapOrder,
        Suspect::RealClock,
        Suspect::Leftover,
        Suspect::Randomness,
        Suspect::HiddenOrder,
    ];
    for leak in Leak::ALL {
        assert_eq!(caught(leak, Finding::Same), failed(Ailment::Missed(leak)));
        for suspect in suspects {
            let wanted = if suspect == leak.suspect() {
                Verdict::Ok(Fact::Caught(suspect))
            } else {
                failed(Ailment::Misnamed { leak, how: divergence(suspect) })
            };
            assert_eq!(caught(leak, differs(suspect)), wanted, "{leak}");
        }
    }
    let names: std::collections::BTreeSet<_> = Leak::ALL.map(Leak::suspect).into();
    assert_eq!(names.len(), suspects.len(), "each leak has a name of its own");
}

#[test]
fn what_is_simulated_is_the_same_twice_and_another_for_another_seed() {
    let said = |readings: [u64; 3], finding| simulated(&readings.map(|read| vec![read]), finding);
    assert_eq!(said([1, 1, 2], Finding::Same), Verdict::Ok(Fact::Simulated));
    assert_eq!(said([1, 1, 1], Finding::Same), failed(Ailment::NotFromTheSeed));
    assert_eq!(said([1, 3, 2], Finding::Same), failed(Ailment::Overlooked));
    let clock = Suspect::RealClock;
    assert_eq!(said([1, 1, 2], differs(clock)), failed(Ailment::NotSimulated(divergence(clock))));
}

#[test]
fn chance_does_not_make_two_runs_agree() {
    for leak in Leak::ALL {
        let readings = leak.readings();
        let are_many = match leak {
            // 64 places for 64 keys, and 64 choices of one bit.
            Leak::MapOrder | Leak::UnseededSelect => readings.len() == 64,
            Leak::RealClock | Leak::OsRandom | Leak::Static => readings.len() == 1,
        };
        assert!(are_many, "{leak}: {readings:?}");
        assert_ne!(readings, leak.readings(), "{leak}");
        assert!(readings.iter().all(|&reading| i64::try_from(reading).is_ok()), "{leak}");
    }
}

#[test]
fn a_leak_reads_back_and_an_unknown_one_is_told_which_there_are() {
    for leak in Leak::ALL {
        assert_eq!(leak.to_string().parse(), Ok(leak));
    }
    let unknown = "clock".parse::<Leak>().map_err(|error| error.to_string());
    let wanted = "there is no leak `clock`; there are real_clock, map_order, unseeded_select, os_random, static";
    assert_eq!(unknown, Err(wanted.to_owned()));
}

/// What is printed about `ailment` of `engine`.
fn block(engine: EngineName, examination: Examination, ailment: Ailment) -> String {
    Examined { engine, examination, verdict: failed(ailment) }.to_string()
}

#[test]
fn what_is_wrong_is_said_with_what_was_wanted_and_what_to_change() {
    let (threads, nodes) = (EngineName::Threads, EngineName::Nodes);
    let nap = Nap { platform: HOUR, instant: SECOND, system: SECOND };
    let clocks = block(nodes, Examination::VirtualSleep, Ailment::Clocks(nap));
    let wanted = "FAILED  nodes  virtual sleep

  wanted   an hour by the platform's clock and by both of std's
  found    the platform's 3600.000s, std::time::Instant 1.000s, SystemTime 1.000s
  change   build everything with the flags of .cargo/config.toml; unset LD_PRELOAD, and leave out libraries that define \
                  clock_gettime or getrandom for the whole process, as faketime and mad-turmoil do
";
    assert_eq!(clocks, wanted);
    let leak = Leak::RealClock;
    let same = Examination::SameAgain { planted: Some(leak) };
    let how = divergence(Suspect::RealClock);
    let asked = block(threads, same, Ailment::Differs { seed: Seed::new(0), how });
    let wanted = "NOT DETERMINISTIC  threads  seed 0x0, with real_clock

  wanted   the same run each time
  found    it differs from itself
  between  this process and a fresh one
  differs  the stream naps; events and schedule are equal
  first    1 draws
  second   2 draws
  usually  a real clock: the number grows from run to run; read the clocks of the platform
  change   nothing: this was asked for; without --plant real_clock it is the same again
";
    assert_eq!(asked, wanted);
    let missed = block(threads, Examination::Leak(leak), Ailment::Missed(leak));
    let wanted = "FAILED  threads  real_clock

  wanted   caught, and called a real clock
  found    two runs here and one in a fresh process that nobody could tell apart
  change   unset LD_PRELOAD, and leave out libraries that define clock_gettime or getrandom for the whole process, as \
                  faketime and mad-turmoil do
";
    assert_eq!(missed, wanted);
}

#[test]
fn every_ailment_says_what_was_wanted_found_and_to_be_changed() {
    let how = || divergence(Suspect::Randomness);
    let leak = Leak::OsRandom;
    let seeds = [Seed::new(0), Seed::new(1)];
    let livelock = Failure::Livelock { steps: 7, running: vec!["main".into()] };
    for engine in EngineName::ALL {
        for (ailment, words) in [
            (Ailment::Fails(livelock.clone()), "no end after 7 steps"),
            (Ailment::SeedsAgree { seeds }, "one log for the seeds 0x0 and 0x1"),
            (Ailment::Misnamed { leak: Leak::Static, how: how() }, "called a leftover of"),
            (Ailment::NotSimulated(how()), "it differs: randomness of the operating system"),
            (Ailment::NotFromTheSeed, "the same for two seeds"),
            (Ailment::Overlooked, "were called the same"),
        ] {
            let text = block(engine, Examination::Leak(leak), ailment.clone());
            assert!(
                text.starts_with(&format!("FAILED  {engine}  os_random\n\n  wanted   ")),
                "{text}"
            );
            assert!(text.contains(words), "{words}: {text}");
            assert_eq!(text.matches("  found    ").count(), 1, "{text}");
            assert_eq!(text.matches("  change   ").count(), 1, "{text}");
            let says_how = text.contains("  usually  ");
            assert_eq!(says_how, ailment.divergence().is_some(), "{text}");
        }
    }
}

#[test]
fn an_engine_that_is_off_says_what_is_missing_and_one_that_is_well_nothing() {
    let examination = Examination::Available;
    let engine = EngineName::Nodes;
    let of = |verdict| Examined { engine, examination, verdict }.to_string();
    assert_eq!(of(Verdict::Ok(Fact::Available)), "");
    let off = of(Verdict::Off(Unavailable::Nodes(nodes::Unavailable::Feature)));
    let wanted = "OFF  nodes\n\n  because  ";
    assert!(off.starts_with(wanted) && off.contains("feature `madsim`"), "{off}");
}
