//! Reads the multipliers of a certificate: each row of the published formulation, spread over what it touches.
//!
//! A row that names records is only accepted when they exist and have the term that the row speaks of. Every accepted
//! row holds for every allowed plan, so any price ≥ 0 on it keeps the bound a bound.

use std::collections::{BTreeMap, HashMap};

use super::book::{Book, day_packs};
use super::keys::{Key, require};
use super::report::{Code, Report, Violation};
use super::rules::pack_grams;
use super::shape;
pub use super::variables::{PairFamily, PairRow, Variable};
use crate::plan::{Certificate, Floor, RowPrice};
use crate::problem::{Bundle, Offer, TierKind};

/// All multipliers, spread over arcs and variables.
pub struct Prices<'a> {
    pub scale: i64,
    pub demand: &'a [i64],
    /// Coefficient of a pack of each offer on every arc and day, the stock price included.
    pub per_offer: Vec<i128>,
    /// Coefficient of a pack of an offer on one day.
    pub per_offer_day: HashMap<(usize, i64), i128>,
    /// Price of a gram of a supplier on one day.
    pub per_supplier_day: HashMap<(usize, i64), i128>,
    /// Price of a gram of a supplier on any day; part of `per_offer` once all rows are read.
    per_supplier: HashMap<usize, i128>,
    /// Coefficient of a pack from a supplier to a buyer.
    pub per_order: HashMap<(usize, usize), i128>,
    /// Coefficient of a tick of list value from a supplier to a buyer.
    pub order_value: HashMap<(usize, usize), i128>,
    /// Coefficient of a tick of list value to a buyer.
    pub buyer_value: HashMap<usize, i128>,
    pub budget: HashMap<usize, i128>,
    pub max_suppliers: HashMap<usize, i128>,
    pub min_suppliers: HashMap<usize, i128>,
    /// Class share (position) and price.
    pub class_shares: Vec<(usize, i128)>,
    /// Price of a wanted base unit of a commodity, by position.
    pub per_unit: HashMap<usize, i128>,
    /// Rows of pairs by demand, sorted by offer.
    pub pairs: HashMap<usize, Vec<PairRow>>,
    /// Coefficients of variables, without their costs.
    pub variables: BTreeMap<Variable, i128>,
    /// Σ price × right-hand side.
    pub right_hand_side: i128,
}

/// Reads a certificate; `None` when it has faults that leave no bound to compute.
pub fn read<'a>(
    book: &Book,
    certificate: &'a Certificate,
    floors: &[Floor],
    report: &mut Report,
) -> Option<Prices<'a>> {
    let before = report.count();
    shape::check_shape(book, certificate, report);
    shape::check_range("demand_prices", &certificate.demand_prices, -shape::MAX_MULTIPLIER, report);
    shape::check_range("offer_prices", &certificate.offer_prices, 0, report);
    shape::check_row_order(&certificate.rows, report);
    if report.count() != before {
        return None;
    }
    let mut prices = Prices::new(book, certificate);
    for (at, row) in certificate.rows.iter().enumerate() {
        let read =
            if row.row == "fair_total" { prices.add_floor(book, row, floors) } else { prices.add(book, at, row) };
        if let Err(code) = read {
            let text = format!("Row '{}' {:?} is not one of the published rows of this problem.", row.row, row.key);
            report.add(Violation::new(code, format!("/certificate/rows/{at}"), &[&row.row], text));
        }
    }
    prices.spread_capacities(book);
    prices.pairs.values_mut().for_each(|rows| rows.sort_by_key(|row| row.offer));
    (report.count() == before).then_some(prices)
}

/// Packs in stock, in all.
fn stock(offer: &Offer) -> i128 {
    (offer.stock / offer.pack).into()
}

/// Packs from which a tier holds.
fn tier_start(offer: &Offer, tier: usize) -> i128 {
    (offer.tiers[tier].from_quantity / offer.pack).into()
}

