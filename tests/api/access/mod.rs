//! People, sessions, codes, grants, tokens: who may come in, and for whom.

mod codes;
mod duties;
mod flood;
mod grants;
mod members;
mod second_factor;
mod sessions;
mod sign_in;
mod tokens;

use crate::support::{Answer, Client, SYSTEM, TestApp};
use pasok::access::codes::invite_once;
use pasok::parties::people::{NewPerson, add_person_once};
use pasok::parties::{Organisation, Phone, Role};
use serde_json::{Value, json};

/// A password that keeps every rule.
pub const PASSWORD: &str = "empat ekor kuda putih";

/// Somebody with a telephone number, in a role.
pub struct Person {
    pub phone: String,
    pub account_id: i64,
    pub member_id: i64,
}

/// Puts organisations into a market of the operator, so that it looks after them.
pub fn look_after(test: &TestApp, operator: &Organisation, organisations: &[i64]) {
    let market = crate::support::market_named(test, operator.id, "dijaga");
    test.app
        .write(SYSTEM, |work| pasok::markets::service::join_many(work, market.id, organisations))
        .expect("members of the market");
}

/// A person who was invited and has not used the invitation yet.
pub fn invited(test: &TestApp, organisation: &Organisation, name: &str, role: Role, phone: &str) -> (Person, String) {
    let new = NewPerson { name: name.to_owned(), role, phone: Some(Phone::parse(phone).unwrap()), email: None };
    let made = test.app.write(SYSTEM, |work| {
        let member = add_person_once(work, organisation.id, &new)?;
        let code = invite_once(work, member.account_id)?.expect("an invitation").1;
        Ok((member, code))
    });
    let (member, code) = made.unwrap();
    (Person { phone: phone.to_owned(), account_id: member.account_id, member_id: member.id }, code)
}

/// A person who chose [`PASSWORD`].
pub async fn settled(test: &TestApp, organisation: &Organisation, name: &str, role: Role, phone: &str) -> Person {
    let (person, code) = invited(test, organisation, name, role, phone);
    redeem(test, phone, &code, PASSWORD).await.expect(200);
    person
}

pub async fn redeem(test: &TestApp, login: &str, code: &str, password: &str) -> Answer {
    let body = json!({ "login": login, "code": code, "password": password });
    post(test, "/api/v1/codes/redeem", &body).await
}

pub async fn sign_in(test: &TestApp, login: &str, password: &str) -> Answer {
    post(test, "/api/v1/sessions", &json!({ "login": login, "password": password })).await
}

pub async fn sign_in_with_code(test: &TestApp, login: &str, code: &str) -> Answer {
    post(test, "/api/v1/sessions", &json!({ "login": login, "password": PASSWORD, "code": code })).await
}

/// POST without anything but the body.
pub async fn post(test: &TestApp, path: &str, body: &Value) -> Answer {
    let anyone = test.anyone();
    anyone.send(anyone.request(reqwest::Method::POST, path).json(body)).await
}

/// A client that carries the token of a sign-in's answer.
pub fn with_token(test: &TestApp, answer: &Answer) -> Client {
    test.anyone().with_token(answer.json()["token"].as_str().unwrap())
}
