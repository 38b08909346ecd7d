//! From an operation of the OpenAPI document to a request about somebody's record.

use super::world::{Market, Person, Whose, World, new_place, new_token, sql};
use crate::support::{SYSTEM, TestApp};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pasok::access::sessions::{self, Opening};
use pasok::audit::note::{Kind, Signer};
use pasok::audit::{Change, Principal, service, witness::Witness};
use pasok::parties::people::{NewPerson, add_person_once};
use pasok::parties::{Phone, Role};
use pasok::scope::Scope;
use pasok::tenders::seal::envelope::Envelope;
use pasok::tenders::seal::file::SealedFile;
use pasok::tenders::seal::share::Share;
use pasok::values::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// An operation as the OpenAPI document has it.
pub struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
    pub takes_body: bool,
    pub takes_version: bool,
    pub takes_key: bool,
}

/// What a person does about their own account with their own secrets: no role and no organisation is asked for. Nobody in the
/// world has a password, so whatever takes one is refused; their stories are in `tests/api/access`.
const OWN_ACCOUNT: [&str; 3] = ["/api/v1/sessions", "/api/v1/accounts/me", "/api/v1/codes/redeem"];

/// What is nobody's own.
const SHARED: [&str; 3] = ["commodities", "regions", "checkpoints"];

/// Every operation of the document.
pub fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(pasok::router::openapi()).unwrap();
    let mut all = Vec::new();
    let paths = document["paths"].as_object().unwrap();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let empty = Vec::new();
            let parameters = operation["parameters"].as_array().unwrap_or(&empty);
            let takes = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
            all.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                takes_body: operation["requestBody"].is_object(),
                takes_version: takes("if-match"),
                takes_key: takes("idempotency-key"),
            });
        }
    }
    all
}

impl Operation {
    /// Whether it is about the account of whoever asks.
    pub fn is_own_account(&self) -> bool {
        OWN_ACCOUNT.iter().any(|own| self.path.starts_with(own))
    }

    /// What the path parameter names: the word before it (`demands`), if there is one.
    pub fn kind(&self) -> Option<&str> {
        let before = self.path.split("/{").next().unwrap();
        self.path.contains('{').then(|| before.rsplit('/').next().unwrap())
    }

    /// Whether somebody's record can be named at all: in the path, or in the body or query of these two.
    pub fn names_a_record(&self) -> bool {
        self.is_about_an_organisation()
            || self.is_about_a_market()
            || self.is_about_a_role()
            || self.kind().is_some_and(|kind| !SHARED.contains(&kind))
    }

    /// Tables are taken in and out of a market that the query names.
    fn is_about_a_market(&self) -> bool {
        ["preview_table", "import_table", "export_table"].contains(&self.id.as_str())
    }

    /// The role to act in is named in the body.
    fn is_about_a_role(&self) -> bool {
        self.id == "change_member"
    }

    fn is_about_an_organisation(&self) -> bool {
        ["create_place", "list_places"].contains(&self.id.as_str())
    }
}

/// A request, ready to be sent; `target` is the id in it.
pub struct Request {
    pub path: String,
    pub target: String,
    pub version: String,
    pub body: Option<Value>,
}

/// A request about a record; `None` where there is no such record.
pub fn request(test: &TestApp, world: &World, operation: &Operation, person: &Person, whose: Whose) -> Option<Request> {
    let target = match operation.kind() {
        Some(kind) => Some(target(test, world, operation, kind, person, whose)?),
        None if operation.is_about_an_organisation() => Some((organisation(world, person, whose), "organisations")),
        None if operation.is_about_a_role() && whose == Whose::Own => Some((person.member, "members")),
        None if operation.is_about_a_role() => Some((world.party(whose).member, "members")),
        None if operation.is_about_a_market() && whose == Whose::Neighbour => return None,
        None if operation.is_about_a_market() => Some((world.market(whose).id, "markets")),
        None => None,
    };
    // A budget has versions of its own; in a new round there is none yet.
    let version = target.filter(|_| operation.id != "set_budget").map_or(1, |(id, table)| version_of(test, table, id));
    let version = if operation.id == "set_budget" { 0 } else { version };
    let text = target.map(|(id, table)| if table == "regions" { "53".to_owned() } else { id.to_string() });
    let text = text.unwrap_or_default();
    let mut path = operation.path.clone();
    if let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
        path.replace_range(start..=end, &text);
    } else if operation.id == "list_places" {
        path = format!("{path}?organisation_id={text}");
    } else if operation.id == "get_template" {
        path = format!("{path}?kind=offers");
    } else if let Some(query) = log_query(&operation.id) {
        path = format!("{path}?{query}");
    } else if operation.is_about_a_market() {
        path = format!("{path}?kind=offers&market={text}");
    }
    let body = operation.takes_body.then(|| body(test, world, &operation.id, person, &text));
    Some(Request { path, target: text, version: format!("\"{version}\""), body })
}

