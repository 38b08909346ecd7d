//! The frozen problem of a round: from records to `pasok-problem/1`, the same bytes for the same records.
//!
//! What goes in: the round's open demands; the market's open offers with stock left and a window that touches the
//! round's; the organisations, places and commodities these name. What does not: timestamps, versions, names of people.
//!
//! | in the problem | comes from |
//! |---|---|
//! | ids | the records' ids as decimal text |
//! | order | by id, everywhere |
//! | day 0, 1, … | the days of the round on which the market delivers; windows are cut to them |
//! | `places` | `Coordinates::to_metres` |
//! | `stock` | stock less what is reserved |
//! | `freight_per_km`, `freight_base` | the market's rates per gram × grams per base unit, half to even; the cold rate for cold goods; 0 where the price includes delivery; the seller's own tariff where the offer states one |
//! | `shortage_penalty` | the market's `shortage_permille` × the commodity's plausible ceiling price, half to even |
//! | `active` | the seller's status is `active` |
//! | tiers, `min_order_value` | those of the offer; of several least values of a seller the highest |
//! | further tiers, least totals, areas (as exclusions), fees, capacity, bundles | the terms of offers that came from bids (`snapshot/bids.rs`) |
//! | `budget` | what the buyer may spend in the round, in ticks; none where it set none |
//! | `seed` | SHA-256 of market code, round number and delivery days: fixed when the round was opened, before anybody could see its offers |

mod bids;

use super::errors::RoundError;
use super::store;
use super::types::{Round, Snapshot};
use crate::catalog::{self, Commodity, Storage};
use crate::db::DbConnection;
use crate::demands::{self, Demand};
use crate::error::AppError;
use crate::markets::Market;
use crate::offers::terms::TierTerms;
use crate::offers::types::FreightTerms;
use crate::offers::{self, Offer};
use crate::parties::{self, Organisation, OrganisationStatus};
use crate::places::{self, Place};
use crate::scope::Scope;
use crate::values::decimal::div_half_even;
use crate::values::hex::hex;
use crate::values::{Day, DayRange, Quantity, UnitPrice};
use bids::Bids;
use pasok_solver::problem::{self as wire, PROBLEM_FORMAT, Problem};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Everything a problem is made from.
struct Records<'a> {
    market: &'a Market,
    round: &'a Round,
    days: Vec<Day>,
    demands: Vec<Demand>,
    offers: Vec<Offer>,
    commodities: BTreeMap<i64, Commodity>,
    organisations: BTreeMap<i64, Organisation>,
    places: Vec<Place>,
    /// What buyers may spend, in rupiah.
    budgets: BTreeMap<i64, i64>,
    bids: Bids,
}

/// Freezes the problem of a round, in the transaction that closes it. Where an earlier snapshot is given, plain offers are
/// those of it.
pub(super) fn take(
    connection: &mut DbConnection,
    scope: &Scope,
    (market, round): (&Market, &Round),
    before: Option<&Snapshot>,
) -> Result<Snapshot, AppError> {
    let mut records = read(connection, scope, market, round)?;
    // An offer without a day on which the market delivers cannot win anything.
    let days = records.days.clone();
    records.offers.retain(|offer| day_numbers(&days, offer.days).is_some());
    let mut problem = build(&records)?;
    if let Some(before) = before {
        let frozen: Problem = serde_json::from_str(&before.text).map_err(AppError::unknown_stored)?;
        records.bids.keep_plain(&mut problem, &frozen);
    }
    records.bids.apply(&records, &mut problem)?;
    let text = serde_json::to_string(&problem).map_err(AppError::internal)?;
    Ok(Snapshot { sha256: sha256(&text), text, days })
}

/// SHA-256 of exact text, lower-case hex.
pub(super) fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn read<'a>(
    connection: &mut DbConnection,
    scope: &Scope,
    market: &'a Market,
    round: &'a Round,
) -> Result<Records<'a>, AppError> {
    let days = window(round)?;
    let covered: BTreeSet<i64> = store::list_commodity_ids(connection, scope, round.id)?.into_iter().collect();
    let covers = |commodity_id: i64| covered.is_empty() || covered.contains(&commodity_id);
    let mut demands = demands::service::list_open_of_round(connection, scope, round.id)?;
    let mut offers = offers::service::list_available(connection, scope, market.id, days)?;
    demands.retain(|demand| covers(demand.commodity_id));
    offers.retain(|offer| covers(offer.commodity_id));
    demands.sort_by_key(|demand| demand.id);
    offers.sort_by_key(|offer| offer.id);
    let bids = Bids::read(connection, scope, round.id, &mut offers)?;
    let parties = ids(demands.iter().map(|d| d.buyer_id), offers.iter().map(|o| o.seller_id));
    let points = ids(demands.iter().map(|d| d.place_id), offers.iter().map(|o| o.place_id));
    let mut places = places::service::list_by_ids(connection, scope, &points)?;
    places.sort_by_key(|place| place.id);
    let organisations = parties::service::list_by_ids(connection, scope, &parties)?;
    let budgets = demands::budget::list_of_round(connection, scope, round.id)?;
    Ok(Records {
        market,
        round,
        days: days.iter().filter(|day| market.delivery_weekdays.contains(*day)).collect(),
        demands,
        offers,
        commodities: catalog::service::load_all(connection)?,
        bids,
        budgets: budgets.into_iter().map(|budget| (budget.buyer_id, budget.amount.get())).collect(),
        organisations: organisations.into_iter().map(|organisation| (organisation.id, organisation)).collect(),
        places,
    })
}

