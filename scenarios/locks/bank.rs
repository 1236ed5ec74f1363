//! The part that uses accounts: `move 5 from 1 to 2`, `audit`.

use super::accounts::{Accounts, Short};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Event, Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Some accounts, numbered from 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bank {
    /// How many there are.
    pub(crate) accounts: u32,
    /// What each has at first.
    pub(crate) each: u32,
}

/// One thing done at the bank, with the accounts by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BankOperation {
    Move { amount: u32, from: u32, to: u32 },
    Audit,
}

struct LiveBank {
    accounts: Accounts<Sim>,
    name: Name,
}

impl LiveBank {
    fn record<const N: usize>(&self, sim: &Sim, verb: &str, fields: [(&str, Value); N]) {
        let fields = fields.map(|(name, value)| (Name::from(name), value)).to_vec();
        sim.record(&self.name, What::Note { verb: Name::from(verb), fields });
    }
}

impl Bank {
    /// Moves `amount` between two accounts.
    pub(crate) fn moves(self, amount: u32, from: u32, to: u32) -> Operation {
        Operation::new(BankOperation::Move { amount, from, to })
    }

    /// Counts what all accounts hold together.
    pub(crate) fn audits(self) -> Operation {
        Operation::new(BankOperation::Audit)
    }

    /// Whether both accounts of a transfer exist, and are two.
    fn has(self, operation: BankOperation) -> bool {
        let exists = |account| (1..=self.accounts).contains(&account);
        match operation {
            BankOperation::Move { from, to, .. } => exists(from) && exists(to) && from != to,
            BankOperation::Audit => true,
        }
    }
}

/// What an audit found, where `event` is one.
pub(crate) fn found(event: &Event) -> Option<i64> {
    let What::Note { verb, fields } = &event.what else { return None };
    match (&**verb, &fields[..]) {
        ("holds", [(_, Value::Int(total))]) => Some(*total),
        _ => None,
    }
}

/// Whether `event` is a transfer that moved nothing.
pub(crate) fn is_short(event: &Event) -> bool {
    matches!(&event.what, What::Note { verb, .. } if &**verb == "is short")
}

impl fmt::Display for BankOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Move { amount, from, to } => write!(f, "move {amount} from {from} to {to}"),
            Self::Audit => f.write_str("audit"),
        }
    }
}

/// The text is neither `move AMOUNT from ACCOUNT to ACCOUNT` nor `audit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotOfTheBank;

impl FromStr for BankOperation {
    type Err = NotOfTheBank;

    fn from_str(text: &str) -> Result<Self, NotOfTheBank> {
        let number = |text: &str| text.parse().map_err(|_| NotOfTheBank);
        match text.split(' ').collect::<Vec<_>>()[..] {
            ["move", amount, "from", from, "to", to] => {
                Ok(Self::Move { amount: number(amount)?, from: number(from)?, to: number(to)? })
            }
            ["audit"] => Ok(Self::Audit),
            _ => Err(NotOfTheBank),
        }
    }
}

impl Part for Bank {
    fn reads(&self, operation: &str) -> Reading {
        let verb = operation.split(' ').next().unwrap_or_default();
        match operation.parse() {
            Ok(read) if !self.has(read) => Reading::Malformed,
            _ => reading::<BankOperation>(operation, ["move", "audit"].contains(&verb)),
        }
    }

    fn forms(&self) -> Vec<String> {
        let last = self.accounts;
        vec![format!("move AMOUNT from 1..{last} to 1..{last}"), "audit".to_owned()]
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let accounts = Accounts::on(*sim, self.accounts as usize, u64::from(self.each));
        Arc::new(LiveBank { accounts, name: Name::from("bank") })
    }
}

impl Live for LiveBank {
    fn perform(&self, sim: &Sim, operation: &str) {
        // Said before it is done: where a teller waits for ever, this is all that the log knows of it.
        self.record(sim, "is asked", [("to", Value::Text(operation.into()))]);
        match operation.parse() {
            Ok(BankOperation::Move { amount, from, to }) => {
                let index = |account: u32| account as usize - 1;
                let moved = self.accounts.transfer(u64::from(amount), index(from), index(to));
                let verb = match moved {
                    Ok(()) => "moves",
                    Err(Short) => "is short",
                };
                let int = |number: u32| Value::Int(number.into());
                self.record(sim, verb, [("", int(amount)), ("from", int(from)), ("to", int(to))]);
            }
            Ok(BankOperation::Audit) => {
                let total = i64::try_from(self.accounts.total());
                let total = total.expect("a bank of a few accounts is small");
                self.record(sim, "holds", [("", Value::Int(total))]);
            }
            Err(NotOfTheBank) => unreachable!("an operation is read before it is performed"),
        }
    }
}
