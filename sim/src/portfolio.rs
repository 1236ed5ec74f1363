//! Which strategy a run uses, and where it is asked: drawn from the seed, so that a sweep is a portfolio.
//!
//! No strategy finds every bug: a random walk finds shallow ones, priorities find deep ones among few steps, and steps that
//! nobody else can see are best passed over. So each run draws one, and its parameters.

use crate::engine::threads::Recording;
use crate::engine::{EngineName, NamedStrategy, Shape, Sight, Strategy};
use crate::plan::{Plan, Schedule};
use crate::run::{Chooser, Request, run};
use crate::scenario::Scenario;
use crate::seed::Seed;
use crate::stream::{Generator, Streams};
use std::num::NonZeroU16;
use std::sync::Arc;

/// How often each strategy is drawn, in the order of [`NamedStrategy::ALL`].
const WEIGHTS: [u32; NamedStrategy::ALL.len()] = [3, 3, 3, 4, 4, 1];
/// How often each sight is drawn: everything, what is shared, one object.
const SIGHTS: [u32; 3] = [4, 3, 1];

/// What the runs of one program choose from. It is a function of what a pilot has seen.
#[derive(Clone, Copy, Debug)]
pub struct Portfolio<'a> {
    shape: &'a Shape,
}

impl<'a> Portfolio<'a> {
    /// For a program whose pilot looked like this.
    #[must_use]
    pub const fn of(shape: &'a Shape) -> Self {
        Self { shape }
    }

    /// The strategy and the sight of the run whose streams these are; they come out of its stream "strategy".
    ///
    /// ```
    /// use retrip_sim::engine::Shape;
    /// use retrip_sim::portfolio::Portfolio;
    /// use retrip_sim::seed::Seed;
    /// use retrip_sim::stream::Streams;
    ///
    /// let shape = Shape::default();
    /// let draw = |seed| Portfolio::of(&shape).draw(&Streams::of(Seed::new(seed)));
    /// assert_eq!(draw(7), draw(7));
    /// let names: std::collections::BTreeSet<_> = (0..99).map(|seed| draw(seed).0.name()).collect();
    /// assert_eq!(names.len(), 6);
    /// ```
    #[must_use]
    pub fn draw(&self, streams: &Streams) -> (Strategy, Sight) {
        self.draw_either(None, streams)
    }

    /// As [`draw`](Self::draw), with the strategy `named` in place of the drawn one. A run that draws this one anyway is what it
    /// was: the sight, and a parameter that is not given, are the seed's.
    ///
    /// ```
    /// use retrip_sim::engine::{NamedStrategy, Shape};
    /// use retrip_sim::portfolio::Portfolio;
    /// use retrip_sim::seed::Seed;
    /// use retrip_sim::stream::Streams;
    ///
    /// let (shape, streams) = (Shape::default(), Streams::of(Seed::new(7)));
    /// let named: NamedStrategy = "sticky:10".parse()?;
    /// let (strategy, sight) = Portfolio::of(&shape).draw_named(named, &streams);
    /// assert_eq!(strategy.to_string(), "sticky 10");
    /// assert_eq!(sight, Portfolio::of(&shape).draw(&streams).1);
    /// # Ok::<(), retrip_sim::engine::StrategyError>(())
    /// ```
    #[must_use]
    pub fn draw_named(&self, named: NamedStrategy, streams: &Streams) -> (Strategy, Sight) {
        self.draw_either(Some(named), streams)
    }

    fn draw_either(&self, named: Option<NamedStrategy>, streams: &Streams) -> (Strategy, Sight) {
        let mut generator = streams.generator("strategy");
        let sight = match (generator.weighted(&SIGHTS), &self.shape.objects[..]) {
            (0, _) => Sight::Everything,
            (2, objects @ [_, ..]) => Sight::One(generator.pick(objects).0),
            _ => Sight::Shared { private: Arc::clone(&self.shape.private) },
        };
        // Drawn in any case, so that what is drawn behind it stays the same.
        let drawn = NamedStrategy::ALL[generator.weighted(&WEIGHTS)];
        (strategy(named.unwrap_or(drawn), self.shape, &sight, &mut generator), sight)
    }
}

/// What all pilots of `scenario` have seen.
pub(crate) fn shape(scenario: &Scenario) -> &Shape {
    scenario.pilot.get_or_init(|| seen_by_pilots(scenario))
}

/// `named` for a run of this shape and sight; a parameter that it does not have is drawn.
fn strategy(
    named: NamedStrategy,
    shape: &Shape,
    sight: &Sight,
    generator: &mut Generator,
) -> Strategy {
    let lengths = shape.seen(sight);
    let given = |number: NonZeroU16| u32::from(number.get());
    match named {
        NamedStrategy::Random => Strategy::Random,
        NamedStrategy::Urw => Strategy::Urw { lengths },
        NamedStrategy::Pos => Strategy::Pos,
        NamedStrategy::Pct(depth) => Strategy::Pct {
            depth: depth.map_or_else(|| small(generator, 2, 5), given),
            steps: lengths.iter().map(|length| length.own).sum(),
        },
        NamedStrategy::Sticky(one_in) => Strategy::Sticky {
            one_in: one_in.map_or_else(|| *generator.pick(&[3, 4, 6, 12]), given),
        },
        NamedStrategy::RoundRobin(quantum) => {
            Strategy::RoundRobin { quantum: quantum.map_or_else(|| small(generator, 1, 8), given) }
        }
    }
}

fn small(generator: &mut Generator, least: u64, most: u64) -> u32 {
    u32::try_from(generator.within(least..=most)).expect("a parameter is small")
}

/// Seeds that are run ahead to see what runs look like. What one schedule never shares another one may, and what one seed does
/// not do another one may do: with one pilot alone bugs were missed that lie behind a second thread's first step.
pub const PILOTS: u64 = 8;

/// What the first seeds look like, the very first under the default schedule and the others under random ones.
fn seen_by_pilots(scenario: &Scenario) -> Shape {
    let pilot = |nth| {
        let schedule = if nth == 0 { Schedule::Written(Vec::new()) } else { Schedule::Drawn };
        let drawn = Plan::drawn(scenario.name(), Seed::new(nth));
        // Of threads, whatever the scenario runs on by itself: nobody else asks.
        let engine = Some(EngineName::Threads);
        let plan = Plan { engine, schedule, ..drawn.expect("a scenario's name is a name") };
        let (recording, strategy) = (Recording::Shape, Chooser::Given(Strategy::Random));
        let request = Request { recording, strategy, ..Request::of(&plan) };
        run(scenario, &request).ok().and_then(|pilot| pilot.shape)
    };
    // On a thread of its own: it may leave a mark, and the run that asks has already begun.
    let all = || (0..PILOTS).filter_map(pilot).reduce(|one, other| one.and(&other));
    let shape = std::thread::scope(|scope| scope.spawn(all).join());
    shape.unwrap_or_else(|panic| std::panic::resume_unwind(panic)).unwrap_or_default()
}
