//! Lower prices of an offer from larger totals on, and the least value of an order: as typed, as kept, and what is wrong with them.
//!
//! A total is what a round takes of the offer. The least value counts for all goods that a seller delivers to one buyer in a
//! round; of several that a seller states, the highest holds.

use super::entry::LARGEST_STOCK;
use super::errors::OfferError;
use super::terms::TierTerms;
use super::tiers::{DIGITS, TierErrors, TierWalk};
use crate::catalog::{Unit, read_quantity};
use crate::error::{AppError, Checks, CommonError};
use crate::values::decimal::{format_scaled, parse_scaled};
use crate::values::{Quantity, UnitPrice};

/// Most tiers of one offer: as many as a table has columns for.
pub const MOST_TIERS: usize = 4;
/// Highest least value of an order: 10,000,000,000 rupiah.
const LARGEST_ORDER_IDR: i64 = 10_000_000_000;
const TIER_ERRORS: TierErrors = TierErrors {
    overlap: OfferError::TiersOverlap.def(),
    beyond: OfferError::TierBeyondStock.def(),
    inside_pack: OfferError::TierInsidePack.def(),
    rises: OfferError::TierPriceRises.def(),
};

/// Lower prices from larger totals on, and the least value of an order; by default neither.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VolumeTerms {
    /// Rising in quantity, falling in price.
    pub tiers: Vec<TierTerms>,
    /// Whether a tier's price is for what lies beyond its start only, not for the whole quantity.
    pub incremental: bool,
    /// Least value of goods for one buyer, in whole rupiah; 0 for none.
    pub min_order_idr: i64,
}

/// The same as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VolumeEntry {
    /// Where a tier begins, in the unit of the stock, and its price, rupiah per pricing unit.
    pub tiers: Vec<(String, String)>,
    /// Whether a tier's price is for what lies beyond its start only.
    pub incremental: bool,
    /// Least value of goods for one buyer, whole rupiah.
    pub min_order_idr: Option<String>,
}

impl VolumeEntry {
    /// Reads every word, noting all that is wrong.
    pub(super) fn read(&self, unit: Option<&Unit>, checks: &mut Checks) -> VolumeTerms {
        let min_order_idr = self.min_order_idr.as_deref();
        let min_order_idr = min_order_idr.and_then(|text| checks.ok("/min_order_idr", parse_scaled(text, 0)));
        if self.tiers.len() > MOST_TIERS {
            checks.add_with("/tiers", OfferError::TooManyTiers, format!("≤ {MOST_TIERS}"));
            return VolumeTerms::default();
        }
        let mut tiers = Vec::with_capacity(self.tiers.len());
        for (index, (from, price)) in self.tiers.iter().enumerate() {
            let from =
                unit.and_then(|unit| read_quantity(checks, &format!("/tiers/{index}/from"), from, unit, LARGEST_STOCK));
            let price = checks.ok(&format!("/tiers/{index}/price"), UnitPrice::parse(price));
            let tier = from.zip(price).map(|(from, price)| TierTerms { from: from.get(), price_e4: price.e4() });
            tiers.extend(tier);
        }
        VolumeTerms { tiers, incremental: self.incremental, min_order_idr: min_order_idr.unwrap_or(0) }
    }
}

impl VolumeTerms {
    /// Notes tiers that overlap, rise, begin above the stock or inside a pack, and a least value out of bounds.
    pub(super) fn check(&self, price: Option<UnitPrice>, limits: Option<(Quantity, Quantity)>, checks: &mut Checks) {
        if self.min_order_idr < 0 {
            checks.add_with("/min_order_idr", CommonError::NotPositive, "≥ 0");
        } else if self.min_order_idr > LARGEST_ORDER_IDR {
            checks.add_with("/min_order_idr", CommonError::TooLarge, format!("≤ {LARGEST_ORDER_IDR}"));
        }
        let most_and_pack = limits.map(|(stock, pack)| (stock.get(), pack.get()));
        let mut walk = TierWalk::new(price.map(UnitPrice::e4), most_and_pack, TIER_ERRORS);
        for (index, tier) in self.tiers.iter().enumerate() {
            walk.start(&format!("/tiers/{index}/from"), tier.from, checks);
            walk.price(&format!("/tiers/{index}/price"), tier.price_e4, checks);
        }
    }

