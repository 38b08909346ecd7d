//! A component as packages: everything in it is taken whole or not at all, by one demand each.
//!
//! Such a part has one column for each package instead of one for each line, bundle and switch, and hardly more rows than
//! lots and bidders. `solver/README.md`, "Proof by cases", says which problems these are.

use crate::candidates::{self, gcd};
use crate::engines::need::need_value;
use crate::model::Model;
use crate::pipeline::{Component, KeyPart, RowKey};
use crate::problem::{Bundle, ShareBy};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a package brings to one demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Slot of the demand in the component.
    pub slot: usize,
    /// Index of the offer.
    pub offer: usize,
    /// Packs of the offer.
    pub packs: i64,
    /// What they amount to in steps of the demand.
    pub steps: i64,
}

/// What is taken or left as a whole.
#[derive(Debug, Clone)]
pub struct Item {
    /// Index of the supplier.
    pub supplier: usize,
    /// By offer, ascending.
    pub pieces: Vec<Piece>,
    /// Ticks.
    pub cost: i128,
    /// Rows with coefficients, rows ascending.
    pub rows: Vec<(usize, i128)>,
}

/// A row over packages: Σ coefficient × taken ≤ limit.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub key: RowKey,
    /// Right-hand side.
    pub limit: i128,
    /// Whether it is in money, so that its price is a fraction of a tick.
    pub is_money: bool,
}

/// The packages of a component.
#[derive(Debug, Clone)]
pub struct Items<'a> {
    /// The model.
    pub model: &'a Model<'a>,
    /// The component.
    pub component: &'a Component,
    /// Packages, by first offer.
    pub all: Vec<Item>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Row of each supplier that excludes all its packages from one another, and nobody else's.
    pub exclusive: BTreeMap<usize, usize>,
    /// What the cost of every plan is a multiple of, ticks.
    pub grain: i128,
}

impl<'a> Items<'a> {
    /// `None` where something can be sold in another way, or where other parts have lines too.
    pub fn of(model: &'a Model<'a>, component: &'a Component) -> Option<Self> {
        if !has_only_packages(model) || !is_all(model, component) {
            return None;
        }
        let (rows, exclusive) = (Vec::new(), BTreeMap::new());
        let mut found = Self { model, component, all: Vec::new(), rows, exclusive, grain: 1 };
        found.add_items()?;
        found.all.sort_by(|a, b| a.pieces.iter().map(|p| p.offer).cmp(b.pieces.iter().map(|p| p.offer)));
        found.add_xors();
        found.add_counts()?;
        found.add_max_shares();
        found.add_class_shares();
        found.add_budgets();
        found.grain = found.measure();
        Some(found)
    }

    fn add_items(&mut self) -> Option<()> {
        let mut arcs = HashMap::new();
        for (slot, own) in self.component.arcs.iter().enumerate() {
            for arc in own {
                if arcs.insert(arc.offer, (slot, *arc)).is_some() {
                    return None;
                }
            }
        }
        let known = self.model.offers_by_id();
        let mut bundled = BTreeSet::new();
        for bundle in &self.model.problem.bundles {
            let Bundle::AllOrNothing { offers, .. } = bundle else { continue };
            let mut offers: Vec<usize> = offers.iter().map(|id| known[id.as_str()]).collect();
            offers.sort_unstable();
            let supplier = self.model.offers[*offers.first()?].supplier;
            let is_mixed = offers.iter().any(|&offer| self.model.offers[offer].supplier != supplier);
            if is_mixed || !offers.iter().all(|&offer| bundled.insert(offer)) {
                return None;
            }
            let whole = |offer: &usize| arcs.get(offer).map(|arc| (*arc, self.model.offers[*offer].packs));
            let parts: Option<Vec<_>> = offers.iter().map(whole).collect();
            let parts = parts.filter(|parts| parts.iter().all(|((slot, arc), packs)| self.most(*slot, arc) == *packs));
            parts.into_iter().for_each(|parts| self.add(&parts));
        }
        for (offer, (slot, arc)) in arcs {
            match self.most(slot, &arc) {
                _ if bundled.contains(&offer) => {}
                0 => {}
                1 => self.add(&[((slot, arc), 1)]),
                _ => return None,
            }
        }
        Some(())
    }

    /// Most packs of an arc.
    fn most(&self, slot: usize, arc: &candidates::Arc) -> i64 {
        (self.component.reach[slot].most / arc.units).min(self.model.offers[arc.offer].packs)
    }

    fn add(&mut self, parts: &[((usize, candidates::Arc), i64)]) {
        let piece = |&((slot, arc), packs): &((usize, candidates::Arc), i64)| {
            let steps = packs * (arc.units / self.component.reach[slot].step);
            Piece { slot, offer: arc.offer, packs, steps }
        };
        let cost = |((_, arc), packs): &((usize, candidates::Arc), i64)| i128::from(arc.cost) * i128::from(*packs);
        self.all.push(Item {
            supplier: self.model.offers[parts[0].0.1.offer].supplier,
            pieces: parts.iter().map(piece).collect(),
            cost: parts.iter().map(cost).sum(),
            rows: Vec::new(),
        });
    }

