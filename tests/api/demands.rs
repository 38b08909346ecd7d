//! Demands: entering, changing and withdrawing what is needed, and what is refused.

use crate::support::{Answer, Client, REGULATION, SYSTEM, Stage, TestApp, on_each_database, player};
use pasok::demands::{NewDemand, service};
use pasok::parties::{Actor, Capability, Class, Role};
use pasok::values::{CertificateSet, Day, DayRange, Quantity, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

fn rice(place: &str) -> Value {
    json!({ "place": place, "commodity": "beras_medium", "quantity": "5", "unit": "karung25" })
}

fn address(stage: &Stage) -> String {
    format!("/api/v1/rounds/{}/demands", stage.round_id)
}

async fn post(client: &Client, stage: &Stage, body: &Value) -> Answer {
    client.post(&address(stage), body).await
}

#[test]
fn a_buyer_posts_a_need_in_sacks_and_reads_it_back_in_kilograms() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let posted = post(&stage.buyer.client, &stage, &rice(&stage.buyer.place_id)).await.expect(201);
        let json = posted.json();
        let expected = json!({
            "id": json["id"], "market_id": stage.market_id.to_string(), "round_id": stage.round_id.to_string(),
            "buyer_id": stage.buyer.organisation.id.to_string(), "place_id": stage.buyer.place_id,
            "commodity": "beras_medium", "quantity": "125", "accept_up_to": "125", "unit": "kg",
            "entered_unit": "karung25", "day_from": "2026-01-12", "day_to": "2026-01-18", "requirements": [],
            "priority": 1, "price_ceiling": "14000", "status": "open", "version": 1
        });
        assert_eq!(json, expected);
        let read = stage.buyer.client.get(posted.header("location")).await.expect(200);
        assert_eq!((read.json(), read.header("etag")), (expected, "\"1\""));
    });
}

#[test]
fn every_term_of_a_demand_is_kept() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let full = json!({
            "place": stage.kitchen.place_id, "commodity": "telur_ayam", "quantity": "2.4", "unit": "tray30",
            "accept_up_to": "3", "day_from": "2026-01-13", "day_to": "2026-01-14",
            "requirements": ["nkv", "halal", "nkv"], "priority": 0, "price_ceiling": "31500.5"
        });
        let json = post(&stage.kitchen.client, &stage, &full).await.expect(201).json();
        for (key, value) in [
            ("quantity", json!("4.5")),
            ("accept_up_to", json!("5.625")),
            ("day_from", json!("2026-01-13")),
            ("day_to", json!("2026-01-14")),
            ("requirements", json!(["halal", "nkv"])),
            ("priority", json!(0)),
            ("price_ceiling", json!("31500.5")),
        ] {
            assert_eq!(json[key], value, "{key}");
        }
    });
}

