//! Offers: posting, changing and withdrawing what can be delivered, taking from the stock, and what is refused.

use crate::support::{Answer, Client, Player, REGULATION, SYSTEM, Stage, TestApp, on_each_database, player};
use pasok::offers::{FreightTerms, NewOffer, OfferStatus, UnusualPrice, VolumeTerms, service};
use pasok::parties::{Capability, Class, Role};
use pasok::values::{CertificateSet, Day, DayRange, Quantity, UnitPrice};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn rice(place: &str) -> Value {
    json!({
        "place": place, "commodity": "beras_medium", "price": "13250.5", "stock": "40", "unit": "karung50",
        "day_from": "2026-01-12", "day_to": "2026-01-31"
    })
}

fn address(stage: &Stage) -> String {
    format!("/api/v1/markets/{}/offers", stage.market_id)
}

async fn post(client: &Client, stage: &Stage, body: &Value) -> Answer {
    client.post(&address(stage), body).await
}

fn with(mut body: Value, change: &Value) -> Value {
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    body
}

#[test]
fn a_seller_posts_sacks_and_reads_kilograms_back() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let posted = post(&stage.seller.client, &stage, &rice(&stage.seller.place_id)).await.expect(201);
        let json = posted.json();
        let expected = json!({
            "id": json["id"], "market_id": stage.market_id.to_string(),
            "seller_id": stage.seller.organisation.id.to_string(), "place_id": stage.seller.place_id,
            "commodity": "beras_medium", "lot": "", "price": "13250.5", "unit": "kg", "entered_unit": "karung50",
            "stock": "2000", "reserved": "0", "stock_per_day": null, "pack": "50", "min_line": "0", "radius_km": null,
            "day_from": "2026-01-12", "day_to": "2026-01-31", "certificates": [], "delivered": false,
            "freight_per_km": null, "freight_base": null, "tiers": [], "tiers_incremental": false, "min_order_idr": 0,
            "status": "open", "version": 1
        });
        assert_eq!(json, expected);
        let read = stage.seller.client.get(posted.header("location")).await.expect(200);
        assert_eq!((read.json(), read.header("etag")), (expected, "\"1\""));
    });
}

#[test]
fn every_term_of_an_offer_is_kept() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let terms = json!({
            "lot": "Panen 1", "unit": "kg", "stock": "2000", "pack": "karung25", "min_line": "60",
            "stock_per_day": "500", "radius_km": "12.5", "certificates": ["psat"], "freight_per_km": "1.25",
            "freight_base": "110"
        });
        let body = with(rice(&stage.seller.place_id), &terms);
        let json = post(&stage.seller.client, &stage, &body).await.expect(201).json();
        for (key, value) in terms.as_object().unwrap() {
            let expected = if key == "pack" { &json!("25") } else { value };
            assert_eq!(&json[key], expected, "{key}");
        }
        let delivered = json!({ "lot": "Panen 2", "delivered": true });
        let body = with(rice(&stage.seller.place_id), &delivered);
        let json = post(&stage.seller.client, &stage, &body).await.expect(201).json();
        assert_eq!((&json["delivered"], &json["freight_base"]), (&json!(true), &Value::Null));
    });
}

