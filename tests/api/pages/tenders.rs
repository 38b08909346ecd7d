//! Bidding by page: at the counter without scripts, a rival who sees nothing, the opening, the answer, a complaint.

use super::{field, page, submit};
use crate::seal::sale::Sale;
use crate::support::{Answer, Client, on_each_database};
use pasok::tenders::feedback::answers::answer_due;
use pasok::tenders::seal::file::SealedFile;
use reqwest::Method;
use serde_json::json;

/// The fields of a plain bid at the counter.
fn bid<'a>(key: &'a str, place: &'a str, price: &'a str, wish: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("key", key),
        ("place", place),
        ("valid_until", "2026-02-28"),
        ("delivery", "franco"),
        ("price-1", price),
        ("max-1", ""),
        ("do", wish),
    ]
}

async fn bids_of(client: &Client) -> Vec<serde_json::Value> {
    client.get("/api/v1/bids").await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// A page without what differs between any two requests.
fn still(answer: &Answer) -> String {
    let key = if answer.text.contains("name=\"key\"") { field(&answer.text, "key") } else { "none".to_owned() };
    answer.text.replace(&key, "KEY")
}

#[test]
fn a_bid_at_the_counter_is_told_everything_wrong_at_once_and_has_one_effect() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let (seller, place) = (&sale.bidders[0].client, sale.bidders[0].place_id.as_str());
        for path in ["/home".to_owned(), "/calls".to_owned(), format!("/calls/{}", sale.call_id)] {
            let text = page(seller, &path).await.expect(200).text;
            assert!(text.contains("Beras pekan 3"), "{path}: {text}");
        }
        let path = format!("/calls/{}/bid", sale.call_id);
        let form = page(seller, &path).await.expect(200).text;
        assert!(form.contains("Loket") && form.contains("pasok-seal.js"), "{form}");
        let key = field(&form, "key");
        // Everything at once, each beside its field, and nothing typed is lost.
        let mut wrong = bid(&key, place, "mahal", "counter");
        wrong.extend([
            ("from-1-2", "60"),
            ("tier-1-2", "13.000"),
            ("min-1", "90"),
            ("multiple-1", "dua"),
            ("valid_until", ""),
        ]);
        wrong.retain(|(name, value)| *name != "valid_until" || value.is_empty());
        let refused = submit(seller, &path, &wrong).await.expect(422).text;
        for part in [
            "problem-price-1",
            "problem-min-1",
            "problem-multiple-1",
            "problem-valid_until",
            "value=\"mahal\"",
            "value=\"13.000\"",
        ] {
            assert!(refused.contains(part), "{part}: {refused}");
        }
        // One more step without scripts; then a check, which places nothing.
        let more = submit(seller, &path, &bid(&key, place, "12.900", "add-1")).await.expect(200).text;
        assert!(more.contains("value=\"12.900\"") && field(&more, "steps-1") == "1", "{more}");
        let checked = submit(seller, &path, &bid(&key, place, "12.900", "check")).await.expect(200).text;
        assert!(checked.contains("Isian benar") && bids_of(seller).await.is_empty(), "{checked}");
        for _ in 0..2 {
            let done = submit(seller, &path, &bid(&key, place, "12.900", "counter")).await.expect(200).text;
            assert!(done.contains("disegel di loket") && done.contains("server melihat harganya"), "{done}");
            assert!(!done.contains("12.900"), "the server forgot nothing: {done}");
        }
        let placed = bids_of(seller).await;
        assert_eq!((placed.len(), &placed[0]["current"]), (1, &1.into()));
    });
}

