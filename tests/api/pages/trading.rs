//! A supplier offers and answers by page.

use super::{field, page, submit};
use crate::support::{Stage, Trade, on_each_database};

#[test]
fn one_screen_makes_an_offer_and_a_price_above_the_ceiling_keeps_the_form() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let seller = &stage.seller.client;
        assert!(page(seller, "/offers").await.expect(200).text.contains("Belum ada penawaran"));
        let form = page(seller, "/offers/new?commodity=beras_medium").await.expect(200).text;
        assert!(form.contains("Paling tinggi Rp\u{a0}14.000") && field(&form, "place") == stage.seller.place_id);
        let offer = async |key: &str, price: &str, stock: &str| {
            let fields = [
                ("key", key),
                ("commodity", "beras_medium"),
                ("price", price),
                ("stock", stock),
                ("unit", "karung25"),
                ("day_from", "2026-01-12"),
                ("day_to", "2026-01-18"),
                ("place", &stage.seller.place_id),
                ("included", "1"),
            ];
            submit(seller, "/offers/new", &fields).await
        };
        let refused = offer(&field(&form, "key"), "14.500", "nol").await.expect(422).text;
        for kept in [
            "value=\"14.500\"",
            "value=\"nol\"",
            "id=\"problem-price\"",
            "id=\"problem-stock\"",
            "name=\"included\" value=\"1\" checked",
        ] {
            assert!(refused.contains(kept), "{kept}: {refused}");
        }
        let key = field(&refused, "key");
        for _ in 0..2 {
            let sent = offer(&key, "13.250,5", "20").await.expect(200).text;
            assert!(sent.contains("Penawaran terkirim") && sent.contains("Urungkan"), "{sent}");
        }
        let items = seller.get("/api/v1/offers").await.expect(200).json()["items"].clone();
        assert_eq!(items.as_array().unwrap().len(), 1);
        assert_eq!((&items[0]["price"], &items[0]["stock"]), (&"13250.5".into(), &"500".into()));
        change_and_withdraw(seller, items[0]["id"].as_str().unwrap()).await;
    });
}

async fn change_and_withdraw(seller: &crate::support::Client, id: &str) {
    let path = format!("/offers/{id}");
    let form = page(seller, &path).await.expect(200).text;
    assert_eq!(field(&form, "stock"), "20", "in sacks, as it was entered");
    let (key, version) = (field(&form, "key"), field(&form, "version"));
    let fields = [("key", key.as_str()), ("version", &version), ("price", "13.000"), ("stock", "10")];
    submit(seller, &path, &fields).await.expect(200);
    // The first page is old now; sending it again under another key is refused and says so.
    let key = "0123456789abcdef0123456789abcdef";
    let stale = [("key", key), ("version", &version), ("price", "12.500"), ("stock", "10")];
    submit(seller, &path, &stale).await.expect(422);
    let form = page(seller, &path).await.expect(200).text;
    assert_eq!(field(&form, "price"), "13.000");
    let (key, version) = (field(&form, "key"), field(&form, "version"));
    let done = submit(seller, &format!("{path}/withdraw"), &[("key", &key), ("version", &version)]).await.expect(200);
    assert!(done.text.contains("Penawaran ditarik") && done.text.contains(">ditarik<"));
}

