//! Cuts a problem down to the part that one record can influence, so that trying a change out is quick.
//!
//! Two demands or offers belong together when a commodity, a substitute, a supplier's shared term, a buyer's shared term,
//! a bundle or a class share connects them. Costs of the parts add up, so a difference inside one part is the
//! difference of the whole.

use std::collections::{HashMap, HashSet};

use crate::check::Book;
use crate::problem::{Bundle, Buyer, Demand, Problem, Supplier};

/// Union-find over offers, then demands.
struct Parts {
    parent: Vec<usize>,
}

impl Parts {
    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        self.parent[left] = right;
    }

    /// Joins all members of each group.
    fn join_by<K: std::hash::Hash + Eq>(&mut self, members: impl Iterator<Item = (K, usize)>) {
        let mut first: HashMap<K, usize> = HashMap::new();
        for (key, member) in members {
            let head = *first.entry(key).or_insert(member);
            self.join(head, member);
        }
    }
}

fn ties_offers(supplier: &Supplier) -> bool {
    let Supplier { min_order_value, drop_fee, trip_fee, capacity_g_per_day, capacity_g, .. } = supplier;
    let has_capacity = capacity_g_per_day.is_some() || capacity_g.is_some();
    *min_order_value > 0 || *drop_fee > 0 || *trip_fee > 0 || has_capacity
}

fn ties_demands(buyer: &Buyer) -> bool {
    let Buyer { budget, min_suppliers, max_suppliers, max_supplier_share_permille, .. } = buyer;
    budget.is_some() || min_suppliers.is_some() || max_suppliers.is_some() || max_supplier_share_permille.is_some()
}

/// The part of the problem around some offers and demands (positions).
pub fn around(book: &Book, offers: &[usize], demands: &[usize]) -> Problem {
    let mut parts = parts(book);
    let shift = book.offers.len();
    let seeds = offers.iter().copied().chain(demands.iter().map(|demand| demand + shift));
    let wanted: HashSet<usize> = seeds.map(|seed| parts.root(seed)).collect();
    let inside: Vec<bool> = (0..parts.parent.len()).map(|node| wanted.contains(&parts.root(node))).collect();
    cut(book, &inside)
}

fn parts(book: &Book) -> Parts {
    let (problem, shift) = (book.problem, book.offers.len());
    let mut parts = Parts { parent: (0..shift + book.demands.len()).collect() };
    let goods = problem.commodities.len();
    // A commodity is a node too, for as long as it takes to join what it connects.
    let mut heads: Vec<Option<usize>> = vec![None; goods];
    for (at, offer) in book.offers.iter().enumerate() {
        let head = *heads[offer.commodity].get_or_insert(at);
        parts.join(head, at);
    }
    for (at, demand) in book.demands.iter().enumerate() {
        for &(commodity, _) in &book.served_by[demand.commodity] {
            let head = *heads[commodity].get_or_insert(shift + at);
            parts.join(head, shift + at);
        }
    }
    let tied = book.offers.iter().enumerate().filter(|(_, offer)| ties_offers(&problem.suppliers[offer.supplier]));
    parts.join_by(tied.map(|(at, offer)| (offer.supplier, at)));
    let shared: HashSet<&str> = problem.class_shares.iter().filter_map(|share| share.buyer.as_deref()).collect();
    let is_tied =
        |buyer: usize| ties_demands(&problem.buyers[buyer]) || shared.contains(problem.buyers[buyer].id.as_str());
    let tied = book.demands.iter().enumerate().filter(|(_, demand)| is_tied(demand.buyer));
    parts.join_by(tied.map(|(at, demand)| (demand.buyer, shift + at)));
    for bundle in &problem.bundles {
        parts.join_by(crate::check::bundle_offers(bundle).map(|id| ((), book.offer_at[id.as_str()])));
    }
    if problem.class_shares.iter().any(|share| share.buyer.is_none()) {
        parts.join_by((0..shift + book.demands.len()).map(|node| ((), node)));
    }
    parts
}

/// The problem with only the offers and demands inside, and the rules that speak of them.
fn cut(book: &Book, inside: &[bool]) -> Problem {
    let shift = book.offers.len();
    let has_offer = |id: &String| book.offer_at.get(id.as_str()).is_some_and(|&at| inside[at]);
    let has_demand = |id: &String| book.demand_at.get(id.as_str()).is_some_and(|&at| inside[shift + at]);
    let mut part = book.problem.clone();
    part.offers.retain(|offer| has_offer(&offer.id));
    part.demands.retain(|demand| has_demand(&demand.id));
    part.pins.retain(|pin| has_demand(&pin.demand));
    part.exclusions
        .retain(|rule| rule.demand.as_ref().is_none_or(has_demand) && rule.offer.as_ref().is_none_or(has_offer));
    part.bundles.retain(|bundle| match bundle {
        Bundle::AllOrNothing { offers, .. } | Bundle::Xor { offers, .. } => offers.iter().any(has_offer),
        Bundle::Discount { then, .. } => then.iter().any(has_offer),
    });
    part.class_shares.retain(|share| match &share.buyer {
        Some(buyer) => part.demands.iter().any(|demand| demand.buyer == *buyer),
        None => true,
    });
    if let Some(incumbent) = &mut part.incumbent {
        // A line between goods that have nothing to do with each other stays in no part: it can never be kept.
        incumbent.lines.retain(|line| has_demand(&line.demand) && has_offer(&line.offer));
    }
    keep_weights(book.problem, &mut part);
    part
}

/// The weight between priority classes comes from the largest penalty and the last class of *all* demands. Stand-ins
/// that nobody can serve keep both as they were; their constant shortage cancels out in every difference.
fn keep_weights(whole: &Problem, part: &mut Problem) {
    let Some(first) = part.demands.first().cloned() else {
        return;
    };
    let most = |demands: &[Demand], field: fn(&Demand) -> i64| demands.iter().map(field).max().unwrap_or(0);
    let last_class = most(&whole.demands, |demand| demand.priority);
    let largest = most(&whole.demands, |demand| demand.shortage_penalty);
    let kept = most(&part.demands, |demand| demand.priority) == last_class
        && most(&part.demands, |demand| demand.shortage_penalty) == largest;
    if kept || last_class == 0 {
        return;
    }
    let commodity = "stand-in:nobody-offers-this".to_owned();
    part.commodities.push(crate::problem::Commodity { id: commodity.clone(), grams_per_thousand: 1000 });
    part.demands.push(Demand {
        id: "stand-in:weights".to_owned(),
        commodity,
        quantity: 1,
        accept_up_to: None,
        priority: last_class,
        shortage_penalty: largest,
        ..first
    });
}
