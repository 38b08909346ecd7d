//! The fault campaign: the server is killed outright at random moments while people trade, retry, and go on.
//!
//! Whatever it acknowledged must be there afterwards, once; whatever it did not, the same request brings about. A few
//! kills run with every test; `make fault` runs the whole campaign and holds the time until the server is ready again.
//! The seed of a run is told with its result and can be given again (`PASOK_FAULT_SEED`).

use crate::support::{Answer, Client, SYSTEM, Server, Stage, TestApp, database_urls};
use diesel::prelude::*;
use pasok::parties::Role;
use pasok::values::time::{FixedClock, SystemClock};
use pasok::values::{Clock, Day};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Longest that one request is retried.
const PATIENCE: Duration = Duration::from_secs(90);
/// Longest until a killed server is ready again.
const READY: Duration = Duration::from_secs(2);

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// A request that was answered, and how.
struct Effect {
    client: Client,
    request: Request,
    answer: Answer,
}

/// A change, as often as it is sent.
#[derive(Clone)]
struct Request {
    path: String,
    version: Option<String>,
    key: String,
    kind: &'static str,
    body: String,
}

impl Request {
    fn json(path: &str, key: String, body: &Value) -> Self {
        Self { path: path.to_owned(), version: None, key, kind: "application/json", body: body.to_string() }
    }
}

/// The people of a market, and what they were told.
struct Script {
    stage: Stage,
    approver: Client,
    first_day: Day,
    seed: u64,
    effects: Vec<Effect>,
    retries: Arc<AtomicU64>,
    rounds: Vec<String>,
}

impl Script {
    async fn set(url: &str, address: std::net::SocketAddr, seed: u64) -> (Self, TestApp) {
        // Sessions must be live for a server that runs on the machine's clock.
        let now = SystemClock.now();
        let config = pasok::config::Config::for_database(url.parse().unwrap());
        let test = TestApp::start_at(config, FixedClock::new(now)).await;
        let mut stage = Stage::set(&test);
        // The stage's own round was not made by the product.
        test.app
            .write(SYSTEM, |work| {
                use pasok::db::schema::rounds;
                diesel::delete(rounds::table.find(stage.round_id)).execute(work.connection)?;
                Ok(())
            })
            .unwrap();
        let approver = test.member(&stage.operator.organisation, "Pak Kepala", Role::Approver).at(address);
        for player in [&mut stage.operator, &mut stage.buyer, &mut stage.kitchen, &mut stage.seller] {
            player.client = player.client.at(address);
        }
        let first_day = Day::of(now, "Asia/Makassar").plus(10);
        let (effects, rounds) = (Vec::new(), Vec::new());
        (Self { stage, approver, first_day, seed, effects, retries: Arc::default(), rounds }, test)
    }

