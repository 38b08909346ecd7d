//! The main job from beginning to end: load a scenario, run its round through the services, compare with two baselines.

use super::bids::{self, BidFigures};
use super::load::{self, Loaded};
use super::scenario::Scenario;
use super::summary::{Phase, Sources, Summary};
use crate::app::App;
use crate::error::AppError;
use crate::reports;
use crate::reports::baseline::{self, Choice, Outcome};
use crate::rounds::{self, Round, Status};
use crate::values::time::FixedClock;
use pasok_solver::plan::Plan;
use pasok_solver::problem::Problem;
use std::time::Instant;

/// What a demonstration leaves for others to look at.
#[derive(Debug)]
pub struct Finished {
    /// The figures.
    pub summary: Summary,
    /// The frozen problem, exactly as it was hashed and solved.
    pub problem: String,
    /// The plan with its certificate.
    pub plan: String,
    /// The market, for further weeks.
    pub set: load::Set,
}

/// Plays `scenario` on an empty database and answers what it came to; with sealed bids where the clock that they close by is
/// given. `news` hears every step.
pub fn run(
    app: &App,
    scenario: &Scenario,
    bids_by: Option<&FixedClock>,
    news: &mut dyn FnMut(&str),
) -> Result<Finished, AppError> {
    let mut phases = Phases::default();
    let (set, loaded) = phases.time("load", || {
        let set = load::set(app, scenario, news)?;
        let loaded = load::week(app, scenario, &set, 0, news)?;
        Ok::<_, AppError>((set, loaded))
    })?;
    let called =
        bids_by.map(|clock| phases.time("bids", || bids::invite(app, clock, (&loaded, scenario), news))).transpose()?;
    news("closing the round: the problem is frozen and hashed");
    let closed = phases.time("close", || close(app, &loaded))?;
    let (solved, bid_figures) = phases.time("solve", || match &called {
        None => {
            news("solving in a child process");
            Ok((solve(app, &loaded, &closed, news)?, None))
        }
        Some(called) => with_bids(app, (&loaded, called), news),
    })?;
    news("approving and publishing purchase orders");
    let published = phases.time("publish", || publish(app, &loaded, &solved))?;
    if let Some(clock) = bids_by {
        phases.time("complaints", || bids::wait_for_complaints(app, clock, news))?;
    }
    let (snapshot, plan) = app.read(&loaded.operator, |connection, scope| {
        let snapshot = rounds::service::get_snapshot(connection, scope, published.id)?;
        Ok((snapshot, rounds::service::get_plan(connection, scope, published.id)?))
    })?;
    news("comparing with buyers who buy alone");
    let problem: Problem = serde_json::from_str(&snapshot.text).map_err(AppError::internal)?;
    let ours: Plan = serde_json::from_str(&plan.text).map_err(AppError::internal)?;
    let (first_come, nearest) = phases.time("baselines", || {
        let alone = |choice| baseline::buy_alone(&problem, choice, scenario.seed).map_err(AppError::internal);
        Ok::<(Outcome, Outcome), AppError>((alone(Choice::CheapestLanded)?, alone(Choice::Nearest)?))
    })?;
    let report =
        app.read(&loaded.operator, |connection, scope| reports::service::round(connection, scope, published.id))?;
    let summary = Summary::new(Sources {
        scenario,
        report: &report,
        problem: &problem,
        plan: &ours,
        snapshot_sha256: &snapshot.sha256,
        first_come: &first_come,
        nearest: &nearest,
        solve_ms: plan.solve_ms,
        phases: phases.done,
        bids: bid_figures,
    })?;
    Ok(Finished { summary, problem: snapshot.text, plan: plan.text, set })
}

/// Plays the same needs and offers again in a later week, counted from 0, through to published orders.
pub fn again(
    app: &App,
    scenario: &Scenario,
    set: &load::Set,
    week: i64,
    news: &mut dyn FnMut(&str),
) -> Result<(), AppError> {
    let loaded = load::week(app, scenario, set, week, news)?;
    let closed = close(app, &loaded)?;
    let solved = solve(app, &loaded, &closed, news)?;
    publish(app, &loaded, &solved).map(|_| ())
}

/// Opens the bids, compares scenarios and proposes one.
fn with_bids(
    app: &App,
    (loaded, called): (&Loaded, &bids::Called),
    news: &mut dyn FnMut(&str),
) -> Result<(Round, Option<BidFigures>), AppError> {
    bids::open(app, called, news)?;
    let (round, figures) = bids::compare_and_propose(app, (loaded, called), news)?;
    Ok((round, Some(figures)))
}

fn close(app: &App, loaded: &Loaded) -> Result<Round, AppError> {
    let round = &loaded.round;
    app.write(&loaded.operator, |work| rounds::service::close(work, &loaded.operator, round.id, round.version))
}

fn solve(app: &App, loaded: &Loaded, closed: &Round, news: &mut dyn FnMut(&str)) -> Result<Round, AppError> {
    let operator = &loaded.operator;
    app.write(operator, |work| rounds::service::start_solve(work, operator, closed.id, closed.version).map(|_| ()))?;
    let mut told = 0;
    let round = rounds::solve::solve_now(app, closed.id, &mut |line| {
        if let Some(words) = in_words(line, &mut told) {
            news(&words);
        }
    })?;
    if round.status == Status::Proposed {
        return Ok(round);
    }
    Err(AppError::internal(format!("the round was not solved: {}", round.failure)))
}

/// A line of the solver's progress, in words; as it is where it says something unknown. Of many solved groups only every
/// tenth part of the way is told; `told` counts those tenths.
fn in_words(line: &str, told: &mut u64) -> Option<String> {
    let Ok(said) = serde_json::from_str::<serde_json::Value>(line) else { return Some(line.to_owned()) };
    match said["phase"].as_str() {
        Some("model") => {
            let (demands, offers, groups) = (&said["demands"], &said["offers"], &said["groups"]);
            Some(format!("  the solver read {demands} demands and {offers} offers in {groups} groups"))
        }
        Some("solved") => {
            let (done, groups) = (said["done"].as_u64()?, said["groups"].as_u64()?);
            let tenths = 10 * done / groups.max(1);
            let is_news = tenths > *told;
            *told = tenths;
            is_news.then(|| format!("  solved {done} of {groups} groups"))
        }
        Some("written") => said["peak_mib"].as_u64().map(|mib| format!("  the solver held at most {mib} MiB")),
        Some("certified") => Some("  the certificate is made; now the server checks it".to_owned()),
        _ => Some(line.to_owned()),
    }
}

/// The approver is another person than the operator who had it solved.
fn publish(app: &App, loaded: &Loaded, solved: &Round) -> Result<Round, AppError> {
    let approved = app
        .write(&loaded.approver, |work| rounds::service::approve(work, &loaded.approver, solved.id, solved.version))?;
    app.write(&loaded.operator, |work| {
        crate::orders::service::publish(work, &loaded.operator, approved.id, approved.version)
    })
}

#[derive(Default)]
struct Phases {
    done: Vec<Phase>,
}

impl Phases {
    fn time<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T, AppError>) -> Result<T, AppError> {
        let start = Instant::now();
        let result = work()?;
        let ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.done.push(Phase { name, ms, peak_mib: peak_mib() });
        Ok(result)
    }
}

/// Most memory this process has held so far, in MiB; none where the system does not say.
fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib / 1_024)
}