impl<'a> Prices<'a> {
    fn new(book: &Book, certificate: &'a Certificate) -> Self {
        let per_offer: Vec<_> = certificate.offer_prices.iter().map(|&price| i128::from(price)).collect();
        let stocks = book.problem.offers.iter().zip(&per_offer);
        Self {
            scale: certificate.scale,
            demand: &certificate.demand_prices,
            right_hand_side: stocks.map(|(offer, price)| price * stock(offer)).sum(),
            per_offer,
            per_offer_day: HashMap::new(),
            per_supplier_day: HashMap::new(),
            per_supplier: HashMap::new(),
            per_order: HashMap::new(),
            order_value: HashMap::new(),
            buyer_value: HashMap::new(),
            budget: HashMap::new(),
            max_suppliers: HashMap::new(),
            min_suppliers: HashMap::new(),
            class_shares: Vec::new(),
            per_unit: HashMap::new(),
            pairs: HashMap::new(),
            variables: BTreeMap::new(),
        }
    }

    fn add(&mut self, book: &Book, at: usize, row: &RowPrice) -> Result<(), Code> {
        let key = Key { book, fields: &row.key };
        let price = i128::from(row.price);
        let length = match row.row.as_str() {
            "offer_stock" | "offer_min" | "tier_one" | "tier_sum" | "xor" | "discount_reach" | "max_suppliers"
            | "min_suppliers" | "class_share" | "budget" | "keep_low" | "keep_high" | "capacity_in_all" => 1,
            "line_link" | "line_min" | "drop_link" | "trip_link" | "bundle_link" => 3,
            _ => 2,
        };
        let read = match row.row.as_str() {
            "stock_day" | "capacity" | "trip_stock" => self.add_daily(&key, &row.row, price),
            "line_link" | "line_min" | "drop_link" | "trip_link" | "order_link" | "offer_link" | "bundle_link"
            | "keep_low" | "keep_high" => self.add_pair(&key, &row.row, at, price),
            "offer_stock" | "offer_min" | "tier_reach" | "tier_link" | "tier_one" | "tier_sum" => {
                self.add_offer(&key, &row.row, price)
            }
            "bundle_all" | "bundle_none" | "xor" | "discount_reach" | "discount_link" | "discount_sum" => {
                self.add_bundle(&key, &row.row, price)
            }
            "order_min" | "supplier_used" | "buyer_link" | "max_share" => self.add_order(&key, &row.row, price),
            "max_suppliers" | "min_suppliers" | "class_share" | "budget" => self.add_buyer(&key, &row.row, price),
            "capacity_in_all" => self.add_capacity(&key, price),
            _ => return Err(Code::UnknownRow),
        };
        read.and_then(|()| require(row.key.len() == length))
    }

    fn add_capacity(&mut self, key: &Key, price: i128) -> Result<(), Code> {
        let supplier = key.supplier(0)?;
        let limit = key.book.problem.suppliers[supplier].capacity_g.ok_or(Code::CertificateShape)?;
        self.right_hand_side += price * i128::from(limit);
        *self.per_supplier.entry(supplier).or_default() += price;
        Ok(())
    }

    /// What a gram of a supplier costs, on the packs of all its offers.
    fn spread_capacities(&mut self, book: &Book) {
        if self.per_supplier.is_empty() {
            return;
        }
        for (offer, price) in self.per_offer.iter_mut().enumerate() {
            if let Some(gram) = self.per_supplier.get(&book.offers[offer].supplier) {
                *price += gram * pack_grams(book, offer);
            }
        }
    }

    fn on(&mut self, variable: Variable, coefficient: i128) {
        *self.variables.entry(variable).or_default() += coefficient;
    }

    fn add_daily(&mut self, key: &Key, family: &str, price: i128) -> Result<(), Code> {
        let day = key.day(1)?;
        if family == "capacity" {
            let supplier = key.supplier(0)?;
            let limit = key.book.problem.suppliers[supplier].capacity_g_per_day.ok_or(Code::CertificateShape)?;
            self.right_hand_side += price * i128::from(limit);
            *self.per_supplier_day.entry((supplier, day)).or_default() += price;
            return Ok(());
        }
        let offer = key.offer(0)?;
        let daily = i128::from(day_packs(&key.book.problem.offers[offer]));
        *self.per_offer_day.entry((offer, day)).or_default() += price;
        if family == "stock_day" {
            self.right_hand_side += price * daily;
        } else {
            self.on(Variable::Trip(key.book.offers[offer].supplier, day), -price * daily);
        }
        Ok(())
    }

