//! What is promised to those who pay.

use super::told::{Told, Try};
use crate::calm::Calm;
use crate::time::secs;
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::log::{Event, Name};
use retrip_sim::span::Seconds;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long after the last fault the last message of that time has arrived and been answered.
const AFTERMATH: Duration = secs(6);

/// A payment is never booked again.
pub(crate) fn each_payment_is_booked_once() -> impl Promise {
    let mut booked = BTreeSet::new();
    let statement = "no payment is booked a second time";
    always("each_payment_is_booked_once", statement, move |event| match Told::of(event) {
        Some(Told::Books { till, number, .. }) if !booked.insert((Name::clone(&till), number)) => {
            Judgement::broken("booked once", format!("payment {number} of {till} booked again"))
        }
        Some(Told::Books { .. }) => Judgement::Holds,
        _ => Judgement::NotConcerned,
    })
}

/// What a reply says is booked has been booked. Whether it is the right reply, another promise says.
pub(crate) fn what_is_said_to_be_booked_is_booked() -> impl Promise {
    let mut booked = BTreeSet::new();
    let statement = "a payment that a till hears is booked is in the ledger's book";
    always("what_is_said_to_be_booked_is_booked", statement, move |event| match Told::of(event) {
        Some(Told::Books { till, number, .. }) => {
            booked.insert((till, number));
            Judgement::NotConcerned
        }
        Some(Told::IsBooked { by, .. }) => {
            let till = &event.node;
            if booked.contains(&(Name::clone(till), by)) {
                return Judgement::Holds;
            }
            Judgement::broken(
                format!("payment {by} of {till} in the book"),
                format!("{till} is told that it is booked, and it is not"),
            )
        }
        _ => Judgement::NotConcerned,
    })
}

/// A payment that a till takes for refused has not been booked, and is not later on.
pub(crate) fn what_is_refused_is_not_booked() -> impl Promise {
    let (mut booked, mut refused) = (BTreeSet::new(), BTreeSet::new());
    let statement = "a payment that a till takes for refused is never booked";
    always("what_is_refused_is_not_booked", statement, move |event| {
        let payment = match Told::of(event) {
            Some(Told::Books { till, number, .. }) => {
                booked.insert((Name::clone(&till), number));
                (till, number)
            }
            Some(Told::IsRefused { by, .. }) => {
                refused.insert((Name::clone(&event.node), by));
                (Name::clone(&event.node), by)
            }
            _ => return Judgement::NotConcerned,
        };
        if booked.contains(&payment) && refused.contains(&payment) {
            let (till, number) = payment;
            return Judgement::broken(
                "booked or refused",
                format!("payment {number} of {till} is booked, and {till} takes it for refused"),
            );
        }
        Judgement::Holds
    })
}

/// Whoever tries again asks for the same payment.
pub(crate) fn a_retry_is_the_same_payment() -> impl Promise {
    let mut asked = BTreeMap::new();
    let statement = "each try of a payment has the payment's number";
    always("a_retry_is_the_same_payment", statement, move |event| match Told::of(event) {
        Some(Told::Asks { number, .. }) => {
            asked.insert(Name::clone(&event.node), number);
            Judgement::NotConcerned
        }
        Some(Told::Tries { number, .. }) => {
            asked.get(&event.node).map_or(Judgement::NotConcerned, |&asked| {
                Judgement::equal(format!("payment {asked}"), format!("payment {number}"))
            })
        }
        _ => Judgement::NotConcerned,
    })
}

/// A till takes no reply for one payment as that for another.
pub(crate) fn a_reply_is_taken_for_its_own_payment() -> impl Promise {
    let statement = "what a till takes for the reply is the reply for that payment";
    always("a_reply_is_taken_for_its_own_payment", statement, |event| match Told::of(event) {
        Some(Told::IsBooked { number, by } | Told::IsRefused { number, by }) => {
            Judgement::equal(format!("the reply for {number}"), format!("the reply for {by}"))
        }
        _ => Judgement::NotConcerned,
    })
}

/// Whoever pays is told once what became of it, and nothing else later on.
pub(crate) fn a_payment_has_one_end() -> impl Promise {
    let mut ended = BTreeSet::new();
    let statement = "a till says of each payment once that it is booked, refused or in doubt";
    always("a_payment_has_one_end", statement, move |event| match Told::of(event) {
        Some(
            Told::IsBooked { number, .. }
            | Told::IsRefused { number, .. }
            | Told::IsInDoubt { number },
        ) => {
            let till = &event.node;
            if ended.insert((Name::clone(till), number)) {
                return Judgement::Holds;
            }
            Judgement::broken("one end", format!("payment {number} of {till} ends once more"))
        }
        _ => Judgement::NotConcerned,
    })
}

/// A reply is waited for as long as was said, by the till's monotonic clock. Exactly the end is late enough.
pub(crate) fn nobody_times_out_early(patience: Duration) -> impl Promise {
    let mut tries = BTreeMap::new();
    let statement = format!("a reply is waited for {} or longer", Seconds(patience));
    always("nobody_times_out_early", statement, move |event| match Told::of(event) {
        Some(Told::Tries { .. }) => {
            tries.insert(Name::clone(&event.node), Try::of(event));
            Judgement::NotConcerned
        }
        Some(Told::TimesOut { .. }) => {
            let Some(began) = tries.get(&event.node) else { return Judgement::NotConcerned };
            let waited = event.mono.saturating_duration_since(began.mono);
            if waited >= patience {
                return Judgement::Holds;
            }
            Judgement::broken(
                format!("waits {}", Seconds(patience)),
                format!("gives up after {}", Seconds(waited)),
            )
        }
        _ => Judgement::NotConcerned,
    })
}

/// Once nothing goes wrong any more, the next try is answered: so every payment ends, as far as its tries last.
pub(crate) fn a_try_after_the_last_fault_is_answered() -> AnsweredInCalm {
    AnsweredInCalm::default()
}

/// Judges tries that nothing can have gone wrong with.
#[derive(Debug, Default)]
pub(crate) struct AnsweredInCalm {
    calm: Calm,
    /// The try that each till is at.
    tries: BTreeMap<Name, Try>,
}

impl AnsweredInCalm {
    /// Whether nothing has gone wrong since long before the till's try began.
    fn is_calm(&self, till: &Name) -> bool {
        let began = self.tries.get(till).map(|began| began.engine);
        began.zip(self.calm.since()).is_some_and(|(began, since)| since + AFTERMATH <= began)
    }
}

impl Promise for AnsweredInCalm {
    fn name(&self) -> &'static str {
        "a_try_after_the_last_fault_is_answered"
    }

    fn statement(&self) -> String {
        format!("a try that begins {} or more after the last fault is answered", Seconds(AFTERMATH))
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        self.calm.see(event);
        let till = &event.node;
        match Told::of(event) {
            Some(Told::Tries { .. }) => {
                self.tries.insert(Name::clone(till), Try::of(event));
                Judgement::NotConcerned
            }
            Some(Told::TimesOut { number, .. }) if self.is_calm(till) => Judgement::broken(
                "answered",
                format!("{till} waits in vain for the reply for payment {number}"),
            ),
            Some(Told::IsBooked { .. } | Told::IsRefused { .. }) if self.is_calm(till) => {
                Judgement::Holds
            }
            _ => Judgement::NotConcerned,
        }
    }
}
