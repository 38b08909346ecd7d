//! Bids from spreadsheets: a template with the lots, every bad cell named, and the document that is then sealed.

use super::sale::Sale;
use crate::support::{Answer, TestApp, on_each_database};
use reqwest::Method;
use serde_json::{Value, json};

async fn read(sale: &Sale, bidder: usize, table: &str) -> Answer {
    let client = &sale.bidders[bidder].client;
    let request = client.request(Method::POST, &sale.at("bids/sheet")).header("content-type", "text/csv");
    client.send(request.body(table.to_owned())).await
}

fn cells(answer: &Value) -> Vec<String> {
    let text = |problem: &Value, key: &str| problem[key].as_str().unwrap_or_default().to_owned();
    let cell = |problem: &Value| format!("{}{} {}", text(problem, "column"), problem["row"], text(problem, "code"));
    answer["problems"].as_array().unwrap().iter().map(cell).collect()
}

async fn sale(test: &TestApp) -> Sale {
    Sale::published(test).await
}

#[test]
fn a_table_becomes_the_document_that_is_sealed_and_opened() {
    on_each_database(|test| async move {
        let sale = sale(&test).await;
        let template = sale.bidders[0].client.get(&sale.at("bids/template?format=csv&language=en")).await.expect(200);
        assert!(template.text.starts_with("\u{feff}Lot,") || template.text.starts_with("Lot,"), "{}", template.text);
        assert!(template.text.contains("Seluruh pasar") && template.text.contains("65 kg"), "{}", template.text);
        let table = "Paket;Harga;Paling banyak;Paling sedikit;Mulai jumlah 1;Harga 1;Ongkos per km;Ongkos dasar;Berlaku sampai;Kapasitas per hari (kg);Kapasitas seluruhnya (kg);Ongkos per titik\n\
                     1;12500,5;65;10;30;12.000,25;1,5;100;28/02/2026;40;60;1000\n";
        let answer = read(&sale, 0, table).await.expect(200).json();
        assert_eq!((answer["good"].as_bool(), answer["rows"].as_i64()), (Some(true), Some(1)), "{answer}");
        let document = &answer["document"];
        assert_eq!(
            document["lines"],
            json!([{ "lot": 1, "price": "12500.5", "tiers": [{ "from": 30_000, "price": "12000.25" }], "tier_kind": "all_unit",
                "min_quantity": 10_000, "max_quantity": 65_000,
                "delivery": { "terms": "ex_warehouse", "per_km": "1.5", "base": "100" } }])
        );
        assert_eq!(
            [&document["capacity_per_day_g"], &document["capacity_in_all_g"], &document["fees"]["per_drop_idr"]],
            [&json!(40_000), &json!(60_000), &json!(1_000)]
        );
        assert_eq!(document["place_id"].as_str(), Some(sale.bidders[0].place_id.as_str()));
        // Nothing was kept; what the table said is sealed like any other bid.
        assert_eq!(sale.bidders[0].client.get("/api/v1/bids").await.expect(200).json()["items"], json!([]));
        let recipient = sale.recipient().await;
        sale.place(0, &sale.seal_to(&recipient, 0, document)).await.expect(201);
        sale.close(&test).await;
        sale.sit("opening", (0, 1)).await.expect(200);
        assert_eq!(sale.own_bid(0).await.1["status"], "opened");
    });
}

#[test]
fn every_bad_cell_of_a_bid_is_named() {
    on_each_database(|test| async move {
        let sale = sale(&test).await;
        // Tiers that rise, a minimum above the maximum, a lot that is not there, a bundle of one, a discount of nothing, dates and
        // fees that differ, a price that is no number.
        let table = "lot,price,maximum,minimum,tier1_from,tier1_price,all_or_nothing,discount_percent,discount_lots,discount_from,valid_until,per_drop\n\
                     1,12500,60,65,30,12600,,,,,2026-02-28,5\n\
                     7,12500,60,,,,A,,,,2026-02-27,5\n";
        let answer = read(&sale, 0, table).await.expect(200).json();
        assert_eq!(answer["good"], false);
        assert!(answer["document"].is_null());
        assert_eq!(cells(&answer), ["K3 BID_SHEET_DIFFERS"]);
        let table = table.replace("2026-02-27", "");
        let answer = read(&sale, 0, &table).await.expect(200).json();
        assert_eq!(
            cells(&answer),
            ["D2 MINIMUM_ABOVE_MAXIMUM", "F2 TIER_PRICE_RISES", "A3 BID_OUT_OF_SCOPE", "G3 BUNDLE_TOO_SMALL"]
        );
        let table = "lot,price,maximum,discount_percent,discount_lots,discount_from\n1,12500,60,0,1,70\n";
        let answer = read(&sale, 0, table).await.expect(200).json();
        let found = cells(&answer);
        for cell in ["D2 DISCOUNT_NOT_POSITIVE", "F2 DISCOUNT_UNREACHABLE"] {
            assert!(found.iter().any(|one| one == cell), "{cell} is not in {found:?}");
        }
        let answer = read(&sale, 0, "lot,price,maximum\n1,banyak,60\n").await.expect(200).json();
        assert_eq!(cells(&answer), ["B2 NOT_A_NUMBER"]);
        assert_eq!(read(&sale, 0, "").await.expect(422).code(), "SHEET_EMPTY");
        let rows = format!("lot,price,maximum\n{}", "1,12500,60\n".repeat(5_001));
        assert_eq!(read(&sale, 0, &rows).await.expect(422).code(), "SHEET_TOO_MANY_ROWS");
    });
}
