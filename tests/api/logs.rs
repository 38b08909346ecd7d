//! What is logged can be read by people who may not know who buys what at which price.

use crate::support::{Process, fresh_key};
use reqwest::Method;
use serde_json::json;

#[test]
fn logs_name_routes_and_never_people_prices_or_secrets() {
    let server = Process::start();
    let client = server.operator_named("Kanari Orang");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let party = json!({"code": "KANARI-KODE", "name": "Kanari Koperasi", "class": "kdmp", "capabilities": ["buyer"]});
        let made = client.post("/api/v1/organisations", &party).await.expect(201).json();
        let members = format!("/api/v1/organisations/{}/members", made["id"].as_str().unwrap());
        client.post(&members, &json!({"name": "Kanari Anggota", "role": "ketua"})).await.expect(201);
        let offer = json!({"place": "1", "commodity": "kanari_beras", "price": "13131.7777", "stock": "777123", "unit": "kg",
            "day_from": "2026-01-12", "day_to": "2026-01-18"});
        client.post("/api/v1/markets/1/offers", &offer).await;
        // Refused in every way: the body, the query, the path, the headers, the token.
        let broken = client.request(Method::POST, "/api/v1/organisations").header("idempotency-key", "kanari-kunci");
        client.send(broken.header("content-type", "application/json").body("{\"code\": \"kanari-rusak")).await.expect(400);
        client.get("/api/v1/organisations?kanari-tanya=1").await.expect(400);
        client.get("/api/v1/organisations/kanari-alamat").await.expect(404);
        client.get("/kanari-halaman").await.expect(404);
        let strange = client.request(Method::GET, "/api/v1/me").header("user-agent", "kanari-peramban");
        client.send(strange).await.expect(200);
        let anyone = client.request(Method::GET, "/api/v1/me").header("cookie", "s=kanari-kue");
        client.send(anyone).await;
        let table = "code,name,class,capabilities\nKANARI-IMPOR,Kanari Impor,mikro,seller\nX,=kanari,mikro,seller\n";
        let table = client.request(Method::POST, "/api/v1/imports?kind=parties").header("idempotency-key", fresh_key()).body(table);
        client.send(table.header("content-type", "text/csv")).await.expect(422);
    });
    let log = server.server.said();
    let lines: Vec<serde_json::Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let routes: Vec<&str> = lines.iter().filter_map(|line| line["fields"]["http.route"].as_str()).collect();
    assert!(routes.len() >= 10 && routes.contains(&"/api/v1/organisations/{id}/members"), "{routes:?}");
    assert!(lines.iter().any(|line| line["fields"]["request.id"].as_str().is_some_and(|id| id.len() == 36)));
    let lower = log.to_lowercase();
    for word in ["kanari", "13131", "777123", "psk_", "bearer"] {
        let line = lower.lines().find(|line| line.contains(word));
        assert!(line.is_none(), "the log names '{word}': {line:?}");
    }
}
