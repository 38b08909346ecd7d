//! Proofs by cases: tenders of packages are proved to the last tick, nothing in the proof can be altered, and no tree
//! whatever proves more than is true.

use super::mutation::{moved, numbers};
use super::random::Rng;
use super::second::{codes, second_opinions};
use pasok_solver::check::{Multipliers, check, complete};
use pasok_solver::generate::{PackagesSize, packages};
use pasok_solver::plan::{ControlSums, Plan, PlanStatus, Tree, TreeNode};
use pasok_solver::problem::{Bundle, ClassShare, Problem, ShareBy};
use pasok_solver::{SolveOptions, solve};
use serde_json::{Value, json};

fn solved(problem: &Problem) -> Plan {
    let options = SolveOptions { threads: 1, time_limit: None, ..SolveOptions::default() };
    let plan = solve(problem, "sha", &options, &mut |_| ()).unwrap();
    let report = check(problem, "sha", &plan);
    assert!(report.is_clean(), "{report:#?}");
    plan
}

/// A tender without a rule, and under each rule that the bench knows.
pub fn tenders(size: PackagesSize) -> Vec<Problem> {
    let plain = packages(size);
    let cheapest = solved(&plain);
    let mut all = vec![plain.clone(); 5];
    all[1].buyers[0].max_suppliers = Some(2);
    let classes = vec!["umkm".into()];
    all[2].class_shares =
        vec![ClassShare { id: "umkm".into(), classes, min_permille: 650, by: ShareBy::Value, buyer: None }];
    all[3].buyers[0].max_supplier_share_permille = Some(400);
    all[4].buyers[0].budget = i64::try_from(cheapest.totals.goods / 100 * 97).ok();
    all
}

fn small(seed: u64) -> PackagesSize {
    PackagesSize { lots: 8, bidders: 7, packages: 90, seed }
}

/// Solved tenders whose certificate needed cases.
fn proved_by_cases(seeds: std::ops::Range<u64>) -> Vec<(Problem, Plan)> {
    let all = seeds.flat_map(|seed| tenders(small(seed))).map(|problem| {
        let plan = solved(&problem);
        assert_eq!(plan.status, PlanStatus::Optimal, "gap {} of {}", plan.certificate.gap, plan.totals.objective);
        (problem, plan)
    });
    all.filter(|(_, plan)| plan.certificate.tree.is_some()).collect()
}

#[test]
fn every_scenario_of_a_tender_is_proved_and_both_checkers_agree() {
    let found = proved_by_cases(1..7);
    assert!(found.len() > 12, "only {} of 30 needed cases", found.len());
    let splits = |tree: &Tree| tree.nodes.iter().any(|node| matches!(node, TreeNode::Split(_)));
    let split = found.iter().filter(|(_, plan)| plan.certificate.tree.as_ref().is_some_and(splits)).count();
    assert!(split > 5, "only {split} needed a split");
    let case = |(problem, plan): &(Problem, Plan)| json!({"problem": problem, "sha256": "sha", "plan": plan});
    let cases: Vec<Value> = found.iter().map(case).collect();
    for codes in second_opinions(&cases) {
        assert!(codes.is_empty(), "{codes:?}");
    }
}

/// Whether a tree has a price for a row of this sort.
fn has_row(plan: &Plan, family: &str) -> bool {
    plan.certificate.tree.as_ref().is_some_and(|tree| tree.rows.iter().any(|row| row.row == family))
}

