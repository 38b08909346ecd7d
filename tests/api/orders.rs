//! Orders: who sees them, the seller's one answer, and what a refusal, whole or in part, gives back.

use crate::support::{Client, Trade, on_each_database};
use pasok::parties::{Capability, Class, Role};
use reqwest::Method;
use serde_json::{Value, json};

async fn first_order(who: &Client) -> Value {
    who.get("/api/v1/orders").await.expect(200).json()["items"][0].clone()
}

fn address(order: &Value) -> String {
    format!("/api/v1/orders/{}", order["id"].as_str().unwrap())
}

#[test]
fn an_order_adds_up_and_is_seen_by_both_sides_and_the_operator() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let order = first_order(&trade.stage.buyer.client).await;
        let read = trade.stage.buyer.client.get(&address(&order)).await.expect(200);
        let json = read.json();
        assert_eq!(
            (&json["number"], &json["status"], read.header("etag")),
            (&json!("PO-2026-000001"), &json!("issued"), "\"1\"")
        );
        let line = &json["lines"][0];
        // 40 kg at 13,250.5 is 530,020; both stand at the same place, so there is no freight.
        assert_eq!(
            (&line["quantity"], &line["goods_idr"], &line["freight_idr"]),
            (&json!("40"), &json!(530_020), &json!(0))
        );
        assert_eq!((&json["goods_idr"], &json["total_idr"]), (&json!(530_020), &json!(530_020)));
        for who in [&trade.stage.seller.client, &trade.stage.operator.client] {
            assert_eq!(who.get(&address(&order)).await.expect(200).json(), json);
        }
        let stranger = test.organisation("LAIN", Class::Kdmp, &[Capability::Seller]);
        let stranger = test.member(&stranger, "Orang lain", Role::Seller);
        for who in [&stranger, &trade.stage.kitchen.client] {
            let foreign = who.get(&address(&order)).await.expect(404);
            assert_eq!(foreign.text, who.get("/api/v1/orders/1").await.expect(404).text);
            let accept = format!("{}/accept", address(&order));
            who.change(Method::POST, &accept, "\"1\"", &json!({})).await.expect(404);
        }
        let filtered = trade.stage.operator.client.get("/api/v1/orders?status=rejected").await.expect(200).json();
        assert_eq!(filtered["items"], json!([]));
        trade.stage.operator.client.get("/api/v1/orders?status=odd").await.expect(400);
    });
}

#[test]
fn one_answer_is_final_and_giving_it_twice_changes_nothing() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let (buyer, seller) = (&trade.stage.buyer.client, &trade.stage.seller.client);
        let order = first_order(buyer).await;
        let (accept, reject) = (format!("{}/accept", address(&order)), format!("{}/reject", address(&order)));
        buyer.change(Method::POST, &accept, "\"1\"", &json!({})).await.expect(403);
        seller.change(Method::POST, &accept, "\"9\"", &json!({})).await.expect(412);
        let accepted = seller.change(Method::POST, &accept, "\"1\"", &json!({})).await.expect(200);
        assert_eq!((&accepted.json()["status"], accepted.header("etag")), (&json!("accepted"), "\"2\""));
        let again = seller.change(Method::POST, &accept, "\"1\"", &json!({})).await.expect(200);
        assert_eq!(again.json(), accepted.json());
        let other =
            seller.change(Method::POST, &reject, "\"2\"", &json!({ "reason": "OUT_OF_STOCK" })).await.expect(409);
        assert_eq!(other.code(), "ORDER_ALREADY_ANSWERED");
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{report}");
    });
}

#[test]
fn a_refused_order_needs_a_reason_and_frees_its_stock() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let (buyer, seller) = (&trade.stage.buyer.client, &trade.stage.seller.client);
        let reserved =
            || async { seller.get("/api/v1/offers").await.expect(200).json()["items"][0]["reserved"].clone() };
        assert_eq!(reserved().await, "65");
        let order = first_order(buyer).await;
        let reject = format!("{}/reject", address(&order));
        for (body, told) in [
            (json!({ "reason": "BOSAN" }), "/reason UNKNOWN_CHOICE"),
            (json!({ "reason": "OTHER", "note": " " }), "/note ORDER_NOTE_MISSING"),
        ] {
            let refused = seller.change(Method::POST, &reject, "\"1\"", &body).await.expect(422);
            assert_eq!(refused.field_codes(), [told]);
        }
        let body = json!({ "reason": "OTHER", "note": "truk rusak" });
        let rejected = seller.change(Method::POST, &reject, "\"1\"", &body).await.expect(200).json();
        assert_eq!(
            (&rejected["status"], &rejected["reason"], &rejected["note"]),
            (&json!("rejected"), &json!("OTHER"), &json!("truk rusak"))
        );
        assert_eq!(reserved().await, "25");
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{report}");
    });
}

