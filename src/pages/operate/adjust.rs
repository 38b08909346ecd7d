//! Touching single lines of a plan: fix one to its supplier, or keep a supplier from a buyer; compute again; see before and
//! after; propose what came out. What was touched travels in the address (`choices`), the rest is a scenario of the round.

use super::super::form::Form;
use super::super::view::View;
use super::super::visit::{Signed, Submitted};
use super::super::{PUBLIC, render, with_status};
use super::choices::{Choice, Choices};
use super::lines::{Asked, Change, Line, Named, Names, changes, lines};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::parties::{Actor, Role};
use crate::rounds::types::Snapshot;
use crate::rounds::{Round, RoundError, Status, sealed, service};
use crate::scope::Scope;
use crate::tenders::scenarios::choices::clashing;
use crate::tenders::scenarios::{self, NewScenario, Scenario, ScenarioStatus, solve};
use crate::values::hex::hex;
use crate::web::Reply;
use crate::web::params::id_of;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use pasok_solver::plan::Plan;
use pasok_solver::problem::Problem;
use sha2::{Digest, Sha256};

#[derive(Template)]
#[template(path = "operate/adjust.html")]
struct Adjust {
    view: View,
    form: Form,
    round: Round,
    asked: Asked,
    /// Lines of the plan looked at.
    lines: Vec<Line>,
    buyers: Vec<Named>,
    next: Option<usize>,
    choices: Choices,
    /// The choices in words, with their tokens.
    chosen: Vec<Named>,
    scenario: Option<Scenario>,
    /// Choices that cannot hold together, in words.
    clash: Vec<Named>,
    change: Option<Change>,
    may: bool,
}

impl Adjust {
    fn is(&self, word: &str) -> bool {
        self.scenario.as_ref().is_some_and(|scenario| scenario.status.word() == word)
    }

    /// Whether the choices are those that the scenario was computed with.
    fn is_computed(&self) -> bool {
        self.scenario.as_ref().is_some_and(|scenario| scenario.rules == self.choices.rules())
    }

    fn scenario_id(&self) -> String {
        self.scenario.as_ref().map(|scenario| scenario.id.to_string()).unwrap_or_default()
    }
}

pub(super) async fn show(
    signed: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, AppError> {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    page(&app, signed, id_of(&id)?, (asked, Form::default())).await
}

async fn page(app: &App, signed: Signed, id: i64, (asked, form): (Asked, Form)) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let may = actor.require_role(&[Role::Operator]).is_ok();
    let status = if form.is_wrong() { 422 } else { 200 };
    let scope = actor.scope();
    app.read_async(&actor, move |connection, scope| require_run(connection, scope, id).map(|_| ())).await?;
    // From here on the plan of the whole market, which those who run it may see.
    let found = app
        .read_async(PUBLIC, move |connection, system| {
            if !scope.runs(service::get(connection, system, id)?.market_id) {
                return Err(CommonError::Forbidden.into());
            }
            load(connection, system, (id, may), (view, asked, form))
        })
        .await?;
    render(&found).map(|page| with_status(page, status))
}

