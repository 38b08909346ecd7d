//! "Check it yourself": one self-contained HTML file that verifies a round's bundle in the reader's browser, also without a
//! network, and the bundle itself.
//!
//! The file is put together here from the parts in `static/periksa/`; its script shares nothing with our other checkers but
//! what `solver/README.md` says. As a page it carries the nonce of its answer; the file to take along carries none.

use super::visit::Signed;
use crate::app::App;
use crate::error::AppError;
use crate::rounds::service;
use crate::web::params::id_of;
use crate::web::shield::Nonce;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;

const PAGE: &str = include_str!("../../static/periksa/page.html");
/// In the order in which they use one another.
const PARTS: [&str; 11] = [
    include_str!("../../static/periksa/json.js"),
    include_str!("../../static/periksa/numbers.js"),
    include_str!("../../static/periksa/record.js"),
    include_str!("../../static/periksa/problem.js"),
    include_str!("../../static/periksa/lines.js"),
    include_str!("../../static/periksa/money.js"),
    include_str!("../../static/periksa/shares.js"),
    include_str!("../../static/periksa/bound.js"),
    include_str!("../../static/periksa/cases.js"),
    include_str!("../../static/periksa/certificate.js"),
    include_str!("../../static/periksa/ui.js"),
];

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/periksa", get(page))
        .route("/periksa/pasok-periksa.html", get(file))
        .route("/rounds/{id}/paket.json", get(bundle))
}

/// The whole file.
fn whole() -> String {
    PAGE.replace("<script>\n", &format!("<script>\n'use strict';\n{}", PARTS.join("\n")))
}

async fn page(nonce: Nonce) -> Response {
    let marked =
        |text: String, tag: &str| text.replacen(&format!("<{tag}>"), &format!("<{tag} nonce=\"{}\">", nonce.0), 1);
    Html(marked(marked(whole(), "style"), "script")).into_response()
}

async fn file() -> Response {
    let headers = [(header::CONTENT_DISPOSITION, "attachment; filename=\"pasok-periksa.html\"")];
    (headers, Html(whole())).into_response()
}

/// A frozen problem and its plan, each as exact text, so that their hashes can be taken anew.
#[derive(Serialize)]
struct Bundle<'a> {
    format: &'static str,
    round: &'a str,
    problem: &'a str,
    plan: &'a str,
}

/// The bundle of a round, for those who may see whole rounds.
async fn bundle(signed: Signed, State(app): State<App>, Path(id): Path<String>) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let (round, snapshot, plan) = app
        .read_async(&signed.actor, move |connection, scope| {
            let round = service::get(connection, scope, id)?;
            Ok((round, service::get_snapshot(connection, scope, id)?, service::get_plan(connection, scope, id)?))
        })
        .await?;
    let bundle = Bundle { format: "pasok-bundle/1", round: &round.number, problem: &snapshot.text, plan: &plan.text };
    let text = serde_json::to_string(&bundle).map_err(AppError::internal)?;
    let name = format!("attachment; filename=\"paket-{}.json\"", round.number);
    let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, text).into_response())
}
