//! Other ways to bid by page: a table with its preview, a file sealed offline; and the office's other lots for a draft.

use super::{field, page, submit, upload};
use crate::seal::sale::Sale;
use crate::support::{Client, on_each_database};
use serde_json::{Value, json};

async fn bids_of(client: &Client) -> Value {
    client.get("/api/v1/bids").await.expect(200).json()["items"].clone()
}

#[test]
fn a_table_is_previewed_cell_by_cell_and_then_sealed_at_the_counter() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let seller = &sale.bidders[0].client;
        let path = format!("/calls/{}/bid/sheet", sale.call_id);
        let form = page(seller, &path).await.expect(200).text;
        assert!(form.contains("multipart/form-data") && form.contains("bids/template?format=xlsx"), "{form}");
        let key = field(&form, "key");
        let send = async |name: &str, table: &str| {
            upload(seller, &path, &[("key", &key), ("acting_for", "")], (name, table.as_bytes())).await
        };
        let empty = send("", "").await.expect(422).text;
        assert!(empty.contains("Belum ada berkas yang dipilih") && empty.contains("problem-file"), "{empty}");
        let wrong = send("bid.csv", "lot,price,maximum,minimum\n1,12500,60,65\n9,1,1,\n").await.expect(422).text;
        for part in ["2 sel perlu diperbaiki", "Baris 2 (D), kolom Paling sedikit", "Baris 3 (A), kolom Paket"] {
            assert!(wrong.contains(part), "{part}: {wrong}");
        }
        assert!(!wrong.contains("data-document"), "{wrong}");
        let good =
            send("bid.csv", "lot,price,maximum,tier1_from,tier1_price\n1,12500,65,30,12300\n").await.expect(200).text;
        for part in ["1 paket ditawar", "Rp\u{a0}12.300", "data-document", "data:application/json,", "pasok-seal.js"] {
            assert!(good.contains(part), "{part}: {good}");
        }
        assert_eq!(bids_of(seller).await, json!([]), "a preview places nothing");
        let document = field(&good, "document").replace("&#34;", "\"");
        let key = field(&good, "key");
        for _ in 0..2 {
            let fields = [("key", key.as_str()), ("document", &document)];
            let done = submit(seller, &format!("{path}/counter"), &fields).await.expect(200).text;
            assert!(done.contains("server melihat harganya") && !done.contains("12.300"), "{done}");
        }
        assert_eq!(bids_of(seller).await.as_array().unwrap().len(), 1);
        // A document of somebody else, or none at all, is refused where it stands.
        let other = document.replace(&sale.bidders[0].organisation.id.to_string(), "7");
        for document in [other.as_str(), "{", ""] {
            let fields = [("key", "0123456789abcdef0123456789abcdef"), ("document", document)];
            submit(seller, &format!("{path}/counter"), &fields).await.expect(422);
        }
    });
}

#[test]
fn a_file_sealed_offline_is_taken_whole_and_told_wrong_before_it_counts() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let seller = &sale.bidders[0].client;
        let path = format!("/calls/{}/bid/file", sale.call_id);
        let form = page(seller, &path).await.expect(200).text;
        assert!(form.contains(&sale.recipient().await) && field(&form, "terms_version") == "1", "{form}");
        let key = field(&form, "key");
        let send = async |terms: &str, file: &Value| {
            let fields = [("key", key.as_str()), ("terms_version", terms)];
            upload(seller, &path, &fields, ("penawaran.json", file.to_string().as_bytes())).await
        };
        let sealed = sale.sealed(0, "12500").await;
        let saved =
            json!({ "recipient": sealed["recipient"], "sealed": sealed["sealed"], "commitment": sealed["commitment"] });
        assert!(send("1", &json!("surat")).await.expect(422).text.contains("bukan berkas dari halaman penyegel"));
        assert!(send("2", &saved).await.expect(422).text.contains("problem-terms_version"));
        let mut broken = saved.clone();
        broken["sealed"] = json!("AAAA");
        assert!(send("1", &broken).await.expect(422).text.contains("problem-file"));
        assert_eq!(bids_of(seller).await, json!([]));
        for _ in 0..2 {
            let receipt = send("1", &saved).await.expect(200).text;
            assert!(receipt.contains("dengan berkas luring; server tidak melihat harganya"), "{receipt}");
        }
        assert_eq!(bids_of(seller).await.as_array().unwrap().len(), 1);
        // Only a form with a file is one, and only for those whose market it is.
        submit(seller, &path, &[("key", &key)]).await.expect(415);
        let stranger = test.organisation("ASING", pasok::parties::Class::Besar, &[pasok::parties::Capability::Seller]);
        let stranger = test.member(&stranger, "Orang asing", pasok::parties::Role::Seller);
        for path in [path.clone(), format!("/calls/{}/bid/sheet", sale.call_id)] {
            page(&stranger, &path).await.expect(404);
            upload(&stranger, &path, &[("key", &key)], ("x.csv", b"lot")).await.expect(404);
        }
    });
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    on_each_database(|test| async move {
        let sale = Sale::published(&test).await;
        let file = vec![b'a'; 6 * 1024 * 1024];
        let path = format!("/calls/{}/bid/sheet", sale.call_id);
        let key = [("key", "0123456789abcdef0123456789abcdef")];
        upload(&sale.bidders[0].client, &path, &key, ("x.csv", &file)).await.expect(413);
    });
}

