//! The smallest problem that means something, for tests to change, and a solve that the referee has approved.

use pasok_solver::check::check;
use pasok_solver::plan::Plan;
use pasok_solver::problem::*;
use pasok_solver::{Engine, SolveOptions, solve};

/// One buyer wants 100, one supplier next door offers 100 at 10, shortage counts 50.
pub fn base() -> Problem {
    Problem {
        format: PROBLEM_FORMAT.into(),
        name: String::new(),
        seed: "seed".into(),
        circuity_permille: 1000,
        places: vec![place("kitchen", 0), place("store", 10_000)],
        distances: Vec::new(),
        commodities: vec![Commodity { id: "rice".into(), grams_per_thousand: 1000 }],
        buyers: vec![buyer("b")],
        suppliers: vec![supplier("s")],
        demands: vec![demand("d", 100)],
        offers: vec![offer("o", 100, 10)],
        substitutes: Vec::new(),
        pins: Vec::new(),
        exclusions: Vec::new(),
        bundles: Vec::new(),
        class_shares: Vec::new(),
        fairness: None,
        incumbent: None,
    }
}

pub fn place(id: &str, y_m: i64) -> Place {
    Place { id: id.into(), x_m: 6_371_009, y_m, z_m: 0 }
}

pub fn buyer(id: &str) -> Buyer {
    Buyer { id: id.into(), budget: None, min_suppliers: None, max_suppliers: None, max_supplier_share_permille: None }
}

pub fn supplier(id: &str) -> Supplier {
    Supplier {
        id: id.into(),
        class: "koperasi".into(),
        active: true,
        min_order_value: 0,
        drop_fee: 0,
        trip_fee: 0,
        capacity_g_per_day: None,
        capacity_g: None,
    }
}

pub fn demand(id: &str, quantity: i64) -> Demand {
    Demand {
        id: id.into(),
        buyer: "b".into(),
        place: "kitchen".into(),
        commodity: "rice".into(),
        quantity,
        accept_up_to: None,
        day_from: 1,
        day_to: 1,
        requirements: Vec::new(),
        priority: 0,
        shortage_penalty: 50,
        price_ceiling: None,
    }
}

pub fn offer(id: &str, stock: i64, price: i64) -> Offer {
    Offer {
        id: id.into(),
        supplier: "s".into(),
        place: "store".into(),
        commodity: "rice".into(),
        stock,
        stock_per_day: None,
        price,
        tiers: Vec::new(),
        tier_kind: TierKind::AllUnit,
        pack: 1,
        min_line: 0,
        min_total: 0,
        radius_m: None,
        day_from: 0,
        day_to: 2,
        certificates: Vec::new(),
        freight_per_km: 0,
        freight_base: 0,
    }
}

/// Solves, lets the referee check everything, and returns the plan.
pub fn approved(problem: &Problem, options: &SolveOptions) -> Plan {
    let sha = problem_sha256(&problem.to_json());
    let plan = solve(problem, &sha, options, &mut |_| ()).unwrap();
    let report = check(problem, &sha, &plan);
    assert!(report.is_clean(), "{:?}\n{plan:?}", report.violations);
    plan
}

/// Options with one engine.
pub fn with(engine: Engine) -> SolveOptions {
    SolveOptions { engine, threads: 1, ..SolveOptions::default() }
}
