//! Is it alive, is it ready, what has it done: for supervisors and monitors, never for people.

use crate::app::App;
use crate::db::migrate;
use crate::error::AppError;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Instant;

/// `/healthz`, `/readyz`, `/metrics`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(|| async { recorder().render() }))
}

/// Ready: the database answers and has the schema this program was built for.
async fn ready(State(app): State<App>) -> Response {
    let db = app.db.clone();
    let pending = tokio::task::spawn_blocking(move || migrate::pending(&db)).await.map_err(AppError::internal);
    match pending {
        Ok(Ok(0)) => "ready\n".into_response(),
        Ok(Ok(left)) => (StatusCode::SERVICE_UNAVAILABLE, format!("{left} migrations to run\n")).into_response(),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

/// Routes below which requests are neither counted nor logged one by one: who bids, and how often, is nobody's affair before the
/// close, the reader of metrics and logs included.
const QUIET: [&str; 4] = ["/api/v1/calls/{id}/bids", "/api/v1/bids", "/calls/{id}/bid", "/bids"];

/// Middleware: counts requests by route, method and status, and how long they took, and logs one line about each.
///
/// The line names the route, never the address, the people or what was sent: none of that may be in a log.
pub async fn count(request: Request, next: Next) -> Response {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let method = request.method().to_string();
    let start = Instant::now();
    let is_quiet = QUIET.iter().any(|quiet| route.starts_with(quiet));
    let response = next.run(request).await;
    if is_quiet {
        return response;
    }
    let status = response.status().as_str().to_owned();
    let ms = start.elapsed().as_millis();
    tracing::info!(request.id = id, http.method = method, http.route = route, http.status = status, ms, "request");
    recorder();
    metrics::counter!("http_requests_total", "route" => route.clone(), "method" => method, "status" => status)
        .increment(1);
    metrics::histogram!("http_request_seconds", "route" => route).record(start.elapsed().as_secs_f64());
    response
}

/// The process's metrics. A process has one recorder (the `metrics` crate's rule), hence the static.
fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        // Another recorder can only be there if an embedding program installed its own; then ours stays empty.
        let _ = metrics::set_global_recorder(recorder);
        handle
    })
}