#[test]
fn everything_wrong_with_an_offer_is_told_at_once() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let seller = &stage.seller.client;
        let wrong = json!({
            "place": stage.buyer.place_id, "commodity": "beras_medium", "price": "14000.01", "stock": "0",
            "unit": "kg", "pack": "tray30", "stock_per_day": "-1", "min_line": "0.0001", "radius_km": "0",
            "day_from": "2026-02-30", "day_to": "besok", "certificates": ["sulap"], "lot": "a\u{7}b",
            "delivered": true, "freight_per_km": "0.00001"
        });
        let refused = post(seller, &stage, &wrong).await.expect(422);
        let expected = [
            "/certificates/0 UNKNOWN_CHOICE",
            "/day_from NOT_A_DATE",
            "/day_to NOT_A_DATE",
            "/delivered FREIGHT_CONTRADICTS",
            "/freight_per_km TOO_PRECISE",
            "/lot CONTROL_CHARACTER",
            "/min_line NOT_WHOLE",
            "/pack UNIT_UNKNOWN",
            "/place OFFER_PLACE_UNKNOWN",
            "/price PRICE_ABOVE_CEILING",
            "/radius_km NOT_POSITIVE",
            "/stock NOT_POSITIVE",
            "/stock_per_day NOT_POSITIVE",
        ];
        assert_eq!(refused.field_codes(), expected);
        assert!(refused.text.contains(REGULATION) && refused.text.contains("14000"), "{}", refused.text);
        let cases = [
            (json!({ "stock": "2000001" }), "/stock TOO_LARGE"),
            (json!({ "stock": "0.9" }), "/stock STOCK_BELOW_LINE"),
            (json!({ "stock": "2.5", "min_line": "2.2" }), "/stock STOCK_BELOW_LINE"),
            (json!({ "stock_per_day": "0.5" }), "/stock_per_day STOCK_PER_DAY_BELOW_LINE"),
            (json!({ "radius_km": "20001" }), "/radius_km TOO_LARGE"),
            (json!({ "freight_per_km": "1000001" }), "/freight_per_km TOO_LARGE"),
            (json!({ "freight_base": "-0.5" }), "/freight_base NOT_POSITIVE"),
            (json!({ "day_to": "2026-01-11" }), "/day_to DAYS_REVERSED"),
            (json!({ "day_from": "2026-01-01", "day_to": "2026-01-04" }), "/day_to OFFER_WINDOW_PAST"),
            (json!({ "day_to": "2027-01-13" }), "/day_to OFFER_WINDOW_TOO_LONG"),
            (json!({ "day_from": "2026-01-18", "day_to": "2026-01-18" }), "/day_from OFFER_WITHOUT_DELIVERY_DAY"),
            (json!({ "price": "0" }), "/price NOT_POSITIVE"),
            (json!({ "price": "murah" }), "/price NOT_A_NUMBER"),
            (json!({ "lot": "x".repeat(65) }), "/lot TOO_LONG"),
            (json!({ "commodity": "emas" }), "/commodity COMMODITY_UNKNOWN"),
            (json!({ "reserved": "1" }), "/reserved WRONG_SHAPE"),
        ];
        for (change, expected) in cases {
            let refused = post(seller, &stage, &with(rice(&stage.seller.place_id), &change)).await.expect(422);
            assert_eq!(refused.field_codes(), [expected], "{change}");
        }
        let listed = seller.get(&address(&stage)).await.expect(200).json();
        assert_eq!(listed, json!({ "items": [] }), "nothing was written");
        for change in [
            json!({ "stock": "2000000", "lot": "a" }),
            json!({ "stock": "1", "lot": "b" }),
            json!({ "price": "14000", "radius_km": "20000", "lot": "c" }),
            json!({ "day_to": "2027-01-12", "freight_per_km": "1000000", "freight_base": "0", "lot": "d" }),
            json!({ "day_from": "2026-01-01", "day_to": "2026-01-05", "lot": "x".repeat(64) }),
        ] {
            post(seller, &stage, &with(rice(&stage.seller.place_id), &change)).await.expect(201);
        }
    });
}

#[test]
fn an_implausible_price_must_be_confirmed_and_the_law_cannot_be() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let seller = &stage.seller.client;
        let milk = |price: &str, lot: &str| {
            json!({
                "place": stage.seller.place_id, "commodity": "susu_uht_125", "price": price, "stock": "10",
                "unit": "dus_uht40", "day_from": "2026-01-12", "day_to": "2026-01-31", "lot": lot
            })
        };
        // Three times the ceiling of 4,500 and a third of the floor of 2,800 are the last plausible prices.
        for (price, status) in [("13500", 201), ("13500.0001", 422), ("933.3334", 201), ("933.3333", 422)] {
            let answer = post(seller, &stage, &milk(price, price)).await.expect(status);
            if status == 422 {
                assert_eq!(answer.field_codes(), ["/price PRICE_IMPLAUSIBLE"]);
                let confirmed = with(milk(price, price), &json!({ "confirm_unusual_price": true }));
                post(seller, &stage, &confirmed).await.expect(201);
            }
        }
        let illegal = json!({ "price": "14000.0001", "confirm_unusual_price": true });
        let refused = post(seller, &stage, &with(rice(&stage.seller.place_id), &illegal)).await.expect(422);
        assert_eq!(refused.field_codes(), ["/price PRICE_ABOVE_CEILING"]);
    });
}

