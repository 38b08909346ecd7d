//! Safe retry: every change of the OpenAPI document, sent five times at once to two processes and again after a restart, has one
//! effect and one answer; and under another key it has none.

use crate::matrix::requests::{Operation, operations, request};
use crate::matrix::world::{Whose, World};
use crate::matrix::{allowed_role, is_listed, send};
use crate::support::{Answer, Client, SYSTEM, TestApp, Trade, fresh_key, on_each_database};
use diesel::prelude::*;
use pasok::db::schema::{audit_entries, idempotency_keys};

/// Answers with a secret are not stored: a retry does nothing and is told so.
const SECRETS: [&str; 3] = ["issue_token", "hand_over_code", "take_seat"];
/// Before the close a bid leaves no entry: the log would grow, and others would see that.
const QUIET: [&str; 4] = ["place_bid", "place_bid_at_counter", "confirm_bid", "withdraw_bid"];
/// Done twice under two keys it is two things, of which one counts: another code replaces the first.
const NO_NATURAL_KEY: [&str; 1] = ["hand_over_code"];

/// Sent like a change because it takes a file; writes nothing.
const READS: [&str; 3] = ["check_bid", "preview_table", "read_bid_sheet"];

/// What was written down so far, less what solves add in their own time.
fn effects(test: &TestApp) -> i64 {
    let count = test.app.read(SYSTEM, |connection, _| {
        Ok(audit_entries::table
            .filter(audit_entries::event.ne_all(["failed", "proposed"]))
            // That a table came again is written down too; what it brought is not brought twice.
            .filter(audit_entries::subject.ne("imports"))
            // Rows are bound whenever some were written: the stored answer of a repeated key is one.
            .filter(audit_entries::subject.ne("row_seals"))
            .count()
            .get_result::<i64>(connection)?)
    });
    count.unwrap()
}

/// What two answers must have in common.
fn essence(answer: &Answer) -> (u16, String, String, String) {
    (answer.status, answer.text.clone(), answer.header("etag").to_owned(), answer.header("location").to_owned())
}

#[test]
fn every_change_happens_once_however_often_it_is_sent() {
    on_each_database(|test| async move {
        let world = World::set(&test);
        let second = test.second(|_| ()).await;
        for operation in operations().iter().filter(|operation| operation.method != reqwest::Method::GET) {
            // A session or a password is one's own secret: asking twice makes two sessions, and what was spent stays spent.
            if READS.contains(&operation.id.as_str()) || operation.is_own_account() {
                continue;
            }
            assert!(is_listed(operation), "{} has no row in the matrix", operation.id);
            let Some(role) = allowed_role(operation) else { continue };
            assert!(operation.takes_key, "{} takes no Idempotency-Key", operation.id);
            let person = world.people.iter().find(|person| person.role == role).unwrap();
            // What one request does.
            let once = request(&test, &world, operation, person, Whose::Own).unwrap();
            let before = effects(&test);
            send(&person.client, operation, &once, &fresh_key()).await;
            let effect = effects(&test) - before;
            // The matrix publishes what is published already; publishing for good is the next test.
            assert!(
                effect > 0 || operation.id == "publish_round" || QUIET.contains(&operation.id.as_str()),
                "{} leaves no entry",
                operation.id
            );
            // The same five times at once, in two processes.
            let again = request(&test, &world, operation, person, Whose::Own).unwrap();
            let (key, before) = (fresh_key(), effects(&test));
            let (here, there) = (person.client.clone(), person.client.at(second.address()));
            let five = [&here, &there, &here, &there, &here].map(|client| send(client, operation, &again, &key));
            let mut answers = futures_util::future::join_all(five).await;
            // And after a restart.
            let third = test.second(|_| ()).await;
            answers.push(send(&person.client.at(third.address()), operation, &again, &key).await);
            check(operation, &answers);
            assert_eq!(effects(&test) - before, effect, "{} happened more than once", operation.id);
            // Under another key the record itself refuses, or is already as it is asked to be.
            let other = send(&here, operation, &again, &fresh_key()).await;
            if !NO_NATURAL_KEY.contains(&operation.id.as_str()) {
                assert_eq!(effects(&test) - before, effect, "{} happened again: {}", operation.id, other.text);
            }
        }
        let unanswered = test.app.read(SYSTEM, |connection, _| {
            let open = idempotency_keys::table.filter(idempotency_keys::response_status.eq(0));
            Ok(open.count().get_result::<i64>(connection)?)
        });
        assert_eq!(unanswered.unwrap(), 0);
    });
}

fn check(operation: &Operation, answers: &[Answer]) {
    let done: Vec<&Answer> = answers.iter().filter(|answer| answer.status < 300).collect();
    let first = done.first().unwrap_or_else(|| panic!("{}: {}", operation.id, answers[0].text));
    if SECRETS.contains(&operation.id.as_str()) {
        assert_eq!(done.len(), 1, "{} showed its secret twice", operation.id);
        assert!(
            answers.iter().filter(|answer| answer.status >= 300).all(|answer| answer.code() == "SECRET_SHOWN_ONCE")
        );
    } else {
        for answer in answers {
            assert_eq!(essence(answer), essence(first), "{}", operation.id);
        }
    }
}

#[test]
fn a_round_is_published_once_however_often_it_is_asked() {
    on_each_database(|test| async move {
        let trade = Trade::proposed(&test).await;
        trade.step(&trade.approver, "approve").await.expect(200);
        let second = test.second(|_| ()).await;
        let version = trade.now().await.header("etag").to_owned();
        let address = format!("{}/publish", trade.round);
        let operator = &trade.stage.operator.client;
        let there = operator.at(second.address());
        let send = |client: &Client, key: String| {
            let request = client.request(reqwest::Method::POST, &address).header("idempotency-key", key);
            client.clone().send_owned(request.header("if-match", &version).json(&serde_json::json!({})))
        };
        let keys = ["one", "one", "one", "two", "three"];
        let asked = keys.iter().zip([operator, &there, operator, &there, operator]);
        let answers = futures_util::future::join_all(asked.map(|(key, client)| send(client, (*key).to_owned()))).await;
        for (key, answer) in keys.iter().zip(&answers) {
            // Under another key, whoever comes a moment too late may be told that the round moved on.
            let is_done = answer.status == 200 && answer.json()["status"] == "published";
            assert!(is_done || (*key != "one" && answer.status == 412), "{key}: {}", answer.text);
        }
        let orders = operator.get("/api/v1/orders").await.expect(200).json();
        assert_eq!(orders["items"].as_array().unwrap().len(), 2);
        assert!(pasok::check::run(&test.app.db).unwrap().is_clean());
    });
}
