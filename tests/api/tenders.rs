//! Calls for bids, pooled need and scenarios through the API; the seal has a folder of its own.

use crate::seal::sale::{CLOSES, Sale};
use crate::support::{Client, TestApp, Trade, on_each_database};
use reqwest::Method;
use serde_json::{Value, json};

fn terms(title: &str) -> Value {
    json!({ "title": title, "closes_at": CLOSES, "min_bids": 2, "who_may_bid": ["besar", "koperasi"] })
}

fn lot() -> Value {
    json!({ "commodity": "beras_medium", "area_name": "Seluruh pasar", "day_from": "2026-01-12", "day_to": "2026-01-18",
        "quantity": "65", "unit": "kg", "points": 2, "steps": ["25", "50"] })
}

async fn change(client: &Client, address: &str, version: &str, body: &Value) -> crate::support::Answer {
    client.change(Method::POST, address, version, body).await
}

#[test]
fn a_call_is_made_changed_cloned_and_given_up() {
    on_each_database(|test| async move {
        let trade = Trade::collecting(&test).await;
        let operator = &trade.stage.operator.client;
        let address = format!("{}/calls", trade.round);
        let body = json!({ "terms": terms("Beras pekan 3"), "lots": [lot()] });
        let created = operator.post(&address, &body).await.expect(201);
        let call = created.header("location").to_owned();
        assert_eq!(operator.post(&address, &body).await.expect(409).code(), "CALL_EXISTS");
        // A draft is its operator's affair.
        trade.stage.seller.client.get(&call).await.expect(404);
        let read = operator.get(&call).await.expect(200);
        assert_eq!(read.json()["lots"][0]["steps_base"], json!([25_000, 50_000]));
        assert_eq!(read.json()["status"], "draft");
        // Nobody could open its bids yet, so it is not published.
        let version = read.header("etag").to_owned();
        let publish = change(operator, &format!("{call}/publish"), &version, &json!({})).await.expect(409);
        assert_eq!(publish.code(), "CALL_HAS_NO_KEY");
        let same = json!({ "terms": terms("Beras pekan 3"), "reason": "uji" });
        let same = change(operator, &format!("{call}/terms"), &version, &same).await.expect(422);
        assert_eq!(same.code(), "CALL_UNCHANGED");
        // The lots of a draft are written anew, all of them, and everything wrong with them is told.
        let mut second = lot();
        second["commodity"] = json!("telur_ayam");
        let lots = json!({ "lots": [second, lot()] });
        trade.stage.seller.client.change(Method::POST, &format!("{call}/lots"), &version, &lots).await.expect(404);
        let none = change(operator, &format!("{call}/lots"), &version, &json!({ "lots": [] })).await.expect(422);
        assert_eq!(none.field_codes(), ["/lots CALL_WITHOUT_LOTS"]);
        let twice = json!({ "lots": [lot(), lot()] });
        let twice = change(operator, &format!("{call}/lots"), &version, &twice).await.expect(422);
        assert_eq!(twice.field_codes(), ["/lots/1 LOT_REPEATED"]);
        let unchanged = json!({ "lots": [lot()] });
        let unchanged = change(operator, &format!("{call}/lots"), &version, &unchanged).await.expect(422);
        assert_eq!(unchanged.code(), "CALL_UNCHANGED");
        let changed = change(operator, &format!("{call}/lots"), &version, &lots).await.expect(200);
        assert_eq!(
            change(operator, &format!("{call}/lots"), &version, &lots).await.expect(412).code(),
            "VERSION_STALE"
        );
        let version = changed.header("etag").to_owned();
        let found = operator.get(&call).await.expect(200).json();
        assert_eq!((&found["lots"][0]["commodity"], &found["lots"][1]["number"]), (&json!("telur_ayam"), &json!(2)));
        let lots = json!({ "lots": [lot()] });
        let version =
            change(operator, &format!("{call}/lots"), &version, &lots).await.expect(200).header("etag").to_owned();
        let new = json!({ "terms": terms("Beras dan lainnya"), "reason": "Judul keliru" });
        let changed = change(operator, &format!("{call}/terms"), &version, &new).await.expect(200);
        assert_eq!(changed.json()["terms_version"], 4);
        let version = changed.header("etag").to_owned();
        let given_up = change(operator, &format!("{call}/cancel"), &version, &json!({ "reason": "Keliru" })).await;
        assert_eq!(given_up.expect(200).json()["reason"], "Keliru");
        let cloned = operator.post(&format!("{address}/clone"), &json!({ "closes_at": CLOSES })).await.expect(201);
        let cloned = operator.get(cloned.header("location")).await.expect(200).json();
        assert_eq!(
            (cloned["title"].as_str(), cloned["lots"][0]["quantity"].as_str()),
            (Some("Beras dan lainnya"), Some("65"))
        );
        trade.stage.seller.client.post(&address, &body).await.expect(403);
        assert!(pasok::check::run(&test.app.db).unwrap().is_clean());
    });
}