#[test]
fn stock_and_price_change_from_the_version_that_was_seen_and_never_below_what_is_reserved() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let seller = &stage.seller.client;
        let posted = post(seller, &stage, &rice(&stage.seller.place_id)).await.expect(201);
        let location = posted.header("location");
        let nothing = seller.change(Method::PATCH, location, "\"1\"", &json!({})).await.expect(422);
        assert_eq!(nothing.field_codes(), [" REQUIRED"]);
        let both = json!({ "stock": "41", "price": "13000" });
        let changed = seller.change(Method::PATCH, location, "\"1\"", &both).await.expect(200);
        let json = changed.json();
        assert_eq!(
            (&json["stock"], &json["price"], changed.header("etag")),
            (&json!("2050"), &json!("13000"), "\"2\"")
        );
        assert_eq!(seller.change(Method::PATCH, location, "\"1\"", &both).await.expect(412).code(), "VERSION_STALE");

        let id: i64 = json["id"].as_str().unwrap().parse().unwrap();
        take(&test, id, 100_000).unwrap();
        let stale = seller.change(Method::PATCH, location, "\"2\"", &both).await.expect(412);
        assert_eq!(stale.code(), "VERSION_STALE", "a reservation is a change");
        let wrong = json!({ "stock": "99.999", "unit": "kg", "price": "14001" });
        let refused = seller.change(Method::PATCH, location, "\"3\"", &wrong).await.expect(422);
        assert_eq!(refused.field_codes(), ["/price PRICE_ABOVE_CEILING", "/stock STOCK_BELOW_RESERVED"]);
        let least = json!({ "stock": "100", "unit": "kg" });
        let changed = seller.change(Method::PATCH, location, "\"3\"", &least).await.expect(200).json();
        assert_eq!(
            (&changed["stock"], &changed["reserved"], &changed["price"]),
            (&json!("100"), &json!("100"), &json!("13000"))
        );
    });
}

/// Reserves base units of an offer, as the publication of a round does.
fn take(test: &TestApp, offer_id: i64, quantity: i64) -> Result<(), pasok::error::AppError> {
    let quantities = BTreeMap::from([(offer_id, quantity)]);
    test.app.write(SYSTEM, |work| {
        let round = work.new_id();
        service::reserve(work, round, &quantities)
    })
}

#[test]
fn a_withdrawn_offer_keeps_its_reservations_and_can_be_posted_again() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let seller = &stage.seller.client;
        let body = rice(&stage.seller.place_id);
        let posted = post(seller, &stage, &body).await.expect(201);
        let id = posted.json()["id"].as_str().unwrap().to_owned();
        let again = post(seller, &stage, &body).await.expect(409);
        assert_eq!((again.code().as_str(), again.json()["hint"].as_str()), ("OFFER_EXISTS", Some(id.as_str())));
        take(&test, id.parse().unwrap(), 150_000).unwrap();

        let withdraw = format!("{}/withdraw", posted.header("location"));
        let gone =
            seller.change(Method::POST, &withdraw, "\"2\"", &json!({ "reason": "habis" })).await.expect(200).json();
        assert_eq!((&gone["status"], &gone["reserved"]), (&json!("withdrawn"), &json!("150")));
        assert_eq!(take(&test, id.parse().unwrap(), 1).unwrap_err().code(), "STOCK_GONE");
        let twice = seller.change(Method::POST, &withdraw, "\"3\"", &json!({})).await.expect(409);
        assert_eq!(twice.code(), "OFFER_WITHDRAWN");
        let change = json!({ "price": "13000" });
        let refused = seller.change(Method::PATCH, posted.header("location"), "\"3\"", &change).await.expect(409);
        assert_eq!(refused.code(), "OFFER_WITHDRAWN");

        let less = with(body.clone(), &json!({ "stock": "2" }));
        assert_eq!(post(seller, &stage, &less).await.expect(422).field_codes(), ["/stock STOCK_BELOW_RESERVED"]);
        let more = with(body, &json!({ "stock": "3", "price": "12000", "radius_km": "9", "delivered": true }));
        let revived = post(seller, &stage, &more).await.expect(201).json();
        let found =
            (&revived["id"], &revived["reserved"], &revived["price"], &revived["radius_km"], &revived["version"]);
        assert_eq!(found, (&json!(id), &json!("150"), &json!("12000"), &json!("9"), &json!(4)));
        let events = events(&test, stage.market_id);
        assert_eq!(events, ["posted", "reserved", "withdrawn habis", "revived"]);
    });
}

