//! Scenarios of a frozen round side by side: what each costs and fills, who supplies, what its rules cost, how it fares under the
//! others; proposing one; and what one changes, line by line.

use super::super::form::Form;
use super::super::view::View;
use super::super::visit::{Signed, Submitted};
use super::super::{render, with_status, words};
use super::rules::{self, Wish};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::{AppError, Checks, CommonError};
use crate::markets::{self, Market};
use crate::parties::{Actor, Role};
use crate::pictures::{Caption, Picture, totals};
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::tenders::scenarios::compare::{self, Figures};
use crate::tenders::scenarios::{Scenario, ScenarioStatus, service, solve};
use crate::web::Reply;
use crate::web::params::id_of;
use crate::web::text::name_text;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeSet;

const LONGEST_REASON: usize = 500;

#[derive(Template)]
#[template(path = "tenders/scenarios.html")]
struct Page {
    view: View,
    form: Form,
    round: Round,
    market: Market,
    /// All that were asked for.
    all: Vec<Scenario>,
    /// Those that are solved, side by side.
    solved: Vec<Figures>,
    picture: Option<Picture>,
    wishes: &'static [Wish],
    may_decide: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
impl Page {
    fn is_frozen(&self) -> bool {
        !self.round.snapshot_sha256.is_empty()
    }

    fn waiting(&self) -> usize {
        self.all.iter().filter(|one| one.status == ScenarioStatus::Waiting).count()
    }

    fn failed(&self) -> impl Iterator<Item = &Scenario> {
        self.all.iter().filter(|one| one.status == ScenarioStatus::Failed)
    }

    /// More than nothing with a sign.
    fn more(&self, amount: &i64) -> String {
        match amount {
            0 => words::rupiah(self.view.language, 0),
            1.. => format!("+{}", words::rupiah(self.view.language, *amount)),
            _ => words::rupiah(self.view.language, *amount),
        }
    }

    fn share(&self, millionths: &i64) -> String {
        words::percent(self.view.language, (millionths + 500) / 1_000)
    }

    fn permille(&self, figures: &Figures, class: &str) -> String {
        figures.classes.get(class).map_or_else(|| "–".to_owned(), |share| words::percent(self.view.language, *share))
    }

    fn count(&self, number: &usize) -> String {
        words::number(self.view.language, i64::try_from(*number).unwrap_or(i64::MAX))
    }

    /// Classes that supply anything in any scenario.
    fn classes(&self) -> Vec<String> {
        let all: BTreeSet<&String> = self.solved.iter().flat_map(|one| one.classes.keys()).collect();
        all.into_iter().cloned().collect()
    }

    fn class(&self, word: &str) -> String {
        let key = format!("class-{word}");
        self.view.say(if words::exists(&key) { key } else { "class-unknown".to_owned() })
    }

    fn is_proposed(&self, one: &Figures) -> bool {
        one.scenario.snapshot_sha256 == self.round.snapshot_sha256 && !one.scenario.reason.is_empty()
            || one.scenario.rules.is_cheapest()
                && one.scenario.snapshot_sha256 == self.round.snapshot_sha256
                && matches!(self.round.status, rounds::Status::Proposed | rounds::Status::Approved)
    }

    fn may_propose(&self, one: &Figures) -> bool {
        let is_open =
            matches!(self.round.status, rounds::Status::Closed | rounds::Status::Failed | rounds::Status::Proposed);
        self.may_decide && is_open && one.scenario.rules.is_buyable()
    }

    fn needs_reason(&self, one: &Figures) -> bool {
        let _ = self;
        !one.scenario.rules.is_cheapest()
    }

    fn changes_something(&self, one: &Figures) -> bool {
        let _ = self;
        one.changed > 0
    }

    fn wish_name(&self, wish: &Wish) -> String {
        self.view.say(format!("scen-wish-{}", wish.word))
    }

    fn is_wished(&self, wish: &Wish) -> bool {
        self.form.has("wish", wish.word)
    }

