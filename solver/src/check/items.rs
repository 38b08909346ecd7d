//! A problem of packages: everything that is sold is taken whole or not at all, and by one demand each.
//!
//! Only such problems can have a proof by cases. What a package costs, brings and counts in every row follows from the
//! published formulation with `k = packs × x` put in. See `solver/README.md`, "Proof by cases".

use std::collections::{HashMap, HashSet};

use super::book::{Arc, Book, Reach};
use super::keys::{Key, require};
use super::report::Code;
use super::rules::pack_grams;
use crate::plan::RowName;
use crate::problem::{Bundle, Problem, ShareBy};

/// What a package brings to one demand.
#[derive(Debug, Clone, Copy)]
pub struct Piece {
    pub demand: usize,
    pub offer: usize,
    /// Packs of the offer, and what they amount to in steps of the demand.
    pub packs: i128,
    pub steps: i128,
    /// Freight of a base unit, ticks.
    unit_freight: i128,
}

/// A package: an all-or-nothing bundle, or one pack of an offer in none.
#[derive(Debug, Clone)]
pub struct Item {
    pub supplier: usize,
    pub pieces: Vec<Piece>,
    /// Ticks.
    pub cost: i128,
}

/// All packages of a problem.
pub struct Items {
    pub items: Vec<Item>,
    /// By demand.
    pub reach: Vec<Reach>,
}

/// A row of the tree.
pub enum Rule {
    Xor(HashSet<usize>),
    MaxSuppliers(usize),
    MaxShare(usize, usize, i128),
    ClassShare(usize),
    Budget(usize),
    /// Half of the records that a package touches, rounded down: demands, and one supplier at most.
    Halves(Vec<usize>, Option<usize>),
}

impl Items {
    /// `None` where the problem is not one of packages.
    pub fn of(book: &Book) -> Option<Self> {
        let problem = book.problem;
        if !has_only_packages(problem) {
            return None;
        }
        let (mut arc_of, mut reach, mut arcs) = (HashMap::new(), Vec::new(), Vec::new());
        for demand in 0..problem.demands.len() {
            book.arcs(demand, &mut arcs);
            reach.push(book.reach(demand, &arcs));
            for arc in &arcs {
                if arc_of.insert(arc.offer, (demand, *arc)).is_some() {
                    return None;
                }
            }
        }
        let mut found = Self { items: Vec::new(), reach };
        let mut bundled = HashSet::new();
        for bundle in &problem.bundles {
            let Bundle::AllOrNothing { offers, .. } = bundle else { continue };
            let offers: Vec<usize> = offers.iter().map(|id| book.offer_at[id.as_str()]).collect();
            if !offers.iter().all(|&offer| bundled.insert(offer)) {
                return None;
            }
            found.add_bundle(book, &offers, &arc_of)?;
        }
        for offer in (0..problem.offers.len()).filter(|offer| !bundled.contains(offer)) {
            if let Some((demand, arc)) = arc_of.get(&offer) {
                match found.most(*demand, arc) {
                    0 => {}
                    1 => found.add(book, &[(*demand, *arc, 1)]),
                    _ => return None,
                }
            }
        }
        Some(found)
    }

    /// Most packs of an arc.
    fn most(&self, demand: usize, arc: &Arc) -> i64 {
        (self.reach[demand].most / arc.weight).min(arc.stock)
    }

    /// Adds a bundle that can be sold whole; `None` where its offers are not of one supplier.
    fn add_bundle(&mut self, book: &Book, offers: &[usize], arc_of: &HashMap<usize, (usize, Arc)>) -> Option<()> {
        let supplier = |offer: &usize| book.offers[*offer].supplier;
        if offers.iter().any(|offer| supplier(offer) != supplier(&offers[0])) {
            return None;
        }
        let mut parts = Vec::with_capacity(offers.len());
        for offer in offers {
            // Nothing can be sold of a bundle with an offer that has no place for its stock.
            let Some((demand, arc)) = arc_of.get(offer) else { return Some(()) };
            if self.most(*demand, arc) < arc.stock {
                return Some(());
            }
            parts.push((*demand, *arc, arc.stock));
        }
        if !parts.is_empty() {
            self.add(book, &parts);
        }
        Some(())
    }