fn events(test: &TestApp, market_id: i64) -> Vec<String> {
    let entries = test
        .app
        .read(SYSTEM, |connection, _| Ok(pasok::audit::store::list_of_market(connection, market_id, i64::MAX, 1_000)?))
        .unwrap();
    let offers = entries.iter().rev().filter(|entry| entry.subject == "offers");
    offers.map(|entry| format!("{} {}", entry.event, entry.reason).trim().to_owned()).collect()
}

#[test]
fn stock_is_never_taken_twice_however_many_take_at_once() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let posted = post(&stage.seller.client, &stage, &rice(&stage.seller.place_id)).await.expect(201);
        let id: i64 = posted.json()["id"].as_str().unwrap().parse().unwrap();
        // 2,000 kg are there, and eight want 300 kg each: six get it.
        let results: Vec<_> = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..8).map(|_| scope.spawn(|| take(&test, id, 300_000))).collect();
            handles.into_iter().map(|handle| handle.join().unwrap()).collect()
        });
        let codes: Vec<_> =
            results.iter().filter_map(|result| result.as_ref().err()).map(pasok::error::AppError::code).collect();
        assert_eq!(codes, ["STOCK_GONE"; 2]);
        let offer = test.app.read(SYSTEM, |connection, scope| service::get(connection, scope, id)).unwrap();
        assert_eq!((offer.reserved, offer.available(), offer.version), (1_800_000, 200_000, 7));
    });
}

#[test]
fn stock_is_taken_from_all_or_none_and_given_back_exactly() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let mut ids = Vec::new();
        for lot in ["a", "b"] {
            let body = with(rice(&stage.seller.place_id), &json!({ "lot": lot }));
            let posted = post(&stage.seller.client, &stage, &body).await.expect(201).json();
            ids.push(posted["id"].as_str().unwrap().parse::<i64>().unwrap());
        }
        let (a, b) = (ids[0], ids[1]);
        let reserve = |quantities: BTreeMap<i64, i64>| {
            test.app.write(SYSTEM, |work| {
                let round = work.new_id();
                service::reserve(work, round, &quantities)
            })
        };
        let release = |quantities: BTreeMap<i64, i64>| {
            test.app.write(SYSTEM, |work| {
                let order = work.new_id();
                service::release(work, order, &quantities)
            })
        };
        let reserved = || {
            let found =
                test.app.read(SYSTEM, |connection, scope| service::list_by_ids(connection, scope, &[a, b])).unwrap();
            let by_id: BTreeMap<i64, i64> = found.iter().map(|offer| (offer.id, offer.reserved)).collect();
            (by_id[&a], by_id[&b])
        };
        let too_much = reserve(BTreeMap::from([(a, 1_000), (b, 2_000_001)])).unwrap_err();
        assert!(too_much.to_string().contains(&b.to_string()), "{too_much}");
        assert_eq!(reserved(), (0, 0));
        reserve(BTreeMap::from([(a, 1_000), (b, 2_000_000)])).unwrap();
        assert_eq!(reserved(), (1_000, 2_000_000));
        for wrong in [0, -1, i64::MIN] {
            assert_eq!(reserve(BTreeMap::from([(a, wrong)])).unwrap_err().code(), "INTERNAL");
            assert_eq!(release(BTreeMap::from([(a, wrong)])).unwrap_err().code(), "INTERNAL");
        }
        assert_eq!(release(BTreeMap::from([(a, 1), (b, 2_000_001)])).unwrap_err().code(), "INTERNAL");
        assert_eq!(reserved(), (1_000, 2_000_000));
        release(BTreeMap::from([(a, 400), (b, 2_000_000)])).unwrap();
        assert_eq!(reserved(), (600, 0));
        assert_eq!(take(&test, 12_345, 1).unwrap_err().code(), "STOCK_GONE");
    });
}

