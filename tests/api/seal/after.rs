//! After the opening: answers to bidders, their complaints, and the open record.

use super::sale::Sale;
use crate::support::{Client, SYSTEM, TestApp, on_each_database};
use diesel::connection::SimpleConnection;
use pasok::db::DatabaseUrl;
use pasok::tenders::feedback::answers::answer_due;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// A proposed plan with two opened bids: 12,500 wins everything, 13,900 nothing.
pub async fn proposed(test: &TestApp) -> Sale {
    let sale = Sale::published(test).await;
    sale.place(0, &sale.sealed(0, "12500").await).await.expect(201);
    sale.place(1, &sale.sealed(1, "13900").await).await.expect(201);
    sale.close(test).await;
    sale.sit("opening", (0, 1)).await.expect(200);
    sale.trade.step(&sale.trade.stage.operator.client, "solve").await.expect(202);
    assert_eq!(sale.trade.settled().await["status"], "proposed");
    sale
}

pub async fn answer_all(test: &TestApp) -> usize {
    let app = test.app.clone();
    tokio::task::spawn_blocking(move || answer_due(&app)).await.unwrap().unwrap()
}

pub async fn bid_id(client: &Client) -> String {
    let bids = client.get("/api/v1/bids").await.expect(200).json();
    bids["items"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn each_bidder_gets_an_answer_and_may_complain_until_publishing() {
    on_each_database(|test| async move {
        let sale = proposed(&test).await;
        let (winner, loser) = (&sale.bidders[0].client, &sale.bidders[1].client);
        let (won, lost) = (bid_id(winner).await, bid_id(loser).await);
        let early = loser.get(&format!("/api/v1/bids/{lost}/answer")).await.expect(409);
        assert_eq!(early.code(), "BID_NOT_ANSWERED");
        assert_eq!(answer_all(&test).await, 1);
        assert_eq!(answer_all(&test).await, 0, "answered twice under one plan");
        let answer = winner.get(&format!("/api/v1/bids/{won}/answer")).await.expect(200).json();
        assert_eq!(answer["lots"], json!([{ "lot": 1, "awarded": 65_000, "rules": [] }]));
        let answer = loser.get(&format!("/api/v1/bids/{lost}/answer")).await.expect(200).json();
        assert_eq!(answer["lots"][0]["awarded"], 0);
        let wins_at: f64 = answer["lots"][0]["wins_at"].as_str().unwrap().parse().unwrap();
        assert!((1.0..13_900.0).contains(&wins_at), "{answer}");
        loser.get(&format!("/api/v1/bids/{won}/answer")).await.expect(404);
        // A complaint is its bidder's and the operator's affair, and an approver answers it.
        let address = format!("/api/v1/bids/{lost}/complaints");
        let complaint =
            loser.post(&address, &json!({ "lot": 1, "words": "Kami lebih dekat" })).await.expect(201).json();
        let nowhere = loser.post(&address, &json!({ "lot": 9, "words": "Paket lain" })).await.expect(422);
        assert_eq!(nowhere.code(), "COMPLAINT_LOT_UNKNOWN");
        assert_eq!(winner.get(&sale.at("complaints")).await.expect(200).json()["items"], json!([]));
        let address = format!("/api/v1/complaints/{}/answer", complaint["id"].as_str().unwrap());
        let verdict = json!({ "verdict": "dismissed", "answer": "Jarak sudah dihitung" });
        let change = async |who: &Client| who.change(reqwest::Method::POST, &address, "\"1\"", &verdict).await;
        assert_eq!(change(loser).await.status, 403);
        assert_eq!(change(&sale.trade.approver).await.expect(200).json()["status"], "dismissed");
        sale.trade.step(&sale.trade.approver, "approve").await.expect(200);
        let operator = &sale.trade.stage.operator.client;
        sale.trade.step(operator, "publish").await.expect(200);
        let late =
            loser.post(&format!("/api/v1/bids/{lost}/complaints"), &json!({ "words": "Lagi" })).await.expect(409);
        assert_eq!(late.code(), "NOTHING_TO_CONTEST");
        let orders = operator.get("/api/v1/orders?status=held").await.expect(200).json();
        assert_eq!(orders["items"], json!([]), "an answered complaint holds nothing");
        let screens = operator.get(&sale.at("screens")).await.expect(200).json();
        assert_eq!(screens["lots"], json!([]));
        winner.get(&sale.at("screens")).await.expect(403);
        assert!(pasok::check::run(&test.app.db).unwrap().is_clean());
    });
}

#[test]
fn what_was_bid_opened_and_answered_only_grows() {
    on_each_database(|test| async move {
        let _sale = proposed(&test).await;
        assert_eq!(answer_all(&test).await, 1);
        let tables = [
            ("bid_versions", "id"),
            ("bid_openings", "id"),
            ("offer_terms", "offer_id"),
            ("seller_terms", "bid_id"),
            ("opening_minutes", "call_id"),
            ("bid_answers", "bid_id"),
        ];
        for (table, column) in tables {
            for attempt in [format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")] {
                let own = match test.app.db.url() {
                    DatabaseUrl::Sqlite(_) => String::new(),
                    DatabaseUrl::Postgres(_) => {
                        format!("SET LOCAL ROLE NONE; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;")
                    }
                };
                let sql = format!("{own} {attempt}");
                let refused = test.app.write(SYSTEM, |work| Ok(work.connection.batch_execute(&sql)?));
                let text = refused.map_err(|error| format!("{error:?}")).expect_err(&sql);
                assert!(text.contains("only grows"), "{sql}: {text}");
            }
        }
    });
}

#[test]
fn a_published_round_is_an_ocds_release_package() {
    on_each_database(|test| async move {
        let sale = proposed(&test).await;
        let anyone = test.anyone();
        let address = format!("{}/ocds", sale.trade.round);
        anyone.get(&address).await.expect(404);
        sale.trade.step(&sale.trade.approver, "approve").await.expect(200);
        sale.trade.step(&sale.trade.stage.operator.client, "publish").await.expect(200);
        let package = anyone.get(&address).await.expect(200);
        assert!(!package.text.contains("13900"), "a losing bid's price is published");
        let package = package.json();
        shape(&package);
        let release = &package["releases"][0];
        assert_eq!(release["bids"]["statistics"][0]["value"], 2);
        assert_eq!(release["tender"]["lots"][0]["status"], "complete");
        let award = &release["awards"][0];
        // 65 kg at 12,500 franco.
        assert_eq!(award["value"], json!({ "amount": 812_500, "currency": "IDR" }));
        assert_eq!(award["relatedLots"][0], release["tender"]["lots"][0]["id"]);
        assert_eq!(award["items"][0]["quantity"], 65_000);
        validate(&package);
        // The command writes the same package.
        let database = match test.app.db.url() {
            DatabaseUrl::Sqlite(file) => format!("sqlite://{}", file.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        };
        let round = sale.trade.id().to_string();
        let mut base = package["uri"].as_str().unwrap().split("/api").next().unwrap().to_owned();
        base.push('/');
        let written = Command::new(env!("CARGO_BIN_EXE_pasok"))
            .args(["ocds", &round, "--database", &database, "--base", &base])
            .output()
            .unwrap();
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        assert_eq!(serde_json::from_slice::<Value>(&written.stdout).unwrap(), package);
        let other = Command::new(env!("CARGO_BIN_EXE_pasok")).args(["ocds", "1", "--database", &database]).output();
        assert_eq!(other.unwrap().status.code(), Some(2), "a round that is not there");
    });
}

/// What the standard demands of any package, as far as one sees without its schema.
fn shape(package: &Value) {
    for field in ["uri", "publishedDate", "version", "publisher", "releases"] {
        assert!(!package[field].is_null(), "{field}");
    }
    assert!(package["uri"].as_str().unwrap().starts_with("http://"));
    let release = &package["releases"][0];
    for field in ["ocid", "id", "date", "tag", "initiationType"] {
        assert!(!release[field].is_null(), "{field}");
    }
    assert_eq!(release["tag"], json!(["tender", "award"]));
    let named: Vec<&str> = release["parties"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap()).collect();
    let mut references = vec![&release["buyer"], &release["tender"]["procuringEntity"]];
    references.extend(release["tender"]["tenderers"].as_array().unwrap());
    for award in release["awards"].as_array().unwrap() {
        references.extend(award["suppliers"].as_array().unwrap());
    }
    for reference in references {
        assert!(named.contains(&reference["id"].as_str().unwrap()), "{reference} is no party");
    }
}

/// Checks a package against the official schema where `OCDS_SCHEMA_DIR` names its folder.
fn validate(package: &Value) {
    let Ok(schemas) = std::env::var("OCDS_SCHEMA_DIR") else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("package.json");
    std::fs::write(&file, package.to_string()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/check-ocds.py");
    let checked = Command::new("python3").arg(script).arg(&file).arg(schemas).output().unwrap();
    assert!(
        checked.status.success(),
        "{}{}",
        String::from_utf8_lossy(&checked.stdout),
        String::from_utf8_lossy(&checked.stderr)
    );
}
