//! What observers read: figures with their tables, certificates to check, and the log of changes without names of people.

use super::page;
use crate::support::{Trade, on_each_database};

#[test]
fn the_log_says_what_happened_by_role_and_is_for_those_who_see_the_whole_market() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let operator = &trade.stage.operator.client;
        let log = page(operator, "/observe/log").await.expect(200).text;
        for said in [
            "Putaran dibuat",
            "Putaran diterbitkan",
            "Kebutuhan dikirim",
            "Petugas pasar",
            "disetujui → pesanan terbit",
        ] {
            assert!(log.contains(said), "{said}: {log}");
        }
        assert!(!log.contains("Pak Kepala"), "people are not named: {log}");
        let orders = page(operator, "/observe/log?subject=orders").await.expect(200).text;
        assert!(orders.contains("Pesanan") && !orders.contains("Putaran dibuat"), "{orders}");
        // Beginning before the first entry there is nothing.
        assert!(page(operator, "/observe/log?before=0").await.expect(200).text.contains("Belum ada catatan"));
        for other in [&trade.stage.buyer.client, &trade.stage.seller.client] {
            page(other, "/observe/log").await.expect(403);
        }
    });
}

#[test]
fn the_observers_page_has_prices_fairness_classes_and_certificates() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let text = page(&trade.stage.operator.client, "/observe").await.expect(200).text;
        for said in ["Harga terhadap batas", "Keadilan antarwilayah", "Siapa yang memasok", "Sertifikat"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(text.contains(&format!("/rounds/{}/paket.json", trade.id())), "{text}");
        assert!(text.contains(&trade.stage.kitchen.organisation.name), "who is served least is named: {text}");
    });
}
