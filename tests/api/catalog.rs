//! The catalogue, and the seed facts that fill it.

use crate::support::{SYSTEM, TestApp, on_each_database};
use diesel::prelude::*;
use pasok::catalog::service::{self, NewCommodity};
use pasok::catalog::{Category, ReferenceKind, Storage, Unit};
use pasok::db::DbConnection;
use pasok::error::AppError;
use pasok::seed::load::{Loaded, load};
use pasok::values::{BaseUnit, RiceZone, UnitPrice};
use serde_json::json;
use std::collections::BTreeMap;

/// Rows per table, of the tables that loading touches.
fn rows(test: &TestApp) -> Result<BTreeMap<&'static str, i64>, AppError> {
    use pasok::db::schema::{audit_entries, commodities, commodity_units, reference_prices, regions};
    test.app.read(SYSTEM, |connection: &mut DbConnection, _| {
        Ok(BTreeMap::from([
            ("audit_entries", audit_entries::table.count().get_result(connection)?),
            ("commodities", commodities::table.count().get_result(connection)?),
            ("commodity_units", commodity_units::table.count().get_result(connection)?),
            ("reference_prices", reference_prices::table.count().get_result(connection)?),
            ("regions", regions::table.count().get_result(connection)?),
        ]))
    })
}

#[test]
fn seed_facts_load_and_a_second_load_writes_nothing() {
    on_each_database(|test| async move {
        let mut lines = Vec::new();
        let loaded = load(&test.app, &mut |line| lines.push(line.to_owned())).unwrap();
        assert_eq!(loaded.catalogue.commodities, 73);
        assert!(lines.iter().any(|line| line.starts_with("regions: ")), "{lines:?}");
        let before = rows(&test).unwrap();
        assert_eq!(before["regions"], i64::try_from(loaded.regions).unwrap());
        assert!(before["regions"] > 38 + 514 + 150 + 8_494);
        assert_eq!(load(&test.app, &mut |_| {}).unwrap(), Loaded::default());
        assert_eq!(rows(&test).unwrap(), before);
    });
}

#[test]
fn only_a_het_binds() {
    on_each_database(|test| async move {
        load(&test.app, &mut |_| {}).unwrap();
        let read = |connection: &mut DbConnection, _: &pasok::scope::Scope| {
            let rice = service::find_by_code(connection, "beras_medium")?.unwrap();
            let sugar = service::find_by_code(connection, "gula_pasir")?.unwrap();
            assert_eq!((rice.base_unit, rice.storage), (BaseUnit::Gram, Storage::Ambient));
            let mut ceiling = |zone: i32, id| service::binding_ceiling(connection, id, RiceZone::new(zone).unwrap());
            let price = |text| UnitPrice::parse(text).ok();
            assert_eq!(ceiling(1, rice.id)?, price("13500"));
            assert_eq!(ceiling(3, rice.id)?, price("15500"));
            assert_eq!(ceiling(1, sugar.id)?, None);
            let references = service::reference_prices(connection, sugar.id)?;
            assert_eq!(references.len(), 3);
            assert!(references.iter().all(|price| price.kind == ReferenceKind::Hap));
            let all = service::load_binding_ceilings(connection, RiceZone::new(3).unwrap())?;
            assert_eq!((all.get(&rice.id).copied(), all.get(&sugar.id)), (price("15500"), None));
            let tray = service::find_by_code(connection, "telur_ayam")?.unwrap().id;
            assert_eq!(service::find_unit(connection, tray, "tray30")?.unwrap().base_units, 1_875);
            assert_eq!(service::find_unit(connection, tray, "karung50")?, None);
            assert_eq!(service::load_units(connection)?[&tray], service::units_of(connection, tray)?);
            assert_eq!(service::load_all(connection)?[&rice.id], rice);
            Ok(())
        };
        test.app.read(SYSTEM, read).unwrap();
    });
}

