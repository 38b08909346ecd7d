//! People of an organisation: who adds, sees and changes them, and what ends with a role.

use super::{PASSWORD, settled, sign_in, with_token};
use crate::support::{SYSTEM, on_each_database};
use pasok::parties::{Capability, Class, Role};
use reqwest::Method;
use serde_json::json;

#[test]
fn a_chair_looks_after_its_own_people_and_no_others() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let other = test.organisation("KKMP-2", Class::Kdmp, &[Capability::Buyer]);
        let chair = test.member(&coop, "Bapak Ketua", Role::Ketua);
        let path = |id: i64| format!("/api/v1/organisations/{id}/members");
        let person =
            json!({ "name": "Ibu Ester", "role": "usaha", "phone": "0812 3456 7890", "email": "Ester@contoh.id" });
        let added = chair.post(&path(coop.id), &person).await.expect(201);
        assert_eq!(chair.get(added.header("location")).await.expect(200).text, added.text);
        assert_eq!(chair.post(&path(coop.id), &person).await.expect(409).code(), "CONTACT_TAKEN");
        chair.post(&path(other.id), &person).await.expect(404);
        chair.get(&path(other.id)).await.expect(404);
        let wrong = json!({ "name": "", "role": "raja", "phone": "12", "email": "x" });
        assert_eq!(
            chair.post(&path(coop.id), &wrong).await.expect(422).field_codes(),
            ["/email NOT_AN_EMAIL", "/name REQUIRED", "/phone NOT_A_PHONE", "/role UNKNOWN_CHOICE"]
        );
        // A market's roles are not for a cooperative.
        let approver = json!({ "name": "Ibu Ester", "role": "approver" });
        assert_eq!(chair.post(&path(coop.id), &approver).await.expect(409).code(), "ROLE_DOES_NOT_FIT");
        // A number that is known elsewhere: the chair is told that it is taken, and no more; an operator joins the two.
        let elsewhere = test.member(&other, "Ketua lain", Role::Ketua);
        let same = json!({ "name": "Ester", "role": "gudang", "phone": "+6281234567890" });
        assert_eq!(elsewhere.post(&path(other.id), &same).await.expect(409).code(), "CONTACT_TAKEN");
        let dinas = test.organisation("DINAS", Class::Pemerintah, &[Capability::Operator]);
        let operator = test.member(&dinas, "Ibu Operator", Role::Operator);
        operator.post(&path(other.id), &same).await.expect(404);
        super::look_after(&test, &dinas, &[other.id]);
        let joined = operator.post(&path(other.id), &same).await.expect(201);
        assert_eq!(joined.json()["account_id"], added.json()["account_id"]);
    });
}

#[test]
fn contacts_are_masked_for_everybody_else() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let chair = test.member(&coop, "Bapak Ketua", Role::Ketua);
        let path = format!("/api/v1/organisations/{}/members", coop.id);
        let person =
            json!({ "name": "Ibu Ester", "role": "usaha", "phone": "081234567890", "email": "ester@contoh.id" });
        chair.post(&path, &person).await.expect(201);
        let seen = |text: &str| (text.contains("+6281234567890"), text.contains("ester@contoh.id"));
        assert_eq!(seen(&chair.get(&path).await.expect(200).text), (true, true));
        for role in [Role::Usaha, Role::Gudang, Role::Bendahara, Role::Pengawas, Role::Observer] {
            let name = format!("Orang {role}");
            let text = test.member(&coop, &name, role).get(&path).await.expect(200).text;
            assert_eq!(seen(&text), (false, false), "{role}");
            assert!(text.contains("+6281…890") && text.contains("e…@contoh.id"), "{text}");
        }
    });
}

#[test]
fn guarded_roles_are_given_and_taken_only_with_a_second_factor() {
    on_each_database(|test| async move {
        let office = test.organisation("DINAS", Class::Pemerintah, &[Capability::Operator]);
        let plain = test.signed_in(test.member_id(&office, "Tanpa kode", Role::Operator), false);
        let proven = test.signed_in(test.member_id(&office, "Dengan kode", Role::Operator), true);
        let path = format!("/api/v1/organisations/{}/members", office.id);
        for role in ["ketua", "bendahara", "approver", "opening_officer", "admin"] {
            let person = json!({ "name": format!("Orang {role}"), "role": role });
            assert_eq!(plain.post(&path, &person).await.expect(403).code(), "SECOND_FACTOR_NEEDED");
            let added = proven.post(&path, &person).await.expect(201);
            let leave = format!("{}/leave", added.header("location"));
            let reason = json!({ "reason": "selesai" });
            plain.change(Method::POST, &leave, "\"1\"", &reason).await.expect(403);
            proven.change(Method::POST, &leave, "\"1\"", &reason).await.expect(200);
        }
        plain.post(&path, &json!({ "name": "Petugas", "role": "operator" })).await.expect(201);
        let own = proven.get("/api/v1/me").await.expect(200).json()["member_id"].as_str().unwrap().to_owned();
        let body = json!({ "role": "admin", "reason": "naik pangkat" });
        let refused = proven.change(Method::POST, &format!("/api/v1/members/{own}/role"), "\"1\"", &body).await;
        assert_eq!(refused.expect(409).code(), "OWN_ROLE");
    });
}

