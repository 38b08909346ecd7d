//! Choosing what to offer: what the seller offered before, then everything else by family.

use super::super::render;
use super::super::stand::{Stand, name_of};
use super::super::view::View;
use super::LIMIT;
use crate::app::App;
use crate::catalog::{Category, Commodity};
use crate::db::DbConnection;
use crate::error::AppError;
use crate::offers::service;
use crate::parties::Actor;
use crate::scope::Scope;
use askama::Template;
use axum::response::Response;
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "offers/choose.html")]
struct Choose {
    view: View,
    /// What the seller has offered before.
    usual: Vec<Commodity>,
    /// Everything else, by family.
    families: Vec<(Category, Vec<Commodity>)>,
    has_market: bool,
}

pub(super) async fn page(app: &App, actor: Actor, view: View) -> Result<Response, AppError> {
    let (scope, now) = (actor.scope(), app.clock.now());
    let load = move |connection: &mut DbConnection, scope: &Scope| {
        let stand = Stand::load(connection, scope, &actor, now)?;
        let has_market = stand.is_some();
        let goods = match &stand {
            Some(stand) => match stand.collecting() {
                Some(round) => stand.goods(connection, scope, round.id)?,
                None => stand.catalogue.all().cloned().collect(),
            },
            None => Vec::new(),
        };
        let offered: BTreeSet<i64> =
            service::list_own(connection, scope, 0, LIMIT)?.iter().map(|offer| offer.commodity_id).collect();
        let (usual, others) = goods.into_iter().partition(|commodity| offered.contains(&commodity.id));
        Ok(Choose { view, usual, families: by_family(others), has_market })
    };
    render(&app.read_async(scope, load).await?)
}

/// Goods by family, in the order of both.
fn by_family(goods: Vec<Commodity>) -> Vec<(Category, Vec<Commodity>)> {
    let mut families: Vec<(Category, Vec<Commodity>)> = Vec::new();
    for commodity in goods {
        match families.iter_mut().find(|(category, _)| *category == commodity.category) {
            Some((_, members)) => members.push(commodity),
            None => families.push((commodity.category, vec![commodity])),
        }
    }
    families
}

impl Choose {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    fn family(&self, category: &Category) -> String {
        self.view.say(format!("category-{category}"))
    }

    fn name(&self, commodity: &Commodity) -> String {
        name_of(commodity, self.view.language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::words;

    #[test]
    fn every_family_of_goods_has_a_name() {
        for category in Category::ALL {
            assert!(words::exists(&format!("category-{category}")), "{category}");
        }
    }
}