    /// Adds a row with what each package counts in it.
    fn row(&mut self, family: &'static str, key: Vec<KeyPart>, limit: i128, terms: &[(usize, i128)]) {
        let at = self.rows.len();
        let is_money = !matches!(family, "xor" | "max_suppliers");
        self.rows.push(Row { key: RowKey { family, key }, limit, is_money });
        terms.iter().filter(|term| term.1 != 0).for_each(|&(item, c)| self.all[item].rows.push((at, c)));
    }

    /// What every package counts, by place.
    fn terms(&self, count: impl Fn(&Item) -> i128) -> Vec<(usize, i128)> {
        self.all.iter().map(count).enumerate().collect()
    }

    fn add_xors(&mut self) {
        let known = self.model.offers_by_id();
        let mut groups: Vec<(BTreeSet<usize>, usize)> = Vec::new();
        for (at, bundle) in self.model.problem.bundles.iter().enumerate() {
            if let Bundle::Xor { offers, .. } = bundle {
                groups.push((offers.iter().map(|id| known[id.as_str()]).collect(), at));
            }
        }
        groups.sort();
        for (offers, at) in groups {
            let listed = |item: &Item| item.pieces.iter().filter(|piece| offers.contains(&piece.offer)).count();
            let terms = self.terms(|item| i128::try_from(listed(item)).unwrap_or(0));
            let members: BTreeSet<usize> = terms.iter().filter(|term| term.1 > 0).map(|term| term.0).collect();
            let suppliers: BTreeSet<usize> = members.iter().map(|&item| self.all[item].supplier).collect();
            let is_of =
                |supplier: usize, (at, item): (usize, &Item)| item.supplier != supplier || members.contains(&at);
            if let (Some(&supplier), 1) = (suppliers.first(), suppliers.len())
                && self.all.iter().enumerate().all(|item| is_of(supplier, item))
            {
                self.exclusive.insert(supplier, self.rows.len());
            }
            self.row("xor", vec![KeyPart::Bundle(at)], 1, &terms);
        }
    }

    fn buyer(&self, piece: &Piece) -> usize {
        self.model.demands[self.component.demands[piece.slot]].buyer
    }

    /// Buyers with a rule.
    fn buyers(&self, has_rule: impl Fn(&crate::model::Buyer) -> bool) -> Vec<usize> {
        let own: BTreeSet<usize> =
            self.component.demands.iter().map(|&demand| self.model.demands[demand].buyer).collect();
        own.into_iter().filter(|&buyer| has_rule(&self.model.buyers[buyer])).collect()
    }

    /// `None` where a supplier could sell two packages to a buyer whose suppliers are counted.
    fn add_counts(&mut self) -> Option<()> {
        for buyer in self.buyers(|buyer| buyer.max_suppliers.is_some()) {
            let most = self.model.buyers[buyer].max_suppliers?;
            let terms = self.terms(|item| i128::from(item.pieces.iter().any(|piece| self.buyer(piece) == buyer)));
            let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
            let own = terms.iter().filter(|term| term.1 > 0);
            own.for_each(|term| *counts.entry(self.all[term.0].supplier).or_default() += 1);
            if counts.iter().any(|(supplier, &count)| count > 1 && !self.exclusive.contains_key(supplier)) {
                return None;
            }
            self.row("max_suppliers", vec![KeyPart::Buyer(buyer)], most.into(), &terms);
        }
        Some(())
    }

    /// List value of what a package brings to the demands of a buyer, ticks.
    fn worth(&self, item: &Item, is_counted: impl Fn(usize) -> bool) -> i128 {
        let value = |piece: &Piece| {
            let offer = &self.model.offers[piece.offer];
            i128::from(offer.pack) * i128::from(offer.price) * i128::from(piece.packs)
        };
        item.pieces.iter().filter(|piece| is_counted(self.buyer(piece))).map(value).sum()
    }

    fn add_max_shares(&mut self) {
        for buyer in self.buyers(|buyer| buyer.max_share.is_some()) {
            let share = i128::from(self.model.buyers[buyer].max_share.unwrap_or(1000));
            let worth = self.terms(|item| self.worth(item, |own| own == buyer));
            let some = worth.iter().filter(|term| term.1 > 0).map(|term| self.all[term.0].supplier);
            let suppliers: BTreeSet<usize> = some.collect();
            for supplier in suppliers {
                let own = |item: usize| if self.all[item].supplier == supplier { 1000 } else { 0 };
                let terms: Vec<_> = worth.iter().map(|&(item, worth)| (item, worth * (own(item) - share))).collect();
                self.row("max_share", vec![KeyPart::Supplier(supplier), KeyPart::Buyer(buyer)], 0, &terms);
            }
        }
    }

