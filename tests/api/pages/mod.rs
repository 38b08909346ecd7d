//! Pages: Indonesian, self-contained, small, and safe with hostile names.

mod adjust;
mod assist;
mod bidding;
mod entry;
mod figures;
mod homes;
mod needs;
mod observe;
mod office;
mod tenders;
mod trading;
mod training;
mod undo;

use crate::support::{Answer, Client, SYSTEM, Trade, on_each_database};
use pasok::parties::service::{self, NewOrganisation};
use pasok::parties::{Capability, Class, OrganisationStatus};
use reqwest::Method;

/// A page as a browser asks for it.
pub async fn page(client: &Client, path: &str) -> Answer {
    client.send(client.request(Method::GET, path).header("accept", "text/html")).await
}

/// A form as a browser without scripts sends it; follows on to the page that is shown then.
pub async fn submit(client: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = client.request(Method::POST, path).header("accept", "text/html");
    client.send(request.header("content-type", "application/x-www-form-urlencoded").body(body)).await
}

/// A form with a file as a browser without scripts sends it.
pub async fn upload(client: &Client, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--TEPI\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head = "content-type: application/octet-stream\r\n\r\n";
    let named = format!("--TEPI\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{}\"\r\n{head}", file.0);
    body.extend(named.bytes());
    body.extend(file.1);
    body.extend(b"\r\n--TEPI--\r\n");
    let request = client.request(Method::POST, path).header("accept", "text/html");
    client.send(request.header("content-type", "multipart/form-data; boundary=TEPI").body(body)).await
}

/// The value of the first field with this name on a page.
pub fn field(text: &str, name: &str) -> String {
    let start = format!("name=\"{name}\"");
    let tag = text.split_once(&start).unwrap_or_else(|| panic!("no field {name}: {text}")).1.split('>').next().unwrap();
    tag.split_once("value=\"").map_or("", |(_, rest)| rest.split('"').next().unwrap()).to_owned()
}

#[test]
fn every_page_is_whole_and_loads_nothing_from_elsewhere() {
    on_each_database(|test| async move {
        let stage = crate::support::Stage::set(&test);
        let everybody = [&stage.operator.client, &stage.buyer.client, &stage.kitchen.client, &stage.seller.client];
        for client in everybody.into_iter().chain([&test.anyone()]) {
            for path in [
                "/",
                "/home",
                "/demands",
                "/demands?repeat=1",
                "/offers",
                "/offers/new",
                "/orders",
                "/assist",
                "/account",
                "/help",
                "/design",
                "/sign-in",
                "/code",
                "/offers/new?commodity=beras_medium",
            ] {
                let found = page(client, path).await;
                assert!([200, 404].contains(&found.status), "{path}: {}", found.text);
                assert!(found.text.trim_end().ends_with("</html>"), "{path}: {}", found.text);
                for piece in found.text.split(['"', '\'']).filter(|piece| piece.contains("://")) {
                    assert!(piece == "http://www.w3.org/2000/svg", "{path}: {piece}");
                }
                assert!(!found.text.contains(" style=") && !found.text.contains("onclick"), "{path}");
            }
        }
        for path in ["/static/pasok.js", "/pasok.webmanifest", "/worker.js", "/static/pasok.css?v=0"] {
            test.anyone().get(path).await.expect(200);
        }
        assert!(test.anyone().get("/worker.js").await.text.contains("\"/static/pasok.css?v="));
        test.anyone().get("/static/secret.txt").await.expect(404);
    });
}

#[test]
fn the_front_page_is_indonesian_small_and_loads_nothing_from_elsewhere() {
    on_each_database(|test| async move {
        let anyone = test.anyone();
        let page = anyone.get("/").await.expect(200);
        assert!(page.header("content-type").starts_with("text/html"));
        assert!(page.text.contains("<html lang=\"id\">") && page.text.contains("Belum ada putaran"));
        let style = anyone.get("/static/pasok.css").await.expect(200);
        let icon = anyone.get("/favicon.svg").await.expect(200);
        assert!(page.text.len() + style.text.len() + icon.text.len() < 150_000);
        for text in [&page.text, &style.text] {
            assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("=\"//"), "{text}");
        }
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
        anyone.get("/rounds/12345").await.expect(404);
        anyone.get("/rounds/abc").await.expect(404);
    });
}

#[test]
fn names_are_shown_as_text_never_as_markup() {
    on_each_database(|test| async move {
        let name = "<script>alert(1)</script>\"'&";
        let new = NewOrganisation {
            code: "X".to_owned(),
            name: name.to_owned(),
            class: Class::Pemerintah,
            status: OrganisationStatus::Active,
            capabilities: [Capability::Operator].into(),
        };
        let operator = test.app.write(SYSTEM, |work| service::register(work, new.clone())).unwrap();
        crate::support::market(&test, operator.id);
        let page = test.anyone().get("/").await.expect(200).text;
        assert!(page.contains("&#60;script&#62;alert(1)") && !page.contains("<script>alert"), "{page}");
    });
}

#[test]
fn the_public_page_of_a_round_does_not_say_who_trades_with_whom() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let page = test.anyone().get(trade.round.trim_start_matches("/api/v1")).await.expect(200).text;
        assert!(page.contains("2 pesanan pembelian terbit"), "{page}");
        for player in [&trade.stage.buyer, &trade.stage.kitchen, &trade.stage.seller] {
            assert!(!page.contains(&player.organisation.name), "{page}");
        }
    });
}
