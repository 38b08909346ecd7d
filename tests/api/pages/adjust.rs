//! The operator touches lines of a proposed plan, computes again, sees before and after, and proposes.

use super::{field, page, submit};
use crate::support::{Client, Trade, on_each_database};
use serde_json::json;

/// The address of the page with the choices of a button that holds `word` and is followed by `near`.
fn button(text: &str, name: &str, starts: &str, near: &str) -> String {
    let card = text.split("<li>").find(|card| card.contains(near) && card.contains(&format!("value=\"{starts}")));
    let card = card.unwrap_or_else(|| panic!("no line about {near}: {text}"));
    let start = format!("name=\"{name}\" value=\"{starts}");
    let rest = card.split_once(&start).unwrap_or_else(|| panic!("no {start}: {card}")).1;
    format!("{starts}{}", rest.split('"').next().unwrap())
}

/// The page once what was asked for is computed.
async fn computed(operator: &Client, address: &str) -> String {
    for _ in 0..600 {
        let text = page(operator, address).await.expect(200).text;
        if !text.contains("Sedang dihitung") {
            return text.replace('\u{a0}', " ");
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("not computed");
}

/// The scenario that a page is about.
fn scenario(text: &str) -> String {
    text.split("?scenario=")
        .nth(1)
        .map_or_else(|| field(text, "scenario"), |rest| rest.split('"').next().unwrap().to_owned())
}

#[test]
fn a_supplier_is_kept_from_a_buyer_and_the_new_plan_is_proposed_with_before_and_after() {
    on_each_database(|test| async move {
        let trade = Trade::proposed(&test).await;
        let operator = &trade.stage.operator.client;
        let address = format!("/operate/rounds/{}/adjust", trade.id());
        let kitchen = &trade.stage.kitchen.organisation.name;
        let shown = page(operator, &address).await.expect(200).text;
        assert!(shown.contains("Kunci ke pemasok ini") && shown.contains("Belum ada"), "{shown}");
        let apart = button(&shown, "add", "x:", kitchen);
        let pin = button(&shown, "add", "p:", &trade.stage.buyer.organisation.name);
        let touched = page(operator, &format!("{address}?keeps=1&with={apart}&add={pin}")).await.expect(200).text;
        assert!(touched.contains(&format!("tidak memasok {kitchen}")) && touched.contains("dikunci"), "{touched}");

        let with = field(&touched, "with");
        assert_eq!(with, format!("{apart}.{pin}"));
        let key = field(&touched, "key");
        let sent = [("key", key.as_str()), ("with", &with), ("do", "solve")];
        let waiting = submit(operator, &address, &sent).await.expect(200).text;
        let again = submit(operator, &address, &sent).await.expect(200).text;
        assert_eq!(scenario(&waiting), scenario(&again), "the same form asks once");
        let done = computed(operator, &format!("{address}?scenario={}", scenario(&waiting))).await;
        // 25 kg of rice for the kitchen are gone, and what they cost.
        assert!(done.contains("1 baris berubah, 1 baris tetap") && done.contains("−Rp 331."), "{done}");
        assert!(done.contains("1 kebutuhan berubah kekurangannya"), "{done}");

        // Proposing needs a reason; the round stays proposed, by another problem.
        let before = trade.now().await.json();
        let fields = ["key", "version", "scenario", "with"].map(|name| (name, field(&done, name)));
        let fields = |reason: &'static str| {
            let pairs = fields.iter().map(|(name, value)| (*name, value.clone()));
            pairs.chain([("do", "propose".to_owned()), ("reason", reason.to_owned())]).collect::<Vec<_>>()
        };
        let send = |reason: &'static str| {
            let pairs = fields(reason);
            let (operator, address) = (operator.clone(), address.clone());
            async move {
                let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
                submit(&operator, &address, &pairs).await
            }
        };
        let refused = send("").await.expect(422).text;
        assert!(refused.contains("perlu alasan"), "{refused}");
        assert_eq!(trade.now().await.json()["snapshot_sha256"], before["snapshot_sha256"]);
        let proposed = send("Dapur ini sudah dipasok lewat hibah").await.expect(200).text;
        assert!(proposed.contains("Rencana yang baru diajukan"), "{proposed}");
        let after = trade.now().await.json();
        assert_eq!(after["status"], "proposed");
        assert_ne!(after["snapshot_sha256"], before["snapshot_sha256"]);
        trade.step(&trade.approver, "approve").await.expect(200);
        trade.step(operator, "publish").await.expect(200);
        assert!(pasok::check::run(&test.app.db).unwrap().is_clean());
        let bought = trade.stage.kitchen.client.get("/api/v1/orders").await.expect(200).json();
        assert_eq!(bought["items"].as_array().unwrap().len(), 0, "{bought}");
    });
}

#[test]
fn clashing_choices_are_told_in_plain_words_and_strangers_see_nothing() {
    on_each_database(|test| async move {
        let trade = Trade::proposed(&test).await;
        let operator = &trade.stage.operator.client;
        let (round, name) = (&trade.round, &trade.stage.buyer.organisation.name);
        let address = format!("/operate/rounds/{}/adjust", trade.id());
        for other in [&trade.stage.buyer.client, &trade.stage.seller.client] {
            page(other, &address).await.expect(403);
        }
        let shown = page(operator, &address).await.expect(200).text;
        let pin = button(&shown, "add", "p:", name);
        let parts: Vec<&str> = pin.split(':').collect();
        let rule = |demand: &str, offer: &str, quantity: i64| {
            let pins = json!([{ "demand_id": demand, "offer_id": offer, "quantity": quantity, "day": parts[3].parse::<i64>().unwrap() }]);
            json!({ "scenarios": [{ "name": "Kunci", "rules": { "pins": pins } }] })
        };
        let scenarios = format!("{round}/scenarios");
        let unknown = operator.post(&scenarios, &rule("1", parts[2], 1_000)).await.expect(422);
        assert_eq!(unknown.field_codes(), ["/scenarios/0/rules/pins/0/demand_id UNKNOWN_CHOICE"]);
        let nothing = operator.post(&scenarios, &rule(parts[1], parts[2], 0)).await.expect(422);
        assert_eq!(nothing.field_codes(), ["/scenarios/0/rules/pins/0/quantity NOT_POSITIVE"]);
        // Ten times what is needed, and more than there is.
        let made = operator.post(&scenarios, &rule(parts[1], parts[2], 600_000)).await.expect(202).json();
        let id = made["items"][0]["id"].as_str().unwrap();
        let said = computed(operator, &format!("{address}?scenario={id}")).await;
        assert!(said.contains("tidak dapat dipenuhi bersama") && said.contains("600 kg dari"), "{said}");
        assert!(said.contains(name.as_str()), "{said}");
        let listed = operator.get(&scenarios).await.expect(200).json();
        assert_eq!(listed["items"][0]["failure"], "PINS_CLASH 0");
        // A line that is both fixed and kept apart is refused at once.
        let problem = json!({ "scenarios": [{ "name": "Keduanya", "rules": {
            "pins": [{ "demand_id": parts[1], "offer_id": parts[2], "quantity": 1_000 }],
            "apart": [{ "buyer_id": trade.stage.buyer.organisation.id.to_string(),
                        "supplier_id": trade.stage.seller.organisation.id.to_string() }] } }] });
        operator.post(&scenarios, &problem).await.expect(422);
    });
}
