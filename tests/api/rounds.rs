//! Rounds: from collecting to published, what is refused on the way, and a solver that cannot be trusted.

use crate::support::{Trade, on_each_database, round_body};
use pasok::parties::{Capability, Class, Role};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;

#[test]
fn the_state_tables_are_written_down() {
    let text = pasok::check::lifecycle::document();
    crate::support::assert_document("docs/lifecycles.md", &text);
}

#[test]
fn a_round_goes_from_collecting_to_orders_and_publishing_again_creates_nothing() {
    on_each_database(|test| async move {
        let trade = Trade::proposed(&test).await;
        let operator = &trade.stage.operator.client;
        let proposed = trade.now().await.json();
        assert_eq!(proposed["number"], "R-2026-0001");
        let snapshot = operator.get(&format!("{}/snapshot", trade.round)).await.expect(200);
        assert_eq!(snapshot.header("etag"), format!("\"{}\"", proposed["snapshot_sha256"].as_str().unwrap()));
        let plan = operator.get(&format!("{}/plan", trade.round)).await.expect(200).json();
        assert_eq!(
            (plan["problem_sha256"].clone(), plan["status"].clone()),
            (proposed["snapshot_sha256"].clone(), json!("optimal"))
        );

        trade.step(&trade.approver, "approve").await.expect(200);
        let published = trade.step(operator, "publish").await.expect(200).json();
        assert_eq!(published["status"], "published");
        let again = trade.step(operator, "publish").await.expect(200).json();
        assert_eq!(again["version"], published["version"]);

        let awards = operator.get(&format!("{}/awards", trade.round)).await.expect(200).json();
        let quantities: Vec<_> = awards["items"].as_array().unwrap().iter().map(|a| a["quantity"].clone()).collect();
        assert_eq!((quantities.len(), quantities.contains(&json!("40"))), (2, true), "{awards}");
        let shortages = operator.get(&format!("{}/shortages", trade.round)).await.expect(200).json();
        let only = &shortages["items"][0];
        assert_eq!(
            (&only["reason"], &only["quantity"], &only["unit"]),
            (&json!("NO_OFFER_FOR_ITEM"), &json!("100"), &json!("buah"))
        );
        assert_eq!(operator.get("/api/v1/orders").await.expect(200).json()["items"].as_array().unwrap().len(), 2);
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{report}");
    });
}

#[test]
fn everybody_sees_their_own_and_strangers_see_nothing() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let awards = format!("{}/awards", trade.round);
        let count = |answer: crate::support::Answer| answer.expect(200).json()["items"].as_array().unwrap().len();
        assert_eq!(count(trade.stage.buyer.client.get(&awards).await), 1);
        assert_eq!(count(trade.stage.seller.client.get(&awards).await), 2);
        let shortages = format!("{}/shortages", trade.round);
        assert_eq!(count(trade.stage.buyer.client.get(&shortages).await), 0);
        assert_eq!(count(trade.stage.kitchen.client.get(&shortages).await), 1);
        trade.stage.seller.client.get(&format!("{}/snapshot", trade.round)).await.expect(403);
        trade.stage.seller.client.get(&format!("{}/plan", trade.round)).await.expect(403);

        let stranger = test.organisation("LAIN", Class::Kdmp, &[Capability::Buyer]);
        let stranger = test.member(&stranger, "Orang lain", Role::Ketua);
        for path in ["", "/awards", "/shortages", "/snapshot", "/plan", "/events"] {
            let foreign = stranger.get(&format!("{}{path}", trade.round)).await.expect(404);
            let missing = stranger.get(&format!("/api/v1/rounds/1{path}")).await.expect(404);
            assert_eq!(foreign.text, missing.text, "{path}");
        }
        for verb in ["close", "solve", "approve", "publish"] {
            trade.step(&stranger, verb).await.expect(404);
        }
    });
}

