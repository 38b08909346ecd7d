//! The closing instant on two server processes over one database, by the machine's clock.

use super::sale::Sale;
use crate::support::{Answer, Client, SYSTEM, Server, TestApp, on_each_database};
use diesel::prelude::*;
use pasok::access::sessions::{self, Opening};
use pasok::app::App;
use pasok::db::DatabaseUrl;
use pasok::db::schema::{audit_entries, bid_versions, calls, rounds};
use pasok::parties::{Role, service};
use pasok::values::Timestamp;
use serde_json::Value;
use std::time::Duration;

/// Versions that each of three bidders tries to place at each of the two processes, until one is refused.
const TRIES: usize = 24;
/// Between two of them; all of them take longer than the call is open.
const PAUSE: Duration = Duration::from_millis(300);
const UNTIL_CLOSE_US: i64 = 5_000_000;
const HOUR_US: i64 = 3_600_000_000;

fn url(test: &TestApp) -> String {
    match test.app.db.url() {
        DatabaseUrl::Sqlite(file) => format!("sqlite://{}", file.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    }
}

/// A bidder's session by the machine's clock.
fn signed_in(app: &App, server: &Server, organisation_id: i64) -> Client {
    let opened = app.write(SYSTEM, |work| {
        let member_id = service::add_member_once(work, organisation_id, "Petugas malam", Role::Seller)?.id;
        let opening = Opening { member_id, client: "test".to_owned(), second_factor: true };
        sessions::open(work, &opening, &app.config.limits)
    });
    Client::new(server.address, Some(opened.expect("a session").1))
}

/// Lets the call close so many microseconds from now by the machine's clock, and its round a day later.
fn close_in(app: &App, sale: &Sale, microseconds: i64) -> Timestamp {
    let now = app.clock.now();
    let closes = Timestamp::from_micros(now.as_micros() + microseconds);
    app.write(SYSTEM, |work| {
        let call = calls::table.find(sale.call_id);
        diesel::update(call).set(calls::closes_at.eq(closes.as_micros())).execute(work.connection)?;
        let round = rounds::table.find(sale.trade.id());
        let later = now.plus_seconds(86_400).as_micros();
        diesel::update(round).set(rounds::closes_at.eq(later)).execute(work.connection)?;
        Ok(())
    })
    .expect("another closing time");
    closes
}

async fn try_all(client: Client, address: String, sealed: Vec<Value>) -> Vec<Answer> {
    let mut answers = Vec::new();
    for body in sealed {
        let answer = client.post(&address, &body).await;
        let is_over = answer.status != 201;
        answers.push(answer);
        if is_over {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    answers
}

async fn closed(app: &App, call_id: i64) {
    for _ in 0..300 {
        let status = app.read(SYSTEM, |connection, _| {
            Ok(calls::table.find(call_id).select(calls::status).first::<String>(connection)?)
        });
        if status.unwrap() == "closed" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no process closed the call");
}

#[test]
fn two_processes_accept_or_refuse_each_bid_around_the_close() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let mut batches = Vec::new();
        for bidder in 0..3 {
            for process in 0..2 {
                let mut sealed = Vec::new();
                for number in 0..TRIES {
                    sealed.push(sale.sealed(bidder, &format!("{}", 12_000 + process * 100 + number)).await);
                }
                batches.push((bidder, process, sealed));
            }
        }
        let app = pasok::cli::open((*test.app.config).clone()).unwrap();
        // The story is set in January; from here on the machine's clock counts.
        close_in(&app, &sale, HOUR_US);
        let servers = [Server::start(&url(&test), "127.0.0.1:0"), Server::start(&url(&test), "127.0.0.1:0")];
        let ready: Vec<(Client, Vec<Value>)> = batches
            .into_iter()
            .map(|(bidder, at, sealed)| (signed_in(&app, &servers[at], sale.bidders[bidder].organisation.id), sealed))
            .collect();
        let closes = close_in(&app, &sale, UNTIL_CLOSE_US);
        let tries = ready.into_iter().map(|(client, sealed)| tokio::spawn(try_all(client, sale.at("bids"), sealed)));
        let answers = futures_util::future::join_all(tries).await;
        let answers: Vec<Answer> = answers.into_iter().flat_map(Result::unwrap).collect();
        let (accepted, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!(refused.len(), 6, "each bidder at each process was refused once");
        for answer in &refused {
            assert_eq!(answer.clone().expect(409).code(), "BIDS_CLOSED");
        }
        assert!(!accepted.is_empty(), "nothing was in time");
        closed(&app, sale.call_id).await;
        // What was accepted is stored under the commitment of its receipt, before the close; what was refused is not there.
        let mut receipts: Vec<String> = Vec::new();
        for answer in &accepted {
            let receipt = answer.json();
            let at = Timestamp::parse(receipt["received_at"].as_str().unwrap()).unwrap();
            assert!(at < closes, "{receipt}");
            receipts.push(receipt["commitment"].as_str().unwrap().to_owned());
        }
        let read = app.read(SYSTEM, |connection, _| {
            let stored = bid_versions::table.select(bid_versions::commitment).load::<String>(connection)?;
            let recorded = audit_entries::table.filter(audit_entries::subject.eq("bids"));
            let recorded = recorded.filter(audit_entries::event.eq("sealed")).select(audit_entries::new_value);
            // Beside the commitment stands the hash of the row.
            let recorded: Vec<String> = recorded.load(connection)?;
            let recorded = recorded.iter().filter_map(|text| text.split(' ').next()).map(str::to_owned).collect();
            Ok((stored, recorded))
        });
        let (mut stored, mut recorded): (Vec<String>, Vec<String>) = read.unwrap();
        for list in [&mut receipts, &mut stored, &mut recorded] {
            list.sort();
        }
        assert_eq!(stored, receipts);
        // The close wrote down every commitment once, whichever process was first.
        assert_eq!(recorded, receipts);
    });
}
