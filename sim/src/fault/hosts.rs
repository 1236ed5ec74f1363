//! Faults of hosts, of the ways between them, and of all messages; several at once where they overlap.

use super::clocks::UnderWay;
use super::{Cast, Happening};
use crate::engine::hosts::{Cluster, HostFault, HostUnit, LinkFault, Post, Transit};
use crate::log::{Cause, Name, Value, What};
use crate::plan::{FaultKind, Way};
use crate::span::Span;
use std::collections::BTreeMap;

/// Lets all of them happen to the hosts of `cluster`, each at its time.
pub(crate) async fn befall(cluster: &Cluster, cast: &Cast<HostUnit>, happenings: Vec<Happening>) {
    let mut clocks = BTreeMap::<usize, UnderWay>::new();
    let mut trouble = Trouble::of(cluster);
    // Of a step and a fault at one moment that one goes first which was waited for first: the first step, as on simulated threads.
    cluster.host(0).lets_the_moment_pass().await;
    for happening in happenings {
        let host = cluster.host(happening.node);
        host.sleep_until_engine(happening.at).await;
        if let (Some(actor), Some(beginning)) = (&happening.actor, happening.begins) {
            let hold = (beginning.until.unwrap_or_default(), beginning.fault);
            if let Some(unit) = cast.holds(actor, hold) {
                cluster.hold_unit(unit, hold);
            }
            continue;
        }
        if let FaultKind::Disk(trouble) = happening.kind {
            host.change_disk(|disk| match happening.begins {
                Some(_) => disk.begin(happening.fault, trouble),
                None => disk.end(happening.fault),
            });
            continue;
        }
        if !happening.kind.is_of_a_clock() {
            host.because(Some(Cause::Fault(happening.fault)));
            trouble.pass(cluster, &happening);
            host.because(None);
            continue;
        }
        let clocks = clocks.entry(happening.node).or_default();
        for said in host.change_clock(|clock, now| clocks.pass(clock, now, happening.begins)) {
            host.because(Some(Cause::Fault(said.fault)));
            host.record(&Name::from("clock"), What::Clock(said.event));
        }
        // The unit is the root, which goes on to do other things.
        host.because(None);
    }
}

/// What is under way.
struct Trouble {
    /// How many faults have each host down, or hold it still.
    down: BTreeMap<usize, u32>,
    still: BTreeMap<usize, u32>,
    /// How many faults cut each way off, or hold back what is sent on it.
    cut: BTreeMap<(usize, usize), u32>,
    held: BTreeMap<(usize, usize), u32>,
    /// How messages travel without any fault.
    calm: Transit,
    /// The faults of all messages, in the order in which they began.
    messages: Vec<(u32, FaultKind)>,
}

impl Trouble {
    fn of(cluster: &Cluster) -> Self {
        Self {
            down: BTreeMap::new(),
            still: BTreeMap::new(),
            cut: BTreeMap::new(),
            held: BTreeMap::new(),
            calm: cluster.calm(),
            messages: Vec::new(),
        }
    }

    /// Comes to the beginning or the end of a fault. What another fault holds on to stays as it is.
    fn pass(&mut self, cluster: &Cluster, happening: &Happening) {
        let &Happening { node, other, kind, begins, .. } = happening;
        let edge = if begins.is_some() { Edge::Begins } else { Edge::Ends };
        match kind {
            FaultKind::Crashes if changes(&mut self.down, node, edge) => match edge {
                Edge::Begins => cluster.crash(node),
                Edge::Ends => self.restart(cluster, node),
            },
            // Whoever is down begins anew when that is over.
            FaultKind::Restarts if !self.down.contains_key(&node) => self.restart(cluster, node),
            // Whoever is down is held still when it begins anew.
            FaultKind::Pauses
                if changes(&mut self.still, node, edge) && !self.down.contains_key(&node) =>
            {
                cluster.befall(node, edge.of(HostFault::Pauses, HostFault::Resumes));
            }
            FaultKind::Partitions(way) => {
                for way in ways(node, other, way) {
                    self.change_way(cluster, way, |this| &mut this.cut, edge);
                }
            }
            FaultKind::Holds(way) => {
                for way in ways(node, other, way) {
                    self.change_way(cluster, way, |this| &mut this.held, edge);
                }
            }
            kind if !kind.is_of_a_host() => self.disturb(cluster, happening, edge),
            _ => {}
        }
    }

    /// The host begins anew, and stands still at once where a fault holds it.
    fn restart(&self, cluster: &Cluster, node: usize) {
        cluster.restart(node);
        if self.still.contains_key(&node) {
            cluster.pause(node);
        }
    }