#[test]
fn only_the_operator_moves_a_round_and_another_person_approves() {
    on_each_database(|test| async move {
        let trade = Trade::proposed(&test).await;
        let operator = &trade.stage.operator;
        assert_eq!(trade.step(&trade.stage.buyer.client, "approve").await.expect(403).code(), "FORBIDDEN");
        assert_eq!(trade.step(&operator.client, "approve").await.expect(403).code(), "FORBIDDEN");
        // The same person in a second role.
        let twice = test.member(&operator.organisation, " orang UTAMA ", Role::Approver);
        assert_eq!(trade.step(&twice, "approve").await.expect(409).code(), "ROUND_SAME_PERSON");
        let reason = json!({ "reason": "harga beras terlalu tinggi" });
        let reopened = trade.step_with(&trade.approver, "reopen", &reason).await.expect(200).json();
        assert_eq!((&reopened["status"], &reopened["proposed_by"]), (&json!("closed"), &json!(null)));
        trade.step(&operator.client, "solve").await.expect(202);
        assert_eq!(trade.settled().await["status"], "proposed");
        let cancelled = trade.step_with(&operator.client, "cancel", &reason).await.expect(200).json();
        assert_eq!(cancelled["status"], "cancelled");
        assert_eq!(trade.step(&operator.client, "close").await.expect(409).code(), "ROUND_WRONG_STATE");
    });
}

#[test]
fn a_new_round_is_checked_in_all_its_parts() {
    on_each_database(|test| async move {
        let trade = Trade::open(&test).await;
        let operator = &trade.stage.operator.client;
        let address = format!("/api/v1/markets/{}/rounds", trade.stage.market_id);
        let wrong = json!({
            "name": "", "delivery_from": "2026-01-12", "delivery_to": "12-01-2026", "closes_at": "kemarin"
        });
        let told = operator.post(&address, &wrong).await.expect(422).field_codes();
        assert_eq!(told, ["/closes_at NOT_A_DATE", "/delivery_to NOT_A_DATE", "/name REQUIRED"]);
        let mut wrong = round_body();
        wrong["delivery_to"] = json!("2026-01-11");
        wrong["closes_at"] = json!("2026-01-05T00:59:59Z");
        wrong["commodities"] = json!(["beras_medium", "kopi", "beras_medium"]);
        let told = operator.post(&address, &wrong).await.expect(422).field_codes();
        let expected = [
            "/closes_at ROUND_CLOSES_IN_PAST",
            "/commodities/1 UNKNOWN_CHOICE",
            "/commodities/2 UNKNOWN_CHOICE",
            "/delivery_to DAYS_REVERSED",
        ];
        assert_eq!(told, expected);
        trade.stage.buyer.client.post(&address, &round_body()).await.expect(403);
        assert_eq!(operator.post(&address, &round_body()).await.expect(409).code(), "ROUND_EXISTS");
        let mut second = round_body();
        second["name"] = json!("Pekan 3, susulan");
        let second = operator.post(&address, &second).await.expect(201).json();
        assert_eq!(second["number"], "R-2026-0002");
        let stale = format!("{}/close", trade.round);
        operator.post(&stale, &json!({})).await.expect(428);
    });
}

/// A program that takes the solver's place.
fn impostor(folder: &std::path::Path, script: &str) -> std::path::PathBuf {
    let file = folder.join("solver.sh");
    std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    file
}

#[test]
fn a_solver_that_fails_leaves_the_round_failed_with_the_reason_and_it_can_be_solved_again() {
    on_each_database(|test| async move {
        let trade = Trade::collecting(&test).await;
        trade.step(&trade.stage.operator.client, "close").await.expect(200);
        let folder = tempfile::tempdir().unwrap();
        let cases = [
            ("echo kaput >&2; exit 3", "SOLVER_FAILED", "kaput"),
            ("kill -9 $$", "SOLVER_KILLED", "signal: 9"),
            ("exit 0", "SOLVER_PLAN_UNREADABLE", ""),
            ("echo '{}' > $4", "SOLVER_PLAN_UNREADABLE", "missing field"),
        ];
        for (script, code, words) in cases {
            // Not through the API: the test's server runs the real solver.
            let mut app = test.app.clone();
            let mut config = (*app.config).clone();
            config.solver = impostor(folder.path(), script);
            app.config = std::sync::Arc::new(config);
            let failed = fail_with(&app, &trade).await;
            assert!(failed.contains(code) && failed.contains(words), "{failed}");
        }
        trade.step(&trade.stage.operator.client, "solve").await.expect(202);
        assert_eq!(trade.settled().await["status"], "proposed");
    });
}

