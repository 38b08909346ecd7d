//! Assistants: acting for a cooperative on its grant, inside its scope, until it ends.

use crate::support::{Answer, Client, SYSTEM, Stage, TestApp, on_each_database};
use pasok::audit::store::Entry;
use pasok::parties::{Capability, Class, Role};
use reqwest::Method;
use serde_json::json;

/// A cooperative with its chair, and an assistant.
struct Scene {
    stage: Stage,
    assistant: Client,
    assistant_id: String,
}

impl Scene {
    fn set(test: &TestApp) -> Self {
        let stage = Stage::set(test);
        let helpers = test.organisation("PENDAMPING", Class::Pemerintah, &[Capability::Assistant]);
        let member = test.app.write(SYSTEM, |work| {
            pasok::parties::service::add_member(work, helpers.id, "Ibu Pendamping", Role::Assistant)
        });
        let member_id = member.unwrap().id;
        Self { stage, assistant: test.signed_in(member_id, true), assistant_id: member_id.to_string() }
    }

    async fn grant(&self, scope: &str, days: i64) -> Answer {
        let body = json!({ "assistant_id": self.assistant_id, "scope": scope, "days": days });
        self.stage.buyer.client.post("/api/v1/grants", &body).await
    }

    /// A request of the assistant for the cooperative.
    async fn acting(&self, method: Method, path: &str, body: Option<serde_json::Value>) -> Answer {
        let request = self.assistant.request(method, path).header("idempotency-key", crate::support::fresh_key());
        let request = request.header("pasok-acting-for", self.stage.buyer.organisation.id.to_string());
        self.assistant.send(body.iter().fold(request, reqwest::RequestBuilder::json)).await
    }

    async fn demand(&self) -> Answer {
        let path = format!("/api/v1/rounds/{}/demands", self.stage.round_id);
        let place = &self.stage.buyer.place_id;
        let body = json!({ "place": place, "commodity": "beras_medium", "quantity": "40", "unit": "kg" });
        self.acting(Method::POST, &path, Some(body)).await
    }
}

#[test]
fn the_log_names_the_assistant_and_the_cooperative() {
    on_each_database(|test| async move {
        let scene = Scene::set(&test);
        assert_eq!(scene.demand().await.expect(403).code(), "ACTING_FOR_REFUSED");
        let found = scene.stage.buyer.client.get("/api/v1/assistants").await.expect(200).json();
        assert_eq!(found["items"][0]["member_id"], scene.assistant_id);
        let grant = scene.grant("enter", 30).await.expect(201);
        assert_eq!(grant.json()["expires_at"], "2026-02-04T01:00:00Z");
        let demand = scene.demand().await.expect(201).json();
        assert_eq!(demand["buyer_id"], scene.stage.buyer.organisation.id.to_string());
        let me = scene.acting(Method::GET, "/api/v1/me", None).await.expect(200).json();
        assert_eq!((&me["grant_scope"], &me["role"]), (&json!("enter"), &json!("assistant")));
        assert_eq!(me["organisation"]["id"], scene.stage.buyer.organisation.id.to_string());
        assert_ne!(me["home_organisation_id"], me["organisation"]["id"]);
        let market_id = scene.stage.market_id;
        let entries: Vec<Entry> = test
            .app
            .read(SYSTEM, |connection, _| {
                Ok(pasok::audit::store::list_of_market(connection, market_id, i64::MAX, 100)?)
            })
            .unwrap();
        let entry = entries.iter().find(|entry| entry.subject == "demands").unwrap();
        assert_eq!(entry.member_id.map(|id| id.to_string()), Some(scene.assistant_id.clone()));
        assert_eq!(entry.organisation_id, Some(scene.stage.buyer.organisation.id));
    });
}

