//! The home of an office: what waits for a step of this person, what is under way, what is late.

use super::page;
use crate::seal::sale::Sale;
use crate::support::{Trade, on_each_database};

#[test]
fn an_operator_sees_what_is_under_way_then_what_to_do_then_what_is_late() {
    on_each_database(|test| async move {
        let trade = Trade::open(&test).await;
        let operator = &trade.stage.operator.client;
        let cockpit = format!("/operate/rounds/{}", trade.id());
        let home = page(operator, "/home").await.expect(200).text;
        assert!(home.contains("Tidak ada yang menunggu Anda") && home.contains(&cockpit), "{home}");
        assert!(home.contains("Ditutup Jumat 9 Januari 2026"), "{home}");
        // Past its closing time the round waits for the operator; past its first delivery day it is late.
        test.clock.advance_seconds(10 * 24 * 3600);
        let home = page(operator, "/home").await.expect(200).text;
        assert!(home.contains("Tutup putaran") && home.contains("lewat waktu tutup"), "{home}");
        assert!(!home.contains("Tidak ada yang menunggu Anda"), "{home}");
        let due = page(operator, &cockpit).await.expect(200).text;
        assert!(due.contains("Waktu tutup sudah lewat") && !due.contains("Tutup lebih awal"), "{due}");
    });
}

#[test]
fn orders_without_an_answer_are_late_for_the_office_with_whom_to_telephone() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let operator = &trade.stage.operator.client;
        let late = "belum dijawab pemasok lebih dari sehari";
        assert!(!page(operator, "/home").await.expect(200).text.contains(late));
        test.clock.advance_seconds(25 * 3600);
        let home = page(operator, "/home").await.expect(200).text;
        assert!(home.contains(late) && home.contains(&trade.stage.seller.organisation.name), "{home}");
    });
}

#[test]
fn a_draft_of_a_call_waits_for_its_operator_and_nobody_else_hears_of_it() {
    on_each_database(|test| async move {
        let sale = Sale::draft(&test).await;
        let address = format!("/operate/calls/{}", sale.call_id);
        let operator = test.signed_in(sale.caller.member_id, true);
        let home = page(&operator, "/home").await.expect(200).text;
        assert!(home.contains("Lengkapi lelang") && home.contains(&address), "{home}");
        for client in [&sale.trade.stage.buyer.client, &sale.trade.stage.seller.client, &sale.bidders[0].client] {
            let home = page(client, "/home").await.expect(200).text;
            assert!(!home.contains(&address) && !home.contains("Lengkapi lelang"), "{home}");
        }
    });
}
