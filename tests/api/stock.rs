//! No oversell: however many take from one offer at once, exactly its stock goes, and every gram is a movement.

use crate::support::{SYSTEM, Trade, on_each_database};
use diesel::prelude::*;
use pasok::db::schema::{offers, stock_movements};
use pasok::offers::service;
use serde_json::json;
use std::collections::BTreeMap;

const CLIENTS: usize = 64;
const TRIES: usize = 10_000;
/// The stage's offer is 500 kg; taken in lots of 250 g.
const LOT_G: i64 = 250;
const LOTS: usize = 2_000;

#[test]
fn sixty_four_clients_take_exactly_the_stock() {
    on_each_database(|test| async move {
        Trade::collecting(&test).await;
        let read = |connection: &mut pasok::db::DbConnection, _: &pasok::scope::Scope| {
            let offer = offers::table.select((offers::id, offers::stock, offers::reserved));
            Ok(offer.first::<(i64, i64, i64)>(connection)?)
        };
        let (id, stock, _) = test.app.read(SYSTEM, read).unwrap();
        assert_eq!(stock, LOT_G * i64::try_from(LOTS).unwrap());
        let app = &test.app;
        let taken: usize = std::thread::scope(|threads| {
            let take = |client: usize| {
                let tries = TRIES / CLIENTS + usize::from(client < TRIES % CLIENTS);
                let lot = BTreeMap::from([(id, LOT_G)]);
                let one = || {
                    app.write(SYSTEM, |work| {
                        let round = work.new_id();
                        service::reserve(work, round, &lot)
                    })
                };
                let mut taken = 0;
                for _ in 0..tries {
                    // On a busy machine no connection may be free in time; whoever is shed comes again.
                    let answer = loop {
                        match one() {
                            Err(error) if error.code() == "OVERLOADED" => {}
                            answer => break answer,
                        }
                    };
                    match answer {
                        Ok(()) => taken += 1,
                        Err(error) => assert_eq!(error.code(), "STOCK_GONE", "{error:?}"),
                    }
                }
                taken
            };
            let clients: Vec<_> = (0..CLIENTS).map(|client| threads.spawn(move || take(client))).collect();
            clients.into_iter().map(|client| client.join().unwrap()).sum()
        });
        assert_eq!(taken, LOTS);
        assert_eq!(test.app.read(SYSTEM, read).unwrap(), (id, stock, stock));
        let movements: Vec<i64> = test
            .app
            .read(SYSTEM, |connection, _| {
                Ok(stock_movements::table.select(stock_movements::quantity).load(connection)?)
            })
            .unwrap();
        assert_eq!((movements.len(), movements.iter().sum::<i64>()), (LOTS, stock));
    });
}

#[test]
fn a_cause_moves_stock_once() {
    on_each_database(|test| async move {
        Trade::collecting(&test).await;
        let id: i64 =
            test.app.read(SYSTEM, |connection, _| Ok(offers::table.select(offers::id).first(connection)?)).unwrap();
        let lot = BTreeMap::from([(id, LOT_G)]);
        test.app.write(SYSTEM, |work| service::reserve(work, 7, &lot)).unwrap();
        assert!(test.app.write(SYSTEM, |work| service::reserve(work, 7, &lot)).is_err());
        let reserved: i64 = test
            .app
            .read(SYSTEM, |connection, _| Ok(offers::table.select(offers::reserved).first(connection)?))
            .unwrap();
        assert_eq!(reserved, LOT_G);
    });
}

#[test]
fn a_plan_whose_stock_went_elsewhere_is_made_anew() {
    on_each_database(|test| async move {
        let trade = Trade::proposed(&test).await;
        let operator = &trade.stage.operator.client;
        trade.step(&trade.approver, "approve").await.expect(200);
        let before = operator.get(&format!("{}/snapshot", trade.round)).await.expect(200).text;
        let (id, stock): (i64, i64) = test
            .app
            .read(SYSTEM, |connection, _| Ok(offers::table.select((offers::id, offers::stock)).first(connection)?))
            .unwrap();
        test.app.write(SYSTEM, |work| service::reserve(work, 7, &BTreeMap::from([(id, stock - 50_000)]))).unwrap();
        let refrozen = trade.step(operator, "publish").await.expect(200).json();
        assert_eq!(refrozen["status"], "closed");
        assert!(refrozen["failure"].as_str().unwrap().starts_with("STOCK_GONE"), "{refrozen}");
        assert_eq!(operator.get("/api/v1/orders").await.expect(200).json()["items"], json!([]));
        assert_ne!(operator.get(&format!("{}/snapshot", trade.round)).await.expect(200).text, before);
        operator.get(&format!("{}/plan", trade.round)).await.expect(409);
        // The plan for what there is now goes through, once it is approved like any other.
        trade.step(operator, "publish").await.expect(409);
        trade.step(operator, "solve").await.expect(202);
        assert_eq!(trade.settled().await["status"], "proposed");
        trade.step(&trade.approver, "approve").await.expect(200);
        assert_eq!(trade.step(operator, "publish").await.expect(200).json()["status"], "published");
        let sold: i64 = test
            .app
            .read(SYSTEM, |connection, _| Ok(offers::table.select(offers::reserved).first(connection)?))
            .unwrap();
        assert_eq!(sold, stock, "all that was left is sold, and no gram more");
    });
}
