//! The record: clean on what the product writes, and every tampering named; proofs, witnesses and forgetting.

mod auditor;
mod guards;
mod proofs;
mod story;
mod sweep;

pub use sweep::Vandal;

use crate::matrix::world::new_place;
use crate::support::{SYSTEM, TestApp, Trade, on_each_database};
use diesel::prelude::*;
use pasok::audit::verify::{self, Kept, Report};
use pasok::audit::{Change, erase};
use pasok::parties::{Capability, Class, Role, people};
use reqwest::Method;
use serde_json::json;

/// Verifies, trusting nothing that was kept elsewhere.
fn verified(test: &TestApp) -> Report {
    verify::run(&test.app.db, &Kept::default()).unwrap()
}

/// Verifies against checkpoints that were kept.
fn verified_against(test: &TestApp, checkpoints: &[String]) -> Report {
    verify::run(&test.app.db, &Kept { checkpoints: checkpoints.to_vec(), key: None }).unwrap()
}

/// The newest checkpoint as an outsider keeps it.
fn head(test: &TestApp) -> String {
    test.app.read(SYSTEM, |connection, _| pasok::audit::service::head_note(connection)).unwrap().to_string()
}

#[test]
fn a_round_from_first_demand_to_published_orders_verifies() {
    on_each_database(|test| async move {
        Trade::published(&test).await;
        let report = verified(&test);
        assert!(report.is_clean(), "{report}");
        assert_eq!(report.checkpoints, 3, "opened, closed and published");
        assert!(report.rows > 40 && report.leaves > 30, "{report}");
        assert!(verified_against(&test, &[head(&test)]).is_clean());
    });
}

#[test]
fn a_long_log_has_tiles_and_any_page_of_it_verifies() {
    on_each_database(|test| async move {
        for part in 0..3 {
            test.app
                .write(SYSTEM, |work| {
                    let changes: Vec<Change<'_>> = (0..300)
                        .map(|n| Change { subject: "tests", subject_id: n, event: "counted", ..Change::default() })
                        .collect();
                    if part == 2 {
                        work.checkpoint("asked");
                    }
                    work.record_all(&changes)
                })
                .unwrap();
        }
        let report = verified(&test);
        assert!(report.is_clean() && report.leaves > 900, "{report}");
        let note = head(&test);
        for index in [0, 255, 256, 511, 700, 899] {
            let receipt =
                test.app.read(SYSTEM, |connection, _| pasok::audit::service::receipt(connection, index)).unwrap();
            let key = test.app.record.keys().signer().unwrap().verifier();
            assert!(receipt.holds(&key) && note.starts_with(&key.name), "leaf {index}");
        }
    });
}

#[test]
fn a_refused_change_leaves_nothing_in_the_record() {
    on_each_database(|test| async move {
        let before = verified(&test);
        let refused: Result<(), _> = test.app.write(SYSTEM, |work| {
            work.record(Change { subject: "tests", event: "tried", ..Change::default() })?;
            Err(pasok::error::CommonError::NotFound.into())
        });
        assert!(refused.is_err());
        assert_eq!(verified(&test).root, before.root);
    });
}

#[test]
fn forgetting_a_person_keeps_the_log_verifiable() {
    on_each_database(|test| async move {
        let farm = test.organisation("TANI-9", Class::Mikro, &[Capability::Seller]);
        let member =
            test.app.write(SYSTEM, |work| people::add_member(work, farm.id, "Maria Tahu", Role::Seller)).unwrap();
        test.app
            .write(SYSTEM, |work| {
                let _: () = work.checkpoint("asked");
                Ok(())
            })
            .unwrap();
        let (kept, before) = (head(&test), verified(&test));
        assert!(before.is_clean(), "{before}");
        let texts = |test: &TestApp| -> Vec<(String, String)> {
            use pasok::db::schema::audit_entries as entries;
            let query = entries::table.filter(entries::subject.eq("members")).filter(entries::subject_id.eq(member.id));
            test.app
                .read(SYSTEM, |connection, _| Ok(query.select((entries::new_value, entries::salt)).load(connection)?))
                .unwrap()
        };
        assert!(texts(&test).iter().any(|(new, salt)| !new.is_empty() && !salt.is_empty()));
        let forgotten = test.app.write(SYSTEM, |work| erase::forget(work, "members", member.id, "UU 27/2022")).unwrap();
        assert!(forgotten > 0);
        assert!(texts(&test).iter().all(|(new, salt)| new.is_empty() && salt.is_empty()));
        let after = verified_against(&test, &[kept]);
        assert!(after.is_clean(), "{after}");
        assert_eq!(after.erased, forgotten as u64);
    });
}

#[test]
fn an_erased_person_is_nowhere_in_the_database() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let farm = &trade.stage.seller.organisation;
        let member = test
            .app
            .write(SYSTEM, |work| people::add_member(work, farm.id, "Yohana Lalu Erasmus", Role::Seller))
            .unwrap();
        test.app
            .write(SYSTEM, |work| {
                let _: () = work.checkpoint("asked");
                Ok(())
            })
            .unwrap();
        let kept = head(&test);
        let erase =
            |work: &mut pasok::audit::Work<'_>| pasok::access::erase::person(work, member.account_id, "diminta");
        assert!(test.app.write(SYSTEM, erase).unwrap() > 0);
        let after = verified_against(&test, &[kept]);
        assert!(after.is_clean() && after.erased > 0, "{after}");
        let check = pasok::check::run(&test.app.db).unwrap();
        assert!(check.is_clean(), "{check}");
        for (table, column) in [
            ("members", "name"),
            ("accounts", "name"),
            ("audit_entries", "new_value"),
            ("audit_entries", "old_value"),
            ("idempotency_keys", "response_body"),
        ] {
            #[derive(QueryableByName)]
            struct Count {
                #[diesel(sql_type = diesel::sql_types::BigInt)]
                count: i64,
            }
            let sql = format!("SELECT COUNT(*) AS count FROM {table} WHERE {column} LIKE '%Yohana%'");
            let found: Count =
                test.app.read(SYSTEM, |connection, _| Ok(diesel::sql_query(sql).get_result(connection)?)).unwrap();
            assert_eq!(found.count, 0, "{table}.{column}");
        }
    });
}