    /// Sends until there is an answer that is one; the same key every time.
    async fn send(&self, client: &Client, request: &Request) -> Answer {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut sent = client.request(Method::POST, &request.path).header("idempotency-key", &request.key);
            if let Some(version) = &request.version {
                sent = sent.header("if-match", version);
            }
            let sent = sent.header("content-type", request.kind).body(request.body.clone());
            if let Some(answer) = attempt(sent).await {
                return answer;
            }
            self.retries.fetch_add(1, Ordering::Relaxed);
            assert!(Instant::now() < deadline, "no answer to {} {}", request.path, request.key);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn act(&mut self, client: &Client, request: Request) -> Answer {
        let answer = self.send(client, &request).await;
        assert!(answer.status < 300, "{} {}: {}", request.path, request.key, answer.text);
        self.effects.push(Effect { client: client.clone(), request, answer: answer.clone() });
        answer
    }

    async fn get(&self, client: &Client, path: &str) -> Answer {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match attempt(client.request(Method::GET, path)).await {
                Some(answer) => return answer.expect(200),
                None => assert!(Instant::now() < deadline, "no answer to GET {path}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn key(&self, step: &str) -> String {
        format!("fault-{}-{}-{step}", self.seed, self.rounds.len())
    }

    /// One round from opening to accepted orders.
    async fn play(&mut self) {
        let (first, last) = (self.first_day.to_string(), self.first_day.plus(6).to_string());
        let closes_at = SystemClock.now().plus_seconds(5 * 86_400).to_string();
        let (operator, buyer, kitchen, seller) = (
            self.stage.operator.client.clone(),
            self.stage.buyer.client.clone(),
            self.stage.kitchen.client.clone(),
            self.stage.seller.client.clone(),
        );
        let market = format!("/api/v1/markets/{}", self.stage.market_id);
        let body =
            json!({"name": self.key("name"), "delivery_from": first, "delivery_to": last, "closes_at": closes_at});
        let opened = self.act(&operator, Request::json(&format!("{market}/rounds"), self.key("open"), &body)).await;
        let round = opened.header("location").to_owned();
        let offer = json!({"place": self.stage.seller.place_id, "commodity": "beras_medium", "lot": self.key("lot"),
            "price": "13250", "stock": "500", "unit": "kg", "day_from": first, "day_to": last});
        self.act(&seller, Request::json(&format!("{market}/offers"), self.key("offer"), &offer)).await;
        for (number, quantity) in ["40", "25", "12.5"].iter().enumerate() {
            let day = self.first_day.plus(i64::try_from(number).unwrap() * 2).to_string();
            let demand = json!({"place": self.stage.buyer.place_id, "commodity": "beras_medium", "quantity": quantity,
                "unit": "kg", "day_from": day, "day_to": last});
            let key = self.key(&format!("demand{number}"));
            self.act(&buyer, Request::json(&format!("{round}/demands"), key, &demand)).await;
        }
        let table =
            format!("commodity,quantity,unit,first day\nberas_medium,30,kg,{first}\ntelur_ayam,4,tray30,{first}\n");
        let path = format!("/api/v1/imports?kind=demands&round={}", round.rsplit('/').next().unwrap());
        let import = Request { path, version: None, key: self.key("import"), kind: "text/csv", body: table };
        self.act(&kitchen, import).await;
        for (verb, who) in
            [("close", &operator), ("solve", &operator), ("approve", &self.approver.clone()), ("publish", &operator)]
        {
            let version = self.settled(&round).await;
            let mut step = Request::json(&format!("{round}/{verb}"), self.key(verb), &json!({}));
            step.version = Some(version);
            self.act(who, step).await;
        }
        let orders =
            self.get(&seller, &format!("/api/v1/orders?round={}", round.rsplit('/').next().unwrap())).await.json();
        for order in orders["items"].as_array().unwrap() {
            let id = order["id"].as_str().unwrap();
            let mut accept =
                Request::json(&format!("/api/v1/orders/{id}/accept"), self.key(&format!("accept{id}")), &json!({}));
            accept.version = Some(format!("\"{}\"", order["version"]));
            self.act(&seller, accept).await;
        }
        self.rounds.push(round);
    }

    /// The round's version once nothing is being computed.
    async fn settled(&self, round: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = self.get(&self.stage.operator.client, round).await;
            let status = answer.json()["status"].as_str().unwrap().to_owned();
            assert!(status != "failed", "{}", answer.text);
            if status != "solving" {
                return answer.header("etag").to_owned();
            }
            assert!(Instant::now() < deadline, "{round} is solving for ever");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Nothing that was acknowledged is lost or there twice.
    async fn verify(&self) {
        for effect in &self.effects {
            let again = self.send(&effect.client, &effect.request).await;
            assert_eq!(
                (again.status, &again.text),
                (effect.answer.status, &effect.answer.text),
                "{}",
                effect.request.key
            );
        }
        let count = |answer: Answer| answer.json()["items"].as_array().unwrap().len();
        for round in &self.rounds {
            let id = round.rsplit('/').next().unwrap();
            let demands = self.get(&self.stage.operator.client, &format!("{round}/demands?limit=500")).await;
            assert_eq!(count(demands), 5, "{round}");
            let orders = self.get(&self.stage.seller.client, &format!("/api/v1/orders?round={id}&limit=500")).await;
            assert!(orders.json()["items"].as_array().unwrap().iter().all(|order| order["status"] == "accepted"));
            assert_eq!(count(orders), 2, "{round}");
        }
        let offers = self.get(&self.stage.seller.client, "/api/v1/offers?limit=500").await;
        assert_eq!(count(offers), self.rounds.len());
    }
}

/// One try; `None` where it must be tried again with the same key.
async fn attempt(request: reqwest::RequestBuilder) -> Option<Answer> {
    let response = request.timeout(Duration::from_secs(20)).send().await.ok()?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.ok()?;
    let answer = Answer { status, headers, text };
    let is_final = !(status >= 500 || status == 409 && answer.code() == "IDEMPOTENCY_KEY_IN_FLIGHT");
    assert!(status != 500, "{}", answer.text);
    is_final.then_some(answer)
}

fn is_ready(address: std::net::SocketAddr) -> bool {
    use std::io::{Read, Write};
    let Ok(mut stream) = std::net::TcpStream::connect(address) else { return false };
    let mut answer = [0; 12];
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n").is_ok()
        && stream.read_exact(&mut answer).is_ok()
        && &answer == b"HTTP/1.1 200"
}

/// `pasok check`, and `pasok audit verify` where there is one, on the database as it is now.
fn check(test: &TestApp, url: &str) {
    let report = pasok::check::run(&test.app.db).unwrap();
    assert!(report.is_clean(), "{report}");
    let pasok = || std::process::Command::new(env!("CARGO_BIN_EXE_pasok"));
    let help = pasok().arg("--help").output().unwrap();
    if String::from_utf8_lossy(&help.stdout).contains("\n  audit ") {
        let verified = pasok().args(["audit", "verify", "--database", url]).output().unwrap();
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    }
}

/// An address that stays free between a kill and the next start: below the ports that the system gives to whoever asks.
fn own_address() -> std::net::SocketAddr {
    let first = 10_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    let mut ports = (first..30_000).map(|port| std::net::SocketAddr::from(([127, 0, 0, 1], port)));
    ports.find(|address| std::net::TcpListener::bind(address).is_ok()).unwrap()
}

fn campaign(url: &str, kills: u64, seed: u64, is_timed: bool) {
    let address = own_address();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (mut script, test) = runtime.block_on(Script::set(url, address, seed));
    let retries = Arc::clone(&script.retries);
    let enough = Arc::new(AtomicBool::new(false));
    let mut server = Server::start(url, &address.to_string());
    let playing = runtime.spawn({
        let enough = Arc::clone(&enough);
        async move {
            while !enough.load(Ordering::Relaxed) {
                script.play().await;
            }
            script.verify().await;
            script
        }
    });
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut waits = Vec::new();
    for _ in 0..kills {
        std::thread::sleep(Duration::from_millis(chance.random_range(20..1_500)));
        assert!(!playing.is_finished(), "{:?}", runtime.block_on(playing).err());
        drop(server);
        check(&test, url);
        let started = Instant::now();
        server = Server::start(url, &address.to_string());
        while !is_ready(address) {
            std::thread::sleep(Duration::from_millis(5));
        }
        waits.push(started.elapsed());
    }
    enough.store(true, Ordering::Relaxed);
    let script = runtime.block_on(playing).unwrap();
    check(&test, url);
    waits.sort_unstable();
    let (usual, slowest) = (waits[waits.len() / 2], waits[waits.len() - 1]);
    println!(
        "fault: {} seed {seed}: {kills} kills, {} rounds, {} acknowledged effects, {} retries, ready again after {} ms, at most {} ms",
        url.split(':').next().unwrap_or_default(),
        script.rounds.len(),
        script.effects.len(),
        retries.load(Ordering::Relaxed),
        usual.as_millis(),
        slowest.as_millis()
    );
    assert!(!is_timed || slowest <= READY, "ready only after {slowest:?}");
}

#[test]
fn what_was_acknowledged_survives_kills_and_happens_once() {
    let seed = setting("PASOK_FAULT_SEED").unwrap_or(1);
    database_urls(|url| {
        let name = if url.starts_with("sqlite") { "PASOK_FAULT_KILLS_SQLITE" } else { "PASOK_FAULT_KILLS_POSTGRES" };
        let kills = setting(name);
        campaign(url, kills.unwrap_or(3), seed, kills.is_some());
    });
}
