//! Rows of `offers`; what moves their stock has its own file.

mod keys;
mod stock;
mod terms;

pub(super) use keys::{Existing, list_existing, natural_key};
pub(super) use stock::{Movement, insert_movements, release, reserve};
pub(super) use terms::{insert_seller_terms, insert_terms, list_seller_terms, list_terms};

use super::state::OfferStatus;
use super::types::{FreightTerms, Offer};
use super::volume::VolumeTerms;
use crate::db::DbConnection;
use crate::db::schema::offers;
use crate::error::AppError;
use crate::on_backend;
use crate::scope::Scope;
use crate::values::{CertificateSet, Day, DayRange, Distance, Quantity, Timestamp, UnitPrice};
use crate::within;
use diesel::prelude::*;

/// Rows in one insert: 27 columns each, below SQLite's 32,766 bound values.
const ROWS_AT_ONCE: usize = 1_000;
/// Most ids in one statement.
const IDS_AT_ONCE: usize = 10_000;

/// Offers that can be seen: one's own, and those of markets one runs.
macro_rules! visible {
    ($scope:expr) => {
        within!($scope, own: [offers::seller_id], markets: [offers::market_id => $scope.operates()])
    };
}
use visible;

#[derive(Queryable, Selectable)]
#[diesel(table_name = offers)]
struct OfferRow {
    id: i64,
    market_id: i64,
    seller_id: i64,
    place_id: i64,
    commodity_id: i64,
    lot: String,
    price_e4: i64,
    stock: i64,
    reserved: i64,
    stock_per_day: Option<i64>,
    pack: i64,
    entered_unit: String,
    min_line: i64,
    radius_m: Option<i64>,
    day_from: String,
    day_to: String,
    certificates: String,
    freight_terms: String,
    freight_per_km_e4: i64,
    freight_base_e4: i64,
    status: String,
    created_by: i64,
    version: i64,
    tiers: String,
    tiers_incremental: i32,
    min_order_idr: i64,
}

impl TryFrom<OfferRow> for Offer {
    type Error = AppError;

    fn try_from(row: OfferRow) -> Result<Self, AppError> {
        let quantity = |base| Quantity::new(base).map_err(AppError::unknown_stored);
        Ok(Self {
            price: UnitPrice::from_e4(row.price_e4).map_err(AppError::unknown_stored)?,
            stock: quantity(row.stock)?,
            stock_per_day: row.stock_per_day.map(quantity).transpose()?,
            pack: quantity(row.pack)?,
            days: days(&row.day_from, &row.day_to)?,
            certificates: CertificateSet::parse(&row.certificates)
                .ok_or_else(|| AppError::unknown_stored(&row.certificates))?,
            status: OfferStatus::parse(&row.status).ok_or_else(|| AppError::unknown_stored(&row.status))?,
            freight: freight(&row.freight_terms, row.freight_per_km_e4, row.freight_base_e4)?,
            volume: VolumeTerms::stored(&row.tiers, row.tiers_incremental, row.min_order_idr)?,
            id: row.id,
            market_id: row.market_id,
            seller_id: row.seller_id,
            place_id: row.place_id,
            commodity_id: row.commodity_id,
            lot: row.lot,
            reserved: row.reserved,
            entered_unit: row.entered_unit,
            min_line: row.min_line,
            radius: row.radius_m.map(Distance),
            created_by: row.created_by,
            version: row.version,
        })
    }
}

fn days(first: &str, last: &str) -> Result<DayRange, AppError> {
    let first = Day::parse(first).map_err(AppError::unknown_stored)?;
    let last = Day::parse(last).map_err(AppError::unknown_stored)?;
    DayRange::new(first, last).map_err(AppError::unknown_stored)
}

const MARKET: &str = "market";
const INCLUDED: &str = "included";
const STATED: &str = "stated";

fn freight(terms: &str, per_km_e4: i64, base_e4: i64) -> Result<FreightTerms, AppError> {
    match terms {
        MARKET => Ok(FreightTerms::Added),
        INCLUDED => Ok(FreightTerms::Included),
        STATED => Ok(FreightTerms::Stated { per_km_e4, base_e4 }),
        _ => Err(AppError::unknown_stored(terms)),
    }
}