#[test]
fn the_lots_of_a_draft_are_chosen_anew_by_page() {
    on_each_database(|test| async move {
        let sale = Sale::draft(&test).await;
        let operator = test.signed_in(sale.caller.member_id, true);
        let path = format!("/operate/calls/{}/lots", sale.call_id);
        let form = page(&operator, &path).await.expect(200).text;
        assert!(form.contains("name=\"lot\" value=\"n1\" checked") && field(&form, "quantity-n1") == "65", "{form}");
        let (key, version) = (field(&form, "key"), field(&form, "version"));
        let milk =
            form.split_once("<strong>susu_uht_125").expect("milk").0.rsplit_once("name=\"lot\" value=\"").unwrap().1;
        let milk = milk.split('"').next().unwrap().to_owned();
        let names = ["code", "quantity", "unit", "first", "last", "area", "points"];
        let hidden: Vec<(String, String)> = ["n1", milk.as_str()]
            .into_iter()
            .flat_map(|row| names.map(|name| format!("{name}-{row}")))
            .map(|name| (name.clone(), field(&form, &name)))
            .collect();
        let send = async |quantity: &str, ticked: &[&str]| {
            let mut fields = vec![("key", key.as_str()), ("version", version.as_str()), ("row", "n1"), ("row", &milk)];
            fields.extend(ticked.iter().map(|row| ("lot", *row)));
            let typed = hidden.iter().map(|(name, value)| match name.as_str() {
                "quantity-n1" => (name.as_str(), quantity),
                "unit-n1" => (name.as_str(), "kg"),
                name if name.starts_with("unit-") => (name, "buah"),
                name => (name, value.as_str()),
            });
            fields.extend(typed);
            submit(&operator, &path, &fields).await
        };
        let wrong = send("banyak", &["n1"]).await.expect(422).text;
        assert!(wrong.contains("problem-quantity-n1") && wrong.contains("value=\"banyak\""), "{wrong}");
        send("60", &[]).await.expect(422);
        for _ in 0..2 {
            assert!(send("60", &["n1", &milk]).await.expect(200).text.contains("Paket konsep diganti"));
        }
        let address = format!("/api/v1/calls/{}", sale.call_id);
        let lots = sale.trade.stage.operator.client.get(&address).await.expect(200).json()["lots"].clone();
        assert_eq!((&lots[0]["quantity"], &lots[1]["commodity"]), (&json!("60"), &json!("susu_uht_125")));
        // A draft is its operator's affair.
        page(&sale.bidders[0].client, &path).await.expect(404);
    });
}

#[test]
fn patterns_of_prices_are_for_those_who_watch_the_market() {
    on_each_database(|test| async move {
        let sale = crate::seal::after::proposed(&test).await;
        let path = format!("/calls/{}/patterns", sale.call_id);
        let operator = &sale.trade.stage.operator.client;
        let shown = page(operator, &path).await.expect(200).text;
        assert!(shown.contains("tidak ada pola") && shown.contains("Menang bergiliran"), "{shown}");
        page(&sale.bidders[0].client, &path).await.expect(403);
        let call = page(operator, &format!("/calls/{}", sale.call_id)).await.expect(200).text;
        assert!(call.contains(&path), "{call}");
        assert!(page(operator, "/observe").await.expect(200).text.contains(&path));
    });
}

#[test]
fn a_call_is_divided_by_delivery_area() {
    on_each_database(|test| async move {
        let sale = Sale::draft(&test).await;
        let operator = test.signed_in(sale.caller.member_id, true);
        let path = format!("/operate/rounds/{}/calls/new", sale.trade.id());
        for (query, want) in
            [("", "market"), ("?areas=district", "district"), ("?areas=near&km=9", "near"), ("?areas=x", "market")]
        {
            let form = page(&operator, &format!("{path}{query}")).await.expect(200).text;
            assert!(form.contains(&format!("<option value=\"{want}\" selected")), "{query}: {form}");
        }
    });
}
