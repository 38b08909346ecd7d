//! Small random problems over all terms, and allowed plans for them found by trial.

use pasok_solver::check::{Choice, Code, Multipliers, check, complete};
use pasok_solver::plan::{Plan, RowPrice};
use pasok_solver::problem::*;

/// SplitMix64: tiny, seeded, the same everywhere.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// From `least` to `most`, both included.
    pub fn within(&mut self, least: i64, most: i64) -> i64 {
        let width = u64::try_from(most - least + 1).unwrap();
        least + i64::try_from(self.next() % width).unwrap()
    }
    pub fn chance(&mut self, percent: i64) -> bool {
        self.within(1, 100) <= percent
    }
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[usize::try_from(self.within(0, i64::try_from(list.len()).unwrap() - 1)).unwrap()]
    }
    fn some(&mut self, percent: i64, least: i64, most: i64) -> Option<i64> {
        self.chance(percent).then(|| self.within(least, most))
    }
}

fn named(prefix: &str, count: i64) -> Vec<String> {
    (1..=count).map(|at| format!("{prefix}{at}")).collect()
}

/// A small problem; `plain` leaves out everything that needs integer decisions.
pub fn problem(rng: &mut Rng, plain: bool) -> Problem {
    let rich = if plain { 0 } else { 25 };
    let places = named("p", 3);
    let goods = named("c", 2);
    let buyers = named("b", 2);
    let suppliers = named("s", 3);
    let demands = demands(rng, &buyers, &places, &goods);
    let offers = offers(rng, &suppliers, &places, &goods, rich);
    let mut problem = Problem {
        format: PROBLEM_FORMAT.to_owned(),
        name: String::new(),
        seed: "seed".to_owned(),
        circuity_permille: rng.within(1000, 1600),
        places: places.iter().map(|id| place(rng, id)).collect(),
        distances: Vec::new(),
        commodities: goods
            .iter()
            .map(|id| Commodity { id: id.clone(), grams_per_thousand: rng.within(400, 2500) })
            .collect(),
        buyers: buyers.iter().map(|id| buyer(rng, id, rich)).collect(),
        suppliers: suppliers.iter().map(|id| supplier(rng, id, rich)).collect(),
        demands,
        offers,
        substitutes: Vec::new(),
        pins: Vec::new(),
        exclusions: Vec::new(),
        bundles: Vec::new(),
        class_shares: Vec::new(),
        fairness: None,
        incumbent: None,
    };
    relations(rng, &mut problem, rich);
    problem
}

fn place(rng: &mut Rng, id: &str) -> Place {
    // Around Kupang, give or take 20 km.
    let mut near = |centre: i64| centre + rng.within(-20_000, 20_000);
    Place { id: id.to_owned(), x_m: near(-3_443_000), y_m: near(5_222_000), z_m: near(-1_124_000) }
}

fn buyer(rng: &mut Rng, id: &str, rich: i64) -> Buyer {
    Buyer {
        id: id.to_owned(),
        budget: rng.some(rich, 500, 4_000),
        min_suppliers: rng.some(rich / 2, 1, 2),
        max_suppliers: rng.some(rich, 1, 2),
        max_supplier_share_permille: rng.some(rich / 2, 400, 900),
    }
}

fn supplier(rng: &mut Rng, id: &str, rich: i64) -> Supplier {
    Supplier {
        id: id.to_owned(),
        class: (*rng.pick(&["koperasi", "umkm"])).to_owned(),
        active: rng.chance(92),
        min_order_value: rng.some(rich, 50, 800).unwrap_or(0),
        drop_fee: rng.some(rich, 1, 200).unwrap_or(0),
        trip_fee: rng.some(rich, 1, 200).unwrap_or(0),
        capacity_g_per_day: rng.some(rich, 20, 120),
        capacity_g: rng.some(rich / 2, 30, 180),
    }
}

