//! The invariant checker: clean on what the product writes, and each invariant named once it is broken by hand.

use crate::support::{TestApp, Trade, on_each_database};
use diesel::connection::SimpleConnection;
use pasok::check;

/// Tables that refuse changes until somebody takes their guards away.
const GUARDED: [&str; 6] =
    ["awards", "shortages", "order_lines", "order_shortfalls", "round_snapshots", "audit_entries"];

/// Changes the database behind the product's back, guards off.
fn vandalise(test: &TestApp, sql: &str) {
    let url = test.app.db.url().clone();
    match url {
        pasok::db::DatabaseUrl::Sqlite(path) => {
            use diesel::Connection;
            let mut connection = diesel::SqliteConnection::establish(&path.to_string_lossy()).unwrap();
            let drops = GUARDED.map(|table| {
                format!("DROP TRIGGER IF EXISTS {table}_no_update; DROP TRIGGER IF EXISTS {table}_no_delete;")
            });
            let drops = drops.concat();
            let sql = format!(
                "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {drops} {sql}"
            );
            connection.batch_execute(&sql).unwrap();
        }
        pasok::db::DatabaseUrl::Postgres(_) => {
            let guards = GUARDED.map(|table| format!("ALTER TABLE {table} DISABLE TRIGGER USER;")).concat();
            crate::support::as_owner(test, &format!("{guards} {sql}"));
        }
    }
}

/// Publishes a round, breaks it with `sql` (SQLite only where the engine of PostgreSQL would not let it happen), and
/// expects the invariant to be named.
fn breaks(invariant: &'static str, sql: &'static str) {
    on_each_database(|test| async move {
        Trade::published(&test).await;
        let clean = check::run(&test.app.db).unwrap();
        assert!(clean.is_clean(), "{clean}");
        vandalise(&test, sql);
        let report = check::run(&test.app.db).unwrap();
        assert!(report.names(invariant), "{invariant} is not named by:\n{report}");
    });
}

#[test]
fn i1_an_offer_awarded_beyond_its_stock() {
    breaks("I1", "UPDATE offers SET stock = 50000, reserved = 50000");
}

#[test]
fn i2_a_reservation_that_no_order_holds() {
    breaks("I2", "UPDATE offers SET reserved = reserved + 1");
}

#[test]
fn i2_a_reservation_that_no_movement_made() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let (id, market) = (trade.id(), trade.stage.market_id);
        // A movement nobody made: the counter and the orders still agree with one another.
        let forged = format!(
            "INSERT INTO stock_movements (id, market_id, offer_id, seller_id, cause, cause_id, quantity, at) \
             SELECT {id}, {market}, MIN(id), MIN(seller_id), 'order', {id}, -1, 1 FROM offers"
        );
        vandalise(&test, &forged);
        let report = check::run(&test.app.db).unwrap();
        let found = report.violations.iter().find(|found| found.invariant == "I2").expect("I2 is named");
        assert!(found.what.contains("movements sum to"), "{report}");
    });
}

#[test]
fn i3_a_demand_that_gets_too_much() {
    breaks("I3", "UPDATE demands SET quantity = 1000, accept_up_to = 1000");
}

#[test]
fn i4_grams_that_are_neither_awarded_nor_short() {
    breaks("I4", "UPDATE shortages SET quantity = quantity - 1");
}

#[test]
fn i5_a_broken_pack() {
    breaks("I5", "UPDATE awards SET quantity = quantity - 1");
}

#[test]
fn i6_an_award_outside_the_window() {
    breaks("I6", "UPDATE awards SET day = '2026-02-01'");
}

#[test]
fn i7_a_line_that_says_something_else_than_its_award() {
    breaks("I7", "UPDATE order_lines SET quantity = quantity + 1000");
}

#[test]
fn i7_an_award_without_a_line() {
    breaks("I7", "DELETE FROM order_lines WHERE line_number = 1");
}

#[test]
fn i8_another_price_than_the_frozen_one() {
    breaks("I8", "UPDATE awards SET price_e4 = price_e4 + 1");
}

#[test]
fn i9_a_rupiah_too_much() {
    breaks("I9", "UPDATE awards SET goods_idr = goods_idr + 1");
}

#[test]
fn i10_a_total_that_does_not_add_up() {
    breaks("I10", "UPDATE orders SET goods_idr = goods_idr + 1, total_idr = total_idr + 1");
}

#[test]
fn i11_a_rebate_that_no_tier_gave() {
    breaks("I11", "UPDATE awards SET rebate_idr = 1, goods_idr = goods_idr - 1");
}

#[test]
fn i11_a_fee_that_nobody_charges() {
    breaks("I11", "UPDATE awards SET fee_idr = 1, freight_idr = freight_idr + 1");
}