/// Terms, rate per kilometre and rate whatever the distance, as stored.
fn freight_columns(freight: FreightTerms) -> (&'static str, i64, i64) {
    match freight {
        FreightTerms::Added => (MARKET, 0, 0),
        FreightTerms::Included => (INCLUDED, 0, 0),
        FreightTerms::Stated { per_km_e4, base_e4 } => (STATED, per_km_e4, base_e4),
    }
}

fn into_domain(rows: Vec<OfferRow>) -> Result<Vec<Offer>, AppError> {
    rows.into_iter().map(Offer::try_from).collect()
}

#[derive(Insertable)]
#[diesel(table_name = offers, treat_none_as_default_value = false)]
struct NewOfferRow<'a> {
    id: i64,
    market_id: i64,
    seller_id: i64,
    place_id: i64,
    commodity_id: i64,
    lot: &'a str,
    price_e4: i64,
    stock: i64,
    reserved: i64,
    stock_per_day: Option<i64>,
    pack: i64,
    entered_unit: &'a str,
    min_line: i64,
    radius_m: Option<i64>,
    day_from: String,
    day_to: String,
    certificates: String,
    freight_terms: &'a str,
    freight_per_km_e4: i64,
    freight_base_e4: i64,
    status: &'a str,
    created_by: i64,
    created_at: i64,
    version: i64,
    tiers: String,
    tiers_incremental: i32,
    min_order_idr: i64,
}

impl<'a> NewOfferRow<'a> {
    fn new(offer: &'a Offer, now: Timestamp) -> Self {
        let (freight_terms, freight_per_km_e4, freight_base_e4) = freight_columns(offer.freight);
        Self {
            id: offer.id,
            market_id: offer.market_id,
            seller_id: offer.seller_id,
            place_id: offer.place_id,
            commodity_id: offer.commodity_id,
            lot: &offer.lot,
            price_e4: offer.price.e4(),
            stock: offer.stock.get(),
            reserved: offer.reserved,
            stock_per_day: offer.stock_per_day.map(Quantity::get),
            pack: offer.pack.get(),
            entered_unit: &offer.entered_unit,
            min_line: offer.min_line,
            radius_m: offer.radius.map(|radius| radius.0),
            day_from: offer.days.first().to_string(),
            day_to: offer.days.last().to_string(),
            certificates: offer.certificates.to_string(),
            freight_terms,
            freight_per_km_e4,
            freight_base_e4,
            status: offer.status.word(),
            created_by: offer.created_by,
            created_at: now.as_micros(),
            version: offer.version,
            tiers: offer.volume.tiers_text(),
            tiers_incremental: i32::from(offer.volume.incremental),
            min_order_idr: offer.volume.min_order_idr,
        }
    }
}