/// Which leaf and trees a question about the log is about.
fn log_query(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "get_inclusion" => "index=0&size=2",
        "get_consistency" => "old=1&new=2",
        "get_request" => "old=0",
        _ => return None,
    })
}

/// The size of the newest checkpoint.
fn checkpoint(test: &TestApp) -> i64 {
    let rows = test.app.read(SYSTEM, |connection, _| service::list_checkpoints(connection, i64::MAX, 1));
    rows.expect("checkpoints").first().expect("a checkpoint").size
}

/// The signature line of a believed witness under a new checkpoint.
fn cosignature(test: &TestApp) -> String {
    let signed = test.app.write(SYSTEM, |work| {
        let _: () = work.checkpoint("asked");
        Ok(())
    });
    signed.expect("a checkpoint");
    let signer = Signer::new("saksi.example/matriks", Kind::Cosignature, [7; 32]);
    test.app.write(SYSTEM, |work| service::add_witness(work, &signer.verifier())).expect("a witness");
    let folder = tempfile::tempdir().expect("a folder");
    let mut witness = Witness::open(&folder.path().join("w.json")).expect("a witness");
    witness.watch(&test.app.record.keys().signer().expect("a key").verifier()).expect("a log");
    let request = test.app.read(SYSTEM, |connection, _| service::request(connection, 0)).expect("a request");
    let line = witness.cosign(&signer, &request.to_string(), 1_767_600_000).expect("a signature");
    line.expect("an agreement").to_string()
}

/// The organisation that a person asks for.
fn acting_for(world: &World, person: &Person) -> i64 {
    if person.role == Role::Assistant { world.party(Whose::Granted).organisation.id } else { person.organisation }
}

fn organisation(world: &World, person: &Person, whose: Whose) -> i64 {
    if whose == Whose::Own { person.organisation } else { world.party(whose).organisation.id }
}

/// The record and its table; a fresh one for requests that change it.
fn target(
    test: &TestApp,
    world: &World,
    operation: &Operation,
    kind: &str,
    person: &Person,
    whose: Whose,
) -> Option<(i64, &'static str)> {
    let (party, market) = (world.party(whose), world.market(whose));
    let changes = operation.method != Method::GET;
    let next = std::cell::Cell::new(world.fresh() * 1_000);
    Some(match kind {
        "commodities" => (world.commodity, "commodities"),
        "regions" => (0, "regions"),
        "checkpoints" => (checkpoint(test), "log_checkpoints"),
        "leaves" if whose == Whose::Own => {
            (new_leaf(test, world, person.member, person.organisation, market.id), "audit_entries")
        }
        "leaves" => (new_leaf(test, world, party.member, party.organisation.id, market.id), "audit_entries"),
        "sessions" => (new_session(test, if whose == Whose::Own { person.member } else { party.member }), "sessions"),
        "organisations" => (organisation(world, person, whose), "organisations"),
        "places" if whose == Whose::Own => (new_place(test, person.organisation, "Gudang"), "places"),
        "places" => (party.place, "places"),
        "members" if changes && operation.id != "issue_token" => {
            (new_person(test, world, organisation(world, person, whose)).0, "members")
        }
        "accounts" => (new_person(test, world, organisation(world, person, whose)).1, "accounts"),
        "grants" => (new_grant(test, world, organisation(world, person, whose)), "grants"),
        "members" if whose == Whose::Own => (person.member, "members"),
        "members" => (party.member, "members"),
        "tokens" if whose == Whose::Own => (new_token(test, person.member), "access_tokens"),
        "tokens" => (new_token(test, party.member), "access_tokens"),
        "demands" if changes => (party.new_demand(test, market, world.commodity), "demands"),
        "demands" => (party.demand, "demands"),
        "offers" if changes => (party.new_offer(test, market, world.commodity), "offers"),
        "offers" => (party.offer, "offers"),
        "orders" if changes => (party.new_order(test, market, &next), "orders"),
        "orders" => (party.order, "orders"),
        // A market has no neighbour.
        "markets" | "rounds" | "calls" | "scenarios" if whose == Whose::Neighbour => return None,
        "markets" => (market.id, "markets"),
        "calls" => (new_call(test, market, call_status(&operation.id), world.fresh()), "calls"),
        "scenarios" => (new_scenario(test, market, world.fresh(), &next), "scenarios"),
        "complaints" => (new_complaint(test, market, organisation(world, person, whose), world.fresh()), "complaints"),
        "bids" => {
            let call = new_call(test, market, bid_status(&operation.id), world.fresh());
            (new_bid(test, market, call, organisation(world, person, whose), world.fresh()), "bids")
        }
        "rounds" => match round_status(&operation.id) {
            Some(status) => {
                // A clone is of the newest call there is.
                if operation.id == "clone_call" {
                    new_call(test, market, "cancelled", world.fresh());
                }
                (market.new_round(test, status, &next), "rounds")
            }
            None if operation.id.contains("demand") || operation.id == "get_round" => (market.round, "rounds"),
            None => (market.published, "rounds"),
        },
        other => panic!("the matrix does not know how to name one of /{other}/: add it to requests.rs"),
    })
}