fn ids(some: impl Iterator<Item = i64>, more: impl Iterator<Item = i64>) -> Vec<i64> {
    some.chain(more).collect::<BTreeSet<_>>().into_iter().collect()
}

fn window(round: &Round) -> Result<DayRange, AppError> {
    DayRange::new(round.delivery_from, round.delivery_to).map_err(AppError::unknown_stored)
}

fn build(records: &Records<'_>) -> Result<Problem, AppError> {
    Ok(Problem {
        format: PROBLEM_FORMAT.to_owned(),
        name: format!("{} {}", records.market.code, records.round.number),
        seed: seed(records.market, records.round),
        circuity_permille: records.market.circuity_permille,
        places: records.places.iter().map(place).collect(),
        distances: Vec::new(),
        commodities: commodities(records)?,
        buyers: buyers(records)?,
        suppliers: suppliers(records)?,
        demands: records.demands.iter().map(|d| demand(records, d)).collect::<Result<_, _>>()?,
        offers: records.offers.iter().map(|o| offer(records, o)).collect::<Result<_, _>>()?,
        substitutes: Vec::new(),
        pins: Vec::new(),
        exclusions: Vec::new(),
        bundles: Vec::new(),
        class_shares: Vec::new(),
        fairness: None,
        incumbent: None,
    })
}

fn seed(market: &Market, round: &Round) -> String {
    sha256(&format!(
        "pasok-seed/1\n{}\n{}\n{}\n{}\n",
        market.code, round.number, round.delivery_from, round.delivery_to
    ))
}

fn place(place: &Place) -> wire::Place {
    let (x_m, y_m, z_m) = place.coordinates.to_metres();
    wire::Place { id: place.id.to_string(), x_m, y_m, z_m }
}

fn commodities(records: &Records<'_>) -> Result<Vec<wire::Commodity>, AppError> {
    let named = ids(records.demands.iter().map(|d| d.commodity_id), records.offers.iter().map(|o| o.commodity_id));
    let wire = |id: i64| {
        Ok(wire::Commodity { id: id.to_string(), grams_per_thousand: commodity(records, id)?.grams_per_thousand })
    };
    named.into_iter().map(wire).collect()
}

fn commodity<'a>(records: &'a Records<'_>, id: i64) -> Result<&'a Commodity, AppError> {
    records.commodities.get(&id).ok_or_else(|| AppError::unknown_stored(format!("commodity {id}")))
}

fn buyers(records: &Records<'_>) -> Result<Vec<wire::Buyer>, AppError> {
    let named: BTreeSet<i64> = records.demands.iter().map(|d| d.buyer_id).collect();
    let wire = |id: i64| {
        Ok(wire::Buyer {
            id: id.to_string(),
            budget: records.budgets.get(&id).map(|rupiah| ticks(*rupiah)).transpose()?,
            min_suppliers: None,
            max_suppliers: None,
            max_supplier_share_permille: None,
        })
    };
    named.into_iter().map(wire).collect()
}

fn ticks(rupiah: i64) -> Result<i64, AppError> {
    rupiah.checked_mul(wire::TICKS_PER_RUPIAH).ok_or_else(|| RoundError::TooLarge.into())
}

fn suppliers(records: &Records<'_>) -> Result<Vec<wire::Supplier>, AppError> {
    // Of several least values that a seller states the highest holds.
    let mut named: BTreeMap<i64, i64> = BTreeMap::new();
    for offer in &records.offers {
        let least = named.entry(offer.seller_id).or_default();
        *least = offer.volume.min_order_idr.max(*least);
    }
    let wire = |(id, least): (i64, i64)| {
        let organisation = records.organisations.get(&id);
        Ok(wire::Supplier {
            id: id.to_string(),
            class: organisation.map_or_else(String::new, |o| o.class.word().to_owned()),
            active: organisation.is_some_and(|o| o.status == OrganisationStatus::Active),
            min_order_value: ticks(least)?,
            drop_fee: 0,
            trip_fee: 0,
            capacity_g_per_day: None,
            capacity_g: None,
        })
    };
    named.into_iter().map(wire).collect()
}