#[test]
fn everything_wrong_with_a_demand_is_told_at_once() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let buyer = &stage.buyer.client;
        let wrong = json!({
            "place": stage.kitchen.place_id, "commodity": "beras_medium", "quantity": "-5", "unit": "tray30",
            "day_from": "2026-01-11", "day_to": "kemarin", "requirements": ["halal", "sulap"], "priority": 10,
            "price_ceiling": "14000.01"
        });
        let refused = post(buyer, &stage, &wrong).await.expect(422);
        let expected = [
            "/day_to NOT_A_DATE",
            "/place DEMAND_PLACE_UNKNOWN",
            "/price_ceiling CEILING_ABOVE_BINDING",
            "/priority PRIORITY_OUT_OF_RANGE",
            "/requirements/1 UNKNOWN_CHOICE",
            "/unit UNIT_UNKNOWN",
        ];
        assert_eq!(
            (refused.code().as_str(), refused.field_codes()),
            ("INVALID_INPUT", expected.map(str::to_owned).to_vec())
        );
        assert!(refused.text.contains(REGULATION) && refused.text.contains("karung25"), "{}", refused.text);
        let cases = [
            (json!({ "quantity": "-5" }), "/quantity NOT_POSITIVE"),
            (json!({ "quantity": "0" }), "/quantity NOT_POSITIVE"),
            (json!({ "quantity": "1e3" }), "/quantity NOT_A_NUMBER"),
            (json!({ "quantity": "0.00001" }), "/quantity NOT_WHOLE"),
            (json!({ "quantity": "400001" }), "/quantity TOO_LARGE"),
            (json!({ "quantity": "99999999999999999999" }), "/quantity TOO_LARGE"),
            (json!({ "accept_up_to": "4.9" }), "/accept_up_to ACCEPT_BELOW_QUANTITY"),
            (json!({ "commodity": "emas" }), "/commodity COMMODITY_UNKNOWN"),
            (json!({ "day_from": "2026-01-19", "day_to": "2026-01-20" }), "/day_from WINDOW_OUTSIDE_ROUND"),
            (json!({ "day_from": "2026-01-14", "day_to": "2026-01-13" }), "/day_to DAYS_REVERSED"),
            (json!({ "day_from": "2026-01-18" }), "/day_from DEMAND_WITHOUT_DELIVERY_DAY"),
            (json!({ "priority": 0 }), "/priority PRIORITY_RESERVED"),
            (json!({ "place": "gudang" }), "/place DEMAND_PLACE_UNKNOWN"),
            (json!({ "place": "123456789" }), "/place DEMAND_PLACE_UNKNOWN"),
            (json!({ "colour": "white" }), "/colour WRONG_SHAPE"),
        ];
        for (change, expected) in cases {
            let mut body = rice(&stage.buyer.place_id);
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let refused = post(buyer, &stage, &body).await.expect(422);
            assert_eq!(refused.field_codes(), [expected], "{change}");
        }
        let listed = buyer.get(&address(&stage)).await.expect(200).json();
        assert_eq!(listed, json!({ "items": [] }), "nothing was written");
    });
}

#[test]
fn the_largest_line_is_accepted_and_one_more_is_not() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let mut body = rice(&stage.buyer.place_id);
        (body["quantity"], body["unit"]) = (json!("10000000.001"), json!("kg"));
        let refused = post(&stage.buyer.client, &stage, &body).await.expect(422);
        assert_eq!(refused.field_codes(), ["/quantity TOO_LARGE"]);
        body["quantity"] = json!("10000000");
        post(&stage.buyer.client, &stage, &body).await.expect(201);
    });
}

#[test]
fn the_same_need_is_posted_once_and_revived_after_withdrawal() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let buyer = &stage.buyer.client;
        let body = rice(&stage.buyer.place_id);
        let posted = post(buyer, &stage, &body).await.expect(201);
        let (id, location) = (posted.json()["id"].as_str().unwrap().to_owned(), posted.header("location").to_owned());
        let again = post(buyer, &stage, &body).await.expect(409);
        assert_eq!((again.code().as_str(), again.json()["hint"].as_str()), ("DEMAND_EXISTS", Some(id.as_str())));

        let withdraw = format!("{location}/withdraw");
        let gone = buyer.change(Method::POST, &withdraw, "\"1\"", &json!({ "reason": "stok cukup" })).await.expect(200);
        assert_eq!((gone.json()["status"].as_str().unwrap(), gone.header("etag")), ("withdrawn", "\"2\""));
        let twice = buyer.change(Method::POST, &withdraw, "\"2\"", &json!({})).await.expect(409);
        assert_eq!(twice.code(), "DEMAND_WITHDRAWN");
        let patch = buyer.change(Method::PATCH, &location, "\"2\"", &json!({ "quantity": "6" })).await.expect(409);
        assert_eq!(patch.code(), "DEMAND_WITHDRAWN");

        let mut other = body.clone();
        other["quantity"] = json!("7");
        let revived = post(buyer, &stage, &other).await.expect(201).json();
        let found = (&revived["id"], &revived["status"], &revived["quantity"], &revived["version"]);
        assert_eq!(found, (&json!(id), &json!("open"), &json!("175"), &json!(3)));
        let events = events(&test, stage.market_id);
        assert_eq!(events, ["posted", "withdrawn stok cukup", "revived"]);
    });
}