#[test]
fn n3_a_part_that_takes_off_too_little_or_belongs_to_no_part() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let seller = &trade.stage.seller.client;
        let orders = seller.get("/api/v1/orders").await.expect(200).json();
        let part = format!("/api/v1/orders/{}/accept-part", orders["items"][0]["id"].as_str().unwrap());
        let said = serde_json::json!({ "lines": [{ "line_number": 1, "accepted": "10", "reason": "QUALITY" }] });
        seller.change(reqwest::Method::POST, &part, "\"1\"", &said).await.expect(200);
        let clean = check::run(&test.app.db).unwrap();
        assert!(clean.is_clean(), "{clean}");
        for sql in [
            "UPDATE order_shortfalls SET goods_idr = goods_idr - 1",
            "UPDATE order_shortfalls SET goods_idr = goods_idr + 1; UPDATE orders SET status = 'accepted' WHERE status = 'partly_accepted'",
        ] {
            vandalise(&test, sql);
            let report = check::run(&test.app.db).unwrap();
            assert!(report.names("N3"), "{sql}: {report}");
        }
    });
}

#[test]
fn i12_a_negative_distance() {
    on_each_database(|test| async move {
        // PostgreSQL holds its CHECK against everybody.
        if matches!(test.app.db.url(), pasok::db::DatabaseUrl::Sqlite(_)) {
            Trade::published(&test).await;
            vandalise(&test, "UPDATE awards SET distance_m = -1");
            let report = check::run(&test.app.db).unwrap();
            assert!(report.names("I12"), "{report}");
        }
    });
}

#[test]
fn i14_a_step_that_the_table_does_not_allow() {
    breaks("I14", "UPDATE orders SET status = 'accepted'");
}

#[test]
fn i14_a_history_that_was_rewritten() {
    breaks("I14", "UPDATE audit_entries SET new_value = 'approved' WHERE subject = 'rounds' AND event = 'closed'");
}

#[test]
fn i15_a_demand_posted_after_the_close() {
    breaks("I15", "UPDATE audit_entries SET leaf_index = leaf_index + 100000 WHERE subject = 'demands'");
}

#[test]
fn i20_a_head_that_is_not_the_logs() {
    breaks("I20", "UPDATE log_head SET size = size + 1");
}

#[test]
fn i21_an_award_that_is_not_as_recorded() {
    breaks("I21", "UPDATE awards SET distance_m = distance_m + 1");
}

#[test]
fn i29_somebody_who_acted_for_others_without_a_grant() {
    breaks(
        "I29",
        "UPDATE audit_entries SET organisation_id = (SELECT id FROM organisations WHERE code = 'DINAS') WHERE subject = 'demands'",
    );
}

#[test]
fn i31_a_step_of_another_program() {
    breaks("I31", "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999_unknown')");
}

#[test]
fn i19_one_person_alone() {
    // Another role of whoever had the plan computed.
    breaks(
        "I19",
        "INSERT INTO members (id, organisation_id, name, role, status, created_at, account_id) \
         SELECT 1, m.organisation_id, m.name, 'admin', 'active', 0, m.account_id \
         FROM members m JOIN rounds r ON r.proposed_by = m.id; UPDATE rounds SET approved_by = 1",
    );
}

#[test]
fn i23_a_plan_that_the_referee_refuses() {
    breaks("I23", "UPDATE solve_runs SET plan = replace(plan, '40000', '40001')");
}

#[test]
fn i24_a_snapshot_edited_by_hand() {
    breaks("I24", "UPDATE round_snapshots SET problem = replace(problem, '40000', '41000')");
}

#[test]
fn i24_a_shortage_that_the_plan_does_not_know() {
    breaks("I24", "UPDATE shortages SET reason = 'STOCK_EXHAUSTED'");
}

#[test]
fn i25_a_key_without_an_answer() {
    breaks("I25", "UPDATE idempotency_keys SET response_status = 0");
}

#[test]
fn i28_a_place_of_another_organisation() {
    breaks("I28", "UPDATE demands SET place_id = (SELECT MAX(place_id) FROM offers)");
}

#[test]
fn i30_a_guard_that_was_taken_away() {
    on_each_database(|test| async move {
        Trade::published(&test).await;
        let sql = match test.app.db.url() {
            pasok::db::DatabaseUrl::Sqlite(_) => "SELECT 1",
            pasok::db::DatabaseUrl::Postgres(_) => "DROP TRIGGER awards_only_grow ON awards",
        };
        vandalise(&test, sql);
        let report = check::run(&test.app.db).unwrap();
        assert!(report.names("I30"), "{report}");
    });
}

#[test]
fn n1_a_gap_in_the_order_numbers() {
    breaks("N1", "UPDATE orders SET serial = serial + 1, number = 'PO-2026-000002'");
}

#[test]
fn n2_a_gap_in_the_round_numbers() {
    breaks("N2", "UPDATE rounds SET serial = 2, number = 'R-2026-0002'");
}

#[test]
fn every_invariant_has_its_number_once() {
    let mut ids: Vec<_> = check::INVARIANTS.iter().map(|invariant| invariant.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), check::INVARIANTS.len());
}
