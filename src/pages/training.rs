//! Training: entering a class by its code, its desk (what comes next, who sits where), and an office's classes.
//!
//! Whoever has the code may sit down. Going on and starting over are for the class's operator, for whoever plays alone, and
//! for the office that opened the class.

use super::form::{self, Form};
use super::sign_in::{client, enter};
use super::view::View;
use super::visit::{Open, Signed, Submitted, Visit};
use super::{render, with_status};
use crate::app::App;
use crate::error::{AppError, CommonError};
use crate::parties::{Actor, Role};
use crate::rounds::solve;
use crate::scope::Scope;
use crate::training::class::{self, MOST_CLASSES};
use crate::training::{Class, Seat, Stage, TrainingError, computer, seats};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

/// Classes are found for whoever shows their code.
const CODE: Scope = Scope::system("training class by its code");

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/training", get(show).post(find))
        .route("/training/classes", get(classes).post(open))
        .route("/training/{code}", get(choose).post(sit))
        .route("/training/{code}/step", post(step))
        .route("/training/{code}/start-over", post(start_over))
}

#[derive(Template)]
#[template(path = "training/enter.html")]
struct Enter {
    view: View,
    form: Form,
    runs_markets: bool,
}

#[derive(Template)]
#[template(path = "training/seats.html")]
struct SeatsPage {
    view: View,
    form: Form,
    class: Class,
    seats: Vec<Seat>,
}

#[derive(Template)]
#[template(path = "training/desk.html")]
struct Desk {
    view: View,
    class: Class,
    stage: Stage,
    round: Option<i64>,
    is_ready: bool,
    seats: Vec<Seat>,
    may_lead: bool,
}

#[derive(Template)]
#[template(path = "training/classes.html")]
struct Classes {
    view: View,
    classes: Vec<Class>,
}

impl SeatsPage {
    /// What a seat is called in the form: organisation and role.
    fn value(&self, seat: &Seat) -> String {
        let _ = self;
        format!("{}/{}", seat.organisation.code, seat.role)
    }

    fn role(&self, seat: &Seat) -> String {
        role_name(&self.view, seat)
    }
}

impl Desk {
    fn role(&self, seat: &Seat) -> String {
        role_name(&self.view, seat)
    }

    fn about(&self, what: &str) -> String {
        self.view.say(format!("training-{what}-{}", self.stage.word()))
    }

    fn taken(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(|seat| seat.persons().next().is_some())
    }
}

fn role_name(view: &View, seat: &Seat) -> String {
    view.say(format!("role-{}", seat.role.word().replace('_', "-")))
}

/// Runs blocking work of the training beside the server's own.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> Result<T, AppError> + Send + 'static) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(AppError::internal)?
}

/// Plays a new run's first week beside the request: it takes longer than somebody should wait for a page.
fn prepare(app: &App, class: &Class) {
    let (app, class) = (app.clone(), class.clone());
    tokio::task::spawn_blocking(move || {
        if let Err(error) = computer::prepare(&app, &class) {
            tracing::error!(market.id = class.market.id, error = error.code(), "a class could not be prepared");
        }
    });
}

async fn show(State(app): State<App>, Visit(view): Visit) -> Result<Response, AppError> {
    let actor = view.person.as_ref().map(|person| person.actor.clone());
    if let Some(actor) = actor.clone().filter(|_| view.training) {
        return desk(&app, view, &actor).await;
    }
    let runs_markets = actor.is_some_and(|actor| actor.require_role(&[Role::Operator]).is_ok());
    render(&Enter { view, form: Form::default(), runs_markets })
}

async fn find(State(app): State<App>, sent: Open) -> Result<Response, AppError> {
    let Open { view, mut form } = sent;
    let code = form.value("code").to_owned();
    let found = app.read_async(CODE, move |connection, system| class::find(connection, system, &code)).await;
    match found {
        Ok(class) => Ok(Redirect::to(&format!("/training/{}", class.code)).into_response()),
        Err(error) if error.code() == TrainingError::ClassUnknown.code() => {
            form.add_problem("code", view.say("training-code-unknown"));
            render(&Enter { view, form, runs_markets: false }).map(|page| with_status(page, 422))
        }
        Err(error) => Err(error),
    }
}

/// What comes next, the round it is about, and whether the class can begin.
type Progress = (Stage, Option<i64>, bool);

async fn load(app: &App, code: String) -> Result<(Class, Vec<Seat>, Progress), AppError> {
    app.read_async(CODE, move |connection, system| {
        let class = class::find(connection, system, &code)?;
        let seats = seats::list(connection, system, &class)?;
        let (stage, round) = computer::stage(connection, system, &class)?;
        let is_ready = computer::is_ready(connection, system, &class)?;
        Ok((class, seats, (stage, round.map(|round| round.id), is_ready)))
    })
    .await
}

async fn choose(State(app): State<App>, Visit(view): Visit, Path(code): Path<String>) -> Result<Response, AppError> {
    let (class, seats, _) = load(&app, code).await?;
    render(&SeatsPage { view, form: Form::default(), class, seats })
}

