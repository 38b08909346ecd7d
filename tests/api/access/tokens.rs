//! API tokens: scope, life, list, end.

use super::with_token;
use crate::support::{fresh_key, on_each_database};
use pasok::parties::{Capability, Class, Role};
use serde_json::json;

#[test]
fn a_reading_token_reads_and_never_writes() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let chair = test.member(&coop, "Bapak Ketua", Role::Ketua);
        let usaha = test.member_id(&coop, "Ibu Ester", Role::Usaha);
        let path = format!("/api/v1/members/{usaha}/tokens");
        let reading = with_token(&test, &chair.post(&path, &json!({ "label": "papan" })).await.expect(201));
        reading.get("/api/v1/demands").await.expect(200);
        let place = json!({ "name": "Gudang", "latitude": "-10.1", "longitude": "123.6" });
        assert_eq!(reading.post("/api/v1/places", &place).await.expect(403).code(), "READ_ONLY_ACCESS");
        let body = json!({ "label": "timbangan", "scope": "write", "days": 7 });
        let writing = chair.post(&path, &body).await.expect(201);
        assert_eq!(writing.json()["expires_at"], "2026-01-12T01:00:00Z");
        let writing = with_token(&test, &writing);
        writing.post("/api/v1/places", &place).await.expect(201);
        // A token is no person: it has no sessions, and it does not act for another organisation.
        assert_eq!(writing.get("/api/v1/sessions").await.expect(403).code(), "PERSON_NEEDED");
        test.clock.advance_seconds(7 * 24 * 3600);
        writing.get("/api/v1/me").await.expect(401);
        reading.get("/api/v1/me").await.expect(200);
        let wrong = json!({ "label": "", "scope": "all", "days": 91 });
        let told = chair.post(&path, &wrong).await.expect(422).field_codes();
        assert_eq!(told, ["/days DAYS_OUT_OF_RANGE", "/label REQUIRED", "/scope UNKNOWN_CHOICE"]);
    });
}

#[test]
fn an_organisation_lists_and_ends_its_tokens() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let chair = test.member(&coop, "Bapak Ketua", Role::Ketua);
        let usaha = test.member_id(&coop, "Ibu Ester", Role::Usaha);
        let path = format!("/api/v1/members/{usaha}/tokens");
        let (body, key) = (json!({ "label": "papan" }), fresh_key());
        let token = chair.post_with_key(&path, &body, &key).await.expect(201);
        assert_eq!(chair.post_with_key(&path, &body, &key).await.expect(409).code(), "SECRET_SHOWN_ONCE");
        let listed = chair.get("/api/v1/tokens").await.expect(200);
        assert_eq!(listed.json()["items"].as_array().unwrap().len(), 1, "the retry made no second one");
        assert!(!listed.text.contains("psk_"));
        let other = test.member(&test.organisation("X", Class::Kdmp, &[Capability::Buyer]), "K", Role::Ketua);
        assert!(other.get("/api/v1/tokens").await.expect(200).json()["items"].as_array().unwrap().is_empty());
        test.signed_in(usaha, false).get("/api/v1/tokens").await.expect(403);
        assert_eq!(other.post(&path, &body).await.expect(404).code(), "NOT_FOUND");
        let address = token.header("location");
        other.delete(address).await.expect(404);
        chair.delete(address).await.expect(200);
        with_token(&test, &token).get("/api/v1/me").await.expect(401);
        chair.delete(address).await.expect(404);
    });
}