fn demands(rng: &mut Rng, buyers: &[String], places: &[String], goods: &[String]) -> Vec<Demand> {
    let count = rng.within(1, 4);
    let demand = |id: String| {
        let quantity = rng.within(0, 40);
        let day_from = rng.within(0, 1);
        Demand {
            id,
            buyer: rng.pick(buyers).clone(),
            place: rng.pick(places).clone(),
            commodity: rng.pick(goods).clone(),
            quantity,
            accept_up_to: rng.chance(50).then(|| quantity + rng.within(0, 15)),
            day_from,
            day_to: day_from + rng.within(0, 1),
            requirements: if rng.chance(15) { vec!["halal".to_owned()] } else { Vec::new() },
            priority: rng.some(30, 0, 2).unwrap_or(0),
            shortage_penalty: rng.within(20, 90),
            price_ceiling: rng.some(20, 8, 40),
        }
    };
    named("d", count).into_iter().map(demand).collect()
}

fn offers(rng: &mut Rng, suppliers: &[String], places: &[String], goods: &[String], rich: i64) -> Vec<Offer> {
    let count = rng.within(1, 4);
    let offer = |id: String| {
        let pack = *rng.pick(&[1, 1, 2, 3, 5]);
        let price = rng.within(1, 30);
        let day_from = rng.within(0, 2);
        let (tiers, tier_kind) =
            if rng.chance(rich) { tiers(rng, pack, price) } else { (Vec::new(), TierKind::AllUnit) };
        Offer {
            id,
            supplier: rng.pick(suppliers).clone(),
            place: rng.pick(places).clone(),
            commodity: rng.pick(goods).clone(),
            stock: rng.within(0, 50),
            stock_per_day: rng.some(30, 1, 30),
            price,
            tiers,
            tier_kind,
            pack,
            min_line: rng.some(rich, 1, 12).unwrap_or(0),
            min_total: rng.some(rich, 1, 20).unwrap_or(0),
            radius_m: rng.some(20, 5_000, 60_000),
            day_from,
            day_to: day_from + rng.within(0, 2),
            certificates: if rng.chance(60) { vec!["halal".to_owned()] } else { Vec::new() },
            freight_per_km: rng.some(60, 0, 900).unwrap_or(0) / 1000,
            freight_base: rng.some(40, 0, 4).unwrap_or(0),
        }
    };
    named("o", count).into_iter().map(offer).collect()
}

fn tiers(rng: &mut Rng, pack: i64, price: i64) -> (Vec<Tier>, TierKind) {
    let first = rng.within(1, 6);
    let kind = if rng.chance(50) { TierKind::AllUnit } else { TierKind::Incremental };
    let lower = rng.within(0, price - 1);
    let mut tiers = vec![Tier { from_quantity: first * pack, price: lower }];
    if lower > 0 && rng.chance(40) {
        let start = first + rng.within(1, 4);
        tiers.push(Tier { from_quantity: start * pack, price: rng.within(0, lower - 1) });
    }
    (tiers, kind)
}

