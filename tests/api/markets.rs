//! Markets, their settings and members.

use crate::support::{Client, SYSTEM, TestApp, on_each_database};
use pasok::audit::store::list_of_market;
use pasok::markets::service;
use pasok::parties::{Capability, Class, Role};
use reqwest::Method;
use serde_json::{Value, json};

fn body() -> Value {
    json!({
        "code": "kupang", "name": "Kota Kupang", "time_zone": "Asia/Makassar", "rice_zone": 3,
        "circuity_permille": 1450, "delivery_weekdays": [1, 2, 3, 4, 5, 6],
        "freight": { "idr_per_kg_km": "3.5", "cold_idr_per_kg_km": "5.25", "base_idr_per_kg": "110" },
        "shortage_permille": 3000
    })
}

/// The operator of another city.
fn stranger(test: &TestApp) -> Client {
    let other = test.organisation("DINAS-2", Class::Pemerintah, &[Capability::Operator]);
    test.member(&other, "Operator lain", Role::Operator)
}

#[test]
fn an_operator_sets_up_a_market_that_others_do_not_see() {
    on_each_database(|test| async move {
        let (operator, stranger) = (test.operator(), stranger(&test));
        let made = operator.post("/api/v1/markets", &body()).await.expect(201);
        let path = made.header("location").to_owned();
        let read = operator.get(&path).await.expect(200);
        assert_eq!(read.json(), made.json());
        for (key, value) in body().as_object().unwrap() {
            assert_eq!(&read.json()[key], value, "{key}");
        }
        assert_eq!((read.json()["status"].as_str().unwrap(), read.header("etag")), ("active", "\"1\""));
        assert_eq!(operator.post("/api/v1/markets", &body()).await.expect(409).code(), "MARKET_EXISTS");
        stranger.get(&path).await.expect(404);
        let change = json!({ "name": "Milik saya" });
        stranger.change(Method::PATCH, &path, "\"1\"", &change).await.expect(404);
        let members = json!({ "organisation_ids": [read.json()["operator_id"]] });
        stranger.post(&format!("{path}/members"), &members).await.expect(404);
        let listed = stranger.get("/api/v1/markets").await.expect(200).json();
        assert!(listed["items"].as_array().unwrap().is_empty());
        let listed = operator.get("/api/v1/markets").await.expect(200).json();
        assert_eq!(listed["items"], json!([made.json()]));
    });
}

#[test]
fn everything_wrong_with_a_market_is_told_at_once() {
    on_each_database(|test| async move {
        let wrong = json!({
            "code": "", "name": "x".repeat(201), "region_code": "53.71", "time_zone": "UTC", "rice_zone": 4,
            "circuity_permille": 999, "delivery_weekdays": [1, 1],
            "freight": { "idr_per_kg_km": "0.00001", "cold_idr_per_kg_km": "-1" }, "shortage_permille": 100_001
        });
        let operator = test.operator();
        let refused = operator.post("/api/v1/markets", &wrong).await.expect(422);
        assert_eq!(
            refused.field_codes(),
            [
                "/circuity_permille SETTING_OUT_OF_RANGE",
                "/code REQUIRED",
                "/delivery_weekdays WEEKDAYS_INVALID",
                "/freight/base_idr_per_kg REQUIRED",
                "/freight/cold_idr_per_kg_km SETTING_OUT_OF_RANGE",
                "/freight/idr_per_kg_km TOO_PRECISE",
                "/name TOO_LONG",
                "/rice_zone TOO_LARGE",
                "/shortage_permille SETTING_OUT_OF_RANGE",
                "/time_zone UNKNOWN_CHOICE"
            ]
        );
        let mut unknown = body();
        unknown["region_code"] = json!("53.71");
        let refused = operator.post("/api/v1/markets", &unknown).await.expect(422);
        assert_eq!(refused.field_codes(), ["/region_code REGION_UNKNOWN"]);
        let listed = operator.get("/api/v1/markets").await.expect(200).json();
        assert!(listed["items"].as_array().unwrap().is_empty(), "nothing was written");
    });
}

