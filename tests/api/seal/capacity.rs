//! What a bidder can deliver, on one day and in all, is shared by all lots of its bid.

use super::sale::{CLOSES, Sale};
use crate::support::{TestApp, on_each_database};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Kilograms that a bidder wins by day, of 65 kg of rice in two lots whose days overlap, when its bid states these capacities.
async fn won_by_day(test: &TestApp, capacities: Value) -> BTreeMap<String, f64> {
    let mut sale = Sale::draft(test).await;
    let operator = &sale.trade.stage.operator.client;
    let call = format!("/api/v1/calls/{}", sale.call_id);
    let lot = |last: &str, quantity: &str| {
        json!({ "commodity": "beras_medium", "area_name": "Seluruh pasar", "day_from": "2026-01-12", "day_to": last,
            "quantity": quantity, "unit": "kg", "points": 2 })
    };
    let version = operator.get(&call).await.expect(200).header("etag").to_owned();
    let lots = json!({ "lots": [lot("2026-01-18", "40"), lot("2026-01-17", "25")] });
    operator.change(Method::POST, &format!("{call}/lots"), &version, &lots).await.expect(200);
    sale.take_seats().await;
    sale.sit("rehearsal", (0, 1)).await.expect(200);
    sale.publish(test).unwrap();
    let mut document = sale.document(0, "12500");
    document["terms_version"] = json!(2);
    document.as_object_mut().unwrap().extend(capacities.as_object().unwrap().clone());
    let line = |number: i64| json!({ "lot": number, "price": format!("{}", 12_500 - number), "max_quantity": 65_000, "delivery": { "terms": "franco" } });
    document["lines"] = json!([line(1), line(2)]);
    let mut sealed = sale.seal_to(&sale.recipient().await, 0, &document);
    sealed["terms_version"] = json!(2);
    sale.place(0, &sealed).await.expect(201);
    sale.close(test).await;
    sale.sit("opening", (0, 1)).await.expect(200);
    let operator = &sale.trade.stage.operator.client;
    sale.trade.step(operator, "solve").await.expect(202);
    assert_eq!(sale.trade.settled().await["status"], "proposed", "{CLOSES}");
    sale.trade.step(&sale.trade.approver, "approve").await.expect(200);
    sale.trade.step(operator, "publish").await.expect(200);
    let awards = operator.get(&format!("{}/awards?limit=500", sale.trade.round)).await.expect(200).json();
    let seller = sale.bidders[0].organisation.id.to_string();
    let mut by_day: BTreeMap<String, f64> = BTreeMap::new();
    let of_bidder = |award: &&Value| award["seller_id"].as_str() == Some(seller.as_str());
    for award in awards["items"].as_array().unwrap().iter().filter(of_bidder) {
        let kilograms: f64 = award["quantity"].as_str().unwrap().parse().unwrap();
        *by_day.entry(award["day"].as_str().unwrap().to_owned()).or_default() += kilograms;
    }
    let report = pasok::check::run(&test.app.db).unwrap();
    assert!(report.is_clean(), "{report:?}");
    by_day
}

#[test]
fn a_days_capacity_is_shared_by_lots_on_every_day() {
    on_each_database(|test| async move {
        let by_day = won_by_day(&test, json!({ "capacity_per_day_g": 8_000 })).await;
        // Eight kilograms on each of the six days of delivery, of either lot; the rest comes from a dearer plain offer.
        assert_eq!(by_day.len(), 6, "{by_day:?}");
        assert!(by_day.values().all(|kilograms| (kilograms - 8.0).abs() < 1e-9), "{by_day:?}");
    });
}

#[test]
fn a_capacity_in_all_is_shared_by_lots_and_days() {
    on_each_database(|test| async move {
        let capacities = json!({ "capacity_per_day_g": 8_000, "capacity_in_all_g": 30_000 });
        let by_day = won_by_day(&test, capacities).await;
        assert!(by_day.values().all(|kilograms| *kilograms < 8.0 + 1e-9), "{by_day:?}");
        assert!((by_day.values().sum::<f64>() - 30.0).abs() < 1e-9, "{by_day:?}");
    });
}
