//! Seeded problems that look like a real week: clustered villages, suppliers of a few kinds, log-normal stocks.
//!
//! Integers only, so that every machine makes the same bytes. Figures are of the size of Jawa Timur's staples: rice at
//! Rp 12,500 a kilogram, freight at Rp 0.8 to 2 per kilogram and kilometre, sacks of 5 to 50 kg.

mod packages;

pub use packages::{PackagesSize, packages};

use crate::instances::Random;
use crate::model::RADIUS_M;
use crate::problem::{
    Buyer, Commodity, Demand, Offer, PROBLEM_FORMAT, Place, Problem, Supplier, TICKS_PER_RUPIAH, Tier, TierKind,
};

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Cooperatives, each with a place of its own and one demand per commodity.
    pub buyers: usize,
    /// Suppliers, each with a place of its own.
    pub suppliers: usize,
    /// Commodities.
    pub commodities: usize,
    /// Offers that a supplier makes, at most one per commodity; 0 means one for every commodity.
    pub offers_each: usize,
    /// Total stock per total demand of a commodity, in permille.
    pub stock_permille: i64,
    /// Names the instance.
    pub seed: u64,
    /// Terms beyond stock, price, distance and one pack size.
    pub terms: Terms,
}

/// Which terms to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of a generator, named at every use")]
pub struct Terms {
    /// Offers of one commodity come in different packs.
    pub mixed_packs: bool,
    /// Suppliers charge for each drop.
    pub drop_fees: bool,
    /// Some offers have a least line, some suppliers a least order.
    pub minimums: bool,
    /// Some offers become cheaper with volume.
    pub tiers: bool,
}

const WIDTH_M: i64 = 400_000;
const HEIGHT_M: i64 = 150_000;
/// Villages around one town.
const VILLAGES_PER_TOWN: usize = 220;

/// Makes a problem; the same size and seed always make the same one.
pub fn problem(size: Size) -> Problem {
    Maker { size, random: Random::new(size.seed), towns: Vec::new() }.problem()
}

struct Maker {
    size: Size,
    random: Random,
    towns: Vec<(i64, i64)>,
}

impl Maker {
    fn problem(mut self) -> Problem {
        let small = self.size.buyers < VILLAGES_PER_TOWN;
        self.towns = (0..=self.size.buyers / VILLAGES_PER_TOWN).map(|_| self.anywhere()).collect();
        let mut places = Vec::new();
        for index in 0..self.size.buyers {
            let (x, y) = self.near(8_000);
            places.push(place(format!("village-{index}"), x, y));
        }
        for index in 0..self.size.suppliers {
            let (x, y) = if small || self.random.between(0, 9) < 6 { self.near(15_000) } else { self.anywhere() };
            places.push(place(format!("store-{index}"), x, y));
        }
        let demands = self.demands();
        let suppliers: Vec<Supplier> = (0..self.size.suppliers).map(|index| self.supplier(index)).collect();
        let offers = self.offers(&demands);
        Problem {
            format: PROBLEM_FORMAT.into(),
            name: format!("{} × {} × {}", self.size.buyers, self.size.suppliers, self.size.commodities),
            seed: self.size.seed.to_string(),
            circuity_permille: 1450,
            places,
            distances: Vec::new(),
            commodities: (0..self.size.commodities).map(commodity).collect(),
            buyers: (0..self.size.buyers).map(buyer).collect(),
            suppliers,
            demands,
            offers,
            substitutes: Vec::new(),
            pins: Vec::new(),
            exclusions: Vec::new(),
            bundles: Vec::new(),
            class_shares: Vec::new(),
            fairness: None,
            incumbent: None,
        }
    }

    fn anywhere(&mut self) -> (i64, i64) {
        (self.random.between(0, WIDTH_M), self.random.between(0, HEIGHT_M))
    }