    fn add_pair(&mut self, key: &Key, family: &str, at: usize, price: i128) -> Result<(), Code> {
        let (demand, offer, day, family) = match family {
            "keep_low" | "keep_high" => {
                let incumbent = key.book.problem.incumbent.as_ref().ok_or(Code::CertificateShape)?;
                let line = key.place_in(0, &incumbent.lines)?;
                let kept = &incumbent.lines[line];
                let pair = (key.book.demand_at[kept.demand.as_str()], key.book.offer_at[kept.offer.as_str()]);
                let family = if family == "keep_low" { PairFamily::KeepLow(line) } else { PairFamily::KeepHigh(line) };
                (pair.0, pair.1, Some(kept.day.ok_or(Code::CertificateShape)?), family)
            }
            "bundle_link" => {
                let bundle = key.bundle(0)?;
                let (demand, offer) = (key.demand(1)?, key.offer(2)?);
                let listed = matches!(&key.book.problem.bundles[bundle], Bundle::AllOrNothing { offers, .. }
                    if offers.contains(&key.book.problem.offers[offer].id));
                require(listed)?;
                (demand, offer, None, PairFamily::BundleLink(bundle))
            }
            "order_link" => (key.demand(0)?, key.offer(1)?, None, PairFamily::OrderLink),
            "offer_link" => (key.demand(0)?, key.offer(1)?, None, PairFamily::OfferLink),
            "line_link" => (key.demand(0)?, key.offer(1)?, Some(key.day(2)?), PairFamily::LineLink),
            "line_min" => (key.demand(0)?, key.offer(1)?, Some(key.day(2)?), PairFamily::LineMin),
            "drop_link" => (key.demand(0)?, key.offer(1)?, Some(key.day(2)?), PairFamily::DropLink),
            _ => (key.demand(0)?, key.offer(1)?, Some(key.day(2)?), PairFamily::TripLink),
        };
        self.pairs.entry(demand).or_default().push(PairRow { at, family, offer, day, price });
        Ok(())
    }

    fn add_offer(&mut self, key: &Key, family: &str, price: i128) -> Result<(), Code> {
        let at = key.offer(0)?;
        let offer = &key.book.problem.offers[at];
        let all_unit = offer.tier_kind == TierKind::AllUnit;
        match family {
            "offer_stock" => {
                self.per_offer[at] += price;
                self.on(Variable::Used(at), -stock(offer) * price);
            }
            "offer_min" => {
                let least = (i128::from(offer.min_total) + i128::from(offer.pack) - 1) / i128::from(offer.pack);
                self.per_offer[at] -= price;
                self.on(Variable::Used(at), least * price);
            }
            "tier_reach" => {
                let tier = key.place_in(1, &offer.tiers)?;
                self.per_offer[at] -= price;
                self.on(Variable::TierReached(at, tier), tier_start(offer, tier) * price);
                if !all_unit {
                    self.on(Variable::TierPacks(at, tier), price);
                }
            }
            "tier_link" => {
                let tier = key.place_in(1, &offer.tiers)?;
                let room = if all_unit { stock(offer) } else { stock(offer) - tier_start(offer, tier) };
                self.on(Variable::TierPacks(at, tier), price);
                self.on(Variable::TierReached(at, tier), -room * price);
            }
            "tier_one" => {
                require(all_unit)?;
                self.right_hand_side += price;
                (0..offer.tiers.len()).for_each(|tier| self.on(Variable::TierReached(at, tier), price));
            }
            _ => {
                require(all_unit)?;
                self.per_offer[at] -= price;
                (0..offer.tiers.len()).for_each(|tier| self.on(Variable::TierPacks(at, tier), price));
            }
        }
        Ok(())
    }