/// The status in which a call takes a step.
fn call_status(operation: &str) -> &'static str {
    match operation {
        "take_seat" | "publish_call" | "cancel_call" | "change_lots" => "draft",
        "begin_sitting" | "finish_sitting" => "closed",
        "get_minutes" | "get_screens" | "list_call_bids" => "opened",
        _ => "published",
    }
}

/// The status of the call in which something happens to a bid.
fn bid_status(operation: &str) -> &'static str {
    if ["complain", "get_answer"].contains(&operation) { "opened" } else { "published" }
}

/// A scenario of a closed round that nobody has solved.
fn new_scenario(test: &TestApp, market: &Market, id: i64, next: &std::cell::Cell<i64>) -> i64 {
    let round = market.new_round(test, "closed", next);
    let by = test.actor(market.operator.id, "Penghitung", Role::Operator).member_id;
    let (market_id, id) = (market.id, id + 4_000_000_000);
    sql(
        test,
        &format!(
            "INSERT INTO scenarios (id, market_id, round_id, name, rules, status, base_sha256, snapshot_sha256, created_by, created_at) \
             VALUES ({id}, {market_id}, {round}, 'Termurah', '{{}}', 'waiting', 'aa', '', {by}, 1)"
        ),
    );
    id
}

/// A complaint of an organisation about an opened call.
fn new_complaint(test: &TestApp, market: &Market, bidder: i64, id: i64) -> i64 {
    let call = new_call(test, market, "opened", id);
    let by = test.actor(bidder, "Orang lama", Role::Ketua).member_id;
    let (market_id, round, id) = (market.id, market.round, id + 3_000_000_000);
    sql(
        test,
        &format!(
            "INSERT INTO complaints (id, market_id, round_id, call_id, bidder_id, status, words, created_by, created_at) \
             VALUES ({id}, {market_id}, {round}, {call}, {bidder}, 'open', 'Harga kami lebih rendah', {by}, 1)"
        ),
    );
    id
}

/// A key to seal to; its other half is nobody's.
const NOBODYS_KEY: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

/// A call on rice in some status, with a committee's key and, once opened, minutes.
fn new_call(test: &TestApp, market: &Market, status: &str, serial: i64) -> i64 {
    let id = test.app.ids.next(test.app.clock.as_ref());
    let by = test.actor(market.operator.id, "Pengusul", Role::Operator).member_id;
    let (market_id, round) = (market.id, market.round);
    let closes_at = Timestamp::parse("2026-01-08T08:00:00Z").expect("an instant").as_micros();
    let received = if ["draft", "published"].contains(&status) { "NULL" } else { "0" };
    sql(
        test,
        &format!(
            "INSERT INTO calls (id, market_id, round_id, number, serial, title, status, closes_at, min_bids, partial_awards, \
             bids_received, created_by, created_at) VALUES ({id}, {market_id}, {round}, 'L-{id}', {id}, 'Beras', '{status}', \
             {closes_at}, 1, 1, {received}, {by}, 1)"
        ),
    );
    sql(
        test,
        &format!(
            "INSERT INTO lots (id, market_id, call_id, number, commodity_id, area_name, day_from, day_to, quantity, pack, points) \
             SELECT {id}, {market_id}, {id}, 1, c.id, 'Pasar', '2026-01-12', '2026-01-17', 500000, 1000, 2 \
             FROM commodities c WHERE c.code = 'beras_medium'"
        ),
    );
    if status != "draft" {
        sql(
            test,
            &format!(
                "INSERT INTO call_keys (call_id, market_id, recipient, rehearsal_recipient, dummy, dummy_commitment, founded_at, \
                 rehearsed_at) VALUES ({id}, {market_id}, '{NOBODYS_KEY}', '{NOBODYS_KEY}', '', '', 1, 1)"
            ),
        );
    }
    if status == "opened" {
        let other = test.actor(market.operator.id, &format!("Petugas {serial}"), Role::OpeningOfficer).member_id;
        sql(
            test,
            &format!(
                "INSERT INTO opening_minutes (call_id, market_id, first_member, second_member, opened_at, text) \
                 VALUES ({id}, {market_id}, {by}, {other}, 1, 'Berita acara')"
            ),
        );
    }
    id
}