    fn near(&mut self, deviation: i64) -> (i64, i64) {
        let (x, y) = *pick(&mut self.random, &self.towns);
        (x + self.random.normal(deviation), y + self.random.normal(deviation))
    }

    /// One demand per buyer and commodity, 50 to 2,500 kg, mostly small, in steps of 25 kg with some slack for packs.
    fn demands(&mut self) -> Vec<Demand> {
        let mut demands = Vec::with_capacity(self.size.buyers * self.size.commodities);
        for buyer in 0..self.size.buyers {
            for commodity in 0..self.size.commodities {
                let quantity = 25_000 * (2 + self.random.log_normal(1_000) / 60).min(100);
                demands.push(Demand {
                    id: format!("demand-{buyer}-{commodity}"),
                    buyer: format!("buyer-{buyer}"),
                    place: format!("village-{buyer}"),
                    commodity: format!("commodity-{commodity}"),
                    quantity,
                    accept_up_to: self.size.terms.mixed_packs.then_some(quantity + 25_000),
                    day_from: 0,
                    day_to: 0,
                    requirements: Vec::new(),
                    priority: 0,
                    shortage_penalty: 2 * base_price(commodity),
                    price_ceiling: None,
                });
            }
        }
        demands
    }

    fn supplier(&mut self, index: usize) -> Supplier {
        let terms = self.size.terms;
        let rupiah = |low: i64, high: i64, random: &mut Random| TICKS_PER_RUPIAH * 1000 * random.between(low, high);
        Supplier {
            id: format!("supplier-{index}"),
            class: (*pick(&mut self.random, &["koperasi", "umkm", "besar"])).into(),
            active: true,
            min_order_value: if terms.minimums && self.random.between(0, 2) == 0 {
                rupiah(200, 1_000, &mut self.random)
            } else {
                0
            },
            drop_fee: if terms.drop_fees { rupiah(10, 60, &mut self.random) } else { 0 },
            trip_fee: 0,
            capacity_g_per_day: None,
            capacity_g: None,
        }
    }

    /// Offers of every supplier; stocks of each commodity are scaled to the demand for it.
    fn offers(&mut self, demands: &[Demand]) -> Vec<Offer> {
        let count = self.size.commodities;
        let each = if self.size.offers_each == 0 { count } else { self.size.offers_each.min(count) };
        let mut offers = Vec::with_capacity(self.size.suppliers * each);
        let mut commodities = Vec::with_capacity(self.size.suppliers * each);
        for supplier in 0..self.size.suppliers {
            for position in 0..each {
                let commodity = (supplier * each + position) % count.max(1);
                let offer = self.offer(supplier, commodity);
                offers.push(offer);
                commodities.push(commodity);
            }
        }
        let mut wanted = vec![0_i128; count];
        demands.iter().enumerate().for_each(|(index, d)| wanted[index % count] += i128::from(d.quantity));
        let mut weight = vec![0_i128; count];
        offers.iter().zip(&commodities).for_each(|(offer, &commodity)| weight[commodity] += i128::from(offer.stock));
        for (offer, &commodity) in offers.iter_mut().zip(&commodities) {
            let share = wanted[commodity] * i128::from(self.size.stock_permille) / 1000 * i128::from(offer.stock);
            let packs = share / weight[commodity].max(1) / i128::from(offer.pack) + 1;
            offer.stock = i64::try_from(packs).unwrap_or(1) * offer.pack;
            offer.min_line = offer.min_line.min(offer.stock);
            let stock = offer.stock;
            offer.tiers.retain(|tier| tier.from_quantity <= stock);
        }
        offers
    }

