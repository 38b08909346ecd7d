//! A treasurer posts a week by page: once however often it is sent, with a second look at what is unusual.

use super::{field, page, submit};
use crate::support::{Client, SYSTEM, Stage, TestApp, Trade, on_each_database};
use serde_json::{Value, json};

/// The buyer's demands as (commodity, quantity, status).
pub async fn demands(client: &Client) -> Vec<(String, String, String)> {
    let list = client.get("/api/v1/demands").await.expect(200).json();
    let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| (text(d, "commodity"), text(d, "quantity"), text(d, "status")))
        .collect()
}

pub fn need(commodity: &str, quantity: &str, status: &str) -> (String, String, String) {
    (commodity.to_owned(), quantity.to_owned(), status.to_owned())
}

/// Opens the sheet and sends it with these lines.
pub async fn send(client: &Client, place: &str, lines: &[(&str, &str)]) -> crate::support::Answer {
    let text = page(client, "/demands").await.expect(200).text;
    let (key, acting_for, day) = (field(&text, "key"), field(&text, "acting_for"), field(&text, "day"));
    let hidden = [("key", key.as_str()), ("acting_for", &acting_for), ("day", &day), ("place", place), ("do", "send")];
    let fields: Vec<(&str, &str)> = hidden.into_iter().chain(lines.iter().copied()).collect();
    submit(client, "/demands", &fields).await
}

#[test]
fn a_week_is_posted_in_sacks_changed_and_taken_back() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let (buyer, place) = (&stage.buyer.client, stage.buyer.place_id.as_str());
        let home = page(buyer, "/home").await.expect(200).text;
        assert!(home.contains("Tulis kebutuhan minggu ini") && home.contains("Jumat 9 Januari 2026 pukul 16.00 WITA"));
        let sent =
            send(buyer, place, &[("line.beras_medium", "2"), ("line.telur_ayam", "2"), ("line.susu_uht_125", "")]);
        let text = sent.await.expect(200).text;
        assert!(text.contains("Kebutuhan tersimpan") && text.contains("50\u{a0}kg"), "{text}");
        assert_eq!(demands(buyer).await[0], need("beras_medium", "50", "open"));
        // 50 kg of rice at the ceiling of 13,500, in figures and in words.
        assert!(text.contains("Rp\u{a0}") && text.contains("rupiah</p>"), "{text}");
        let changed = [("line.beras_medium", "3"), ("line.telur_ayam", "0"), ("line.susu_uht_125", "")];
        send(buyer, place, &changed).await.expect(200);
        let now = demands(buyer).await;
        assert_eq!(now[0], need("beras_medium", "75", "open"));
        assert_eq!((now.len(), now[1].2.as_str()), (2, "withdrawn"));
        assert!(page(buyer, "/home").await.expect(200).text.contains("Kebutuhan sudah terkirim: 1 barang"));
    });
}

#[test]
fn sending_twice_has_one_effect_and_another_text_under_the_same_key_is_asked_about() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let buyer = &stage.buyer.client;
        let text = page(buyer, "/demands").await.expect(200).text;
        let key = field(&text, "key");
        let with = |sacks: &'static str| {
            vec![("key", key.clone()), ("place", stage.buyer.place_id.clone()), ("line.beras_medium", sacks.to_owned())]
        };
        let sent = with("2");
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (first, second) = tokio::join!(submit(buyer, "/demands", &sent), submit(buyer, "/demands", &sent));
        assert!(first.status == 200 || second.status == 200);
        let again = submit(buyer, "/demands", &sent).await;
        assert_eq!(again.status, 200, "{}", again.text);
        assert_eq!(demands(buyer).await, [need("beras_medium", "50", "open")]);
        let other = with("4");
        let other: Vec<(&str, &str)> = other.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let asked = submit(buyer, "/demands", &other).await.expect(422);
        assert!(asked.text.contains("value=\"4\"") && field(&asked.text, "key") != key);
        assert_eq!(demands(buyer).await, [need("beras_medium", "50", "open")]);
    });
}

