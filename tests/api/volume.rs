//! Plain offers with prices that fall with the quantity and a least value of an order, in one problem with all others.

use crate::support::{Answer, Player, SYSTEM, TestApp, Trade, on_each_database, player};
use pasok::markets;
use pasok::parties::{Capability, Class, Role};
use reqwest::Method;
use serde_json::{Value, json};

fn offer(seller: &Player, price: &str, more: &Value) -> Value {
    let mut body = json!({ "place": seller.place_id, "commodity": "beras_medium", "price": price, "stock": "500", "unit": "kg",
        "day_from": "2026-01-12", "day_to": "2026-01-18", "delivered": true });
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

fn seller(test: &TestApp, trade: &Trade, code: &str) -> Player {
    let seller = player(test, code, Class::Besar, &[Capability::Seller], Role::Seller);
    let id = seller.organisation.id;
    test.app.write(SYSTEM, |work| markets::service::join_many(work, trade.stage.market_id, &[id])).unwrap();
    seller
}

async fn post(trade: &Trade, seller: &Player, body: &Value) -> Answer {
    seller.client.post(&format!("/api/v1/markets/{}/offers", trade.stage.market_id), body).await
}

#[test]
fn a_tier_wins_by_the_whole_quantity_and_a_least_value_that_nobody_reaches_wins_nothing() {
    on_each_database(|test| async move {
        // 65 kg of rice are needed by two buyers; the stage's own offer asks 13,250.5 and freight.
        let trade = Trade::collecting(&test).await;
        let (stepped, picky) = (seller(&test, &trade, "BERTINGKAT"), seller(&test, &trade, "PEMILIH"));
        let tiers = json!({ "tiers": [{ "from": "50", "price": "12900" }] });
        let made = post(&trade, &stepped, &offer(&stepped, "13400", &tiers)).await.expect(201).json();
        assert_eq!(made["tiers"], json!([{ "from": "50", "price": "12900" }]));
        assert_eq!((&made["tiers_incremental"], &made["min_order_idr"]), (&json!(false), &json!(0)));
        // Far cheaper, but no buyer needs rice for a million rupiah.
        let least = offer(&picky, "12000", &json!({ "min_order_idr": 1_000_000 }));
        assert_eq!(post(&trade, &picky, &least).await.expect(201).json()["min_order_idr"], 1_000_000);
        let operator = &trade.stage.operator.client;
        trade.step(operator, "close").await.expect(200);
        trade.step(operator, "solve").await.expect(202);
        assert_eq!(trade.settled().await["status"], "proposed");
        trade.step(&trade.approver, "approve").await.expect(200);
        trade.step(operator, "publish").await.expect(200);
        let orders = operator.get("/api/v1/orders").await.expect(200).json();
        let all = orders["items"].as_array().unwrap();
        let id = stepped.organisation.id.to_string();
        assert!(all.iter().all(|order| order["seller"]["id"].as_str() == Some(id.as_str())), "{all:?}");
        let goods: i64 = all.iter().map(|order| order["goods_idr"].as_i64().unwrap()).sum();
        assert_eq!(goods, 65 * 12_900, "the tier's price for the whole quantity");
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{report:?}");
    });
}

#[test]
fn every_wrong_tier_is_told_with_its_reason_and_a_change_keeps_the_tiers_in_order() {
    on_each_database(|test| async move {
        let trade = Trade::collecting(&test).await;
        let seller = seller(&test, &trade, "BERTINGKAT");
        let tier = |from: &str, price: &str| json!({ "from": from, "price": price });
        let wrong = json!([tier("50", "13400"), tier("40", "12000"), tier("600", "11000"), tier("650", "x")]);
        let wrong = offer(&seller, "13400", &json!({ "tiers": wrong, "min_order_idr": -5 }));
        let refused = post(&trade, &seller, &wrong).await.expect(422).field_codes();
        for code in [
            "/min_order_idr NOT_POSITIVE",
            "/tiers/0/price OFFER_TIER_PRICE_RISES",
            "/tiers/1/from OFFER_TIERS_OVERLAP",
            "/tiers/2/from OFFER_TIER_BEYOND_STOCK",
            "/tiers/3/price NOT_A_NUMBER",
        ] {
            assert!(refused.iter().any(|found| found == code), "{code}: {refused:?}");
        }
        let many: Vec<Value> = (1..=10_000).map(|n| tier(&n.to_string(), "1")).collect();
        let many = offer(&seller, "13400", &json!({ "tiers": many }));
        assert_eq!(post(&trade, &seller, &many).await.expect(422).field_codes(), ["/tiers OFFER_TOO_MANY_TIERS"]);
        let good = offer(&seller, "13400", &json!({ "tiers": [tier("50", "12900"), tier("100", "12800")] }));
        let made = post(&trade, &seller, &good).await.expect(201);
        let address = made.header("location").to_owned();
        let change = async |body: Value| {
            let etag = seller.client.get(&address).await.expect(200).header("etag").to_owned();
            seller.client.change(Method::PATCH, &address, &etag, &body).await
        };
        let lower = change(json!({ "price": "12900" })).await.expect(422).field_codes();
        assert_eq!(lower, ["/price OFFER_TIER_PRICE_RISES"]);
        let less = change(json!({ "stock": "90" })).await.expect(422).field_codes();
        assert_eq!(less, ["/stock OFFER_TIER_BEYOND_STOCK"]);
        assert_eq!(change(json!({ "price": "13000" })).await.expect(200).json()["tiers"][1]["price"], "12800");
    });
}
