//! Readers come and go while a writer waits until nobody reads.
//!
//! A lock that lets every reader in who comes while others read lets a writer wait for as long as they like. This one lets a
//! few pass, for they cost nobody anything, and then no more.

use super::archive::Archive;
use super::promise;
use super::shelf::{
    LEAVES_UNHEARD, READERS_PASS_BY, READS_WHILE_WRITTEN, UPGRADES_WITHOUT_LOOKING,
};
use crate::time::millis;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "readers come and go while a writer waits until nobody reads";
    Scenario::new("readers_let_a_writer_in", about, |s| {
        let patience = s.draw("patience", 0..=2);
        let archive = s.part(Archive { patience });

        let mut script = s.generator("script");
        for (role, count) in [("reader", script.within(2..=3)), ("writer", script.within(1..=2))] {
            for number in 1..=count {
                let mut actor = s.actor(format!("{role}-{number}"));
                let mut moment = millis(0);
                for _ in 0..script.within(1..=2) {
                    moment += millis(script.within(0..=2));
                    let takes = millis(script.within(0..=3));
                    actor = actor.does_at(
                        moment,
                        if role == "reader" {
                            archive.reads(takes)
                        } else {
                            let amount = script.within(1..=3);
                            archive.adds(u32::try_from(amount).expect("it is small"), takes)
                        },
                    );
                }
                actor.ends();
            }
        }

        s.check(promise::writers_are_let_in(patience));
        s.check(promise::nobody_reads_half());
        s.check(promise::no_sum_is_lost());
        s.sometimes(promise::a_writer_is_passed_as_often_as_may_be(patience));
        s.sometimes(promise::a_reader_lets_a_writer_go_first());
    })
    .bound(5_000)
    // Two writers that have read the same sum, each passed by one reader; a reader that lets a writer go first; a reader that
    // passes by, as the only one that may.
    .pinned(&[0x9, 0xc, 0xe])
    .in_full()
    .finds(READERS_PASS_BY, "writers_are_let_in")
    .finds(READS_WHILE_WRITTEN, "nobody_reads_half")
    .finds(UPGRADES_WITHOUT_LOOKING, "no_sum_is_lost")
    .finds(LEAVES_UNHEARD, "no_deadlock")
}