    fn add_bundle(&mut self, key: &Key, family: &str, price: i128) -> Result<(), Code> {
        let at = key.bundle(0)?;
        let book = key.book;
        let place = |id: &String| book.offer_at[id.as_str()];
        let packs = |offer: usize| stock(&book.problem.offers[offer]);
        match (family, &book.problem.bundles[at]) {
            ("bundle_all", Bundle::AllOrNothing { offers, .. }) => {
                let offer = key.offer(1)?;
                require(offers.contains(&book.problem.offers[offer].id))?;
                self.per_offer[offer] -= price;
                self.on(Variable::Taken(at), packs(offer) * price);
            }
            ("bundle_none", Bundle::AllOrNothing { offers, .. }) => {
                let offer = key.offer(1)?;
                require(offers.contains(&book.problem.offers[offer].id))?;
                self.per_offer[offer] += price;
                self.on(Variable::Taken(at), -packs(offer) * price);
            }
            ("xor", Bundle::Xor { offers, .. }) => {
                self.right_hand_side += price;
                for id in offers {
                    self.on(Variable::Used(place(id)), price);
                }
            }
            ("discount_reach", Bundle::Discount { when, at_least, .. }) => {
                for offer in when.iter().map(place) {
                    self.per_offer[offer] -= price * i128::from(book.problem.offers[offer].pack);
                }
                self.on(Variable::Reached(at), price * i128::from(*at_least));
            }
            ("discount_link" | "discount_sum", Bundle::Discount { then, .. }) => {
                let offer = key.offer(1)?;
                require(then.contains(&book.problem.offers[offer].id))?;
                self.on(Variable::Discounted(at, offer), price);
                if family == "discount_link" {
                    self.on(Variable::Reached(at), -packs(offer) * price);
                } else {
                    self.per_offer[offer] -= price;
                }
            }
            _ => return Err(Code::CertificateShape),
        }
        Ok(())
    }

    fn add_order(&mut self, key: &Key, family: &str, price: i128) -> Result<(), Code> {
        let (supplier, buyer) = (key.supplier(0)?, key.buyer(1)?);
        let order = (supplier, buyer);
        match family {
            "order_min" => {
                let least = i128::from(key.book.problem.suppliers[supplier].min_order_value);
                *self.order_value.entry(order).or_default() -= price;
                self.on(Variable::Order(supplier, buyer), least * price);
            }
            "supplier_used" => {
                *self.per_order.entry(order).or_default() -= price;
                self.on(Variable::Order(supplier, buyer), price);
            }
            "buyer_link" => {
                self.on(Variable::Order(supplier, buyer), price);
                self.on(Variable::Buys(buyer), -price);
            }
            _ => {
                let most = key.book.problem.buyers[buyer].max_supplier_share_permille.ok_or(Code::CertificateShape)?;
                *self.order_value.entry(order).or_default() += 1000 * price;
                *self.buyer_value.entry(buyer).or_default() -= i128::from(most) * price;
            }
        }
        Ok(())
    }

    fn add_buyer(&mut self, key: &Key, family: &str, price: i128) -> Result<(), Code> {
        if family == "class_share" {
            let id = key.fields.first().ok_or(Code::CertificateShape)?;
            let shares = &key.book.problem.class_shares;
            let at = shares.iter().position(|share| share.id == *id).ok_or(Code::CertificateShape)?;
            self.class_shares.push((at, price));
            return Ok(());
        }
        let at = key.buyer(0)?;
        let buyer = &key.book.problem.buyers[at];
        match family {
            "max_suppliers" => {
                let most = buyer.max_suppliers.ok_or(Code::CertificateShape)?;
                self.right_hand_side += price * i128::from(most);
                self.max_suppliers.insert(at, price);
            }
            "min_suppliers" => {
                let least = buyer.min_suppliers.ok_or(Code::CertificateShape)?;
                self.min_suppliers.insert(at, price);
                self.on(Variable::Buys(at), price * i128::from(least));
            }
            _ => {
                let budget = buyer.budget.ok_or(Code::CertificateShape)?;
                self.right_hand_side = self.right_hand_side.saturating_add(price.saturating_mul(budget.into()));
                self.budget.insert(at, price);
                *self.buyer_value.entry(at).or_default() += price;
            }
        }
        Ok(())
    }
}
