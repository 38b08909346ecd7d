//! The pictures of a round, in the reader's words: which figures go into which picture.

use super::view::View;
use super::words;
use crate::pictures::{Caption, Picture, balance, fill, map, prices, sankey};
use crate::reports::plan::PlanFigures;
use crate::values::BaseUnit;

/// Most flows on the map and rows of its table; a city has some hundreds, and the heaviest tell the story.
const FLOWS: usize = 150;
/// Most rows of a bar chart; its table has them all.
const ROWS: usize = 60;

/// What a reader may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Sums over groups only: everybody.
    Sums,
    /// Names of buyers and sellers too: those who run or observe the market.
    Names,
}

/// The pictures of a plan, those that say most first; none where there is nothing to show.
pub fn all(view: &View, figures: &PlanFigures, sight: Sight) -> Vec<Picture> {
    let mut pictures = Vec::new();
    if sight == Sight::Names {
        pictures.push(map_of(view, figures));
    }
    pictures.push(groups_of(view, figures));
    pictures.extend(prices_of(view, figures));
    pictures.push(balance_of(view, figures));
    if sight == Sight::Names {
        pictures.push(fill_of(view, figures));
    }
    pictures.retain(|picture| !picture.table.rows.is_empty());
    pictures
}

fn caption(view: &View, id: &'static str) -> Caption {
    Caption { id, title: view.say(format!("picture-{id}")), description: view.say(format!("picture-{id}-about")) }
}

fn weight(view: &View, grams: i64) -> String {
    // Whole kilograms are enough on a picture.
    words::quantity(view.language, grams / 1_000 * 1_000, BaseUnit::Gram)
}

fn map_of(view: &View, figures: &PlanFigures) -> Picture {
    let spots: Vec<map::Spot> = figures
        .spots
        .iter()
        .map(|spot| map::Spot { name: spot.name.clone(), at: spot.at, is_seller: spot.is_seller })
        .collect();
    let mut flows: Vec<map::Flow> = figures
        .flows
        .iter()
        .map(|(&(from, to), &grams)| map::Flow { from, to, grams, figure: weight(view, grams) })
        .collect();
    flows.sort_by_key(|flow| std::cmp::Reverse(flow.grams));
    flows.truncate(FLOWS);
    let words = map::Words {
        from: view.say("picture-sellers"),
        to: view.say("picture-buyers"),
        weight: view.say("picture-weight"),
        north: view.say("picture-north"),
    };
    map::draw(caption(view, "map"), &words, &spots, &flows, FLOWS)
}

fn groups_of(view: &View, figures: &PlanFigures) -> Picture {
    let ribbon = |(&(class, is_kitchen), &amount): (&(&'static str, bool), &i64)| sankey::Ribbon {
        from: view.say(format!("class-{}", if class.is_empty() { "unknown" } else { class })),
        to: view.say(if is_kitchen { "picture-kitchens" } else { "picture-cooperatives" }),
        amount,
        figure: words::rupiah(view.language, amount),
    };
    let ribbons: Vec<sankey::Ribbon> = figures.groups.iter().map(ribbon).collect();
    let words = sankey::Words {
        from: view.say("picture-class"),
        to: view.say("picture-buyers"),
        amount: view.say("picture-money"),
    };
    sankey::draw(caption(view, "groups"), &words, &ribbons)
}

fn prices_of(view: &View, figures: &PlanFigures) -> Option<Picture> {
    let priced = figures.commodities.iter().filter_map(|row| {
        let (price, ceiling) = (row.average_price()?, row.ceiling()?);
        let text = |amount| words::rupiah(view.language, amount);
        let (price_text, ceiling_text) = (text(price), text(ceiling));
        Some(prices::Priced { name: row.name.clone(), price, ceiling, price_text, ceiling_text })
    });
    let priced: Vec<prices::Priced> = priced.collect();
    let words = prices::Words {
        name: view.say("picture-commodity"),
        price: view.say("picture-average"),
        ceiling: view.say("picture-ceiling"),
    };
    (!priced.is_empty()).then(|| prices::draw(caption(view, "prices"), &words, &priced))
}

fn balance_of(view: &View, figures: &PlanFigures) -> Picture {
    let rows: Vec<balance::Balance> = figures
        .commodities
        .iter()
        .map(|row| {
            let amount = |base_units: i64| (base_units, words::quantity(view.language, base_units, row.unit));
            let offered = figures.offered.get(&row.commodity_id).copied().unwrap_or(0);
            balance::Balance {
                name: row.name.clone(),
                demanded: amount(row.demanded),
                offered: amount(offered),
                awarded: amount(row.awarded),
            }
        })
        .collect();
    let words = balance::Words {
        name: view.say("picture-commodity"),
        demanded: view.say("picture-demanded"),
        offered: view.say("picture-offered"),
        awarded: view.say("picture-awarded"),
    };
    balance::draw(caption(view, "balance"), &words, &rows, ROWS / 4)
}

fn fill_of(view: &View, figures: &PlanFigures) -> Picture {
    let rows = figures.buyers.iter().filter(|buyer| buyer.demanded_g > 0).map(|buyer| {
        let permille = (buyer.demanded_g - buyer.short_g).max(0).saturating_mul(1_000) / buyer.demanded_g;
        fill::Filled { name: buyer.name.clone(), permille, figure: words::percent(view.language, permille) }
    });
    let words = fill::Words { name: view.say("picture-buyer"), share: view.say("picture-filled") };
    fill::draw(caption(view, "fill"), &words, rows.collect(), ROWS)
}
