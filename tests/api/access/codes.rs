//! Codes that are handed over: invitations, new passwords, lost authenticators; and `pasok admin create`.

use super::{PASSWORD, invited, redeem, settled, sign_in, with_token};
use crate::support::{database_urls, fresh_key, on_each_database};
use pasok::parties::{Capability, Class, Role};
use serde_json::json;
use std::process::Command;

#[test]
fn an_invitation_works_once_with_the_right_number_and_for_three_days() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let (_, code) = invited(&test, &coop, "Ibu Ester", Role::Usaha, "081234567890");
        let (_, other) = invited(&test, &coop, "Pak Daniel", Role::Gudang, "081234567891");
        sign_in(&test, "081234567890", PASSWORD).await.expect(401);
        assert_eq!(redeem(&test, "081234567890", &other, PASSWORD).await.expect(401).code(), "CODE_REFUSED");
        // A weak password does not use the code up.
        redeem(&test, "081234567890", &code, "pendek").await.expect(422);
        let spoken = code.to_lowercase().replace('-', " ");
        assert_eq!(redeem(&test, "081234567890", &spoken, PASSWORD).await.expect(200).json()["purpose"], "invitation");
        redeem(&test, "081234567890", &code, PASSWORD).await.expect(401);
        sign_in(&test, "081234567890", PASSWORD).await.expect(201);
        test.clock.advance_seconds(3 * 24 * 3600);
        assert_eq!(redeem(&test, "081234567891", &other, PASSWORD).await.expect(401).code(), "CODE_REFUSED");
    });
}

#[test]
fn a_reset_code_ends_every_session_and_the_codes_before_it() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let chair = test.member(&coop, "Bapak Ketua", Role::Ketua);
        let person = settled(&test, &coop, "Ibu Ester", Role::Usaha, "081234567890").await;
        let session = with_token(&test, &sign_in(&test, "081234567890", PASSWORD).await.expect(201));
        let path = format!("/api/v1/accounts/{}/codes", person.account_id);
        let again = json!({ "purpose": "invitation" });
        assert_eq!(chair.post(&path, &again).await.expect(409).code(), "INVITED_ALREADY");
        let reset = json!({ "purpose": "password_reset" });
        let first = chair.post(&path, &reset).await.expect(201).json();
        let key = fresh_key();
        let second = chair.post_with_key(&path, &reset, &key).await.expect(201);
        assert_eq!(second.header("cache-control"), "no-store");
        // A retry has no second effect, and the code is shown to nobody again.
        assert_eq!(chair.post_with_key(&path, &reset, &key).await.expect(409).code(), "SECRET_SHOWN_ONCE");
        let second = second.json();
        redeem(&test, "081234567890", first["code"].as_str().unwrap(), "tujuh pulau di timur").await.expect(401);
        session.get("/api/v1/me").await.expect(200);
        redeem(&test, "081234567890", second["code"].as_str().unwrap(), "tujuh pulau di timur").await.expect(200);
        session.get("/api/v1/me").await.expect(401);
        sign_in(&test, "081234567890", PASSWORD).await.expect(401);
        sign_in(&test, "081234567890", "tujuh pulau di timur").await.expect(201);
    });
}

#[test]
fn only_those_who_look_after_a_person_hand_over_codes() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let other = test.organisation("KKMP-2", Class::Kdmp, &[Capability::Buyer]);
        let dinas = test.organisation("DINAS", Class::Pemerintah, &[Capability::Operator]);
        let (person, _) = invited(&test, &coop, "Ibu Ester", Role::Usaha, "081234567890");
        let (chair, _) = invited(&test, &coop, "Bapak Ketua", Role::Ketua, "081234567891");
        let path = |id: i64| format!("/api/v1/accounts/{id}/codes");
        let body = json!({ "purpose": "invitation" });
        let operator = test.member(&dinas, "Ibu Operator", Role::Operator);
        // An operator looks after the members of its markets, and after nobody else.
        operator.post(&path(person.account_id), &body).await.expect(404);
        super::look_after(&test, &dinas, &[coop.id]);
        operator.post(&path(person.account_id), &body).await.expect(201);
        for (who, status) in [
            (test.member(&other, "Ketua lain", Role::Ketua), 404),
            (test.member(&coop, "Orang gudang", Role::Gudang), 403),
            (test.member(&coop, "Pengawas", Role::Pengawas), 403),
        ] {
            who.post(&path(person.account_id), &body).await.expect(status);
        }
        // Not to oneself, and to a guarded role only with a second factor.
        let own = test.signed_in(chair.member_id, true);
        assert_eq!(own.post(&path(chair.account_id), &body).await.expect(409).code(), "CODE_FOR_SELF");
        let once = test.signed_in(
            test.app
                .write(crate::support::SYSTEM, |work| {
                    pasok::parties::service::add_member(work, dinas.id, "Tanpa kode", Role::Operator)
                })
                .unwrap()
                .id,
            false,
        );
        once.post(&path(person.account_id), &body).await.expect(201);
        assert_eq!(once.post(&path(chair.account_id), &body).await.expect(403).code(), "SECOND_FACTOR_NEEDED");
        operator.post(&path(chair.account_id), &body).await.expect(201);
        operator.post(&path(12_345), &body).await.expect(404);
    });
}

#[test]
fn the_first_administrator_is_created_once_however_often_it_is_asked() {
    database_urls(|url| {
        let create = || {
            let output = Command::new(env!("CARGO_BIN_EXE_pasok"))
                .args(["admin", "create", "--database", url, "--organisation", "Dinas", "--member", "Ibu Maria"])
                .args(["--phone", "0811-1111-1111"])
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        let (first, second) = (create(), create());
        assert_eq!((first.len(), second.len()), (19, 19));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let config = pasok::config::Config::for_database(url.parse().unwrap());
            let test = crate::support::TestApp::start_with(config).await;
            // The program used the machine's clock, not the test's.
            test.clock.set(pasok::values::Clock::now(&pasok::values::time::SystemClock));
            redeem(&test, "081111111111", &first, PASSWORD).await.expect(401);
            redeem(&test, "081111111111", &second, PASSWORD).await.expect(200);
            let admin = with_token(&test, &sign_in(&test, "081111111111", PASSWORD).await.expect(201));
            assert_eq!(admin.get("/api/v1/me").await.expect(200).json()["role"], "admin");
        });
        assert_eq!(create(), "", "a person with a password gets no invitation");
        let wrong = Command::new(env!("CARGO_BIN_EXE_pasok"))
            .args(["admin", "create", "--database", url, "--organisation", "D", "--member", "M", "--phone", "x"])
            .output()
            .unwrap();
        assert_eq!(wrong.status.code(), Some(2));
    });
}
