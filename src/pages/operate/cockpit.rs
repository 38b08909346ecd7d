//! One round on the operator's desk: where it stands, what to do now, and what a plan comes to before it binds anybody.
//!
//! Every step is a form of its own with the version that was looked at, so that two people never act on different rounds.

use super::super::drawn::{self, Sight};
use super::super::form::Form;
use super::super::view::View;
use super::super::visit::{Signed, Submitted};
use super::super::{PUBLIC, render, with_status, words};
use crate::app::App;
use crate::error::{AppError, CommonError};
use crate::markets::{self, Market};
use crate::parties::{Actor, Role};
use crate::pictures::Picture;
use crate::reports::RoundReport;
use crate::reports::plan::{self, PlanFigures};
use crate::reports::service as reports;
use crate::rounds::{Round, Status, service, solve};
use crate::values::BaseUnit;
use crate::web::params::id_of;
use crate::web::{Reply, text};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

/// Longest reason for turning a plan down or giving a round up.
const REASON_CHARACTERS: usize = 500;

/// The way of a round, as people see it.
const WAY: [Status; 6] =
    [Status::Collecting, Status::Closed, Status::Solving, Status::Proposed, Status::Approved, Status::Published];

/// What can be done with a round from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Close,
    Solve,
    Approve,
    Reopen,
    Publish,
    Cancel,
}

impl Step {
    fn parse(word: &str) -> Option<Self> {
        [Self::Close, Self::Solve, Self::Approve, Self::Reopen, Self::Publish, Self::Cancel]
            .into_iter()
            .find(|step| step.word() == word)
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Solve => "solve",
            Self::Approve => "approve",
            Self::Reopen => "reopen",
            Self::Publish => "publish",
            Self::Cancel => "cancel",
        }
    }

    /// Steps that lead on from a status, the usual one first, with the roles that may take them.
    const fn from(status: Status) -> &'static [(Self, &'static [Role])] {
        const OPERATOR: &[Role] = &[Role::Operator];
        const APPROVER: &[Role] = &[Role::Approver];
        const EITHER: &[Role] = &[Role::Operator, Role::Approver];
        match status {
            Status::Collecting => &[(Self::Close, OPERATOR), (Self::Cancel, EITHER)],
            Status::Closed | Status::Failed => &[(Self::Solve, OPERATOR), (Self::Cancel, EITHER)],
            Status::Proposed => &[(Self::Approve, APPROVER), (Self::Reopen, EITHER)],
            Status::Approved => &[(Self::Publish, EITHER), (Self::Cancel, EITHER)],
            _ => &[],
        }
    }
}

/// The step that usually leads on from a status, in its word, with the roles that may take it.
pub(in crate::pages) fn next_step(status: Status) -> Option<(&'static str, &'static [Role])> {
    Step::from(status).first().map(|(step, roles)| (step.word(), *roles))
}

#[derive(Template)]
#[template(path = "operate/cockpit.html")]
struct Cockpit {
    view: View,
    form: Form,
    market: Market,
    round: Round,
    report: RoundReport,
    plan: Option<PlanFigures>,
    pictures: Vec<Picture>,
    /// Steps that this person may take now.
    steps: Vec<&'static str>,
    /// Whether somebody else has to take the next step.
    waits: bool,
    /// Whether a collecting round is past its closing time: nothing comes in any more, and it should be closed.
    is_due: bool,
}

impl Cockpit {
    fn is(&self, word: &str) -> bool {
        self.round.status.word() == word
    }

    fn may(&self, word: &str) -> bool {
        self.steps.contains(&word)
    }

    /// Whether a step is offered first: closing only once its time has come.
    fn may_now(&self, step: &str) -> bool {
        self.may(step) && (self.is_due || step != Step::Close.word())
    }

    /// Each station of the way, and whether the round is `done` with it, is there `now`, or comes to it `later`.
    fn way(&self) -> Vec<(String, &'static str)> {
        let at = WAY.iter().position(|status| *status == self.round.status);
        let place = |index: usize| match at {
            Some(at) if index < at => "done",
            Some(at) if index == at => "now",
            _ => "later",
        };
        let name = |status: &Status| self.view.say(format!("operate-way-{}", status.word()));
        WAY.iter().enumerate().map(|(index, status)| (name(status), place(index))).collect()
    }

    /// What is to be said about where the round stands: `now` or `waits`.
    fn about(&self, what: &str) -> String {
        self.view.say(format!("operate-{what}-{}", self.round.status.word()))
    }

    fn step_name(&self, step: &str) -> String {
        self.view.say(format!("operate-do-{step}"))
    }

    fn reason_problems(&self, step: &str) -> &[String] {
        self.form.problems(format!("reason-{step}"))
    }

