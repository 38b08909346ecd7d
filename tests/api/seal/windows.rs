//! The time for complaints: orders for a call's lots wait until it is over, and with an open complaint longer.

use super::after::{answer_all, bid_id};
use super::sale::Sale;
use crate::support::{TestApp, on_each_database};
use pasok::orders::holds::settle_due;
use reqwest::Method;
use serde_json::{Value, json};

const HOURS: i64 = 24;
const HOUR_S: i64 = 3_600;

/// An approved plan under a call with a day for complaints.
async fn approved(test: &TestApp) -> Sale {
    let mut sale = Sale::draft_with(test, |entry| entry.complaint_hours = HOURS).await;
    sale.take_seats().await;
    sale.sit("rehearsal", (0, 1)).await.expect(200);
    sale.publish(test).unwrap();
    sale.place(0, &sale.sealed(0, "12500").await).await.expect(201);
    sale.place(1, &sale.sealed(1, "13900").await).await.expect(201);
    sale.close(test).await;
    sale.sit("opening", (0, 1)).await.expect(200);
    sale.trade.step(&sale.trade.stage.operator.client, "solve").await.expect(202);
    assert_eq!(sale.trade.settled().await["status"], "proposed");
    sale.trade.step(&sale.trade.approver, "approve").await.expect(200);
    sale
}

async fn publish(sale: &Sale) {
    sale.trade.step(&sale.trade.stage.operator.client, "publish").await.expect(200);
}

async fn statuses(sale: &Sale) -> Vec<String> {
    let orders = sale.trade.stage.operator.client.get("/api/v1/orders").await.expect(200).json();
    orders["items"].as_array().unwrap().iter().map(|order| order["status"].as_str().unwrap().to_owned()).collect()
}

async fn settle(test: &TestApp) -> usize {
    let app = test.app.clone();
    tokio::task::spawn_blocking(move || settle_due(&app)).await.unwrap().unwrap()
}

async fn call(sale: &Sale) -> Value {
    sale.trade.stage.operator.client.get(sale.at("").trim_end_matches('/')).await.expect(200).json()
}

fn assert_clean(test: &TestApp) {
    let report = pasok::check::run(&test.app.db).unwrap();
    assert!(report.is_clean(), "{report:?}");
}

#[test]
fn orders_go_out_when_the_time_is_over_and_nobody_complained() {
    on_each_database(|test| async move {
        let sale = approved(&test).await;
        assert!(call(&sale).await["complaints_until"].is_null());
        publish(&sale).await;
        assert_eq!(statuses(&sale).await, ["held", "held"]);
        test.clock.advance_seconds(HOURS * HOUR_S - 1);
        assert_eq!(settle(&test).await, 0, "a second too early");
        assert_clean(&test);
        test.clock.advance_seconds(1);
        let late = format!("/api/v1/bids/{}/complaints", bid_id(&sale.bidders[1].client).await);
        let late = sale.bidders[1].client.post(&late, &json!({ "words": "Terlambat" })).await.expect(409);
        assert_eq!(late.code(), "NOTHING_TO_CONTEST");
        assert_eq!(settle(&test).await, 2);
        assert_eq!(settle(&test).await, 0, "settled twice");
        assert_eq!(statuses(&sale).await, ["issued", "issued"]);
        assert_clean(&test);
    });
}

/// The orders that come of a complaint made after publishing and answered when the time is over.
async fn after_complaint(test: &TestApp, verdict: &str) -> Vec<String> {
    let sale = approved(test).await;
    publish(&sale).await;
    let loser = &sale.bidders[1].client;
    let address = format!("/api/v1/bids/{}/complaints", bid_id(loser).await);
    let complaint = loser.post(&address, &json!({ "lot": 1, "words": "Kami lebih dekat" })).await.expect(201);
    test.clock.advance_seconds(HOURS * HOUR_S);
    assert_eq!(settle(test).await, 0, "the complaint is not answered");
    let id = complaint.json()["id"].as_str().unwrap().to_owned();
    let body = json!({ "verdict": verdict, "answer": "Sudah dihitung ulang" });
    let answer = format!("/api/v1/complaints/{id}/answer");
    sale.trade.approver.change(Method::POST, &answer, "\"1\"", &body).await.expect(200);
    assert_eq!(settle(test).await, 2);
    assert_clean(test);
    statuses(&sale).await
}

#[test]
fn a_complaint_after_publishing_but_in_time_holds_the_orders_until_it_is_answered() {
    on_each_database(|test| async move {
        assert_eq!(after_complaint(&test, "dismissed").await, ["issued", "issued"]);
    });
    on_each_database(|test| async move {
        assert_eq!(after_complaint(&test, "upheld").await, ["withdrawn", "withdrawn"]);
    });
}

#[test]
fn the_time_begins_when_bidders_know_the_result() {
    on_each_database(|test| async move {
        let sale = approved(&test).await;
        assert_eq!(answer_all(&test).await, 1);
        let until = call(&sale).await["complaints_until"].clone();
        assert!(until.as_str().is_some_and(|text| text.starts_with("2026-01-09T08:00:00")), "{until}");
        test.clock.advance_seconds(HOURS * HOUR_S / 2);
        publish(&sale).await;
        assert_eq!(call(&sale).await["complaints_until"], until, "publishing later gives no more time");
        assert_eq!(statuses(&sale).await, ["held", "held"]);
        test.clock.advance_seconds(HOURS * HOUR_S / 2);
        assert_eq!(settle(&test).await, 2);
        assert_clean(&test);
    });
}

#[test]
fn hours_out_of_bounds_or_into_the_delivery_are_refused() {
    on_each_database(|test| async move {
        let sale = Sale::draft(&test).await;
        let operator = &sale.trade.stage.operator.client;
        let version = format!("\"{}\"", call(&sale).await["version"]);
        // The call closes at 16.00 on the 8th, the first delivery is on the 12th.
        for (hours, code) in [(-1, "TOO_LARGE"), (721, "TOO_LARGE"), (80, "CALL_COMPLAINTS_TOO_LATE")] {
            let terms = json!({ "title": "Beras", "closes_at": super::sale::CLOSES, "complaint_hours": hours });
            let body = json!({ "terms": terms, "reason": "uji" });
            let refused = operator.change(Method::POST, &sale.at("terms"), &version, &body).await.expect(422);
            assert_eq!(refused.field_codes(), [format!("/complaint_hours {code}")]);
        }
        let terms = json!({ "title": "Beras", "closes_at": super::sale::CLOSES, "complaint_hours": 79 });
        let body = json!({ "terms": terms, "reason": "uji" });
        operator.change(Method::POST, &sale.at("terms"), &version, &body).await.expect(200);
    });
}
