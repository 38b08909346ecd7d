//! What a bid is checked against: its call's lots with their ceilings, its bidder's places.

use super::super::calls::{self, Call, Lot};
use super::check::{Awards, LotFacts, Setting};
use crate::catalog::Catalogue;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::scope::Scope;
use crate::values::UnitPrice;
use crate::values::decimal::div_half_even;
use crate::{markets, places};

/// A price below this share of the lowest plausible price is abnormally low, in permille.
const LOW_PERMILLE: i128 = 800;
/// Places of one bidder that are looked at.
const MOST_PLACES: i64 = 10_000;

pub(super) fn setting(
    connection: &mut DbConnection,
    scope: &Scope,
    call: &Call,
    bidder_id: i64,
) -> Result<Setting, AppError> {
    let market = markets::service::get(connection, scope, call.market_id)?;
    let catalogue = Catalogue::load(connection, market.rice_zone)?;
    let lots = calls::service::lots(connection, scope, call.id)?;
    let places = places::service::list_of_organisation(connection, scope, bidder_id, 0, MOST_PLACES)?;
    let last_day = lots.iter().map(|lot| lot.terms.days.last()).max();
    Ok(Setting {
        call_id: call.id,
        terms_version: call.terms_version,
        bidder_id,
        places: places.into_iter().map(|place| place.id).collect(),
        certificates: call.terms.certificates.clone(),
        awards: if call.terms.partial_awards { Awards::Partial } else { Awards::Whole },
        last_day: last_day.ok_or_else(|| AppError::unknown_stored(format!("call {} without lots", call.id)))?,
        lots: lots.iter().map(|lot| Ok((lot.number, facts(lot, &catalogue)?))).collect::<Result<_, AppError>>()?,
    })
}

fn facts(lot: &Lot, catalogue: &Catalogue) -> Result<LotFacts, AppError> {
    let commodity = catalogue.find(lot.terms.commodity_id);
    let commodity = commodity.ok_or_else(|| AppError::unknown_stored(format!("commodity of lot {}", lot.id)))?;
    let by_law = catalogue.binding_ceiling(commodity.id).map(|ceiling| ceiling.price);
    let low = div_half_even(i128::from(commodity.price_floor.e4()) * LOW_PERMILLE, 1_000);
    Ok(LotFacts {
        unit: commodity.base_unit,
        quantity: lot.terms.quantity.get(),
        pack: lot.terms.pack.get(),
        ceiling_e4: lot.terms.price_ceiling.into_iter().chain(by_law).min().map(UnitPrice::e4),
        low_e4: i64::try_from(low).map_err(AppError::internal)?,
    })
}