    fn weight(&self, base_units: i64, unit: BaseUnit) -> String {
        words::quantity(self.view.language, base_units, unit)
    }

    fn or_dash(&self, number: Option<i64>) -> String {
        number.map_or_else(|| "–".to_owned(), |number| self.view.number(number))
    }

    fn count(&self, number: usize) -> String {
        self.view.number(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn closes_ms(&self) -> i64 {
        self.round.closes_at.as_micros() / 1_000
    }
}

pub(super) async fn show(signed: Signed, State(app): State<App>, Path(id): Path<String>) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    cockpit(&app, signed, id, Form::default(), 200).await
}

async fn cockpit(app: &App, signed: Signed, id: i64, form: Form, status: u16) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let (round, market) = app
        .read_async(&actor, move |connection, scope| {
            let round = service::get(connection, scope, id)?;
            let market = markets::service::get(connection, scope, round.market_id)?;
            if !scope.runs(market.id) {
                return Err(CommonError::Forbidden.into());
            }
            Ok((round, market))
        })
        .await?;
    // From here on the figures of the whole market, which those who run it may see.
    let zone = market.rice_zone;
    let has_plan = matches!(round.status, Status::Proposed | Status::Approved | Status::Published);
    let (report, plan) = app
        .read_async(PUBLIC, move |connection, scope| {
            let plan = if has_plan { plan::of_round(connection, scope, id, zone)? } else { None };
            Ok((reports::round(connection, scope, id)?, plan))
        })
        .await?;
    let pictures = plan.as_ref().map(|plan| drawn::all(&view, plan, Sight::Names)).unwrap_or_default();
    let open = Step::from(round.status);
    let steps: Vec<&'static str> =
        open.iter().filter(|(_, roles)| actor.require_role(roles).is_ok()).map(|(step, _)| step.word()).collect();
    let waits = open.first().is_some_and(|(step, _)| !steps.contains(&step.word()));
    let is_due = app.clock.now() >= round.closes_at;
    render(&Cockpit { view, form, market, round, report, plan, pictures, steps, waits, is_due })
        .map(|page| with_status(page, status))
}

/// Takes a step and comes back to the round.
pub(super) async fn take(
    State(app): State<App>,
    Path((id, step)): Path<(String, String)>,
    sent: Submitted,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let step = Step::parse(&step).ok_or(CommonError::NotFound)?;
    let Submitted { view, actor, mut form } = sent;
    match try_step(&app, &actor, id, step, &form).await {
        Ok(reply) => {
            if step == Step::Solve {
                solve::spawn(&app, id);
            }
            Ok(reply.into_response())
        }
        Err(error) => {
            form.refuse(&view, error, |pointer| (pointer == "/reason").then(|| format!("reason-{}", step.word())))?;
            cockpit(&app, Signed { view, actor }, id, form, 422).await
        }
    }
}

async fn try_step(app: &App, actor: &Actor, id: i64, step: Step, form: &Form) -> Result<Reply, AppError> {
    let version: i64 = form.value("version").parse().map_err(|_| CommonError::VersionStale)?;
    let reason = match step {
        Step::Reopen | Step::Cancel => {
            let mut checks = crate::error::Checks::default();
            let reason = text::name_text(&mut checks, "/reason", form.value("reason"), REASON_CHARACTERS);
            checks.finish_with(reason)?
        }
        _ => String::new(),
    };
    let (by, word) = (actor.clone(), step.word());
    app.once(actor, form.request(format!("pages.rounds.{word}/{id}"))?, move |work| {
        match step {
            Step::Close => service::close(work, &by, id, version)?,
            Step::Solve => service::start_solve(work, &by, id, version)?.0,
            Step::Approve => service::approve(work, &by, id, version)?,
            Step::Reopen => service::reopen(work, &by, id, version, &reason)?,
            Step::Publish => crate::orders::service::publish(work, &by, id, version)?,
            Step::Cancel => service::cancel(work, &by, id, version, &reason)?,
        };
        Ok(Reply::see_other(format!("/operate/rounds/{id}?done=round-{word}")))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rounds::Event;
    use crate::rounds::state;

    #[test]
    fn what_is_offered_is_what_the_table_of_states_allows() {
        for status in [WAY.as_slice(), &[Status::Failed, Status::Cancelled]].concat() {
            for (step, _) in Step::from(status) {
                let event = match step {
                    Step::Close => Event::Close,
                    Step::Solve => Event::StartSolve,
                    Step::Approve => Event::Approve,
                    Step::Reopen => Event::Reopen,
                    Step::Publish => Event::Publish,
                    Step::Cancel => Event::Cancel,
                };
                assert!(state::next(status, event).is_ok(), "{status:?} {step:?}");
                assert_eq!(Step::parse(step.word()), Some(*step));
            }
        }
    }
}
