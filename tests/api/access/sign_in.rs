//! Signing in: what works, what does not, and how often one may try.

use super::{PASSWORD, post, settled, sign_in, with_token};
use crate::support::on_each_database;
use pasok::parties::{Capability, Class, Role};
use serde_json::json;
use std::collections::BTreeMap;

#[test]
fn every_spelling_of_a_number_signs_in_and_the_answer_says_who() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let person = settled(&test, &coop, "Ibu Ester", Role::Usaha, "081234567890").await;
        for login in ["081234567890", "+62 812-3456-7890", "6281234567890"] {
            let answer = sign_in(&test, login, PASSWORD).await.expect(201);
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.json()["account_id"], person.account_id.to_string());
            assert_eq!(answer.json()["second_factor"], false);
            let client = with_token(&test, &answer);
            let me = client.get("/api/v1/me").await.expect(200).json();
            assert_eq!((&me["member_name"], &me["role"]), (&json!("Ibu Ester"), &json!("usaha")));
            let own = client.get("/api/v1/accounts/me").await.expect(200).json();
            assert_eq!((&own["phone"], &own["roles"][0]["role"]), (&json!("+6281234567890"), &json!("usaha")));
        }
        for wrong in ["empat ekor kuda puti", "Empat ekor kuda putih", ""] {
            assert_eq!(sign_in(&test, "081234567890", wrong).await.expect(401).code(), "SIGN_IN_REFUSED");
        }
    });
}

#[test]
fn an_unknown_person_gets_the_same_answer_as_a_wrong_password() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        settled(&test, &coop, "Ibu Ester", Role::Usaha, "081234567890").await;
        super::invited(&test, &coop, "Pak Baru", Role::Gudang, "081234567891");
        let known = sign_in(&test, "081234567890", "bukan kata sandinya").await.expect(401);
        // A number, a time and a nonce are new with every answer.
        let headers = |answer: &crate::support::Answer| {
            let names = answer
                .headers
                .iter()
                .filter(|(name, _)| !["x-request-id", "date", "content-security-policy"].contains(&name.as_str()));
            names.map(|(name, value)| (name.to_string(), value.clone())).collect::<BTreeMap<_, _>>()
        };
        // Nobody, somebody invited, an address, a text that can be neither.
        for login in ["081299999999", "081234567891", "tidak@ada.id", "siapa saja"] {
            let unknown = sign_in(&test, login, "bukan kata sandinya").await.expect(401);
            assert_eq!((&unknown.text, headers(&unknown)), (&known.text, headers(&known)), "{login}");
        }
        let code = |login: &'static str| super::redeem(&test, login, "0000-0000-0000-0000", PASSWORD);
        assert_eq!(code("081299999999").await.expect(401).text, code("081234567890").await.expect(401).text);
    });
}

#[test]
fn after_ten_failures_a_login_waits_a_quarter_of_an_hour() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        settled(&test, &coop, "Ibu Ester", Role::Usaha, "081234567890").await;
        settled(&test, &coop, "Pak Daniel", Role::Gudang, "081234567891").await;
        for login in ["0812-3456-7890", "081299999999"] {
            for attempt in 0..10 {
                sign_in(&test, login, "bukan kata sandinya").await.expect(401);
                test.clock.advance_seconds(attempt);
            }
            let refused = sign_in(&test, login, PASSWORD).await.expect(429);
            assert_eq!((refused.code().as_str(), refused.header("retry-after")), ("TOO_MANY_ATTEMPTS", "856"));
        }
        // The right password does not help before the time is over; others are not touched.
        sign_in(&test, "+6281234567890", PASSWORD).await.expect(429);
        sign_in(&test, "081234567891", PASSWORD).await.expect(201);
        test.clock.advance_seconds(15 * 60);
        sign_in(&test, "081234567890", PASSWORD).await.expect(201);
        // A success forgets the failures before it.
        for _ in 0..9 {
            sign_in(&test, "081234567890", "bukan kata sandinya").await.expect(401);
        }
        sign_in(&test, "081234567890", PASSWORD).await.expect(201);
        sign_in(&test, "081234567890", "bukan kata sandinya").await.expect(401);
    });
}

#[test]
fn attempts_at_the_same_time_count_too() {
    on_each_database(|test| async move {
        let attempts = (0..24).map(|_| sign_in(&test, "081299999999", "bukan kata sandinya"));
        let answers = futures_util::future::join_all(attempts).await;
        let of = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((of(401), of(429)), (10, 14));
    });
}

#[test]
fn one_address_may_fail_fifty_times_and_cannot_pretend_to_be_another() {
    on_each_database(|test| async move {
        let anyone = test.anyone();
        let from = |address: &str, login: String| {
            let request = anyone.request(reqwest::Method::POST, "/api/v1/sessions").header("x-forwarded-for", address);
            anyone.send(request.json(&json!({ "login": login, "password": "bukan kata sandinya" })))
        };
        for number in 0..50 {
            from("198.51.100.7", format!("0812777{number:05}")).await.expect(401);
        }
        from("198.51.100.7", "081288888888".to_owned()).await.expect(429);
        // What a client writes before the proxy's own word changes nothing.
        from("1.2.3.4, 198.51.100.7", "081288888888".to_owned()).await.expect(429);
        from("198.51.100.8", "081288888888".to_owned()).await.expect(401);
    });
}

#[test]
fn a_person_with_several_roles_chooses_where_to_act() {
    on_each_database(|test| async move {
        let first = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let second = test.organisation("KKMP-2", Class::Kdmp, &[Capability::Buyer]);
        settled(&test, &first, "Ibu Ester", Role::Usaha, "081234567890").await;
        let again = pasok::parties::people::NewPerson {
            name: "Ester".to_owned(),
            role: Role::Gudang,
            phone: Some(pasok::parties::Phone::parse("081234567890").unwrap()),
            email: None,
        };
        test.app
            .write(crate::support::SYSTEM, |work| {
                pasok::parties::people::add_person_once(work, second.id, &again)?;
                Ok(())
            })
            .unwrap();
        let body = json!({ "login": "081234567890", "password": PASSWORD, "organisation_id": second.id.to_string() });
        let client = with_token(&test, &post(&test, "/api/v1/sessions", &body).await.expect(201));
        assert_eq!(client.get("/api/v1/me").await.expect(200).json()["role"], "gudang");
        // Or request by request.
        let me = |organisation_id: String| {
            let request =
                client.request(reqwest::Method::GET, "/api/v1/me").header("pasok-acting-for", organisation_id);
            client.send(request)
        };
        let at_first = me(first.id.to_string()).await.expect(200).json();
        assert_eq!((&at_first["role"], &at_first["organisation"]["code"]), (&json!("usaha"), &json!("KKMP-1")));
        let third = test.organisation("KKMP-3", Class::Kdmp, &[Capability::Buyer]);
        let refused = me(third.id.to_string()).await.expect(403);
        assert_eq!(refused.code(), "ACTING_FOR_REFUSED");
        // An organisation that does not exist is refused in the same words.
        assert_eq!(me("123456789".to_owned()).await.expect(403).text, refused.text);
        assert_eq!(me("x".to_owned()).await.expect(403).text, refused.text);
        let body = json!({ "login": "081234567890", "password": PASSWORD, "organisation_id": third.id.to_string() });
        assert_eq!(post(&test, "/api/v1/sessions", &body).await.expect(403).code(), "NO_ROLE");
    });
}
