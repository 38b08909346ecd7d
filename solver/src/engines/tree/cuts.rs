//! Rows that follow from the others because packages are taken whole: halves of three rows, rounded down.
//!
//! At most one package may touch a lot that one package fills, and at most one may be of a bidder whose packages exclude one
//! another. So of packages that touch two of three such records at most one can be taken: any two of them share a record. A
//! relaxation takes three halves of such packages. `solver/README.md`, "Proof by cases", has the general form and its reason.

use super::items::{Item, Items, Row};
use crate::pipeline::{KeyPart, RowKey};
use std::collections::BTreeSet;

/// Records up to which threes are looked through.
const MOST_RECORDS: usize = 200;
/// Cuts added at a time.
const AT_ONCE: usize = 40;
/// By how much a cut must be broken to be worth a row.
const LEAST_EXCESS: f64 = 0.02;

/// Named records, ascending: slots, then one supplier at most.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut {
    /// Slots that one package fills.
    slots: Vec<usize>,
    /// A supplier whose packages exclude one another.
    supplier: Option<usize>,
}

impl Cut {
    /// How often a package counts.
    fn coefficient(&self, item: &Item) -> i128 {
        let lots = item.pieces.iter().filter(|piece| self.slots.contains(&piece.slot)).count();
        let touched = lots + usize::from(self.supplier == Some(item.supplier));
        i128::try_from(touched / 2).unwrap_or(0)
    }

    fn row(&self, items: &Items<'_>) -> Row {
        let demands = self.slots.iter().map(|&slot| KeyPart::Demand(items.component.demands[slot]));
        let family = if self.supplier.is_some() { "supplier_halves" } else { "halves" };
        let key = self.supplier.map(KeyPart::Supplier).into_iter().chain(demands).collect();
        let count = self.slots.len() + usize::from(self.supplier.is_some());
        Row { key: RowKey { family, key }, limit: i128::try_from(count / 2).unwrap_or(0), is_money: false }
    }
}

/// The same packages with these rows after the others.
pub fn with_cuts<'a>(items: &Items<'a>, cuts: &[Cut]) -> Items<'a> {
    let mut more = items.clone();
    for cut in cuts {
        let at = more.rows.len();
        more.rows.push(cut.row(items));
        for item in &mut more.all {
            let coefficient = cut.coefficient(item);
            if coefficient > 0 {
                item.rows.push((at, coefficient));
            }
        }
    }
    more
}

/// The cuts that a point breaks most. `taken`: packages with their values, all above 0.
pub fn broken(items: &Items<'_>, taken: &[(usize, f64)]) -> Vec<Cut> {
    // Slots, then suppliers, as far as the point touches them.
    let is_record = |&slot: &usize| items.component.reach[slot].most == items.component.reach[slot].step;
    let slots: BTreeSet<usize> = taken
        .iter()
        .flat_map(|(at, _)| items.all[*at].pieces.iter().map(|piece| piece.slot))
        .filter(is_record)
        .collect();
    let suppliers: BTreeSet<usize> = taken.iter().map(|(at, _)| items.all[*at].supplier).collect();
    let slots: Vec<usize> = slots.into_iter().collect();
    let suppliers: Vec<usize> = suppliers.into_iter().filter(|own| items.exclusive.contains_key(own)).collect();
    let count = slots.len() + suppliers.len();
    if count > MOST_RECORDS {
        return Vec::new();
    }
    let touched = |at: usize| -> Vec<usize> {
        let item = &items.all[at];
        let own = item.pieces.iter().filter_map(|piece| slots.binary_search(&piece.slot).ok());
        let supplier = suppliers.binary_search(&item.supplier).ok().map(|place| slots.len() + place);
        let all: BTreeSet<usize> = own.chain(supplier).collect();
        all.into_iter().collect()
    };
    let packages: Vec<(Vec<usize>, f64)> = taken.iter().map(|&(at, value)| (touched(at), value)).collect();
    let mut pairs = vec![0.0; count * count];
    for (own, value) in &packages {
        for (place, &a) in own.iter().enumerate() {
            own.iter().skip(place + 1).for_each(|&b| pairs[a * count + b] += value);
        }
    }
    let mut found = Vec::new();
    for a in 0..slots.len() {
        for b in a + 1..slots.len() {
            for c in b + 1..count {
                let most = pairs[a * count + b] + pairs[a * count + c] + pairs[b * count + c];
                if most <= 1.0 + LEAST_EXCESS {
                    continue;
                }
                let all = packages.iter().filter(|(own, _)| [a, b, c].iter().all(|one| own.binary_search(one).is_ok()));
                let excess = most - 2.0 * all.map(|(_, value)| value).sum::<f64>() - 1.0;
                if excess > LEAST_EXCESS {
                    found.push((excess, [a, b, c]));
                }
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let cut = |(_, [a, b, c]): (f64, [usize; 3])| match c.checked_sub(slots.len()) {
        None => Cut { slots: vec![slots[a], slots[b], slots[c]], supplier: None },
        Some(place) => Cut { slots: vec![slots[a], slots[b]], supplier: Some(suppliers[place]) },
    };
    found.into_iter().map(cut).take(AT_ONCE).collect()
}