/// Solves with a changed program; the round's stated failure.
async fn fail_with(app: &pasok::app::App, trade: &Trade) -> String {
    let (app, id) = (app.clone(), trade.id());
    let by = trade.stage.operator.organisation.id;
    let round = tokio::task::spawn_blocking(move || {
        let operator = operator_of(&app, by);
        app.write(&operator, |work| {
            let round = pasok::rounds::service::get(work.connection, work.scope, id)?;
            pasok::rounds::service::start_solve(work, &operator, id, round.version)
        })
        .unwrap();
        pasok::rounds::solve::solve_now(&app, id, &mut |_| {}).unwrap()
    });
    let round = round.await.unwrap();
    assert_eq!(round.status.word(), "failed");
    round.failure
}

fn operator_of(app: &pasok::app::App, organisation_id: i64) -> pasok::parties::Actor {
    app.write(crate::support::SYSTEM, |work| {
        let member = pasok::parties::service::add_member_once(work, organisation_id, "Orang utama", Role::Operator)?;
        pasok::parties::service::actor_of(work.connection, work.scope, member.id)
    })
    .unwrap()
}

#[test]
fn an_altered_plan_is_refused() {
    on_each_database(|test| async move {
        let trade = Trade::collecting(&test).await;
        trade.step(&trade.stage.operator.client, "close").await.expect(200);
        let folder = tempfile::tempdir().unwrap();
        let solver = test.app.config.solver.display().to_string();
        // The real solver, then one gram more on the first line.
        let script = format!("'{solver}' \"$@\" && sed -i 's/\"quantity\": *25000/\"quantity\":25001/' $4");
        let mut app = test.app.clone();
        let mut config = (*app.config).clone();
        config.solver = impostor(folder.path(), &script);
        app.config = std::sync::Arc::new(config);
        let failed = fail_with(&app, &trade).await;
        assert!(failed.contains("ROUND_PLAN_REFUSED"), "{failed}");
    });
}

#[test]
fn a_restarted_server_takes_up_the_solve_and_comes_to_the_same_plan() {
    on_each_database(|test| async move {
        let trade = Trade::proposed(&test).await;
        let plan = format!("{}/plan", trade.round);
        let first = trade.stage.operator.client.get(&plan).await.expect(200).text;
        let reason = json!({ "reason": "dihitung ulang" });
        trade.step_with(&trade.approver, "reopen", &reason).await.expect(200);
        // A server that stopped right after it took the request.
        let id = trade.id();
        let operator = operator_of(&test.app, trade.stage.operator.organisation.id);
        test.app
            .write(&operator, |work| {
                let round = pasok::rounds::service::get(work.connection, work.scope, id)?;
                pasok::rounds::service::start_solve(work, &operator, id, round.version)
            })
            .unwrap();
        assert_eq!(trade.now().await.json()["status"], "solving");
        assert_eq!(trade.resume(&test).await, 1);
        assert_eq!(trade.settled().await["status"], "proposed");
        assert_eq!(trade.stage.operator.client.get(&plan).await.expect(200).text, first);
        assert_eq!(trade.resume(&test).await, 0);
    });
}

#[test]
fn events_tell_the_state_and_end() {
    on_each_database(|test| async move {
        let trade = Trade::collecting(&test).await;
        let operator = &trade.stage.operator.client;
        trade.step(operator, "close").await.expect(200);
        trade.step(operator, "solve").await.expect(202);
        let events = operator.get(&format!("{}/events", trade.round)).await.expect(200);
        assert_eq!(events.header("content-type"), "text/event-stream");
        let last = events.text.rsplit("event: state").next().unwrap();
        assert!(last.contains("\"status\":\"proposed\""), "{}", events.text);
    });
}
