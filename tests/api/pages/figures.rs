//! Figures that people decide by: the bars of what is needed together, and what a price at the door is made of.

use super::page;
use crate::seal::sale::Sale;
use crate::support::{SYSTEM, TestApp, on_each_database, player};
use crate::tenders::opened;
use pasok::markets;
use pasok::parties::{Capability, Class, Role};
use reqwest::Method;
use serde_json::{Value, json};

/// The buyer's sheet while a call for this lot takes bids: with a third buyer, 40, 25 and 30 kg of rice are needed.
async fn sheet(test: &TestApp, lot: Value) -> String {
    let mut sale = Sale::draft(test).await;
    let stage = &sale.trade.stage;
    let third = player(test, "KKMP-3", Class::Kdmp, &[Capability::Buyer], Role::Ketua);
    test.app.write(SYSTEM, |work| markets::service::join(work, stage.market_id, third.organisation.id)).unwrap();
    let need = json!({ "place": third.place_id, "commodity": "beras_medium", "quantity": "30", "unit": "kg" });
    third.client.post(&format!("{}/demands", sale.trade.round), &need).await.expect(201);
    let (operator, call) = (&stage.operator.client, format!("/api/v1/calls/{}", sale.call_id));
    let version = operator.get(&call).await.expect(200).header("etag").to_owned();
    let lots = json!({ "lots": [lot] });
    operator.change(Method::POST, &format!("{call}/lots"), &version, &lots).await.expect(200);
    sale.take_seats().await;
    sale.sit("rehearsal", (0, 1)).await.expect(200);
    sale.publish(test).unwrap();
    page(&sale.trade.stage.buyer.client, "/demands").await.expect(200).text.replace('\u{a0}', " ")
}

fn lot(quantity: &str, unit: &str, steps: &[&str]) -> Value {
    json!({ "commodity": "beras_medium", "area_name": "Seluruh pasar", "day_from": "2026-01-12", "day_to": "2026-01-18",
        "quantity": quantity, "unit": unit, "points": 3, "steps": steps })
}

#[test]
fn the_bar_says_how_much_is_missing_to_the_next_price_step() {
    on_each_database(|test| async move {
        let sheet = sheet(&test, lot("120", "kg", &["50", "100"])).await;
        for said in [
            "Bersama 3 pembeli: 95 dari 100 kg; 5 lagi untuk harga yang lebih murah.",
            "data-have=\"95\" data-own=\"40\"",
            "<progress max=\"100\" value=\"95\"",
        ] {
            assert!(sheet.contains(said), "{said}: {sheet}");
        }
    });
}

#[test]
fn the_bar_says_how_much_is_missing_to_a_whole_pack() {
    on_each_database(|test| async move {
        let sheet = sheet(&test, lot("5", "karung25", &[])).await;
        assert!(sheet.contains("lagi agar kemasannya genap") && sheet.contains("5 kg lagi"), "{sheet}");
        assert!(sheet.contains("<progress max=\"100\" value=\"95\""), "{sheet}");
        // Eggs are needed by nobody, milk by one: nothing is said about them.
        assert_eq!(sheet.matches("data-together").count(), 1, "{sheet}");
    });
}

/// Whole rupiah of the cells under a heading.
fn amounts(text: &str, label: &str) -> Vec<i64> {
    let label = format!("data-label=\"{label}\">");
    let cells = text.split(&label).skip(1);
    let digits = |cell: &str| cell.split('<').next().unwrap().chars().filter(char::is_ascii_digit).collect::<String>();
    cells.map(|cell| digits(cell).parse().unwrap()).collect()
}

#[test]
fn a_price_at_the_door_is_goods_and_freight_and_fees_to_the_rupiah_also_of_a_part() {
    on_each_database(|test| async move {
        let sale = opened(&test).await;
        let operator = &sale.trade.stage.operator.client;
        sale.trade.step(operator, "solve").await.expect(202);
        assert_eq!(sale.trade.settled().await["status"], "proposed");
        sale.trade.step(&sale.trade.approver, "approve").await.expect(200);
        sale.trade.step(operator, "publish").await.expect(200);
        let buyer = &sale.trade.stage.buyer.client;
        let award = buyer.get(&format!("{}/awards", sale.trade.round)).await.expect(200).json()["items"][0].clone();
        let line = format!("/rounds/{}/lines/{}", sale.trade.id(), award["id"].as_str().unwrap());
        let shown = page(buyer, &line).await.expect(200).text;
        let whole = amounts(&shown, "Seluruhnya");
        let [goods, freight, fee, landed] = whole[..] else { panic!("{whole:?}: {shown}") };
        assert!(fee > 0, "{whole:?}");
        assert_eq!(landed, goods + freight + fee);
        let paid = |value: &Value, part: &str| value[part].as_i64().unwrap();
        assert_eq!((goods, freight + fee), (paid(&award, "goods_idr"), paid(&award, "freight_idr")));
        let order = buyer.get("/api/v1/orders").await.expect(200).json()["items"][0].clone();
        let address = format!("/orders/{}", order["id"].as_str().unwrap());
        assert_eq!(paid(&order, "total_idr"), landed);
        let said = page(buyer, &address).await.expect(200).text;
        assert!(said.contains("sudah memuat biaya antar"), "{said}");

        // A part of it shares the tier's rebate and the fees: the checker computes them anew.
        let part = json!({ "lines": [{ "line_number": 1, "accepted": "33", "reason": "OUT_OF_STOCK" }] });
        let address = format!("/api/v1{address}/accept-part");
        let part = sale.bidders[0].client.change(Method::POST, &address, "\"1\"", &part).await.expect(200).json();
        let agreed = paid(&part, "agreed_idr");
        assert!(agreed < landed && agreed * 40 > landed * 32, "{agreed} of {landed}");
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{report}");
    });
}