/// What the audit log says about demands of the market, oldest first: event and reason.
fn events(test: &TestApp, market_id: i64) -> Vec<String> {
    let entries = test
        .app
        .read(SYSTEM, |connection, _| Ok(pasok::audit::store::list_of_market(connection, market_id, i64::MAX, 1_000)?))
        .unwrap();
    let demands = entries.iter().rev().filter(|entry| entry.subject == "demands");
    demands.map(|entry| format!("{} {}", entry.event, entry.reason).trim().to_owned()).collect()
}

#[test]
fn a_quantity_changes_only_from_the_version_that_was_seen() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let buyer = &stage.buyer.client;
        let posted = post(buyer, &stage, &rice(&stage.buyer.place_id)).await.expect(201);
        let location = posted.header("location");
        let change = json!({ "quantity": "6", "accept_up_to": "8" });
        let blind = buyer.send(buyer.request(Method::PATCH, location).json(&change)).await.expect(428);
        assert_eq!(blind.code(), "VERSION_MISSING");
        let changed = buyer.change(Method::PATCH, location, "\"1\"", &change).await.expect(200);
        let json = changed.json();
        assert_eq!(
            (&json["quantity"], &json["accept_up_to"], changed.header("etag")),
            (&json!("150"), &json!("200"), "\"2\"")
        );
        let stale = buyer.change(Method::PATCH, location, "\"1\"", &change).await.expect(412);
        assert_eq!(stale.code(), "VERSION_STALE");
        let wrong = json!({ "quantity": "0", "unit": "kg", "accept_up_to": "x" });
        let refused = buyer.change(Method::PATCH, location, "\"2\"", &wrong).await.expect(422);
        assert_eq!(refused.field_codes(), ["/accept_up_to NOT_A_NUMBER", "/quantity NOT_POSITIVE"]);
        let less = json!({ "quantity": "6", "accept_up_to": "5" });
        let refused = buyer.change(Method::PATCH, location, "\"2\"", &less).await.expect(422);
        assert_eq!(refused.field_codes(), ["/accept_up_to ACCEPT_BELOW_QUANTITY"]);
        assert_eq!(buyer.get(location).await.expect(200).json(), json);
    });
}

#[test]
fn two_changes_at_once_from_one_version_have_one_winner() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let buyer = &stage.buyer.client;
        let posted = post(buyer, &stage, &rice(&stage.buyer.place_id)).await.expect(201);
        let location = posted.header("location");
        let change = |quantity: &'static str| async move {
            let body = json!({ "quantity": quantity });
            buyer.change(Method::PATCH, location, "\"1\"", &body).await.status
        };
        let (a, b, c) = tokio::join!(change("6"), change("7"), change("8"));
        let mut statuses = [a, b, c];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412]);
    });
}

#[test]
fn the_same_need_five_times_at_once_is_one_demand() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let (body, buyer) = (rice(&stage.buyer.place_id), &stage.buyer.client);
        let send = || async { post(buyer, &stage, &body).await.status };
        let mut statuses = futures_util::future::join_all((0..5).map(|_| send())).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409]);
    });
}

