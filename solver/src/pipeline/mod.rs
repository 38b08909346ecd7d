//! From problem to plan: model, groups, one engine per part, ties, reasons, certificate.
//!
//! Parts are independent of one another, solved in parallel, and joined in canonical order, so the answer does not
//! depend on the number of threads.

mod assemble;
mod clock;
mod fair;
mod groups;
mod part;
mod start;
mod tree;

pub use assemble::Delivery;
pub use clock::Clock;
pub use groups::{DisjointSets, Group, bundle_id, bundle_offers};
pub use part::{Component, KeyPart, NodeAnswer, NodePrices, PartAnswer, RowKey, Split, Trade, TreeAnswer, arcs_of};
pub(crate) use start::Seed;
pub use start::Start;

use crate::engines;
use crate::model::Model;
use crate::plan::Plan;
use crate::problem::Problem;
use rayon::prelude::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Which engine to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// Integer network flow where the part is one, HiGHS (with flow-based heuristics) where it is not.
    #[default]
    Auto,
    /// Network flow and flow-based heuristics only, also where a part is not pure flow.
    Flow,
    /// HiGHS for every part; slow on large ones, there to cross-check.
    Highs,
}

/// A time limit as long as this is none, so that no sum of times can overflow.
const LONGEST: Duration = Duration::from_hours(24 * 366);

/// How to solve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolveOptions {
    /// Threads; 0 means one per core. Does not change the answer.
    pub threads: usize,
    /// Wall-clock limit for integer parts; a minute unless stated, `None` is no limit. Pure flow parts are always solved to the end.
    pub time_limit: Option<Duration>,
    /// Integer parts may stop at this relative gap, in millionths.
    pub gap_ppm: u32,
    /// Which engine to use.
    pub engine: Engine,
}

impl Default for SolveOptions {
    fn default() -> Self {
        Self { threads: 0, time_limit: Some(Duration::from_mins(1)), gap_ppm: 0, engine: Engine::Auto }
    }
}

/// How far a solve is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Progress {
    /// The model is built.
    Model {
        /// Demands in it.
        demands: usize,
        /// Offers in it.
        offers: usize,
        /// Groups that are solved independently.
        groups: usize,
    },
    /// One group is solved.
    Solved {
        /// Groups solved so far.
        done: usize,
        /// Groups in all.
        groups: usize,
    },
    /// The plan is put together and its bound computed.
    Certified {
        /// Objective minus bound, in ticks.
        gap: String,
    },
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum SolveError {
    /// The problem is not valid; solving it would be meaningless.
    #[error("the problem has {} errors", .0.len())]
    Invalid(Vec<crate::Issue>),
    /// An engine refused or failed.
    #[error("engine: {0}")]
    Engine(String),
    /// Threads could not be started.
    #[error("threads: {0}")]
    Threads(String),
}

/// Solves a problem.
///
/// `problem_sha256` is [`crate::problem_sha256`] of the document's bytes; the plan states it. `progress` is called
/// from the calling thread.
///
/// # Errors
/// [`SolveError`]; never because of scarcity, which comes back as reasoned shortages.
pub fn solve(
    problem: &Problem,
    problem_sha256: &str,
    options: &SolveOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Plan, SolveError> {
    start_solve(Task { problem, problem_sha256, options, start: None }, progress)
}

/// Solves a problem that differs little from one that is solved already. Lines, shortages and totals are those of
/// [`solve`]; only the time differs, and where several certificates prove the plan, which one it carries.
///
/// # Errors
/// As for [`solve`].
pub fn solve_from(
    problem: &Problem,
    problem_sha256: &str,
    options: &SolveOptions,
    start: &Start<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Plan, SolveError> {
    start_solve(Task { problem, problem_sha256, options, start: Some(start) }, progress)
}

/// What a solve is asked to do.
#[derive(Clone, Copy)]
struct Task<'a> {
    problem: &'a Problem,
    problem_sha256: &'a str,
    options: &'a SolveOptions,
    start: Option<&'a Start<'a>>,
}

fn start_solve(task: Task<'_>, progress: &mut dyn FnMut(Progress)) -> Result<Plan, SolveError> {
    let issues = crate::validate(task.problem);
    if !issues.is_empty() {
        return Err(SolveError::Invalid(issues));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(task.options.threads).build();
    let pool = pool.map_err(|error| SolveError::Threads(error.to_string()))?;
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        // Said, not panicked: under a limit on memory a thread may find no room for its stack.
        let work =
            std::thread::Builder::new().spawn_scoped(scope, move || pool.install(|| run(task, &Mutex::new(sender))));
        let work = work.map_err(|error| SolveError::Threads(error.to_string()))?;
        receiver.into_iter().for_each(progress);
        work.join().unwrap_or_else(|_| Err(SolveError::Engine("the solving thread panicked".into())))
    })
}

