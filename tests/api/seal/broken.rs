//! What `pasok check` promises about sealed bids: each promise broken by hand, and named. Each breach is taken back again.

use super::after::proposed;
use super::sale::Sale;
use crate::record::Vandal;
use crate::support::{TestApp, on_each_database};
use diesel::connection::SimpleConnection;
use pasok::check;

/// Somebody who takes the guards away and breaks something, again and again.
fn breaks(test: &TestApp, breaches: &[(&str, &str)]) {
    let clean = check::run(&test.app.db).unwrap();
    assert!(clean.is_clean(), "{clean}");
    let mut vandal = Vandal::over(test);
    vandal.disarm();
    let mut silent = Vec::new();
    let before = vandal.undone(|vandal| check::with(&mut vandal.connection).unwrap());
    for (invariant, sql) in breaches {
        assert!(!before.names(invariant), "{before}");
        let report = vandal.undone(|vandal| {
            vandal.connection.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
            check::with(&mut vandal.connection).unwrap()
        });
        if !report.names(invariant) {
            silent.push(format!("{invariant} is not named after {sql}:\n{report}"));
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n\n"));
}

#[test]
fn i15_i16_a_seal_that_is_none_and_a_bid_that_came_late() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        sale.place(0, &sale.sealed(0, "12500").await).await.expect(201);
        sale.place(0, &sale.sealed(0, "12400").await).await.expect(201);
        breaks(
            &test,
            &[
                // Base64 of a price in the clear.
                ("I16", "UPDATE bid_versions SET sealed = 'eyJwcmljZSI6MTI1MDB9' WHERE number = 1"),
                ("I16", "UPDATE bid_versions SET sealed = '' WHERE number = 2"),
                (
                    "I16",
                    "INSERT INTO opening_minutes (call_id, market_id, first_member, second_member, opened_at, text) \
                     SELECT call_id, MIN(market_id), MIN(member_id), MAX(member_id), 1, 'x' FROM call_seats GROUP BY call_id",
                ),
                (
                    "I16",
                    "INSERT INTO bid_openings (id, market_id, call_id, bid_id, bid_version_id, bidder_id, outcome, document, opened_at) \
                     SELECT 1, market_id, call_id, bid_id, id, bidder_id, 'valid', '12400', 1 FROM bid_versions WHERE number = 2",
                ),
                ("I15", "UPDATE bid_versions SET placed_at = (SELECT closes_at FROM calls) WHERE number = 2"),
                ("I14", "UPDATE calls SET status = 'cancelled'"),
                ("I25", "UPDATE sealed_keys SET response_status = 0"),
                ("I28", "UPDATE bid_versions SET bidder_id = (SELECT MIN(id) FROM organisations)"),
                ("I28", "UPDATE call_seats SET member_id = (SELECT MIN(created_by) FROM bids) WHERE seat = 1"),
            ],
        );
    });
}

#[test]
fn i17_i18_another_document_than_was_committed_to_and_an_opening_by_the_wrong_people() {
    on_each_database(|test| async move {
        proposed(&test).await;
        breaks(
            &test,
            &[
                ("I17", "UPDATE bid_openings SET document = replace(document, '12500', '12400')"),
                ("I17", "UPDATE bid_openings SET nonce = ''"),
                ("I17", "UPDATE bid_openings SET nonce = replace(nonce, SUBSTR(nonce, 1, 1), 'x')"),
                ("I17", "UPDATE bid_versions SET commitment = REPLACE(commitment, SUBSTR(commitment, 1, 1), 'x')"),
                ("I17", "UPDATE bid_versions SET placed_at = placed_at - 1"),
                ("I17", "UPDATE bids SET placed_at = placed_at - 1"),
                ("I17", "UPDATE bids SET status = 'lapsed'"),
                ("I17", "DELETE FROM bid_openings"),
                ("I18", "DELETE FROM opening_minutes"),
                (
                    "I18",
                    "INSERT INTO members (id, organisation_id, name, role, status, created_at, account_id) \
                     SELECT 1, m.organisation_id, m.name, 'admin', 'active', 0, m.account_id \
                     FROM members m JOIN opening_minutes o ON o.first_member = m.id; \
                     UPDATE opening_minutes SET second_member = 1",
                ),
                (
                    "I18",
                    "UPDATE opening_minutes SET second_member = \
                     (SELECT MIN(id) FROM members WHERE account_id NOT IN (SELECT account_id FROM call_seats))",
                ),
                (
                    "I18",
                    "INSERT INTO members (id, organisation_id, name, role, status, created_at, account_id) \
                     SELECT 1, (SELECT MIN(bidder_id) FROM bids), m.name, 'seller', 'active', 0, m.account_id \
                     FROM members m JOIN opening_minutes o ON o.first_member = m.id",
                ),
                (
                    "I18",
                    "INSERT INTO grants (id, organisation_id, assistant_id, scope, granted_by, granted_at, expires_at) \
                     SELECT 1, (SELECT MIN(bidder_id) FROM bids), first_member, 'enter', first_member, 0, 9000000000000000 \
                     FROM opening_minutes",
                ),
                ("I28", "UPDATE offer_terms SET seller_id = (SELECT MIN(id) FROM organisations)"),
                ("I14", "UPDATE calls SET status = 'awarded'"),
            ],
        );
    });
}