#[test]
fn an_order_is_answered_once_and_both_sides_see_it() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let (seller, buyer) = (&trade.stage.seller.client, &trade.stage.buyer.client);
        let home = page(seller, "/home").await.expect(200).text;
        assert!(home.contains("Lihat dan jawab") && home.contains("PO-2026-000001"), "{home}");
        let orders = seller.get("/api/v1/orders").await.expect(200).json()["items"].clone();
        let ids: Vec<String> =
            orders.as_array().unwrap().iter().map(|o| o["id"].as_str().unwrap().to_owned()).collect();
        let [first, second] = [&ids[0], &ids[1]].map(|id| format!("/orders/{id}"));
        let shown = page(seller, &first).await.expect(200).text;
        assert!(shown.contains("Sanggup, saya antar") && shown.contains("rupiah)"), "{shown}");
        let (key, version) = (field(&shown, "key"), field(&shown, "version"));
        let answer = format!("{first}/answer");
        let no_reason = [("key", key.as_str()), ("version", &version), ("answer", "reject")];
        assert!(submit(seller, &answer, &no_reason).await.expect(422).text.contains("Pilih satu alasan"));
        let accept = [("key", key.as_str()), ("version", &version), ("answer", "accept")];
        for _ in 0..2 {
            assert!(submit(seller, &answer, &accept).await.expect(200).text.contains("Pesanan Anda terima"));
        }
        let shown = page(seller, &second).await.expect(200).text;
        let (key, version) = (field(&shown, "key"), field(&shown, "version"));
        let reject = [
            ("key", key.as_str()),
            ("version", &version),
            ("answer", "reject"),
            ("reason", "OTHER"),
            ("note", "Truk rusak"),
        ];
        let rejected = submit(seller, &format!("{second}/answer"), &reject).await.expect(200).text;
        assert!(rejected.contains("Truk rusak") && !rejected.contains("Sanggup, saya antar"));
        // A buyer reads an order and cannot answer it; a stranger finds none.
        let theirs = page(buyer, "/orders").await.expect(200).text;
        assert!(theirs.contains("Pesanan Anda") && !theirs.contains("Sanggup"));
        page(&trade.stage.operator.client, "/orders").await.expect(200);
        page(
            &test.member(
                &test.organisation("LAIN", pasok::parties::Class::Mikro, &[]),
                "X",
                pasok::parties::Role::Seller,
            ),
            &first,
        )
        .await
        .expect(404);
    });
}

#[test]
fn an_order_is_accepted_in_part_by_page_and_the_buyer_sees_what_is_missing_and_why() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let (seller, buyer) = (&trade.stage.seller.client, &trade.stage.buyer.client);
        let orders = buyer.get("/api/v1/orders").await.expect(200).json()["items"].clone();
        let path = format!("/orders/{}", orders[0]["id"].as_str().unwrap());
        let shown = page(seller, &path).await.expect(200).text;
        assert_eq!(field(&shown, "part.1"), "40", "what was ordered stands there to be lowered");
        let (key, version) = (field(&shown, "key"), field(&shown, "version"));
        let send = async |amount: &str, reason: &str| {
            let fields = [
                ("key", key.as_str()),
                ("version", &version),
                ("answer", "part"),
                ("part.1", amount),
                ("part_reason", reason),
            ];
            submit(seller, &format!("{path}/answer"), &fields).await
        };
        let same = send("40", "OUT_OF_STOCK").await.expect(422).text;
        assert!(same.contains("Semua jumlah masih sama"), "{same}");
        let wrong = send("12,5", "").await.expect(422).text;
        assert!(wrong.contains("Pilih satu alasan") && field(&wrong, "part.1") == "12,5", "{wrong}");
        let wrong = send("12,5", "OUT_OF_STOCK").await.expect(422).text;
        assert!(wrong.contains("id=\"problem-part.1\"") && wrong.contains("bukan kemasan utuh"), "{wrong}");
        for _ in 0..2 {
            let done = send("30", "OUT_OF_STOCK").await.expect(200).text;
            assert!(done.contains("Sebagian pesanan Anda terima") && !done.contains("Sanggup, saya antar"), "{done}");
        }
        let theirs = page(buyer, &path).await.expect(200).text;
        for said in
            ["kurang 10\u{a0}kg", "Barang habis", "Rp\u{a0}397.515", "diterima sebagian", "<strong>30\u{a0}kg</strong>"]
        {
            assert!(theirs.contains(said), "{said}: {theirs}");
        }
        let home = page(buyer, "/home").await.expect(200).text;
        assert!(home.contains("hanya sanggup sebagian") && home.contains("30\u{a0}kg"), "{home}");
        assert!(page(buyer, "/orders").await.expect(200).text.contains("397.515"));
    });
}
