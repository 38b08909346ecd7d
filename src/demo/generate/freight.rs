//! What carrying a kilogram costs, from the vehicle classes.
//!
//! A vehicle goes out 35 % full (fresh goods do not wait for a full truck), drives there and back, and makes three stops.
//! So a kilogram pays the kilometres twice and its share of the trip and the stops. Every offer names its vehicle: the
//! seller's class and reach decide its size, the goods whether it is refrigerated.

use super::GenerateError;
use super::goods::ratio;
use crate::demo::scenario::{CommodityPlan, FreightRate};
use crate::seed::archetypes::Archetype;
use crate::seed::{SeedFacts, SupplierClass};
use crate::values::decimal::div_half_even;

const LOAD_PERMILLE: i128 = 350;
const STOPS_PER_TRIP: i64 = 3;
const THERE_AND_BACK: i64 = 2;
/// Beyond this reach even the smallest seller needs more than a three-wheeler.
const THREE_WHEELER_REACH_M: i64 = 15_000;
/// Vehicles used for deliveries within a market; positions in this list are those in the market's freight table.
const VEHICLES: [&str; 7] =
    ["motor_roda3", "pickup_kecil", "pickup_l300", "engkel_cde", "cdd", "pickup_reefer", "cde_reefer"];

/// Freight per kilogram for every vehicle, in an area where driving costs `cost_index_permille` of the usual.
pub(super) fn rates(facts: &SeedFacts, cost_index_permille: i64) -> Result<Vec<FreightRate>, GenerateError> {
    let rate = |code: &&str| {
        let vehicle = facts.vehicles.iter().find(|vehicle| vehicle.code == **code);
        let vehicle = vehicle.ok_or_else(|| GenerateError::missing("vehicle", code))?;
        let per_kg_e4 = |rupiah: i64| {
            // rupiah × 10^4 × index / 1000, over the kilograms on board (payload in grams × load / 10^6).
            let cost = i128::from(rupiah) * 10_000 * i128::from(cost_index_permille) * 1_000;
            i64::try_from(div_half_even(cost, i128::from(vehicle.payload_g) * LOAD_PERMILLE)).unwrap_or(i64::MAX)
        };
        Ok(FreightRate {
            vehicle: vehicle.code.clone(),
            is_refrigerated: vehicle.is_refrigerated,
            per_km_e4: per_kg_e4(vehicle.idr_per_km * THERE_AND_BACK),
            base_e4: per_kg_e4(vehicle.idr_per_trip + vehicle.idr_per_stop * STOPS_PER_TRIP),
        })
    };
    VEHICLES.iter().map(rate).collect()
}

/// The vehicle a seller of this kind sends these goods with: a position in the freight table.
pub(super) fn vehicle_for(archetype: &Archetype, commodity: &CommodityPlan) -> usize {
    let is_large = matches!(archetype.class, SupplierClass::Menengah | SupplierClass::Besar | SupplierClass::Bumn);
    if commodity.needs_cold_chain {
        return if is_large { 6 } else { 5 };
    }
    match archetype.class {
        SupplierClass::Besar | SupplierClass::Bumn => 4,
        SupplierClass::Menengah => 3,
        SupplierClass::Kecil | SupplierClass::Koperasi | SupplierClass::Bumdes => 2,
        SupplierClass::Mikro | SupplierClass::Kdmp if archetype.radius_m <= THREE_WHEELER_REACH_M => 0,
        SupplierClass::Mikro | SupplierClass::Kdmp => 1,
    }
}

/// A rate per kilogram as a rate per pricing unit of the commodity.
pub(super) fn per_pricing_unit(rate_e4_per_kg: i64, commodity: &CommodityPlan) -> i64 {
    let grams_e3 = commodity.grams_per_thousand * commodity.base_unit.per_pricing_unit();
    ratio(rate_e4_per_kg, grams_e3, 1_000_000)
}