#[test]
fn everything_wrong_with_a_call_is_told_at_once() {
    on_each_database(|test| async move {
        let trade = Trade::collecting(&test).await;
        let mut bad = lot();
        bad["unit"] = json!("karung");
        bad["day_to"] = json!("2026-03-01");
        bad["points"] = json!(0);
        let mut steps = lot();
        steps["steps"] = json!(["50", "25"]);
        let terms = json!({ "title": "", "closes_at": "2026-02-01T00:00:00Z", "min_bids": 0, "who_may_bid": ["raja"], "certificates": ["x"] });
        let body = json!({ "terms": terms, "lots": [bad, steps] });
        let answer = trade.stage.operator.client.post(&format!("{}/calls", trade.round), &body).await.expect(422);
        let codes = answer.field_codes();
        for code in
            ["REQUIRED", "CALL_CLOSES_BADLY", "TOO_LARGE", "UNKNOWN_CHOICE", "LOT_OUT_OF_SCOPE", "LOT_STEPS_NOT_RISING"]
        {
            assert!(codes.iter().any(|found| found.ends_with(&format!(" {code}"))), "{code} is not in {codes:?}");
        }
    });
}

#[test]
fn changed_terms_outdate_a_bid_until_its_bidder_confirms_it() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        for bidder in 0..2 {
            sale.place(bidder, &sale.sealed(bidder, "12500").await).await.expect(201);
        }
        let operator = &sale.trade.stage.operator.client;
        let call = format!("/api/v1/calls/{}", sale.call_id);
        let version = operator.get(&call).await.expect(200).header("etag").to_owned();
        let terms =
            json!({ "title": "Beras pekan 3", "closes_at": CLOSES, "min_bids": 1, "notes": "Bongkar oleh penjual" });
        let body = json!({ "terms": terms, "reason": "Bongkar muat diperjelas" });
        change(operator, &format!("{call}/terms"), &version, &body).await.expect(200);
        // The operator's answer tells of no bid; the bidder reads why.
        let read = sale.bidders[0].client.get(&call).await.expect(200).json();
        assert_eq!(
            (read["terms_change"].as_str(), read["terms_version"].as_i64()),
            (Some("Bongkar muat diperjelas"), Some(2))
        );
        assert!(read["bids_received"].is_null());
        let hidden = operator.get(&format!("{call}/opened-bids")).await.expect(409);
        assert_eq!(hidden.code(), "BIDS_STILL_SEALED");
        assert_eq!(
            sale.change_bid(0, "confirm", &json!({ "terms_version": 1 })).await.expect(409).code(),
            "BID_TERMS_CHANGED"
        );
        sale.change_bid(0, "confirm", &json!({ "terms_version": 2 })).await.expect(200);
        sale.close(&test).await;
        assert_eq!(operator.get(&call).await.expect(200).json()["bids_received"], 1);
        // What is published is bid on: its lots stay.
        let version = operator.get(&call).await.expect(200).header("etag").to_owned();
        let late = change(operator, &format!("{call}/lots"), &version, &json!({ "lots": [lot()] })).await.expect(409);
        assert_eq!(late.code(), "CALL_WRONG_STATE");
        assert_eq!(sale.trade.step(operator, "solve").await.expect(409).code(), "ROUND_AWAITS_BIDS");
        sale.sit("opening", (0, 1)).await.expect(200);
        let opened = operator.get(&format!("{call}/opened-bids")).await.expect(200).json();
        let states: Vec<&str> =
            opened["items"].as_array().unwrap().iter().map(|bid| bid["status"].as_str().unwrap()).collect();
        assert_eq!(states.iter().filter(|state| **state == "opened").count(), 1, "{states:?}");
        assert_eq!(states.iter().filter(|state| **state == "lapsed").count(), 1, "{states:?}");
        assert!(pasok::check::run(&test.app.db).unwrap().is_clean());
    });
}

