//! The open record at its public address. Nobody need sign in: it holds what anybody may see, and only of published rounds.

use crate::app::App;
use crate::error::AppError;
use crate::scope::Scope;
use crate::web::Reply;
use crate::web::address::ServerAddress;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use axum::extract::{Path, State};
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
    ServerAddress(base): ServerAddress,
    Path(id): Path<String>,
) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let package =
        app.read_async(PUBLIC, move |connection, scope| super::release_package(connection, scope, id, &base)).await?;
    Reply::ok(&package)
}
