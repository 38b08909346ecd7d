//! Putting back what was just sent: for a short while, in one press, with one effect, and only by whoever sent it.

use super::needs::{demands, need, send};
use super::{field, page, submit};
use crate::support::{SYSTEM, Stage, on_each_database, player};
use pasok::parties::{Capability, Class, Role};
use serde_json::json;

#[test]
fn what_was_just_sent_is_taken_back_in_one_press_for_a_short_while() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let (buyer, place) = (&stage.buyer.client, stage.buyer.place_id.as_str());
        let lines = [("line.beras_medium", "2"), ("line.telur_ayam", "3")];
        let sent = send(buyer, place, &lines).await.expect(200).text;
        assert!(sent.contains("Urungkan") && sent.contains("Mengembalikan 2 barang"), "{sent}");
        let (key, undo) = (field(&sent, "key"), field(&sent, "undo"));
        // Somebody else's hand finds nothing to take back.
        let foreign = [("key", key.as_str()), ("undo", &undo)];
        submit(&stage.kitchen.client, "/demands/undo", &foreign).await.expect(404);
        for _ in 0..2 {
            let undone = submit(buyer, "/demands/undo", &foreign).await.expect(200).text;
            assert!(undone.contains("Sudah diurungkan") && !undone.contains("Urungkan"), "{undone}");
        }
        let states: Vec<String> = demands(buyer).await.into_iter().map(|(_, _, status)| status).collect();
        assert_eq!(states, ["withdrawn", "withdrawn"]);
        // After a while the page offers no undo any more; taking back by emptying the line stays.
        let other = player(&test, "KKMP-9", Class::Kdmp, &[Capability::Buyer], Role::Ketua);
        test.app
            .write(SYSTEM, |work| pasok::markets::service::join(work, stage.market_id, other.organisation.id))
            .unwrap();
        send(&other.client, &other.place_id, &[("line.beras_medium", "1")]).await.expect(200);
        test.clock.advance_seconds(601);
        let late = page(&other.client, "/demands?done=demands-sent").await.expect(200).text;
        assert!(late.contains("Kebutuhan tersimpan") && !late.contains("Urungkan"), "{late}");
    });
}

#[test]
fn changed_and_withdrawn_lines_are_as_they_were_after_undoing() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let (buyer, place) = (&stage.buyer.client, stage.buyer.place_id.as_str());
        let before = [need("beras_medium", "50", "open"), need("telur_ayam", "5.625", "open")];
        send(buyer, place, &[("line.beras_medium", "2"), ("line.telur_ayam", "3")]).await.expect(200);
        assert_eq!(demands(buyer).await, before);
        test.clock.advance_seconds(1);
        let changes = [("line.beras_medium", "4"), ("line.telur_ayam", ""), ("line.susu_uht_125", "6")];
        let sent = send(buyer, place, &changes).await.expect(200).text;
        assert!(sent.contains("Mengembalikan 3 barang"), "{sent}");
        let (key, undo) = (field(&sent, "key"), field(&sent, "undo"));
        let fields = [("key", key.as_str()), ("undo", &undo)];
        for _ in 0..2 {
            let undone = submit(buyer, "/demands/undo", &fields).await.expect(200).text;
            assert!(undone.contains("Sudah diurungkan") && field(&undone, "line.beras_medium") == "2", "{undone}");
        }
        let now = demands(buyer).await;
        assert_eq!(now[..2], before);
        assert_eq!((now.len(), now[2].2.as_str()), (3, "withdrawn"));
        // What was put back is not put back again, and an undoing is not undone.
        let again = [("key", "0123456789abcdef0123456789abcdef"), ("undo", undo.as_str())];
        submit(buyer, "/demands/undo", &again).await.expect(422);
        let shown = page(buyer, "/demands?done=demands-sent").await.expect(200).text;
        assert!(!shown.contains("Urungkan"), "{shown}");
        assert_eq!(demands(buyer).await[..2], before);
    });
}