#[test]
fn a_change_needs_the_current_version_and_is_written_down_old_and_new() {
    on_each_database(|test| async move {
        let operator = test.operator();
        let made = operator.post("/api/v1/markets", &body()).await.expect(201);
        let path = made.header("location").to_owned();
        let change = json!({ "freight": { "idr_per_kg_km": "4" }, "shortage_permille": 3000, "reason": "solar naik" });
        let without = operator.request(Method::PATCH, &path).json(&change);
        assert_eq!(operator.send(without).await.expect(428).code(), "VERSION_MISSING");
        assert_eq!(operator.change(Method::PATCH, &path, "\"2\"", &change).await.expect(412).code(), "VERSION_STALE");
        let changed = operator.change(Method::PATCH, &path, "\"1\"", &change).await.expect(200);
        assert_eq!(changed.header("etag"), "\"2\"");
        assert_eq!(
            changed.json()["freight"],
            json!({ "idr_per_kg_km": "4", "cold_idr_per_kg_km": "5.25", "base_idr_per_kg": "110" })
        );
        operator.change(Method::PATCH, &path, "\"1\"", &change).await.expect(412);
        let same = operator.change(Method::PATCH, &path, "\"2\"", &change).await.expect(200);
        assert_eq!(same.header("etag"), "\"2\"", "nothing changed, so the version stays");
        let nothing = operator.change(Method::PATCH, &path, "\"2\"", &json!({})).await.expect(422);
        assert_eq!(nothing.code(), "NOTHING_TO_CHANGE");
        let wrong = json!({ "circuity_permille": 0, "freight": { "base_idr_per_kg": "10000.0001" }, "delivery_weekdays": [8], "status": "gone", "reason": " " });
        assert_eq!(
            operator.change(Method::PATCH, &path, "\"2\"", &wrong).await.expect(422).field_codes(),
            [
                "/circuity_permille SETTING_OUT_OF_RANGE",
                "/delivery_weekdays WEEKDAYS_INVALID",
                "/freight/base_idr_per_kg SETTING_OUT_OF_RANGE",
                "/reason REQUIRED",
                "/status UNKNOWN_CHOICE"
            ]
        );

        let id = made.json()["id"].as_str().unwrap().parse().unwrap();
        let entries = test.app.read(SYSTEM, |connection, _| Ok(list_of_market(connection, id, i64::MAX, 10)?)).unwrap();
        let events: Vec<&str> = entries.iter().map(|entry| entry.event.as_str()).collect();
        assert_eq!(events, ["settings_changed", "created"]);
        let last = &entries[0];
        assert_eq!(
            (last.old_value.as_str(), last.new_value.as_str(), last.reason.as_str()),
            (r#"{"freight.idr_per_kg_km":"3.5"}"#, r#"{"freight.idr_per_kg_km":"4"}"#, "solar naik")
        );
        assert!(last.member_id.is_some());
    });
}

#[test]
fn members_join_once_and_see_the_market() {
    on_each_database(|test| async move {
        let operator = test.operator();
        let made = operator.post("/api/v1/markets", &body()).await.expect(201);
        let path = made.header("location").to_owned();
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let other = test.organisation("KKMP-2", Class::Kdmp, &[Capability::Buyer]);
        let me = test.member(&coop, "A", Role::Usaha);
        me.get(&path).await.expect(404);

        let members = format!("{path}/members");
        let unknown = json!({ "organisation_ids": [coop.id.to_string(), "77", "x"] });
        let refused = operator.post(&members, &unknown).await.expect(422);
        assert_eq!(refused.field_codes(), ["/organisation_ids/2 NOT_AN_ID"]);
        let unknown = json!({ "organisation_ids": [coop.id.to_string(), "77"] });
        let refused = operator.post(&members, &unknown).await.expect(422);
        assert_eq!(refused.field_codes(), ["/organisation_ids/1 NOT_FOUND"]);
        me.get(&path).await.expect(404);

        let both = json!({ "organisation_ids": [coop.id.to_string(), coop.id.to_string(), other.id.to_string()] });
        assert_eq!(operator.post(&members, &both).await.expect(200).json()["joined"], 2);
        assert_eq!(operator.post(&members, &both).await.expect(200).json()["joined"], 0);
        me.get(&path).await.expect(200);
        assert_eq!(me.get("/api/v1/markets").await.expect(200).json()["items"].as_array().unwrap().len(), 1);
        let first = me.get(&format!("{members}?limit=1")).await.expect(200).json();
        let second = me.get(first["next"].as_str().unwrap()).await.expect(200).json();
        assert_eq!((&first["items"][0]["code"], &second["items"][0]["code"]), (&json!("KKMP-1"), &json!("KKMP-2")));
        assert!(second["next"].is_null());

        assert_eq!(me.post("/api/v1/markets", &body()).await.expect(403).code(), "FORBIDDEN");
        assert_eq!(me.change(Method::PATCH, &path, "\"1\"", &json!({})).await.expect(403).code(), "FORBIDDEN");
        assert_eq!(me.post(&members, &both).await.expect(403).code(), "FORBIDDEN");
    });
}

#[test]
fn who_joins_twice_is_a_member_once() {
    on_each_database(|test| async move {
        let made = test.operator().post("/api/v1/markets", &body()).await.expect(201);
        let id = made.json()["id"].as_str().unwrap().parse().unwrap();
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let check =
            || test.app.read(SYSTEM, |connection, scope| service::is_member(connection, scope, id, coop.id)).unwrap();
        assert!(!check());
        for _ in 0..2 {
            test.app.write(SYSTEM, |work| service::join(work, id, coop.id)).unwrap();
        }
        assert!(check());
        let ids = test.app.read(SYSTEM, |connection, scope| service::member_ids(connection, scope, id)).unwrap();
        assert_eq!(ids.into_iter().collect::<Vec<_>>(), [coop.id]);
        let nowhere = test.app.write(SYSTEM, |work| service::join(work, 77, coop.id)).unwrap_err();
        assert_eq!(nowhere.code(), "NOT_FOUND");
    });
}
