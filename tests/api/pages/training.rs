//! A training class: opened, played with the computer, kept apart from real markets, and started over.

use super::{field, page, submit};
use crate::support::{TestApp, Trade, on_each_database};
use pasok::parties::Role;
use pasok::training::seats::Wish;
use pasok::training::{Class, class, computer, seats};
use reqwest::Method;
use std::collections::BTreeSet;

fn sit(test: &TestApp, class: &Class, capability: &str, name: &str) -> (String, String) {
    let seats = test.app.read(crate::support::SYSTEM, |connection, system| seats::list(connection, system, class));
    let seats = seats.unwrap();
    let of = |seat: &&pasok::training::Seat| match capability {
        "operator" => seat.role == Role::Operator,
        "seller" => seat.role == Role::Seller,
        "assistant" => seat.role == Role::Assistant,
        _ => seat.role == Role::Usaha && seat.organisation.code.contains(capability),
    };
    let seat = seats.iter().find(of).expect("a seat");
    let wish = Wish {
        organisation: seat.organisation.code.clone(),
        role: Some(seat.role),
        name: name.to_owned(),
        client: "test".to_owned(),
    };
    (seats::enter(&test.app, class, &wish).unwrap().1, seat.organisation.name.clone())
}

/// Waits until the computer has played the first week.
async fn prepared(test: &TestApp, code: &str) -> Class {
    let class = class::get(&test.app, code).unwrap();
    for _ in 0..1_200 {
        let is_ready = test.app.read(crate::support::SYSTEM, |connection, system| {
            let (stage, _) = computer::stage(connection, system, &class)?;
            Ok(computer::is_ready(connection, system, &class)? && stage == pasok::training::Stage::Close)
        });
        if is_ready.unwrap() {
            return class;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the class was not prepared");
}

/// The code of the only class on the office's page.
fn code_on(text: &str) -> String {
    text.split_once("<strong class=\"code\">").expect("a code").1.split('<').next().unwrap().to_owned()
}

#[test]
fn a_class_plays_a_whole_round_and_starts_over_without_touching_a_real_market() {
    on_each_database(|test| async move {
        let stage = Trade::open(&test).await.stage;
        let office = &stage.operator.client;
        pasok::seed::load::load(&test.app, &mut |_| {}).unwrap();
        let empty = page(office, "/training/classes").await.expect(200).text;
        let key = field(&empty, "key");
        let opened = submit(office, "/training/classes", &[("key", &key)]).await.expect(200);
        let code = code_on(&opened.text);
        // The same form again opens no second class.
        let again = submit(office, "/training/classes", &[("key", &key)]).await.expect(200);
        assert_eq!(again.text.matches("class=\"code\"").count(), 1, "{}", again.text);

        let anyone = test.anyone();
        let small = code.to_lowercase();
        let seats_page = submit(&anyone, "/training", &[("code", &small)]).await.expect(200).text;
        assert!(seats_page.contains("(latihan)") && seats_page.contains(&format!("Kelas {code}")), "{seats_page}");
        submit(&anyone, "/training", &[("code", "ZZZZZZ")]).await.expect(422);
        let wrong = [("name", "Petugas pasar"), ("seat", "nowhere/usaha")];
        let refused = submit(&anyone, &format!("/training/{code}"), &wrong).await.expect(422).text;
        assert!(refused.contains("Nama ini dipakai komputer") && refused.contains("Kursi ini tidak ada"), "{refused}");

        // Nothing of the class stands among real markets; what is its own says so on every page.
        let public = page(&anyone, "/").await.expect(200).text;
        assert!(!public.contains("latihan") && !public.contains(&code), "{public}");
        let class = prepared(&test, &code).await;
        let (buyer, name) = sit(&test, &class, "KMP", "Ibu Rahel");
        let (officer, _) = sit(&test, &class, "operator", "Pak Yosef");
        let (buyer, officer) = (anyone.with_token(&buyer), anyone.with_token(&officer));
        for (client, path) in [
            (&buyer, "/home"),
            (&buyer, "/demands"),
            (&buyer, "/orders"),
            (&officer, "/operate"),
            (&officer, "/observe"),
            (&officer, "/home"),
        ] {
            let text = page(client, path).await.expect(200).text;
            assert!(text.contains("Pasar latihan – uang mainan"), "{path}");
            assert!(!text.contains(&stage.buyer.organisation.name), "{path}");
        }
        let sheet = page(&buyer, "/demands").await.expect(200).text;
        assert!(sheet.contains("/demands?repeat=1"), "the first week has been played: {sheet}");
        let desk = page(office, "/operate").await.expect(200).text;
        assert!(!desk.contains(&code) && !desk.contains("uang mainan"), "{desk}");
        office.get(&format!("/api/v1/markets/{}", class.market.id)).await.expect(404);

        // The buyer does their part, the officer goes on step by step, the computer plays the rest.
        let repeated = page(&buyer, "/demands?repeat=1").await.expect(200).text;
        let mut fields: Vec<(String, String)> = Vec::new();
        for name in ["key", "acting_for", "day", "place"] {
            fields.push((name.to_owned(), field(&repeated, name)));
        }
        let lines: Vec<String> =
            repeated.split("name=\"line.").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        for line in lines {
            let line = format!("line.{line}");
            fields.push((line.clone(), field(&repeated, &line)));
        }
        fields.push(("do".to_owned(), "send".to_owned()));
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        submit(&buyer, "/demands", &pairs).await.expect(200);
        assert!(page(&buyer, "/training").await.text.contains("Petugas pasar yang melanjutkan"));
        submit(&buyer, &format!("/training/{code}/step"), &[("key", &key), ("stage", "close")]).await.expect(403);
        let mut seen: Vec<String> = Vec::new();
        while seen.len() < 6 {
            let desk = page(&officer, "/training").await.expect(200).text;
            let now = field(&desk, "stage");
            if now == "wait" {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                continue;
            }
            let sent = [("key", field(&desk, "key")), ("stage", now.clone())];
            let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
            submit(&officer, &format!("/training/{code}/step"), &sent).await.expect(200);
            seen.push(now);
        }
        assert_eq!(seen, ["close", "solve", "approve", "publish", "answer", "open"]);
        let orders = page(&buyer, "/orders").await.expect(200).text;
        assert!(orders.contains("(latihan)"), "{name} bought nothing: {orders}");
        // A step that somebody else took already is not taken twice.
        let rounds = |app: &pasok::app::App, class: &Class| {
            let market = class.market.id;
            app.read(crate::support::SYSTEM, |connection, system| {
                pasok::rounds::service::list(connection, system, market, 0, 100)
            })
            .unwrap()
        };
        assert_eq!(rounds(&test.app, &class).len(), 3);
        computer::step(&test.app, &class, pasok::training::Stage::Open).unwrap();
        assert_eq!(rounds(&test.app, &class).len(), 3);

        // Started over, twice with the same form: one fresh run; the old one is closed and its people are out.
        let desk = page(&officer, "/training").await.expect(200).text;
        let (key, run) = (field(&desk, "key"), field(&desk, "run"));
        let over = [("key", key.as_str()), ("run", run.as_str())];
        let fresh = submit(&officer, &format!("/training/{code}/start-over"), &over).await.expect(200).text;
        assert!(fresh.contains("Kelas mulai lagi dari awal"), "{fresh}");
        submit(office, &format!("/training/{code}/start-over"), &over).await.expect(200);
        let next = prepared(&test, &code).await;
        assert_eq!((class.run, next.run), (1, 2));
        assert!(page(&buyer, "/home").await.text.contains("<title>Masuk"));
        let old = rounds(&test.app, &class);
        assert!(old.iter().all(|round| ["published", "cancelled"].contains(&round.status.word())), "{old:?}");
        assert_eq!(rounds(&test.app, &next).len(), 2);
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{:?}", report.violations.first());
    });
}

#[test]
fn an_assistant_of_a_class_acts_for_ten_of_its_cooperatives() {
    on_each_database(|test| async move {
        let class =
            class::open(&test.app, "ABC234", pasok::audit::Principal { member_id: None, organisation_id: None });
        let class = class.unwrap();
        let (app, of) = (test.app.clone(), class.clone());
        tokio::task::spawn_blocking(move || computer::prepare(&app, &of)).await.unwrap().unwrap();
        let anyone = test.anyone();
        let assistant = anyone.with_token(&sit(&test, &class, "assistant", "Kak Rambu").0);
        let list = page(&assistant, "/home").await.expect(200).text;
        let named = |text: &str| text.matches("name=\"organisation\"").count();
        assert!(named(&list) == 10 && list.contains("(latihan)") && list.contains("Pasar latihan"), "{list}");
        // The next assistant goes on with the last two; who comes back finds the same ten; the seventh finds none left.
        let second = anyone.with_token(&sit(&test, &class, "assistant", "Kak Umbu").0);
        let other = page(&second, "/assist").await.expect(200).text;
        assert_eq!(named(&other), 10);
        let ids = |text: &str| {
            text.split("name=\"organisation\" value=\"")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().to_owned())
                .collect::<BTreeSet<_>>()
        };
        assert_ne!(ids(&list), ids(&other));
        let back = anyone.with_token(&sit(&test, &class, "assistant", "Kak Rambu").0);
        assert_eq!(named(&page(&back, "/assist").await.expect(200).text), 10);
        for name in ["Kak Dua", "Kak Tiga", "Kak Empat", "Kak Lima"] {
            sit(&test, &class, "assistant", name);
        }
        let wish = Wish {
            organisation: format!("L{}.1-PENDAMPING", class.code),
            role: Some(Role::Assistant),
            name: "Kak Enam".to_owned(),
            client: "test".to_owned(),
        };
        assert_eq!(seats::enter(&test.app, &class, &wish).unwrap_err().code(), "TRAINING_CLASS_FULL");

        // What the assistant writes stays; the computer writes for the others.
        let cooperative: i64 = field(&list, "organisation").parse().unwrap();
        let acting = assistant.clone().acting_for(cooperative);
        let chosen = assistant.request(Method::GET, "/demands?repeat=1").header("accept", "text/html");
        let sheet = chosen.header("cookie", format!("__Host-pasok-for={cooperative}"));
        let sheet = assistant.send(sheet).await.expect(200).text;
        let line = format!("line.{}", sheet.split("name=\"line.").nth(1).unwrap().split('"').next().unwrap());
        let hidden = ["key", "acting_for", "day", "place"].map(|name| (name, field(&sheet, name)));
        let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push((line.as_str(), "7"));
        fields.push(("do", "send"));
        let sent = submit(&assistant, "/demands", &fields).await.expect(200).text;
        assert!(sent.contains("Kebutuhan tersimpan") || sent.contains("Koperasi saya"), "{sent}");
        let (app, of) = (test.app.clone(), class.clone());
        let step = move || computer::step(&app, &of, pasok::training::Stage::Close);
        tokio::task::spawn_blocking(step).await.unwrap().unwrap();
        let own = acting.get("/api/v1/demands").await.expect(200).json();
        let round = own["items"].as_array().unwrap().last().unwrap()["round_id"].clone();
        let written = own["items"].as_array().unwrap().iter().filter(|demand| demand["round_id"] == round).count();
        assert_eq!(written, 1, "{own}");
        let report = pasok::check::run(&test.app.db).unwrap();
        assert!(report.is_clean(), "{report}");
    });
}