#[test]
fn a_batch_is_all_or_nothing_and_points_at_every_row() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let buyer = &stage.buyer.client;
        let batch = format!("{}/batch", address(&stage));
        let good = rice(&stage.buyer.place_id);
        let eggs = json!({ "place": stage.buyer.place_id, "commodity": "telur_ayam", "quantity": "10", "unit": "kg" });
        let mut bad = good.clone();
        (bad["unit"], bad["place"]) = (json!("peti"), json!(stage.seller.place_id));
        let body = json!({ "demands": [good, bad, good] });
        let refused = buyer.post(&batch, &body).await.expect(422);
        let expected =
            ["/demands/1/place DEMAND_PLACE_UNKNOWN", "/demands/1/unit UNIT_UNKNOWN", "/demands/2 DEMAND_REPEATED"];
        assert_eq!(refused.field_codes(), expected);
        let shape = buyer.post(&batch, &json!({ "demands": [good, { "place": 7 }] })).await.expect(422);
        assert_eq!(shape.field_codes(), ["/demands/1/place WRONG_SHAPE"]);
        assert_eq!(buyer.get(&address(&stage)).await.expect(200).json(), json!({ "items": [] }));

        let posted = buyer.post(&batch, &json!({ "demands": [good, eggs] })).await.expect(201).json();
        assert_eq!(posted["items"].as_array().unwrap().len(), 2);
        let listed = buyer.get(&address(&stage)).await.expect(200).json();
        assert_eq!(listed["items"], posted["items"]);
        let conflict = buyer.post(&batch, &json!({ "demands": [good, eggs] })).await.expect(409);
        assert_eq!(conflict.field_codes(), ["/demands/0 DEMAND_EXISTS", "/demands/1 DEMAND_EXISTS"]);
        for rows in [0, 501] {
            let refused = buyer.post(&batch, &json!({ "demands": vec![&good; rows] })).await.expect(422);
            assert_eq!(refused.code(), "TOO_MANY_DEMANDS");
        }
    });
}

#[test]
fn nothing_is_entered_once_the_round_is_closed_or_its_time_has_passed() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let buyer = &stage.buyer.client;
        let body = rice(&stage.buyer.place_id);
        let posted = post(buyer, &stage, &body).await.expect(201);
        let (location, change) = (posted.header("location"), json!({ "quantity": "6" }));
        let closed = stage.round(&test, "closed", &[]);
        let refused = buyer.post(&format!("/api/v1/rounds/{closed}/demands"), &body).await.expect(409);
        assert_eq!(refused.code(), "ROUND_NOT_COLLECTING");

        test.clock.set(Timestamp::parse("2026-01-09T07:59:59.999999Z").unwrap());
        buyer.change(Method::PATCH, location, "\"1\"", &change).await.expect(200);
        test.clock.set(Timestamp::parse("2026-01-09T08:00:00Z").unwrap());
        for answer in [
            post(buyer, &stage, &body).await,
            buyer.change(Method::PATCH, location, "\"2\"", &change).await,
            buyer.change(Method::POST, &format!("{location}/withdraw"), "\"2\"", &json!({})).await,
        ] {
            assert_eq!(answer.expect(409).code(), "ROUND_CLOSED_TO_ENTRIES");
        }
    });
}

#[test]
fn a_round_takes_only_the_commodities_it_covers() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let eggs_only = stage.round(&test, "collecting", &["telur_ayam"]);
        let path = format!("/api/v1/rounds/{eggs_only}/demands");
        let refused = stage.buyer.client.post(&path, &rice(&stage.buyer.place_id)).await.expect(422);
        assert_eq!(refused.field_codes(), ["/commodity COMMODITY_NOT_IN_ROUND"]);
    });
}

#[test]
fn only_the_right_people_enter_demands() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let body = rice(&stage.buyer.place_id);
        for role in [Role::Bendahara, Role::Gudang, Role::Pengawas, Role::Seller, Role::Admin] {
            let member = test.member(&stage.buyer.organisation, "Orang lain", role);
            assert_eq!(post(&member, &stage, &body).await.expect(403).code(), "FORBIDDEN", "{role}");
        }
        let seller = test.member(&stage.seller.organisation, "Ketua penjual", Role::Ketua);
        assert_eq!(post(&seller, &stage, &body).await.expect(403).code(), "FORBIDDEN");
        assert_eq!(post(&test.anyone(), &stage, &body).await.expect(401).code(), "SIGN_IN_NEEDED");
        let clerk = test.member(&stage.buyer.organisation, "Usaha", Role::Usaha);
        post(&clerk, &stage, &body).await.expect(201);

        let path = format!("/api/v1/organisations/{}/status", stage.buyer.organisation.id);
        let dormant = json!({ "status": "dormant", "reason": "tutup" });
        stage.operator.client.change(Method::POST, &path, "\"1\"", &dormant).await.expect(200);
        let mut other = body.clone();
        other["commodity"] = json!("telur_ayam");
        other["unit"] = json!("kg");
        assert_eq!(post(&clerk, &stage, &other).await.expect(409).code(), "ORGANISATION_NOT_ACTIVE");
    });
}