    /// A fault of the way begins or is over. While anything cuts it off what is sent on it is lost, whatever holds it besides.
    fn change_way(
        &mut self,
        cluster: &Cluster,
        way: (usize, usize),
        faults: impl Fn(&mut Self) -> &mut BTreeMap<(usize, usize), u32>,
        edge: Edge,
    ) {
        let before = self.way(way);
        changes(faults(self), way, edge);
        let (from, to) = way;
        let befalls = |fault| cluster.befall_link(from, to, fault);
        match (before, self.way(way)) {
            (WayIs::Open | WayIs::Held, WayIs::Cut) => befalls(LinkFault::Partitions),
            (WayIs::Open, WayIs::Held) => befalls(LinkFault::Holds),
            (WayIs::Held, WayIs::Open) => befalls(LinkFault::Releases),
            (WayIs::Cut, WayIs::Open) => befalls(LinkFault::Heals),
            (WayIs::Cut, WayIs::Held) => {
                befalls(LinkFault::Heals);
                befalls(LinkFault::Holds);
            }
            (WayIs::Open, WayIs::Open) | (WayIs::Held, WayIs::Held) | (WayIs::Cut, WayIs::Cut) => {}
        }
    }

    fn way(&self, way: (usize, usize)) -> WayIs {
        match (self.cut.contains_key(&way), self.held.contains_key(&way)) {
            (true, _) => WayIs::Cut,
            (false, true) => WayIs::Held,
            (false, false) => WayIs::Open,
        }
    }

    /// Messages travel otherwise from now on, and the log says how.
    fn disturb(&mut self, cluster: &Cluster, happening: &Happening, edge: Edge) {
        let &Happening { fault, kind, node, .. } = happening;
        match edge {
            Edge::Begins => self.messages.push((fault, kind)),
            Edge::Ends => self.messages.retain(|&(other, _)| other != fault),
        }
        let (mut transit, mut post) = (self.calm.clone(), Post::default());
        for &(_, kind) in &self.messages {
            match kind {
                FaultKind::MessagesTake(shortest, longest) => transit.latency = shortest..=longest,
                FaultKind::MessagesLost(ppm) => transit.loss_ppm = more(transit.loss_ppm, ppm),
                FaultKind::MessagesDoubled(ppm) => post.doubled_ppm = more(post.doubled_ppm, ppm),
                FaultKind::MessagesShuffled(by) => post.shuffled = post.shuffled.max(by),
                _ => {}
            }
        }
        let (verb, now) = match kind {
            FaultKind::MessagesTake(..) => {
                let (shortest, longest) = transit.latency.clone().into_inner();
                ("take", format!("{}..{}", Span(shortest), Span(longest)))
            }
            FaultKind::MessagesLost(_) => ("lost", format!("{}ppm", transit.loss_ppm)),
            FaultKind::MessagesDoubled(_) => ("doubled", format!("{}ppm", post.doubled_ppm)),
            _ => ("shuffled", format!("by {}", Span(post.shuffled))),
        };
        cluster.transit(&transit);
        cluster.post(post);
        let fields = vec![(Name::from(""), Value::Text(now.into()))];
        let what = What::Note { verb: verb.into(), fields };
        cluster.host(node).record(&Name::from("messages"), what);
    }
}

/// What becomes of what is sent on a way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WayIs {
    Open,
    Held,
    Cut,
}

/// Whether a fault begins or is over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Begins,
    Ends,
}

impl Edge {
    fn of<T>(self, begins: T, ends: T) -> T {
        match self {
            Self::Begins => begins,
            Self::Ends => ends,
        }
    }
}

/// Counts one fault more, or less, and says whether it is the first one or was the last.
fn changes<K: Ord>(under_way: &mut BTreeMap<K, u32>, key: K, edge: Edge) -> bool {
    match edge {
        Edge::Begins => {
            let count = under_way.entry(key).or_default();
            *count += 1;
            *count == 1
        }
        Edge::Ends => match under_way.get_mut(&key) {
            Some(count) if *count > 1 => {
                *count -= 1;
                false
            }
            Some(_) => under_way.remove(&key).is_some(),
            None => false,
        },
    }
}

fn ways(node: usize, other: usize, way: Way) -> impl Iterator<Item = (usize, usize)> {
    let back = (way == Way::Both).then_some((other, node));
    std::iter::once((node, other)).chain(back)
}

/// Two rates together, of which there are never more than all.
fn more(one: u32, other: u32) -> u32 {
    one.saturating_add(other).min(1_000_000)
}