#[test]
fn a_bid_sealed_in_the_browser_is_taken_confirmed_withdrawn_and_placed_again() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let seller = &sale.bidders[0].client;
        let path = format!("/calls/{}/bid", sale.call_id);
        let sealed = sale.sealed(0, "12500").await;
        let word = |name: &str| sealed[name].as_str().unwrap().to_owned();
        let send = async |key: &str, terms: &str| {
            let (file, recipient, commitment) = (word("sealed"), word("recipient"), word("commitment"));
            let fields = [
                ("key", key),
                ("sealed", &file),
                ("recipient", &recipient),
                ("commitment", &commitment),
                ("terms_version", terms),
            ];
            submit(seller, &format!("{path}/sealed"), &fields).await
        };
        let key = field(&page(seller, &path).await.expect(200).text, "key");
        assert!(send(&key, "2").await.expect(422).text.contains("Ketentuan lelang sudah berubah"));
        let receipt = send(&key, "1").await.expect(200).text;
        for part in ["server tidak melihat harganya", &word("commitment"), "<svg", "pasok-bid-receipt/v1"] {
            assert!(receipt.contains(part), "{part}: {receipt}");
        }
        let id = bids_of(seller).await[0]["id"].as_str().unwrap().to_owned();
        // The terms change: the bid says so and is confirmed.
        let (caller, call_id) = (sale.caller.clone(), sale.call_id);
        test.app
            .write(&caller, |work| {
                use pasok::tenders::calls::{CallEntry, service};
                let call = service::get(work.connection, work.scope, call_id)?;
                let entry = CallEntry {
                    title: call.terms.title.clone(),
                    closes_at: call.terms.closes_at.to_string(),
                    min_bids: 1,
                    partial_awards: true,
                    who_may_bid: Vec::new(),
                    certificates: Vec::new(),
                    documents: vec!["Surat izin usaha".to_owned()],
                    notes: String::new(),
                    complaint_hours: 0,
                };
                service::change_terms(work, &caller, call_id, call.version, (&entry, "Tambah satu dokumen"))
            })
            .unwrap();
        let stale = page(seller, &format!("/bids/{id}")).await.expect(200).text;
        assert!(stale.contains("Ketentuan berubah") && stale.contains("Tambah satu dokumen"), "{stale}");
        let fields =
            [("key", field(&stale, "key")), ("version", field(&stale, "version")), ("terms_version", "2".to_owned())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        for _ in 0..2 {
            let confirmed = submit(seller, &format!("/bids/{id}/confirm"), &fields).await.expect(200).text;
            assert!(confirmed.contains("berlaku untuk ketentuan yang baru"), "{confirmed}");
        }
        let shown = page(seller, &format!("/bids/{id}")).await.expect(200).text;
        let fields = [("key", field(&shown, "key")), ("version", field(&shown, "version"))];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let gone = submit(seller, &format!("/bids/{id}/withdraw"), &fields).await.expect(200).text;
        assert!(gone.contains(">ditarik<"), "{gone}");
        assert!(SealedFile::parse(Vec::new()).is_err());
    });
}

#[test]
fn nobody_else_sees_a_bid_or_a_price_before_the_opening() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let (seller, rival) = (&sale.bidders[0].client, &sale.bidders[1].client);
        let operator = &sale.trade.stage.operator.client;
        let looks = [
            (rival, format!("/calls/{}", sale.call_id)),
            (rival, "/calls".to_owned()),
            (rival, "/home".to_owned()),
            (rival, format!("/calls/{}/bid", sale.call_id)),
            (operator, format!("/calls/{}", sale.call_id)),
            (&sale.officers[0], format!("/calls/{}", sale.call_id)),
        ];
        let mut before = Vec::new();
        for (who, path) in &looks {
            before.push(still(&page(who, path).await.expect(200)));
        }
        let path = format!("/calls/{}/bid", sale.call_id);
        let key = field(&page(seller, &path).await.expect(200).text, "key");
        let fields = bid(&key, &sale.bidders[0].place_id, "12.987", "counter");
        submit(seller, &path, &fields).await.expect(200);
        let id = bids_of(seller).await[0]["id"].as_str().unwrap().to_owned();
        for ((who, path), before) in looks.iter().zip(before) {
            assert_eq!(still(&page(who, path).await.expect(200)), before, "{path}");
        }
        for who in [rival, operator, &sale.officers[0]] {
            let there = page(who, &format!("/bids/{id}")).await.expect(404);
            let nowhere = page(who, "/bids/4611686018427387905").await.expect(404);
            let plain = |answer: &Answer, address: &str| answer.text.replace(address, "ADDRESS");
            assert_eq!(plain(&there, &format!("/bids/{id}")), plain(&nowhere, "/bids/4611686018427387905"));
        }
        // A stranger finds no call at all.
        let stranger = test.organisation("ASING", pasok::parties::Class::Besar, &[pasok::parties::Capability::Seller]);
        let stranger = test.member(&stranger, "Orang asing", pasok::parties::Role::Seller);
        for rest in ["", "/bid"] {
            page(&stranger, &format!("/calls/{}{rest}", sale.call_id)).await.expect(404);
        }
        let foreign = bid(&key, &sale.bidders[0].place_id, "12.000", "counter");
        submit(&stranger, &path, &foreign).await.expect(404);
    });
}

