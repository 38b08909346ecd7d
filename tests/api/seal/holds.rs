//! A complaint holds the lines it is about and nothing else, until it is answered.

use super::sale::Sale;
use crate::support::{Client, TestApp, on_each_database};
use pasok::orders::holds::settle_due;
use reqwest::Method;
use serde_json::{Value, json};

/// A published round: bidder 0 sells rice under the call's lot, and milk as anybody may; bidder 1, who lost, has complained about
/// the rice. The complaint's address.
async fn published(test: &TestApp) -> (Sale, String) {
    let sale = Sale::published(test).await;
    let milk = json!({ "place": sale.bidders[0].place_id, "commodity": "susu_uht_125", "price": "4000", "stock": "100",
        "unit": "buah", "confirm_unusual_price": true, "day_from": "2026-01-12", "day_to": "2026-01-18" });
    let offers = format!("/api/v1/markets/{}/offers", sale.trade.stage.market_id);
    sale.bidders[0].client.post(&offers, &milk).await.expect(201);
    sale.place(0, &sale.sealed(0, "12500").await).await.expect(201);
    sale.place(1, &sale.sealed(1, "13900").await).await.expect(201);
    sale.close(test).await;
    sale.sit("opening", (0, 1)).await.expect(200);
    sale.trade.step(&sale.trade.stage.operator.client, "solve").await.expect(202);
    assert_eq!(sale.trade.settled().await["status"], "proposed");
    let loser = &sale.bidders[1].client;
    let bids = loser.get("/api/v1/bids").await.expect(200).json();
    let address = format!("/api/v1/bids/{}/complaints", bids["items"][0]["id"].as_str().unwrap());
    let words = json!({ "lot": 1, "words": "Kami lebih dekat" });
    let complaint = loser.post(&address, &words).await.expect(201).json();
    assert_eq!(loser.post(&address, &words).await.expect(409).code(), "COMPLAINT_EXISTS");
    sale.trade.step(&sale.trade.approver, "approve").await.expect(200);
    sale.trade.step(&sale.trade.stage.operator.client, "publish").await.expect(200);
    let complaint = format!("/api/v1/complaints/{}/answer", complaint["id"].as_str().unwrap());
    (sale, complaint)
}

/// Orders as the operator sees them: status and goods of each line.
async fn orders(sale: &Sale) -> Vec<(String, Vec<String>)> {
    let operator = &sale.trade.stage.operator.client;
    let list = operator.get("/api/v1/orders").await.expect(200).json();
    let mut found = Vec::new();
    for order in list["items"].as_array().unwrap() {
        let one = operator.get(&format!("/api/v1/orders/{}", order["id"].as_str().unwrap())).await.expect(200).json();
        let goods = one["lines"].as_array().unwrap().iter().map(|line| line["commodity"].as_str().unwrap().to_owned());
        found.push((one["status"].as_str().unwrap().to_owned(), goods.collect()));
    }
    found.sort();
    found
}

async fn answer(test: &TestApp, approver: &Client, address: &str, verdict: &str) -> usize {
    let body = json!({ "verdict": verdict, "answer": "Jarak sudah dihitung" });
    approver.change(Method::POST, address, "\"1\"", &body).await.expect(200);
    settle(test).await
}

async fn settle(test: &TestApp) -> usize {
    let app = test.app.clone();
    tokio::task::spawn_blocking(move || settle_due(&app)).await.unwrap().unwrap()
}

fn rows(wanted: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
    wanted.iter().map(|(status, goods)| ((*status).to_owned(), vec![(*goods).to_owned()])).collect()
}

async fn held_order(sale: &Sale) -> (String, Value) {
    let seller = &sale.bidders[0].client;
    let list = seller.get("/api/v1/orders?status=held").await.expect(200).json();
    let address = format!("/api/v1/orders/{}", list["items"][0]["id"].as_str().unwrap());
    let order = seller.get(&address).await.expect(200).json();
    (address, order)
}

#[test]
fn lines_nobody_complains_about_are_ordered_and_the_others_wait() {
    on_each_database(|test| async move {
        let (sale, complaint) = published(&test).await;
        // The kitchen buys rice and milk of the same seller: two orders, of which one waits.
        let rice = "beras_medium";
        assert_eq!(orders(&sale).await, rows(&[("held", rice), ("held", rice), ("issued", "susu_uht_125")]));
        assert_eq!(settle(&test).await, 0, "settled before it was answered");
        let (order, held) = held_order(&sale).await;
        let seller = &sale.bidders[0].client;
        let accept = async |version: &Value| {
            let version = format!("\"{version}\"");
            seller.change(Method::POST, &format!("{order}/accept"), &version, &json!({})).await
        };
        assert_eq!(accept(&held["version"]).await.expect(409).code(), "ORDER_HELD");
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{report:?}");
        assert_eq!(answer(&test, &sale.trade.approver, &complaint, "dismissed").await, 2);
        assert_eq!(settle(&test).await, 0, "settled twice");
        assert_eq!(orders(&sale).await, rows(&[("issued", rice), ("issued", rice), ("issued", "susu_uht_125")]));
        assert_eq!(accept(&json!(2)).await.expect(200).json()["status"], "accepted");
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{report:?}");
    });
}

#[test]
fn an_upheld_complaint_makes_the_orders_void_and_frees_their_stock() {
    on_each_database(|test| async move {
        let (sale, complaint) = published(&test).await;
        assert_eq!(answer(&test, &sale.trade.approver, &complaint, "upheld").await, 2);
        let rice = "beras_medium";
        assert_eq!(orders(&sale).await, rows(&[("issued", "susu_uht_125"), ("withdrawn", rice), ("withdrawn", rice)]));
        let offers = sale.bidders[0].client.get("/api/v1/offers").await.expect(200).json();
        let reserved = |commodity: &str| {
            let offers = offers["items"].as_array().unwrap();
            offers.iter().find(|offer| offer["commodity"] == commodity).unwrap()["reserved"].clone()
        };
        assert_eq!((reserved(rice), reserved("susu_uht_125")), (json!("0"), json!("100")));
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{report:?}");
    });
}