#[test]
fn sessions_and_tokens_end_with_the_role() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let chair = test.member(&coop, "Bapak Ketua", Role::Ketua);
        let person = settled(&test, &coop, "Ibu Ester", Role::Usaha, "081234567890").await;
        let member = format!("/api/v1/members/{}", person.member_id);
        let token = json!({ "label": "timbangan", "scope": "write" });
        let token = with_token(&test, &chair.post(&format!("{member}/tokens"), &token).await.expect(201));
        let session = with_token(&test, &sign_in(&test, "081234567890", PASSWORD).await.expect(201));
        token.get("/api/v1/me").await.expect(200);
        let change = json!({ "role": "gudang", "reason": "pindah tugas" });
        let path = format!("{member}/role");
        assert_eq!(chair.change(Method::POST, &path, "\"9\"", &change).await.expect(412).code(), "VERSION_STALE");
        let changed = chair.change(Method::POST, &path, "\"1\"", &change).await.expect(200);
        assert_eq!((changed.header("etag"), &changed.json()["role"]), ("\"2\"", &json!("gudang")));
        session.get("/api/v1/me").await.expect(401);
        token.get("/api/v1/me").await.expect(401);
        let again = with_token(&test, &sign_in(&test, "081234567890", PASSWORD).await.expect(201));
        assert_eq!(again.get("/api/v1/me").await.expect(200).json()["role"], "gudang");
        let reason = json!({ "reason": "berhenti" });
        chair.change(Method::POST, &format!("{member}/leave"), "\"2\"", &reason).await.expect(200);
        again.get("/api/v1/me").await.expect(401);
        assert_eq!(sign_in(&test, "081234567890", PASSWORD).await.expect(403).code(), "NO_ROLE");
        // Coming back is the same person in the same place.
        let back = test
            .app
            .write(SYSTEM, |work| pasok::parties::service::add_member(work, coop.id, "ibu ester", Role::Gudang));
        assert_eq!(back.unwrap().id, person.member_id);
    });
}

#[test]
fn changing_a_number_ends_the_sessions_and_needs_the_version() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let chair = test.member(&coop, "Bapak Ketua", Role::Ketua);
        let person = settled(&test, &coop, "Ibu Ester", Role::Usaha, "081234567890").await;
        settled(&test, &coop, "Pak Daniel", Role::Gudang, "081234567891").await;
        let session = with_token(&test, &sign_in(&test, "081234567890", PASSWORD).await.expect(201));
        let path = format!("/api/v1/accounts/{}/contact", person.account_id);
        let change = |version: &'static str, phone: &'static str| {
            let body = json!({ "phone": phone, "reason": "ganti kartu" });
            let (chair, path) = (chair.clone(), path.clone());
            async move { chair.change(Method::PUT, &path, version, &body).await }
        };
        change("\"9\"", "081234567899").await.expect(412);
        assert_eq!(change("\"1\"", "0812 3456 7891").await.expect(409).code(), "CONTACT_TAKEN");
        let changed = change("\"1\"", "081234567899").await.expect(200);
        assert_eq!((changed.header("etag"), &changed.json()["phone"]), ("\"2\"", &json!("+6281234567899")));
        session.get("/api/v1/me").await.expect(401);
        sign_in(&test, "081234567890", PASSWORD).await.expect(401);
        sign_in(&test, "081234567899", PASSWORD).await.expect(201);
        // Nobody changes their own through this, nor a stranger's.
        let stranger = test.member(&test.organisation("X", Class::Kdmp, &[Capability::Buyer]), "K", Role::Ketua);
        let body = json!({ "phone": "081200000000", "reason": "coba" });
        stranger.change(Method::PUT, &path, "\"2\"", &body).await.expect(404);
    });
}
