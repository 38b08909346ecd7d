//! Patterns of prices in the opened bids of a call, for those who run or observe the market. They block nothing; honest bids show
//! them too.

use super::super::render;
use super::super::view::View;
use super::super::visit::Signed;
use super::lots::{self, LotRow};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::markets;
use crate::scope::Scope;
use crate::tenders::calls::{self, Call};
use crate::tenders::feedback::patterns;
use crate::tenders::feedback::screens::Screen;
use crate::web::params::id_of;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

#[derive(Template)]
#[template(path = "tenders/patterns.html")]
struct Page {
    view: View,
    call: Call,
    /// Every lot with the patterns that were seen in it; none for most.
    lots: Vec<(LotRow, Vec<Screen>)>,
    all: &'static [Screen],
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
impl Page {
    fn name(&self, screen: &Screen) -> String {
        self.view.say(format!("patterns-{}", screen.word().replace('_', "-")))
    }

    fn about(&self, screen: &Screen) -> String {
        self.view.say(format!("patterns-{}-about", screen.word().replace('_', "-")))
    }
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Result<Response, AppError> {
    let Signed { view, actor } = signed;
    let id = id_of(&id)?;
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let call = calls::service::get(connection, scope, id)?;
        let mut found = patterns::of_call(connection, scope, id)?;
        let market = markets::service::get(connection, scope, call.market_id)?;
        let rows = lots::load(connection, scope, (&call, &market), (view.language, &[]))?;
        let lots = rows.into_iter().map(|row| (row.clone(), found.remove(&row.lot.number).unwrap_or_default()));
        Ok(Page { lots: lots.collect(), all: Screen::ALL, view, call })
    };
    render(&app.read_async(actor.scope(), load).await?)
}