    /// Notes a new price or stock that an offer's tiers do not go with.
    pub(super) fn check_change(&self, price: Option<UnitPrice>, stock: Option<Quantity>, checks: &mut Checks) {
        let (Some(first), Some(last)) = (self.tiers.first(), self.tiers.last()) else { return };
        if price.is_some_and(|price| price.e4() <= first.price_e4) {
            let hint = format!("> {}", format_scaled(first.price_e4, DIGITS));
            checks.add_with("/price", OfferError::TierPriceRises, hint);
        }
        if stock.is_some_and(|stock| stock.get() < last.from) {
            checks.add_with("/stock", OfferError::TierBeyondStock, format!("≥ {}", last.from));
        }
    }

    /// The tiers as they are stored: JSON, empty for none.
    pub(super) fn tiers_text(&self) -> String {
        if self.tiers.is_empty() { String::new() } else { serde_json::to_string(&self.tiers).unwrap_or_default() }
    }

    /// From the columns that it is stored in.
    pub(super) fn stored(tiers: &str, incremental: i32, min_order_idr: i64) -> Result<Self, AppError> {
        let tiers = match tiers {
            "" => Vec::new(),
            text => serde_json::from_str(text).map_err(AppError::unknown_stored)?,
        };
        Ok(Self { tiers, incremental: incremental == 1, min_order_idr })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(tiers: &[(i64, i64)], min_order_idr: i64) -> Vec<String> {
        let tiers = tiers.iter().map(|&(from, price_e4)| TierTerms { from, price_e4 }).collect();
        let terms = VolumeTerms { tiers, incremental: false, min_order_idr };
        let limits = Some((Quantity::new(1_000).unwrap(), Quantity::new(50).unwrap()));
        let mut checks = Checks::default();
        terms.check(UnitPrice::from_e4(90).ok(), limits, &mut checks);
        match checks.finish() {
            Err(AppError::Refused(refusal)) => {
                refusal.issues.iter().map(|issue| format!("{} {}", issue.pointer, issue.def.code)).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn each_wrong_tier_has_its_own_reason() {
        assert!(problems(&[(100, 80), (200, 70)], 0).is_empty());
        assert_eq!(problems(&[(100, 90)], 0), ["/tiers/0/price OFFER_TIER_PRICE_RISES"]);
        assert_eq!(problems(&[(200, 80), (100, 70)], 0), ["/tiers/1/from OFFER_TIERS_OVERLAP"]);
        assert_eq!(problems(&[(1_050, 80)], 0), ["/tiers/0/from OFFER_TIER_BEYOND_STOCK"]);
        assert_eq!(problems(&[(120, 80)], 0), ["/tiers/0/from OFFER_TIER_INSIDE_PACK"]);
        assert_eq!(problems(&[], -1), ["/min_order_idr NOT_POSITIVE"]);
        assert_eq!(problems(&[], LARGEST_ORDER_IDR + 1), ["/min_order_idr TOO_LARGE"]);
    }

    #[test]
    fn tiers_come_back_as_they_were_stored() {
        let tiers = vec![TierTerms { from: 100, price_e4: 80 }, TierTerms { from: 200, price_e4: 70 }];
        let terms = VolumeTerms { tiers, incremental: true, min_order_idr: 5 };
        assert_eq!(VolumeTerms::stored(&terms.tiers_text(), 1, 5).unwrap(), terms);
        assert_eq!(VolumeTerms::stored("", 0, 0).unwrap(), VolumeTerms::default());
        assert!(VolumeTerms::stored("[", 0, 0).is_err());
    }
}