    fn add_class_shares(&mut self) {
        let problem = self.model.problem;
        let mut rows = Vec::new();
        for (position, rule) in problem.class_shares.iter().enumerate() {
            let id = |buyer: usize| &problem.buyers[self.model.buyers[buyer].source].id;
            let is_counted = |buyer: usize| rule.buyer.as_ref().is_none_or(|only| only == id(buyer));
            let grams = |item: &Item| -> i128 {
                let counted = item.pieces.iter().filter(|piece| is_counted(self.buyer(piece)));
                counted.map(|p| i128::from(self.model.offers[p.offer].grams) * i128::from(p.packs)).sum()
            };
            let terms = self.terms(|item| {
                let amount = match rule.by {
                    ShareBy::Value => self.worth(item, is_counted),
                    ShareBy::Quantity => grams(item),
                };
                let counts = rule.classes.contains(&self.model.suppliers[item.supplier].class);
                amount * (i128::from(rule.min_permille) - if counts { 1000 } else { 0 })
            });
            rows.push((terms, position));
        }
        // By what they say, not by how the document orders them.
        rows.sort();
        for (terms, position) in rows {
            self.row("class_share", vec![KeyPart::Share(position)], 0, &terms);
        }
    }

    fn add_budgets(&mut self) {
        for buyer in self.buyers(|buyer| buyer.budget.is_some()) {
            let freight = |item: &Item| -> i128 {
                let own = item.pieces.iter().filter(|piece| self.buyer(piece) == buyer);
                own.map(|piece| i128::from(piece.packs) * self.pack_freight(piece)).sum()
            };
            let terms = self.terms(|item| self.worth(item, |own| own == buyer) + freight(item));
            let limit = self.model.buyers[buyer].budget.unwrap_or(i64::MAX);
            self.row("budget", vec![KeyPart::Buyer(buyer)], limit.into(), &terms);
        }
    }

    fn pack_freight(&self, piece: &Piece) -> i128 {
        let arcs = &self.component.arcs[piece.slot];
        let arc = arcs.iter().find(|arc| arc.offer == piece.offer);
        arc.map_or(0, |arc| i128::from(arc.freight) * i128::from(self.model.offers[piece.offer].pack))
    }

    /// Greatest common divisor of all that a plan can cost.
    fn measure(&self) -> i128 {
        let mut grain = self.all.iter().fold(0, |grain, item| gcd(grain, item.cost.abs()));
        for demand in &self.model.demands {
            grain = gcd(grain, i128::from(demand.premium_penalty) * i128::from(demand.quantity));
        }
        for (&demand, reach) in self.component.demands.iter().zip(&self.component.reach) {
            let penalty = self.model.demands[demand].premium_penalty;
            grain = gcd(grain, i128::from(penalty) * i128::from(reach.step));
        }
        grain.max(1)
    }

    /// Whether a row holds the share of one supplier: there is one for each, and hardly any is ever close.
    pub fn is_share(&self, row: usize) -> bool {
        self.rows[row].key.family == "max_share"
    }

    /// Whether a slot is one step that one package fills.
    pub fn is_single(&self, slot: usize) -> bool {
        let reach = self.component.reach[slot];
        reach.most == reach.step && reach.need == reach.step
    }

    /// Whether a row is left out of programs until it is asked for: shares, and rows that follow from others.
    pub fn is_optional(&self, row: usize) -> bool {
        matches!(self.rows[row].key.family, "max_share" | "halves" | "supplier_halves")
    }

    /// Ticks of shortage and price × steps, at the quantity where they are least.
    pub fn need(&self, slot: usize, price: i64) -> i128 {
        need_value(&self.model.demands[self.component.demands[slot]], self.component.reach[slot], price, 1)
    }

    /// The same where shortage counts nothing.
    pub fn free_need(&self, slot: usize, price: i64) -> i128 {
        let reach = self.component.reach[slot];
        (i128::from(price) * i128::from(reach.most / reach.step)).min(0)
    }

    /// Ticks of shortage when nothing of a demand is delivered.
    pub fn nothing(&self, slot: usize) -> i128 {
        self.model.demands[self.component.demands[slot]].shortage_cost(0)
    }

    /// Ticks that a whole step short of a demand counts.
    pub fn dearest(&self, slot: usize) -> i128 {
        let penalty = self.model.demands[self.component.demands[slot]].premium_penalty;
        i128::from(penalty) * i128::from(self.component.reach[slot].step)
    }
}

impl Item {
    /// Whether an offer is in the package.
    pub fn has_offer(&self, offer: usize) -> bool {
        self.pieces.iter().any(|piece| piece.offer == offer)
    }
}

/// Whether only terms occur that packages can have.
fn has_only_packages(model: &Model<'_>) -> bool {
    let problem = model.problem;
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

/// Whether no demand outside of the component can have a line.
fn is_all(model: &Model<'_>, component: &Component) -> bool {
    let own: BTreeSet<usize> = component.demands.iter().copied().collect();
    let has_arc = |demand: usize| {
        candidates::offers_for(model, demand).any(|offer| candidates::judge(model, demand, offer).is_ok())
    };
    (0..model.demands.len()).all(|demand| own.contains(&demand) || !has_arc(demand))
}