#[test]
fn the_catalogue_is_read_page_by_page_with_units_and_prices() {
    on_each_database(|test| async move {
        load(&test.app, &mut |_| {}).unwrap();
        let operator = test.operator();
        let mut next = Some("/api/v1/commodities?limit=30".to_owned());
        let mut items = Vec::new();
        while let Some(address) = next {
            let page = operator.get(&address).await.expect(200).json();
            items.extend(page["items"].as_array().unwrap().clone());
            next = page["next"].as_str().map(ToOwned::to_owned);
        }
        assert_eq!(items.len(), 73);
        let oil = items.iter().find(|item| item["code"] == "minyakita").unwrap();
        assert_eq!(
            (&oil["pricing_unit"], &oil["grams_per_thousand"], &oil["price_typical"]),
            (&json!("LTR"), &json!(903), &json!("15700"))
        );
        let carton = oil["units"].as_array().unwrap().iter().find(|unit| unit["code"] == "dus_minyak12");
        assert_eq!(carton.unwrap()["base_units"], 12_000);
        let official = oil["reference_prices"].as_array().unwrap();
        assert_eq!((official.len(), &official[0]["kind"], &official[0]["binding"]), (3, &json!("HET"), &json!(true)));
        let one = operator.get(&format!("/api/v1/commodities/{}", oil["id"].as_str().unwrap())).await;
        assert_eq!(&one.expect(200).json(), oil);
        operator.get("/api/v1/commodities/12").await.expect(404);
        operator.get("/api/v1/commodities/x").await.expect(404);
        test.anyone().get("/api/v1/commodities").await.expect(401);
    });
}

#[test]
fn everything_wrong_with_a_commodity_is_told_at_once_and_nothing_is_written() {
    on_each_database(|test| async move {
        let price = |text: &str| UnitPrice::parse(text).unwrap();
        let unit = |base_units| Unit {
            code: "kg".to_owned(),
            name_id: "Kilogram".to_owned(),
            name_en: "Kilogram".to_owned(),
            unece_code: "KGM".to_owned(),
            base_units,
        };
        let right = NewCommodity {
            code: "beras".to_owned(),
            name_id: "Beras".to_owned(),
            name_en: "Rice".to_owned(),
            category: Category::Sembako,
            base_unit: BaseUnit::Gram,
            grams_per_thousand: 1_000,
            storage: Storage::Ambient,
            price_floor: price("11000"),
            price_typical: price("12000"),
            price_ceiling: price("15000"),
            units: vec![unit(1_000)],
            reference_prices: Vec::new(),
        };
        let mut wrong = right.clone();
        wrong.code = "gula".to_owned();
        wrong.price_typical = price("16000");
        wrong.grams_per_thousand = 0;
        wrong.units = vec![unit(0)];
        let add = |new: &[NewCommodity]| test.app.write(SYSTEM, |work| service::add_many(work, new));
        let AppError::Refused(refusal) = add(&[right.clone(), wrong]).unwrap_err() else {
            panic!("a wrong input is not our fault");
        };
        let codes: Vec<_> =
            refusal.issues.iter().map(|issue| format!("{} {}", issue.pointer, issue.def.code)).collect();
        assert_eq!(
            codes,
            [
                "/gula/price_typical PRICES_REVERSED",
                "/gula/grams_per_thousand NOT_POSITIVE",
                "/gula/units/kg NOT_POSITIVE"
            ]
        );
        assert!(test.app.read(SYSTEM, |connection, _| service::load_all(connection)).unwrap().is_empty());
        // A unit that comes later joins the commodity that is there.
        assert_eq!(add(std::slice::from_ref(&right)).unwrap().commodities, 1);
        let mut more = right.clone();
        more.units.push(Unit { code: "karung50".to_owned(), ..unit(50_000) });
        let added = add(&[more]).unwrap();
        assert_eq!((added.commodities, added.units, added.reference_prices), (0, 1, 0));
        // Newer facts change prices and names, and say so once; what quantities are counted in stays.
        let mut newer = NewCommodity { price_typical: price("12500"), name_id: "Beras baru".to_owned(), ..right };
        newer.units = vec![unit(2_000)];
        let renew =
            |facts: &[NewCommodity]| test.app.write(SYSTEM, |work| pasok::catalog::renew::renew(work, facts)).unwrap();
        let first = renew(std::slice::from_ref(&newer));
        assert_eq!((first.changed.len(), first.kept.len()), (1, 1), "{first:?}");
        assert!(first.changed[0].contains("12000") && first.changed[0].contains("12500"), "{first:?}");
        assert!(renew(&[newer]).changed.is_empty());
        let kept = test.app.read(SYSTEM, |connection, _| service::find_by_code(connection, "beras")).unwrap();
        assert_eq!(kept.unwrap().price_typical, price("12500"));
    });
}
