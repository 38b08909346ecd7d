//! Carrying out a solve: the solver's program as a child process, and a check of whatever it writes.
//!
//! The child is not trusted. It gets a file with the frozen problem and nothing else: no database, no credentials, an
//! emptied environment. It is stopped when it runs past its time, and the plan it leaves is checked here, in exact
//! integers, before anybody sees it. Whatever happens to it, the round ends up `proposed` or `failed` with a reason.

mod child;
pub mod explain;
mod verify;

pub(super) use verify::{Verified, verify};

use super::errors::RoundError;
use super::types::{Round, Snapshot, SolveRun, StoredPlan};
use super::{service, snapshot, store};
use crate::app::App;
use crate::audit::Principal;
use crate::error::AppError;
use crate::scope::Scope;
use crate::web::progress::Running;
use std::sync::mpsc;
use std::time::{Duration, Instant};

const JOB: Scope = Scope::system("solve");
/// How often a process says that it is still at a solve; well below the lease.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Why no plan came out, for people to read: it is stored with the round.
pub(super) struct Failure {
    code: RoundError,
    detail: String,
}

impl Failure {
    pub(super) fn new(code: RoundError, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { code, detail }
    }

    fn text(&self) -> String {
        let def = self.code.def();
        let detail = self.detail.trim();
        let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
        format!("{}: {}{detail}", def.code, def.detail_id)
    }
}

/// Carries out the solve that a round waits for, and answers the round afterwards; blocks until it is done.
///
/// `news` gets the solver's progress, one JSON object a call; listeners of `app.progress` get the same. Refused if the
/// round waits for no solve, or this or another process is at it already.
pub fn solve_now(app: &App, round_id: i64, news: &mut dyn FnMut(&str)) -> Result<Round, AppError> {
    let running = app.progress.begin(round_id).ok_or(RoundError::WrongState)?;
    carry_out(app, &running, round_id, news)
}

fn carry_out(app: &App, running: &Running, round_id: i64, news: &mut dyn FnMut(&str)) -> Result<Round, AppError> {
    let (run, snapshot) = app.read(JOB, |connection, system| {
        let run = store::find_running(connection, system, round_id)?.ok_or(RoundError::WrongState)?;
        let snapshot = store::find_snapshot(connection, system, round_id)?.ok_or(RoundError::NoSnapshot)?;
        Ok((run, snapshot))
    })?;
    let claim = app.write(starter(&run), |work| service::claim(work, &run))?.ok_or(RoundError::WrongState)?;
    let outcome = while_keeping(app, &run, claim, || {
        attempt(app, &snapshot, &mut |line| {
            running.tell(line.to_owned());
            news(line);
        })
    });
    let failure = outcome.as_ref().err().map(Failure::text);
    if let Err(failure) = &outcome {
        // Only the code: what the child said, or what the checker found, may name prices.
        tracing::warn!(round.id = round_id, solve.attempt = run.attempt, failure = failure.code.code(), "solve failed");
    }
    app.write(starter(&run), |work| {
        let outcome = match (&outcome, &failure) {
            (Ok(plan), _) => Ok(plan),
            (Err(_), failure) => Err(failure.as_deref().unwrap_or_default()),
        };
        service::finish_solve(work, &run, claim, outcome)
    })
}

/// Does `work` while another thread keeps saying that this process is at the run.
///
/// A claim that is lost all the same does no harm: then [`service::finish_solve`] refuses the result.
fn while_keeping<T>(app: &App, run: &SolveRun, claim: store::Claim, work: impl FnOnce() -> T) -> T {
    let (done, is_done) = mpsc::channel::<()>();
    std::thread::scope(|threads| {
        threads.spawn(move || {
            while is_done.recv_timeout(HEARTBEAT) == Err(mpsc::RecvTimeoutError::Timeout) {
                match app.write(starter(run), |work| service::keep(work, claim)) {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => tracing::warn!(round.id = run.round_id, error = error.code(), "lease not extended"),
                }
            }
        });
        let result = work();
        drop(done);
        result
    })
}

/// What the system does for a solve, it does for the person who started it.
fn starter(run: &SolveRun) -> Scope {
    Scope::system_for("solve", Principal { member_id: Some(run.started_by), organisation_id: None })
}

/// Solves a snapshot that no run waits for, in a child process of its own, and checks the plan; blocks until it is done.
pub fn solve_snapshot(app: &App, snapshot: &Snapshot) -> Result<StoredPlan, AppError> {
    attempt(app, snapshot, &mut |_| {}).map_err(AppError::from)
}

fn attempt(app: &App, snapshot: &Snapshot, news: &mut dyn FnMut(&str)) -> Result<StoredPlan, Failure> {
    if snapshot::sha256(&snapshot.text) != snapshot.sha256 {
        return Err(Failure::new(RoundError::SnapshotAltered, ""));
    }
    let started = Instant::now();
    let text = child::run(&app.config, &snapshot.text, news)?;
    let solve_ms = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
    verify(snapshot, &text)?;
    Ok(StoredPlan { sha256: snapshot::sha256(&text), text, solve_ms })
}

/// [`solve_now`] in the background, as soon as one of this process's places for solves is free; whoever asks twice gets
/// one solve.
pub fn spawn(app: &App, round_id: i64) {
    let Some(running) = app.progress.begin(round_id) else { return };
    let app = app.clone();
    tokio::spawn(async move {
        let place = app.progress.place().await;
        tokio::task::spawn_blocking(move || {
            solve_and_tell(&app, &running, round_id);
            drop(place);
        });
    });
}

fn solve_and_tell(app: &App, running: &Running, round_id: i64) {
    match carry_out(app, running, round_id, &mut |_| {}) {
        Ok(round) => tracing::info!(round.id = round_id, round.status = round.status.word(), "solve ended"),
        Err(error) if error.code() == RoundError::WrongState.code() => {}
        // The round stays `solving`; once the lease has run out, some process takes it up again.
        Err(error) => tracing::error!(round.id = round_id, error = error.code(), "solve could not be finished"),
    }
}

/// Takes up the solves that nobody is at, because a server stopped; answers how many.
///
/// The snapshot is the same, so the plan will be the same. Several processes may ask at once: each solve is claimed by one.
pub async fn resume(app: &App) -> Result<usize, AppError> {
    let now = app.clock.now();
    let interrupted = app.read_async(JOB, move |connection, system| store::list_interrupted(connection, system, now));
    let interrupted = interrupted.await?;
    for run in &interrupted {
        spawn(app, run.round_id);
    }
    Ok(interrupted.len())
}

impl From<Failure> for AppError {
    fn from(failure: Failure) -> Self {
        Self::refused_with(failure.code, failure.detail)
    }
}
