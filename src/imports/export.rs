//! Tables to take away: templates to fill in, and one's own records in the same columns, so that what is exported can be
//! imported again and changes nothing.

use super::columns::{Kind, Language};
use super::goods::TIERS;
use super::service::Target;
use crate::catalog::{self, Commodity, Unit};
use crate::db::DbConnection;
use crate::demands::{self, Demand, DemandStatus};
use crate::error::{AppError, CommonError};
use crate::offers::{self, FreightTerms, Offer, OfferStatus};
use crate::parties::{self, Actor, Capability, Organisation};
use crate::places::{self, Place};
use crate::scope::Scope;
use crate::sheets::{self, Format};
use crate::values::decimal::format_scaled;
use crate::values::{BaseUnit, Quantity};
use std::collections::{BTreeMap, HashMap};

/// Records read at a time.
const PAGE: i64 = 1_000;
/// Most places of one organisation that are named.
const MOST_PLACES: i64 = 10_000;

/// An empty table with one sample row.
pub fn template(kind: Kind, language: Language, format: Format) -> Result<Vec<u8>, AppError> {
    let sample = kind.columns().iter().map(|column| column.sample.to_owned()).collect();
    sheets::write(format, kind.word(), &headers(kind, language), &[sample])
}

fn headers(kind: Kind, language: Language) -> Vec<String> {
    kind.columns().iter().map(|column| column.header(language).to_owned()).collect()
}

/// The actor's own records: open demands of a round, open offers in a market, or, for operators, the
/// organisations they look after.
pub fn export(
    connection: &mut DbConnection,
    scope: &Scope,
    actor: &Actor,
    target: Target,
    language: Language,
    format: Format,
) -> Result<Vec<u8>, AppError> {
    let rows = match target {
        Target::Demands(round_id) => demand_rows(connection, scope, actor.organisation_id, round_id)?,
        Target::Offers(market_id) => offer_rows(connection, scope, actor.organisation_id, market_id)?,
        Target::Parties(_) => party_rows(connection, scope, actor)?,
    };
    filled(target.kind(), language, format, rows)
}

/// A table of some kind with these rows, fields by the key of their column.
pub fn filled(kind: Kind, language: Language, format: Format, rows: Vec<Fields>) -> Result<Vec<u8>, AppError> {
    let order: Vec<&str> = kind.columns().iter().map(|column| column.key).collect();
    let line = |mut row: Fields| order.iter().map(|key| row.remove(key).unwrap_or_default()).collect();
    let rows: Vec<Vec<String>> = rows.into_iter().map(line).collect();
    sheets::write(format, kind.word(), &headers(kind, language), &rows)
}

/// Fields of one row by the key of their column.
pub type Fields = BTreeMap<&'static str, String>;

/// All records of a list that comes in pages by id.
fn all<T>(mut page: impl FnMut(i64) -> Result<Vec<T>, AppError>, id: impl Fn(&T) -> i64) -> Result<Vec<T>, AppError> {
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let rows = page(after)?;
        match rows.last() {
            Some(last) => after = id(last),
            None => return Ok(found),
        }
        found.extend(rows);
    }
}

struct Names {
    places: HashMap<i64, String>,
    commodities: BTreeMap<i64, Commodity>,
    units: BTreeMap<i64, Vec<Unit>>,
}

impl Names {
    fn load(connection: &mut DbConnection, scope: &Scope, organisation_id: i64) -> Result<Self, AppError> {
        let places = places::service::list_of_organisation(connection, scope, organisation_id, 0, MOST_PLACES)?;
        Ok(Self {
            places: places.into_iter().map(|place| (place.id, place.name)).collect(),
            commodities: catalog::service::load_all(connection)?,
            units: catalog::service::load_units(connection)?,
        })
    }

    fn commodity(&self, id: i64) -> Result<&Commodity, AppError> {
        self.commodities.get(&id).ok_or_else(|| AppError::unknown_stored(id))
    }