#[test]
fn a_region_is_proved_under_every_rule_with_few_cases() {
    // Without halves of rows and plans looked through, few suppliers and less money take thousands of cases or no end.
    let mut families = [0; 2];
    for seed in [6, 9] {
        let mut all = tenders(PackagesSize { lots: 22, bidders: 25, packages: 4_000, seed });
        all[1].buyers[0].max_suppliers = Some(4);
        all[3].buyers[0].max_supplier_share_permille = Some(220);
        for (rule, problem) in all.iter().enumerate() {
            let plan = solved(problem);
            let cases = plan.certificate.tree.as_ref().map_or(0, |tree| tree.nodes.len());
            assert_eq!(plan.status, PlanStatus::Optimal, "seed {seed}, rule {rule}: gap {}", plan.certificate.gap);
            assert!(cases < 2_000, "seed {seed}, rule {rule}: {cases} cases");
            families[0] += usize::from(has_row(&plan, "halves"));
            families[1] += usize::from(has_row(&plan, "supplier_halves"));
        }
    }
    assert!(families.iter().all(|count| *count > 2), "{families:?}");
}

#[test]
fn halves_of_rows_count_only_where_one_package_touches_each_record() {
    let seeds = 1..7;
    let found = proved_by_cases(seeds).into_iter().find(|(_, plan)| has_row(plan, "supplier_halves"));
    let (problem, plan) = found.expect("a proof with a supplier's row");
    let rows = &plan.certificate.tree.as_ref().unwrap().rows;
    let at = rows.iter().position(|row| row.row == "supplier_halves").unwrap();
    let key = rows[at].key.clone();
    let with_key = |key: Vec<String>| {
        let mut other = plan.clone();
        other.certificate.tree.as_mut().unwrap().rows[at].key = key;
        (problem.clone(), other)
    };
    let mut lots_for_two = problem.clone();
    lots_for_two.demands.iter_mut().filter(|demand| demand.id == key[1]).for_each(|demand| demand.quantity *= 2);
    let mut sells_twice = problem.clone();
    let is_own = |id: &String| problem.offers.iter().any(|offer| offer.id == *id && offer.supplier == key[0]);
    sells_twice.bundles.retain(|bundle| !matches!(bundle, Bundle::Xor { offers, .. } if offers.iter().any(is_own)));
    let altered = [
        with_key(vec![key[0].clone(), key[1].clone(), key[1].clone()]),
        with_key(key[..2].to_vec()),
        with_key(vec![key[1].clone(), key[0].clone(), key[2].clone()]),
        (lots_for_two, plan.clone()),
        (sells_twice, plan.clone()),
    ];
    let mut cases = Vec::new();
    for (problem, plan) in &altered {
        let report = check(problem, "sha", plan);
        let place = format!("/certificate/tree/rows/{at}");
        assert!(report.violations.iter().any(|violation| violation.pointer == place), "{report:#?}");
        cases.push(json!({"problem": problem, "sha256": "sha", "plan": plan}));
    }
    for (found, (problem, plan)) in second_opinions(&cases).iter().zip(&altered) {
        assert_eq!(found, &codes(problem, plan));
    }
}

#[test]
fn every_number_of_a_proof_by_cases_moved_by_one_is_refused_by_both_checkers() {
    let mut rng = Rng(31);
    let (mut cases, mut expected) = (Vec::new(), Vec::new());
    for (problem, plan) in proved_by_cases(1..4) {
        let document = serde_json::to_value(&plan).unwrap();
        let mut pointers = Vec::new();
        numbers(&document["certificate"]["tree"], "/certificate/tree", &mut pointers);
        for pointer in pointers {
            for by in [-1, 1] {
                let altered = moved(&document, &pointer, by);
                let mutant: Plan = serde_json::from_value(altered.clone()).unwrap();
                let found = codes(&problem, &mutant);
                assert!(!found.is_empty(), "{pointer} moved by {by} is accepted");
                if rng.chance(3) {
                    cases.push(json!({"problem": problem, "sha256": "sha", "plan": altered}));
                    expected.push(found);
                }
            }
        }
    }
    assert!(cases.len() > 30, "only {} mutants for the second checker", cases.len());
    for (found, expected) in second_opinions(&cases).iter().zip(&expected) {
        assert_eq!(found, expected);
    }
}

fn below(rng: &mut Rng, count: usize) -> usize {
    usize::try_from(rng.within(0, i64::try_from(count).unwrap() - 1)).unwrap()
}

