//! A history that leaves rows in every protected table: what the sweep tampers with.

use crate::access::settled;
use crate::seal::after::{answer_all, bid_id};
use crate::seal::sale::Sale;
use crate::support::{SYSTEM, TestApp};
use crate::tenders::{opened, solved};
use pasok::audit::note::{Kind, Signer};
use pasok::audit::{Change, service, witness::Witness};
use pasok::orders::holds::settle_due;
use pasok::parties::{Capability, Class, Role};
use pasok::places::{self, Region, RegionKind};
use reqwest::Method;
use serde_json::json;

/// A published round with a call for bids on it, from the first seat to an order held for a complaint, people with passwords, codes,
/// tokens and grants; witnessed, with a log long enough for a tile.
pub async fn story(test: &TestApp) {
    let sale = opened(test).await;
    publish(test, &sale).await;
    people(test, &sale).await;
    more(test, &sale).await;
    witness(test);
}

async fn publish(test: &TestApp, sale: &Sale) {
    let operator = &sale.trade.stage.operator.client;
    let scenarios = json!({ "scenarios": [{ "name": "Termurah" }] });
    operator.post(&format!("{}/scenarios", sale.trade.round), &scenarios).await.expect(202);
    solved(sale).await;
    sale.trade.step(operator, "solve").await.expect(202);
    assert_eq!(sale.trade.settled().await["status"], "proposed");
    assert_eq!(answer_all(test).await, 1);
    let loser = &sale.bidders[1].client;
    let words = json!({ "lot": 1, "words": "Kami lebih dekat" });
    let address = format!("/api/v1/bids/{}/complaints", bid_id(loser).await);
    // Not answered before the round is published: the order it is about is held.
    loser.post(&address, &words).await.expect(201);
    sale.trade.step(&sale.trade.approver, "approve").await.expect(200);
    sale.trade.step(operator, "publish").await.expect(200);
    answered(test, sale).await;
}

/// The complaint is dismissed, and the winner delivers only part of the first order.
async fn answered(test: &TestApp, sale: &Sale) {
    let complaints = sale.bidders[1].client.get(&sale.at("complaints")).await.expect(200).json();
    let address = format!("/api/v1/complaints/{}/answer", complaints["items"][0]["id"].as_str().unwrap());
    let verdict = json!({ "verdict": "dismissed", "answer": "Jarak sudah dihitung" });
    sale.trade.approver.change(Method::POST, &address, "\"1\"", &verdict).await.expect(200);
    let app = test.app.clone();
    assert!(tokio::task::spawn_blocking(move || settle_due(&app)).await.unwrap().unwrap() > 0);
    let winner = &sale.bidders[0].client;
    let order = winner.get("/api/v1/orders?status=issued").await.expect(200).json()["items"][0].clone();
    let address = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
    let lines = winner.get(&address).await.expect(200).json()["lines"].clone();
    let ordered: i64 = lines[0]["quantity"].as_str().unwrap().parse().unwrap();
    let said =
        json!({ "lines": [{ "line_number": 1, "accepted": (ordered - 1).to_string(), "reason": "OUT_OF_STOCK" }] });
    let version = format!("\"{}\"", order["version"]);
    winner.change(Method::POST, &format!("{address}/accept-part"), &version, &said).await.expect(200);
}

async fn people(test: &TestApp, sale: &Sale) {
    let buyer = &sale.trade.stage.buyer;
    let person = settled(test, &buyer.organisation, "Ibu Ester", Role::Usaha, "081234567890").await;
    let chair = test.member(&buyer.organisation, "Bapak Ketua", Role::Ketua);
    let token = json!({ "label": "papan" });
    chair.post(&format!("/api/v1/members/{}/tokens", person.member_id), &token).await.expect(201);
    let helpers = test.organisation("PENDAMPING", Class::Pemerintah, &[Capability::Assistant]);
    let assistant = test.member_id(&helpers, "Ibu Pendamping", Role::Assistant);
    let grant = json!({ "assistant_id": assistant.to_string(), "scope": "enter", "days": 30 });
    chair.post("/api/v1/grants", &grant).await.expect(201);
}

/// A region, and a round for some commodities.
async fn more(test: &TestApp, sale: &Sale) {
    let region = Region::new("53", "Nusa Tenggara Timur", RegionKind::Province, None, None).unwrap();
    test.app.write(SYSTEM, |work| places::service::load_regions(work, std::slice::from_ref(&region))).unwrap();
    let round = json!({
        "name": "Pekan 5", "delivery_from": "2026-01-26", "delivery_to": "2026-02-01",
        "closes_at": "2026-01-23T08:00:00Z", "commodities": ["beras_medium", "telur_ayam"]
    });
    let stage = &sale.trade.stage;
    let rounds = format!("/api/v1/markets/{}/rounds", stage.market_id);
    let opened = stage.operator.client.post(&rounds, &round).await.expect(201);
    let budget = format!("{}/budget", opened.header("location"));
    stage.buyer.client.change(Method::PUT, &budget, "\"0\"", &json!({ "amount_idr": 5_000_000 })).await.expect(200);
}

fn witness(test: &TestApp) {
    let signer = Signer::new("saksi.example/w", Kind::Cosignature, [5; 32]);
    let log = test.app.record.keys().signer().unwrap().verifier();
    let folder = tempfile::tempdir().unwrap();
    test.app.write(SYSTEM, |work| service::add_witness(work, &signer.verifier())).unwrap();
    test.app
        .write(SYSTEM, |work| {
            for n in 0..300 {
                work.record(Change { subject: "tests", subject_id: n, event: "counted", ..Default::default() })?;
            }
            let _: () = work.checkpoint("daily");
            Ok(())
        })
        .unwrap();
    let request = test.app.read(SYSTEM, |connection, _| service::request(connection, 0)).unwrap();
    let mut witness = Witness::open(&folder.path().join("w.json")).unwrap();
    witness.watch(&log).unwrap();
    let line = witness.cosign(&signer, &request.to_string(), 1_767_600_000).unwrap().unwrap();
    test.app.write(SYSTEM, |work| service::cosign(work, &line.to_string())).unwrap();
}