#[test]
fn mistakes_stand_beside_their_lines_and_everything_typed_is_kept() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let (buyer, place) = (&stage.buyer.client, stage.buyer.place_id.as_str());
        let lines = [("line.beras_medium", "dua"), ("line.telur_ayam", "-3"), ("line.susu_uht_125", "4")];
        let refused = send(buyer, place, &lines).await.expect(422).text;
        for kept in
            ["value=\"dua\"", "value=\"-3\"", "value=\"4\"", "problem-line.beras_medium", "problem-line.telur_ayam"]
        {
            assert!(refused.contains(kept), "{kept}: {refused}");
        }
        assert!(!refused.contains("id=\"problem-line.susu_uht_125\"") && demands(buyer).await.is_empty());
        assert!(send(buyer, place, &[("line.beras_medium", "")]).await.expect(422).text.contains("Belum ada barang"));
        // Somebody else's place is refused by the service, and said on the page.
        let foreign = send(buyer, &stage.seller.place_id, &[("line.beras_medium", "1")]).await.expect(422);
        assert!(foreign.text.contains("role=\"alert\"") && demands(buyer).await.is_empty());
        // Without its key a form has no effect.
        assert_eq!(submit(buyer, "/demands", &[("line.beras_medium", "1")]).await.status, 422);
        assert!(demands(buyer).await.is_empty());
    });
}

#[test]
fn plus_and_minus_work_without_a_script() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let buyer = &stage.buyer.client;
        let press = async |step: &str, now: &str| {
            let fields = [("step", step), ("line.beras_medium", now), ("line.telur_ayam", "1,5")];
            let text = submit(buyer, "/demands", &fields).await.expect(200).text;
            (field(&text, "line.beras_medium"), field(&text, "line.telur_ayam"))
        };
        let kept = "1,5".to_owned();
        assert_eq!(press("beras_medium:+1", "").await, ("1".to_owned(), kept.clone()));
        assert_eq!(press("beras_medium:-1", "3").await, ("2".to_owned(), kept.clone()));
        assert_eq!(press("beras_medium:-1", "0").await, (String::new(), kept));
        assert!(demands(buyer).await.is_empty());
    });
}

/// Ends the round of the stage and opens another.
fn next_round(test: &TestApp, stage: &Stage) {
    use diesel::prelude::*;
    use pasok::db::schema::rounds;
    test.app
        .write(SYSTEM, |work| {
            let row = rounds::table.find(stage.round_id);
            diesel::update(row).set(rounds::status.eq("published")).execute(work.connection)?;
            Ok(())
        })
        .unwrap();
    test.clock.advance_seconds(1);
    stage.round(test, "collecting", &[]);
}

#[test]
fn last_week_is_repeated_in_three_presses_and_five_times_the_usual_is_asked_about() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let (buyer, place) = (&stage.buyer.client, stage.buyer.place_id.as_str());
        send(buyer, place, &[("line.beras_medium", "2")]).await.expect(200);
        next_round(&test, &stage);
        let sheet = page(buyer, "/demands?repeat=1").await.expect(200).text;
        assert_eq!(field(&sheet, "line.beras_medium"), "2");
        let doubted = send(buyer, place, &[("line.beras_medium", "10")]).await.expect(422).text;
        assert!(doubted.contains("250\u{a0}kg") && doubted.contains("name=\"sure.beras_medium\""), "{doubted}");
        assert_eq!(demands(buyer).await.len(), 1, "nothing new was posted");
        send(buyer, place, &[("line.beras_medium", "9")]).await.expect(200);
        let sure = [("line.beras_medium", "10"), ("sure.beras_medium", "1")];
        send(buyer, place, &sure).await.expect(200);
        assert_eq!(demands(buyer).await[1], need("beras_medium", "250", "open"));
    });
}

#[test]
fn a_kitchen_writes_for_each_delivery_day() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let kitchen = &stage.kitchen.client;
        let sheet = page(kitchen, "/demands?day=2026-01-13").await.expect(200).text;
        assert!(sheet.contains("Selasa 13 Januari") && !sheet.contains("day=2026-01-18"), "no delivery on Sundays");
        let (key, day) = (field(&sheet, "key"), field(&sheet, "day"));
        let fields = [
            ("key", key.as_str()),
            ("day", &day),
            ("place", &stage.kitchen.place_id),
            ("line.beras_medium", "10"),
            ("portions", "2.500"),
        ];
        let sent = submit(kitchen, "/demands", &fields).await.expect(200).text;
        assert!(sent.contains("Selasa 13 Januari ✓"), "{sent}");
        let demand = &kitchen.get("/api/v1/demands").await.expect(200).json()["items"][0];
        assert_eq!((&demand["day_from"], &demand["day_to"]), (&"2026-01-13".into(), &"2026-01-13".into()));
        assert_eq!(demand["priority"], 0);
    });
}

