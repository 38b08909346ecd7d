//! Facility location expressed with trip fees: the warehouse instances cap41 to cap74 of J. E. Beasley's OR-Library
//! (European Journal of Operational Research 33, 1988, 314–325), with the optima that its files `uncapopt` and `capopt`
//! publish. All of them share one table of costs (`tests/data/or_library_warehouses.txt`: first the numbers of warehouses
//! and customers, then for each customer its demand and what serving all of it from each warehouse costs).
//!
//! A warehouse is a supplier whose fee per trip is the cost of opening it; money is counted in 1/10,000 of the source's
//! unit, so that every cost per unit of demand is whole.

use crate::build::{approved, buyer, demand, offer, place, supplier};
use pasok_solver::SolveOptions;
use pasok_solver::problem::*;

const TABLE: &str = include_str!("../data/or_library_warehouses.txt");
/// The warehouse that costs nothing to open.
const FREE: usize = 10;

/// (name, capacity of each warehouse, cost of opening one, published optimum), money in 1/1000.
const KNOWN: &[(&str, i64, i64, i128)] = &[
    ("cap41", 5_000, 7_500, 1_040_444_375),
    ("cap42", 5_000, 12_500, 1_098_000_450),
    ("cap43", 5_000, 17_500, 1_153_000_450),
    ("cap44", 5_000, 25_000, 1_235_500_450),
    ("cap51", 10_000, 17_500, 1_025_208_225),
    ("cap61", 15_000, 7_500, 932_615_750),
    ("cap62", 15_000, 12_500, 977_799_400),
    ("cap63", 15_000, 17_500, 1_014_062_050),
    ("cap64", 15_000, 25_000, 1_045_650_250),
    ("cap71", 58_268, 7_500, 932_615_750),
    ("cap72", 58_268, 12_500, 977_799_400),
    ("cap73", 58_268, 17_500, 1_010_641_450),
    ("cap74", 58_268, 25_000, 1_034_976_975),
];

/// A decimal with five places, in 1/100,000.
fn decimal(word: &str) -> i64 {
    let (whole, part) = word.split_once('.').unwrap();
    assert_eq!(part.len(), 5);
    whole.parse::<i64>().unwrap() * 100_000 + part.parse::<i64>().unwrap()
}

fn warehouses(capacity: i64, opening: i64) -> Problem {
    let mut lines = TABLE.lines();
    assert_eq!(lines.next(), Some("16 50"));
    let mut made = Problem {
        places: Vec::new(),
        suppliers: Vec::new(),
        offers: Vec::new(),
        demands: Vec::new(),
        buyers: vec![buyer("b")],
        ..crate::build::base()
    };
    for warehouse in 0..16 {
        let id = format!("w{warehouse}");
        made.places.push(place(&id, 0));
        let trip_fee = if warehouse == FREE { 0 } else { opening * 10_000 };
        made.suppliers.push(Supplier { trip_fee, ..supplier(&id) });
        // One tick a unit for each metre: the stated distances are the costs.
        let offer = Offer { supplier: id.clone(), place: id.clone(), freight_per_km: 1000, ..offer(&id, capacity, 0) };
        made.offers.push(Offer { day_from: 1, day_to: 1, ..offer });
    }
    for (customer, line) in lines.enumerate() {
        let id = format!("c{customer}");
        let mut words = line.split(' ');
        let quantity: i64 = words.next().unwrap().parse().unwrap();
        for (warehouse, cost) in words.map(decimal).enumerate() {
            assert_eq!(cost % (10 * quantity), 0, "a cost per unit is not whole");
            let (from, to) = (format!("w{warehouse}"), id.clone());
            made.distances.push(Distance { from, to, distance_m: cost / 10 / quantity });
        }
        made.places.push(place(&id, 0));
        made.demands.push(Demand { place: id.clone(), shortage_penalty: 100_000_000, ..demand(&id, quantity) });
    }
    made
}

#[test]
fn warehouse_location_reaches_the_published_optima() {
    for &(name, capacity, opening, optimum) in KNOWN {
        let plan = approved(&warehouses(capacity, opening), &SolveOptions { time_limit: None, ..Default::default() });
        assert_eq!(plan.shortages, [], "{name}");
        assert_eq!(plan.totals.objective, optimum * 10, "{name}");
        println!("{name}: {} of {} proved", plan.certificate.bound, plan.totals.objective);
    }
}
