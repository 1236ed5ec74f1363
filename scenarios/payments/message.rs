//! What tills and the ledger send each other, as one line of text.

/// The port of the ledger.
pub(crate) const PORT: u16 = 1;

/// A till asks for a payment to be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// Who asks.
    pub(crate) till: String,
    /// Which of its payments, from 1. It is the same each time that it asks for this one.
    pub(crate) number: u32,
    /// How much.
    pub(crate) amount: u32,
}

/// What the ledger says of a payment, to the till that asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    /// Which of the till's payments.
    pub(crate) number: u32,
    pub(crate) verdict: Verdict,
}

/// What becomes of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Booked,
    /// It is too much, and will never be booked.
    Refused,
}

impl Request {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Self { till, number, amount } = self;
        format!("{till} {number} {amount}").into_bytes()
    }

    /// What [`bytes`](Request::bytes) has written, as a message or as a line of the ledger's book.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        match str::from_utf8(bytes).ok()?.split(' ').collect::<Vec<_>>()[..] {
            [till, number, amount] => Some(Self {
                till: till.to_owned(),
                number: number.parse().ok()?,
                amount: amount.parse().ok()?,
            }),
            _ => None,
        }
    }
}

impl Reply {
    pub(crate) fn bytes(self) -> Vec<u8> {
        let verdict = match self.verdict {
            Verdict::Booked => "booked",
            Verdict::Refused => "refused",
        };
        format!("{} {verdict}", self.number).into_bytes()
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (number, verdict) = str::from_utf8(bytes).ok()?.split_once(' ')?;
        let verdict = match verdict {
            "booked" => Verdict::Booked,
            "refused" => Verdict::Refused,
            _ => return None,
        };
        Some(Self { number: number.parse().ok()?, verdict })
    }
}
