//! HTML pages. For now one plain, read-only page; each page is a struct with a template.

use crate::app::App;
use axum::Router;

/// Routes of the pages.
pub fn router() -> Router<App> {
    Router::new()
}
