//! What is promised to who shares a store, and what must be seen of it.

use super::told::Told;
use crate::calm::Calm;
use crate::time::{millis, secs};
use retrip_sim::check::{Judgement, Promise, Sometimes, always};
use retrip_sim::log::{Event, Name, ThreadEvent, What};
use retrip_sim::span::Seconds;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long after the last fault the last message of that time has arrived and been answered.
const AFTERMATH: Duration = secs(8);

/// How long after the last fault the last message of that time has arrived.
const LAST_MESSAGE: Duration = secs(6);

/// The store takes no write under an older lease than one that it has taken a write under.
pub(crate) fn the_store_takes_no_older_token() -> impl Promise {
    let mut greatest = 0;
    let statement = "the tokens of the writes that the store accepts never go back";
    always("the_store_takes_no_older_token", statement, move |event| match Told::of(event) {
        Some(Told::Accepts { worker, token }) if token < greatest => Judgement::broken(
            format!("token {greatest} or later"),
            format!("a write of {worker} with token {token}"),
        ),
        Some(Told::Accepts { token, .. }) => {
            greatest = token;
            Judgement::Holds
        }
        _ => Judgement::NotConcerned,
    })
}

/// Whoever writes is the last one who got the lease, in the order of engine time, which no clock of a host can bend.
pub(crate) fn nobody_writes_on_an_old_lease() -> impl Promise {
    let mut holder = None;
    let statement =
        "a worker that writes in the belief that it holds the lease is the last who got it";
    always("nobody_writes_on_an_old_lease", statement, move |event| match Told::of(event) {
        Some(Told::Holds { .. }) => {
            holder = Some(Name::clone(&event.node));
            Judgement::NotConcerned
        }
        Some(Told::Writes { token }) => match &holder {
            Some(holder) if *holder != event.node => Judgement::broken(
                format!("{holder} alone, which holds the lease"),
                format!("{} writes as well, with token {token}", event.node),
            ),
            _ => Judgement::Holds,
        },
        _ => Judgement::NotConcerned,
    })
}

/// The store refuses nobody who got the lease last.
pub(crate) fn whoever_got_the_lease_last_can_write() -> impl Promise {
    let mut holder = None;
    let statement = "the store refuses nobody before another one has got the lease";
    always("whoever_got_the_lease_last_can_write", statement, move |event| match Told::of(event) {
        Some(Told::Holds { token }) => {
            holder = Some((Name::clone(&event.node), token));
            Judgement::NotConcerned
        }
        Some(Told::Refuses { worker, token }) if holder == Some((Name::clone(&worker), token)) => {
            Judgement::broken(
                format!("a write of {worker} accepted"),
                format!("token {token} refused, after which no lease was got"),
            )
        }
        Some(Told::Accepts { .. } | Told::Refuses { .. }) => Judgement::Holds,
        _ => Judgement::NotConcerned,
    })
}

/// Once nothing goes wrong any more, somebody gets the lease and writes, as long as somebody wants to.
pub(crate) fn somebody_writes_after_the_last_fault(lease: Duration) -> SomebodyWrites {
    // Whoever held the lease may be gone, and then the desk may have waited for it to be over once more, after a restart.
    SomebodyWrites { bound: AFTERMATH + 3 * lease, ..SomebodyWrites::default() }
}

/// Waits for the store to accept a write.
#[derive(Debug, Default)]
pub(crate) struct SomebodyWrites {
    bound: Duration,
    calm: Calm,
    /// Since when each worker has wanted the lease.
    wants: BTreeMap<Name, Duration>,
    /// When the store has last accepted a write.
    accepted: Duration,
}

