//! Everything wrong with shares and sealed files, each refused or recorded with its own reason.

use super::sale::{Sale, body, stray_key};
use crate::support::on_each_database;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pasok::parties::Role;
use pasok::tenders::seal::share::Share;
use serde_json::{Value, json};

#[test]
fn a_broken_sealed_file_is_found_before_it_is_accepted() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let good = sale.sealed(0, "12500").await;
        let bytes = STANDARD.decode(good["sealed"].as_str().unwrap()).unwrap();
        let with = |field: &str, value: Value| {
            let mut body = good.clone();
            body[field] = value;
            body
        };
        let file = |bytes: &[u8]| with("sealed", json!(STANDARD.encode(bytes)));
        let text = |from: &str, to: &str| {
            let head = String::from_utf8_lossy(&bytes[..400]).into_owned();
            let at = head.find(from).unwrap();
            file(&[&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat())
        };
        let cases = [
            (with("sealed", json!("not base64!")), "/sealed SEALED_FILE_NOT_BASE64"),
            (with("sealed", json!("")), "/sealed SEALED_FILE_NOT_AGE"),
            (file(b"a letter"), "/sealed SEALED_FILE_NOT_AGE"),
            (file(&bytes[..bytes.len() - 1]), "/sealed SEALED_FILE_SIZE"),
            (file(&[&bytes[..], b"x"].concat()), "/sealed SEALED_FILE_SIZE"),
            (text("-> X25519", "-> scrypt"), "/sealed SEALED_FILE_RECIPIENTS"),
            (text("-> X25519 ", "=> X25519 "), "/sealed SEALED_FILE_HEADER_BROKEN"),
            (with("recipient", json!(stray_key())), "/recipient SEALED_FOR_OTHER_KEY"),
            (with("commitment", json!("AB")), "/commitment SEAL_MALFORMED"),
            (with("terms_version", json!(2)), "/terms_version BID_TERMS_CHANGED"),
        ];
        for (body, want) in &cases {
            let answer = sale.place(0, body).await;
            assert!((400..500).contains(&answer.status), "{}", answer.text);
            assert_eq!(answer.field_codes(), [*want]);
        }
        sale.place(0, &good).await.expect(201);
        // At the counter the document itself is checked before it is sealed.
        let dear = json!({ "document": sale.document(1, "99000") });
        let answer = sale.bidders[1].client.post(&sale.at("bids/counter"), &dear).await.expect(422);
        assert_eq!(answer.field_codes(), ["/lines/0/price BID_ABOVE_CEILING"]);
    });
}

#[test]
fn a_file_that_does_not_open_is_recorded_with_its_reason_and_stops_no_other() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let recipient = sale.recipient().await;
        sale.place(0, &sale.sealed(0, "12500").await).await.expect(201);
        // Sealed to a stray key although it says otherwise; and a commitment to something else.
        let mut stray = sale.seal_to(&stray_key(), 1, &sale.document(1, "12400"));
        stray["recipient"] = json!(recipient);
        sale.place(1, &stray).await.expect(201);
        let mut other = sale.sealed(2, "12300").await;
        other["commitment"] = json!("ab".repeat(32));
        sale.place(2, &other).await.expect(201);
        sale.close(&test).await;
        let minutes =
            sale.sit("opening", (1, 2)).await.expect(200).json()["minutes"]["text"].as_str().unwrap().to_owned();
        for word in [" opened\n", " other_key\n", " commitment_differs\n"] {
            assert_eq!(minutes.matches(word).count(), 1, "{word} in {minutes}");
        }
        let statuses =
            [sale.own_bid(0).await, sale.own_bid(1).await, sale.own_bid(2).await].map(|(_, bid)| bid["status"].clone());
        assert_eq!(statuses, ["opened", "invalid", "invalid"]);
    });
}

