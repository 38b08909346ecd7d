//! Places and regions.

use crate::support::{Answer, SYSTEM, market, on_each_database};
use pasok::parties::{Capability, Class, Role};
use pasok::places::service::{self, NewPlace};
use pasok::places::{Region, RegionKind};
use pasok::values::{Coordinates, RiceZone};
use serde_json::json;

fn regions() -> Vec<Region> {
    let point = Coordinates::parse("-10.17", "123.6").ok();
    let zone = RiceZone::new(3).ok();
    // Children first: the service must find its own order.
    [
        ("53.71.04.1011", "Fatululi", RegionKind::Kelurahan),
        ("53.71.04.1001", "Oebobo", RegionKind::Kelurahan),
        ("53.71.04", "Oebobo", RegionKind::Kecamatan),
        ("53.71", "Kota Kupang", RegionKind::Kota),
        ("53", "Nusa Tenggara Timur", RegionKind::Province),
    ]
    .into_iter()
    .filter_map(|(code, name, kind)| Region::new(code, name, kind, point, zone).ok())
    .collect()
}

#[test]
fn regions_load_once_and_are_read_level_by_level() {
    on_each_database(|test| async move {
        let load = || test.app.write(SYSTEM, |work| service::load_regions(work, &regions())).unwrap();
        assert_eq!((load(), load()), (5, 0));
        let operator = test.operator();
        let codes = |answer: Answer| {
            let items = answer.expect(200).json()["items"].as_array().unwrap().clone();
            let codes = items.iter().map(|item| item["code"].as_str().unwrap().to_owned());
            codes.collect::<Vec<_>>()
        };
        assert_eq!(codes(operator.get("/api/v1/regions").await), ["53"]);
        assert_eq!(codes(operator.get("/api/v1/regions/53.71.04/children").await), ["53.71.04.1001", "53.71.04.1011"]);
        assert!(codes(operator.get("/api/v1/regions/53.71.04.1001/children").await).is_empty());
        let city = operator.get("/api/v1/regions/53.71").await.expect(200).json();
        assert_eq!(
            city,
            json!({ "code": "53.71", "name": "Kota Kupang", "kind": "kota", "parent_code": "53",
                    "latitude": "-10.17", "longitude": "123.6", "rice_zone": 3 })
        );
        operator.get("/api/v1/regions/99").await.expect(404);
        operator.get("/api/v1/regions/99/children").await.expect(404);
        test.anyone().get("/api/v1/regions").await.expect(401);
    });
}

#[test]
fn a_region_without_its_parent_is_refused_and_nothing_is_written() {
    on_each_database(|test| async move {
        let orphan = Region::new("31.72.01", "Penjaringan", RegionKind::Kecamatan, None, None).unwrap();
        let mut all = regions();
        all.push(orphan);
        let refused = test.app.write(SYSTEM, |work| service::load_regions(work, &all)).unwrap_err();
        assert_eq!(refused.code(), "REGION_UNKNOWN");
        let left = test.app.read(SYSTEM, |connection, _| service::list_regions(connection, None)).unwrap();
        assert!(left.is_empty());
    });
}

