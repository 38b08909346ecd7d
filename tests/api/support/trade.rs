//! A round through the API: from a stage with people to orders, step by step.

use super::{Answer, Client, Stage, TestApp};
use pasok::parties::Role;
use pasok::rounds::solve;
use reqwest::Method;
use serde_json::{Value, json};

/// A stage and the round that is played on it.
pub struct Trade {
    /// People, places, goods.
    pub stage: Stage,
    /// Another person of the operator, who approves.
    pub approver: Client,
    /// The round's address.
    pub round: String,
}

impl Trade {
    /// Opens a round through the API; nothing is posted yet.
    pub async fn open(test: &TestApp) -> Self {
        let stage = Stage::set(test);
        // The stage's own round was not made by the product; this story is about one that is.
        test.app
            .write(super::SYSTEM, |work| {
                use diesel::prelude::*;
                use pasok::db::schema::rounds;
                diesel::delete(rounds::table.find(stage.round_id)).execute(work.connection)?;
                Ok(())
            })
            .expect("an empty market");
        let approver = test.member(&stage.operator.organisation, "Pak Kepala", Role::Approver);
        let created = stage
            .operator
            .client
            .post(&format!("/api/v1/markets/{}/rounds", stage.market_id), &round_body())
            .await
            .expect(201);
        let round = created.header("location").to_owned();
        Self { stage, approver, round }
    }

    /// A round in which 40 kg of rice and 100 boxes of milk are needed, and rice for both and no milk is offered.
    pub async fn collecting(test: &TestApp) -> Self {
        let trade = Self::open(test).await;
        trade.demand(&trade.stage.buyer.client, &trade.stage.buyer.place_id, "beras_medium", "40", "kg").await;
        trade.demand(&trade.stage.kitchen.client, &trade.stage.kitchen.place_id, "beras_medium", "25", "kg").await;
        trade.demand(&trade.stage.kitchen.client, &trade.stage.kitchen.place_id, "susu_uht_125", "100", "buah").await;
        trade.offer("13250.5", "500").await;
        trade
    }

    /// A proposed plan.
    pub async fn proposed(test: &TestApp) -> Self {
        let trade = Self::collecting(test).await;
        trade.step(&trade.stage.operator.client, "close").await.expect(200);
        trade.step(&trade.stage.operator.client, "solve").await.expect(202);
        assert_eq!(trade.settled().await["status"], "proposed");
        trade
    }

    /// Published orders.
    pub async fn published(test: &TestApp) -> Self {
        let trade = Self::proposed(test).await;
        trade.step(&trade.approver, "approve").await.expect(200);
        trade.step(&trade.stage.operator.client, "publish").await.expect(200);
        trade
    }

    async fn demand(&self, buyer: &Client, place: &str, commodity: &str, quantity: &str, unit: &str) {
        let body = json!({ "place": place, "commodity": commodity, "quantity": quantity, "unit": unit });
        buyer.post(&format!("{}/demands", self.round), &body).await.expect(201);
    }

    async fn offer(&self, price: &str, kilograms: &str) {
        let seller = &self.stage.seller;
        let body = json!({
            "place": seller.place_id, "commodity": "beras_medium", "price": price, "stock": kilograms, "unit": "kg",
            "day_from": "2026-01-12", "day_to": "2026-01-18"
        });
        let address = format!("/api/v1/markets/{}/offers", self.stage.market_id);
        seller.client.post(&address, &body).await.expect(201);
    }

    /// The round as the operator sees it.
    pub async fn now(&self) -> Answer {
        self.stage.operator.client.get(&self.round).await.expect(200)
    }

    /// Takes a step with the current version.
    pub async fn step(&self, who: &Client, verb: &str) -> Answer {
        self.step_with(who, verb, &json!({})).await
    }

    /// Takes a step that needs something said.
    pub async fn step_with(&self, who: &Client, verb: &str, body: &Value) -> Answer {
        let version = self.now().await.header("etag").to_owned();
        let address = format!("{}/{verb}", self.round);
        who.change(Method::POST, &address, &version, body).await
    }

    /// The round once it is no longer solving.
    pub async fn settled(&self) -> Value {
        for _ in 0..600 {
            let round = self.now().await.json();
            if round["status"] != "solving" {
                return round;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the solve did not end");
    }

    /// The round's id.
    pub fn id(&self) -> i64 {
        let id = self.round.rsplit('/').next().expect("an id");
        id.parse().expect("a number")
    }

    /// Takes up whatever a stopped server left behind.
    pub async fn resume(&self, test: &TestApp) -> usize {
        solve::resume(&test.app).await.expect("resume")
    }
}

/// A round to open.
pub fn round_body() -> Value {
    json!({
        "name": "Pekan 3", "delivery_from": "2026-01-12", "delivery_to": "2026-01-18",
        "closes_at": "2026-01-09T08:00:00Z"
    })
}
