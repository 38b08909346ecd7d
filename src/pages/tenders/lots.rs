//! Lots of a call as people read them: goods, amount, packs, area, days, ceiling, and how far the pooled need has grown.

use super::super::stand::{name_of, unit_name};
use super::super::view::View;
use super::super::words;
use crate::catalog::Catalogue;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::markets::Market;
use crate::scope::Scope;
use crate::tenders::aggregate::service::Progress;
use crate::tenders::calls::{self, Call, Lot};
use crate::values::{BaseUnit, CertificateSet, UnitPrice};
use crate::web::problem::Language;

/// A lot with names.
#[derive(Debug, Clone)]
pub(super) struct LotRow {
    pub lot: Lot,
    pub name: String,
    pub unit: BaseUnit,
    pub pack: String,
    /// The lower of the call's ceiling and the one by law.
    pub ceiling: Option<UnitPrice>,
    pub bar: Option<Bar>,
}

/// How far the need has grown, in packs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bar {
    /// Packs so far, begun ones not counted.
    pub have: i64,
    /// Packs at the next step, or in the whole lot where no step is left.
    pub at: i64,
    /// Packs still missing, rounded up.
    pub missing: i64,
    /// Whether another price begins there.
    pub is_step: bool,
}

impl LotRow {
    /// `12.500 kg`.
    pub fn quantity(&self, view: &View) -> String {
        words::quantity(view.language, self.lot.terms.quantity.get(), self.unit)
    }

    /// `Rp 14.000 / kg`; empty where there is no ceiling.
    pub fn ceiling_text(&self, view: &View) -> String {
        self.ceiling.map_or_else(String::new, |ceiling| words::per(&view.price(ceiling), self.per()))
    }

    /// Any amount of this lot's goods.
    pub fn amount(&self, view: &View, base_units: i64) -> String {
        words::quantity(view.language, base_units, self.unit)
    }

    /// Name of a field of this lot's form.
    pub fn field(&self, name: &str) -> String {
        format!("{name}-{}", self.lot.number)
    }

    /// `kg`, `liter`, `buah`.
    pub fn per(&self) -> &'static str {
        self.unit.pricing_name()
    }

    /// Words of certificates that some of the need asks for.
    pub fn requirements(&self, view: &View) -> String {
        certificates(view, &self.lot.terms.requirements)
    }

    /// What the bar says.
    pub fn bar_text(&self, view: &View, bar: &Bar) -> String {
        let values: &[(&str, &dyn words::Value)] =
            &[("have", &bar.have), ("at", &bar.at), ("missing", &bar.missing), ("pack", &self.pack)];
        let key = match (bar.missing, bar.is_step) {
            (..=0, _) => "tenders-bar-full",
            (_, true) => "tenders-bar-step",
            (_, false) => "tenders-bar-lot",
        };
        words::say(view.language, key, values)
    }
}

/// Certificates by name.
pub(super) fn certificates(view: &View, set: &CertificateSet) -> String {
    let said = set.words().into_iter().map(|word| view.certificate(word));
    said.collect::<Vec<_>>().join(", ")
}

/// A call's lots by number; `pooled` is what was posted so far, where the round still collects.
pub(super) fn load(
    connection: &mut DbConnection,
    scope: &Scope,
    (call, market): (&Call, &Market),
    (language, pooled): (Language, &[Progress]),
) -> Result<Vec<LotRow>, AppError> {
    let catalogue = Catalogue::load(connection, market.rice_zone)?;
    let lots = calls::service::lots(connection, scope, call.id)?;
    Ok(lots.into_iter().filter_map(|lot| row(lot, &catalogue, language, pooled)).collect())
}

