//! Taking back what was just sent: for a short while, on the page that says it was.

use super::sheet::Sheet;
use super::{Opening, open};
use crate::app::App;
use crate::demands::service;
use crate::error::AppError;
use crate::pages::stand::is_fresh;
use crate::pages::visit::Submitted;
use crate::pages::{form, render, with_status};
use crate::values::Timestamp;
use crate::web::Reply;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

/// Why the record says that a need was taken back.
const REASON: &str = "undone";

/// The needs on the sheet that were posted just now and not changed since: `id:version`, separated by commas, and how many.
pub(super) fn fresh(sheet: &Sheet, now: Timestamp) -> (String, usize) {
    let posted = sheet.lines.iter().filter_map(|line| line.posted.as_ref());
    let fresh = posted.filter(|demand| demand.version == 1 && is_fresh(demand.id, now));
    let all: Vec<String> = fresh.map(|demand| format!("{}:{}", demand.id, demand.version)).collect();
    (all.join(","), all.len())
}

/// Ids and versions as the page wrote them; what is no such pair is left out.
fn read(text: &str) -> Vec<(i64, i64)> {
    let pair = |pair: &str| {
        let (id, version) = pair.split_once(':')?;
        Some((id.parse().ok()?, version.parse().ok()?))
    };
    text.split(',').filter_map(pair).take(service::LARGEST_BATCH).collect()
}

pub(super) async fn send(State(app): State<App>, sent: Submitted) -> Result<Response, AppError> {
    let Submitted { view, actor, mut form } = sent;
    let pairs = read(form.value("undo"));
    let day = form.value("day").to_owned();
    let request = form.request("pages.demands_undo")?;
    let (by, back) = (actor.clone(), day.clone());
    let done = app.once(&actor, request, move |work| {
        for (id, version) in &pairs {
            service::withdraw(work, &by, *id, *version, REASON)?;
        }
        let done = if pairs.is_empty() { "nothing-changed" } else { "demands-undone" };
        let back: String = back.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
        Ok(Reply::see_other(format!("/demands?done={done}&day={back}")))
    });
    match done.await {
        Ok(reply) => Ok(reply.into_response()),
        Err(error) => {
            form.refuse(&view, error, form::plain)?;
            let opening = Opening { day, ..Opening::default() };
            render(&open(&app, &actor, view, (opening, form)).await?).map(|page| with_status(page, 422))
        }
    }
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