    fn add(&mut self, book: &Book, parts: &[(usize, Arc, i64)]) {
        let piece = |&(demand, arc, packs): &(usize, Arc, i64)| Piece {
            demand,
            offer: arc.offer,
            packs: packs.into(),
            steps: i128::from(packs) * i128::from(arc.weight / self.reach[demand].step.max(1)),
            unit_freight: arc.unit_freight,
        };
        let cost = parts.iter().map(|(_, arc, packs)| arc.cost.saturating_mul((*packs).into()));
        self.items.push(Item {
            supplier: book.offers[parts[0].1.offer].supplier,
            pieces: parts.iter().map(piece).collect(),
            cost: cost.fold(0, i128::saturating_add),
        });
    }

    /// Reads a row of the tree.
    pub fn rule(&self, book: &Book, name: &RowName) -> Result<Rule, Code> {
        let key = Key { book, fields: &name.key };
        let length = match name.row.as_str() {
            "max_share" => 2,
            "halves" | "supplier_halves" => name.key.len().max(3),
            _ => 1,
        };
        let rule = match name.row.as_str() {
            "xor" => match &book.problem.bundles[key.bundle(0)?] {
                Bundle::Xor { offers, .. } => Rule::Xor(offers.iter().map(|id| book.offer_at[id.as_str()]).collect()),
                _ => return Err(Code::CertificateShape),
            },
            "max_suppliers" => {
                let buyer = key.buyer(0)?;
                let serves = |item: &Item| item.serves(book, buyer);
                require(book.problem.buyers[buyer].max_suppliers.is_some() && self.sells_once(book, serves))?;
                Rule::MaxSuppliers(buyer)
            }
            "max_share" => {
                let (supplier, buyer) = (key.supplier(0)?, key.buyer(1)?);
                let most = book.problem.buyers[buyer].max_supplier_share_permille.ok_or(Code::CertificateShape)?;
                Rule::MaxShare(supplier, buyer, most.into())
            }
            "class_share" => {
                let id = key.fields.first().ok_or(Code::CertificateShape)?;
                let at = book.problem.class_shares.iter().position(|share| share.id == *id);
                Rule::ClassShare(at.ok_or(Code::CertificateShape)?)
            }
            "budget" => {
                let buyer = key.buyer(0)?;
                require(book.problem.buyers[buyer].budget.is_some())?;
                Rule::Budget(buyer)
            }
            "halves" => Rule::Halves(self.filled_once(&key, 0)?, None),
            "supplier_halves" => {
                let supplier = key.supplier(0)?;
                require(self.sells_once(book, |item| item.supplier == supplier))?;
                Rule::Halves(self.filled_once(&key, 1)?, Some(supplier))
            }
            _ => return Err(Code::UnknownRow),
        };
        require(name.key.len() == length)?;
        Ok(rule)
    }

    /// The demands of a key from here on, all different, each of which one package fills to its limit.
    fn filled_once(&self, key: &Key, first: usize) -> Result<Vec<usize>, Code> {
        let demands: Vec<usize> = (first..key.fields.len()).map(|at| key.demand(at)).collect::<Result<_, _>>()?;
        let different: HashSet<usize> = demands.iter().copied().collect();
        let is_one_step = |&demand: &usize| self.reach[demand].most == self.reach[demand].step;
        require(different.len() == demands.len() && demands.iter().all(is_one_step))?;
        Ok(demands)
    }

    /// Whether no supplier can sell two of these packages: each has one only, or all are in one exclusive bundle.
    fn sells_once(&self, book: &Book, is_counted: impl Fn(&Item) -> bool) -> bool {
        let mut rivals: HashMap<usize, HashSet<usize>> = HashMap::new();
        for (at, bundle) in book.problem.bundles.iter().enumerate() {
            let Bundle::Xor { offers, .. } = bundle else { continue };
            for id in offers {
                rivals.entry(book.offer_at[id.as_str()]).or_default().insert(at);
            }
        }
        let mut shared: HashMap<usize, (usize, HashSet<usize>)> = HashMap::new();
        for item in self.items.iter().filter(|item| is_counted(item)) {
            let own = item.pieces.iter().filter_map(|piece| rivals.get(&piece.offer)).flatten().copied();
            let own: HashSet<usize> = own.collect();
            match shared.get_mut(&item.supplier) {
                Some((count, all)) => {
                    *count += 1;
                    all.retain(|at| own.contains(at));
                }
                None => _ = shared.insert(item.supplier, (1, own)),
            }
        }
        shared.values().all(|(count, all)| *count == 1 || !all.is_empty())
    }
}