/// A bid that nobody sealed.
fn new_bid(test: &TestApp, market: &Market, call: i64, bidder: i64, id: i64) -> i64 {
    let by = test.actor(bidder, "Orang lama", Role::Ketua).member_id;
    let (market_id, version) = (market.id, id + 1_000_000_000);
    let id = id + 2_000_000_000;
    sql(
        test,
        &format!(
            "INSERT INTO bids (id, market_id, call_id, bidder_id, status, current, terms_version, placed_at, created_by) \
             VALUES ({id}, {market_id}, {call}, {bidder}, 'placed', 1, 1, 1, {by})"
        ),
    );
    sql(
        test,
        &format!(
            "INSERT INTO bid_versions (id, market_id, call_id, bid_id, bidder_id, number, terms_version, sealed, commitment, \
             sealed_where, placed_by, placed_at) VALUES ({version}, {market_id}, {call}, {id}, {bidder}, 1, 1, 'AAAA', 'ab', \
             'browser', {by}, 1)"
        ),
    );
    id
}

/// A bid of this organisation on a call, in the clear.
fn bid_document(test: &TestApp, organisation: i64, call: &str) -> Value {
    json!({ "format": "pasok-bid/1", "call_id": call, "bidder_id": organisation.to_string(), "terms_version": 1,
        "place_id": new_place(test, organisation, "Gudang penawar").to_string(), "valid_until": "2026-02-28",
        "lines": [{ "lot": 1, "price": "13000", "max_quantity": 500_000, "delivery": { "terms": "franco" } }] })
}

/// The same, sealed to the call's key.
fn sealed_bid(test: &TestApp, organisation: i64, call: &str) -> Value {
    let envelope = Envelope {
        call_id: call.parse().expect("a call"),
        bidder_id: organisation,
        nonce: Zeroizing::new(rand::random()),
        document: Zeroizing::new(bid_document(test, organisation, call).to_string().into_bytes()),
    };
    let file = SealedFile::seal(&envelope, &NOBODYS_KEY.parse().expect("a key")).expect("a seal");
    json!({ "terms_version": 1, "recipient": NOBODYS_KEY, "commitment": envelope.commitment(),
        "sealed": STANDARD.encode(file.bytes()) })
}

/// The status in which a round takes a step.
fn round_status(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "close_round" | "cancel_round" | "create_call" | "clone_call" | "set_budget" => "collecting",
        "solve_round" | "create_scenarios" => "closed",
        "approve_round" | "reopen_round" => "proposed",
        // Publishing twice answers like publishing once; publishing for good takes a real plan and is a story of its own.
        "publish_round" => "published",
        _ => return None,
    })
}

fn version_of(test: &TestApp, table: &str, id: i64) -> i64 {
    use diesel::prelude::*;
    use diesel::sql_types::BigInt;
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        version: i64,
    }
    if ["commodities", "regions", "access_tokens", "log_checkpoints", "audit_entries", "sessions"].contains(&table) {
        return 1;
    }
    let text = format!("SELECT version FROM {table} WHERE id = {id}");
    let row = test.app.read(crate::support::SYSTEM, |connection, _| {
        Ok(pasok::on_backend!(connection, inner => diesel::sql_query(text).get_result::<Row>(inner)?))
    });
    row.expect("a version").version
}

