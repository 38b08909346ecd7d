//! What is put out, and what a wholesaler writes into its bid.

use super::super::scenario::{CommodityPlan, Scenario};
use super::people::Bidder;
use crate::tenders::aggregate::service::Progress;
use crate::tenders::bids::document::{
    BID_FORMAT, BidBundle, BidDocument, BidLine, BidTier, BidTierKind, Cost, CostLine, Delivery, Fees,
};
use crate::tenders::bids::{Setting, check};
use crate::tenders::calls::{Call, Lot, LotEntry};
use crate::values::decimal::{div_half_even, format_scaled};
use crate::values::draw::Draw;
use std::collections::BTreeMap;

/// Goods put out to bid: those on which most is spent.
const GOODS: usize = 12;
/// A district's need of fewer packs than this is left to plain offers.
const FEWEST_PACKS: i64 = 8;
/// A bidder leaves one lot in ten to others.
const BIDS_PERMILLE: i64 = 900;
/// How far below its kind's lowest usual price a bidder goes for a whole district's need, in permille of the usual price.
const BELOW_PERMILLE: (i64, i64) = (15, 55);
/// What of a lot's need a bidder can deliver, in permille.
const SHARE_PERMILLE: (i64, i64) = (300, 900);
/// Staples that most bidders deal in are bid for lot by lot: ties among all of them at once are more than the solver settles in
/// minutes.
const WITHOUT_BUNDLES: [&str; 2] = ["beras_medium", "minyakita"];
/// Prices are whole tens of rupiah.
const PRICE_STEP_E4: i64 = 100_000;
const DIGITS: u32 = 4;

/// Lots by goods and district, from the pooled need.
pub(super) fn lots(
    scenario: &Scenario,
    ids: &BTreeMap<i64, usize>,
    pooled: &[Progress],
    days: (&str, &str),
) -> Vec<LotEntry> {
    let mut needs: BTreeMap<(usize, String), (i64, usize)> = BTreeMap::new();
    for cell in pooled.iter().map(|progress| &progress.pooled) {
        let Some((goods, figures)) = ids.get(&cell.commodity_id).zip(cell.figures.as_ref()) else { continue };
        let need = needs.entry((*goods, cell.areas.join(" "))).or_default();
        need.0 += figures.quantity;
        need.1 = need.1.max(figures.points);
    }
    let chosen = dearest(scenario, &needs);
    let lot = |((goods, area), (quantity, points)): (&(usize, String), &(i64, usize))| {
        let goods = scenario.commodities.get(*goods)?;
        let packs = quantity / goods.grid;
        let is_worth = chosen.contains(&goods.code.as_str()) && packs >= FEWEST_PACKS && !area.is_empty();
        is_worth.then(|| LotEntry {
            commodity: goods.code.clone(),
            area: area.split(' ').map(str::to_owned).collect(),
            area_name: format!("Kecamatan {area}"),
            day_from: days.0.to_owned(),
            day_to: days.1.to_owned(),
            quantity: packs.to_string(),
            unit: goods.grid_unit.to_owned(),
            points: i64::try_from(*points).unwrap_or(1),
            steps: [packs / 4, packs / 2].iter().filter(|step| **step > 0).map(ToString::to_string).collect(),
            requirements: Vec::new(),
            price_ceiling: None,
        })
    };
    needs.iter().filter_map(lot).collect()
}

/// Codes of the goods on which most is spent.
fn dearest<'a>(scenario: &'a Scenario, needs: &BTreeMap<(usize, String), (i64, usize)>) -> Vec<&'a str> {
    let mut spent: BTreeMap<usize, i128> = BTreeMap::new();
    for ((goods, _), (quantity, _)) in needs {
        let Some(plan) = scenario.commodities.get(*goods) else { continue };
        let per = i128::from(plan.base_unit.per_pricing_unit());
        *spent.entry(*goods).or_default() += i128::from(*quantity) * i128::from(plan.price_typical_e4) / per;
    }
    let mut order: Vec<(i128, usize)> = spent.into_iter().map(|(goods, value)| (value, goods)).collect();
    order.sort_unstable_by(|a, b| b.cmp(a));
    order
        .into_iter()
        .take(GOODS)
        .filter_map(|(_, goods)| Some(scenario.commodities.get(goods)?.code.as_str()))
        .collect()
}

/// A bidder's document; `None` where it deals in none of the goods.
pub(super) fn document(
    scenario: &Scenario,
    ids: &BTreeMap<i64, usize>,
    (call, lots): (&Call, &[Lot]),
    (bidder, setting): (&Bidder, &Setting),
    draw: &mut Draw,
) -> Option<BidDocument> {
    let mut level = BTreeMap::new();
    let mut lines = Vec::new();
    for lot in lots {
        let goods = ids.get(&lot.terms.commodity_id).and_then(|index| scenario.commodities.get(*index));
        let Some(goods) = goods.filter(|goods| bidder.archetype.commodities.contains(&goods.code)) else { continue };
        if !draw.chance(BIDS_PERMILLE) {
            continue;
        }
        let price_e4 = *level.entry(goods.code.as_str()).or_insert_with(|| price(bidder, goods, draw));
        lines.extend(line(lot, goods, price_e4, setting, draw));
    }
    if lines.is_empty() {
        return None;
    }
    let first = lines.first().and_then(|line| lots.iter().find(|lot| lot.number == line.lot));
    let goods = first.and_then(|lot| ids.get(&lot.terms.commodity_id)).and_then(|at| scenario.commodities.get(*at));
    let is_tied = goods.is_some_and(|goods| !WITHOUT_BUNDLES.contains(&goods.code.as_str()));
    let bundles = if is_tied { bundles(lots, &lines, draw) } else { Vec::new() };
    let certificates = bidder.certificates.words().iter().map(|word| (*word).to_owned()).collect();
    Some(BidDocument {
        format: BID_FORMAT.to_owned(),
        call_id: call.id.to_string(),
        bidder_id: bidder.actor.organisation_id.to_string(),
        terms_version: call.terms_version,
        place_id: bidder.place_id.to_string(),
        valid_until: setting.last_day.to_string(),
        certificates,
        lines,
        fees: Fees::default(),
        capacity_per_day_g: None,
        capacity_in_all_g: None,
        bundles,
    })
}

