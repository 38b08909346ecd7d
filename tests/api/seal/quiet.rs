//! Before the opening nobody learns anything: not that a rival's bid exists, not a price, from no answer and no file.

use super::sale::Sale;
use crate::support::{Answer, Client, TestApp, on_sqlite_with};
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use pasok::config::Config;
use pasok::db::DatabaseUrl;
use pasok::parties::{Capability, Class, Role};
use pasok::values::time::FixedClock;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// Requests of the default slice; `make seal-quiet` sends ten thousand.
const SLICE: usize = 600;
/// Headers that differ from answer to answer by their nature.
const RANDOM_HEADERS: [&str; 3] = ["date", "x-request-id", "content-security-policy"];

/// One request, told to two servers.
struct Asked {
    who: usize,
    method: Method,
    path: String,
    body: Option<Value>,
    key: String,
}

/// What is compared of an answer: everything but what is random by its nature.
fn essence(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| !RANDOM_HEADERS.contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    headers.sort();
    let policy = answer.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or("none");
    let id = answer.header("x-request-id");
    // So is the key that a page's forms carry.
    let key = answer.text.split("name=\"key\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let text = answer.text.replace(nonce, "NONCE").replace(key.unwrap_or(nonce), "KEY");
    (answer.status, headers, if id.is_empty() { text } else { text.replace(id, "REQUEST") })
}

/// The file of a SQLite database.
fn database_file(test: &TestApp) -> String {
    let DatabaseUrl::Sqlite(file) = test.app.db.url() else { panic!("not SQLite") };
    file.display().to_string()
}

/// A copy of a database and its log key, served from a clock and counter that begin alike.
async fn served_copy(of: &TestApp, file: &Path) -> TestApp {
    let mut source = SqliteConnection::establish(&database_file(of)).unwrap();
    source.batch_execute(&format!("VACUUM INTO '{}'", file.display())).unwrap();
    let mut config = Config::for_database(format!("sqlite://{}", file.display()).parse().unwrap());
    of.app.record.keys().signer().unwrap();
    std::fs::copy(of.app.record.keys().file(), &config.log_key).unwrap();
    config.limits.session_idle = Duration::from_hours(365 * 24);
    config.limits.session_life = Duration::from_hours(365 * 24);
    TestApp::start_at(config, FixedClock::at("2026-01-05T02:00:00Z")).await
}

/// Addresses of every reading operation, with ids of all kinds in the places of parameters.
fn addresses(rng: &mut ChaCha8Rng, templates: &[String], ids: &[String]) -> String {
    let mut path = templates[rng.random_range(0..templates.len())].clone();
    while let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
        let id = match rng.random_range(0..10) {
            0 => rng.random_range(1..i64::MAX).to_string(),
            _ => ids[rng.random_range(0..ids.len())].clone(),
        };
        path.replace_range(start..=end, &id);
    }
    match rng.random_range(0..6) {
        0 => format!("{path}?limit={}", rng.random_range(1..50)),
        1 => format!("{path}?after={}", ids[rng.random_range(0..ids.len())]),
        2 => format!("{path}?kind=offers&market={}", ids[rng.random_range(0..ids.len())]),
        _ => path,
    }
}

fn reading_operations() -> Vec<String> {
    let document = serde_json::to_value(pasok::router::openapi()).unwrap();
    let mut paths: Vec<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(path, methods)| methods.get("get").is_some() && !path.ends_with("/events"))
        .map(|(path, _)| path.clone())
        .collect();
    paths.extend(
        [
            "/",
            "/rounds/{id}",
            "/calls",
            "/calls/{id}",
            "/calls/{id}/bid",
            "/bids/{id}",
            "/healthz",
            "/api/v1/openapi.json",
        ]
        .map(str::to_owned),
    );
    paths
}

/// What others do meanwhile, besides reading: post, bid themselves, reach for the rival's bid.
fn change(rng: &mut ChaCha8Rng, sale: &Sale, number: usize, rival: &str, sealed: &[Value]) -> (usize, String, Value) {
    let round = &sale.trade.round;
    let stage = &sale.trade.stage;
    match rng.random_range(0..6) {
        0 => {
            let quantity = (number + 1).to_string();
            let day = format!("2026-01-{}", 12 + number % 6);
            let body = json!({ "place": stage.buyer.place_id, "commodity": "telur_ayam", "quantity": quantity, "unit": "kg", "day_from": day, "day_to": day });
            (3, format!("{round}/demands"), body)
        }
        1 => (6, sale.at("bids"), sealed[number % sealed.len()].clone()),
        2 => (6, format!("/api/v1/bids/{rival}/withdraw"), json!({})),
        3 => (0, format!("/api/v1/bids/{rival}/confirm"), json!({ "terms_version": 1 })),
        4 => (2, sale.at("sittings"), json!({ "purpose": "opening", "share": sale.shares[0] })),
        _ => (7, sale.at("bids/counter"), json!({ "document": { "format": "x" } })),
    }
}