/// Waits until all scenarios of the round are solved.
pub async fn solved(sale: &Sale) -> Vec<Value> {
    for _ in 0..1_200 {
        let list = sale.trade.stage.operator.client.get(&format!("{}/scenarios", sale.trade.round)).await.expect(200);
        let items = list.json()["items"].as_array().unwrap().clone();
        if items.iter().all(|item| item["status"] != "waiting") {
            return items;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the scenarios were not solved");
}

/// A call with two bids that is opened; one has tiers and fees.
pub async fn opened(test: &TestApp) -> Sale {
    let sale = Sale::published(test).await;
    let mut document = sale.document(0, "12500");
    document["lines"][0]["tiers"] =
        json!([{ "from": 30_000, "price": "12000.5" }, { "from": 60_000, "price": "11900" }]);
    document["lines"][0]["tier_kind"] = json!("incremental");
    document["fees"] = json!({ "per_drop_idr": 1_000, "per_truck_day_idr": 2_501 });
    let recipient = sale.recipient().await;
    sale.place(0, &sale.seal_to(&recipient, 0, &document)).await.expect(201);
    sale.place(1, &sale.sealed(1, "13900").await).await.expect(201);
    sale.close(test).await;
    sale.sit("opening", (0, 1)).await.expect(200);
    sale
}

#[test]
fn scenarios_are_compared_one_is_proposed_with_its_reason_and_becomes_orders() {
    on_each_database(|test| async move {
        let sale = opened(&test).await;
        let operator = &sale.trade.stage.operator.client;
        let address = format!("{}/scenarios", sale.trade.round);
        let body = json!({ "scenarios": [
            { "name": "Termurah" },
            { "name": "Satu pemasok", "rules": { "max_suppliers": 1 } },
            { "name": "Koperasi dan UMKM", "rules": { "min_class_share": { "classes": ["mikro", "kecil", "koperasi"], "min_permille": 500 } } },
            { "name": "Merata", "rules": { "fair": true } },
            { "name": "Tanpa ongkos", "rules": { "without_freight": true } },
        ] });
        operator.post(&address, &body).await.expect(202);
        sale.bidders[0].client.get(&address).await.expect(403);
        let scenarios = solved(&sale).await;
        assert!(scenarios.iter().all(|one| one["status"] == "solved"), "{scenarios:?}");
        let compared = operator.get(&format!("{address}/comparison")).await.expect(200).json();
        let rows = compared["items"].as_array().unwrap();
        assert_eq!(rows.len(), 5);
        for (at, row) in rows.iter().enumerate() {
            assert_eq!(row["regret_idr"][at], 0);
            assert!(row["rules_idr"].as_i64().unwrap() >= 0, "{row}");
            let total = row["goods_idr"].as_i64().unwrap() + row["freight_idr"].as_i64().unwrap();
            assert!((total - row["total_idr"].as_i64().unwrap()).abs() <= 1, "{row}");
        }
        let propose = |at: usize| format!("/api/v1/scenarios/{}/propose", scenarios[at]["id"].as_str().unwrap());
        let version = |at: usize| format!("\"{}\"", scenarios[at]["version"]);
        let bare = change(operator, &propose(3), &version(3), &json!({})).await.expect(422);
        assert_eq!(bare.code(), "SCENARIO_REASON_NEEDED");
        let free = change(operator, &propose(4), &version(4), &json!({ "reason": "uji" })).await.expect(409);
        assert_eq!(free.code(), "SCENARIO_FOR_COMPARISON");
        let reason = json!({ "reason": "Disepakati dalam rapat anggota" });
        let proposed = change(operator, &propose(3), &version(3), &reason).await.expect(200).json();
        assert_eq!(proposed["status"], "proposed");
        let call = format!("/api/v1/calls/{}", sale.call_id);
        assert_eq!(operator.get(&call).await.expect(200).json()["status"], "evaluated");
        sale.trade.step(&sale.trade.approver, "approve").await.expect(200);
        sale.trade.step(operator, "publish").await.expect(200);
        assert_eq!(operator.get(&call).await.expect(200).json()["status"], "awarded");
        // What buyers pay together is what the plan says: incremental tiers and fees are spread to the rupiah.
        let orders = operator.get("/api/v1/orders").await.expect(200).json();
        let paid: i64 =
            orders["items"].as_array().unwrap().iter().map(|order| order["total_idr"].as_i64().unwrap()).sum();
        assert!((paid - rows[3]["total_idr"].as_i64().unwrap()).abs() <= 2, "{paid}: {}", rows[3]);
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{report:?}");
        // An opened bid binds: its offer can be neither changed nor taken back.
        let offers = sale.bidders[0].client.get("/api/v1/offers").await.expect(200).json();
        let offer = format!("/api/v1/offers/{}", offers["items"][0]["id"].as_str().unwrap());
        let etag = sale.bidders[0].client.get(&offer).await.expect(200).header("etag").to_owned();
        let raised = sale.bidders[0].client.change(Method::PATCH, &offer, &etag, &json!({ "price": "13000" })).await;
        assert_eq!(raised.expect(409).code(), "OFFER_BOUND_BY_BID");
    });
}

#[test]
fn pooled_need_names_nobody_and_shows_the_next_step() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let address = format!("{}/pooled-demand", sale.trade.round);
        // Two buyers need rice: those who trade see that it is wanted, not how much.
        let told = sale.bidders[0].client.get(&address).await.expect(200).json();
        let rice = told["items"].as_array().unwrap().iter().find(|item| item["commodity"] == "beras_medium").unwrap();
        assert!(rice["quantity"].is_null() && rice["buyers"].is_null() && rice["next"].is_null(), "{rice}");
        let whole = sale.trade.stage.operator.client.get(&address).await.expect(200).json();
        let kilograms: f64 = whole["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| item["commodity"] == "beras_medium")
            .map(|item| item["quantity"].as_str().unwrap().parse::<f64>().unwrap())
            .sum();
        assert!((kilograms - 65.0).abs() < 1e-9, "{whole}");
        test.anyone().get(&address).await.expect(401);
    });
}