#[test]
fn others_see_nothing_and_the_operator_sees_all() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let posted = post(&stage.buyer.client, &stage, &rice(&stage.buyer.place_id)).await.expect(201);
        let location = posted.header("location");
        post(&stage.kitchen.client, &stage, &rice(&stage.kitchen.place_id)).await.expect(201);
        let stranger = player(&test, "KKMP-9", Class::Kdmp, &[Capability::Buyer], Role::Ketua);
        let missing = stranger.client.get("/api/v1/demands/1").await.expect(404);
        for client in [&stranger.client, &stage.kitchen.client, &stage.seller.client] {
            assert_eq!(client.get(location).await.expect(404).text, missing.text);
            let change = client.change(Method::PATCH, location, "\"1\"", &json!({ "quantity": "1" })).await;
            assert!([403, 404].contains(&change.status), "{}", change.text);
        }
        assert_eq!(stranger.client.get(&address(&stage)).await.expect(404).text, missing.text);
        assert_eq!(post(&stranger.client, &stage, &rice(&stranger.place_id)).await.expect(404).text, missing.text);

        let count = |answer: Answer| answer.json()["items"].as_array().unwrap().len();
        assert_eq!(count(stage.operator.client.get(&address(&stage)).await.expect(200)), 2);
        assert_eq!(count(stage.buyer.client.get(&address(&stage)).await.expect(200)), 1);
        assert_eq!(count(stage.seller.client.get(&address(&stage)).await.expect(200)), 0);
        assert_eq!(count(stage.kitchen.client.get("/api/v1/demands").await.expect(200)), 1);
        assert_eq!(count(stranger.client.get("/api/v1/demands").await.expect(200)), 0);
        stage.operator.client.get(location).await.expect(200);
        let change = json!({ "quantity": "1" });
        stage.operator.client.change(Method::PATCH, location, "\"1\"", &change).await.expect(403);
        let first = stage.operator.client.get(&format!("{}?limit=1", address(&stage))).await.expect(200).json();
        let rest = stage.operator.client.get(first["next"].as_str().unwrap()).await.expect(200);
        assert_ne!(first["items"][0]["id"], rest.json()["items"][0]["id"]);
        assert_eq!(rest.json()["next"], Value::Null);
    });
}

#[test]
fn an_import_on_behalf_of_many_buyers_is_all_or_nothing_and_says_so() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let rice_id = test
            .app
            .read(SYSTEM, |connection, _| pasok::catalog::service::find_by_code(connection, "beras_medium"))
            .unwrap()
            .unwrap()
            .id;
        let monday = Day::parse("2026-01-12").unwrap();
        let need = |buyer: &crate::support::Player, kilograms: i64| NewDemand {
            buyer_id: buyer.organisation.id,
            place_id: buyer.place_id.parse().unwrap(),
            commodity_id: rice_id,
            quantity: Quantity::new(kilograms * 1_000).unwrap(),
            accept_up_to: None,
            entered_unit: None,
            days: DayRange::new(monday, monday).unwrap(),
            requirements: CertificateSet::default(),
            priority: None,
            price_ceiling: None,
        };
        let by = |organisation_id: i64| test.actor(organisation_id, "Pengimpor", Role::Operator);
        let import = |actor: &Actor, new: &[NewDemand]| {
            test.app.write(actor, |work| service::post_many(work, stage.round_id, new, "lembar Excel"))
        };
        let operator = by(stage.operator.organisation.id);
        let mixed = [need(&stage.buyer, 10), need(&stage.seller, 10)];
        let refused = import(&operator, &mixed).unwrap_err().to_string();
        assert!(refused.contains("/demands/1/buyer FORBIDDEN"), "{refused}");
        assert!(events(&test, stage.market_id).is_empty());
        let good = [need(&stage.buyer, 10), need(&stage.kitchen, 20)];
        assert_eq!(import(&by(stage.buyer.organisation.id), &good).unwrap_err().code(), "NOT_FOUND");

        let posted = import(&operator, &good).unwrap();
        assert_eq!(events(&test, stage.market_id), vec!["posted on behalf of the buyer: lembar Excel"; 2]);
        let open = test
            .app
            .read(SYSTEM, |connection, scope| service::list_open_of_round(connection, scope, stage.round_id))
            .unwrap();
        assert_eq!(open, posted);
        let ids: Vec<i64> = posted.iter().map(|demand| demand.id).collect();
        assert_eq!(
            test.app.read(SYSTEM, |connection, scope| service::list_by_ids(connection, scope, &ids)).unwrap().len(),
            2
        );
    });
}