pub(super) fn insert_offers(connection: &mut DbConnection, new: &[&Offer], now: Timestamp) -> QueryResult<()> {
    for chunk in new.chunks(ROWS_AT_ONCE) {
        let rows: Vec<_> = chunk.iter().map(|offer| NewOfferRow::new(offer, now)).collect();
        on_backend!(connection, inner => diesel::insert_into(offers::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

/// Gives a withdrawn offer the terms of `offer`, which has the same id, one version later.
pub(super) fn revive(connection: &mut DbConnection, scope: &Scope, offer: &Offer) -> QueryResult<bool> {
    use offers as o;
    let withdrawn = o::table
        .filter(o::id.eq(offer.id))
        .filter(visible!(scope))
        .filter(o::status.eq(OfferStatus::Withdrawn.word()))
        .filter(o::version.eq(offer.version - 1));
    let (freight_terms, freight_per_km_e4, freight_base_e4) = freight_columns(offer.freight);
    let goods = (
        o::price_e4.eq(offer.price.e4()),
        o::stock.eq(offer.stock.get()),
        o::stock_per_day.eq(offer.stock_per_day.map(Quantity::get)),
        o::pack.eq(offer.pack.get()),
        o::entered_unit.eq(&offer.entered_unit),
        o::min_line.eq(offer.min_line),
    );
    let terms = (
        o::radius_m.eq(offer.radius.map(|radius| radius.0)),
        o::day_to.eq(offer.days.last().to_string()),
        o::certificates.eq(offer.certificates.to_string()),
        o::freight_terms.eq(freight_terms),
        o::freight_per_km_e4.eq(freight_per_km_e4),
        o::freight_base_e4.eq(freight_base_e4),
        o::status.eq(offer.status.word()),
        o::created_by.eq(offer.created_by),
        o::version.eq(offer.version),
    );
    let volume = (
        o::tiers.eq(offer.volume.tiers_text()),
        o::tiers_incremental.eq(i32::from(offer.volume.incremental)),
        o::min_order_idr.eq(offer.volume.min_order_idr),
    );
    diesel::update(withdrawn).set((goods, terms, volume)).execute(connection).map(|changed| changed == 1)
}

/// Writes stock, price and status of `offer` over its version before, if that was open; false otherwise.
pub(super) fn update_open(connection: &mut DbConnection, scope: &Scope, offer: &Offer) -> QueryResult<bool> {
    use offers as o;
    let open = o::table
        .filter(o::id.eq(offer.id))
        .filter(visible!(scope))
        .filter(o::status.eq(OfferStatus::Open.word()))
        .filter(o::version.eq(offer.version - 1));
    diesel::update(open)
        .set((
            o::stock.eq(offer.stock.get()),
            o::price_e4.eq(offer.price.e4()),
            o::entered_unit.eq(&offer.entered_unit),
            o::status.eq(offer.status.word()),
            o::version.eq(offer.version),
        ))
        .execute(connection)
        .map(|changed| changed == 1)
}

pub(super) fn find_offer(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Option<Offer>, AppError> {
    let row: Option<OfferRow> = offers::table
        .filter(offers::id.eq(id))
        .filter(visible!(scope))
        .select(OfferRow::as_select())
        .first(connection)
        .optional()?;
    row.map(Offer::try_from).transpose()
}

pub(super) fn list_by_ids(connection: &mut DbConnection, scope: &Scope, ids: &[i64]) -> Result<Vec<Offer>, AppError> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS_AT_ONCE) {
        let rows: Vec<OfferRow> = offers::table
            .filter(offers::id.eq_any(ids))
            .filter(visible!(scope))
            .select(OfferRow::as_select())
            .load(connection)?;
        found.extend(into_domain(rows)?);
    }
    Ok(found)
}

pub(super) fn list_available(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    days: DayRange,
) -> Result<Vec<Offer>, AppError> {
    // Days are stored as YYYY-MM-DD, whose order as text is their order in time.
    let rows = offers::table
        .filter(offers::market_id.eq(market_id))
        .filter(visible!(scope))
        .filter(offers::status.eq(OfferStatus::Open.word()))
        .filter(offers::day_from.le(days.last().to_string()))
        .filter(offers::day_to.ge(days.first().to_string()))
        .filter(offers::stock.gt(offers::reserved))
        .order(offers::id)
        .select(OfferRow::as_select())
        .load(connection)?;
    into_domain(rows)
}

/// Offers in a market that can be seen, after an id, by id.
pub(super) fn list_of_market(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Offer>, AppError> {
    let rows = offers::table
        .filter(offers::market_id.eq(market_id))
        .filter(visible!(scope))
        .filter(offers::id.gt(after))
        .order(offers::id)
        .limit(limit)
        .select(OfferRow::as_select())
        .load(connection)?;
    into_domain(rows)
}

/// Offers of the organisation acted for, after an id, by id.
pub(super) fn list_own(
    connection: &mut DbConnection,
    scope: &Scope,
    after: i64,
    limit: i64,
) -> Result<Vec<Offer>, AppError> {
    let rows = offers::table
        .filter(offers::seller_id.eq_any(scope.organisations()))
        .filter(offers::id.gt(after))
        .order(offers::id)
        .limit(limit)
        .select(OfferRow::as_select())
        .load(connection)?;
    into_domain(rows)
}

pub(super) fn takes_part(
    connection: &mut DbConnection,
    scope: &Scope,
    market_id: i64,
    (from, to): (Day, Day),
    (organisations, members): (&[i64], &[i64]),
) -> QueryResult<bool> {
    let of_them = offers::seller_id.eq_any(organisations).or(offers::created_by.eq_any(members));
    let found: Option<i64> = offers::table
        .filter(offers::market_id.eq(market_id))
        .filter(offers::status.eq(OfferStatus::Open.word()))
        .filter(offers::day_from.le(to.to_string()))
        .filter(offers::day_to.ge(from.to_string()))
        .filter(of_them)
        .filter(within!(scope, own: [offers::seller_id], markets: [offers::market_id => scope.operates()]))
        .select(offers::id)
        .first(connection)
        .optional()?;
    Ok(found.is_some())
}
