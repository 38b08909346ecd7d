//! The way back from the last change to an offer, on the page that says what was done: a new one is taken back, a withdrawn
//! one stands again.

use super::super::lately;
use super::super::view::View;
use super::super::visit::Submitted;
use super::{Row, settle, target};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::offers::service;
use crate::parties::Actor;
use crate::scope::Scope;
use crate::values::Timestamp;
use crate::web::Reply;
use axum::extract::{Path, State};
use axum::response::Response;

/// The way back from the last change to an offer.
pub(super) struct Undo {
    pub id: i64,
    pub version: i64,
    pub name: String,
    /// `withdraw` or `restore`.
    pub verb: &'static str,
}

/// What puts back what the page says was done, if it was done just now.
pub(super) fn of(
    connection: &mut DbConnection,
    scope: &Scope,
    (actor, now, market_id): (&Actor, Timestamp, i64),
    (view, rows): (&View, &[Row]),
) -> Result<Option<Undo>, AppError> {
    let (events, verb): (&[&str], _) = match view.done.as_deref() {
        Some("done-offer-sent") => (&["posted", "revived"], "withdraw"),
        Some("done-offer-withdrawn") => (&["withdrawn"], "restore"),
        _ => return Ok(None),
    };
    let entries = lately::last(connection, scope, (actor, now), (market_id, "offers"))?;
    let [entry] = entries.as_slice() else { return Ok(None) };
    let row = rows.iter().find(|row| row.offer.id == entry.subject_id && events.contains(&entry.event.as_str()));
    Ok(row.map(|Row { offer, name, .. }| Undo { id: offer.id, version: offer.version, name: name.clone(), verb }))
}

/// Puts a withdrawn offer back as it was, from the page that says it was withdrawn.
pub(super) async fn restore(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Submitted,
) -> Result<Response, AppError> {
    let Submitted { view, actor, form } = sent;
    let (offer_id, version) = target(&id, &form)?;
    let request = form.request(format!("pages.offer_restore/{offer_id}"))?;
    let by = actor.clone();
    let done = app.once(&actor, request, move |work| {
        service::revive(work, &by, offer_id, version, lately::REASON)?;
        Ok(Reply::see_other("/offers?done=offer-restored"))
    });
    settle(&app, &actor, &id, view, (form, done.await)).await
}