#[test]
fn an_organisation_makes_its_places_and_others_do_not_see_them() {
    on_each_database(|test| async move {
        test.app.write(SYSTEM, |work| service::load_regions(work, &regions())).unwrap();
        let (ours, theirs) = (
            test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]),
            test.organisation("KKMP-2", Class::Kdmp, &[Capability::Buyer]),
        );
        let (me, stranger) = (test.member(&ours, "A", Role::Usaha), test.member(&theirs, "B", Role::Usaha));
        let body = json!({ "name": "Gerai Oebobo", "region_code": "53.71.04.1001", "latitude": "-10.159830", "longitude": "123.60871" });
        let made = me.post("/api/v1/places", &body).await.expect(201);
        let path = made.header("location").to_owned();
        let read = me.get(&path).await.expect(200);
        assert_eq!(read.json(), made.json());
        assert_eq!((read.json()["latitude"].as_str().unwrap(), read.header("etag")), ("-10.15983", "\"1\""));
        assert_eq!(me.post("/api/v1/places", &body).await.expect(409).code(), "PLACE_EXISTS");

        assert_eq!(stranger.get(&path).await.expect(404).text, stranger.get("/api/v1/places/77").await.text);
        let listed = stranger.get("/api/v1/places").await.expect(200).json();
        assert!(listed["items"].as_array().unwrap().is_empty());
        stranger.get(&format!("/api/v1/places?organisation_id={}", ours.id)).await.expect(404);

        // An operator looks after the members of its markets, and of nobody else's.
        let office = test.organisation("DINAS", Class::Pemerintah, &[Capability::Operator]);
        let operator = test.member(&office, "Ibu Operator", Role::Operator);
        operator.get(&path).await.expect(404);
        let market = market(&test, office.id);
        let joined =
            test.app.write(SYSTEM, |work| pasok::markets::service::join_many(work, market.id, &[ours.id, theirs.id]));
        joined.unwrap();
        operator.get(&path).await.expect(200);
        let theirs_listed = operator.get(&format!("/api/v1/places?organisation_id={}", ours.id)).await;
        assert_eq!(theirs_listed.expect(200).json()["items"].as_array().unwrap().len(), 1);
        operator.get("/api/v1/places?organisation_id=77").await.expect(404);
        let mut for_them = body.clone();
        for_them["organisation_id"] = json!(theirs.id.to_string());
        operator.post("/api/v1/places", &for_them).await.expect(201);
        let elsewhere = test.organisation("DINAS-2", Class::Pemerintah, &[Capability::Operator]);
        let elsewhere = test.member(&elsewhere, "Pak Operator", Role::Operator);
        for_them["name"] = json!("Gudang lain");
        assert_eq!(
            elsewhere.post("/api/v1/places", &for_them).await.expect(422).field_codes(),
            ["/organisation_id NOT_FOUND"]
        );
        let listed = stranger.get("/api/v1/places").await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn everything_wrong_with_a_place_is_told_at_once() {
    on_each_database(|test| async move {
        let ours = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let me = test.member(&ours, "A", Role::Usaha);
        let wrong = json!({ "name": "", "latitude": "91", "longitude": "12,5", "organisation_id": "x" });
        assert_eq!(
            me.post("/api/v1/places", &wrong).await.expect(422).field_codes(),
            ["/latitude NOT_ON_EARTH", "/longitude NOT_A_NUMBER", "/name REQUIRED", "/organisation_id NOT_AN_ID"]
        );
        let unknown = |organisation_id: i64| {
            json!({ "name": "Gudang", "latitude": "-10", "longitude": "123", "region_code": "99",
                    "organisation_id": organisation_id.to_string() })
        };
        let own = me.post("/api/v1/places", &unknown(ours.id)).await.expect(422);
        assert_eq!(own.field_codes(), ["/region_code REGION_UNKNOWN"]);
        let theirs = test.organisation("KKMP-2", Class::Kdmp, &[Capability::Buyer]);
        let foreign = me.post("/api/v1/places", &unknown(theirs.id)).await.expect(422);
        assert_eq!(foreign.text, me.post("/api/v1/places", &unknown(77)).await.text);
        assert_eq!(foreign.field_codes(), ["/organisation_id NOT_FOUND", "/region_code REGION_UNKNOWN"]);
        let missing = test.operator().post("/api/v1/places", &unknown(77)).await.expect(422);
        assert_eq!(missing.field_codes(), ["/organisation_id NOT_FOUND", "/region_code REGION_UNKNOWN"]);
        let treasurer = test.member(&ours, "C", Role::Bendahara);
        assert_eq!(treasurer.post("/api/v1/places", &unknown(ours.id)).await.expect(403).code(), "FORBIDDEN");
        assert_eq!(me.get("/api/v1/places?page=2").await.expect(400).code(), "BAD_PARAMETER");
    });
}

#[test]
fn many_places_are_made_once_and_answered_in_order() {
    on_each_database(|test| async move {
        let ours = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let place = |number: i64| NewPlace {
            organisation_id: ours.id,
            region_code: None,
            name: format!("Titik {number}"),
            coordinates: Coordinates::new(-10_000_000 + number, 123_000_000).unwrap(),
        };
        let make = |numbers: Vec<i64>| {
            let new: Vec<NewPlace> = numbers.into_iter().map(place).collect();
            test.app.write(SYSTEM, |work| service::create_many(work, new.clone())).unwrap()
        };
        let first = make((0..1_500).collect());
        // The same again with some new ones between them, one of those twice.
        let second = make((0..3_000).rev().chain([2_000]).collect());
        assert_eq!(second.len(), 3_001);
        assert_eq!(second[0].name, "Titik 2999");
        assert_eq!(second[2_999], first[0]);
        assert_eq!(second[999], second[3_000]);
        let ids: Vec<i64> = second.iter().map(|place| place.id).collect();
        let read = |connection: &mut pasok::db::DbConnection, scope: &pasok::scope::Scope| {
            Ok((
                service::list_by_ids(connection, scope, &ids)?.len(),
                service::list_of_organisation(connection, scope, ours.id, 0, 10_000)?.len(),
            ))
        };
        assert_eq!(test.app.read(SYSTEM, read).unwrap(), (3_000, 3_000));
        let once = test.app.write(SYSTEM, |work| service::create_once(work, place(5))).unwrap();
        assert_eq!(once, first[5]);
    });
}

#[test]
fn two_people_who_make_the_same_place_at_once_make_one() {
    on_each_database(|test| async move {
        let ours = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let me = test.member(&ours, "A", Role::Usaha);
        let body = json!({ "name": "Gudang", "latitude": "-10", "longitude": "123" });
        let send = || me.post("/api/v1/places", &body);
        let (a, b, c, d) = tokio::join!(send(), send(), send(), send());
        let mut statuses = [a, b, c, d].map(|answer| answer.status);
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409]);
    });
}
