//! Segregation of duties: by person, in every combination of roles.

use crate::support::{Client, SYSTEM, TestApp, Trade, on_each_database};
use pasok::parties::people::{NewPerson, add_person_once};
use pasok::parties::{Capability, Class, Organisation, Phone, Role};
use serde_json::json;

/// Gives the person with this number a role, and answers the member.
fn role_of(test: &TestApp, phone: &str, organisation: &Organisation, role: Role) -> i64 {
    let new =
        NewPerson { name: "Orang dua peran".to_owned(), role, phone: Some(Phone::parse(phone).unwrap()), email: None };
    test.app.write(SYSTEM, |work| add_person_once(work, organisation.id, &new)).unwrap().id
}

fn end(test: &TestApp, member_id: i64) {
    test.app
        .write(SYSTEM, |work| {
            let member = pasok::parties::people::get_member(work.connection, member_id)?;
            pasok::parties::people::leave(work, &member, member.version, "selesai")
        })
        .unwrap();
}

#[test]
fn nobody_decides_about_a_round_in_which_they_buy_or_sell() {
    on_each_database(|test| async move {
        let trade = Trade::proposed(&test).await;
        let stage = &trade.stage;
        let reason = json!({ "reason": "dicoba" });
        let sides = [&stage.buyer.organisation, &stage.kitchen.organisation, &stage.seller.organisation];
        let roles = [Role::Usaha, Role::Ketua, Role::Bendahara, Role::Gudang, Role::Pengawas, Role::Seller];
        let mut phone = 81_200_000_000_i64;
        for side in sides {
            for role in roles {
                for decider in [Role::Approver, Role::Operator] {
                    phone += 1;
                    let number = format!("0{phone}");
                    let trading = role_of(&test, &number, side, role);
                    let deciding = role_of(&test, &number, &stage.operator.organisation, decider);
                    let client = test.signed_in(deciding, true);
                    let verb = if decider == Role::Approver { "approve" } else { "reopen" };
                    let body = if decider == Role::Approver { json!({}) } else { reason.clone() };
                    let refused = trade.step_with(&client, verb, &body).await.expect(409);
                    assert_eq!(refused.code(), "ROUND_BOTH_SIDES", "{role} of {} as {decider}", side.code);
                    end(&test, trading);
                }
            }
        }
        // Whoever only looks on from an organisation that takes no part may decide.
        let other = test.organisation("LUAR", Class::Kdmp, &[Capability::Buyer]);
        role_of(&test, "081299999999", &other, Role::Ketua);
        let approver = role_of(&test, "081299999999", &stage.operator.organisation, Role::Approver);
        trade.step(&test.signed_in(approver, true), "approve").await.expect(200);
    });
}

#[test]
fn who_entered_something_does_not_decide_after_leaving_either() {
    on_each_database(|test| async move {
        let trade = Trade::collecting(&test).await;
        let stage = &trade.stage;
        let usaha = role_of(&test, "081211111111", &stage.buyer.organisation, Role::Usaha);
        let body = json!({ "place": stage.buyer.place_id, "commodity": "telur_ayam", "quantity": "5", "unit": "kg" });
        test.signed_in(usaha, true).post(&format!("{}/demands", trade.round), &body).await.expect(201);
        end(&test, usaha);
        let operator = role_of(&test, "081211111111", &stage.operator.organisation, Role::Operator);
        let client = test.signed_in(operator, true);
        assert_eq!(trade.step(&client, "close").await.expect(409).code(), "ROUND_BOTH_SIDES");
        trade.step(&stage.operator.client, "close").await.expect(200);
    });
}

#[test]
fn an_assistant_of_a_buyer_does_not_decide() {
    on_each_database(|test| async move {
        let trade = Trade::proposed(&test).await;
        let stage = &trade.stage;
        let helpers = test.organisation("PENDAMPING", Class::Pemerintah, &[Capability::Assistant]);
        let assistant = role_of(&test, "081211111111", &helpers, Role::Assistant);
        let approver = role_of(&test, "081211111111", &stage.operator.organisation, Role::Approver);
        let body = json!({ "assistant_id": assistant.to_string(), "scope": "read" });
        let grant = stage.buyer.client.post("/api/v1/grants", &body).await.expect(201);
        let client = test.signed_in(approver, true);
        assert_eq!(trade.step(&client, "approve").await.expect(409).code(), "ROUND_BOTH_SIDES");
        stage.buyer.client.delete(grant.header("location")).await.expect(200);
        trade.step(&client, "approve").await.expect(200);
    });
}

#[test]
fn who_decides_in_a_market_enters_nothing_there() {
    on_each_database(|test| async move {
        let trade = Trade::collecting(&test).await;
        let stage = &trade.stage;
        let demand = json!({ "place": stage.buyer.place_id, "commodity": "telur_ayam", "quantity": "5", "unit": "kg" });
        let offer = json!({
            "place": stage.seller.place_id, "commodity": "telur_ayam", "price": "29000", "stock": "50", "unit": "kg",
            "day_from": "2026-01-12", "day_to": "2026-01-18"
        });
        let offers = format!("/api/v1/markets/{}/offers", stage.market_id);
        let cases: [(&Organisation, Role, String, &serde_json::Value); 2] = [
            (&stage.buyer.organisation, Role::Usaha, format!("{}/demands", trade.round), &demand),
            (&stage.seller.organisation, Role::Seller, offers, &offer),
        ];
        let mut phone = 81_200_000_000_i64;
        for (side, role, path, body) in cases {
            for decider in [Role::Operator, Role::Approver, Role::OpeningOfficer] {
                phone += 1;
                let number = format!("0{phone}");
                let deciding = role_of(&test, &number, &stage.operator.organisation, decider);
                let trading = role_of(&test, &number, side, role);
                let client = test.signed_in(trading, true);
                assert_eq!(client.post(&path, body).await.expect(409).code(), "MARKET_DECIDER_TRADES", "{decider}");
                end(&test, deciding);
                if decider == Role::OpeningOfficer {
                    client.post(&path, body).await.expect(201);
                }
            }
        }
    });
}

#[test]
fn nobody_agrees_to_their_own_proposal_in_another_role() {
    on_each_database(|test| async move {
        let trade = Trade::collecting(&test).await;
        let office = &trade.stage.operator.organisation;
        // One person under two names and with two roles: the number says who it is.
        let operator = role_of(&test, "081211111111", office, Role::Operator);
        let as_operator = test.signed_in(operator, true);
        trade.step(&as_operator, "close").await.expect(200);
        trade.step(&as_operator, "solve").await.expect(202);
        assert_eq!(trade.settled().await["status"], "proposed");
        let second = NewPerson {
            name: "Nama lain".to_owned(),
            role: Role::Approver,
            phone: Some(Phone::parse("+62 812 1111 1111").unwrap()),
            email: None,
        };
        let second = test.app.write(SYSTEM, |work| add_person_once(work, office.id, &second)).unwrap();
        let approve = |member_id: i64| {
            let client: Client = test.signed_in(member_id, true);
            let trade = &trade;
            async move { trade.step(&client, "approve").await }
        };
        assert_eq!(approve(second.id).await.expect(409).code(), "ROUND_SAME_PERSON");
        // Nor whoever opened the round, though somebody else had the plan computed.
        let opener = test.member_id(office, "Orang utama", Role::Approver);
        assert_eq!(approve(opener).await.expect(409).code(), "ROUND_SAME_PERSON");
        trade.step(&trade.approver, "approve").await.expect(200);
    });
}
