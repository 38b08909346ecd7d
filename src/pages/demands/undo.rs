//! Putting back what was just sent, for a short while, on the page that says it was: new lines are taken back, changed ones
//! are as they were, withdrawn ones are needed again.

use super::sheet::Sheet;
use super::{Opening, open};
use crate::app::App;
use crate::audit::Work;
use crate::audit::service::Entry;
use crate::db::DbConnection;
use crate::demands::service::{self, Amounts};
use crate::error::{AppError, CommonError};
use crate::pages::lately::{self, REASON, amount};
use crate::pages::visit::Submitted;
use crate::pages::{form, render, with_status};
use crate::parties::Actor;
use crate::scope::Scope;
use crate::values::{Quantity, Timestamp};
use crate::web::Reply;
use axum::extract::State;
use axum::response::Response;

/// What undoing does to a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Back {
    Withdraw,
    Restore(Amounts),
    Revive,
}

/// What puts a need back to before an entry of the record; `None` where nothing does.
fn back(entry: &Entry) -> Option<Back> {
    match entry.event.as_str() {
        "posted" | "revived" => Some(Back::Withdraw),
        "withdrawn" => Some(Back::Revive),
        "changed" => {
            let read = |name: &str| amount(&entry.old_value, name).and_then(|amount| Quantity::new(amount).ok());
            Some(Back::Restore(Amounts { quantity: read("quantity")?, accept_up_to: read("accept_up_to")? }))
        }
        _ => None,
    }
}

fn last(
    connection: &mut DbConnection,
    scope: &Scope,
    (actor, now): (&Actor, Timestamp),
    market_id: i64,
) -> Result<Vec<Entry>, AppError> {
    lately::last(connection, scope, (actor, now), (market_id, "demands"))
}

/// The needs of the sheet's round that were sent just now and not touched since: `id:version`, separated by commas, and
/// how many.
pub(super) fn fresh(
    connection: &mut DbConnection,
    scope: &Scope,
    (actor, now): (&Actor, Timestamp),
    sheet: &Sheet,
) -> Result<(String, usize), AppError> {
    let entries = last(connection, scope, (actor, now), sheet.stand.market.id)?;
    let ids: Vec<i64> = entries.iter().filter(|entry| back(entry).is_some()).map(|entry| entry.subject_id).collect();
    let mut demands = service::list_by_ids(connection, scope, &ids)?;
    demands.retain(|demand| demand.round_id == sheet.round_id);
    demands.sort_by_key(|demand| demand.id);
    let all: Vec<String> = demands.iter().map(|demand| format!("{}:{}", demand.id, demand.version)).collect();
    Ok((all.join(","), all.len()))
}

/// Ids and versions as the page wrote them; what is no such pair is left out.
fn read(text: &str) -> Vec<(i64, i64)> {
    let pair = |pair: &str| {
        let (id, version) = pair.split_once(':')?;
        Some((id.parse().ok()?, version.parse().ok()?))
    };
    text.split(',').filter_map(pair).take(2 * service::LARGEST_BATCH).collect()
}

/// Puts all of them back, or none where one was changed since.
fn put_back(work: &mut Work<'_>, actor: &Actor, pairs: &[(i64, i64)]) -> Result<(), AppError> {
    let Some((first, _)) = pairs.first() else { return Ok(()) };
    let market_id = service::get(work.connection, work.scope, *first)?.market_id;
    let entries = last(work.connection, work.scope, (actor, work.now), market_id)?;
    for (id, version) in pairs {
        let entry = entries.iter().find(|entry| entry.subject_id == *id);
        match entry.and_then(back).ok_or(CommonError::VersionStale)? {
            Back::Withdraw => service::withdraw(work, actor, *id, *version, REASON)?,
            Back::Restore(amounts) => service::restore(work, actor, (*id, *version), amounts, REASON)?,
            Back::Revive => service::revive(work, actor, *id, *version, REASON)?,
        };
    }
    Ok(())
}

pub(super) async fn send(State(app): State<App>, sent: Submitted) -> Result<Response, AppError> {
    let Submitted { view, actor, mut form } = sent;
    let pairs = read(form.value("undo"));
    let day = form.value("day").to_owned();
    let request = form.request("pages.demands_undo")?;
    let (by, back) = (actor.clone(), day.clone());
    let done = app.once(&actor, request, move |work| {
        put_back(work, &by, &pairs)?;
        let done = if pairs.is_empty() { "nothing-changed" } else { "demands-undone" };
        let back: String = back.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
        Ok(Reply::see_other(format!("/demands?done={done}&day={back}")))
    });
    if let Some(undone) = form.settle(&view, done.await, form::plain)? {
        return Ok(undone);
    }
    let opening = Opening { day, ..Opening::default() };
    render(&open(&app, &actor, view, (opening, form)).await?).map(|page| with_status(page, 422))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn only_pairs_of_numbers_are_taken() {
        assert_eq!(read("12:1,13:2"), [(12, 1), (13, 2)]);
        assert_eq!(read("x:1,13,:,14:y,"), []);
    }
}