/// The first price of one of a bidder's goods, in all districts alike.
fn price(bidder: &Bidder, goods: &CommodityPlan, draw: &mut Draw) -> i64 {
    let below = draw.between(BELOW_PERMILLE.0, BELOW_PERMILLE.1);
    let factor = i128::from(bidder.archetype.price_factor_min_permille - below);
    let price = div_half_even(i128::from(goods.price_typical_e4) * factor, 1_000);
    let ceiling = goods.het_e4.unwrap_or(i64::MAX);
    whole(i64::try_from(price).unwrap_or(ceiling)).min(ceiling)
}

fn whole(price_e4: i64) -> i64 {
    (price_e4 / PRICE_STEP_E4).max(1) * PRICE_STEP_E4
}

fn line(lot: &Lot, goods: &CommodityPlan, price_e4: i64, setting: &Setting, draw: &mut Draw) -> Option<BidLine> {
    let packs = lot.terms.quantity.get() / goods.grid;
    let most = packs * draw.between(SHARE_PERMILLE.0, SHARE_PERMILLE.1) / 1_000;
    if most < 2 {
        return None;
    }
    let (half, most_of) = (most / 2, most * 4 / 5);
    let tier = |packs: i64, permille: i64| BidTier {
        from: packs * goods.grid,
        price: text(whole(price_e4 * permille / 1_000)),
    };
    let mut tiers = vec![tier(half.max(1), 985)];
    if most_of > half.max(1) {
        tiers.push(tier(most_of, 970));
    }
    // A step of ten rupiah is too coarse for the cheapest goods: then a tier says nothing new.
    tiers.retain(|tier| tier.price != text(price_e4));
    tiers.dedup_by(|later, earlier| later.price == earlier.price);
    let low_e4 = setting.lots.get(&lot.number).map_or(0, |facts| facts.low_e4);
    Some(BidLine {
        lot: lot.number,
        price: text(price_e4),
        tiers,
        tier_kind: if draw.chance(250) { BidTierKind::Incremental } else { BidTierKind::AllUnit },
        min_quantity: if draw.chance(300) { (most / 10).max(1) * goods.grid } else { 0 },
        max_quantity: most * goods.grid,
        multiple: Some(goods.grid),
        delivery: delivery(draw),
        low_price: if price_e4 < low_e4 { costs(price_e4) } else { Vec::new() },
    })
}

fn delivery(draw: &mut Draw) -> Delivery {
    if draw.chance(700) {
        return Delivery::Franco;
    }
    let per_km = draw.between(4, 9);
    Delivery::ExWarehouse { per_km: per_km.to_string(), base: draw.between(20, 60).to_string() }
}

/// What a low price is made of: four parts buying, the rest carrying.
fn costs(price_e4: i64) -> Vec<CostLine> {
    let goods = price_e4 / 5 * 4;
    vec![
        CostLine { cost: Cost::Goods, amount: text(goods) },
        CostLine { cost: Cost::Transport, amount: text(price_e4 - goods) },
    ]
}

fn text(e4: i64) -> String {
    format_scaled(e4, DIGITS)
}

/// Ties among a bidder's lots: a discount, an alternative, a package, by chance.
fn bundles(lots: &[Lot], lines: &[BidLine], draw: &mut Draw) -> Vec<BidBundle> {
    let goods = |number: i64| lots.iter().find(|lot| lot.number == number).map(|lot| lot.terms.commodity_id);
    let Some(first) = lines.first() else { return Vec::new() };
    let same: Vec<&BidLine> = lines.iter().filter(|line| goods(line.lot) == goods(first.lot)).collect();
    let mut bundles = Vec::new();
    if let [one, two, ..] = same.as_slice() {
        let at_least = (one.max_quantity + two.max_quantity) * 7 / 10;
        let when = vec![one.lot, two.lot];
        bundles.push(BidBundle::Discount {
            at_least,
            then: when.clone(),
            when,
            off: None,
            off_percent: Some(draw.between(1, 2).to_string()),
        });
    }
    if let [.., one, two] = same.as_slice()
        && same.len() > 3
        && draw.chance(400)
    {
        bundles.push(if draw.chance(500) {
            BidBundle::Xor { lots: vec![one.lot, two.lot] }
        } else {
            BidBundle::AllOrNothing { lots: vec![one.lot, two.lot] }
        });
    }
    bundles.truncate(check::MOST_BUNDLES);
    bundles
}
