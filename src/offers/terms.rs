//! Terms beyond price and stock that an offer may carry: the round it is bound to, its area, tiers, a least total; and those
//! of all that a seller offers in a round: fees, capacity, bundles. Sealed bids become offers with such terms.
//!
//! They are written once, beside the offer, and only read afterwards.

use super::store;
use crate::audit::Work;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::scope::Scope;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Terms of one offer. Quantities in base units, prices in ten-thousandths of a rupiah per pricing unit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferTerms {
    /// Codes of regions it delivers to; empty means anywhere in the market.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub area: Vec<String>,
    /// Lower prices from larger totals on, rising in quantity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<TierTerms>,
    /// Whether a tier's price is for the whole quantity once it is reached, or for what lies beyond.
    #[serde(default)]
    pub incremental: bool,
    /// Least total when anything is taken.
    #[serde(default)]
    pub min_total: i64,
}

/// One tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierTerms {
    /// Total from which it holds.
    pub from: i64,
    /// Its price.
    pub price_e4: i64,
}

/// Terms of all that a seller offers in a round.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SellerTerms {
    /// Whole rupiah for each drop: one delivery point on one day.
    #[serde(default)]
    pub drop_fee_idr: i64,
    /// Whole rupiah for each day on which a truck goes out.
    #[serde(default)]
    pub trip_fee_idr: i64,
    /// Grams a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_g_per_day: Option<i64>,
    /// Grams over all days of the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_g: Option<i64>,
    /// What ties offers together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<BundleTerms>,
}

/// What ties offers together, by their ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BundleTerms {
    /// The whole stock of each, or nothing of any.
    AllOrNothing {
        /// Offers.
        offers: Vec<i64>,
    },
    /// At most one.
    Xor {
        /// Offers.
        offers: Vec<i64>,
    },
    /// One offer becomes cheaper when enough of others is taken.
    Discount {
        /// Offers that are counted.
        when: Vec<i64>,
        /// Total from which it holds.
        at_least: i64,
        /// The offer that becomes cheaper.
        then: i64,
        /// Off its price.
        off_e4: i64,
    },
}

/// Binds an offer of a seller to a round, with its terms.
pub fn attach(work: &mut Work<'_>, bound: &Bound, terms: &OfferTerms) -> Result<(), AppError> {
    let text = serde_json::to_string(terms).map_err(AppError::internal)?;
    Ok(store::insert_terms(work.connection, bound, &text)?)
}

/// What an offer is bound to.
#[expect(clippy::struct_field_names, reason = "columns of the same names")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// The offer.
    pub offer_id: i64,
    /// The market.
    pub market_id: i64,
    /// The round: in any other the offer does not take part.
    pub round_id: i64,
    /// The seller.
    pub seller_id: i64,
    /// The lot that the bid was for.
    pub lot_id: i64,
}

/// Writes terms of all that a seller offers in a round; `bid_id` says which bid stated them.
pub fn attach_seller(
    work: &mut Work<'_>,
    (bid_id, market_id, round_id, seller_id): (i64, i64, i64, i64),
    terms: &SellerTerms,
) -> Result<(), AppError> {
    let text = serde_json::to_string(terms).map_err(AppError::internal)?;
    Ok(store::insert_seller_terms(work.connection, (bid_id, market_id, round_id, seller_id), &text)?)
}

/// The rounds that these offers are bound to, and their terms; offers without terms are left out.
pub fn list_of_offers(
    connection: &mut DbConnection,
    scope: &Scope,
    offer_ids: &[i64],
) -> Result<BTreeMap<i64, (i64, OfferTerms)>, AppError> {
    let rows = store::list_terms(connection, scope, offer_ids)?;
    rows.into_iter()
        .map(|(offer_id, round_id, text)| {
            let terms = serde_json::from_str(&text).map_err(AppError::unknown_stored)?;
            Ok((offer_id, (round_id, terms)))
        })
        .collect()
}

/// Terms of sellers in a round, by the order in which their bids came.
pub fn list_of_sellers(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
) -> Result<Vec<(i64, SellerTerms)>, AppError> {
    let rows = store::list_seller_terms(connection, scope, round_id)?;
    rows.into_iter()
        .map(|(seller_id, text)| Ok((seller_id, serde_json::from_str(&text).map_err(AppError::unknown_stored)?)))
        .collect()
}
