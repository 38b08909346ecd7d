//! Authenticators: set up, asked for, spent, lost.

use super::{PASSWORD, Person, invited, redeem, settled, sign_in, sign_in_with_code, with_token};
use crate::support::{Client, TestApp, Trade, on_each_database};
use pasok::parties::{Capability, Class, Role};
use reqwest::Method;
use serde_json::{Value, json};

/// What an authenticator with this secret shows at the test's time, some steps later.
fn shown(test: &TestApp, secret: &str, later: i64) -> String {
    let now = pasok::values::Clock::now(&test.clock).as_micros() / 1_000_000 + later * 30;
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(now).unwrap()).to_string()
}

async fn ask(client: &Client, path: &str, body: &Value) -> crate::support::Answer {
    client.send(client.request(Method::POST, path).json(body)).await
}

/// Sets up an authenticator; its secret, and the session with two factors.
async fn enrol(test: &TestApp, person: &Person) -> (String, Client) {
    let first = with_token(test, &sign_in(test, &person.phone, PASSWORD).await.expect(201));
    let begun = ask(&first, "/api/v1/accounts/me/totp", &json!({ "password": PASSWORD })).await.expect(201).json();
    let secret = begun["secret"].as_str().unwrap().to_owned();
    assert!(begun["uri"].as_str().unwrap().contains(&format!("secret={secret}&issuer=Pasok")));
    let code = shown(test, &secret, 0);
    let confirmed = ask(&first, "/api/v1/accounts/me/totp/confirm", &json!({ "code": code })).await.expect(201);
    assert_eq!(confirmed.json()["second_factor"], true);
    first.get("/api/v1/me").await.expect(401);
    (secret, with_token(test, &confirmed))
}

#[test]
fn an_authenticator_is_set_up_with_the_password_and_its_code_works_once() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let person = settled(&test, &coop, "Ibu Ester", Role::Bendahara, "081234567890").await;
        let first = with_token(&test, &sign_in(&test, &person.phone, PASSWORD).await.expect(201));
        let confirm = json!({ "code": "000000" });
        let early = ask(&first, "/api/v1/accounts/me/totp/confirm", &confirm).await.expect(409);
        assert_eq!(early.code(), "SECOND_FACTOR_NOT_BEGUN");
        ask(&first, "/api/v1/accounts/me/totp", &json!({ "password": "salah" })).await.expect(401);
        let (secret, session) = enrol(&test, &person).await;
        // The database alone does not make codes.
        let stored: String = {
            use diesel::prelude::*;
            use pasok::db::schema::credentials as c;
            let sealed = c::table.filter(c::totp_secret.ne("")).select(c::totp_secret);
            test.app.read(crate::support::SYSTEM, |connection, _| Ok(sealed.first(connection)?)).unwrap()
        };
        assert!(stored.starts_with("v1.") && !stored.contains(&secret), "{stored}");
        assert_eq!(session.get("/api/v1/accounts/me").await.expect(200).json()["second_factor"], true);
        let again = ask(&session, "/api/v1/accounts/me/totp", &json!({ "password": PASSWORD })).await.expect(409);
        assert_eq!(again.code(), "SECOND_FACTOR_EXISTS");
        // From now on the password alone is not enough, and a step that was spent is spent.
        assert_eq!(sign_in(&test, &person.phone, PASSWORD).await.expect(401).code(), "SIGN_IN_CODE_NEEDED");
        let used = sign_in_with_code(&test, &person.phone, &shown(&test, &secret, 0)).await.expect(401);
        assert_eq!(used.code(), "SIGN_IN_CODE_REFUSED");
        test.clock.advance_seconds(30);
        let code = shown(&test, &secret, 0);
        let both = [sign_in_with_code(&test, &person.phone, &code), sign_in_with_code(&test, &person.phone, &code)];
        let mut statuses: Vec<u16> =
            futures_util::future::join_all(both).await.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 401]);
        // A wrong password says nothing about the authenticator.
        assert_eq!(sign_in(&test, &person.phone, "salah sama sekali").await.expect(401).code(), "SIGN_IN_REFUSED");
    });
}

#[test]
fn codes_are_guessed_no_more_often_than_passwords() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let person = settled(&test, &coop, "Ibu Ester", Role::Bendahara, "081234567890").await;
        let (secret, _) = enrol(&test, &person).await;
        test.clock.advance_seconds(60);
        for _ in 0..10 {
            sign_in_with_code(&test, &person.phone, "000000").await.expect(401);
        }
        sign_in_with_code(&test, &person.phone, &shown(&test, &secret, 0)).await.expect(429);
    });
}