    fn wish_unit(&self, wish: &Wish) -> String {
        wish.number.map_or_else(String::new, |_| self.view.say(format!("scen-unit-{}", wish.word)))
    }
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Result<Response, AppError> {
    render(&load(&app, id_of(&id)?, signed, rules::blank()).await?)
}

async fn load(app: &App, id: i64, signed: Signed, form: Form) -> Result<Page, AppError> {
    let Signed { view, actor } = signed;
    let may_decide = actor.require_role(&[Role::Operator]).is_ok();
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let round = rounds::service::get(connection, scope, id)?;
        let all = service::list(connection, scope, id)?;
        let solved = compare::compare(connection, scope, id)?;
        let market = markets::service::get(connection, scope, round.market_id)?;
        let may_decide = may_decide && scope.runs(market.id);
        let picture = drawn(&view, &solved);
        Ok(Page { view, form, round, market, all, solved, picture, wishes: rules::WISHES, may_decide })
    };
    app.read_async(actor.scope(), load).await
}

/// What each scenario pays, goods and the way to the buyer apart.
fn drawn(view: &View, solved: &[Figures]) -> Option<Picture> {
    if solved.len() < 2 {
        return None;
    }
    let money = |amount: i64| words::rupiah(view.language, amount);
    let totals: Vec<totals::Total> = solved
        .iter()
        .map(|one| totals::Total {
            name: one.scenario.name.clone(),
            goods: one.goods_idr,
            freight: one.freight_idr,
            figures: [money(one.goods_idr), money(one.freight_idr), money(one.total_idr)],
        })
        .collect();
    let said = totals::Words {
        name: view.say("scen-scenario"),
        goods: view.say("round-goods"),
        freight: view.say("round-freight"),
        total: view.say("scen-row-total"),
    };
    let caption =
        Caption { id: "totals", title: view.say("scen-picture"), description: view.say("scen-picture-about") };
    Some(totals::draw(caption, &said, &totals))
}

/// Asks for the ticked scenarios.
pub(super) async fn ask(State(app): State<App>, Path(id): Path<String>, sent: Submitted) -> Result<Response, AppError> {
    let Submitted { view, actor, mut form } = sent;
    let id = id_of(&id)?;
    let new = rules::read(&view, &mut form);
    if form.is_wrong() {
        return render(&load(&app, id, Signed { view, actor }, form).await?).map(|page| with_status(page, 422));
    }
    let (by, request) = (actor.clone(), form.request(format!("pages.scenarios.create/{id}"))?);
    let done = app.once(&actor, request, move |work| {
        service::create(work, &by, id, &new)?;
        Ok(Reply::see_other(format!("/operate/rounds/{id}/scenarios")))
    });
    match done.await {
        Ok(reply) => {
            // After the transaction; asked again while they are solved, it starts nothing.
            solve::spawn(&app, id);
            Ok(reply.into_response())
        }
        Err(error) => {
            form.refuse(&view, error, |_| None)?;
            render(&load(&app, id, Signed { view, actor }, form).await?).map(|page| with_status(page, 422))
        }
    }
}

/// Proposes one scenario's plan for the round.
pub(super) async fn propose(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Submitted,
) -> Result<Response, AppError> {
    let Submitted { view, actor, mut form } = sent;
    let id = id_of(&id)?;
    let round_id =
        app.read_async(&actor, move |connection, scope| Ok(service::get(connection, scope, id)?.round_id)).await?;
    match try_propose(&app, &actor, (id, round_id), &form).await {
        Ok(reply) => Ok(reply.into_response()),
        Err(error) => {
            form.refuse(&view, error, |pointer| (pointer == "/reason").then(|| format!("reason-{id}")))?;
            let mut page = load(&app, round_id, Signed { view, actor }, rules::blank()).await?;
            page.form.take_problems(form);
            render(&page).map(|page| with_status(page, 422))
        }
    }
}

async fn try_propose(app: &App, actor: &Actor, (id, round_id): (i64, i64), form: &Form) -> Result<Reply, AppError> {
    let version: i64 = form.value("version").parse().map_err(|_| CommonError::VersionStale)?;
    let mut checks = Checks::default();
    let reason = match form.value("reason") {
        "" => Some(String::new()),
        text => name_text(&mut checks, "/reason", text, LONGEST_REASON),
    };
    let reason = checks.finish_with(reason)?;
    let by = actor.clone();
    app.once(actor, form.request(format!("pages.scenarios.propose/{id}"))?, move |work| {
        service::propose(work, &by, id, (version, &reason))?;
        Ok(Reply::see_other(format!("/operate/rounds/{round_id}/scenarios?done=scenario-proposed")))
    })
    .await
}
