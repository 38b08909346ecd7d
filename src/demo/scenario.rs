//! What a demonstration market consists of, before anything of it is stored.
//!
//! Plain data, complete enough to be loaded through the services. Records point at each other by position in the
//! vectors of [`Scenario`] (`organisation`, `commodity`). Units: quantities in base units (gram, millilitre, piece);
//! prices and freight in ten-thousandths of a rupiah (`_e4`) per pricing unit (kilogram, litre, piece); distances in
//! metres; days counted from the first delivery day of the round, which is day 0.

use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

use crate::seed::SupplierClass;
use crate::values::Certificate;
use crate::values::hex::hex;
use crate::values::{BaseUnit, Coordinates};

/// A market with everybody in it, what they need and what they offer in one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// The seed number it was made from.
    pub seed: u64,
    /// The market and its round.
    pub market: MarketPlan,
    /// Goods traded in the round.
    pub commodities: Vec<CommodityPlan>,
    /// Cooperatives, kitchens and suppliers.
    pub organisations: Vec<OrganisationPlan>,
    /// What the kitchens cook; the demands follow from it.
    pub kitchens: Vec<KitchenPlan>,
    /// What is needed.
    pub demands: Vec<DemandPlan>,
    /// What is on offer.
    pub offers: Vec<OfferPlan>,
}

/// A market and the settings of its round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketPlan {
    /// Short name: `kupang`, `bogor`, `jakarta-utara`, `jatim`.
    pub slug: String,
    /// `Kota Kupang`.
    pub name: String,
    /// Who runs the rounds.
    pub operator_name: String,
    /// Kemendagri code of the area: `53.71`, or `35` for a province.
    pub area_code: String,
    /// Where the operator sits: a point inside the area.
    pub point: Coordinates,
    /// IANA time zone.
    pub time_zone: &'static str,
    /// Road distance over great circle, in permille.
    pub circuity_permille: i64,
    /// Zone of the rice ceiling prices.
    pub rice_het_zone: u8,
    /// Day 0, a Sunday, as `YYYY-MM-DD`.
    pub first_delivery_day: &'static str,
    /// Number of delivery days.
    pub delivery_days: i64,
    /// What transport costs, by vehicle; every offer names the vehicle it comes with.
    pub freight: Vec<FreightRate>,
}

/// Cost of carrying one kilogram with a vehicle that is as full as usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreightRate {
    /// Code of a vehicle in `transport.csv`.
    pub vehicle: String,
    /// Keeps goods cold.
    pub is_refrigerated: bool,
    /// Per kilogram and kilometre of road, there and back.
    pub per_km_e4: i64,
    /// Per kilogram, whatever the distance.
    pub base_e4: i64,
}

/// A commodity as traded in this market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommodityPlan {
    /// Code in `commodities.csv`.
    pub code: String,
    /// Gram, millilitre or piece.
    pub base_unit: BaseUnit,
    /// Mass of 1,000 base units in grams.
    pub grams_per_thousand: i64,
    /// Every demand and nearly every offer is a multiple of this many base units.
    pub grid: i64,
    /// Code in `units.csv` of the pack that `grid` stands for.
    pub grid_unit: &'static str,
    /// Keeps five days or less: offered for each delivery day on its own.
    pub is_daily: bool,
    /// Must travel cold.
    pub needs_cold_chain: bool,
    /// Usual consumer price in this market.
    pub price_typical_e4: i64,
    /// Above this a price is implausible here.
    pub price_plausible_max_e4: i64,
    /// Ceiling that binds (HET), where there is one.
    pub het_e4: Option<i64>,
    /// What one pricing unit of shortage counts.
    pub shortage_penalty_e4: i64,
}

/// Whether an organisation works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganisationStatus {
    /// Works.
    Active,
    /// Registered but silent.
    Dormant,
    /// Founded, not open.
    NotYetOperating,
}

/// What an organisation mainly is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OrganisationKind {
    /// Merah Putih cooperative: buys staples, may sell local produce.
    Cooperative,
    /// School-meal kitchen (SPPG): buys.
    Kitchen,
    /// Sells.
    Supplier,
}