#[test]
fn approving_takes_a_person_with_two_factors() {
    on_each_database(|test| async move {
        let trade = Trade::proposed(&test).await;
        let office = &trade.stage.operator.organisation;
        let person = settled(&test, office, "Ibu Penyetuju", Role::Approver, "081234567890").await;
        let plain = with_token(&test, &sign_in(&test, &person.phone, PASSWORD).await.expect(201));
        let refused = trade.step(&plain, "approve").await.expect(403);
        assert_eq!(refused.code(), "SECOND_FACTOR_NEEDED");
        assert!(refused.json()["action"].as_str().unwrap().contains("/api/v1/accounts/me/totp"));
        let (_, proven) = enrol(&test, &person).await;
        // A program with a token of the same person has no second factor, whatever its scope.
        let admin = test.member(office, "Ibu Admin", Role::Admin);
        let token = json!({ "label": "program", "scope": "write" });
        let token = admin.post(&format!("/api/v1/members/{}/tokens", person.member_id), &token).await.expect(201);
        assert_eq!(trade.step(&with_token(&test, &token), "approve").await.expect(403).code(), "PERSON_NEEDED");
        trade.step(&proven, "approve").await.expect(200);
    });
}

#[test]
fn a_lost_authenticator_is_taken_off_by_an_administrator_with_two_factors() {
    on_each_database(|test| async move {
        let office = test.organisation("DINAS", Class::Pemerintah, &[Capability::Operator]);
        let person = settled(&test, &office, "Ibu Penyetuju", Role::Approver, "081234567890").await;
        let path = format!("/api/v1/accounts/{}/codes", person.account_id);
        let body = json!({ "purpose": "second_factor_reset" });
        let admin = test.member(&office, "Ibu Admin", Role::Admin);
        assert_eq!(admin.post(&path, &body).await.expect(409).code(), "NOTHING_TO_RESET");
        let (_, session) = enrol(&test, &person).await;
        let operator = test.member(&office, "Pak Operator", Role::Operator);
        operator.post(&path, &body).await.expect(403);
        let (plain, _) = invited(&test, &office, "Admin tanpa kode", Role::Admin, "081234567892");
        let plain = test.signed_in(plain.member_id, false);
        assert_eq!(plain.post(&path, &body).await.expect(403).code(), "SECOND_FACTOR_NEEDED");
        let code = admin.post(&path, &body).await.expect(201).json()["code"].as_str().unwrap().to_owned();
        redeem(&test, &person.phone, &code, "tujuh pulau di timur").await.expect(200);
        session.get("/api/v1/me").await.expect(401);
        let again = sign_in(&test, &person.phone, "tujuh pulau di timur").await.expect(201);
        assert_eq!(again.json()["second_factor"], false);
        // A password reset alone leaves the authenticator where it is.
        let begun = with_token(&test, &again);
        let body = json!({ "password": "tujuh pulau di timur" });
        let secret = ask(&begun, "/api/v1/accounts/me/totp", &body).await.expect(201).json();
        let code = shown(&test, secret["secret"].as_str().unwrap(), 0);
        ask(&begun, "/api/v1/accounts/me/totp/confirm", &json!({ "code": code })).await.expect(201);
        let reset = admin.post(&path, &json!({ "purpose": "password_reset" })).await.expect(201).json();
        redeem(&test, &person.phone, reset["code"].as_str().unwrap(), PASSWORD).await.expect(200);
        assert_eq!(sign_in(&test, &person.phone, PASSWORD).await.expect(401).code(), "SIGN_IN_CODE_NEEDED");
    });
}

#[test]
fn secrets_outlive_their_key_and_need_it() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let person = settled(&test, &coop, "Ibu Ester", Role::Bendahara, "081234567890").await;
        let (secret, _) = enrol(&test, &person).await;
        test.clock.advance_seconds(60);
        // On PostgreSQL the tests share the key's file, which no other story renews.
        let file = tempfile::tempdir().unwrap();
        let renewed = test
            .second(|app| {
                let path = file.path().join("secret-key");
                std::fs::copy(&app.config.secret_key, &path).unwrap();
                app.vault = std::sync::Arc::new(pasok::access::vault::Vault::new(path));
            })
            .await;
        let count = pasok::access::second_factor::renew_secrets(&renewed.app, &crate::support::SYSTEM).unwrap();
        assert_eq!(count, 1);
        sign_in_with_code(&renewed, &person.phone, &shown(&test, &secret, 0)).await.expect(201);
        // Who has only the old key can no longer read them.
        test.clock.advance_seconds(60);
        sign_in_with_code(&test, &person.phone, &shown(&test, &secret, 0)).await.expect(500);
        let report = pasok::audit::verify::run(&test.app.db, &pasok::audit::verify::Kept::default()).unwrap();
        assert!(report.is_clean(), "{report}");
    });
}
