//! Random small markets. Every term may meet every other; numbers are small, so that rules bite and costs often tie.

use pasok_solver::problem::*;

/// SplitMix64: tiny, seeded, the same everywhere.
pub struct Rng(pub u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `least` to `most`, both included.
    fn within(&mut self, least: i64, most: i64) -> i64 {
        let width = u64::try_from(most - least + 1).unwrap();
        least + i64::try_from(self.next() % width).unwrap()
    }

    fn chance(&mut self, percent: i64) -> bool {
        self.within(1, 100) <= percent
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[usize::try_from(self.within(0, i64::try_from(list.len()).unwrap() - 1)).unwrap()]
    }

    fn some(&mut self, percent: i64, least: i64, most: i64) -> Option<i64> {
        self.chance(percent).then(|| self.within(least, most))
    }
}

/// Says whether a market has a term.
type Has = fn(&Problem) -> bool;

/// Every term of the model.
pub const TERMS: &[(&str, Has)] = &[
    ("stock per day", |p| p.offers.iter().any(|o| o.stock_per_day.is_some())),
    ("windows of several days", |p| p.demands.iter().any(|d| d.day_to > d.day_from)),
    ("soft demand", |p| p.demands.iter().any(|d| d.accept_up_to.is_some_and(|most| most > d.quantity))),
    ("packs", |p| p.offers.iter().any(|o| o.pack > 1)),
    ("substitutes", |p| !p.substitutes.is_empty()),
    ("pins of all days", |p| p.pins.iter().any(|pin| pin.day.is_none())),
    ("pins of a day", |p| p.pins.iter().any(|pin| pin.day.is_some())),
    ("exclusions", |p| !p.exclusions.is_empty()),
    ("priority classes", |p| p.demands.iter().any(|d| d.priority != p.demands[0].priority)),
    ("least line", |p| p.offers.iter().any(|o| o.min_line > o.pack)),
    ("least total", |p| p.offers.iter().any(|o| o.min_total > 0)),
    ("least order", |p| p.suppliers.iter().any(|s| s.min_order_value > 0)),
    ("fee per drop", |p| p.suppliers.iter().any(|s| s.drop_fee > 0)),
    ("fee per trip", |p| p.suppliers.iter().any(|s| s.trip_fee > 0)),
    ("tiers for all units", |p| has_tiers(p, TierKind::AllUnit)),
    ("incremental tiers", |p| has_tiers(p, TierKind::Incremental)),
    ("all-or-nothing bundle", |p| p.bundles.iter().any(|b| matches!(b, Bundle::AllOrNothing { .. }))),
    ("XOR bundle", |p| p.bundles.iter().any(|b| matches!(b, Bundle::Xor { .. }))),
    ("discount bundle", |p| p.bundles.iter().any(|b| matches!(b, Bundle::Discount { .. }))),
    ("least number of suppliers", |p| p.buyers.iter().any(|b| b.min_suppliers.is_some_and(|least| least > 1))),
    ("most suppliers", |p| p.buyers.iter().any(|b| b.max_suppliers.is_some())),
    ("largest share of a supplier", |p| p.buyers.iter().any(|b| b.max_supplier_share_permille.is_some())),
    ("class share by value", |p| p.class_shares.iter().any(|s| s.by == ShareBy::Value)),
    ("class share by quantity", |p| p.class_shares.iter().any(|s| s.by == ShareBy::Quantity)),
    ("class share of one buyer", |p| p.class_shares.iter().any(|s| s.buyer.is_some())),
    ("budget", |p| p.buyers.iter().any(|b| b.budget.is_some())),
    ("capacity of a supplier a day", |p| p.suppliers.iter().any(|s| s.capacity_g_per_day.is_some())),
    ("capacity of a supplier in all", |p| p.suppliers.iter().any(|s| s.capacity_g.is_some())),
    ("incumbent", |p| p.incumbent.is_some()),
    ("radius", |p| p.offers.iter().any(|o| o.radius_m.is_some())),
    ("ceiling", |p| p.demands.iter().any(|d| d.price_ceiling.is_some())),
    ("certificates", |p| p.demands.iter().any(|d| !d.requirements.is_empty())),
    ("suspension", |p| p.suppliers.iter().any(|s| !s.active)),
    ("stated distance", |p| !p.distances.is_empty()),
    ("fair shares", |p| p.fairness.is_some()),
    ("fair shares with a least total", |p| p.fairness.as_ref().is_some_and(|rule| rule.min_total_permille > 0)),
    ("no stock", |p| p.offers.iter().any(|o| o.stock == 0)),
];

fn has_tiers(problem: &Problem, kind: TierKind) -> bool {
    problem.offers.iter().any(|offer| !offer.tiers.is_empty() && offer.tier_kind == kind)
}

