//! The table of contents of the product: every route, and what surrounds them all.

use crate::app::App;
use crate::error::{AppError, CommonError, ErrorDef};
use crate::web::openapi::complete;
use crate::web::{health, load, origin, problem, shield};
use crate::{
    access, audit, catalog, demands, imports, markets, offers, orders, pages, parties, places, rounds, sheets, tenders,
    training,
};
use axum::Router;
use axum::error_handling::HandleErrorLayer;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::RequestBodyTimeoutLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(info(
    title = "Pasok",
    description = "Supply matching and procurement for village cooperatives and school-meal kitchens. Amounts and quantities are exact; \
                   decimals are strings. Every change needs an Idempotency-Key, and an If-Match where a record changes.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

/// Every API route with its description.
fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(parties::api::router())
        .merge(access::api::router())
        .merge(places::api::router())
        .merge(catalog::api::router())
        .merge(markets::api::router())
        .merge(demands::api::router())
        .merge(offers::api::router())
        .merge(rounds::api::router())
        .merge(orders::api::router())
        .merge(tenders::api::router())
        .merge(tenders::seal::api::router())
        .merge(tenders::feedback::api::router())
        .merge(tenders::ocds::api::router())
        .merge(imports::api::router())
        .merge(audit::api::router())
}

/// The OpenAPI 3.1 document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    complete(api().split_for_parts().1)
}

/// Everything this program answers.
pub fn router(app: App) -> Router {
    let (api, document) = api().split_for_parts();
    let documentation =
        utoipa_swagger_ui::SwaggerUi::new("/api/v1/docs").url("/api/v1/openapi.json", complete(document));
    let limits = app.config.limits;
    let guarded = Router::new()
        .merge(api)
        .merge(pages::router())
        .merge(documentation)
        .fallback(|| async { AppError::from(CommonError::NoSuchPage) })
        .method_not_allowed_fallback(|| async { AppError::from(CommonError::MethodNotAllowed) })
        .layer(DefaultBodyLimit::max(limits.body_bytes))
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(load::Places::new(&limits), load::admit))
                .layer(from_fn(origin::guard))
                .layer(HandleErrorLayer::new(|_: tower::BoxError| async { AppError::from(CommonError::Timeout) }))
                .timeout(limits.request_time)
                .layer(RequestBodyTimeoutLayer::new(limits.body_time)),
        );
    // Health and metrics answer even when everything else is shed.
    surrounded(health::router().merge(guarded), app)
}

/// Routes with what every answer passes through.
fn surrounded(routes: Router<App>, app: App) -> Router {
    routes
        .layer(
            ServiceBuilder::new()
                .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
                .layer(PropagateRequestIdLayer::x_request_id())
                .layer(from_fn(shield::cover))
                .layer(from_fn(health::count))
                .layer(from_fn(problem::render))
                .layer(from_fn_with_state(app.clone(), pages::refused::show))
                .layer(CatchPanicLayer::custom(panicked)),
        )
        .with_state(app)
}

/// A handler that panics costs its own request one 500, and nobody else anything.
fn panicked(_: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    AppError::internal("a handler panicked").into_response()
}

/// Every error code of the product, by domain; `docs/errors.md` is generated from it.
pub fn error_catalogue() -> Vec<(&'static str, Vec<&'static ErrorDef>)> {
    fn defs<T: Copy + Into<&'static ErrorDef>>(all: &'static [T]) -> Vec<&'static ErrorDef> {
        all.iter().map(|code| (*code).into()).collect()
    }
    vec![
        ("common", defs(CommonError::ALL)),
        ("parties", defs(parties::PartyError::ALL)),
        ("access", defs(access::AccessError::ALL)),
        ("places", defs(places::PlaceError::ALL)),
        ("catalog", defs(catalog::CatalogError::ALL)),
        ("markets", defs(markets::MarketError::ALL)),
        ("demands", defs(demands::DemandError::ALL)),
        ("offers", defs(offers::OfferError::ALL)),
        ("rounds", defs(rounds::RoundError::ALL)),
        ("tenders", defs(tenders::TenderError::ALL)),
        ("seal", defs(tenders::seal::SealError::ALL)),
        ("feedback", defs(tenders::feedback::FeedbackError::ALL)),
        ("orders", defs(orders::OrderError::ALL)),
        ("imports", defs(imports::ImportError::ALL)),
        ("sheets", defs(sheets::SheetError::ALL)),
        ("audit", defs(audit::LogError::ALL)),
        ("training", defs(training::TrainingError::ALL)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::values::{IdSource, time::FixedClock};
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, StatusCode};
    use axum::routing::get;
    use std::sync::Arc;
    use tower::ServiceExt;

    async fn trips() -> &'static str {
        panic!("a secret of the program")
    }

    #[tokio::test]
    async fn a_panic_is_one_500_that_tells_nothing_and_the_next_request_is_served() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let clock = Arc::new(FixedClock::at("2026-01-05T01:00:00Z"));
        let config = Config::for_database(url.parse().unwrap());
        let app = crate::cli::open_at(config, clock, IdSource::new(1)).unwrap();
        let router = surrounded(Router::new().route("/trips", get(trips)).merge(health::router()), app);
        let ask = |path: &str| router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap());
        let answer = ask("/trips").await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        assert!(answer.headers().contains_key("content-security-policy"));
        let text = String::from_utf8(to_bytes(answer.into_body(), 10_000).await.unwrap().to_vec()).unwrap();
        assert!(text.contains("\"INTERNAL\"") && !text.contains("secret") && !text.contains("panick"), "{text}");
        assert_eq!(ask("/healthz").await.unwrap().status(), StatusCode::OK);
    }
}