fn row(lot: Lot, catalogue: &Catalogue, language: Language, pooled: &[Progress]) -> Option<LotRow> {
    let commodity = catalogue.find(lot.terms.commodity_id)?;
    let by_law = catalogue.binding_ceiling(commodity.id).map(|ceiling| ceiling.price);
    let pack = lot.terms.pack.get();
    let unit = catalogue.units_of(commodity.id).iter().find(|unit| unit.base_units == pack);
    Some(LotRow {
        name: name_of(commodity, language),
        unit: commodity.base_unit,
        pack: unit
            .map_or_else(|| words::quantity(language, pack, commodity.base_unit), |unit| unit_name(unit, language)),
        ceiling: lot.terms.price_ceiling.into_iter().chain(by_law).min(),
        bar: bar(&lot, pooled),
        lot,
    })
}

/// The posted need of a lot against its next step; none where nothing is told of it.
fn bar(lot: &Lot, pooled: &[Progress]) -> Option<Bar> {
    let terms = &lot.terms;
    let belongs = |areas: &[String]| {
        terms.area.is_empty() || areas.iter().all(|own| terms.area.iter().any(|wide| own.starts_with(wide.as_str())))
    };
    let told = pooled.iter().filter(|one| one.pooled.commodity_id == terms.commodity_id && belongs(&one.pooled.areas));
    let have = told.filter_map(|one| one.pooled.figures.as_ref()).map(|figures| figures.quantity).sum::<i64>();
    let pack = terms.pack.get();
    if have == 0 || pack <= 0 {
        return None;
    }
    let step = terms.steps.iter().copied().find(|step| *step > have);
    let at = step.unwrap_or_else(|| terms.quantity.get());
    let missing = (at - have).max(0);
    let packs = |amount: i64| amount.div_euclid(pack);
    Some(Bar { have: packs(have), at: packs(at), missing: packs(missing + pack - 1), is_step: step.is_some() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenders::aggregate::pool::{Figures, Pooled};
    use crate::tenders::calls::types::LotTerms;
    use crate::values::{Day, DayRange, Quantity};
    use std::collections::BTreeMap;

    fn days() -> DayRange {
        let day = Day::parse("2026-01-12").unwrap();
        DayRange::new(day, day).unwrap()
    }

    fn lot(steps: &[i64]) -> Lot {
        let terms = LotTerms {
            commodity_id: 1,
            area: vec!["53.71".to_owned()],
            area_name: "Kupang".to_owned(),
            days: days(),
            quantity: Quantity::new(1_000_000).unwrap(),
            pack: Quantity::new(25_000).unwrap(),
            points: 3,
            steps: steps.to_vec(),
            requirements: CertificateSet::default(),
            price_ceiling: None,
        };
        Lot { id: 1, call_id: 1, number: 1, terms }
    }

    fn need(area: &str, quantity: Option<i64>) -> Progress {
        let figures = quantity.map(|quantity| Figures {
            quantity,
            buyers: 3,
            points: 3,
            requirements: BTreeMap::new(),
            ceiling_e4: None,
            spread_m: 0,
        });
        Progress { pooled: Pooled { commodity_id: 1, areas: vec![area.to_owned()], days: days(), figures }, next: None }
    }

    #[test]
    fn a_bar_counts_whole_packs_up_to_the_next_step_and_then_to_the_lot() {
        let pooled =
            [need("53.71.01", Some(400_000)), need("53.71.02", Some(60_000)), need("53.72.01", Some(9_000_000))];
        let step = Bar { have: 18, at: 25, missing: 7, is_step: true };
        assert_eq!(bar(&lot(&[250_000, 625_000]), &pooled), Some(step));
        assert_eq!(bar(&lot(&[]), &pooled), Some(Bar { have: 18, at: 40, missing: 22, is_step: false }));
        let full = [need("53.71.01", Some(1_250_000))];
        assert_eq!(bar(&lot(&[]), &full), Some(Bar { have: 50, at: 40, missing: 0, is_step: false }));
        assert_eq!(bar(&lot(&[]), &[need("53.71.01", None)]), None);
    }
}