#[test]
fn another_ones_envelope_and_garbage_are_told_apart_at_the_opening() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let recipient = sale.recipient().await;
        let key = recipient.parse().unwrap();
        // The envelope of bidder 1, handed in by bidder 0; one of another call; one that is altered.
        let theirs = sale.envelope(1, &sale.document(1, "12000"));
        let file = pasok::tenders::seal::file::SealedFile::seal(&theirs, &key).unwrap();
        sale.place(0, &body(&recipient, file.bytes(), &theirs.commitment())).await.expect(201);
        let mut elsewhere = sale.envelope(1, &sale.document(1, "12000"));
        elsewhere.call_id += 1;
        let file = pasok::tenders::seal::file::SealedFile::seal(&elsewhere, &key).unwrap();
        sale.place(1, &body(&recipient, file.bytes(), &elsewhere.commitment())).await.expect(201);
        let good = sale.envelope(2, &sale.document(2, "12000"));
        let file = pasok::tenders::seal::file::SealedFile::seal(&good, &key).unwrap();
        let mut bent = file.bytes().to_vec();
        *bent.last_mut().unwrap() ^= 1;
        sale.place(2, &body(&recipient, &bent, &good.commitment())).await.expect(201);
        sale.close(&test).await;
        let minutes =
            sale.sit("opening", (0, 2)).await.expect(200).json()["minutes"]["text"].as_str().unwrap().to_owned();
        for word in [" other_bidder\n", " other_call\n", " corrupted\n"] {
            assert_eq!(minutes.matches(word).count(), 1, "{word} in {minutes}");
        }
    });
}

#[test]
fn each_wrong_share_code_or_person_has_its_own_reason() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        sale.place(0, &sale.sealed(0, "12500").await).await.expect(201);
        sale.close(&test).await;
        let begin = async |officer: usize, share: &str| {
            let body = json!({ "purpose": "opening", "share": share });
            sale.officers[officer].post(&sale.at("sittings"), &body).await
        };
        let mut miscopied = sale.shares[0].clone();
        miscopied.replace_range(40..41, if &miscopied[40..41] == "Q" { "P" } else { "Q" });
        for (share, code) in [("hello", "SHARE_UNREADABLE"), (miscopied.as_str(), "SHARE_MISCOPIED")] {
            assert_eq!(begin(0, share).await.expect(422).field_codes(), [format!("/share {code}")]);
        }
        let foreign = Share::draw(sale.call_id + 1, 1).text();
        assert_eq!(begin(0, &foreign).await.expect(422).code(), "SHARE_OF_OTHER_CALL");
        assert_eq!(begin(0, &Share::draw(sale.call_id, 1).text()).await.expect(422).code(), "SHARE_WRONG");
        assert_eq!(begin(0, &sale.shares[1]).await.expect(409).code(), "SHARE_NOT_YOURS");
        assert_eq!(begin(3, &sale.shares[1]).await.expect(409).code(), "SHARE_NOT_YOURS");
        assert_eq!(sale.finish("0000-0000-0000-0000", 1).await.expect(409).code(), "OPENING_SITTING_OVER");
        let begun = sale.begin("opening", 0).await.expect(201).json();
        let code = begun["code"].as_str().unwrap();
        assert_eq!(sale.finish(code, 0).await.expect(409).code(), "OPENING_SAME_PERSON");
        assert_eq!(sale.finish("0000-0000-0000-0000", 1).await.expect(422).code(), "OPENING_SITTING_CODE_WRONG");
        // One share, given twice, is one share.
        let twice = json!({ "code": code, "share": sale.shares[0] });
        let twice = sale.officers[1].post(&sale.at("sittings/finish"), &twice).await.expect(409);
        assert_eq!(twice.code(), "SHARE_NOT_YOURS");
        // Nobody else: not the operator, not an officer without a second factor, not a bidder.
        let operator = &sale.trade.stage.operator.client;
        let body = json!({ "code": code, "share": sale.shares[1] });
        operator.post(&sale.at("sittings/finish"), &body).await.expect(403);
        sale.bidders[0].client.post(&sale.at("sittings/finish"), &body).await.expect(403);
        let weak = test.member_id(&sale.trade.stage.operator.organisation, "Petugas lemah", Role::OpeningOfficer);
        let weak = test.signed_in(weak, false).post(&sale.at("sittings/finish"), &body).await.expect(403);
        assert_eq!(weak.code(), "SECOND_FACTOR_NEEDED");
        // A sitting does not wait for ever; with a new one the third officer stands in.
        test.clock.advance_seconds(15 * 60);
        assert_eq!(sale.finish(code, 1).await.expect(409).code(), "OPENING_SITTING_OVER");
        assert_eq!(sale.sit("opening", (2, 1)).await.expect(200).json()["outcome"], "opened");
    });
}