    fn place(&self, id: i64) -> String {
        self.places.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// The code of a unit of so many base units.
    fn unit(&self, commodity_id: i64, base_units: i64) -> String {
        let units = self.units.get(&commodity_id).map_or(&[][..], Vec::as_slice);
        let found = units.iter().find(|unit| unit.base_units == base_units);
        found.map(|unit| unit.code.clone()).unwrap_or_default()
    }

    /// The code of the pricing unit, in which every quantity has an exact decimal.
    fn pricing_unit(&self, commodity_id: i64, unit: BaseUnit) -> String {
        self.unit(commodity_id, unit.per_pricing_unit())
    }
}

fn demand_rows(connection: &mut DbConnection, scope: &Scope, own: i64, round_id: i64) -> Result<Vec<Fields>, AppError> {
    let names = Names::load(connection, scope, own)?;
    let found = all(
        |after| demands::service::list_of_round(connection, scope, round_id, after, PAGE),
        |demand: &Demand| demand.id,
    )?;
    let is_wanted = |demand: &&Demand| demand.buyer_id == own && demand.status == DemandStatus::Open;
    found.iter().filter(is_wanted).map(|demand| demand_row(demand, &names)).collect()
}

fn demand_row(demand: &Demand, names: &Names) -> Result<Fields, AppError> {
    let commodity = names.commodity(demand.commodity_id)?;
    let unit = commodity.base_unit;
    Ok(Fields::from([
        ("place", names.place(demand.place_id)),
        ("commodity", commodity.code.clone()),
        ("quantity", plain(&demand.quantity.in_pricing_units(unit))),
        ("unit", names.pricing_unit(demand.commodity_id, unit)),
        ("accept_up_to", plain(&demand.accept_up_to.in_pricing_units(unit))),
        ("day_from", demand.days.first().to_string()),
        ("day_to", demand.days.last().to_string()),
        ("requirements", demand.requirements.words().join(" ")),
        ("priority", demand.priority.to_string()),
        ("price_ceiling", demand.price_ceiling.map(|price| plain(&price.to_string())).unwrap_or_default()),
    ]))
}

fn offer_rows(connection: &mut DbConnection, scope: &Scope, own: i64, market_id: i64) -> Result<Vec<Fields>, AppError> {
    let names = Names::load(connection, scope, own)?;
    let found = all(|after| offers::service::list_own(connection, scope, after, PAGE), |offer: &Offer| offer.id)?;
    let is_wanted = |offer: &&Offer| offer.market_id == market_id && offer.status == OfferStatus::Open;
    found.iter().filter(is_wanted).map(|offer| offer_row(offer, &names)).collect()
}

fn offer_row(offer: &Offer, names: &Names) -> Result<Fields, AppError> {
    let commodity = names.commodity(offer.commodity_id)?;
    let unit = commodity.base_unit;
    let amount = |base_units: i64| match base_units {
        0 => String::new(),
        base_units => plain(&unit.in_pricing_units(base_units)),
    };
    let mut fields = Fields::from([
        ("place", names.place(offer.place_id)),
        ("commodity", commodity.code.clone()),
        ("lot", offer.lot.clone()),
        ("price", plain(&offer.price.to_string())),
        // It was accepted once, so it was meant.
        ("confirm_unusual_price", "ya".to_owned()),
        ("stock", plain(&offer.stock.in_pricing_units(unit))),
        ("unit", names.pricing_unit(offer.commodity_id, unit)),
        ("stock_per_day", amount(offer.stock_per_day.map_or(0, Quantity::get))),
        ("pack", names.unit(offer.commodity_id, offer.pack.get())),
        ("min_line", amount(offer.min_line)),
        ("radius_km", offer.radius.map(|radius| plain(&format_scaled(radius.0, 3))).unwrap_or_default()),
        ("day_from", offer.days.first().to_string()),
        ("day_to", offer.days.last().to_string()),
        ("certificates", offer.certificates.words().join(" ")),
        ("delivered", if offer.freight == FreightTerms::Included { "ya" } else { "tidak" }.to_owned()),
    ]);
    for (tier, (from, price)) in offer.volume.tiers.iter().zip(TIERS) {
        fields.insert(from, amount(tier.from));
        fields.insert(price, plain(&format_scaled(tier.price_e4, 4)));
    }
    fields.insert("incremental", if offer.volume.incremental { "ya".to_owned() } else { String::new() });
    let least = offer.volume.min_order_idr;
    fields.insert("min_order_idr", if least == 0 { String::new() } else { least.to_string() });
    if let FreightTerms::Stated { per_km_e4, base_e4 } = offer.freight {
        fields.insert("freight_per_km", plain(&format_scaled(per_km_e4, 4)));
        fields.insert("freight_base", plain(&format_scaled(base_e4, 4)));
    }
    Ok(fields)
}

/// A decimal whose point cannot be taken for one of thousands: with a fourth digit behind it where it has three.
fn plain(decimal: &str) -> String {
    match decimal.split_once('.') {
        Some((_, fraction)) if fraction.len() == 3 => format!("{decimal}0"),
        _ => decimal.to_owned(),
    }
}

fn party_rows(connection: &mut DbConnection, scope: &Scope, actor: &Actor) -> Result<Vec<Fields>, AppError> {
    if !actor.capabilities.contains(&Capability::Operator) {
        return Err(CommonError::Forbidden.into());
    }
    let found = all(|after| parties::service::list(connection, scope, after, PAGE), |party: &Organisation| party.id)?;
    let ids: Vec<i64> = found.iter().map(|party| party.id).collect();
    let own = parties::service::looked_after(connection, scope, &ids)?;
    let mut rows = Vec::with_capacity(own.len());
    for party in found.into_iter().filter(|party| own.contains(&party.id)) {
        // One row holds one place; an organisation's others stay where they are.
        let place = places::service::list_of_organisation(connection, scope, party.id, 0, 1)?.into_iter().next();
        rows.push(party_row(&party, place.as_ref()));
    }
    Ok(rows)
}

fn party_row(party: &Organisation, place: Option<&Place>) -> Fields {
    let capabilities: Vec<&str> = party.capabilities.iter().map(|capability| capability.word()).collect();
    let mut fields = Fields::from([
        ("code", party.code.clone()),
        ("name", party.name.clone()),
        ("class", party.class.word().to_owned()),
        ("status", party.status.word().to_owned()),
        ("capabilities", capabilities.join(" ")),
    ]);
    if let Some(place) = place {
        fields.insert("place", place.name.clone());
        fields.insert("region_code", place.region_code.clone().unwrap_or_default());
        fields.insert("latitude", place.coordinates.latitude());
        fields.insert("longitude", place.coordinates.longitude());
    }
    fields
}