#[test]
fn after_the_opening_a_bidder_sees_the_own_bid_its_answer_and_may_complain() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        sale.place(0, &sale.sealed(0, "12500").await).await.expect(201);
        sale.place(1, &sale.sealed(1, "13900").await).await.expect(201);
        sale.close(&test).await;
        sale.sit("opening", (0, 1)).await.expect(200);
        let (winner, loser) = (&sale.bidders[0].client, &sale.bidders[1].client);
        let lost = bids_of(loser).await[0]["id"].as_str().unwrap().to_owned();
        let shown = page(loser, &format!("/bids/{lost}")).await.expect(200).text;
        assert!(shown.contains("13.900") && !shown.contains("12.500"), "{shown}");
        let call = page(winner, &format!("/calls/{}", sale.call_id)).await.expect(200).text;
        assert!(call.contains("Berita acara pembukaan") && call.contains("2 penawaran"), "{call}");
        sale.trade.step(&sale.trade.stage.operator.client, "solve").await.expect(202);
        assert_eq!(sale.trade.settled().await["status"], "proposed");
        let app = test.app.clone();
        tokio::task::spawn_blocking(move || answer_due(&app)).await.unwrap().unwrap();
        let answered = page(loser, &format!("/bids/{lost}")).await.expect(200).text;
        // The threshold may lie near a rival's price; who that is, is never told.
        assert!(answered.contains("Anda akan menang") && !answered.contains("GROSIR-1"), "{answered}");
        let key = field(&answered, "key");
        let empty = [("key", key.as_str()), ("lot", "1"), ("words", " ")];
        let complain = format!("/bids/{lost}/complain");
        assert!(submit(loser, &complain, &empty).await.expect(422).text.contains("problem-words"));
        let said = [("key", key.as_str()), ("lot", "1"), ("words", "Gudang kami\r\nlebih dekat")];
        for _ in 0..2 {
            let done = submit(loser, &complain, &said).await.expect(200).text;
            assert!(done.contains("Gudang kami") && done.contains("menunggu jawaban"), "{done}");
        }
        let all = loser.get(&sale.at("complaints")).await.expect(200).json();
        assert_eq!(all["items"].as_array().unwrap().len(), 1);
        // Somebody else's form for it is nobody's.
        submit(winner, &complain, &said).await.expect(404);
    });
}

#[test]
fn a_form_from_another_site_places_nothing() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let (seller, place) = (&sale.bidders[0].client, sale.bidders[0].place_id.as_str());
        let fields = bid("0123456789abcdef0123456789abcdef", place, "12.900", "counter");
        let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let signed = seller.request(Method::GET, "/").build().unwrap();
        let token = signed.headers()["authorization"].to_str().unwrap().trim_start_matches("Bearer ").to_owned();
        let send = async |site: &str, path: &str| {
            let anyone = test.anyone();
            let request = anyone.request(Method::POST, &format!("/calls/{}/{path}", sale.call_id));
            let request = request.header("accept", "text/html").header("sec-fetch-site", site);
            let request = request.header("cookie", format!("__Host-pasok={token}"));
            let request = request.header("content-type", "application/x-www-form-urlencoded").body(body.clone());
            anyone.send(request).await
        };
        for path in ["bid", "bid/sealed"] {
            assert!(send("cross-site", path).await.expect(403).text.contains("FOREIGN_ORIGIN"));
        }
        assert_eq!(json!(bids_of(seller).await), json!([]));
        // The same form from the own site does: nothing else kept it out.
        assert_eq!(send("same-origin", "bid").await.status, 200);
        assert_eq!(bids_of(seller).await.len(), 1);
    });
}
