//! Organisations, members and tokens.

use crate::support::{SYSTEM, market, on_each_database};
use pasok::parties::{Capability, Class, Role};
use reqwest::Method;
use serde_json::json;

fn body() -> serde_json::Value {
    json!({ "code": "KKMP-1", "name": "KKMP Oebobo", "class": "kdmp", "capabilities": ["buyer", "seller"] })
}

#[test]
fn an_operator_registers_an_organisation_and_reads_it_back() {
    on_each_database(|test| async move {
        let operator = test.operator();
        let created = operator.post("/api/v1/organisations", &body()).await.expect(201);
        let read = operator.get(created.header("location")).await.expect(200);
        assert_eq!(read.json(), created.json());
        assert_eq!(read.json()["capabilities"], json!(["buyer", "seller"]));
        assert_eq!(read.header("etag"), "\"1\"");
        assert_eq!(operator.post("/api/v1/organisations", &body()).await.expect(409).code(), "ORGANISATION_EXISTS");
    });
}

#[test]
fn everything_wrong_is_told_at_once() {
    on_each_database(|test| async move {
        let wrong = json!({ "code": " ", "name": "a\u{7}b", "class": "gudang", "status": "asleep", "capabilities": ["buyer", "chef"] });
        let answer = test.operator().post("/api/v1/organisations", &wrong).await.expect(422);
        assert_eq!(
            answer.field_codes(),
            [
                "/capabilities/1 UNKNOWN_CHOICE",
                "/class UNKNOWN_CHOICE",
                "/code REQUIRED",
                "/name CONTROL_CHARACTER",
                "/status UNKNOWN_CHOICE"
            ]
        );
    });
}

#[test]
fn a_retry_gets_the_same_answer_and_another_body_is_refused() {
    on_each_database(|test| async move {
        let operator = test.operator();
        let first = operator.post_with_key("/api/v1/organisations", &body(), "once").await.expect(201);
        let again = operator.post_with_key("/api/v1/organisations", &body(), "once").await.expect(201);
        assert_eq!((again.text.as_str(), again.header("location")), (first.text.as_str(), first.header("location")));
        let mut other = body();
        other["name"] = json!("Lain");
        let refused = operator.post_with_key("/api/v1/organisations", &other, "once").await.expect(422);
        assert_eq!(refused.code(), "IDEMPOTENCY_KEY_REUSED");
    });
}

#[test]
fn the_same_request_five_times_at_once_has_one_effect() {
    on_each_database(|test| async move {
        let operator = test.operator();
        let body = body();
        let send = || operator.post_with_key("/api/v1/organisations", &body, "five");
        let (first, second, third, fourth, fifth) = tokio::join!(send(), send(), send(), send(), send());
        for answer in [&second, &third, &fourth, &fifth] {
            assert_eq!((answer.status, &answer.text), (201, &first.text));
        }
        let listed = operator.get("/api/v1/organisations").await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn a_status_change_needs_the_current_version() {
    on_each_database(|test| async move {
        let operator = test.operator();
        let created = operator.post("/api/v1/organisations", &body()).await.expect(201);
        let path = format!("{}/status", created.header("location"));
        let change = json!({ "status": "dormant", "reason": "tutup sementara" });
        assert_eq!(operator.post(&path, &change).await.expect(428).code(), "VERSION_MISSING");
        assert_eq!(operator.change(Method::POST, &path, "\"7\"", &change).await.expect(412).code(), "VERSION_STALE");
        let changed = operator.change(Method::POST, &path, "\"1\"", &change).await.expect(200);
        assert_eq!((changed.json()["status"].as_str().unwrap(), changed.header("etag")), ("dormant", "\"2\""));
    });
}

#[test]
fn only_operators_set_up_and_tokens_can_be_revoked() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-9", Class::Kdmp, &[Capability::Buyer]);
        let treasurer = test.member(&coop, "Bendahara", Role::Bendahara);
        assert_eq!(treasurer.post("/api/v1/organisations", &body()).await.expect(403).code(), "FORBIDDEN");
        assert_eq!(test.anyone().get("/api/v1/me").await.expect(401).code(), "SIGN_IN_NEEDED");
        let me = treasurer.get("/api/v1/me").await.expect(200).json();
        assert_eq!(
            (me["role"].as_str().unwrap(), me["organisation"]["code"].as_str().unwrap()),
            ("bendahara", "KKMP-9")
        );

        let office = test.organisation("DINAS", Class::Pemerintah, &[Capability::Operator]);
        let operator = test.member(&office, "Ibu Operator", Role::Operator);
        let path = format!("/api/v1/members/{}/tokens", me["member_id"].as_str().unwrap());
        // An operator looks after those it registered and the members of its markets, and nobody else.
        operator.post(&path, &json!({ "label": "ponsel" })).await.expect(404);
        let market = market(&test, office.id);
        test.app.write(SYSTEM, |work| pasok::markets::service::join(work, market.id, coop.id)).unwrap();
        let token = operator.post(&path, &json!({ "label": "ponsel" })).await.expect(201).json();
        let revoke = |who: crate::support::Client, id: String| async move {
            let request = who.request(Method::DELETE, &format!("/api/v1/tokens/{id}"));
            who.send(request.header("idempotency-key", crate::support::fresh_key())).await
        };
        let id = token["id"].as_str().unwrap().to_owned();
        let other = test.organisation("KKMP-8", Class::Kdmp, &[Capability::Buyer]);
        revoke(test.member(&other, "Ketua lain", Role::Ketua), id.clone()).await.expect(404);
        revoke(treasurer.clone(), id.clone()).await.expect(200);
        revoke(treasurer, id).await.expect(404);
    });
}

#[test]
fn a_list_is_read_page_by_page_without_gaps() {
    on_each_database(|test| async move {
        let operator = test.operator();
        for number in 0..7 {
            test.organisation(&format!("K{number}"), Class::Kdmp, &[Capability::Buyer]);
        }
        let mut next = Some("/api/v1/organisations?limit=3".to_owned());
        let mut codes = Vec::new();
        while let Some(address) = next {
            let page = operator.get(&address).await.expect(200).json();
            codes
                .extend(page["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()));
            next = page["next"].as_str().map(ToOwned::to_owned);
        }
        assert_eq!(codes, ["DINAS", "K0", "K1", "K2", "K3", "K4", "K5", "K6"]);
        operator.get("/api/v1/organisations?cursor=nonsense").await.expect(400);
        operator.get("/api/v1/organisations?limit=501").await.expect(400);
    });
}
