//! Which strategy a run uses, and where it is asked: drawn from the seed, so that a sweep is a portfolio.
//!
//! No strategy finds every bug: a random walk finds shallow ones, priorities find deep ones among few steps, and steps that
//! nobody else can see are best passed over. So each run draws one, and its parameters.

use crate::engine::threads::Recording;
use crate::engine::{Shape, Sight, Strategy};
use crate::plan::{Plan, Schedule};
use crate::run::{Request, run};
use crate::scenario::Scenario;
use crate::seed::Seed;
use crate::stream::{Generator, Streams};
use std::sync::Arc;

/// How often each strategy is drawn, in the order of [`Strategy::NAMES`].
const WEIGHTS: [u32; Strategy::NAMES.len()] = [3, 3, 3, 3, 3, 1];
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
        let mut generator = streams.generator("strategy");
        let sight = match (generator.weighted(&SIGHTS), &self.shape.objects[..]) {
            (0, _) => Sight::Everything,
            (2, objects @ [_, ..]) => Sight::One(generator.pick(objects).0),
            _ => Sight::Shared { private: Arc::clone(&self.shape.private) },
        };
        (strategy(self.shape, &sight, &mut generator), sight)
    }
}

/// The strategy and the sight of the run of `scenario` whose streams these are.
pub(crate) fn draw(scenario: &Scenario, streams: &Streams) -> (Strategy, Sight) {
    let shape = scenario.pilot.get_or_init(|| pilot(scenario));
    Portfolio::of(shape).draw(streams)
}

fn strategy(shape: &Shape, sight: &Sight, generator: &mut Generator) -> Strategy {
    let lengths = shape.seen(sight);
    match generator.weighted(&WEIGHTS) {
        0 => Strategy::Random,
        1 => Strategy::Urw { lengths },
        2 => Strategy::Pos,
        3 => Strategy::Pct {
            depth: small(generator, 1, 4),
            steps: lengths.iter().map(|length| length.own).sum(),
        },
        4 => Strategy::Sticky { one_in: *generator.pick(&[3, 6, 12, 30]) },
        _ => Strategy::RoundRobin { quantum: small(generator, 1, 8) },
    }
}

fn small(generator: &mut Generator, least: u64, most: u64) -> u32 {
    u32::try_from(generator.within(least..=most)).expect("a parameter is small")
}

/// What the scenario's first seed looks like under the default schedule.
fn pilot(scenario: &Scenario) -> Shape {
    let plan = Plan {
        schedule: Schedule::Written(Vec::new()),
        ..Plan::drawn(scenario.name(), Seed::new(0)).expect("a scenario's name is a name")
    };
    // On a thread of its own: it may leave a mark, and the run that asks has already begun.
    let request = Request { recording: Recording::Shape, ..Request::of(&plan) };
    let pilot = || run(scenario, &request).ok().and_then(|pilot| pilot.shape);
    let shape = std::thread::scope(|scope| scope.spawn(pilot).join());
    shape.unwrap_or_else(|panic| std::panic::resume_unwind(panic)).unwrap_or_default()
}