/// A body that the operation accepts; a text is a table.
fn body(test: &TestApp, world: &World, operation: &str, person: &Person, target: &str) -> Value {
    let fresh = world.fresh();
    let place = || new_place(test, person.organisation, &format!("Titik {fresh}")).to_string();
    let demand = || json!({ "place": place(), "commodity": "beras_medium", "quantity": "5", "unit": "karung25" });
    let offer = || {
        json!({ "place": place(), "commodity": "beras_medium", "price": "13000", "stock": "500", "unit": "kg",
            "lot": format!("L{fresh}"), "day_from": "2026-01-12", "day_to": "2026-01-17" })
    };
    match operation {
        "preview_table" | "import_table" => {
            new_place(test, person.organisation, "Gudang");
            json!(format!(
                "place,commodity,lot,price,stock,unit,day_from,day_to\nGudang,beras_medium,L{fresh},13000,500,kg,2026-01-12,2026-01-17\n"
            ))
        }
        "sign_in" => json!({ "login": format!("0811{fresh:08}"), "password": "bukan kata sandi siapa pun" }),
        "redeem_code" => {
            json!({ "login": format!("0812{fresh:08}"), "code": "AAAA-BBBB-CCCC", "password": "bukan kata sandi siapa pun" })
        }
        "change_password" => json!({ "current": "bukan ini", "new": "bukan kata sandi siapa pun" }),
        "begin_second_factor" => json!({ "password": "bukan ini" }),
        "confirm_second_factor" => json!({ "code": "000000" }),
        "change_member" => json!({ "member_id": target }),
        "begin_sitting" | "finish_sitting" => {
            let share = Share::draw(target.parse().expect("a call"), 1).text();
            if operation == "begin_sitting" {
                json!({ "purpose": "opening", "share": share })
            } else {
                json!({ "code": "0", "share": share })
            }
        }
        "create_call" => {
            json!({ "terms": call_terms(&format!("Beras {fresh}")), "lots": [{ "commodity": "beras_medium",
            "area_name": "Pasar", "day_from": "2026-01-12", "day_to": "2026-01-17", "quantity": "500", "unit": "kg", "points": 2 }] })
        }
        "change_lots" => json!({ "lots": [{ "commodity": "beras_medium", "area_name": format!("Pasar {fresh}"),
            "day_from": "2026-01-12", "day_to": "2026-01-17", "quantity": "400", "unit": "kg", "points": 2 }] }),
        "read_bid_sheet" => json!("lot,price,maximum\n1,12500,20\n"),
        "clone_call" => json!({ "closes_at": "2026-01-08T08:00:00Z" }),
        "change_call" => json!({ "terms": call_terms(&format!("Beras {fresh}")), "reason": "uji" }),
        "create_scenarios" => json!({ "scenarios": [{ "name": format!("Termurah {fresh}") }] }),
        "check_bid" => bid_document(test, acting_for(world, person), target),
        "complain" => json!({ "words": "Harga kami lebih rendah" }),
        "answer_complaint" => json!({ "verdict": "dismissed", "answer": "Gudang di luar wilayah" }),
        "confirm_bid" => json!({ "terms_version": 1 }),
        "place_bid" => sealed_bid(test, acting_for(world, person), target),
        "place_bid_at_counter" => json!({ "document": bid_document(test, acting_for(world, person), target) }),
        "post_demand" => demand(),
        "post_demands" => json!({ "demands": [demand()] }),
        "post_offer" => offer(),
        "post_offers" => json!({ "offers": [offer()] }),
        "change_demand" => json!({ "quantity": "4", "unit": "karung25" }),
        "change_offer" => json!({ "price": "13100" }),
        "take_seat" | "withdraw_bid" | "publish_call" | "propose_scenario" | "withdraw_demand" | "withdraw_offer"
        | "accept_order" | "close_round" | "solve_round" | "approve_round" | "publish_round" => json!({}),
        "set_budget" => json!({ "amount_idr": 1_000_000 + fresh }),
        "reject_order" => json!({ "reason": "OUT_OF_STOCK" }),
        "accept_order_in_part" => json!({ "lines": [{ "line_number": 1, "accepted": "1", "reason": "OUT_OF_STOCK" }] }),
        "reopen_round" | "cancel_round" | "cancel_call" | "end_role" => json!({ "reason": "uji" }),
        "create_round" => {
            let mut round = crate::support::round_body();
            round["name"] = json!(format!("Pekan {fresh}"));
            round
        }
        "create_place" => {
            json!({ "organisation_id": target, "name": format!("Titik {fresh}"), "latitude": "-10.1", "longitude": "123.6" })
        }
        "register_organisation" => {
            json!({ "code": format!("BARU-{fresh}"), "name": "Baru", "class": "kdmp", "capabilities": ["buyer"] })
        }
        "change_status" => json!({ "status": "active", "reason": "uji" }),
        "change_role" => json!({ "role": "usaha", "reason": "uji" }),
        "change_contact" => json!({ "phone": format!("0819{fresh:08}"), "reason": "uji" }),
        "hand_over_code" => json!({ "purpose": "password_reset" }),
        "give_grant" => json!({ "assistant_id": new_assistant(test, world).to_string(), "scope": "read" }),
        "add_member" => json!({ "name": format!("Orang {fresh}"), "role": "gudang" }),
        "issue_token" => json!({ "label": format!("uji {fresh}") }),
        "add_members" => {
            let (class, sells) = (pasok::parties::Class::Kdmp, pasok::parties::Capability::Seller);
            json!({ "organisation_ids": [test.organisation(&format!("ANGGOTA-{fresh}"), class, &[sells]).id.to_string()] })
        }
        "add_cosignatures" => json!({ "lines": cosignature(test) }),
        "change_settings" => json!({ "name": format!("Pasar {fresh}"), "reason": "uji" }),
        "create_market" => {
            json!({ "code": format!("pasar-{fresh}"), "name": "Pasar", "time_zone": "Asia/Makassar", "rice_zone": 2,
            "circuity_permille": 1450, "delivery_weekdays": [1, 2], "shortage_permille": 3000,
            "freight": { "idr_per_kg_km": "1.5", "cold_idr_per_kg_km": "3", "base_idr_per_kg": "0" } })
        }
        other => panic!("the matrix has no body for {other}: add one to requests.rs"),
    }
}