/// Records that tie others together.
fn relations(rng: &mut Rng, problem: &mut Problem, rich: i64) {
    if rng.chance(30) {
        problem.distances.push(Distance { from: "p1".into(), to: "p2".into(), distance_m: rng.within(100, 40_000) });
    }
    if rng.chance(30) {
        problem.substitutes.push(Substitute {
            wanted: "c1".into(),
            delivered: "c2".into(),
            delivered_units: rng.within(1, 4),
            wanted_units: rng.within(1, 4),
            penalty: rng.within(0, 5),
        });
    }
    let offer_ids: Vec<_> = problem.offers.iter().map(|offer| offer.id.clone()).collect();
    let demand_ids: Vec<_> = problem.demands.iter().map(|demand| demand.id.clone()).collect();
    if rng.chance(20) {
        problem.exclusions.push(Exclusion {
            buyer: None,
            demand: Some(rng.pick(&demand_ids).clone()),
            supplier: Some("s1".into()),
            offer: None,
        });
    }
    if rng.chance(25) {
        let offer = rng.pick(&problem.offers);
        let (id, quantity) = (offer.id.clone(), offer.pack * rng.within(1, 4));
        let day = rng.chance(50).then(|| rng.within(offer.day_from, offer.day_to));
        problem.pins.push(Pin { demand: rng.pick(&demand_ids).clone(), offer: id, quantity, day });
    }
    if rng.chance(rich) {
        let line = Pin {
            demand: rng.pick(&demand_ids).clone(),
            offer: rng.pick(&offer_ids).clone(),
            quantity: rng.within(1, 4) * 30,
            day: Some(rng.within(0, 2)),
        };
        problem.incumbent = Some(Incumbent { lines: vec![line], change_penalty: rng.within(1, 300) });
    }
    if rng.chance(rich) {
        let min_permille = rng.within(1, 700);
        let by = if rng.chance(50) { ShareBy::Value } else { ShareBy::Quantity };
        let buyer = rng.chance(50).then(|| "b1".to_owned());
        problem.class_shares.push(ClassShare {
            id: "share".into(),
            classes: vec!["koperasi".into()],
            min_permille,
            by,
            buyer,
        });
    }
    if offer_ids.len() >= 2 && rng.chance(2 * rich) {
        let offers = offer_ids[..2].to_vec();
        let id = "bundle".to_owned();
        problem.bundles.push(match rng.within(0, 2) {
            0 => Bundle::AllOrNothing { id, offers },
            1 => Bundle::Xor { id, offers },
            _ => {
                let cheapest =
                    problem.offers.iter().map(|o| o.tiers.last().map_or(o.price, |t| t.price)).min().unwrap();
                let at_least = rng.within(1, 30);
                Bundle::Discount { id, when: vec![offers[0].clone()], at_least, then: offers, off: cheapest.min(3) }
            }
        });
    }
}

/// A plan that is allowed, filled in random order until nothing more fits. `None` when trial finds none.
pub fn plan(rng: &mut Rng, problem: &Problem, sha: &str) -> Option<Plan> {
    let mut tries: Vec<Choice> = Vec::new();
    for demand in &problem.demands {
        for offer in &problem.offers {
            for day in demand.day_from.max(offer.day_from)..=demand.day_to.min(offer.day_to) {
                for packs in 1..=(offer.stock / offer.pack).min(12) {
                    let quantity = packs * offer.pack;
                    tries.push(Choice { demand: demand.id.clone(), offer: offer.id.clone(), day, quantity });
                }
            }
        }
    }
    for at in (1..tries.len()).rev() {
        tries.swap(at, usize::try_from(rng.within(0, i64::try_from(at).unwrap())).unwrap());
    }
    let mut chosen: Vec<Choice> = Vec::new();
    for pin in &problem.pins {
        let offer = problem.offers.iter().find(|offer| offer.id == pin.offer)?;
        let demand = problem.demands.iter().find(|demand| demand.id == pin.demand)?;
        let day = pin.day.unwrap_or(demand.day_from.max(offer.day_from));
        chosen.push(Choice { demand: pin.demand.clone(), offer: pin.offer.clone(), day, quantity: pin.quantity });
    }
    let mut best = seal(problem, sha, &chosen, Multipliers::default())?;
    for choice in tries {
        let mut with = chosen.clone();
        with.retain(|line| (&line.demand, &line.offer, line.day) != (&choice.demand, &choice.offer, choice.day));
        with.push(choice);
        if let Some(plan) = seal(problem, sha, &with, Multipliers::default()).filter(|p| is_allowed(problem, sha, p)) {
            // Mostly better, sometimes merely different, so that plans vary.
            if plan.totals.objective <= best.totals.objective || rng.chance(10) {
                (chosen, best) = (with, plan);
            }
        }
    }
    is_allowed(problem, sha, &best).then_some(best)
}

/// Completes a plan; `None` when its lines cannot be read.
pub fn seal(problem: &Problem, sha: &str, choices: &[Choice], prices: Multipliers) -> Option<Plan> {
    complete(problem, sha, choices, prices).ok()
}