fn demand(records: &Records<'_>, demand: &Demand) -> Result<wire::Demand, AppError> {
    let commodity = commodity(records, demand.commodity_id)?;
    let ticks = |price: UnitPrice| price.ticks_per_base_unit(commodity.base_unit);
    // A demand whose window lost its last delivery day stays in the problem, on a day that no offer has, so that it is stated
    // as short instead of being forgotten.
    let beyond = i64::try_from(records.days.len()).map_err(AppError::internal)?;
    let (day_from, day_to) = day_numbers(&records.days, demand.days).unwrap_or((beyond, beyond));
    Ok(wire::Demand {
        id: demand.id.to_string(),
        buyer: demand.buyer_id.to_string(),
        place: demand.place_id.to_string(),
        commodity: demand.commodity_id.to_string(),
        quantity: demand.quantity.get(),
        accept_up_to: Some(demand.accept_up_to.get()).filter(|most| *most != demand.quantity.get()),
        day_from,
        day_to,
        requirements: words(&demand.requirements.words()),
        priority: i64::from(demand.priority),
        shortage_penalty: scaled(ticks(commodity.price_ceiling), records.market.shortage_permille)?,
        price_ceiling: demand.price_ceiling.map(ticks),
    })
}

fn offer(records: &Records<'_>, offer: &Offer) -> Result<wire::Offer, AppError> {
    let commodity = commodity(records, offer.commodity_id)?;
    let (freight_per_km, freight_base) = freight(records.market, offer, commodity)?;
    let missing = || AppError::internal("an offer without a delivery day");
    let (day_from, day_to) = day_numbers(&records.days, offer.days).ok_or_else(missing)?;
    let ticks_per_e4 = commodity.base_unit.ticks_per_e4();
    let (tiers, tier_kind) = tiers(&offer.volume.tiers, offer.volume.incremental, ticks_per_e4);
    Ok(wire::Offer {
        id: offer.id.to_string(),
        supplier: offer.seller_id.to_string(),
        place: offer.place_id.to_string(),
        commodity: offer.commodity_id.to_string(),
        stock: offer.available(),
        stock_per_day: offer.stock_per_day.map(Quantity::get),
        price: offer.price.ticks_per_base_unit(commodity.base_unit),
        tiers,
        tier_kind,
        pack: offer.pack.get(),
        min_line: offer.min_line,
        min_total: 0,
        radius_m: offer.radius.map(|radius| radius.0),
        day_from,
        day_to,
        certificates: words(&offer.certificates.words()),
        freight_per_km,
        freight_base,
    })
}

/// Tiers as the solver reads them, and their kind.
fn tiers(terms: &[TierTerms], incremental: bool, ticks_per_e4: i64) -> (Vec<wire::Tier>, wire::TierKind) {
    let tier = |tier: &TierTerms| wire::Tier { from_quantity: tier.from, price: tier.price_e4 * ticks_per_e4 };
    let kind = if incremental { wire::TierKind::Incremental } else { wire::TierKind::AllUnit };
    (terms.iter().map(tier).collect(), kind)
}

/// Freight in ticks per base unit: for each kilometre, and whatever the distance.
fn freight(market: &Market, offer: &Offer, commodity: &Commodity) -> Result<(i64, i64), AppError> {
    let tariff = &market.freight;
    let per_g_km = match commodity.storage {
        Storage::Ambient => tariff.per_g_km_ticks,
        Storage::Cold => tariff.cold_per_g_km_ticks,
    };
    match offer.freight {
        FreightTerms::Included => Ok((0, 0)),
        FreightTerms::Added => Ok((
            scaled(per_g_km, commodity.grams_per_thousand)?,
            scaled(tariff.base_per_g_ticks, commodity.grams_per_thousand)?,
        )),
        // Ten-thousandths per pricing unit are ticks per base unit as prices are: exactly.
        FreightTerms::Stated { per_km_e4, base_e4 } => {
            let ticks_per_e4 = commodity.base_unit.ticks_per_e4();
            Ok((per_km_e4 * ticks_per_e4, base_e4 * ticks_per_e4))
        }
    }
}

/// A window as numbers of delivery days, rising; `None` if it holds none of them.
fn day_numbers(delivery_days: &[Day], window: DayRange) -> Option<(i64, i64)> {
    let before = delivery_days.iter().filter(|day| **day < window.first()).count();
    let until = delivery_days.iter().filter(|day| **day <= window.last()).count();
    let number = |count: usize| i64::try_from(count).ok();
    (before < until).then_some((number(before)?, number(until.checked_sub(1)?)?))
}

/// `value` × `permille` / 1000, half to even.
fn scaled(value: i64, permille: i64) -> Result<i64, AppError> {
    let product = div_half_even(i128::from(value) * i128::from(permille), 1_000);
    i64::try_from(product).map_err(|_| RoundError::TooLarge.into())
}

fn words(words: &[&'static str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
