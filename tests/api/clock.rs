//! What the clock does to rounds: closing them at their hour, and taking up solves that nobody is at.

use crate::support::{SYSTEM, Trade, on_each_database};
use pasok::parties::Role;
use pasok::rounds::{clock, service};
use pasok::values::Timestamp;
use serde_json::Value;

#[test]
fn a_round_closes_at_its_hour_once_whatever_the_number_of_processes() {
    on_each_database(|test| async move {
        let trade = Trade::collecting(&test).await;
        assert_eq!(clock::tick(&test.app).await.unwrap(), (0, 0));
        test.clock.set(Timestamp::parse("2026-01-09T08:00:00Z").unwrap());
        let second = test.second(|_| ()).await;
        let (one, other) = tokio::join!(clock::tick(&test.app), clock::tick(&second.app));
        assert_eq!(one.unwrap().0 + other.unwrap().0, 1);
        assert_eq!(trade.now().await.json()["status"], "closed");
        let snapshot: Value =
            trade.stage.operator.client.get(&format!("{}/snapshot", trade.round)).await.expect(200).json();
        assert_eq!(snapshot["demands"].as_array().unwrap().len(), 3);
        assert_eq!(clock::tick(&test.app).await.unwrap(), (0, 0));
    });
}

#[test]
fn a_solve_is_one_processes_until_it_falls_silent() {
    on_each_database(|test| async move {
        let trade = Trade::collecting(&test).await;
        trade.step(&trade.stage.operator.client, "close").await.expect(200);
        let (id, second) = (trade.id(), test.second(|_| ()).await);
        let operator = test.actor(trade.stage.operator.organisation.id, "Orang utama", Role::Operator);
        let started = test.app.write(&operator, |work| {
            let round = service::get(work.connection, work.scope, id)?;
            service::start_solve(work, &operator, id, round.version)
        });
        let (_, run) = started.unwrap();
        // A process claims the run and dies.
        let lease = Timestamp::parse("2026-01-05T01:00:30Z").unwrap();
        let claim =
            format!("UPDATE solve_runs SET lease_token = 1, lease_until = {} WHERE id = {}", lease.as_micros(), run.id);
        crate::matrix::world::sql(&test, &claim);
        assert_eq!(clock::tick(&second.app).await.unwrap(), (0, 0));
        assert_eq!(trade.now().await.json()["status"], "solving");
        test.clock.set(lease);
        // Both others notice; one gets it, and the attempt is still the first.
        let (one, other) = tokio::join!(clock::tick(&test.app), clock::tick(&second.app));
        assert!(one.unwrap().1 + other.unwrap().1 >= 1);
        assert_eq!(trade.settled().await["status"], "proposed");
        let runs = test.app.read(SYSTEM, |connection, _| {
            use diesel::prelude::*;
            use pasok::db::schema::solve_runs;
            let columns = (solve_runs::attempt, solve_runs::status, solve_runs::lease_token);
            Ok(solve_runs::table.select(columns).load::<(i64, String, i64)>(connection)?)
        });
        assert_eq!(runs.unwrap(), [(1, "succeeded".to_owned(), 2)]);
    });
}

#[test]
fn days_on_which_the_market_does_not_deliver_have_no_number() {
    on_each_database(|test| async move {
        let trade = Trade::collecting(&test).await;
        let market = format!("/api/v1/markets/{}", trade.stage.market_id);
        let operator = &trade.stage.operator.client;
        let version = operator.get(&market).await.expect(200).header("etag").to_owned();
        // Wednesday and Friday: two days in the week of 12 January.
        let change = serde_json::json!({ "delivery_weekdays": [3, 5], "reason": "uji" });
        operator.change(reqwest::Method::PATCH, &market, &version, &change).await.expect(200);
        trade.step(operator, "close").await.expect(200);
        let snapshot: Value = operator.get(&format!("{}/snapshot", trade.round)).await.expect(200).json();
        for window in snapshot["demands"].as_array().unwrap().iter().chain(snapshot["offers"].as_array().unwrap()) {
            let day = |name: &str| window[name].as_i64().unwrap_or(0);
            assert_eq!((day("day_from"), day("day_to")), (0, 1), "{window}");
        }
        trade.step(operator, "solve").await.expect(202);
        assert_eq!(trade.settled().await["status"], "proposed");
        trade.step(&trade.approver, "approve").await.expect(200);
        trade.step(operator, "publish").await.expect(200);
        let awards = operator.get(&format!("{}/awards", trade.round)).await.expect(200).json();
        for award in awards["items"].as_array().unwrap() {
            assert!(["2026-01-14", "2026-01-16"].contains(&award["day"].as_str().unwrap()), "{award}");
        }
        assert!(pasok::check::run(&test.app.db).unwrap().is_clean());
    });
}
