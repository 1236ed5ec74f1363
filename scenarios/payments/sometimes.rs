//! What must be seen of tills and a ledger, or the promises to them say little.

use super::shop::LEDGER;
use super::told::Told;
use retrip_sim::check::Sometimes;
use retrip_sim::log::{Name, What};
use std::collections::BTreeSet;

/// A till tries again for what has been booked: its request arrived, and the reply did not.
pub(crate) fn the_ledger_is_asked_again() -> Sometimes {
    told("the_ledger_is_asked_again", |told| matches!(told, Told::HasBooked { .. }))
}

/// A reply comes when its till is at another payment.
pub(crate) fn a_reply_comes_too_late() -> Sometimes {
    told("a_reply_comes_too_late", |told| matches!(told, Told::PassesOver { .. }))
}

/// The ledger refuses a payment.
pub(crate) fn a_payment_is_refused() -> Sometimes {
    told("a_payment_is_refused", |told| matches!(told, Told::IsRefused { .. }))
}

/// The ledger begins anew, with payments in its book.
pub(crate) fn the_ledger_finds_its_book() -> Sometimes {
    told("the_ledger_finds_its_book", |told| matches!(told, Told::Opens { payments: 1.. }))
}

/// A till gives up on a payment that has been booked.
pub(crate) fn a_payment_in_doubt_is_booked() -> Sometimes {
    let mut booked = BTreeSet::new();
    Sometimes::new("a_payment_in_doubt_is_booked", move |event| match Told::of(event) {
        Some(Told::Books { till, number, .. }) => {
            booked.insert((till, number));
            false
        }
        Some(Told::IsInDoubt { number }) => booked.contains(&(Name::clone(&event.node), number)),
        _ => false,
    })
}

/// The ledger stops when it has booked a payment that its till does not know of yet.
pub(crate) fn the_ledger_stops_between_book_and_reply() -> Sometimes {
    let mut untold = BTreeSet::new();
    Sometimes::new("the_ledger_stops_between_book_and_reply", move |event| {
        match Told::of(event) {
            Some(Told::Books { till, number, .. }) => {
                untold.insert((till, number));
            }
            Some(Told::IsBooked { number, .. }) => {
                untold.remove(&(Name::clone(&event.node), number));
            }
            _ => {}
        }
        let stops = matches!(&event.what, What::Note { verb, .. } if ["crashes", "restarts"].contains(&&**verb));
        stops && &*event.who == LEDGER && !untold.is_empty()
    })
}

fn told(name: &'static str, happens: fn(&Told) -> bool) -> Sometimes {
    Sometimes::new(name, move |event| Told::of(event).is_some_and(|told| happens(&told)))
}
