//! Sealed bids: the committee, the opening, and what nobody learns before it.

pub mod after;
mod broken;
mod capacity;
mod faults;
mod holds;
mod processes;
mod quiet;
pub mod sale;
mod sheet;
mod windows;

use crate::support::on_each_database;
use pasok::audit::note::Verifier;
use pasok::tenders::seal::receipt;
use sale::{CLOSES, Sale};
use serde_json::json;

#[test]
fn bids_are_opened_by_two_officers_after_the_close_and_not_before() {
    on_each_database(|test| async move {
        let mut sale = Sale::draft(&test).await;
        assert_eq!(sale.publish(&test).unwrap_err().code(), "CALL_HAS_NO_KEY");
        sale.take_seats().await;
        let fourth = sale.officers[3].post(&sale.at("seats"), &json!({})).await.expect(409);
        assert_eq!(fourth.code(), "COMMITTEE_SEATS_TAKEN");
        assert_eq!(sale.publish(&test).unwrap_err().code(), "OPENING_NOT_REHEARSED");
        let rehearsed = sale.sit("rehearsal", (2, 0)).await.expect(200).json();
        assert_eq!(rehearsed["outcome"], "rehearsed");
        sale.publish(&test).unwrap();
        // One bid sealed by its bidder and amended, one at the counter.
        let first = sale.place(0, &sale.sealed(0, "13200").await).await.expect(201).json();
        assert_eq!((first["version"].as_i64(), first["sealed_where"].as_str()), (Some(1), Some("browser")));
        let second = sale.place(0, &sale.sealed(0, "12900").await).await.expect(201).json();
        assert_eq!(second["version"], 2);
        let counter = json!({ "document": sale.document(1, "13000") });
        let counter = sale.bidders[1].client.post(&sale.at("bids/counter"), &counter).await.expect(201).json();
        assert_eq!(counter["sealed_where"], "counter");
        // The receipts hold, and an officer alone or too early opens nothing.
        let key: Verifier = test.app.record.keys().signer().unwrap().verifier();
        for given in [&first, &second, &counter] {
            assert!(receipt::holds(given["signed"].as_str().unwrap(), &key), "{given}");
        }
        assert_eq!(sale.begin("opening", 0).await.expect(409).code(), "OPENING_TOO_EARLY");
        sale.close(&test).await;
        assert_eq!(sale.officers[0].get(&sale.at("minutes")).await.expect(409).code(), "CALL_NOT_OPENED");
        let opened = sale.sit("opening", (0, 1)).await.expect(200).json();
        assert_eq!(opened["outcome"], "opened");
        let minutes = opened["minutes"]["text"].as_str().unwrap().to_owned();
        for part in ["Petugas 1 dan Petugas 2", "penawaran 2\n", second["commitment"].as_str().unwrap()] {
            assert!(minutes.contains(part), "{part} in {minutes}");
        }
        assert!(!minutes.contains(first["commitment"].as_str().unwrap()), "the replaced version was opened");
        // The whole market reads the minutes; the bids are open now; what was recorded is whole.
        let read = sale.bidders[2].client.get(&sale.at("minutes")).await.expect(200).json();
        assert_eq!(read["text"], minutes);
        assert_eq!(sale.own_bid(0).await.1["status"], "opened");
        assert_eq!(sale.sit_again().await, "CALL_WRONG_STATE");
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{report:?}");
    });
}

impl Sale {
    async fn sit_again(&self) -> String {
        self.begin("opening", 0).await.expect(409).code()
    }
}

#[test]
fn a_bid_at_each_side_of_the_close_is_accepted_or_refused_and_never_both() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let second = test.second(|_| ()).await;
        let closes = pasok::values::Timestamp::parse(CLOSES).unwrap();
        test.clock.set(pasok::values::Timestamp::from_micros(closes.as_micros() - 1));
        // Versions of one bidder, at both processes at once while the clock passes the close and both try to write it down.
        let mut sealed = Vec::new();
        for price in 0..12 {
            sealed.push(sale.sealed(0, &format!("{}", 12_500 + price)).await);
        }
        let there = sale.bidders[0].client.at(second.address());
        let (here, address) = (sale.bidders[0].client.clone(), sale.at("bids"));
        let sends = sealed.iter().enumerate().map(|(n, body)| {
            let (client, clock, address) =
                (if n % 2 == 0 { &here } else { &there }, test.clock.clone(), address.clone());
            async move {
                if n == 6 {
                    clock.set(closes);
                }
                client.post(&address, body).await
            }
        });
        let (answers, _, _) = futures_util::future::join3(
            futures_util::future::join_all(sends),
            pasok::tenders::calls::clock::tick(&test.app),
            pasok::tenders::calls::clock::tick(&second.app),
        )
        .await;
        pasok::tenders::calls::clock::tick(&test.app).await.unwrap();
        let accepted: Vec<i64> =
            answers.iter().filter(|a| a.status == 201).map(|a| a.json()["version"].as_i64().unwrap()).collect();
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            assert_eq!(answer.clone().expect(409).code(), "BIDS_CLOSED");
        }
        let late = sale.place(1, &sale.sealed(1, "12000").await).await.expect(409);
        assert_eq!(late.code(), "BIDS_CLOSED");
        // What was accepted is there, and nothing else: each version once, without a gap.
        let stored = test.app.read(crate::support::SYSTEM, |connection, _| {
            use diesel::prelude::*;
            use pasok::db::schema::bid_versions as v;
            Ok(v::table.order(v::number).select(v::number).load::<i64>(connection)?)
        });
        let (stored, mut sorted) = (stored.unwrap(), accepted.clone());
        sorted.sort_unstable();
        assert_eq!(stored, sorted);
        assert_eq!(stored, (1..=i64::try_from(accepted.len()).unwrap()).collect::<Vec<_>>());
    });
}

#[test]
fn one_microsecond_before_the_close_is_in_time_and_the_close_itself_is_late() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let (early, late) = (sale.sealed(0, "12500").await, sale.sealed(1, "12500").await);
        let closes = pasok::values::Timestamp::parse(CLOSES).unwrap();
        test.clock.set(pasok::values::Timestamp::from_micros(closes.as_micros() - 1));
        sale.place(0, &early).await.expect(201);
        test.clock.set(closes);
        // Nobody has written the close down yet: the time alone decides.
        assert_eq!(sale.place(1, &late).await.expect(409).code(), "BIDS_CLOSED");
        // A clock that was set back opens nothing again once the close is written down.
        assert_eq!(pasok::tenders::calls::clock::tick(&test.app).await.unwrap(), 1);
        test.clock.set(pasok::values::Timestamp::from_micros(closes.as_micros() - 1));
        assert_eq!(sale.place(1, &late).await.expect(409).code(), "BIDS_CLOSED");
        assert_eq!(sale.change_bid(0, "withdraw", &json!({})).await.expect(409).code(), "BIDS_CLOSED");
    });
}