impl Item {
    fn serves(&self, book: &Book, buyer: usize) -> bool {
        self.pieces.iter().any(|piece| book.demands[piece.demand].buyer == buyer)
    }

    /// Coefficient in a row.
    pub fn coefficient(&self, book: &Book, rule: &Rule) -> Option<i128> {
        let of_buyer = |buyer: usize| self.pieces.iter().filter(move |piece| book.demands[piece.demand].buyer == buyer);
        match rule {
            Rule::Xor(offers) => {
                i128::try_from(self.pieces.iter().filter(|piece| offers.contains(&piece.offer)).count()).ok()
            }
            Rule::MaxSuppliers(buyer) => Some(i128::from(self.serves(book, *buyer))),
            Rule::Halves(demands, supplier) => {
                let touches = |demand: &&usize| self.pieces.iter().any(|piece| piece.demand == **demand);
                let touched = demands.iter().filter(touches).count() + usize::from(*supplier == Some(self.supplier));
                i128::try_from(touched / 2).ok()
            }
            Rule::MaxShare(supplier, buyer, most) => {
                let own = if *supplier == self.supplier { 1000 } else { 0 };
                sum(of_buyer(*buyer).map(|piece| piece.worth(book)))?.checked_mul(own - most)
            }
            Rule::Budget(buyer) => sum(of_buyer(*buyer).map(|piece| {
                let pack = i128::from(book.problem.offers[piece.offer].pack);
                piece.worth(book)?.checked_add(piece.unit_freight.checked_mul(pack)?.checked_mul(piece.packs)?)
            })),
            Rule::ClassShare(at) => {
                let share = &book.problem.class_shares[*at];
                let counts = share.classes.contains(&book.problem.suppliers[self.supplier].class);
                let only = share.buyer.as_ref().map(|id| book.buyer_at[id.as_str()]);
                let counted =
                    self.pieces.iter().filter(|piece| only.is_none_or(|b| b == book.demands[piece.demand].buyer));
                let amount = |piece: &Piece| match share.by {
                    ShareBy::Value => piece.worth(book),
                    ShareBy::Quantity => pack_grams(book, piece.offer).checked_mul(piece.packs),
                };
                let least = i128::from(share.min_permille);
                sum(counted.map(amount))?.checked_mul(least - if counts { 1000 } else { 0 })
            }
        }
    }
}

impl Piece {
    /// List value, ticks.
    fn worth(&self, book: &Book) -> Option<i128> {
        let offer = &book.problem.offers[self.offer];
        (i128::from(offer.pack) * i128::from(offer.price)).checked_mul(self.packs)
    }
}

impl Rule {
    /// Whether its prices are in 1/scale ticks.
    pub fn is_money(&self) -> bool {
        matches!(self, Self::MaxShare(..) | Self::ClassShare(_) | Self::Budget(_))
    }

    /// Right-hand side.
    pub fn limit(&self, book: &Book) -> i128 {
        match self {
            Self::Halves(demands, supplier) => {
                let count = demands.len() + usize::from(supplier.is_some());
                i128::try_from(count / 2).unwrap_or(0)
            }
            Self::Xor(_) => 1,
            Self::MaxSuppliers(buyer) => book.problem.buyers[*buyer].max_suppliers.unwrap_or(0).into(),
            Self::Budget(buyer) => book.problem.buyers[*buyer].budget.unwrap_or(0).into(),
            Self::MaxShare(..) | Self::ClassShare(_) => 0,
        }
    }
}

fn sum(parts: impl Iterator<Item = Option<i128>>) -> Option<i128> {
    parts.into_iter().try_fold(0_i128, |sum, part| sum.checked_add(part?))
}

/// Whether only terms occur that packages can have.
fn has_only_packages(problem: &Problem) -> bool {
    problem.pins.is_empty()
        && problem.incumbent.is_none()
        && problem.fairness.is_none()
        && problem.buyers.iter().all(|buyer| buyer.min_suppliers.is_none())
        && problem.suppliers.iter().all(|supplier| {
            let fees = [supplier.min_order_value, supplier.drop_fee, supplier.trip_fee];
            fees == [0; 3] && supplier.capacity_g_per_day.is_none() && supplier.capacity_g.is_none()
        })
        && problem
            .offers
            .iter()
            .all(|offer| offer.tiers.is_empty() && offer.stock_per_day.is_none() && offer.min_total == 0)
        && !problem.bundles.iter().any(|bundle| matches!(bundle, Bundle::Discount { .. }))
}