#[test]
fn a_kitchen_fills_its_day_from_a_menu_and_sees_the_budget() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let kitchen = &stage.kitchen.client;
        let sheet = page(kitchen, "/demands?day=2026-01-13").await.expect(200).text;
        assert!(sheet.contains("Isi dari menu"), "{sheet}");
        let (key, day) = (field(&sheet, "key"), field(&sheet, "day"));
        let send = |menu: &'static str, portions: &'static str| {
            let fields = [
                ("key", key.clone()),
                ("day", day.clone()),
                ("place", stage.kitchen.place_id.clone()),
                ("menu", menu.to_owned()),
                ("portions", portions.to_owned()),
                ("portions_small", "400".to_owned()),
                ("do", "menu".to_owned()),
            ];
            let kitchen = kitchen.clone();
            async move {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                submit(&kitchen, "/demands", &fields).await.expect(200).text
            }
        };
        // 400 × 50 g + 600 × 80 g = 68 kg of rice, in whole packs; the budget is that of the recipe's portions.
        let filled = send("M01", "1.000").await;
        let rice: i64 = field(&filled, "line.beras_medium").parse().unwrap();
        assert!(rice > 0 && filled.contains("9.200.000") && filled.contains("Sisa anggaran"), "{filled}");
        assert!(kitchen.get("/api/v1/demands").await.expect(200).json()["items"].as_array().unwrap().is_empty());
        let wrong = send("", "300").await;
        assert!(wrong.contains("Pilih menunya dulu") && wrong.contains("porsi kecil tidak lebih"), "{wrong}");
    });
}

#[test]
fn a_budget_is_kept_with_the_round_and_no_plan_exceeds_it() {
    on_each_database(|test| async move {
        let trade = Trade::collecting(&test).await;
        let (buyer, place) = (&trade.stage.buyer.client, trade.stage.buyer.place_id.as_str());
        let address = format!("{}/budget", trade.round);
        let none = buyer.get(&address).await.expect(200);
        assert_eq!((none.json()["amount_idr"].clone(), none.header("etag")), (json!(0), "\"0\""));
        let wrong = [("line.beras_medium", "40"), ("budget_version", "0"), ("budget", "lima juta")];
        let wrong = send(buyer, place, &wrong).await.expect(422).text;
        assert!(wrong.contains("Tulis rupiah bulat") && wrong.contains("lima juta"), "{wrong}");
        // 40 kg of rice cost 530,020; with 300,000 there is enough for 22 kg.
        let lines = [("line.beras_medium", "40"), ("budget_version", "0"), ("budget", "300.000")];
        let sent = send(buyer, place, &lines).await.expect(200).text;
        assert!(field(&sent, "budget") == "300.000" && sent.contains("Melebihi anggaran"), "{sent}");
        let set = buyer.get(&address).await.expect(200);
        assert_eq!((set.json()["amount_idr"].clone(), set.header("etag")), (json!(300_000), "\"1\""));
        // Nobody else's, and not by an older page.
        assert_eq!(trade.stage.kitchen.client.get(&address).await.expect(200).json()["amount_idr"], 0);
        let put = async |who: &Client, version: &str, amount: i64| {
            who.change(reqwest::Method::PUT, &address, version, &json!({ "amount_idr": amount })).await
        };
        put(&trade.stage.seller.client, "\"0\"", 5).await.expect(403);
        put(buyer, "\"0\"", 400_000).await.expect(412);
        assert_eq!(put(buyer, "\"1\"", -1).await.expect(422).field_codes(), ["/amount_idr NOT_POSITIVE"]);
        let same = put(buyer, "\"0\"", 300_000).await.expect(200);
        assert_eq!(same.header("etag"), "\"1\"", "the same amount again changes nothing");

        let operator = &trade.stage.operator.client;
        trade.step(operator, "close").await.expect(200);
        assert_eq!(put(buyer, "\"1\"", 400_000).await.expect(409).code(), "ROUND_NOT_COLLECTING");
        trade.step(operator, "solve").await.expect(202);
        assert_eq!(trade.settled().await["status"], "proposed");
        trade.step(&trade.approver, "approve").await.expect(200);
        trade.step(operator, "publish").await.expect(200);
        let order = buyer.get("/api/v1/orders").await.expect(200).json()["items"][0].clone();
        let total = order["total_idr"].as_i64().unwrap();
        assert!((285_000..=300_000).contains(&total), "{order}");
        let short = buyer.get(&format!("{}/shortages", trade.round)).await.expect(200).json();
        assert_eq!(short["items"][0]["reason"], "BUDGET_LIMIT", "{short}");
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{report}");
    });
}
