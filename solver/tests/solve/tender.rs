//! Tenders of packages against every choice of packages: the plan is the cheapest, and proved so.

use crate::build::approved;
use pasok_solver::SolveOptions;
use pasok_solver::generate::{PackagesSize, packages};
use pasok_solver::plan::PlanStatus;
use pasok_solver::problem::{Bundle, ClassShare, Problem, ShareBy};
use std::collections::{BTreeMap, BTreeSet};

/// A package: its supplier, lots and value in ticks.
struct Package {
    supplier: String,
    lots: BTreeSet<String>,
    value: i128,
}

fn packages_of(problem: &Problem) -> Vec<Package> {
    let by_id: BTreeMap<&str, _> = problem.offers.iter().map(|offer| (offer.id.as_str(), offer)).collect();
    let mut groups: Vec<Vec<&str>> = Vec::new();
    let mut bundled = BTreeSet::new();
    for bundle in &problem.bundles {
        if let Bundle::AllOrNothing { offers, .. } = bundle {
            groups.push(offers.iter().map(String::as_str).collect());
            bundled.extend(offers.iter().map(String::as_str));
        }
    }
    groups.extend(by_id.keys().filter(|id| !bundled.contains(*id)).map(|id| vec![*id]));
    let package = |ids: Vec<&str>| Package {
        supplier: by_id[ids[0]].supplier.clone(),
        lots: ids.iter().map(|id| by_id[id].commodity.clone()).collect(),
        value: ids.iter().map(|id| i128::from(by_id[id].price) * i128::from(by_id[id].stock)).sum(),
    };
    groups.into_iter().map(package).collect()
}

/// The least cost over all sets of packages that the rules allow. A bidder wins with one package at most.
fn least_cost(problem: &Problem) -> i128 {
    let all = packages_of(problem);
    let class = |id: &str| &problem.suppliers.iter().find(|supplier| supplier.id == id).unwrap().class;
    let buyer = &problem.buyers[0];
    let mut best = i128::MAX;
    for choice in 0..1_usize << all.len() {
        let taken: Vec<&Package> = (0..all.len()).filter(|at| choice >> at & 1 == 1).map(|at| &all[at]).collect();
        let lots: BTreeSet<&String> = taken.iter().flat_map(|package| &package.lots).collect();
        let suppliers: BTreeSet<&String> = taken.iter().map(|package| &package.supplier).collect();
        let is_disjoint = lots.len() == taken.iter().map(|package| package.lots.len()).sum::<usize>();
        if !is_disjoint || suppliers.len() < taken.len() {
            continue;
        }
        let value: i128 = taken.iter().map(|package| package.value).sum();
        let largest = taken.iter().map(|package| package.value).max().unwrap_or(0);
        let is_small = |most: i64| 1000 * largest <= i128::from(most) * value;
        let counted = |classes: &[String]| -> i128 {
            taken.iter().filter(|package| classes.contains(class(&package.supplier))).map(|package| package.value).sum()
        };
        let is_shared = |share: &ClassShare| i128::from(share.min_permille) * value <= 1000 * counted(&share.classes);
        let count = i64::try_from(suppliers.len()).unwrap();
        let is_allowed = buyer.max_suppliers.is_none_or(|most| count <= most)
            && buyer.max_supplier_share_permille.is_none_or(is_small)
            && buyer.budget.is_none_or(|budget| value <= i128::from(budget))
            && problem.class_shares.iter().all(is_shared);
        if is_allowed {
            let short = problem.demands.iter().filter(|demand| !lots.contains(&demand.commodity));
            let missing = short.map(|demand| i128::from(demand.quantity) * i128::from(demand.shortage_penalty));
            best = best.min(value + missing.sum::<i128>());
        }
    }
    best
}

#[test]
fn small_tenders_under_every_rule_come_out_at_the_least_cost_of_all_choices() {
    let (mut tried, mut trees) = (0, 0);
    for seed in 1..13 {
        let plain = packages(PackagesSize { lots: 6, bidders: 5, packages: 14, seed });
        let mut all = vec![plain.clone(); 6];
        all[1].buyers[0].max_suppliers = Some(2);
        let classes = vec!["umkm".into()];
        all[2].class_shares =
            vec![ClassShare { id: "umkm".into(), classes, min_permille: 600, by: ShareBy::Value, buyer: None }];
        all[3].buyers[0].max_supplier_share_permille = Some(450);
        all[4].buyers[0].budget = i64::try_from(least_cost(&plain) / 2).ok();
        all[5].class_shares = all[2].class_shares.clone();
        (all[5].buyers[0].budget, all[5].buyers[0].max_suppliers) = (all[4].buyers[0].budget, Some(3));
        for made in all {
            let plan = approved(&made, &SolveOptions { threads: 1, ..SolveOptions::default() });
            assert_eq!(plan.totals.objective, least_cost(&made), "seed {seed}");
            assert_eq!(plan.status, PlanStatus::Optimal, "seed {seed}: gap {}", plan.certificate.gap);
            tried += 1;
            trees += usize::from(plan.certificate.tree.is_some());
        }
    }
    assert!(tried == 72 && trees > 20, "{trees} of {tried} by cases");
}

#[test]
fn a_tender_of_four_hundred_packages_is_proved() {
    let made = packages(PackagesSize { lots: 12, bidders: 10, packages: 400, seed: 2 });
    let plan = approved(&made, &SolveOptions::default());
    assert!(plan.shortages.is_empty(), "{:?}", plan.shortages);
    assert_eq!(plan.status, PlanStatus::Optimal, "gap {}", plan.certificate.gap);
}