#[test]
fn what_was_changed_since_is_not_put_back() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let (buyer, place) = (&stage.buyer.client, stage.buyer.place_id.as_str());
        let sent = send(buyer, place, &[("line.beras_medium", "2")]).await.expect(200).text;
        let (key, undo) = (field(&sent, "key"), field(&sent, "undo"));
        test.clock.advance_seconds(1);
        send(buyer, place, &[("line.beras_medium", "5")]).await.expect(200);
        submit(buyer, "/demands/undo", &[("key", key.as_str()), ("undo", &undo)]).await.expect(422);
        assert_eq!(demands(buyer).await, [need("beras_medium", "125", "open")]);
    });
}

#[test]
fn an_offer_just_sent_is_taken_back_in_one_press() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let seller = &stage.seller.client;
        let form = page(seller, "/offers/new?commodity=beras_medium").await.expect(200).text;
        let key = field(&form, "key");
        let fields = [
            ("key", key.as_str()),
            ("commodity", "beras_medium"),
            ("price", "13.000"),
            ("stock", "20"),
            ("unit", "karung25"),
            ("day_from", "2026-01-12"),
            ("day_to", "2026-01-18"),
            ("place", &stage.seller.place_id),
        ];
        let sent = submit(seller, "/offers/new", &fields).await.expect(200).text;
        let address = sent.split("action=\"").find(|rest| rest.starts_with("/offers/")).expect("an undo");
        let address = address.split('"').next().unwrap().to_owned();
        let (key, version) = (field(&sent, "key"), field(&sent, "version"));
        let undo = [("key", key.as_str()), ("version", &version), ("undo", "1")];
        for _ in 0..2 {
            let undone = submit(seller, &address, &undo).await.expect(200).text;
            assert!(undone.contains("sudah ditarik kembali") && !undone.contains("Urungkan"), "{undone}");
        }
        let state = async || seller.get("/api/v1/offers").await.expect(200).json()["items"][0]["status"].clone();
        assert_eq!(state().await, "withdrawn");
        // A later look at the same address offers nothing to undo.
        test.clock.advance_seconds(601);
        submit(seller, "/offers/new", &[&[("key", "0123456789abcdef0123456789abcdef")], &fields[1..]].concat())
            .await
            .expect(200);
        test.clock.advance_seconds(601);
        let late = page(seller, "/offers?done=offer-sent").await.expect(200).text;
        assert!(late.contains("Penawaran terkirim") && !late.contains("Urungkan"), "{late}");
    });
}

#[test]
fn a_withdrawn_offer_stands_again_in_one_press() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let seller = &stage.seller.client;
        let new = json!({"place": stage.seller.place_id, "commodity": "beras_medium", "price": "13000", "stock": "20",
            "unit": "karung25", "day_from": "2026-01-12", "day_to": "2026-01-18"});
        seller.post(&format!("/api/v1/markets/{}/offers", stage.market_id), &new).await.expect(201);
        let offers = async || seller.get("/api/v1/offers").await.expect(200).json()["items"][0].clone();
        let before = offers().await;
        let path = format!("/offers/{}", before["id"].as_str().unwrap());
        let form = page(seller, &path).await.expect(200).text;
        let (key, version) = (field(&form, "key"), field(&form, "version"));
        test.clock.advance_seconds(1);
        let fields = [("key", key.as_str()), ("version", &version)];
        let sent = submit(seller, &format!("{path}/withdraw"), &fields).await.expect(200).text;
        assert!(sent.contains("Penawaran ditarik") && sent.contains(&format!("{path}/restore")), "{sent}");
        assert_eq!(offers().await["status"], "withdrawn");
        let (key, version) = (field(&sent, "key"), field(&sent, "version"));
        let fields = [("key", key.as_str()), ("version", &version)];
        submit(&stage.buyer.client, &format!("{path}/restore"), &fields).await.expect(404);
        for _ in 0..2 {
            let back = submit(seller, &format!("{path}/restore"), &fields).await.expect(200).text;
            assert!(back.contains("berlaku lagi") && !back.contains("Urungkan"), "{back}");
        }
        let after = offers().await;
        for same in ["status", "price", "stock", "day_from", "day_to"] {
            assert_eq!(after[same], before[same], "{same}");
        }
    });
}