/// A market; how rich in terms it is differs from one to the next.
pub fn market(rng: &mut Rng) -> Problem {
    let rich = *rng.pick(&[6, 12, 25]);
    let ids = |prefix: &str, count: i64| (1..=count).map(|at| format!("{prefix}{at}")).collect::<Vec<_>>();
    let (places, goods) = (ids("p", 3), ids("c", 2));
    let (buyers, suppliers) = (ids("b", 2), ids("s", rng.within(1, 3)));
    let one_good = rng.chance(50);
    let sold = if one_good { &goods[..1] } else { &goods[..] };
    let demands = ids("d", rng.within(1, 4)).into_iter().map(|id| demand(rng, id, &buyers, &places, sold)).collect();
    let offers = ids("o", rng.within(1, 4)).into_iter();
    let mut problem = Problem {
        format: PROBLEM_FORMAT.to_owned(),
        name: String::new(),
        seed: rng.within(0, 9).to_string(),
        circuity_permille: rng.within(1000, 1600),
        places: places.iter().map(|id| place(rng, id)).collect(),
        distances: Vec::new(),
        commodities: goods.iter().map(|id| commodity(rng, id)).collect(),
        buyers: buyers.iter().map(|id| buyer(rng, id, rich)).collect(),
        suppliers: suppliers.iter().map(|id| supplier(rng, id, rich)).collect(),
        demands,
        offers: offers.map(|id| offer(rng, id, (&suppliers, &places, sold), rich)).collect(),
        substitutes: Vec::new(),
        pins: Vec::new(),
        exclusions: Vec::new(),
        bundles: Vec::new(),
        class_shares: Vec::new(),
        fairness: None,
        incumbent: None,
    };
    add_relations(rng, &mut problem, rich);
    add_bundles(rng, &mut problem, rich);
    if rng.chance(20) {
        let min_total_permille = *rng.pick(&[1000, 900, 500, 0]);
        problem.fairness = Some(Fairness { mode: FairnessMode::MaxMin, min_total_permille });
    }
    problem
}

fn place(rng: &mut Rng, id: &str) -> Place {
    let mut near = |centre: i64| centre + rng.within(-20_000, 20_000);
    Place { id: id.to_owned(), x_m: near(-3_443_000), y_m: near(5_222_000), z_m: near(-1_124_000) }
}

fn commodity(rng: &mut Rng, id: &str) -> Commodity {
    Commodity { id: id.to_owned(), grams_per_thousand: rng.within(400, 2500) }
}

fn buyer(rng: &mut Rng, id: &str, rich: i64) -> Buyer {
    Buyer {
        id: id.to_owned(),
        budget: rng.some(rich, 20, 400),
        min_suppliers: rng.some(rich, 1, 2),
        max_suppliers: rng.some(rich, 1, 2),
        max_supplier_share_permille: rng.some(rich, 300, 1000),
    }
}

fn supplier(rng: &mut Rng, id: &str, rich: i64) -> Supplier {
    Supplier {
        id: id.to_owned(),
        class: (*rng.pick(&["koperasi", "umkm"])).to_owned(),
        active: rng.chance(96),
        min_order_value: rng.some(rich, 5, 120).unwrap_or(0),
        drop_fee: rng.some(rich, 1, 60).unwrap_or(0),
        trip_fee: rng.some(rich, 1, 60).unwrap_or(0),
        capacity_g_per_day: rng.some(rich, 2, 20),
        capacity_g: rng.some(rich, 3, 30),
    }
}

fn demand(rng: &mut Rng, id: String, buyers: &[String], places: &[String], goods: &[String]) -> Demand {
    let (quantity, day_from) = (rng.within(1, 8), rng.within(0, 1));
    Demand {
        id,
        buyer: rng.pick(buyers).clone(),
        place: rng.pick(places).clone(),
        commodity: rng.pick(goods).clone(),
        quantity,
        accept_up_to: rng.some(40, quantity, quantity + 4),
        day_from,
        day_to: day_from + rng.some(30, 0, 2).unwrap_or(0),
        requirements: if rng.chance(8) { vec!["halal".to_owned()] } else { Vec::new() },
        priority: rng.some(30, 0, 2).unwrap_or(0),
        shortage_penalty: rng.within(10, 60),
        price_ceiling: rng.some(8, 8, 40),
    }
}

type Parties<'a> = (&'a [String], &'a [String], &'a [String]);