#[test]
fn forgetting_without_saying_so_is_found() {
    on_each_database(|test| async move {
        Trade::collecting(&test).await;
        // The guards allow an entry to be blanked, for that is how a person is forgotten; the log must announce it.
        test.app
            .write(SYSTEM, |work| {
                use pasok::db::schema::audit_entries as entries;
                let first = entries::table.filter(entries::subject.eq("demands")).select(diesel::dsl::min(entries::id));
                let id: Option<i64> = first.first(work.connection)?;
                diesel::update(entries::table.find(id.unwrap()))
                    .set((
                        entries::salt.eq(""),
                        entries::old_value.eq(""),
                        entries::new_value.eq(""),
                        entries::reason.eq(""),
                    ))
                    .execute(work.connection)?;
                Ok(())
            })
            .unwrap();
        assert!(!verified(&test).is_clean());
    });
}

#[test]
fn nothing_is_found_in_a_thousand_clean_runs() {
    let databases = std::cell::Cell::new(0);
    for _ in 0..20 {
        on_each_database(|test| {
            let seed = databases.get();
            databases.set(seed + 1);
            async move {
                let trade = Trade::collecting(&test).await;
                // PostgreSQL takes its turn less often: a schema costs more than the runs on it.
                let runs = if matches!(test.app.db.url(), pasok::db::DatabaseUrl::Sqlite(_)) { 50 } else { 5 };
                for run in 0..runs {
                    step(&test, &trade, seed, run).await;
                    let report = verified(&test);
                    assert!(report.is_clean(), "history {seed}, run {run}:\n{report}");
                }
                let check = pasok::check::run(&test.app.db).unwrap();
                assert!(check.is_clean(), "history {seed}:\n{check}");
            }
        });
    }
}

/// One small step of a history, by the product's own hand; which one depends on the numbers alone.
async fn step(test: &TestApp, trade: &Trade, seed: u64, run: u64) {
    match (seed * 7 + run * 3) % 8 {
        kind @ 0..4 => set_up(test, kind, &format!("ORG-{seed}-{run}")),
        kind => enter(test, trade, kind, run).await,
    }
}

/// Parties, people and checkpoints.
fn set_up(test: &TestApp, kind: u64, code: &str) {
    match kind {
        0 => drop(test.organisation(code, Class::Kdmp, &[Capability::Buyer, Capability::Seller])),
        1 => {
            let organisation = test.organisation(code, Class::Mikro, &[Capability::Seller]);
            drop(test.member(&organisation, "Pak O'Neil \\ \"Bu\" \u{1f33e}\n\t", Role::Seller));
        }
        2 => test
            .app
            .write(SYSTEM, |work| {
                let _: () = work.checkpoint("daily");
                Ok(())
            })
            .unwrap(),
        _ => {
            let organisation = test.organisation(code, Class::Kdmp, &[Capability::Buyer]);
            test.app
                .write(SYSTEM, |work| {
                    use pasok::db::schema::{organisation_capabilities as able, organisations};
                    diesel::update(organisations::table.find(organisation.id))
                        .set(organisations::phone.eq("+62811"))
                        .execute(work.connection)?;
                    diesel::delete(able::table.filter(able::organisation_id.eq(organisation.id)))
                        .execute(work.connection)?;
                    Ok(())
                })
                .unwrap();
        }
    }
}

/// Demands and offers: posted, changed, withdrawn.
async fn enter(test: &TestApp, trade: &Trade, kind: u64, run: u64) {
    let (buyer, seller) = (&trade.stage.buyer, &trade.stage.seller);
    let dates = ("2026-01-12", "2026-01-18");
    let is_demand = kind.is_multiple_of(2);
    let posted = if is_demand {
        let place = new_place(test, buyer.organisation.id, &format!("Gudang {run}")).to_string();
        let body =
            json!({ "place": place, "commodity": "beras_medium", "quantity": (run + 1).to_string(), "unit": "kg" });
        buyer.client.post(&format!("{}/demands", trade.round), &body).await
    } else {
        let body = json!({ "place": seller.place_id, "commodity": "beras_medium", "lot": format!("L{run}"), "price": "13100",
            "stock": "50", "unit": "kg", "day_from": dates.0, "day_to": dates.1 });
        seller.client.post(&format!("/api/v1/markets/{}/offers", trade.stage.market_id), &body).await
    };
    let posted = posted.expect(201);
    let (who, address) = (if is_demand { &buyer.client } else { &seller.client }, posted.header("location"));
    match kind {
        4 => who.change(Method::PATCH, address, posted.header("etag"), &json!({ "quantity": "3", "unit": "kg" })).await,
        5 => who.change(Method::PATCH, address, posted.header("etag"), &json!({ "price": "13000" })).await,
        _ => who.change(Method::POST, &format!("{address}/withdraw"), posted.header("etag"), &json!({})).await,
    }
    .expect(200);
}
