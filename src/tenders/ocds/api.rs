//! The open record at its public address. Nobody need sign in: it holds what anybody may see, and only of published rounds.

use crate::app::App;
use crate::error::AppError;
use crate::scope::Scope;
use crate::web::Reply;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Whole rounds are read; only published ones are shown, and of those what the standard asks.
const PUBLIC: Scope = Scope::system("the open record");

/// Routes of the open record.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_open_record))
}

/// A published round as an OCDS 1.1 release package, with the extensions for lots and bids. Public.
#[utoipa::path(get, path = "/api/v1/rounds/{id}/ocds", tag = "rounds", params(("id" = String, Path,)), security(()),
    responses((status = 200, description = "An OCDS 1.1 release package"), (status = 404, body = Problem)))]
async fn get_open_record(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let base = base(&headers);
    let package =
        app.read_async(PUBLIC, move |connection, scope| super::release_package(connection, scope, id, &base)).await?;
    Reply::ok(&package)
}

/// Where this server is reached, as whoever asks named it: the standard wants whole addresses.
fn base(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let host = text("host");
    let is_plain = !host.is_empty()
        && host.len() < 256
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-[]".contains(&byte));
    let scheme = if text("x-forwarded-proto") == "https" { "https" } else { "http" };
    format!("{scheme}://{}", if is_plain { &host } else { "localhost" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_whole_and_takes_nothing_odd() {
        let mut headers = HeaderMap::new();
        assert_eq!(base(&headers), "http://localhost");
        headers.insert("host", "pasok.example.id".parse().unwrap());
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        assert_eq!(base(&headers), "https://pasok.example.id");
        headers.insert("host", "a\"b<c".parse().unwrap());
        assert_eq!(base(&headers), "https://localhost");
    }
}
