//! A call for bids with its committee, from the draft to the opening.

use crate::support::{Answer, Client, Player, SYSTEM, TestApp, Trade, player};
use age::x25519::Identity;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pasok::markets;
use pasok::parties::{Actor, Capability, Class, Role};
use pasok::tenders::calls::{self, Call, CallEntry, LotEntry};
use pasok::tenders::seal::envelope::Envelope;
use pasok::tenders::seal::file::SealedFile;
use pasok::values::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// When bids are no longer taken.
pub const CLOSES: &str = "2026-01-08T08:00:00Z";

/// A round with demand, a call on it, and those who bid and open.
pub struct Sale {
    /// The round and its people.
    pub trade: Trade,
    /// The operator's person who makes calls.
    pub caller: Actor,
    /// Opening officers.
    pub officers: Vec<Client>,
    /// Their shares, once they have taken seats.
    pub shares: Vec<String>,
    /// Those who bid.
    pub bidders: Vec<Player>,
    /// The call.
    pub call_id: i64,
}

impl Sale {
    /// A draft with one lot of 65 kg of rice; nobody has a seat yet.
    pub async fn draft(test: &TestApp) -> Self {
        Self::draft_with(test, |_| {}).await
    }

    /// The same with other terms.
    pub async fn draft_with(test: &TestApp, change: impl FnOnce(&mut CallEntry)) -> Self {
        let trade = Trade::collecting(test).await;
        let operator = &trade.stage.operator.organisation;
        let officers = (1..=4).map(|n| test.member(operator, &format!("Petugas {n}"), Role::OpeningOfficer)).collect();
        let bidders: Vec<Player> = (1..=3)
            .map(|n| player(test, &format!("GROSIR-{n}"), Class::Besar, &[Capability::Seller], Role::Seller))
            .collect();
        let ids: Vec<i64> = bidders.iter().map(|bidder| bidder.organisation.id).collect();
        test.app.write(SYSTEM, |work| markets::service::join_many(work, trade.stage.market_id, &ids)).unwrap();
        let caller = test.actor(operator.id, "Bu Panggilan", Role::Operator);
        let round_id = trade.id();
        let mut entry = entry();
        change(&mut entry);
        let call = test.app.write(&caller, |work| calls::service::create(work, &caller, round_id, &entry, &[lot()]));
        let call_id = call.unwrap().id;
        Self { trade, caller, officers, shares: Vec::new(), bidders, call_id }
    }

    /// The call takes bids: three seats are taken and two officers have rehearsed.
    pub async fn published(test: &TestApp) -> Self {
        let mut sale = Self::draft(test).await;
        sale.take_seats().await;
        sale.sit("rehearsal", (0, 1)).await.expect(200);
        sale.publish(test).unwrap();
        sale
    }

    /// Three officers take their seats.
    pub async fn take_seats(&mut self) {
        for officer in &self.officers[..3] {
            let answer = officer.post(&self.at("seats"), &json!({})).await.expect(201);
            self.shares.push(answer.json()["share"].as_str().unwrap().to_owned());
        }
    }

    /// The call is published by its operator.
    pub fn publish(&self, test: &TestApp) -> Result<Call, pasok::error::AppError> {
        test.app.write(&self.caller, |work| {
            let version = calls::service::get(work.connection, work.scope, self.call_id)?.version;
            calls::service::publish(work, &self.caller, self.call_id, version)
        })
    }

    /// An address below the call's.
    pub fn at(&self, rest: &str) -> String {
        format!("/api/v1/calls/{}/{rest}", self.call_id)
    }

    /// The first of two officers gives a share.
    pub async fn begin(&self, purpose: &str, officer: usize) -> Answer {
        let body = json!({ "purpose": purpose, "share": self.shares[officer] });
        self.officers[officer].post(&self.at("sittings"), &body).await
    }

    /// The second one gives theirs with the code.
    pub async fn finish(&self, code: &str, officer: usize) -> Answer {
        let body = json!({ "code": code, "share": self.shares[officer] });
        self.officers[officer].post(&self.at("sittings/finish"), &body).await
    }

    /// Both.
    pub async fn sit(&self, purpose: &str, (first, second): (usize, usize)) -> Answer {
        let begun = self.begin(purpose, first).await.expect(201).json();
        self.finish(begun["code"].as_str().unwrap(), second).await
    }