/// Enough rows and buyers to need several statements, and the reading of keys that does not name the buyers.
#[test]
fn an_import_larger_than_one_statement_arrives_whole_and_in_order() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let (operator, buyers, commodities) = crowd(&test, &stage, 510);
        let monday = Day::parse("2026-01-12").unwrap();
        let new: Vec<NewDemand> = buyers
            .iter()
            .flat_map(|(buyer_id, place_id)| commodities.iter().map(move |id| (*buyer_id, *place_id, *id)))
            .enumerate()
            .map(|(row, (buyer_id, place_id, commodity_id))| NewDemand {
                buyer_id,
                place_id,
                commodity_id,
                quantity: Quantity::new(i64::try_from(row).unwrap() + 1).unwrap(),
                accept_up_to: None,
                entered_unit: None,
                days: DayRange::new(monday, monday).unwrap(),
                requirements: CertificateSet::default(),
                priority: None,
                price_ceiling: None,
            })
            .collect();
        let import =
            |new: &[NewDemand]| test.app.write(&operator, |work| service::post_many(work, stage.round_id, new, "uji"));
        let mut last_is_wrong = new.clone();
        last_is_wrong.last_mut().unwrap().place_id = 1;
        let refused = import(&last_is_wrong).unwrap_err().to_string();
        assert!(refused.contains(&format!("/demands/{}/place", new.len() - 1)), "{refused}");
        let list = || {
            test.app
                .read(SYSTEM, |connection, scope| service::list_open_of_round(connection, scope, stage.round_id))
                .unwrap()
        };
        assert!(list().is_empty());

        let posted = import(&new).unwrap();
        assert_eq!(list(), posted);
        let rows: Vec<(i64, i64)> = posted.iter().map(|demand| (demand.buyer_id, demand.quantity.get())).collect();
        let expected: Vec<(i64, i64)> = new.iter().map(|demand| (demand.buyer_id, demand.quantity.get())).collect();
        assert_eq!(rows, expected);
        let again = import(&new[1_500..]).unwrap_err();
        assert_eq!(again.code(), "DEMAND_EXISTS");
    });
}

/// So many buyers with a place each, members of the market; who may import for them; and every commodity.
fn crowd(test: &TestApp, stage: &Stage, buyers: i64) -> (Actor, Vec<(i64, i64)>, Vec<i64>) {
    use pasok::parties::service::{NewOrganisation, add_member_once, register};
    let made = test.app.write(crate::support::SYSTEM, |work| {
        let mut ids = Vec::new();
        for number in 0..buyers {
            let new = NewOrganisation {
                code: format!("K{number:05}"),
                name: format!("KDMP {number}"),
                class: Class::Kdmp,
                status: pasok::parties::OrganisationStatus::Active,
                capabilities: [Capability::Buyer].into(),
            };
            ids.push(register(work, new)?.id);
        }
        pasok::markets::service::join_many(work, stage.market_id, &ids)?;
        let place = |organisation_id: &i64| pasok::places::service::NewPlace {
            organisation_id: *organisation_id,
            region_code: None,
            name: "Gudang".to_owned(),
            coordinates: pasok::values::Coordinates::parse("-7.5", "112.5").unwrap(),
        };
        let places = pasok::places::service::create_many(work, ids.iter().map(place).collect())?;
        let operator_id = stage.operator.organisation.id;
        let member = add_member_once(work, operator_id, "Pengimpor", Role::Operator)?;
        let principal = pasok::parties::service::actor_of(work.connection, work.scope, member.id)?;
        let goods = pasok::catalog::service::load_all(work.connection)?.into_keys().collect();
        let buyers = places.iter().map(|place| (place.organisation_id, place.id)).collect();
        Ok((principal, buyers, goods))
    });
    made.unwrap()
}