impl Promise for SomebodyWrites {
    fn name(&self) -> &'static str {
        "somebody_writes_after_the_last_fault"
    }

    fn statement(&self) -> String {
        let bound = Seconds(self.bound);
        format!(
            "where somebody wants to, a write is accepted at least every {bound} once nothing goes wrong"
        )
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        self.calm.see(event);
        let now = Duration::from_nanos(event.engine);
        match Told::of(event) {
            Some(Told::Wants) => {
                self.wants.insert(Name::clone(&event.node), now);
            }
            Some(Told::Accepts { .. }) => {
                self.accepted = now;
                return Judgement::Holds;
            }
            Some(Told::IsTurnedAway { .. } | Told::HearsNothing | Told::LetsGo { .. }) => {
                let wants = self.wants.get(&event.node);
                let (Some(calm), Some(&wants)) = (self.calm.since(), wants) else {
                    return Judgement::NotConcerned;
                };
                let waited = now.saturating_sub(calm.max(wants).max(self.accepted));
                if waited >= self.bound {
                    return Judgement::broken(
                        format!("a write accepted within {}", Seconds(self.bound)),
                        format!("{} in vain for {}", event.node, Seconds(waited)),
                    );
                }
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}

/// Where nothing else goes wrong, the lease is free for others soon after its holder has come to stand still.
pub(crate) fn whoever_stands_still_loses_the_lease(lease: Duration) -> LosesTheLease {
    LosesTheLease { bound: lease + millis(1_200), ..LosesTheLease::default() }
}

/// Looks for somebody who is turned away while nobody works.
#[derive(Debug, Default)]
pub(crate) struct LosesTheLease {
    bound: Duration,
    /// Of all faults but stalls.
    calm: Calm,
    /// When a worker has last got the lease or written.
    worked: Duration,
    /// Until when each worker stands still, or has stood.
    stands: BTreeMap<Name, Duration>,
}

impl LosesTheLease {
    /// Whether nothing but stalls has gone wrong since long before somebody last worked.
    fn is_calm(&self) -> bool {
        self.calm.since().is_some_and(|since| since + LAST_MESSAGE <= self.worked)
    }

    /// Whether `worker` may only now say what it was told long ago.
    fn has_just_stood(&self, worker: &Name, now: Duration) -> bool {
        self.stands.get(worker).is_some_and(|&until| until + secs(1) >= now)
    }
}

impl Promise for LosesTheLease {
    fn name(&self) -> &'static str {
        "whoever_stands_still_loses_the_lease"
    }

    fn statement(&self) -> String {
        let bound = Seconds(self.bound);
        format!(
            "nobody is turned away {bound} or more after anybody has last worked, where nothing else goes wrong"
        )
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let now = Duration::from_nanos(event.engine);
        if let What::Thread(ThreadEvent::Stalls { for_ }) = event.what {
            self.stands.insert(Name::clone(&event.node), now + for_);
            return Judgement::NotConcerned;
        }
        self.calm.see(event);
        match Told::of(event) {
            Some(Told::Grants { .. } | Told::Holds { .. } | Told::Writes { .. }) => {
                self.worked = now;
                Judgement::NotConcerned
            }
            Some(Told::IsTurnedAway { .. })
                if self.is_calm() && !self.has_just_stood(&event.node, now) =>
            {
                let idle = now - self.worked;
                if idle < self.bound {
                    return Judgement::Holds;
                }
                Judgement::broken(
                    format!("the lease free within {}", Seconds(self.bound)),
                    format!("{} turned away, and nobody works for {}", event.node, Seconds(idle)),
                )
            }
            _ => Judgement::NotConcerned,
        }
    }
}

/// A write arrives under a lease that somebody else has got since.
pub(crate) fn a_write_comes_too_late() -> Sometimes {
    told("a_write_comes_too_late", |told| matches!(told, Told::Refuses { .. }))
}

/// A worker gets more time.
pub(crate) fn a_lease_is_renewed() -> Sometimes {
    told("a_lease_is_renewed", |told| matches!(told, Told::HoldsOn { .. }))
}

/// The desk begins anew, and goes on after the last token.
pub(crate) fn the_desk_finds_its_tokens() -> Sometimes {
    told("the_desk_finds_its_tokens", |told| matches!(told, Told::Opens { last: 1.. }))
}

/// The lease goes from one worker to another.
pub(crate) fn the_lease_changes_hands() -> Sometimes {
    let mut holder = None;
    Sometimes::new("the_lease_changes_hands", move |event| {
        if !matches!(Told::of(event), Some(Told::Holds { .. })) {
            return false;
        }
        let before = holder.replace(Name::clone(&event.node));
        before.is_some_and(|before| before != event.node)
    })
}

fn told(name: &'static str, happens: fn(&Told) -> bool) -> Sometimes {
    Sometimes::new(name, move |event| Told::of(event).is_some_and(|told| happens(&told)))
}