type Sender = Mutex<mpsc::Sender<Progress>>;

fn tell(sender: &Sender, progress: Progress) {
    // Nobody listening is not an error of the solve.
    if let Ok(sender) = sender.lock() {
        let _ = sender.send(progress);
    }
}

fn run(task: Task<'_>, sender: &Sender) -> Result<Plan, SolveError> {
    let Task { problem, problem_sha256, options, .. } = task;
    let start = Instant::now();
    let mut model = Model::new(problem);
    let seed = task.start.map(|start| Seed::of(&model, start));
    let groups = groups::split(&model).len() * if problem.fairness.is_some() { 2 } else { 1 };
    tell(sender, Progress::Model { demands: model.demands.len(), offers: model.offers.len(), groups });
    let deadline = options.time_limit.filter(|limit| *limit < LONGEST).map(|limit| start + limit);
    let work = Work { options, sender, groups, done: AtomicUsize::new(0), start, deadline, seed };
    let plan = match &problem.fairness {
        None => assemble::plan(&model, problem_sha256, work.solve(&model, deadline)?),
        Some(rule) => fair::plan(&mut model, rule.min_total_permille, problem_sha256, &work)?,
    };
    tell(sender, Progress::Certified { gap: plan.certificate.gap.to_string() });
    Ok(plan)
}

/// What every pass over the groups needs.
struct Work<'a> {
    options: &'a SolveOptions,
    sender: &'a Sender,
    /// Groups of all passes.
    groups: usize,
    done: AtomicUsize,
    start: Instant,
    deadline: Option<Instant>,
    /// An earlier plan to start from.
    seed: Option<Seed>,
}

impl Work<'_> {
    /// The middle of the time that is allowed.
    fn halfway(&self) -> Option<Instant> {
        self.deadline.map(|deadline| self.start + deadline.duration_since(self.start) / 2)
    }

    /// Solves every group of a model.
    fn solve(&self, model: &Model<'_>, deadline: Option<Instant>) -> Result<Vec<PartAnswer>, SolveError> {
        let groups = groups::split(model);
        // Pairs that cannot trade count here too, so the first parts get a little less than they could.
        let pairs = |demand: &usize| crate::candidates::count_offers_for(model, *demand) as u64;
        let weight = |group: &Group| group.demands.iter().map(pairs).sum::<u64>();
        let integer = groups.iter().filter(|group| !group.is_dense_transport(model));
        let clock = Clock::new(deadline, rayon::current_num_threads(), integer.map(weight).sum());
        let solve_one = |group: &Group| {
            let answers = solve_group(model, group, self.options, &clock, self.seed.as_ref());
            let done = (1 + self.done.fetch_add(1, Ordering::Relaxed)).min(self.groups);
            tell(self.sender, Progress::Solved { done, groups: self.groups });
            answers
        };
        let answers: Result<Vec<Vec<PartAnswer>>, SolveError> = groups.par_iter().map(solve_one).collect();
        Ok(answers?.into_iter().flatten().collect())
    }
}

/// Solves one group: as one dense transport problem if it is one, else component by component.
fn solve_group(
    model: &Model<'_>,
    group: &Group,
    options: &SolveOptions,
    clock: &Clock,
    seed: Option<&Seed>,
) -> Result<Vec<PartAnswer>, SolveError> {
    // Lots so large that their costs are beyond the flow engine go the way of all other parts.
    if options.engine != Engine::Highs
        && group.is_dense_transport(model)
        && let Ok(answer) = engines::dense::solve(model, group, seed)
    {
        return Ok(vec![answer]);
    }
    let components = part::components(model, group);
    components.par_iter().map(|component| engines::solve(model, component, options, clock)).collect()
}