#[test]
fn a_demand_that_was_accepted_is_in_the_snapshot_however_close_the_closing() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let buyer = &stage.buyer.client;
        let body = |number: u32| {
            let (first, last) = (12 + number % 5, 13 + number / 5);
            let day = |day: u32| format!("2026-01-{day}");
            let days = json!({ "day_from": day(first), "day_to": day(last.max(first)) });
            let mut body = rice(&stage.buyer.place_id);
            body.as_object_mut().unwrap().extend(days.as_object().unwrap().clone());
            body
        };
        post(buyer, &stage, &rice(&stage.buyer.place_id)).await.expect(201);
        let round = format!("/api/v1/rounds/{}", stage.round_id);
        let close = async {
            let (path, nothing) = (format!("{round}/close"), json!({}));
            stage.operator.client.change(Method::POST, &path, "\"1\"", &nothing).await
        };
        let (address, bodies): (String, Vec<Value>) = (address(&stage), (0..20).map(body).collect());
        let posts = futures_util::future::join_all(bodies.iter().map(|body| buyer.post(&address, body)));
        let (answers, closed) = tokio::join!(posts, close);
        closed.expect(200);
        let mut accepted = 1;
        for answer in answers {
            match answer.status {
                201 => accepted += 1,
                _ => assert!(
                    ["ROUND_NOT_COLLECTING", "DEMAND_EXISTS"].contains(&answer.code().as_str()),
                    "{}",
                    answer.text
                ),
            }
        }
        let snapshot = stage.operator.client.get(&format!("{round}/snapshot")).await.expect(200).json();
        assert_eq!(snapshot["demands"].as_array().unwrap().len(), accepted);
    });
}

#[test]
fn hostile_words_in_any_field_are_refused_with_a_code() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let words = [
            "",
            " ",
            "\u{0}",
            "\u{202e}",
            "' OR 1=1 --",
            "9223372036854775808",
            "-0",
            "1e309",
            "NaN",
            "\u{661}",
            "../..",
            "null",
        ];
        let fields = ["place", "commodity", "quantity", "unit", "accept_up_to", "day_from", "day_to", "price_ceiling"];
        for word in words.into_iter().chain([&*"9".repeat(10_000)]) {
            for field in fields {
                let mut body = rice(&stage.buyer.place_id);
                body[field] = json!(word);
                let refused = post(&stage.buyer.client, &stage, &body).await.expect(422);
                let wrong = refused.field_codes();
                assert!(
                    wrong.iter().all(|code| code.starts_with(&format!("/{field} "))) && !wrong.is_empty(),
                    "{field} {word:?}: {wrong:?}"
                );
            }
            let mut body = rice(&stage.buyer.place_id);
            body["requirements"] = json!([word]);
            let refused = post(&stage.buyer.client, &stage, &body).await.expect(422);
            assert_eq!(refused.field_codes(), ["/requirements/0 UNKNOWN_CHOICE"]);
        }
        for (field, value) in [
            ("priority", json!(2_147_483_648_i64)),
            ("quantity", json!(5)),
            ("requirements", json!("halal")),
            ("place", json!({})),
        ] {
            let mut body = rice(&stage.buyer.place_id);
            body[field] = value;
            let refused = post(&stage.buyer.client, &stage, &body).await.expect(422);
            assert_eq!(refused.field_codes(), [format!("/{field} WRONG_SHAPE")]);
        }
        let many = json!(vec!["halal"; 33]);
        let mut body = rice(&stage.buyer.place_id);
        body["requirements"] = many;
        let refused = post(&stage.buyer.client, &stage, &body).await.expect(422);
        assert_eq!(refused.field_codes(), ["/requirements TOO_LONG"]);
    });
}
