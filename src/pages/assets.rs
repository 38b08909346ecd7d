//! Files of `static/`, compiled in. Their address carries a piece of their hash, so that a phone keeps them for good
//! and still sees a new version at once.

use crate::app::App;
use crate::error::{AppError, CommonError};
use crate::values::hex::hex;
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderName, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// Name, media type, content.
const FILES: &[(&str, &str, &[u8])] = &[
    ("pasok.css", "text/css; charset=utf-8", include_bytes!("../../static/pasok.css")),
    ("pasok.js", "text/javascript; charset=utf-8", include_bytes!("../../static/pasok.js")),
    ("operate.js", "text/javascript; charset=utf-8", include_bytes!("../../static/operate.js")),
    ("officer.js", "text/javascript; charset=utf-8", include_bytes!("../../static/officer.js")),
    ("bid.js", "text/javascript; charset=utf-8", include_bytes!("../../static/bid.js")),
];
const ICON: &[u8] = include_bytes!("../../static/favicon.svg");
const MANIFEST: &[u8] = include_bytes!("../../static/pasok.webmanifest");
/// Seals bids in the browser; only the page that bids loads it, so phones do not keep it.
const SEAL: &[u8] = include_bytes!("../../static/seal/pasok-seal.js");
/// The same as one page to save and use without a network.
const OFFLINE: &[u8] = include_bytes!("../../static/seal/segel-luring.html");
const WORKER: &str = include_str!("../../static/worker.js");

/// The beginning of each file's hash: content that never changes while the program runs.
static HASHES: LazyLock<Vec<(&str, String)>> =
    LazyLock::new(|| FILES.iter().map(|(name, _, content)| (*name, short_hash(content))).collect());

fn short_hash(content: &[u8]) -> String {
    hex(&Sha256::digest(content)).chars().take(12).collect()
}

/// The address of a file.
pub fn address(name: &str) -> String {
    let hash = HASHES.iter().find(|(known, _)| *known == name).map_or("", |(_, hash)| hash.as_str());
    format!("/static/{name}?v={hash}")
}

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/static/{name}", get(file))
        .route(
            "/static/pasok-seal.js",
            get(|| async { answer("text/javascript; charset=utf-8", "no-cache", SEAL.to_vec()) }),
        )
        .route("/static/segel-luring.html", get(offline))
        .route("/favicon.svg", get(|| async { answer("image/svg+xml", "public, max-age=86400", ICON.to_vec()) }))
        .route("/pasok.webmanifest", get(|| async { manifest() }))
        .route("/worker.js", get(worker))
}

async fn file(Path(name): Path<String>, uri: Uri) -> Result<Response, AppError> {
    let (_, kind, content) = FILES.iter().find(|(known, ..)| *known == name).ok_or(CommonError::NoSuchPage)?;
    let keep = if uri.query().is_some() { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    Ok(answer(kind, keep, content.to_vec()))
}

/// To save, not to open here: a page without a network is trusted for being without one.
async fn offline() -> Response {
    let save = [(header::CONTENT_DISPOSITION, "attachment; filename=\"segel-luring.html\"")];
    (save, answer("text/html; charset=utf-8", "no-cache", OFFLINE.to_vec())).into_response()
}

fn manifest() -> Response {
    answer("application/manifest+json", "public, max-age=86400", MANIFEST.to_vec())
}

/// The service worker, which lists the files it keeps by their present addresses.
async fn worker() -> Response {
    let addresses: Vec<String> = FILES.iter().map(|(name, ..)| address(name)).collect();
    let list = serde_json::to_string(&addresses).unwrap_or_default();
    let text = WORKER.replace("[/* files */]", &list);
    let version = short_hash(text.as_bytes());
    answer("text/javascript; charset=utf-8", "no-cache", text.replace("/* version */", &version).into_bytes())
}

fn answer(kind: &str, keep: &str, content: Vec<u8>) -> Response {
    let headers: [(HeaderName, String); 2] =
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CACHE_CONTROL, keep.to_owned())];
    (headers, content).into_response()
}