#[test]
fn an_order_is_accepted_in_part_once_and_the_rest_is_free_again() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let (buyer, seller) = (&trade.stage.buyer.client, &trade.stage.seller.client);
        let order = first_order(buyer).await;
        let (part, accept) = (format!("{}/accept-part", address(&order)), format!("{}/accept", address(&order)));
        let said = |accepted: &str, reason: &str| json!({ "lines": [{ "line_number": 1, "accepted": accepted, "reason": reason }] });
        let good = said("30", "CANNOT_DELIVER_DAY");
        buyer.change(Method::POST, &part, "\"1\"", &good).await.expect(403);
        seller.change(Method::POST, &part, "\"9\"", &good).await.expect(412);
        let answered = seller.change(Method::POST, &part, "\"1\"", &good).await.expect(200);
        let json = answered.json();
        assert_eq!((&json["status"], answered.header("etag")), (&json!("partly_accepted"), "\"2\""));
        // 30 of 40 kg at 13,250.5: 397,515 of 530,020. The order says what was ordered, and beside it what is agreed.
        assert_eq!((&json["total_idr"], &json["agreed_idr"]), (&json!(530_020), &json!(397_515)));
        let missing =
            json!({ "quantity": "10", "goods_idr": 132_505, "freight_idr": 0, "reason": "CANNOT_DELIVER_DAY" });
        assert_eq!((&json["lines"][0]["quantity"], &json["lines"][0]["shortfall"]), (&json!("40"), &missing));
        assert_eq!(buyer.get(&address(&order)).await.expect(200).json(), json);
        let listed = buyer.get("/api/v1/orders?status=partly_accepted").await.expect(200).json();
        assert_eq!(listed["items"][0]["agreed_idr"], json!(397_515));
        let again = seller.change(Method::POST, &part, "\"1\"", &good).await.expect(200);
        assert_eq!(again.json(), json);
        for (address, body) in [(&part, said("20", "OUT_OF_STOCK")), (&accept, json!({}))] {
            let other = seller.change(Method::POST, address, "\"2\"", &body).await.expect(409);
            assert_eq!(other.code(), "ORDER_ALREADY_ANSWERED");
        }
        let offer = seller.get("/api/v1/offers").await.expect(200).json()["items"][0].clone();
        assert_eq!(offer["reserved"], "55", "10 of 65 kg are free again");
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{report}");
    });
}

#[test]
fn a_part_that_is_no_part_is_refused_with_every_mistake() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let seller = &trade.stage.seller.client;
        let order = first_order(&trade.stage.buyer.client).await;
        let part = format!("{}/accept-part", address(&order));
        let line = |number: i64, accepted: &str, reason: &str| json!({ "line_number": number, "accepted": accepted, "reason": reason });
        for (lines, told) in [
            (vec![], vec!["/lines REQUIRED"]),
            (vec![line(1, "0", "QUALITY")], vec!["/lines ORDER_NOTHING_ACCEPTED"]),
            (vec![line(1, "40", "QUALITY")], vec!["/lines/0/accepted ORDER_LINE_NOT_SHORT"]),
            (vec![line(1, "-3", "QUALITY")], vec!["/lines/0/accepted NOT_POSITIVE"]),
            (
                vec![line(1, "12.5", "BOSAN"), line(7, "1", "OTHER")],
                vec![
                    "/lines/0/accepted ORDER_LINE_NOT_WHOLE_PACKS",
                    "/lines/0/reason UNKNOWN_CHOICE",
                    "/lines/1/line_number ORDER_LINE_UNKNOWN",
                    "/lines/1/note ORDER_NOTE_MISSING",
                ],
            ),
        ] {
            let refused = seller.change(Method::POST, &part, "\"1\"", &json!({ "lines": lines })).await.expect(422);
            assert_eq!(refused.field_codes(), told);
        }
        assert_eq!(first_order(&trade.stage.buyer.client).await["status"], "issued");
    });
}