async fn sit(
    State(app): State<App>,
    Path(code): Path<String>,
    headers: HeaderMap,
    sent: Open,
) -> Result<Response, AppError> {
    let Open { view, mut form } = sent;
    let (class, seats, _) = load(&app, code).await?;
    let (organisation, role) = form.value("seat").rsplit_once('/').unwrap_or_default();
    let wish = seats::Wish {
        organisation: organisation.to_owned(),
        role: Role::parse(role),
        name: form.value("name").to_owned(),
        client: client(&headers),
    };
    let (program, of) = (app.clone(), class.clone());
    match beside(move || seats::enter(&program, &of, &wish)).await {
        Ok((_, secret)) => Ok(enter(&secret, "/home")),
        Err(error) => {
            form.refuse(&view, error, form::plain)?;
            render(&SeatsPage { view, form, class, seats }).map(|page| with_status(page, 422))
        }
    }
}

/// The class that somebody sits in, by the market of their organisation.
async fn desk(app: &App, view: View, actor: &Actor) -> Result<Response, AppError> {
    let class = own_class(app, actor).await?;
    let (class, seats, (stage, round, is_ready)) = load(app, class.code).await?;
    let may_lead = leads(actor, &seats);
    render(&Desk { view, class, stage, round, is_ready, seats, may_lead })
}

async fn own_class(app: &App, actor: &Actor) -> Result<Class, AppError> {
    let found = app.read_async(actor, |connection, scope| {
        let markets = crate::markets::service::list_training(connection, scope, 1)?;
        markets.first().and_then(Class::of).ok_or_else(|| TrainingError::ClassUnknown.into())
    });
    found.await
}

/// Whether somebody who sits in a class may lead it: as its operator, or where nobody plays the operator or anybody else.
fn leads(actor: &Actor, seats: &[Seat]) -> bool {
    let operators = seats.iter().filter(|seat| seat.role == Role::Operator);
    let is_operator = operators.clone().flat_map(Seat::persons).any(|member| member.id == actor.member_id);
    is_operator || seats.iter().map(|seat| seat.persons().count()).sum::<usize>() == 1
}

/// Refuses whoever may not lead the class; answers it.
async fn led(app: &App, actor: &Actor, code: &str) -> Result<Class, AppError> {
    let (class, seats, _) = load(app, code.to_owned()).await?;
    let operator_id = class.market.operator_id;
    let sits = seats.iter().flat_map(Seat::persons).any(|member| member.id == actor.member_id);
    if sits && leads(actor, &seats) {
        return Ok(class);
    }
    let opened = app.read_async(actor, move |connection, scope| {
        crate::parties::service::looked_after(connection, scope, &[operator_id])
    });
    if !opened.await?.contains(&operator_id) || actor.require_role(&[Role::Operator]).is_err() {
        return Err(TrainingError::NotLeader.into());
    }
    Ok(class)
}

async fn step(State(app): State<App>, Path(code): Path<String>, sent: Submitted) -> Result<Response, AppError> {
    let class = led(&app, &sent.actor, &code).await?;
    let expected = Stage::parse(sent.form.value("stage")).ok_or(CommonError::NotFound)?;
    let program = app.clone();
    if let Some(round_id) = beside(move || computer::begin_step(&program, &class, expected)).await? {
        solve::spawn(&app, round_id);
    }
    Ok(Redirect::to(&format!("/training?done=training-{}", expected.word())).into_response())
}

async fn start_over(State(app): State<App>, Path(code): Path<String>, sent: Submitted) -> Result<Response, AppError> {
    let class = led(&app, &sent.actor, &code).await?;
    let seen = Class { run: sent.form.value("run").parse().map_err(|_| CommonError::VersionStale)?, ..class };
    let by = sent.actor.principal();
    let program = app.clone();
    let next = beside(move || class::start_over(&program, &seen, by)).await?;
    prepare(&app, &next);
    let back = if sent.view.training { format!("/training/{}", next.code) } else { "/training/classes".to_owned() };
    Ok(Redirect::to(&format!("{back}?done=training-started-over")).into_response())
}

async fn classes(State(app): State<App>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    require_office(&view, &actor)?;
    let classes = beside(move || class::list_of(&app, &actor)).await?;
    render(&Classes { view, classes })
}

/// Only an office of real markets opens classes.
fn require_office(view: &View, actor: &Actor) -> Result<(), AppError> {
    if view.training {
        return Err(CommonError::Forbidden.into());
    }
    actor.require_role(&[Role::Operator])
}

async fn open(State(app): State<App>, sent: Submitted) -> Result<Response, AppError> {
    let Submitted { view, actor, form } = sent;
    require_office(&view, &actor)?;
    // The form's hidden key names the class, so that sending it twice opens one.
    let wish = form.request("pages.training.open")?;
    let code = class::code_of(&format!("{}/{}", actor.organisation_id, wish.key.0));
    let program = app.clone();
    let opened = beside(move || {
        let there = class::list_of(&program, &actor)?;
        if there.len() >= MOST_CLASSES && !there.iter().any(|class| class.code == code) {
            return Err(TrainingError::TooManyClasses.into());
        }
        class::open(&program, &code, actor.principal())
    });
    prepare(&app, &opened.await?);
    Ok(Redirect::to("/training/classes?done=training-opened").into_response())
}