/// The place of an entry in which this organisation acted in this market, under a checkpoint.
fn new_leaf(test: &TestApp, world: &World, member_id: i64, organisation_id: i64, market_id: i64) -> i64 {
    let id = world.fresh();
    let principal = Principal { member_id: Some(member_id), organisation_id: Some(organisation_id) };
    let written = test.app.write(Scope::system_for("the matrix", principal), |work| {
        let change = Change {
            market_id: Some(market_id),
            subject: "tests",
            subject_id: id,
            event: "counted",
            ..Change::default()
        };
        work.record(change)?;
        let _: () = work.checkpoint("asked");
        Ok(())
    });
    written.expect("an entry");
    let found = test.app.read(SYSTEM, |connection, _| {
        use diesel::prelude::*;
        use pasok::db::schema::audit_entries as e;
        Ok(e::table
            .filter(e::subject.eq("tests"))
            .filter(e::subject_id.eq(id))
            .select(e::leaf_index)
            .first(connection)?)
    });
    found.expect("a leaf")
}

/// Another session of a member.
fn new_session(test: &TestApp, member_id: i64) -> i64 {
    let opening = Opening { member_id, client: "another".to_owned(), second_factor: false };
    let limits = test.app.config.limits;
    test.app.write(SYSTEM, |work| sessions::open(work, &opening, &limits)).expect("a session").0.id
}

fn call_terms(title: &str) -> Value {
    json!({ "title": title, "closes_at": "2026-01-08T08:00:00Z" })
}

/// A person with a number and a plain role: the member and the account.
fn new_person(test: &TestApp, world: &World, organisation_id: i64) -> (i64, i64) {
    let fresh = world.fresh();
    let new = NewPerson {
        name: format!("Orang {fresh}"),
        role: Role::Gudang,
        phone: Some(Phone::parse(&format!("0818{fresh:08}")).expect("a number")),
        email: None,
    };
    let made = test.app.write(SYSTEM, |work| add_person_once(work, organisation_id, &new));
    let member = made.expect("a person");
    (member.id, member.account_id)
}

/// An assistant whom nobody granted anything yet.
fn new_assistant(test: &TestApp, world: &World) -> i64 {
    let fresh = world.fresh();
    let class = pasok::parties::Class::Pemerintah;
    let home = test.organisation(&format!("DAMPING-{fresh}"), class, &[pasok::parties::Capability::Assistant]);
    test.member_id(&home, &format!("Pendamping {fresh}"), Role::Assistant)
}

/// A live grant of an organisation to somebody new.
fn new_grant(test: &TestApp, world: &World, organisation_id: i64) -> i64 {
    let (assistant, id) = (new_assistant(test, world), world.fresh());
    let (by, _) = new_person(test, world, organisation_id);
    sql(
        test,
        &format!(
            "INSERT INTO grants (id, organisation_id, assistant_id, scope, granted_by, granted_at, expires_at) \
             VALUES ({id}, {organisation_id}, {assistant}, 'read', {by}, 0, 4000000000000000)"
        ),
    );
    id
}