#[test]
fn nobody_elses_answer_differs_by_a_byte_whether_or_not_a_rival_has_bid() {
    on_sqlite_with(long_sessions, |test| async move {
        let sale = Sale::published(&test).await;
        let observer = test.organisation("PENGAWAS", Class::Pemerintah, &[Capability::Observer]);
        test.app
            .write(crate::support::SYSTEM, |work| {
                pasok::markets::service::join_many(work, sale.trade.stage.market_id, &[observer.id])
            })
            .unwrap();
        let observer = test.member(&observer, "Pengamat", Role::Observer);
        let stage = &sale.trade.stage;
        let people: Vec<Client> = [
            &stage.operator.client,
            &sale.trade.approver,
            &sale.officers[0],
            &stage.buyer.client,
            &stage.kitchen.client,
            &stage.seller.client,
            &sale.bidders[1].client,
            &sale.bidders[2].client,
            &observer,
            &test.anyone(),
        ]
        .map(Client::clone)
        .into();
        let folder = tempfile::tempdir().unwrap();
        let without = served_copy(&test, &folder.path().join("without.db")).await;
        let with = served_copy(&test, &folder.path().join("with.db")).await;
        // The one difference: a rival bids, amends, takes it back and bids again.
        let rival = sale.bidders[0].client.at(with.address());
        let mut last = String::new();
        for price in ["12100", "12200"] {
            let placed = rival.post(&sale.at("bids"), &sale.sealed(0, price).await).await.expect(201);
            last = placed.json()["bid_id"].as_str().unwrap().to_owned();
        }
        rival.change(Method::POST, &format!("/api/v1/bids/{last}/withdraw"), "\"2\"", &json!({})).await.expect(200);
        rival.post(&sale.at("bids"), &sale.sealed(0, "12300").await).await.expect(201);
        compare(&sale, &people, (&without, &with), &last).await;
    });
}

fn long_sessions(config: &mut Config) {
    config.limits.session_idle = Duration::from_hours(365 * 24);
    config.limits.session_life = Duration::from_hours(365 * 24);
}