    fn offer(&mut self, supplier: usize, commodity: usize) -> Offer {
        let terms = self.size.terms;
        let pack = if terms.mixed_packs { *pick(&mut self.random, &[5_000, 10_000, 25_000, 50_000]) } else { 25_000 };
        let base = base_price(commodity);
        let price = base + self.random.between(-base / 12, base / 12);
        let min_line = if terms.minimums && self.random.between(0, 2) == 0 {
            *pick(&mut self.random, &[50_000, 100_000, 200_000])
        } else {
            0
        };
        Offer {
            id: format!("offer-{supplier}-{commodity}"),
            supplier: format!("supplier-{supplier}"),
            place: format!("store-{supplier}"),
            commodity: format!("commodity-{commodity}"),
            stock: self.random.log_normal(1_400).max(1),
            stock_per_day: None,
            price,
            tiers: if terms.tiers && self.random.between(0, 2) == 0 { tiers(price) } else { Vec::new() },
            tier_kind: TierKind::AllUnit,
            pack,
            min_line,
            min_total: 0,
            radius_m: None,
            day_from: 0,
            day_to: 0,
            certificates: Vec::new(),
            freight_per_km: self.random.between(8, 20) * 1_000,
            freight_base: 0,
        }
    }
}

/// 3 % off from two tonnes, 6 % from ten.
fn tiers(price: i64) -> Vec<Tier> {
    let tier = |from_quantity: i64, permille: i64| Tier { from_quantity, price: price / 1000 * permille };
    vec![tier(2_000_000, 970), tier(10_000_000, 940)]
}

fn base_price(commodity: usize) -> i64 {
    125_000_000 + 15_000_000 * i64::try_from(commodity % 12).unwrap_or(0)
}

fn commodity(index: usize) -> Commodity {
    Commodity { id: format!("commodity-{index}"), grams_per_thousand: 1000 }
}

fn buyer(index: usize) -> Buyer {
    let id = format!("buyer-{index}");
    Buyer { id, budget: None, min_suppliers: None, max_suppliers: None, max_supplier_share_permille: None }
}

/// A point of the sphere above (x, y) of a plane that touches it at 112° east, 7.5° south.
fn place(id: String, x: i64, y: i64) -> Place {
    // The touching point and two unit vectors there, in millionths.
    let (up, east, north) = ([-371_395, 919_237, -130_526], [-927_184, -374_607, 0], [-48_896, 121_023, 991_445]);
    let coordinate = |axis: usize| RADIUS_M * up[axis] + x * east[axis] + y * north[axis];
    let raw = [coordinate(0), coordinate(1), coordinate(2)].map(i128::from);
    let length = i128::try_from(raw.iter().map(|c| c.unsigned_abs().pow(2)).sum::<u128>().isqrt()).unwrap_or(1).max(1);
    let scaled = raw.map(|c| i64::try_from(c * i128::from(RADIUS_M) / length).unwrap_or(0));
    Place { id, x_m: scaled[0], y_m: scaled[1], z_m: scaled[2] }
}

fn pick<'a, T>(random: &mut Random, list: &'a [T]) -> &'a T {
    let last = i64::try_from(list.len()).unwrap_or(1) - 1;
    &list[usize::try_from(random.between(0, last)).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::great_circle_m;

    fn size() -> Size {
        let terms = Terms { mixed_packs: true, drop_fees: true, minimums: true, tiers: true };
        Size { buyers: 300, suppliers: 20, commodities: 3, offers_each: 2, stock_permille: 1100, seed: 7, terms }
    }

    #[test]
    fn problems_are_valid_and_repeat() {
        let made = problem(size());
        assert!(crate::validate(&made).is_empty(), "{:?}", crate::validate(&made));
        assert_eq!(made, problem(size()));
        assert_ne!(made, problem(Size { seed: 8, ..size() }));
        assert_eq!((made.demands.len(), made.offers.len()), (900, 40));
    }

    #[test]
    fn places_lie_on_the_sphere_at_the_distances_of_the_plane() {
        let (a, b) = (place("a".into(), 0, 0), place("b".into(), 30_000, 40_000));
        let metres = great_circle_m(&a, &b);
        assert!((49_900..=50_100).contains(&metres), "{metres}");
    }
}