#[test]
fn what_is_available_is_open_in_stock_and_in_time() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let seller = &stage.seller.client;
        let place = &stage.seller.place_id;
        let mut ids = BTreeMap::new();
        for (lot, from, to) in [
            ("early", "2026-01-05", "2026-01-11"),
            ("touching", "2026-01-05", "2026-01-12"),
            ("within", "2026-01-13", "2026-01-14"),
            ("late", "2026-01-19", "2026-01-31"),
            ("sold out", "2026-01-12", "2026-01-31"),
            ("withdrawn", "2026-01-12", "2026-01-31"),
        ] {
            let body = with(rice(place), &json!({ "lot": lot, "day_from": from, "day_to": to }));
            let posted = post(seller, &stage, &body).await.expect(201);
            ids.insert(
                lot,
                (posted.json()["id"].as_str().unwrap().parse::<i64>().unwrap(), posted.header("location").to_owned()),
            );
        }
        take(&test, ids["sold out"].0, 2_000_000).unwrap();
        let path = format!("{}/withdraw", ids["withdrawn"].1);
        seller.change(Method::POST, &path, "\"1\"", &json!({})).await.expect(200);
        let day = |text| Day::parse(text).unwrap();
        let days = DayRange::new(day("2026-01-12"), day("2026-01-18")).unwrap();
        let found = test
            .app
            .read(SYSTEM, |connection, scope| service::list_available(connection, scope, stage.market_id, days))
            .unwrap();
        let lots: Vec<&str> = found.iter().map(|offer| offer.lot.as_str()).collect();
        assert_eq!(lots, ["touching", "within"]);
        assert!(found.iter().all(|offer| offer.status == OfferStatus::Open));
    });
}

#[test]
fn a_batch_is_all_or_nothing_and_points_at_every_row() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let seller = &stage.seller.client;
        let batch = format!("{}/batch", address(&stage));
        let good = rice(&stage.seller.place_id);
        let bad = with(good.clone(), &json!({ "price": "20000", "unit": "peti" }));
        let refused = seller.post(&batch, &json!({ "offers": [good, bad, good] })).await.expect(422);
        let expected =
            ["/offers/1/price PRICE_ABOVE_CEILING", "/offers/1/unit UNIT_UNKNOWN", "/offers/2 OFFER_REPEATED"];
        assert_eq!(refused.field_codes(), expected);
        assert_eq!(seller.get("/api/v1/offers").await.expect(200).json(), json!({ "items": [] }));
        let other = with(good.clone(), &json!({ "lot": "2" }));
        let posted = seller.post(&batch, &json!({ "offers": [good, other] })).await.expect(201).json();
        assert_eq!(seller.get("/api/v1/offers").await.expect(200).json()["items"], posted["items"]);
        let conflict = seller.post(&batch, &json!({ "offers": [other] })).await.expect(409);
        assert_eq!(conflict.field_codes(), ["/offers/0 OFFER_EXISTS"]);
        for rows in [0, 501] {
            let refused = seller.post(&batch, &json!({ "offers": vec![&good; rows] })).await.expect(422);
            assert_eq!(refused.code(), "TOO_MANY_OFFERS");
        }
    });
}

#[test]
fn only_the_right_people_post_offers_and_others_see_nothing() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let body = rice(&stage.seller.place_id);
        for role in [Role::Bendahara, Role::Gudang, Role::Pengawas, Role::Operator] {
            let member = test.member(&stage.seller.organisation, "Orang lain", role);
            assert_eq!(post(&member, &stage, &body).await.expect(403).code(), "FORBIDDEN", "{role}");
        }
        assert_eq!(post(&stage.buyer.client, &stage, &body).await.expect(403).code(), "FORBIDDEN");
        let stranger = player(&test, "TANI-9", Class::Mikro, &[Capability::Seller], Role::Seller);
        let missing = stranger.client.get("/api/v1/offers/1").await.expect(404);
        assert_eq!(post(&stranger.client, &stage, &body).await.expect(404).text, missing.text);

        let posted = post(&stage.seller.client, &stage, &body).await.expect(201);
        let location = posted.header("location");
        for client in [&stranger.client, &stage.buyer.client, &stage.kitchen.client] {
            assert_eq!(client.get(location).await.expect(404).text, missing.text);
            let answer = client.change(Method::PATCH, location, "\"1\"", &json!({ "price": "1" })).await;
            assert_eq!(answer.expect(404).text, missing.text);
        }
        let count = |answer: Answer| answer.json()["items"].as_array().unwrap().len();
        assert_eq!(count(stage.buyer.client.get(&address(&stage)).await.expect(200)), 0);
        assert_eq!(count(stage.operator.client.get(&address(&stage)).await.expect(200)), 1);
        stage.operator.client.get(location).await.expect(200);
        stranger.client.get(&address(&stage)).await.expect(404);

        let path = format!("/api/v1/organisations/{}/status", stage.seller.organisation.id);
        let barred = json!({ "status": "suspended", "reason": "pelanggaran" });
        stage.operator.client.change(Method::POST, &path, "\"1\"", &barred).await.expect(200);
        let other = with(body, &json!({ "lot": "2" }));
        assert_eq!(post(&stage.seller.client, &stage, &other).await.expect(409).code(), "ORGANISATION_NOT_ACTIVE");
    });
}