fn offer(rng: &mut Rng, id: String, (suppliers, places, goods): Parties<'_>, rich: i64) -> Offer {
    let (pack, price, day_from) = (*rng.pick(&[1, 1, 1, 2, 2, 3, 5]), rng.within(1, 30), rng.within(0, 1));
    let (tiers, tier_kind) = if rng.chance(rich) { tiers(rng, pack, price) } else { (Vec::new(), TierKind::AllUnit) };
    let stock = rng.within(1, 12) * i64::from(rng.chance(95));
    Offer {
        id,
        supplier: rng.pick(suppliers).clone(),
        place: rng.pick(places).clone(),
        commodity: rng.pick(goods).clone(),
        stock,
        stock_per_day: rng.some(rich, 1, 8),
        price,
        tiers,
        tier_kind,
        pack,
        min_line: rng.some(rich, 1, 6).unwrap_or(0).min(stock),
        min_total: rng.some(rich, 1, 8).unwrap_or(0).min(stock),
        radius_m: rng.some(8, 5_000, 60_000),
        day_from,
        day_to: day_from + rng.within(0, 2),
        certificates: if rng.chance(60) { vec!["halal".to_owned()] } else { Vec::new() },
        freight_per_km: rng.some(10, 1, 2).unwrap_or(0),
        freight_base: rng.some(40, 0, 4).unwrap_or(0),
    }
}

fn tiers(rng: &mut Rng, pack: i64, price: i64) -> (Vec<Tier>, TierKind) {
    let first = rng.within(1, 4);
    let kind = if rng.chance(50) { TierKind::AllUnit } else { TierKind::Incremental };
    let lower = rng.within(0, price - 1);
    let mut tiers = vec![Tier { from_quantity: first * pack, price: lower }];
    if lower > 0 && rng.chance(40) {
        let start = first + rng.within(1, 3);
        tiers.push(Tier { from_quantity: start * pack, price: rng.within(0, lower - 1) });
    }
    (tiers, kind)
}

/// Distances, substitutes, exclusions, pins, an earlier plan, class shares.
fn add_relations(rng: &mut Rng, problem: &mut Problem, rich: i64) {
    if rng.chance(20) {
        problem.distances.push(Distance { from: "p1".into(), to: "p2".into(), distance_m: rng.within(100, 40_000) });
    }
    if rng.chance(30) {
        let (wanted, delivered) = ("c1".to_owned(), "c2".to_owned());
        let (delivered_units, wanted_units, penalty) = (rng.within(1, 3), rng.within(1, 3), rng.within(0, 5));
        problem.substitutes.push(Substitute { wanted, delivered, delivered_units, wanted_units, penalty });
    }
    if rng.chance(rich) {
        let (is_buyer, is_supplier) = (rng.chance(30), rng.chance(50));
        let (demand, offer) = (rng.pick(&problem.demands).id.clone(), rng.pick(&problem.offers).id.clone());
        problem.exclusions.push(Exclusion {
            buyer: is_buyer.then(|| "b1".to_owned()),
            demand: (!is_buyer).then_some(demand),
            supplier: is_supplier.then(|| "s1".to_owned()),
            offer: (!is_supplier).then_some(offer),
        });
    }
    for _ in 0..rng.within(0, 2) {
        if rng.chance(2 * rich) {
            let line = line(rng, problem);
            problem.pins.push(line);
        }
    }
    if rng.chance(rich) {
        let lines = (0..rng.within(1, 3)).map(|_| line(rng, problem));
        let lines = lines.map(|line| Pin { day: line.day.or(Some(1)), ..line }).collect();
        problem.incumbent = Some(Incumbent { lines, change_penalty: rng.within(1, 80) });
    }
    if rng.chance(rich) {
        problem.class_shares.push(ClassShare {
            id: "share".into(),
            classes: vec!["koperasi".into()],
            min_permille: rng.within(1, 800),
            by: if rng.chance(50) { ShareBy::Value } else { ShareBy::Quantity },
            buyer: rng.chance(50).then(|| "b1".to_owned()),
        });
    }
}

fn line(rng: &mut Rng, problem: &Problem) -> Pin {
    let offer = rng.pick(&problem.offers);
    let day = rng.chance(50).then(|| rng.within(offer.day_from, offer.day_to));
    let demand = rng.pick(&problem.demands).id.clone();
    Pin { demand, offer: offer.id.clone(), quantity: offer.pack * rng.within(1, 3), day }
}

fn add_bundles(rng: &mut Rng, problem: &mut Problem, rich: i64) {
    let ids: Vec<_> = problem.offers.iter().map(|offer| offer.id.clone()).collect();
    for place in 0..rng.within(0, 2) {
        if ids.len() < 2 || !rng.chance(2 * rich) {
            continue;
        }
        let first = usize::try_from(rng.within(0, i64::try_from(ids.len()).unwrap() - 2)).unwrap();
        let (id, offers) = (format!("bundle{place}"), ids[first..first + 2].to_vec());
        problem.bundles.push(match rng.within(0, 2) {
            0 => Bundle::AllOrNothing { id, offers },
            1 => Bundle::Xor { id, offers },
            _ => {
                let prices = problem.offers.iter().map(|o| o.tiers.last().map_or(o.price, |tier| tier.price));
                let off = prices.min().unwrap().min(rng.within(1, 3));
                let (when, at_least) = (vec![offers[0].clone()], rng.within(1, 8));
                Bundle::Discount { id, when, at_least, then: offers, off }
            }
        });
    }
}