/// An organisation with its only place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationPlan {
    /// Unique, readable and stable: `KMP-53.71.01.1001`, `SPPG-53.71-001`, `PMS-P001-02`.
    pub code: String,
    /// Name.
    pub name: String,
    /// What it mainly is.
    pub kind: OrganisationKind,
    /// Whether it works.
    pub status: OrganisationStatus,
    /// Posts demands.
    pub buys: bool,
    /// Posts offers.
    pub sells: bool,
    /// Class of the supplier; a cooperative's is `Kdmp`; kitchens have none.
    pub class: Option<SupplierClass>,
    /// Kind of supplier: a code of `supplier_archetypes.csv`.
    pub archetype: Option<String>,
    /// Kemendagri code of the ward or village.
    pub region_code: String,
    /// Name of its place: ward, village, market.
    pub place_name: String,
    /// Where it is.
    pub point: Coordinates,
    /// Papers it holds.
    pub certificates: Vec<Certificate>,
    /// Residents of the ward or village, for a cooperative.
    pub residents: Option<i64>,
}

/// A kitchen's week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitchenPlan {
    /// The kitchen.
    pub organisation: usize,
    /// Small portions a day.
    pub portions_small: i64,
    /// Large portions a day.
    pub portions_large: i64,
    /// Menu cooked on each service day: (day, code in `menus.csv`).
    pub meals: Vec<(i64, String)>,
}

/// One line of need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemandPlan {
    /// Who needs it.
    pub organisation: usize,
    /// What.
    pub commodity: usize,
    /// How much, a multiple of the commodity's grid.
    pub quantity_base: i64,
    /// First day on which it can be received.
    pub day_from: i64,
    /// Last day, inclusive.
    pub day_to: i64,
    /// Certificates an offer must carry, sorted.
    pub required: Vec<Certificate>,
    /// Most that a pricing unit may cost before freight.
    pub price_ceiling_e4: Option<i64>,
    /// What one pricing unit of shortage counts.
    pub shortage_penalty_e4: i64,
}

/// One line of supply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferPlan {
    /// Who offers it.
    pub organisation: usize,
    /// What.
    pub commodity: usize,
    /// Most that can be taken.
    pub stock_base: i64,
    /// Price at the supplier's place.
    pub price_e4: i64,
    /// Every line is a multiple of this many base units.
    pub pack_base: i64,
    /// Least quantity of a line; 0 means one pack is enough.
    pub min_line_base: i64,
    /// Farthest delivery by road.
    pub radius_m: i64,
    /// First day on which it can be delivered.
    pub day_from: i64,
    /// Last day, inclusive.
    pub day_to: i64,
    /// Position in [`MarketPlan::freight`] of the vehicle it comes with.
    pub vehicle: usize,
    /// Freight per pricing unit and kilometre of road.
    pub freight_per_km_e4: i64,
    /// Freight per pricing unit, whatever the distance.
    pub freight_base_e4: i64,
}

impl OfferPlan {
    /// Tells apart what a seller offers of the same goods on different days: `hari-3`, or empty for a week's offer.
    pub fn lot(&self) -> String {
        if self.day_from == self.day_to { format!("hari-{}", self.day_from) } else { String::new() }
    }
}

impl Scenario {
    /// Organisations of one kind.
    pub fn count(&self, kind: OrganisationKind) -> usize {
        self.organisations.iter().filter(|organisation| organisation.kind == kind).count()
    }

    /// SHA-256 over everything in the scenario, in hexadecimal: equal scenarios have equal fingerprints.
    ///
    /// It is taken over the debug text, so it may differ between versions of Pasok; within one version it does not.
    pub fn fingerprint(&self) -> String {
        struct Hashing(Sha256);
        impl Write for Hashing {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                self.0.update(text.as_bytes());
                Ok(())
            }
        }
        let mut hashing = Hashing(Sha256::new());
        // Writing to a hash cannot fail, and Debug of plain data does not either.
        let _ = write!(hashing, "{self:?}");
        hex(&hashing.0.finalize())
    }
}