async fn compare(sale: &Sale, people: &[Client], (without, with): (&TestApp, &TestApp), rival: &str) {
    let count = std::env::var("PASOK_SEAL_REQUESTS").ok().and_then(|text| text.parse().ok()).unwrap_or(SLICE);
    let seed = std::env::var("PASOK_SEAL_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let templates = reading_operations();
    let stage = &sale.trade.stage;
    let mut ids =
        vec![sale.call_id.to_string(), sale.trade.id().to_string(), stage.market_id.to_string(), rival.to_owned()];
    ids.extend(sale.bidders.iter().map(|bidder| bidder.organisation.id.to_string()));
    ids.extend([stage.buyer.organisation.id, stage.seller.organisation.id].map(|id| id.to_string()));
    ids.extend([
        stage.buyer.place_id.clone(),
        stage.seller.place_id.clone(),
        "beras_medium".to_owned(),
        "0".to_owned(),
    ]);
    let mut sealed = Vec::new();
    for price in 0..8 {
        sealed.push(sale.sealed(1, &format!("{}", 12_000 + price)).await);
    }
    for number in 0..count {
        let asked = if rng.random_range(0..8) == 0 {
            let (who, path, body) = change(&mut rng, sale, number, rival, &sealed);
            Asked { who, method: Method::POST, path, body: Some(body), key: format!("quiet-{number}") }
        } else {
            let path = addresses(&mut rng, &templates, &ids);
            Asked { who: rng.random_range(0..people.len()), method: Method::GET, path, body: None, key: String::new() }
        };
        let mut answers = Vec::new();
        for test in [without, with] {
            test.clock.advance_seconds(1);
            let client = people[asked.who].at(test.address());
            let mut request = client.request(asked.method.clone(), &asked.path);
            if let Some(body) = &asked.body {
                request = request.header("idempotency-key", &asked.key).header("if-match", "\"1\"").json(body);
            }
            answers.push(essence(&client.clone().send_owned(request).await));
        }
        let what = format!("request {number} of seed {seed}: {} {} as {}", asked.method, asked.path, asked.who);
        let (one, two) = (format!("{:?}", answers[0]), format!("{:?}", answers[1]));
        let at = one.chars().zip(two.chars()).take_while(|(one, two)| one == two).count();
        let around = |text: &str| text.chars().skip(at.saturating_sub(60)).take(160).collect::<String>();
        assert!(one == two, "{what}\n  without: {}\n  with:    {}", around(&one), around(&two));
    }
}

/// Ways in which a price could be written down.
fn writings() -> Vec<Vec<u8>> {
    let e4: i64 = 119_876_543;
    vec![b"11987.6543".to_vec(), b"119876543".to_vec(), e4.to_be_bytes()[4..].to_vec(), e4.to_le_bytes()[..4].to_vec()]
}

fn assert_absent(what: &str, bytes: &[u8]) {
    for writing in writings() {
        assert!(!bytes.windows(writing.len()).any(|window| window == writing), "the price is in {what}");
    }
}

#[test]
fn a_sealed_price_is_found_nowhere_before_the_opening() {
    on_sqlite_with(long_sessions, |test| async move {
        let sale = Sale::published(&test).await;
        sale.place(0, &sale.sealed(0, "11987.6543").await).await.expect(201);
        let counter = json!({ "document": sale.document(1, "11987.6543") });
        sale.bidders[1].client.post(&sale.at("bids/counter"), &counter).await.expect(201);
        // A refused document is nowhere either.
        let late = json!({ "document": { "lines": [{ "price": "11987.6543" }] } });
        sale.bidders[2].client.post(&sale.at("bids/counter"), &late).await.expect(422);
        // A table that is read as a bid is kept nowhere, good or bad.
        for table in
            ["lot,price,maximum,valid_until\n1,11987.6543,65,2026-02-28\n", "lot,price,maximum\n9,11987.6543,65\n"]
        {
            let request = sale.bidders[2].client.request(Method::POST, &sale.at("bids/sheet"));
            let sent = request.header("content-type", "text/csv").body(table);
            sale.bidders[2].client.send(sent).await.expect(200);
        }
        sale.close(&test).await;
        let file = database_file(&test);
        let folder = Path::new(&file).parent().unwrap().to_owned();
        let mut source = SqliteConnection::establish(&file).unwrap();
        source.batch_execute(&format!("VACUUM INTO '{}'", folder.join("backup.db").display())).unwrap();
        let mut seen = 0;
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            assert_absent(&path.display().to_string(), &std::fs::read(&path).unwrap());
            seen += 1;
        }
        assert!(seen >= 3, "database, write-ahead log and backup: {seen}");
        let stage = &sale.trade.stage;
        let (market, round) = (stage.market_id, sale.trade.id());
        for path in [
            "/metrics".to_owned(),
            format!("/api/v1/exports?kind=offers&market={market}"),
            sale.at("committee"),
            format!("/api/v1/markets/{market}/offers"),
            format!("/api/v1/rounds/{round}"),
        ] {
            assert_absent(&path, stage.operator.client.get(&path).await.text.as_bytes());
        }
        // The test can find it: after the opening it is there.
        sale.sit("opening", (0, 1)).await.expect(200);
        let wal = std::fs::read(format!("{file}-wal")).unwrap();
        assert!(wal.windows(10).any(|window| window == b"11987.6543"), "the canary is blind");
    });
}

#[test]
fn bids_are_not_counted_in_the_metrics() {
    on_sqlite_with(long_sessions, |test| async move {
        let sale = Sale::published(&test).await;
        sale.place(0, &sale.sealed(0, "12500").await).await.expect(201);
        sale.bidders[0].client.get("/api/v1/bids").await.expect(200);
        let (_, bid) = sale.own_bid(0).await;
        for page in [format!("/calls/{}/bid", sale.call_id), format!("/bids/{}", bid["id"].as_str().unwrap())] {
            sale.bidders[0].client.get(&page).await;
        }
        let metrics = test.anyone().get("/metrics").await.expect(200).text;
        assert!(metrics.contains("http_requests_total"), "{metrics}");
        assert!(!metrics.contains("/bid"), "{metrics}");
    });
}
