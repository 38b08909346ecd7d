//! An assistant's cooperatives on one screen, and acting for the one that a form was opened for.

use super::{field, page, submit};
use crate::support::{Client, SYSTEM, Stage, on_each_database, player};
use pasok::parties::{Capability, Class, Role};
use reqwest::Method;
use serde_json::json;

/// A page seen with a choice made before.
async fn chosen(client: &Client, path: &str, organisation_id: i64) -> String {
    let request = client.request(Method::GET, path).header("accept", "text/html");
    client.send(request.header("cookie", format!("__Host-pasok-for={organisation_id}"))).await.expect(200).text
}

#[test]
fn an_assistant_acts_for_two_and_a_form_is_for_the_one_it_was_opened_for() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let other = player(&test, "KKMP-2", Class::Kdmp, &[Capability::Buyer], Role::Ketua);
        let helpers = test.organisation("PENDAMPING", Class::Pemerintah, &[Capability::Assistant]);
        let member_id = test.member_id(&helpers, "Ibu Pendamping", Role::Assistant);
        let assistant = test.signed_in(member_id, false);
        test.app
            .write(SYSTEM, |work| pasok::markets::service::join_many(work, stage.market_id, &[other.organisation.id]))
            .unwrap();
        assert!(page(&assistant, "/assist").await.expect(200).text.contains("Belum ada koperasi"));
        for coop in [&stage.buyer, &other] {
            let body = json!({ "assistant_id": member_id.to_string(), "scope": "enter", "days": 30 });
            coop.client.post("/api/v1/grants", &body).await.expect(201);
        }
        let list = page(&assistant, "/home").await.expect(200).text;
        assert!(list.contains("2 koperasi belum menulis kebutuhan") && list.contains("Organisasi KKMP-2"), "{list}");
        // Opened for the first, sent while the second is chosen: it is the first's.
        let sheet = chosen(&assistant, "/demands", stage.buyer.organisation.id).await;
        assert!(sheet.contains("Anda mengisi untuk <strong>Organisasi KKMP-1</strong>"), "{sheet}");
        let (key, acting_for) = (field(&sheet, "key"), field(&sheet, "acting_for"));
        let fields = [
            ("key", key.as_str()),
            ("acting_for", &acting_for),
            ("place", &stage.buyer.place_id),
            ("line.beras_medium", "2"),
        ];
        submit(&assistant, "/demands", &fields).await;
        let own = stage.buyer.client.get("/api/v1/demands").await.expect(200).json();
        assert_eq!(own["items"].as_array().unwrap().len(), 1);
        assert!(other.client.get("/api/v1/demands").await.expect(200).json()["items"].as_array().unwrap().is_empty());
        let list = page(&assistant, "/assist").await.expect(200).text;
        assert!(list.contains("1 koperasi belum menulis kebutuhan") && list.contains("1 barang terkirim"), "{list}");
        // Nobody chooses a cooperative that gave no leave; a choice that no longer holds shows the own pages again.
        let foreign = stage.kitchen.organisation.id.to_string();
        submit(&assistant, "/assist/choose", &[("organisation", &foreign)]).await.expect(403);
        assert!(!chosen(&assistant, "/help", stage.kitchen.organisation.id).await.contains("Anda mengisi untuk"));
        let forged =
            [("key", "0123456789abcdef0123456789abcdef"), ("acting_for", foreign.as_str()), ("line.beras_medium", "2")];
        submit(&assistant, "/demands", &forged).await.expect(403);
    });
}
