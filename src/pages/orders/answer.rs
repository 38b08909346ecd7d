//! The seller's answer as it is typed: all of it, part of it with what will be delivered of each line, or nothing.

use super::{Item, page};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::orders::part::{LONGEST_NOTE, PartLine};
use crate::orders::{Answer, OrderLine, RejectReason, Status, service};
use crate::pages::form::{self, Form};
use crate::pages::view::View;
use crate::pages::visit::Submitted;
use crate::pages::{with_status, words};
use crate::parties::Actor;
use crate::scope::Scope;
use crate::values::{BaseUnit, Quantity};
use crate::web::Reply;
use crate::web::params::id_of;
use crate::{audit, catalog};
use axum::extract::{Path, State};
use axum::response::Response;

/// What was pressed.
enum Given {
    Whole(Answer),
    Part(Vec<PartLine>),
}

/// The form's field for how much of a line will be delivered.
pub(super) fn field_of(line_number: i64) -> String {
    format!("part.{line_number}")
}

/// Fills in what was ordered where nothing was typed.
pub(super) fn fill(view: &View, form: &mut Form, items: &[Item]) {
    if form.value("answer") == "part" {
        return;
    }
    for item in items {
        let text = item.line.quantity.in_pricing_units(item.unit);
        form.set(&item.field(), words::as_typed(view.language, &text));
    }
}

pub(super) async fn send(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Submitted,
) -> Result<Response, AppError> {
    let Submitted { view, actor, mut form } = sent;
    let order_id = id_of(&id)?;
    let version: i64 = form.value("version").parse().unwrap_or_default();
    let given = match form.value("answer") {
        "accept" => Some(Given::Whole(Answer::Accept)),
        "part" => read_part(&app, &actor, order_id, &view, &mut form).await?,
        _ => read_refusal(&view, &mut form),
    };
    let Some(given) = given else {
        return page(&app, &actor, &id, view, form).await.map(|page| with_status(page, 422));
    };
    let lines: Vec<i64> = match &given {
        Given::Whole(_) => Vec::new(),
        Given::Part(said) => said.iter().map(|part| part.line_number).collect(),
    };
    let request = form.request(format!("pages.answer/{order_id}"))?;
    let by = actor.clone();
    let done = app.once(&actor, request, move |work| answer(work, &by, (order_id, version), &given));
    if let Some(answered) = form.settle(&view, done.await, |pointer| field(pointer, &lines))? {
        return Ok(answered);
    }
    page(&app, &actor, &id, view, form).await.map(|page| with_status(page, 422))
}

fn answer(
    work: &mut audit::Work<'_>,
    by: &Actor,
    (order_id, version): (i64, i64),
    given: &Given,
) -> Result<Reply, AppError> {
    let order = match given {
        Given::Whole(whole) => service::answer(work, by, order_id, version, whole)?,
        Given::Part(said) => service::accept_part(work, by, order_id, version, said)?,
    };
    let done = match order.status {
        Status::Accepted => "order-accepted",
        Status::PartlyAccepted => "order-partly-accepted",
        _ => "order-rejected",
    };
    Ok(Reply::see_other(format!("/orders/{order_id}?done={done}&taken=answer-{order_id}")))
}

/// The lines of which less is typed than was ordered.
async fn read_part(
    app: &App,
    actor: &Actor,
    order_id: i64,
    view: &View,
    form: &mut Form,
) -> Result<Option<Given>, AppError> {
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let goods = catalog::service::load_all(connection)?;
        let unit = |line: &OrderLine| goods.get(&line.commodity_id).map_or(BaseUnit::Gram, |found| found.base_unit);
        let lines = service::lines(connection, scope, order_id)?;
        Ok(lines.into_iter().map(|line| (line.line_number, line.quantity, unit(&line))).collect::<Vec<_>>())
    };
    let lines = app.read_async(actor.scope(), load).await?;
    let (reason, note) = (form.value("part_reason").to_owned(), form.value("part_note").to_owned());
    let mut said = Vec::new();
    for (line_number, ordered, unit) in lines {
        let typed = words::read_decimal(view.language, form.value(field_of(line_number)));
        // An emptied field says that nothing will come.
        let accepted = if typed.is_empty() { "0".to_owned() } else { typed };
        if Quantity::parse(&accepted, unit.per_pricing_unit()) != Ok(ordered) {
            said.push(PartLine { line_number, accepted, reason: reason.clone(), note: note.clone() });
        }
    }
    if said.is_empty() {
        form.headline.push((view.say("orders-part-none"), String::new()));
    }
    let reason = RejectReason::parse(&reason);
    require_reason(view, form, reason, ("part_reason", "part_note"));
    Ok((!form.is_wrong()).then_some(Given::Part(said)))
}

/// Why nothing will come; notes what is missing.
fn read_refusal(view: &View, form: &mut Form) -> Option<Given> {
    let (reason, note) = (RejectReason::parse(form.value("reason")), form.value("note").to_owned());
    require_reason(view, form, reason, ("reason", "note"));
    reason.filter(|_| !form.is_wrong()).map(|reason| Given::Whole(Answer::Reject { reason, note }))
}

fn require_reason(view: &View, form: &mut Form, reason: Option<RejectReason>, (field, note_field): (&str, &str)) {
    let note = form.value(note_field).to_owned();
    if reason.is_none() {
        form.add_problem(field, view.say("orders-reason-missing"));
    } else if (reason == Some(RejectReason::Other) && note.is_empty()) || note.chars().count() > LONGEST_NOTE {
        form.add_problem(note_field, view.say("orders-note-missing"));
    }
}

/// The field that a pointer such as `/lines/1/accepted` is about, given the numbers of the lines that were said.
fn field(pointer: &str, lines: &[i64]) -> Option<String> {
    let Some((index, part)) = pointer.strip_prefix("/lines/").and_then(|rest| rest.split_once('/')) else {
        return form::plain(pointer).filter(|name| name != "lines");
    };
    match part {
        "accepted" => index.parse().ok().and_then(|at: usize| lines.get(at)).map(|number| field_of(*number)),
        "reason" => Some("part_reason".to_owned()),
        "note" => Some("part_note".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_refusal_of_the_second_line_said_stands_beside_it() {
        assert_eq!(field("/lines/1/accepted", &[2, 5]), Some("part.5".to_owned()));
        assert_eq!(field("/lines/0/note", &[2, 5]), Some("part_note".to_owned()));
        assert_eq!((field("/lines/2/accepted", &[2, 5]), field("/lines", &[2])), (None, None));
    }
}
