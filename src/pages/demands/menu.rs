//! A kitchen's day from its menu: what the ingredients of so many portions come to, filled into the sheet.
//!
//! Menus and recipes are those of the seed facts, compiled in; a kitchen changes the numbers afterwards as it likes.

use super::sheet::Sheet;
use crate::pages::form::Form;
use crate::pages::view::View;
use crate::pages::words;
use crate::seed::menus::{self, Menu, RecipeLine};
use crate::web::problem::Language;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Facts compiled into the program, parsed once: no state.
static MENUS: LazyLock<Vec<Menu>> = LazyLock::new(|| menus::read().unwrap_or_default());
static RECIPES: LazyLock<Vec<RecipeLine>> = LazyLock::new(|| menus::read_recipe_lines().unwrap_or_default());
/// Where the form keeps what the menu allows for the day, in rupiah.
pub(super) const BUDGET: &str = "menu_budget";
/// Most portions of a day.
const MOST_PORTIONS: i64 = 100_000;

/// Code and name of each menu that can be cooked in a market.
pub(super) fn choices(market_code: &str, language: Language) -> Vec<(String, String)> {
    let fits = |menu: &&Menu| menu.cities.is_empty() || menu.cities.iter().any(|city| city == market_code);
    let name = |menu: &Menu| if language == Language::Indonesian { menu.name_id.clone() } else { menu.name_en.clone() };
    MENUS.iter().filter(fits).map(|menu| (menu.code.clone(), name(menu))).collect()
}

/// Puts the ingredients into the form where that was asked for (`do` = `menu`), in whole packs rounded up; whether it was.
pub(super) fn fill(view: &View, sheet: &Sheet, form: &mut Form) -> bool {
    if form.value("do") != "menu" {
        return false;
    }
    let portions = |name: &str| words::read_decimal(view.language, form.value(name)).parse::<i64>().unwrap_or(0);
    let (all, small) = (portions("portions"), portions("portions_small"));
    let menu = MENUS.iter().find(|menu| menu.code == form.value("menu"));
    if menu.is_none() {
        form.add_problem("menu", view.say("demands-menu-missing"));
    }
    if !(1..=MOST_PORTIONS).contains(&all) || !(0..=all).contains(&small) {
        form.add_problem("portions", view.say("demands-portions-wrong"));
    }
    let Some(menu) = menu.filter(|_| !form.is_wrong()) else { return true };
    let needs = needs(&menu.code, small, all - small);
    for line in &sheet.lines {
        let need = needs.get(line.code.as_str()).copied().unwrap_or(0);
        let packs = need.div_ceil(u64::try_from(line.unit.base_units.max(1)).unwrap_or(1));
        form.set(&line.field(), if packs == 0 { String::new() } else { packs.to_string() });
    }
    let budget = small * menu.budget_small_idr + (all - small) * menu.budget_large_idr;
    form.set(BUDGET, budget.to_string());
    true
}

/// Base units of each commodity for so many small and large portions, rounded up.
fn needs(menu: &str, small: i64, large: i64) -> BTreeMap<&'static str, u64> {
    let lines = RECIPES.iter().filter(|line| line.menu == menu);
    let mut milli: BTreeMap<&'static str, i64> = BTreeMap::new();
    for line in lines {
        *milli.entry(line.commodity.as_str()).or_default() += small * line.small_milli + large * line.large_milli;
    }
    milli.into_iter().map(|(code, milli)| (code, milli.unsigned_abs().div_ceil(1_000))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_portions_of_the_first_menu_need_what_its_recipe_says() {
        // 50 g of rice for a small portion, 80 g for a large one.
        let found = needs("M01", 400, 600);
        assert_eq!(found["beras_medium"], 400 * 50 + 600 * 80);
        assert!(choices("kupang", Language::Indonesian).iter().any(|(code, _)| code == "M01"));
        assert!(needs("M99", 1, 1).is_empty());
    }
}