fn require_run(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Round, AppError> {
    let round = service::get(connection, scope, id)?;
    if scope.runs(round.market_id) { Ok(round) } else { Err(CommonError::Forbidden.into()) }
}

fn load(
    connection: &mut DbConnection,
    system: &Scope,
    (id, may): (i64, bool),
    (view, asked, form): (View, Asked, Form),
) -> Result<Adjust, AppError> {
    let round = service::get(connection, system, id)?;
    let scenario = match asked.scenario.parse() {
        Ok(id) => Some(scenarios::service::get(connection, system, id)?).filter(|found| found.round_id == round.id),
        Err(_) => None,
    };
    let solved = scenario.as_ref().filter(|scenario| scenario.status == ScenarioStatus::Solved);
    let before = plan_of(connection, system, &round)?;
    let after = solved.map(|one| scenarios::service::plan(connection, system, one.id)).transpose()?;
    let shown = after.as_ref().or(before.as_ref()).ok_or(RoundError::NoPlan)?;
    let sha256 = solved.map_or(&round.snapshot_sha256, |scenario| &scenario.snapshot_sha256);
    let snapshot: Snapshot = sealed::snapshot(connection, system, round.id, sha256)?;
    let problem: Problem = serde_json::from_str(&snapshot.text).map_err(AppError::unknown_stored)?;
    let mut choices = match &scenario {
        Some(scenario) if asked.with.is_empty() && asked.keeps.is_empty() => Choices::of(&scenario.rules),
        _ => Choices::parse(&asked.with),
    };
    if let Some(choice) = Choice::parse(&asked.add) {
        choices.add(choice);
    }
    if let Some(choice) = Choice::parse(&asked.drop) {
        choices.drop(&choice);
    }
    let names = Names::load(connection, system, (&problem, &snapshot))?;
    let (page, next, buyers) = lines(&view, &names, shown, (&asked, &choices));
    let clash = scenario.as_ref().and_then(|scenario| clashing(&scenario.failure)).unwrap_or_default();
    let pins: Vec<&Choice> = choices.0.iter().filter(|choice| matches!(choice, Choice::Pin { .. })).collect();
    let clash = clash.iter().filter_map(|at| pins.get(*at)).map(|choice| names.choice(&view, choice)).collect();
    Ok(Adjust {
        chosen: choices.0.iter().map(|choice| names.choice(&view, choice)).collect(),
        change: before.as_ref().zip(after.as_ref()).map(|plans| changes(&view, &names, &problem, plans)),
        may: may && matches!(round.status, Status::Closed | Status::Failed | Status::Proposed),
        lines: page,
        view,
        form,
        round,
        asked,
        buyers,
        next,
        choices,
        scenario,
        clash,
    })
}

/// The plan that the round has now: what a re-plan is compared with.
fn plan_of(connection: &mut DbConnection, system: &Scope, round: &Round) -> Result<Option<Plan>, AppError> {
    match service::get_plan(connection, system, round.id) {
        Ok(plan) => serde_json::from_str(&plan.text).map(Some).map_err(AppError::unknown_stored),
        Err(error) if error.code() == RoundError::NoPlan.code() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Has the choices computed, or proposes what came of them.
pub(super) async fn send(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Submitted,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let Submitted { view, actor, mut form } = sent;
    let proposes = form.value("do") == "propose";
    let done = if proposes { propose(&app, &actor, id, &form).await } else { compute(&app, &actor, id, &form).await };
    match done {
        Ok(reply) => {
            if !proposes {
                solve::spawn(&app, id);
            }
            Ok(reply.into_response())
        }
        Err(error) => {
            form.refuse(&view, error, |_| None)?;
            let asked = Asked {
                with: form.value("with").to_owned(),
                scenario: form.value("scenario").to_owned(),
                keeps: "1".to_owned(),
                ..Asked::default()
            };
            page(&app, Signed { view, actor }, id, (asked, form)).await
        }
    }
}

async fn compute(app: &App, actor: &Actor, id: i64, form: &Form) -> Result<Reply, AppError> {
    let choices = Choices::parse(form.value("with"));
    // The same choices are the same scenario.
    let digest = hex(&Sha256::digest(choices.text()));
    let name = format!("Pilihan petugas {}", digest.get(..6).unwrap_or_default());
    let new = [NewScenario { name, rules: choices.rules() }];
    let by = actor.clone();
    app.once(actor, form.request(format!("pages.rounds.adjust/{id}"))?, move |work| {
        let made = scenarios::service::create(work, &by, id, &new)?;
        let scenario = made.first().map(|scenario| scenario.id).unwrap_or_default();
        Ok(Reply::see_other(format!("/operate/rounds/{id}/adjust?scenario={scenario}")))
    })
    .await
}

async fn propose(app: &App, actor: &Actor, id: i64, form: &Form) -> Result<Reply, AppError> {
    let version: i64 = form.value("version").parse().map_err(|_| CommonError::VersionStale)?;
    let scenario_id = id_of(form.value("scenario"))?;
    let (by, reason) = (actor.clone(), form.value("reason").to_owned());
    app.once(actor, form.request(format!("pages.rounds.propose/{id}"))?, move |work| {
        let round = service::get(work.connection, work.scope, id)?;
        let scenario = scenarios::service::get(work.connection, work.scope, scenario_id)?;
        if scenario.round_id != id {
            return Err(CommonError::NotFound.into());
        }
        if round.status == Status::Proposed {
            service::reopen(work, &by, id, version, &reason)?;
        }
        scenarios::service::propose(work, &by, scenario_id, (scenario.version, &reason))?;
        Ok(Reply::see_other(format!("/operate/rounds/{id}?done=round-proposed-anew")))
    })
    .await
}
