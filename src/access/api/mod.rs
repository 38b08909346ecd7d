//! Sessions, accounts, members, tokens and grants as JSON.

mod accounts;
mod grants;
mod members;
mod sessions;
mod tokens;

use crate::app::App;
use utoipa_axum::router::OpenApiRouter;

/// Routes of this domain.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(sessions::router())
        .merge(accounts::router())
        .merge(members::router())
        .merge(tokens::router())
        .merge(grants::router())
}
