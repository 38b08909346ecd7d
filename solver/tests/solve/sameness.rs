//! The answer depends on what records say, not on their order, their ids or the number of threads.

use crate::build::{approved, base, buyer, demand, offer, place};
use crate::random::{Rng, problem};
use pasok_solver::generate::{Size, Terms, problem as generated};
use pasok_solver::plan::Plan;
use pasok_solver::problem::{Bundle, Problem};
use pasok_solver::{SolveOptions, validate};

/// Another document that says the same: every list shuffled, every id with a new prefix that turns the order around.
fn disguised(problem: &Problem, rng: &mut Rng) -> Problem {
    fn shuffle<T>(list: &mut [T], rng: &mut Rng) {
        for at in (1..list.len()).rev() {
            list.swap(at, usize::try_from(rng.within(0, i64::try_from(at).unwrap())).unwrap());
        }
    }
    let mut other = problem.clone();
    shuffle(&mut other.places, rng);
    shuffle(&mut other.commodities, rng);
    shuffle(&mut other.buyers, rng);
    shuffle(&mut other.suppliers, rng);
    shuffle(&mut other.demands, rng);
    shuffle(&mut other.offers, rng);
    let new = renamed;
    other.places.iter_mut().for_each(|r| r.id = new(&r.id));
    other.distances.iter_mut().for_each(|r| (r.from, r.to) = (new(&r.from), new(&r.to)));
    other.commodities.iter_mut().for_each(|r| r.id = new(&r.id));
    other.buyers.iter_mut().for_each(|r| r.id = new(&r.id));
    other.suppliers.iter_mut().for_each(|r| r.id = new(&r.id));
    for d in &mut other.demands {
        (d.id, d.buyer, d.place, d.commodity) = (new(&d.id), new(&d.buyer), new(&d.place), new(&d.commodity));
    }
    for o in &mut other.offers {
        (o.id, o.supplier, o.place, o.commodity) = (new(&o.id), new(&o.supplier), new(&o.place), new(&o.commodity));
    }
    other.substitutes.iter_mut().for_each(|s| (s.wanted, s.delivered) = (new(&s.wanted), new(&s.delivered)));
    other.pins.iter_mut().for_each(|p| (p.demand, p.offer) = (new(&p.demand), new(&p.offer)));
    for e in &mut other.exclusions {
        for id in [&mut e.buyer, &mut e.demand, &mut e.supplier, &mut e.offer].into_iter().flatten() {
            *id = new(id);
        }
    }
    for bundle in &mut other.bundles {
        match bundle {
            Bundle::AllOrNothing { offers, .. } | Bundle::Xor { offers, .. } => {
                offers.iter_mut().for_each(|id| *id = new(id));
            }
            Bundle::Discount { when, then, .. } => when.iter_mut().chain(then).for_each(|id| *id = new(id)),
        }
    }
    other.class_shares.iter_mut().filter_map(|s| s.buyer.as_mut()).for_each(|id| *id = new(id));
    for line in other.incumbent.iter_mut().flat_map(|incumbent| &mut incumbent.lines) {
        (line.demand, line.offer) = (new(&line.demand), new(&line.offer));
    }
    other
}

/// Ids in reverse alphabetical order, more or less.
fn renamed(id: &str) -> String {
    let turned: String =
        id.chars().map(|c| if c.is_ascii_digit() { char::from(b'9' - (c as u8 - b'0')) } else { c }).collect();
    format!("z{turned}")
}

/// Lines as (demand, offer, day, quantity), objective, bound.
type Essence = (Vec<(String, String, i64, i64)>, i128, i128);

/// Everything in a plan that can be compared across disguises.
fn essence(plan: &Plan, rename: fn(&str) -> String) -> Essence {
    let mut lines: Vec<_> =
        plan.lines.iter().map(|l| (rename(&l.demand), rename(&l.offer), l.day, l.quantity)).collect();
    lines.sort();
    (lines, plan.totals.objective, plan.certificate.bound)
}

#[test]
fn shuffled_and_renamed_problems_get_the_same_plan() {
    let mut rng = Rng(77);
    let mut compared = 0;
    while compared < 150 {
        let made = match compared % 3 {
            0 => problem(&mut rng, true),
            1 => problem(&mut rng, false),
            _ => {
                let terms = Terms { mixed_packs: compared % 2 == 0, ..Terms::default() };
                generated(Size {
                    buyers: 12,
                    suppliers: 5,
                    commodities: 2,
                    offers_each: 0,
                    stock_permille: 950,
                    seed: compared,
                    terms,
                })
            }
        };
        if !validate(&made).is_empty() {
            continue;
        }
        let other = disguised(&made, &mut rng);
        let options = SolveOptions { threads: 1, ..SolveOptions::default() };
        let (one, two) = (approved(&made, &options), approved(&other, &options));
        let same = essence(&one, renamed) == essence(&two, str::to_owned);
        assert!(same, "{one:?}\n{two:?}\n{}", String::from_utf8_lossy(&made.to_json()));
        compared += 1;
    }
}

#[test]
fn threads_do_not_change_a_byte() {
    let terms = Terms { mixed_packs: true, ..Terms::default() };
    for (seed, terms) in [(1, Terms::default()), (2, terms)] {
        let size = Size { buyers: 60, suppliers: 9, commodities: 6, offers_each: 0, stock_permille: 950, seed, terms };
        let made = generated(size);
        let bytes = |threads| {
            let options = SolveOptions { threads, engine: pasok_solver::Engine::Flow, ..SolveOptions::default() };
            approved(&made, &options).to_json()
        };
        let one = bytes(1);
        assert!((2..=8).all(|threads| bytes(threads) == one));
    }
}

/// Two offers at the same landed cost, one nearer: the nearer one wins; at the same distance it is the seed's choice.
#[test]
fn planted_ties_follow_the_published_order() {
    let mut made = base();
    made.places.push(place("far", 20_000));
    made.offers.push(offer("p", 100, 10));
    made.offers[1].place = "far".into();
    assert_eq!(approved(&made, &SolveOptions::default()).lines[0].offer, "o");
    made.offers[0].place = "far".into();
    made.offers[1].place = "store".into();
    assert_eq!(approved(&made, &SolveOptions::default()).lines[0].offer, "p");
    // Same place: different stock makes them different records, and the seed decides.
    made.offers[0].place = "store".into();
    made.offers[0].stock = 120;
    let winner = |seed: &str| {
        let made = Problem { seed: seed.into(), ..made.clone() };
        approved(&made, &SolveOptions::default()).lines[0].offer.clone()
    };
    let winners: std::collections::BTreeSet<String> = (0..20).map(|seed| winner(&seed.to_string())).collect();
    assert_eq!(winners.len(), 2);
}

/// A tie between serving and leaving short is served; a higher class goes first whatever the cost.
#[test]
fn ties_serve_and_classes_go_first() {
    let mut made = base();
    made.demands[0].shortage_penalty = 10;
    assert_eq!(approved(&made, &SolveOptions::default()).lines[0].quantity, 100);
    made.buyers.push(buyer("c"));
    made.demands.push(demand("e", 100));
    made.demands[1].buyer = "c".into();
    made.demands[1].priority = 1;
    made.demands[1].shortage_penalty = 5_000;
    let plan = approved(&made, &SolveOptions::default());
    assert_eq!(plan.lines.iter().map(|l| (l.demand.as_str(), l.quantity)).collect::<Vec<_>>(), [("d", 100)]);
}
