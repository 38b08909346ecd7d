//! Sessions: cookies, ends, rotation.

use super::{PASSWORD, post, settled, sign_in, with_token};
use crate::support::{SYSTEM, TestApp, database_urls, on_each_database};
use pasok::config::Config;
use pasok::parties::{Capability, Class, Role};
use reqwest::Method;
use serde_json::json;

#[test]
fn a_browser_gets_a_cookie_that_scripts_cannot_read_and_no_token() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        settled(&test, &coop, "Ibu Ester", Role::Usaha, "081234567890").await;
        let body = json!({ "login": "081234567890", "password": PASSWORD, "carrier": "cookie" });
        let answer = post(&test, "/api/v1/sessions", &body).await.expect(201);
        assert!(answer.json()["token"].is_null());
        let cookie = answer.header("set-cookie").to_owned();
        let (pair, flags) = cookie.split_once("; ").unwrap();
        assert!(pair.starts_with("__Host-pasok=pss_"), "{pair}");
        assert_eq!(flags, "Path=/; Secure; HttpOnly; SameSite=Lax");
        let browser = test.anyone();
        let send = |method: Method, path: &'static str| {
            let request = browser.request(method, path).header("cookie", pair);
            browser.send(request.header("sec-fetch-site", "same-origin"))
        };
        send(Method::GET, "/api/v1/me").await.expect(200);
        let out = send(Method::DELETE, "/api/v1/sessions/current").await.expect(200);
        assert_eq!(out.header("set-cookie"), "__Host-pasok=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
        assert_eq!(send(Method::GET, "/api/v1/me").await.expect(401).code(), "SIGN_IN_NEEDED");
        // What is stored is not what is carried.
        let found = test.app.read(SYSTEM, |connection, _| {
            use diesel::prelude::*;
            use pasok::db::schema::sessions;
            Ok(sessions::table.select(sessions::token_hash).load::<String>(connection)?)
        });
        let secret = pair.trim_start_matches("__Host-pasok=");
        assert!(found.unwrap().iter().all(|hash| hash.len() == 64 && !hash.contains(secret)));
    });
}

#[test]
fn a_session_ends_half_an_hour_after_its_last_use_and_ten_hours_after_the_sign_in() {
    database_urls(|url| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let test = TestApp::start_with(Config::for_database(url.parse().unwrap())).await;
            let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
            let member = test
                .app
                .write(SYSTEM, |work| pasok::parties::service::add_member(work, coop.id, "Ibu Ester", Role::Usaha));
            let member_id = member.unwrap().id;
            let idle = test.signed_in(member_id, false);
            test.clock.advance_seconds(30 * 60 - 1);
            idle.get("/api/v1/me").await.expect(200);
            test.clock.advance_seconds(30 * 60 - 1);
            idle.get("/api/v1/me").await.expect(200);
            test.clock.advance_seconds(30 * 60);
            idle.get("/api/v1/me").await.expect(401);
            let busy = test.signed_in(member_id, false);
            for _ in 0..(10 * 3 - 1) {
                test.clock.advance_seconds(20 * 60);
                busy.get("/api/v1/me").await.expect(200);
            }
            test.clock.advance_seconds(20 * 60 - 1);
            busy.get("/api/v1/me").await.expect(200);
            test.clock.advance_seconds(1);
            busy.get("/api/v1/me").await.expect(401);
        });
    });
}

#[test]
fn a_person_sees_and_ends_their_own_sessions_and_nobody_elses() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        settled(&test, &coop, "Ibu Ester", Role::Usaha, "081234567890").await;
        let phone = with_token(&test, &sign_in(&test, "081234567890", PASSWORD).await.expect(201));
        let laptop = with_token(&test, &sign_in(&test, "081234567890", PASSWORD).await.expect(201));
        let listed = phone.get("/api/v1/sessions").await.expect(200).json();
        let items = listed["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        let other = items.iter().find(|item| item["current"] == false).unwrap();
        let path = format!("/api/v1/sessions/{}", other["id"].as_str().unwrap());
        let stranger = test.member(&coop, "Orang lain", Role::Gudang);
        stranger.delete(&path).await.expect(404);
        laptop.get("/api/v1/me").await.expect(200);
        phone.delete(&path).await.expect(200);
        laptop.get("/api/v1/me").await.expect(401);
        phone.delete(&path).await.expect(404);
        assert_eq!(phone.get("/api/v1/sessions").await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn acting_in_another_role_gives_the_session_a_new_secret() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        settled(&test, &coop, "Ibu Ester", Role::Usaha, "081234567890").await;
        let second = test
            .app
            .write(SYSTEM, |work| pasok::parties::service::add_member(work, coop.id, "ibu ester", Role::Gudang));
        let first = with_token(&test, &sign_in(&test, "081234567890", PASSWORD).await.expect(201));
        let switch = |who: crate::support::Client, id: i64| async move {
            let request = who.request(Method::POST, "/api/v1/sessions/current/member");
            who.send(request.json(&json!({ "member_id": id.to_string() }))).await
        };
        let stranger = test
            .app
            .write(SYSTEM, |work| pasok::parties::service::add_member(work, coop.id, "Orang lain", Role::Ketua));
        assert_eq!(switch(first.clone(), stranger.unwrap().id).await.expect(403).code(), "NO_ROLE");
        let answer = switch(first.clone(), second.unwrap().id).await.expect(201);
        let now = with_token(&test, &answer);
        assert_eq!(now.get("/api/v1/me").await.expect(200).json()["role"], "gudang");
        first.get("/api/v1/me").await.expect(401);
    });
}

#[test]
fn another_password_ends_every_other_session_and_keeps_the_rules() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        settled(&test, &coop, "Ibu Ester", Role::Usaha, "081234567890").await;
        let old = sign_in(&test, "081234567890", PASSWORD).await.expect(201);
        let elsewhere = with_token(&test, &sign_in(&test, "081234567890", PASSWORD).await.expect(201));
        let here = with_token(&test, &old);
        let change = |current: &str, new: &str| {
            let request = here.request(Method::POST, "/api/v1/accounts/me/password");
            here.send(request.json(&json!({ "current": current, "new": new })))
        };
        assert_eq!(change("salah", "tujuh pulau di timur").await.expect(401).code(), "SIGN_IN_REFUSED");
        for (weak, code) in [
            ("pendek", "PASSWORD_TOO_SHORT"),
            ("KoperasiMerahPutih2026", "PASSWORD_COMMON"),
            ("ester 081234567890", "PASSWORD_ABOUT_OWNER"),
            ("organisasi kkmp", "PASSWORD_ABOUT_OWNER"),
        ] {
            assert_eq!(change(PASSWORD, weak).await.expect(422).field_codes(), [format!("/new {code}")]);
        }
        let renewed = with_token(&test, &change(PASSWORD, "tujuh pulau di timur").await.expect(201));
        renewed.get("/api/v1/me").await.expect(200);
        here.get("/api/v1/me").await.expect(401);
        elsewhere.get("/api/v1/me").await.expect(401);
        sign_in(&test, "081234567890", PASSWORD).await.expect(401);
        sign_in(&test, "081234567890", "tujuh pulau di timur").await.expect(201);
    });
}
