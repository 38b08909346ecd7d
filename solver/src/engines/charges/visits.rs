//! Who comes where: the fees of a component as seen by its lines.
//!
//! A *visit* is a supplier at a place (a drop) or a supplier anywhere (a trip). Days are left out: a plan that could
//! deliver on several days is laid on as few as possible afterwards.

use crate::model::Model;
use crate::pipeline::Component;

/// Numbers for the suppliers and places of a component, and what their visits cost.
#[derive(Debug)]
pub struct Visits {
    /// Number of the supplier by offer slot.
    pub supplier: Vec<usize>,
    /// Number of the place by demand slot.
    pub place: Vec<usize>,
    /// Suppliers; visits are numbered place × suppliers + supplier, then trips by supplier.
    pub suppliers: usize,
    /// Places.
    pub places: usize,
    /// Ticks per drop, by supplier.
    pub drop_fee: Vec<i64>,
    /// Ticks per trip, by supplier.
    pub trip_fee: Vec<i64>,
}

impl Visits {
    /// Numbers a component.
    pub fn of(model: &Model<'_>, component: &Component) -> Self {
        let supplier: Vec<usize> = component.offers.iter().map(|&offer| model.offers[offer].supplier).collect();
        let place: Vec<usize> = component.demands.iter().map(|&demand| model.demands[demand].place).collect();
        let (supplier, names) = number(&supplier);
        let (place, places) = number(&place);
        let fee = |of: fn(&crate::model::Supplier) -> i64| names.iter().map(|&s| of(&model.suppliers[s])).collect();
        Self {
            supplier,
            place,
            suppliers: names.len(),
            places: places.len(),
            drop_fee: fee(|supplier| supplier.drop_fee),
            trip_fee: fee(|supplier| supplier.trip_fee),
        }
    }

    /// All visits.
    pub fn count(&self) -> usize {
        (self.places + 1) * self.suppliers
    }

    /// The drop of an offer at the place of a demand, both by slot.
    pub fn drop_of(&self, slot: usize, offer: usize) -> usize {
        self.place[slot] * self.suppliers + self.supplier[offer]
    }

    /// The trip of an offer.
    pub fn trip_of(&self, offer: usize) -> usize {
        self.places * self.suppliers + self.supplier[offer]
    }

    /// Ticks of a visit.
    pub fn fee(&self, visit: usize) -> i64 {
        let (place, supplier) = (visit / self.suppliers, visit % self.suppliers);
        if place == self.places { self.trip_fee[supplier] } else { self.drop_fee[supplier] }
    }

    /// Whether anybody charges anything.
    pub fn has_fees(&self) -> bool {
        self.drop_fee.iter().chain(&self.trip_fee).any(|&fee| fee > 0)
    }
}

/// Numbers the distinct values in ascending order.
fn number(values: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let mut names = values.to_vec();
    names.sort_unstable();
    names.dedup();
    (values.iter().map(|value| names.binary_search(value).unwrap_or_default()).collect(), names)
}
