//! The office by page: a call from the need, seats and shares, rehearsal, publishing, opening, scenarios with their reason.

use super::{field, page, submit};
use crate::seal::sale::Sale;
use crate::support::{Client, on_each_database};

/// The share on the page that answers a seat.
fn share(text: &str) -> String {
    let rest = text.split_once("data-share>").unwrap_or_else(|| panic!("no share: {text}")).1;
    rest.split('<').next().unwrap().to_owned()
}

#[test]
fn the_office_makes_a_call_takes_seats_rehearses_publishes_and_opens_by_page() {
    on_each_database(|test| async move {
        let sale = Sale::draft(&test).await;
        let desk = page(&sale.officers[0], "/operate/calls").await.expect(200).text;
        assert!(desk.contains("Beras pekan 3"), "{desk}");
        let call = format!("/operate/calls/{}", sale.call_id);
        let committee = format!("{call}/committee");
        // Who sells in the market has no business here, and finds nothing of a draft.
        page(&sale.bidders[0].client, &committee).await.expect(404);
        page(&sale.bidders[0].client, "/operate/calls").await.expect(403);
        let mut shares = Vec::new();
        for officer in &sale.officers[..3] {
            let key = field(&page(officer, &committee).await.expect(200).text, "key");
            let fields = [("key", key.as_str())];
            let taken = submit(officer, &format!("{call}/seat"), &fields).await.expect(200).text;
            shares.push(share(&taken));
            // The second click takes no second seat and shows no secret again.
            let again = submit(officer, &format!("{call}/seat"), &fields).await.expect(422).text;
            assert!(!again.contains("PSK1:"), "{again}");
        }
        let sit = async |purpose: &str, first: usize, second: usize| {
            let key = field(&page(&sale.officers[first], &committee).await.expect(200).text, "key");
            let fields = [("key", key.as_str()), ("purpose", purpose), ("share", &shares[first])];
            let begun = submit(&sale.officers[first], &format!("{call}/begin"), &fields).await.expect(200).text;
            assert!(!begun.contains(&shares[first]), "a share came back: {begun}");
            let code = begun.split_once("data-code>").unwrap().1.split('<').next().unwrap().to_owned();
            let key = field(&page(&sale.officers[second], &committee).await.expect(200).text, "key");
            let fields = [("key", key.as_str()), ("code", &code), ("share", &shares[second])];
            submit(&sale.officers[second], &format!("{call}/finish"), &fields).await
        };
        // A wrong share is told at its field and does not come back.
        let key = field(&page(&sale.officers[0], &committee).await.expect(200).text, "key");
        let wrong = [("key", key.as_str()), ("purpose", "rehearsal"), ("share", "PSK1:1:1:X:00000000")];
        let refused = submit(&sale.officers[0], &format!("{call}/begin"), &wrong).await.expect(422).text;
        assert!(refused.contains("problem") && !refused.contains("PSK1:1:1"), "{refused}");
        assert!(sit("rehearsal", 0, 1).await.expect(200).text.contains("Latihan berhasil"));
        let operator = test.signed_in(sale.caller.member_id, true);
        let shown = page(&operator, &call).await.expect(200).text;
        let fields = [("key", field(&shown, "key")), ("version", field(&shown, "version"))];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        for _ in 0..2 {
            assert!(
                submit(&operator, &format!("{call}/publish"), &fields).await.expect(200).text.contains("Lelang terbit")
            );
        }
        sale.place(0, &sale.sealed(0, "12500").await).await.expect(201);
        let hidden = page(&operator, &call).await.expect(200).text;
        assert!(hidden.contains("tidak diketahui siapa pun") && !hidden.contains("Penawaran yang masuk"), "{hidden}");
        // Too early is refused with its own reason.
        assert!(!page(&sale.officers[0], &committee).await.expect(200).text.contains("value=\"opening\""));
        sale.close(&test).await;
        let opened = sit("opening", 2, 0).await.expect(200).text;
        assert!(opened.contains("Berita acara pembukaan") && opened.contains("penawaran 1"), "{opened}");
        let bids = page(&operator, &call).await.expect(200).text;
        assert!(bids.contains("GROSIR-1"), "{bids}");
    });
}