/// Whether nothing but a reason is wrong: a half-filled trial plan may leave a shortage without cause.
pub fn is_allowed(problem: &Problem, sha: &str, plan: &Plan) -> bool {
    check(problem, sha, plan).violations.iter().all(|violation| violation.code == Code::Reason)
}

/// The choices of a plan.
pub fn choices(plan: &Plan) -> Vec<Choice> {
    let choice = |line: &pasok_solver::plan::Line| Choice {
        demand: line.demand.clone(),
        offer: line.offer.clone(),
        day: line.day,
        quantity: line.quantity,
    };
    plan.lines.iter().map(choice).collect()
}

/// Every row of the published families that this problem has, priced 0.
pub fn all_rows(problem: &Problem, sha: &str) -> Vec<RowPrice> {
    let ids = |list: Vec<&String>| list.into_iter().cloned().collect::<Vec<_>>();
    let demands = ids(problem.demands.iter().map(|d| &d.id).collect());
    let offers = ids(problem.offers.iter().map(|o| &o.id).collect());
    let suppliers = ids(problem.suppliers.iter().map(|s| &s.id).collect());
    let buyers = ids(problem.buyers.iter().map(|b| &b.id).collect());
    let days = named("", 5).iter().map(|n| (n.parse::<i64>().unwrap() - 1).to_string()).collect::<Vec<_>>();
    let (tiers, bundle, share, kept) =
        (days.clone(), vec!["bundle".to_owned()], vec!["share".to_owned()], vec!["0".to_owned()]);
    let table: Vec<(&str, Vec<&Vec<String>>)> = vec![
        ("stock_day", vec![&offers, &days]),
        ("capacity", vec![&suppliers, &days]),
        ("capacity_in_all", vec![&suppliers]),
        ("line_link", vec![&demands, &offers, &days]),
        ("line_min", vec![&demands, &offers, &days]),
        ("drop_link", vec![&demands, &offers, &days]),
        ("trip_link", vec![&demands, &offers, &days]),
        ("trip_stock", vec![&offers, &days]),
        ("order_link", vec![&demands, &offers]),
        ("order_min", vec![&suppliers, &buyers]),
        ("offer_link", vec![&demands, &offers]),
        ("offer_stock", vec![&offers]),
        ("offer_min", vec![&offers]),
        ("tier_reach", vec![&offers, &tiers]),
        ("tier_link", vec![&offers, &tiers]),
        ("tier_one", vec![&offers]),
        ("tier_sum", vec![&offers]),
        ("bundle_all", vec![&bundle, &offers]),
        ("bundle_none", vec![&bundle, &offers]),
        ("bundle_link", vec![&bundle, &demands, &offers]),
        ("xor", vec![&bundle]),
        ("discount_reach", vec![&bundle]),
        ("discount_link", vec![&bundle, &offers]),
        ("discount_sum", vec![&bundle, &offers]),
        ("max_suppliers", vec![&buyers]),
        ("supplier_used", vec![&suppliers, &buyers]),
        ("buyer_link", vec![&suppliers, &buyers]),
        ("min_suppliers", vec![&buyers]),
        ("max_share", vec![&suppliers, &buyers]),
        ("class_share", vec![&share]),
        ("budget", vec![&buyers]),
        ("keep_low", vec![&kept]),
        ("keep_high", vec![&kept]),
    ];
    let mut rows = Vec::new();
    for (row, parts) in table {
        let mut keys: Vec<Vec<String>> = vec![Vec::new()];
        for part in parts {
            keys = keys
                .iter()
                .flat_map(|key| part.iter().map(|id| [key.as_slice(), std::slice::from_ref(id)].concat()))
                .collect();
        }
        for key in keys {
            let alone = RowPrice { row: row.to_owned(), key, price: 1 };
            let prices = Multipliers { rows: vec![alone.clone()], ..Multipliers::default() };
            if complete(problem, sha, &[], prices).is_ok() {
                rows.push(alone);
            }
        }
    }
    rows.sort();
    rows
}