#[test]
fn a_grant_ends_with_the_next_request_after_it_was_revoked() {
    on_each_database(|test| async move {
        let scene = Scene::set(&test);
        let grant = scene.grant("enter", 30).await.expect(201);
        assert_eq!(scene.grant("enter", 30).await.expect(409).code(), "GRANT_EXISTS");
        scene.acting(Method::GET, "/api/v1/demands", None).await.expect(200);
        let address = grant.header("location");
        scene.stage.seller.client.delete(address).await.expect(404);
        let ended = scene.stage.buyer.client.delete(address).await.expect(200);
        assert_eq!(ended.json()["revoked_at"], "2026-01-05T01:00:00Z");
        assert_eq!(scene.acting(Method::GET, "/api/v1/demands", None).await.expect(403).code(), "ACTING_FOR_REFUSED");
        scene.demand().await.expect(403);
        // Ending it again changes nothing; another can be given, and the assistant can give it back.
        assert_eq!(scene.stage.buyer.client.delete(address).await.expect(200).text, ended.text);
        let second = scene.grant("read", 30).await.expect(201);
        scene.acting(Method::GET, "/api/v1/demands", None).await.expect(200);
        scene.assistant.delete(second.header("location")).await.expect(200);
        scene.acting(Method::GET, "/api/v1/demands", None).await.expect(403);
        let listed = scene.stage.buyer.client.get("/api/v1/grants").await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn a_grant_runs_out_by_itself_and_can_be_given_again() {
    on_each_database(|test| async move {
        let scene = Scene::set(&test);
        scene.grant("read", 1).await.expect(201);
        test.clock.advance_seconds(24 * 3600 - 1);
        scene.acting(Method::GET, "/api/v1/demands", None).await.expect(200);
        test.clock.advance_seconds(1);
        scene.acting(Method::GET, "/api/v1/demands", None).await.expect(403);
        scene.grant("read", 366).await.expect(201);
        scene.acting(Method::GET, "/api/v1/demands", None).await.expect(200);
        for days in [0, 367] {
            let refused = scene.grant("read", days).await.expect(422);
            assert_eq!(refused.field_codes(), ["/days DAYS_OUT_OF_RANGE"]);
        }
    });
}

#[test]
fn an_assistant_stays_inside_the_scope() {
    on_each_database(|test| async move {
        let scene = Scene::set(&test);
        scene.grant("read", 30).await.expect(201);
        assert_eq!(scene.demand().await.expect(403).code(), "READ_ONLY_ACCESS");
        let grants = scene.stage.buyer.client.get("/api/v1/grants").await.expect(200).json();
        let path = format!("/api/v1/grants/{}", grants["items"][0]["id"].as_str().unwrap());
        scene.stage.buyer.client.delete(&path).await.expect(200);
        scene.grant("receive", 30).await.expect(201);
        assert_eq!(scene.demand().await.expect(403).code(), "FORBIDDEN");
        // What the cooperative decides about itself is for its own people: grants, people, tokens, contacts.
        let own = scene.stage.buyer.organisation.id;
        let give = json!({ "assistant_id": scene.assistant_id, "scope": "read" });
        let person = json!({ "name": "Siapa", "role": "usaha" });
        for (method, path, body) in [
            (Method::POST, "/api/v1/grants".to_owned(), Some(give)),
            (Method::POST, format!("/api/v1/organisations/{own}/members"), Some(person)),
            (Method::GET, "/api/v1/tokens".to_owned(), None),
        ] {
            let answer = scene.acting(method, &path, body).await.expect(403);
            assert_eq!(answer.code(), "OWN_PEOPLE_ONLY", "{path}");
        }
    });
}

#[test]
fn who_belongs_to_a_trader_assists_nobody() {
    on_each_database(|test| async move {
        let mut scene = Scene::set(&test);
        scene.grant("enter", 30).await.expect(201);
        let me = scene.assistant.get("/api/v1/me").await.expect(200).json();
        let account_id: i64 = me["account_id"].as_str().unwrap().parse().unwrap();
        let operator = &scene.stage.operator.client;
        // A role at a trader stops the assistance at once, whatever the trader does and however the role came about.
        for (code, kind, role) in [
            ("LAIN-1", Capability::Seller, Role::Seller),
            ("LAIN-2", Capability::Buyer, Role::Gudang),
            ("LAIN-3", Capability::Kitchen, Role::Pengawas),
        ] {
            scene.acting(Method::GET, "/api/v1/demands", None).await.expect(200);
            let trader = test.organisation(code, Class::Mikro, &[kind]);
            join(&test, &scene, trader.id);
            let id = trader.id + 1;
            insert_member(&test, id, trader.id, account_id, role);
            let refused = scene.acting(Method::GET, "/api/v1/demands", None).await.expect(409);
            assert_eq!(refused.code(), "ASSISTANT_TRADES");
            let leave = format!("/api/v1/members/{id}/leave");
            let reason = json!({ "reason": "memilih mendampingi" });
            operator.change(Method::POST, &leave, "\"1\"", &reason).await.expect(200);
            // Leaving ended the session; the grant lives on.
            scene.assistant = test.signed_in(scene.assistant_id.parse().unwrap(), true);
        }
        // By the front door there is no way to such a role, nor from such a role to a grant.
        join(&test, &scene, me["home_organisation_id"].as_str().unwrap().parse().unwrap());
        let contact = json!({ "phone": "081212121212", "reason": "nomor" });
        let path = format!("/api/v1/accounts/{account_id}/contact");
        let admin = test.member(&scene.stage.operator.organisation, "Ibu Admin", Role::Admin);
        admin.change(Method::PUT, &path, "\"1\"", &contact).await.expect(200);
        let person = json!({ "name": "Ibu Pendamping", "role": "usaha", "phone": "081212121212" });
        let path = format!("/api/v1/organisations/{}/members", scene.stage.seller.organisation.id);
        assert_eq!(admin.post(&path, &person).await.expect(409).code(), "ASSISTANT_TRADES");
    });
}

fn join(test: &TestApp, scene: &Scene, organisation_id: i64) {
    let market_id = scene.stage.market_id;
    test.app.write(SYSTEM, |work| pasok::markets::service::join(work, market_id, organisation_id)).unwrap();
}

fn insert_member(test: &TestApp, id: i64, organisation_id: i64, account_id: i64, role: Role) {
    use diesel::prelude::*;
    use pasok::db::schema::members as m;
    test.app
        .write(SYSTEM, |work| {
            let values = (
                m::id.eq(id),
                m::organisation_id.eq(organisation_id),
                m::account_id.eq(account_id),
                m::name.eq("Ibu Pendamping"),
                m::role.eq(role.word()),
                m::status.eq("active"),
                m::created_at.eq(0),
            );
            diesel::insert_into(m::table).values(values).execute(work.connection)?;
            Ok(())
        })
        .unwrap();
}

#[test]
fn an_assistant_has_at_most_twenty_cooperatives_and_a_cooperative_five_assistants() {
    on_each_database(|test| async move {
        let scene = Scene::set(&test);
        let body = json!({ "assistant_id": scene.assistant_id, "scope": "read" });
        for number in 0..=20 {
            let coop = test.organisation(&format!("KKMP-A{number}"), Class::Kdmp, &[Capability::Buyer]);
            let chair = test.member(&coop, "Ketua", Role::Ketua);
            let answer = chair.post("/api/v1/grants", &body).await.expect(if number < 20 { 201 } else { 409 });
            if number == 20 {
                assert_eq!(answer.code(), "TOO_MANY_GRANTS");
            }
        }
        let helpers = test.organisation("PENDAMPING-2", Class::Pemerintah, &[Capability::Assistant]);
        for number in 0..=5 {
            let name = format!("Pendamping {number}");
            let member = test
                .app
                .write(SYSTEM, |work| pasok::parties::service::add_member(work, helpers.id, &name, Role::Assistant));
            let body = json!({ "assistant_id": member.unwrap().id.to_string(), "scope": "read" });
            let expected = if number < 5 { 201 } else { 409 };
            scene.stage.buyer.client.post("/api/v1/grants", &body).await.expect(expected);
        }
        // Only assistants are granted anything, and only the chair grants.
        let usaha = test.app.write(SYSTEM, |work| {
            pasok::parties::service::add_member(work, scene.stage.seller.organisation.id, "Bukan", Role::Usaha)
        });
        let body = json!({ "assistant_id": usaha.unwrap().id.to_string(), "scope": "read" });
        let chair = test.member(&scene.stage.kitchen.organisation, "Ketua dua", Role::Ketua);
        assert_eq!(chair.post("/api/v1/grants", &body).await.expect(422).code(), "NOT_AN_ASSISTANT");
        assert_eq!(scene.stage.seller.client.post("/api/v1/grants", &body).await.expect(403).code(), "FORBIDDEN");
    });
}