    /// The call's public key.
    pub async fn recipient(&self) -> String {
        let committee = self.officers[0].get(&self.at("committee")).await.expect(200).json();
        committee["recipient"].as_str().unwrap().to_owned()
    }

    /// A bid of so much a kilogram.
    pub fn document(&self, bidder: usize, price: &str) -> Value {
        let bidder = &self.bidders[bidder];
        json!({
            "format": "pasok-bid/1", "call_id": self.call_id.to_string(),
            "bidder_id": bidder.organisation.id.to_string(), "terms_version": 1, "place_id": bidder.place_id,
            "valid_until": "2026-02-28",
            "lines": [{ "lot": 1, "price": price, "max_quantity": 65_000, "delivery": { "terms": "franco" } }]
        })
    }

    /// The same as a browser would send it.
    pub async fn sealed(&self, bidder: usize, price: &str) -> Value {
        self.seal_to(&self.recipient().await, bidder, &self.document(bidder, price))
    }

    /// Any document, sealed to any key, said to be sealed to the call's.
    pub fn seal_to(&self, recipient: &str, bidder: usize, document: &Value) -> Value {
        let envelope = self.envelope(bidder, document);
        let file = SealedFile::seal(&envelope, &recipient.parse().unwrap()).unwrap();
        body(recipient, file.bytes(), &envelope.commitment())
    }

    /// The envelope of a document.
    pub fn envelope(&self, bidder: usize, document: &Value) -> Envelope {
        Envelope {
            call_id: self.call_id,
            bidder_id: self.bidders[bidder].organisation.id,
            nonce: Zeroizing::new(rand::random()),
            document: Zeroizing::new(document.to_string().into_bytes()),
        }
    }

    /// Places what was sealed.
    pub async fn place(&self, bidder: usize, sealed: &Value) -> Answer {
        self.bidders[bidder].client.post(&self.at("bids"), sealed).await
    }

    /// The closing time comes, the round is closed too.
    pub async fn close(&self, test: &TestApp) {
        test.clock.set(Timestamp::parse(CLOSES).unwrap());
        assert_eq!(calls::clock::tick(&test.app).await.unwrap(), 1);
        self.trade.step(&self.trade.stage.operator.client, "close").await.expect(200);
    }

    /// The bid of one bidder, as its version and itself.
    pub async fn own_bid(&self, bidder: usize) -> (String, Value) {
        let bids = self.bidders[bidder].client.get("/api/v1/bids").await.expect(200).json();
        let address = format!("/api/v1/bids/{}", bids["items"][0]["id"].as_str().unwrap());
        let bid = self.bidders[bidder].client.get(&address).await.expect(200);
        (bid.header("etag").to_owned(), bid.json())
    }

    /// Changes the bid of one bidder.
    pub async fn change_bid(&self, bidder: usize, verb: &str, body: &Value) -> Answer {
        let (version, bid) = self.own_bid(bidder).await;
        let address = format!("/api/v1/bids/{}/{verb}", bid["id"].as_str().unwrap());
        self.bidders[bidder].client.change(Method::POST, &address, &version, body).await
    }
}

/// What is sent for a sealed file.
pub fn body(recipient: &str, file: &[u8], commitment: &str) -> Value {
    json!({ "terms_version": 1, "recipient": recipient, "commitment": commitment, "sealed": STANDARD.encode(file) })
}

/// A key that is nobody's.
pub fn stray_key() -> String {
    Identity::generate().to_public().to_string()
}

fn entry() -> CallEntry {
    CallEntry {
        title: "Beras pekan 3".to_owned(),
        closes_at: CLOSES.to_owned(),
        min_bids: 1,
        partial_awards: true,
        who_may_bid: Vec::new(),
        certificates: Vec::new(),
        documents: Vec::new(),
        notes: String::new(),
        // Nothing waits, unless a test is about that.
        complaint_hours: 0,
    }
}

fn lot() -> LotEntry {
    LotEntry {
        commodity: "beras_medium".to_owned(),
        area: Vec::new(),
        area_name: "Seluruh pasar".to_owned(),
        day_from: "2026-01-12".to_owned(),
        day_to: "2026-01-18".to_owned(),
        quantity: "65".to_owned(),
        unit: "kg".to_owned(),
        points: 2,
        steps: Vec::new(),
        requirements: Vec::new(),
        price_ceiling: None,
    }
}