#[test]
fn an_import_on_behalf_of_sellers_obeys_the_same_rules() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let rice_id = test
            .app
            .read(SYSTEM, |connection, _| pasok::catalog::service::find_by_code(connection, "beras_medium"))
            .unwrap()
            .unwrap()
            .id;
        let day = |text| Day::parse(text).unwrap();
        let supply = |seller: &Player, price: &str, per_km_e4: i64| NewOffer {
            seller_id: seller.organisation.id,
            place_id: seller.place_id.parse().unwrap(),
            commodity_id: rice_id,
            lot: String::new(),
            price: UnitPrice::parse(price).unwrap(),
            unusual_price: UnusualPrice::Refused,
            stock: Quantity::new(1_000_000).unwrap(),
            stock_per_day: None,
            pack: Quantity::new(5_000).unwrap(),
            entered_unit: None,
            min_line: Some(Quantity::new(250_000).unwrap()),
            radius: None,
            days: DayRange::new(day("2026-01-12"), day("2026-01-17")).unwrap(),
            certificates: CertificateSet::default(),
            freight: FreightTerms::Stated { per_km_e4, base_e4: 0 },
            volume: VolumeTerms::default(),
        };
        let operator = test.actor(stage.operator.organisation.id, "Pengimpor", Role::Operator);
        let import = |new: &[NewOffer]| {
            test.app.write(&operator, |work| service::post_many(work, stage.market_id, new, "lembar Excel"))
        };
        let refused =
            import(&[supply(&stage.seller, "14001", -1), supply(&stage.buyer, "13000", 5)]).unwrap_err().to_string();
        for expected in [
            "/offers/0/price PRICE_ABOVE_CEILING",
            "/offers/0/freight_per_km NOT_POSITIVE",
            "/offers/1/seller FORBIDDEN",
        ] {
            assert!(refused.contains(expected), "{refused}");
        }
        let posted = import(&[supply(&stage.seller, "13000", 5)]).unwrap();
        assert_eq!(
            test.app
                .read(SYSTEM, |connection, scope| service::list_by_ids(connection, scope, &[posted[0].id]))
                .unwrap(),
            posted
        );
        assert_eq!(events(&test, stage.market_id), ["posted on behalf of the seller: lembar Excel"]);
    });
}

#[test]
fn hostile_words_in_any_field_are_refused_with_a_code() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let words = ["\u{0}", "\u{202e}\u{7}", "9223372036854775808", "1e309", "NaN", "null"];
        let fields = [
            "place",
            "commodity",
            "price",
            "stock",
            "unit",
            "stock_per_day",
            "pack",
            "min_line",
            "radius_km",
            "day_from",
            "day_to",
            "freight_per_km",
            "freight_base",
        ];
        for word in words.into_iter().chain([&*"9".repeat(10_000)]) {
            for field in fields {
                let body = with(rice(&stage.seller.place_id), &json!({ field: word }));
                let refused = post(&stage.seller.client, &stage, &body).await.expect(422);
                let wrong = refused.field_codes();
                assert!(
                    wrong.iter().all(|code| code.starts_with(&format!("/{field} "))) && !wrong.is_empty(),
                    "{field} {word:?}: {wrong:?}"
                );
            }
        }
        for lot in ["\u{0}", "a\u{7}", "a\nb"] {
            let body = with(rice(&stage.seller.place_id), &json!({ "lot": lot }));
            let refused = post(&stage.seller.client, &stage, &body).await.expect(422);
            assert_eq!(refused.field_codes(), ["/lot CONTROL_CHARACTER"]);
        }
    });
}