/// The tree with one thing changed, its control sums right.
fn altered(rng: &mut Rng, tree: &Tree) -> Tree {
    let mut tree = tree.clone();
    if tree.nodes.is_empty() {
        return tree;
    }
    let at = below(rng, tree.nodes.len());
    match rng.within(0, 5) {
        0 => _ = tree.nodes.remove(at),
        1 => tree.nodes.insert(at, tree.nodes[at].clone()),
        2 => tree.nodes.swap(at, 0),
        3 => {
            if let TreeNode::Fix(prices) | TreeNode::Leaf(prices) | TreeNode::Empty(prices) = tree.nodes[at].clone() {
                tree.nodes[at] = if rng.chance(50) { TreeNode::Leaf(prices) } else { TreeNode::Fix(prices) };
            }
        }
        _ => {
            if let TreeNode::Fix(prices) | TreeNode::Leaf(prices) | TreeNode::Empty(prices) = &mut tree.nodes[at] {
                let place = below(rng, prices.len());
                prices[place] = match rng.within(0, 3) {
                    0 => 0,
                    1 => prices[place].saturating_neg(),
                    2 => prices[place] / 2,
                    _ => prices[place].saturating_mul(2),
                };
            }
        }
    }
    tree.control = ControlSums::over(tree.nodes.iter().flat_map(TreeNode::prices).copied());
    tree
}

#[test]
fn no_tree_proves_more_than_is_true() {
    let mut rng = Rng(32);
    let (mut tried, mut cases) = (0, Vec::new());
    for (problem, best) in proved_by_cases(1..7) {
        // A plan without lines leaves room for a bound that is too high.
        let mut empty = complete(&problem, "sha", &[], Multipliers::default()).unwrap();
        let tree = best.certificate.tree.as_ref().unwrap();
        let claims = [best.totals.objective, best.totals.objective + 1];
        for (claim, is_true) in claims.into_iter().zip([true, false]) {
            empty.certificate.bound = claim;
            empty.certificate.gap = empty.totals.objective - claim;
            empty.certificate.tree = Some(tree.clone());
            assert_eq!(check(&problem, "sha", &empty).is_clean(), is_true, "claim {claim}");
        }
        for _ in 0..60 {
            let mut other = altered(&mut rng, tree);
            for _ in 0..rng.within(0, 3) {
                other = altered(&mut rng, &other);
            }
            empty.certificate.tree = Some(other);
            let found = codes(&problem, &empty);
            assert!(!found.is_empty(), "{:#?}", empty.certificate.tree);
            if rng.chance(5) {
                cases.push((json!({"problem": problem, "sha256": "sha", "plan": empty}), found));
            }
            tried += 1;
        }
    }
    assert!(tried > 500, "only {tried}");
    let documents: Vec<Value> = cases.iter().map(|(case, _)| case.clone()).collect();
    for (found, (_, expected)) in second_opinions(&documents).iter().zip(&cases) {
        assert_eq!(found, expected);
    }
}

#[test]
fn only_a_tender_of_packages_can_have_a_proof_by_cases() {
    let (problem, plan) = proved_by_cases(1..7).swap_remove(0);
    let changes: [fn(&mut Problem); 5] = [
        |problem| problem.suppliers[0].drop_fee = 1,
        |problem| problem.suppliers[0].capacity_g_per_day = Some(1_000_000_000_000),
        |problem| problem.offers[0].min_total = 1,
        |problem| problem.buyers[0].min_suppliers = Some(0),
        |problem| problem.offers[0].stock_per_day = Some(problem.offers[0].stock),
    ];
    for change in changes {
        let mut other = problem.clone();
        change(&mut other);
        let report = check(&other, "sha", &plan);
        let place = |violation: &pasok_solver::check::Violation| violation.pointer == "/certificate/tree";
        assert!(report.violations.iter().any(place), "{report:#?}");
    }
}
