//! Figures for people.

use crate::values::{BaseUnit, Rupiah};

/// A market in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketSummary {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub operator: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Organisations that take part.
    pub members: i64,
}

/// A round in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundSummary {
    /// Its id.
    pub id: i64,
    /// Its market.
    pub market_id: i64,
    /// `R-2026-0001`.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The word of its status.
    pub status: String,
    /// First delivery day, `YYYY-MM-DD`.
    pub delivery_from: String,
    /// Last delivery day.
    pub delivery_to: String,
    /// SHA-256 of the frozen problem; empty before closing.
    pub snapshot_sha256: String,
    /// Why it failed, if it did.
    pub failure: String,
}

/// What a round came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundReport {
    /// The round.
    pub round: RoundSummary,
    /// Cooperatives that posted demand.
    pub cooperatives: i64,
    /// Kitchens that posted demand.
    pub kitchens: i64,
    /// Suppliers with an award.
    pub suppliers: i64,
    /// Lines of demand.
    pub demand_lines: i64,
    /// Purchase orders.
    pub orders: i64,
    /// Lines of purchase orders.
    pub order_lines: i64,
    /// By commodity, in the order of their codes.
    pub commodities: Vec<CommodityFigures>,
    /// By commodity and reason.
    pub shortages: Vec<ShortageFigures>,
}

impl RoundReport {
    /// Goods over all commodities.
    pub fn goods(&self) -> i64 {
        self.commodities.iter().map(|row| row.goods.get()).sum()
    }

    /// Freight over all commodities.
    pub fn freight(&self) -> i64 {
        self.commodities.iter().map(|row| row.freight.get()).sum()
    }
}

/// One commodity in one round. Quantities in base units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommodityFigures {
    /// The commodity.
    pub commodity_id: i64,
    /// Its Indonesian name.
    pub name: String,
    /// What it is counted in.
    pub unit: BaseUnit,
    /// Must-have quantity over all demands.
    pub demanded: i64,
    /// Of that, not served.
    pub short: i64,
    /// Awarded.
    pub awarded: i64,
    /// Goods.
    pub goods: Rupiah,
    /// Freight.
    pub freight: Rupiah,
    /// Ceiling that binds in this market, in ten-thousandths of a rupiah per pricing unit.
    pub ceiling_e4: Option<i64>,
}

impl CommodityFigures {
    /// Average price of goods in whole rupiah per pricing unit.
    pub fn average_price(&self) -> Option<i64> {
        let per_unit = i128::from(self.unit.per_pricing_unit());
        let awarded = i128::from(self.awarded);
        (awarded > 0)
            .then(|| crate::values::decimal::div_half_even(i128::from(self.goods.get()) * per_unit, awarded))
            .and_then(|price| i64::try_from(price).ok())
    }

    /// Ceiling that binds, in whole rupiah per pricing unit.
    pub fn ceiling(&self) -> Option<i64> {
        self.ceiling_e4.map(|e4| e4 / 10_000)
    }

    /// Filled share of the demand in permille, rounded down so that 1000 means all of it.
    pub fn filled_permille(&self) -> i64 {
        if self.demanded == 0 { 1_000 } else { (self.demanded - self.short) * 1_000 / self.demanded }
    }
}

/// What is missing of one commodity for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortageFigures {
    /// The commodity.
    pub commodity_id: i64,
    /// Its Indonesian name.
    pub name: String,
    /// What it is counted in.
    pub unit: BaseUnit,
    /// The reason's code.
    pub reason: String,
    /// Missing base units.
    pub quantity: i64,
    /// Lines of demand concerned.
    pub lines: i64,
}

/// A purchase order in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSummary {
    /// Its id.
    pub id: i64,
    /// `PO-2026-000123`.
    pub number: String,
    /// The word of its status.
    pub status: String,
    /// Lines.
    pub lines: i64,
    /// Goods and freight.
    pub total: Rupiah,
}