#[test]
fn a_call_is_made_from_the_need_by_page_and_scenarios_are_proposed_with_their_reason() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let operator = test.signed_in(sale.caller.member_id, true);
        let new = format!("/operate/rounds/{}/calls/new", sale.trade.id());
        let form = page(&operator, &new).await.expect(200).text;
        let row = form.split_once("<strong>beras_medium").unwrap().0.rsplit_once("name=\"lot\" value=\"").unwrap().1;
        let lot = row.split('"').next().unwrap().to_owned();
        let (quantity, unit, key) = (format!("quantity-{lot}"), format!("unit-{lot}"), field(&form, "key"));
        let [code, first, last] = ["code", "first", "last"].map(|name| format!("{name}-{lot}"));
        let fields = |title: &'static str, amount: &'static str| {
            [
                ("key", key.as_str()),
                ("title", title),
                ("closes_on", "2026-01-08"),
                ("closes_at", "15:00"),
                ("min_bids", "1"),
                ("partial", "1"),
                ("documents", "NIB\r\nFoto gudang\r\n"),
                ("complaint_hours", "24"),
                ("lot", lot.as_str()),
                ("row", lot.as_str()),
                (code.as_str(), "beras_medium"),
                (first.as_str(), "2026-01-12"),
                (last.as_str(), "2026-01-17"),
                (quantity.as_str(), amount),
                (unit.as_str(), "kg"),
            ]
        };
        let refused = submit(&operator, &new, &fields("", "nol")).await.expect(422).text;
        assert!(refused.contains("problem-title") && refused.contains(&format!("problem-{quantity}")), "{refused}");
        for _ in 0..2 {
            let made = submit(&operator, &new, &fields("Cadangan", "60")).await.expect(200).text;
            assert!(made.contains("Konsep lelang tersimpan") && made.contains("Cadangan"), "{made}");
        }
        let path = format!("/operate/rounds/{}/calls/again", sale.trade.id());
        let again = [("key", "0123456789abcdef0123456789abcdef"), ("closes_on", "2026-01-08"), ("closes_at", "15:00")];
        assert!(submit(&operator, &path, &again).await.expect(422).text.contains("judul yang sama"));
        sale.place(0, &sale.sealed(0, "12500").await).await.expect(201);
        sale.place(1, &sale.sealed(1, "13900").await).await.expect(201);
        sale.close(&test).await;
        sale.sit("opening", (0, 1)).await.expect(200);
        propose(&sale, &operator).await;
    });
}

async fn propose(sale: &Sale, operator: &Client) {
    let path = format!("/operate/rounds/{}/scenarios", sale.trade.id());
    page(&sale.bidders[0].client, &path).await.expect(403);
    let key = field(&page(operator, &path).await.expect(200).text, "key");
    let none = submit(operator, &path, &[("key", key.as_str())]).await.expect(422).text;
    assert!(none.contains("Centang paling sedikit satu"), "{none}");
    let asked = [("key", key.as_str()), ("wish", "cheapest"), ("wish", "few"), ("number-few", "1"), ("wish", "fair")];
    for _ in 0..2 {
        submit(operator, &path, &asked).await.expect(200);
    }
    let mut shown = String::new();
    for _ in 0..600 {
        shown = page(operator, &path).await.expect(200).text;
        if !shown.contains("data-again") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    for part in ["Paling banyak 1 pemasok", "Penyesalan", "<svg class=\"picture\"", "Biaya aturannya"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let all = sale.trade.stage.operator.client.get(&format!("{}/scenarios", sale.trade.round)).await.expect(200).json();
    assert_eq!(all["items"].as_array().unwrap().len(), 3);
    let fair = all["items"].as_array().unwrap().iter().find(|one| one["rules"]["fair"] == true).unwrap().clone();
    let (id, version) = (fair["id"].as_str().unwrap(), fair["version"].to_string());
    page(operator, &format!("/operate/scenarios/{id}")).await.expect(200);
    let step = format!("/operate/scenarios/{id}/propose");
    let key = field(&shown, "key");
    let bare = [("key", key.as_str()), ("version", &version), ("reason", "")];
    submit(operator, &step, &bare).await.expect(422);
    let fields = [("key", key.as_str()), ("version", &version), ("reason", "Supaya adil")];
    for _ in 0..2 {
        assert!(submit(operator, &step, &fields).await.expect(200).text.contains("Skenario diusulkan"));
    }
    assert_eq!(sale.trade.now().await.json()["status"], "proposed");
}
