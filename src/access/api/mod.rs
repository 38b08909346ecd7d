//! Sessions, accounts, tokens and grants as JSON.

mod tokens;

use crate::app::App;
use utoipa_axum::router::OpenApiRouter;

/// Routes of this domain.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(tokens::router())
}
