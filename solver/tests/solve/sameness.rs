//! The answer depends on what records say, not on their order, their ids or the number of threads.

use crate::build::{approved, base, buyer, demand, offer, place};
use crate::random::{Rng, problem};
use pasok_solver::generate::{PackagesSize, Size, Terms, packages, problem as generated};
use pasok_solver::plan::{ControlSums, Plan, Tree, TreeNode};
use pasok_solver::problem::{Bundle, Problem};
use pasok_solver::{SolveOptions, solve, validate};

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
    shuffle(&mut other.distances, rng);
    shuffle(&mut other.substitutes, rng);
    shuffle(&mut other.pins, rng);
    shuffle(&mut other.exclusions, rng);
    shuffle(&mut other.bundles, rng);
    shuffle(&mut other.class_shares, rng);
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

/// A plan with its ids translated and every list in the order of what it holds, so that disguises can be compared.
fn essence(problem: &Problem, plan: &Plan, rename: fn(&str) -> String) -> Plan {
    let mut plan = plan.clone();
    plan.problem_sha256.clear();
    // Multipliers stand in the document's order: told apart by the ids they belong to.
    let by_id = |ids: Vec<&String>, prices: &[i64]| {
        let mut pairs: Vec<_> = ids.into_iter().map(|id| rename(id)).zip(prices.iter().copied()).collect();
        pairs.sort();
        pairs.into_iter().map(|(_, price)| price).collect()
    };
    let certificate = &mut plan.certificate;
    let demands = problem.demands.iter().map(|demand| &demand.id).collect();
    certificate.demand_prices = by_id(demands, &certificate.demand_prices);
    let offers = problem.offers.iter().map(|offer| &offer.id).collect();
    certificate.offer_prices = by_id(offers, &certificate.offer_prices);
    let is_id = |word: &str| word.chars().any(char::is_alphabetic) && !["bundle", "share"].contains(&word);
    for row in &mut certificate.rows {
        row.key.iter_mut().filter(|word| is_id(word)).for_each(|word| *word = rename(word));
    }
    certificate.rows.sort();
    if let Some(tree) = &mut certificate.tree {
        let demands: Vec<&String> = problem.demands.iter().map(|demand| &demand.id).collect();
        plain_tree(tree, &demands, rename);
    }
    certificate.control = ControlSums { sum: certificate.control.sum, weighted: 0 };
    plan.lines.iter_mut().for_each(|line| (line.demand, line.offer) = (rename(&line.demand), rename(&line.offer)));
    plan.lines.sort_by(|a, b| (&a.demand, &a.offer, a.day).cmp(&(&b.demand, &b.offer, b.day)));
    for shortage in &mut plan.shortages {
        shortage.demand = rename(&shortage.demand);
        shortage.limited_by = shortage.limited_by.take().map(|id| if is_id(&id) { rename(&id) } else { id });
    }
    plan.shortages.sort_by(|a, b| (&a.demand, a.reason).cmp(&(&b.demand, b.reason)));
    plan.discounts.iter_mut().for_each(|discount| discount.offer = rename(&discount.offer));
    plan.discounts.sort_by(|a, b| a.offer.cmp(&b.offer));
    plan
}

/// A tree with its ids translated and its prices in the order of what they belong to.
fn plain_tree(tree: &mut Tree, demands: &[&String], rename: fn(&str) -> String) {
    let is_id = |word: &str| word.chars().any(char::is_alphabetic) && !word.contains("one") && word != "umkm";
    let mut rows = tree.rows.clone();
    for row in &mut rows {
        row.key.iter_mut().filter(|word| is_id(word)).for_each(|word| *word = rename(word));
    }
    let mut by_demand: Vec<usize> = (0..demands.len()).collect();
    by_demand.sort_by_key(|&at| rename(demands[at]));
    let mut by_row: Vec<usize> = (0..rows.len()).collect();
    by_row.sort_by_key(|&at| rows[at].clone());
    for node in &mut tree.nodes {
        match node {
            TreeNode::Split(split) => {
                let ids = [&mut split.supplier, &mut split.demand, &mut split.offer];
                ids.into_iter().flatten().for_each(|id| *id = rename(id));
            }
            TreeNode::Fix(prices) | TreeNode::Leaf(prices) | TreeNode::Empty(prices) => {
                let own = by_demand.iter().copied().chain(by_row.iter().map(|at| demands.len() + at));
                let sorted: Vec<i64> = own.map(|at| prices[at]).collect();
                prices[..sorted.len()].copy_from_slice(&sorted);
            }
        }
    }
    tree.rows = by_row.iter().map(|&at| rows[at].clone()).collect();
    tree.control.weighted = 0;
}

#[test]
fn tenders_of_packages_get_the_same_tree_in_any_order_and_by_any_number_of_threads() {
    let mut rng = Rng(78);
    let mut splits = 0;
    for seed in 1..4 {
        let mut made = packages(PackagesSize { lots: 20, bidders: 18, packages: 1_500, seed });
        made.buyers[0].max_suppliers = Some(4);
        let solved = |problem: &Problem, threads| {
            approved(problem, &SolveOptions { threads, time_limit: None, ..SolveOptions::default() })
        };
        let plan = solved(&made, 1);
        assert!((2..=8).all(|threads| solved(&made, threads).to_json() == plan.to_json()));
        let other = disguised(&made, &mut rng);
        let (one, two) = (essence(&made, &plan, renamed), essence(&other, &solved(&other, 1), str::to_owned));
        assert_eq!(one, two);
        let nodes = plan.certificate.tree.map_or_else(Vec::new, |tree| tree.nodes);
        splits += nodes.iter().filter(|node| matches!(node, TreeNode::Split(_))).count();
    }
    assert!(splits > 3, "only {splits} splits");
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
        // Pins that no plan can keep, as other rules are.
        if !made.pins.is_empty() && solve(&made, "sha", &options, &mut |_| ()).is_err() {
            continue;
        }
        let (one, two) = (approved(&made, &options), approved(&other, &options));
        let (one, two) = (essence(&made, &one, renamed), essence(&other, &two, str::to_owned));
        assert_eq!(one, two, "{}", String::from_utf8_lossy(&made.to_json()));
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

/// The same with terms that only HiGHS can settle, and several parts at once.
#[test]
fn threads_do_not_change_a_byte_of_integer_parts() {
    let terms = Terms { mixed_packs: true, drop_fees: true, minimums: true, tiers: true };
    let size = Size { buyers: 4, suppliers: 3, commodities: 3, offers_each: 0, stock_permille: 950, seed: 3, terms };
    for made in [generated(size), generated(Size { seed: 4, ..size })] {
        let bytes =
            |threads| approved(&made, &SolveOptions { threads, time_limit: None, ..SolveOptions::default() }).to_json();
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
