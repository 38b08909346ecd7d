//! Tables in and out: previews that name every bad cell, all or nothing, and nothing twice.

use crate::support::{Answer, Client, Stage, Trade, fresh_key, on_each_database};
use pasok::sheets::{Format, write};
use reqwest::Method;
use serde_json::{Value, json};

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn send(client: &Client, address: &str, kind: &str, file: Vec<u8>) -> Answer {
    let request = client.request(Method::POST, address).header("idempotency-key", fresh_key());
    client.send(request.header("content-type", kind).body(file)).await
}

async fn preview(client: &Client, target: &str, file: &str) -> Value {
    let address = format!("/api/v1/imports/preview?{target}");
    send(client, &address, CSV, file.as_bytes().to_vec()).await.expect(200).json()
}

async fn commit(client: &Client, target: &str, file: &str) -> Answer {
    send(client, &format!("/api/v1/imports?{target}"), CSV, file.as_bytes().to_vec()).await
}

/// `cell header code` of every problem.
fn cells(preview: &Value) -> Vec<String> {
    let cell = |problem: &Value| {
        let text = |key: &str| problem[key].as_str().unwrap_or_default().to_owned();
        format!("{}{} {} {}", text("column"), problem["row"], text("header"), text("code"))
    };
    preview["problems"].as_array().unwrap().iter().map(cell).collect()
}

async fn demand_count(stage: &Stage) -> usize {
    let page = stage.buyer.client.get("/api/v1/demands").await.expect(200).json();
    page["items"].as_array().unwrap().len()
}

#[test]
fn a_table_is_taken_in_once_however_often_it_is_sent() {
    on_each_database(|test| async move {
        let trade = Trade::open(&test).await;
        let stage = &trade.stage;
        let (client, target) = (&stage.buyer.client, format!("kind=demands&round={}", trade.id()));
        // Indonesian headers, semicolons, a decimal comma, days with the day first, a place and a unit by name.
        let file = "Komoditas;Jumlah;Satuan;Tempat;Hari pertama;Hari terakhir;Syarat\n\
                    beras_medium;12,5;kg;gudang;12/01/2026;14/01/2026;halal\n\n\
                    Telur_Ayam;2;TRAY30;;;;\n";
        let told = preview(client, &target, file).await;
        assert_eq!(
            told,
            json!({"kind": "demands", "good": true, "rows": 2, "new": 2, "unchanged": 0, "problems": [], "unlisted": 0})
        );
        assert_eq!(demand_count(stage).await, 0, "a preview wrote something");
        let done = commit(client, &target, file).await.expect(200).json();
        assert_eq!(done, json!({"kind": "demands", "rows": 2, "new": 2, "unchanged": 0}));
        let posted = client.get("/api/v1/demands").await.json()["items"].clone();
        assert_eq!((posted[0]["quantity"].as_str(), posted[0]["day_to"].as_str()), (Some("12.5"), Some("2026-01-14")));
        assert_eq!(
            (posted[1]["quantity"].as_str(), posted[1]["entered_unit"].as_str()),
            (Some("3.75"), Some("tray30"))
        );
        // Another key, other order, English headers, a decimal point: still the same rows.
        let again = "commodity,quantity,unit,place,first day,last day,requirements\n\
                     telur_ayam,2,tray30,Gudang,,,\n\
                     beras_medium,12.5,kg,Gudang,2026-01-12,2026-01-14,halal\n\
                     beras_medium,7,kg,,2026-01-15,2026-01-15,\n";
        let done = commit(client, &target, again).await.expect(200).json();
        assert_eq!(done, json!({"kind": "demands", "rows": 3, "new": 1, "unchanged": 2}));
        assert_eq!(demand_count(stage).await, 3);
        // A row that says something else about the same need is named, not taken for a change.
        let other = "commodity,quantity,unit,first day,last day\nberas_medium,8,kg,2026-01-15,2026-01-15\n";
        assert_eq!(cells(&preview(client, &target, other).await), ["2  DEMAND_EXISTS"]);
        commit(client, &target, other).await.expect(409);
        assert!(pasok::check::run(&test.app.db).unwrap().is_clean());
    });
}

#[test]
fn the_same_key_gives_the_same_answer_and_another_file_is_refused() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let address = format!("/api/v1/imports?kind=demands&round={}", stage.round_id);
        let with_key = |file: &'static str| {
            let request = stage.buyer.client.request(Method::POST, &address).header("idempotency-key", "once");
            stage.buyer.client.send(request.header("content-type", CSV).body(file))
        };
        let file = "commodity,quantity,unit\nberas_medium,5,kg\n";
        let first = with_key(file).await.expect(200);
        let second = with_key(file).await.expect(200);
        assert_eq!((first.text, 1), (second.text, demand_count(&stage).await));
        assert_eq!(
            with_key("commodity,quantity,unit\nberas_medium,6,kg\n").await.expect(422).code(),
            "IDEMPOTENCY_KEY_REUSED"
        );
    });
}

#[test]
fn every_bad_cell_is_named_and_nothing_is_written() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let (client, target) = (&stage.buyer.client, format!("kind=demands&round={}", stage.round_id));
        let file = "Komoditas;Jumlah;Satuan;Hari pertama;Hari terakhir;Syarat;Prioritas\n\
                    beras_medium;5;kg;;;;\n\
                    emas;1.250;kg;kemarin;;sulap;x\n\
                    beras_medium;=1+1;karung99;;;;0\n\
                    ;;;;;;;lebih\n\
                    telur_ayam;-3;kg;2027-01-01;2027-01-02;;\n";
        let told = preview(client, &target, file).await;
        assert_eq!(told["good"], false);
        assert_eq!(
            cells(&told),
            [
                "A3 Komoditas COMMODITY_UNKNOWN",
                "B3 Jumlah IMPORT_NUMBER_AMBIGUOUS",
                "D3 Hari pertama NOT_A_DATE",
                "F3 Syarat UNKNOWN_CHOICE",
                "G3 Prioritas NOT_A_NUMBER",
                "B4 Jumlah SHEET_CELL_IS_FORMULA",
                "C4 Satuan UNIT_UNKNOWN",
                "G4 Prioritas PRIORITY_RESERVED",
                "A5 Komoditas REQUIRED",
                "B5 Jumlah REQUIRED",
                "C5 Satuan REQUIRED",
                "H5  IMPORT_CELL_OUTSIDE",
                "B6 Jumlah NOT_POSITIVE",
                "D6 Hari pertama WINDOW_OUTSIDE_ROUND"
            ]
            .map(ToOwned::to_owned)
        );
        let refused = commit(client, &target, file).await.expect(422);
        assert_eq!(refused.code(), "INVALID_INPUT");
        assert!(refused.field_codes().contains(&"/rows/3/quantity IMPORT_NUMBER_AMBIGUOUS".to_owned()));
        assert_eq!(demand_count(&stage).await, 0);
    });
}

#[test]
fn offers_and_parties_come_in_and_go_out_unchanged() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let (seller, operator) = (&stage.seller.client, &stage.operator.client);
        let offers = format!("kind=offers&market={}", stage.market_id);
        let parties = format!("kind=parties&market={}", stage.market_id);
        let offer_rows = "Komoditas;Lot;Harga;Stok;Satuan;Kemasan;Stok per hari;Pesanan terkecil;Jarak terjauh (km);Hari pertama;Hari terakhir;Sertifikat;Harga sampai tujuan;Ongkos per km;Ongkos dasar\n\
                          beras_medium;A;13.250,5;40;karung25;karung50;20;4;12,5;2026-01-12;2026-01-18;halal, nkv;tidak;1,5;250\n\
                          telur_ayam;;28000;10;tray30;tray30;;;;2026-01-12;2026-01-13;;ya;;\n";
        let party_rows = "Kode;Nama;Golongan;Kegiatan;Tempat;Lintang;Bujur\n\
                          KKMP-2;Koperasi Dua;kdmp;buyer seller;Gudang;-10,17;123,601\n\
                          TANI-9;Kelompok Tani \"Maju\";mikro;seller;;;\n";
        for (client, target, rows) in [(seller, &offers, offer_rows), (operator, &parties, party_rows)] {
            assert_eq!(commit(client, target, rows).await.expect(200).json()["new"], 2);
            assert_eq!(commit(client, target, rows).await.expect(200).json()["unchanged"], 2);
            for (format, kind) in [("csv", CSV), ("xlsx", XLSX)] {
                for language in ["id", "en"] {
                    let address = format!("/api/v1/exports?{target}&format={format}&language={language}");
                    let bytes = client.request(Method::GET, &address).send().await.unwrap().bytes().await.unwrap();
                    // An export of parties holds everybody, members of the market or not.
                    let target = if target.starts_with("kind=parties") { "kind=parties" } else { target };
                    let back = send(client, &format!("/api/v1/imports?{target}"), kind, bytes.to_vec()).await;
                    let back = back.expect(200).json();
                    assert_eq!(
                        (back["new"].as_u64(), back["rows"] == back["unchanged"]),
                        (Some(0), true),
                        "{target} {format}"
                    );
                }
            }
        }
        // Whom the table names are members of the market now.
        let members = operator.get(&format!("/api/v1/markets/{}/members?limit=500", stage.market_id)).await.expect(200);
        assert_eq!(members.json()["items"].as_array().unwrap().len(), 5);
        // A table never changes anybody.
        let renamed = "code,name,class,capabilities\nTANI-9,Nama lain,mikro,seller\n";
        assert_eq!(cells(&preview(operator, &parties, renamed).await), ["A2 Kode ORGANISATION_EXISTS"]);
        commit(seller, &parties, party_rows).await.expect(403);
    });
}

#[test]
fn templates_are_good_tables() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        for (client, kind, target) in [
            (&stage.buyer.client, "demands", format!("kind=demands&round={}", stage.round_id)),
            (&stage.seller.client, "offers", format!("kind=offers&market={}", stage.market_id)),
            (&stage.operator.client, "parties", "kind=parties".to_owned()),
        ] {
            for (format, media) in [("csv", CSV), ("xlsx", XLSX)] {
                for language in ["id", "en"] {
                    let address = format!("/api/v1/imports/template?kind={kind}&format={format}&language={language}");
                    let answer = test.anyone().request(Method::GET, &address).send().await.unwrap();
                    assert_eq!(answer.headers()["content-type"], media);
                    let bytes = answer.bytes().await.unwrap().to_vec();
                    let told =
                        send(client, &format!("/api/v1/imports/preview?{target}"), media, bytes).await.expect(200);
                    assert_eq!(told.json()["good"], true, "{kind} {format} {language}: {}", told.text);
                }
            }
        }
    });
}

#[test]
fn what_is_not_yours_looks_missing() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let stranger = crate::support::player(
            &test,
            "ASING",
            pasok::parties::Class::Kdmp,
            &[pasok::parties::Capability::Buyer],
            pasok::parties::Role::Ketua,
        );
        let file = "commodity,quantity,unit\nberas_medium,5,kg\n";
        let target = format!("kind=demands&round={}", stage.round_id);
        let foreign = commit(&stranger.client, &target, file).await.expect(404);
        let missing = commit(&stranger.client, "kind=demands&round=1", file).await.expect(404);
        assert_eq!(foreign.text, missing.text);
        commit(&test.anyone(), &target, file).await.expect(401);
        commit(&stage.buyer.client, "kind=demands", file).await.expect(400);
        commit(&stage.buyer.client, "kind=gold", file).await.expect(400);
        let json =
            send(&stage.buyer.client, &format!("/api/v1/imports?{target}"), "application/json", b"{}".to_vec()).await;
        assert_eq!(json.expect(415).code(), "IMPORT_MEDIA_TYPE");
        // A place of somebody else is no place, by name or by id.
        let theirs = format!("commodity,quantity,unit,place\nberas_medium,5,kg,{}\n", stage.seller.place_id);
        assert_eq!(cells(&preview(&stage.buyer.client, &target, &theirs).await), ["D2 Tempat DEMAND_PLACE_UNKNOWN"]);
    });
}

#[test]
fn a_file_may_be_as_large_as_the_limits_and_no_larger() {
    on_each_database(|test| async move {
        let stage = Stage::set(&test);
        let client = &stage.operator.client;
        let rows = |count: usize| {
            let rows = (0..count).map(|index| format!("P{index},Nama {index},mikro,seller\n"));
            format!("code,name,class,capabilities\n{}", rows.collect::<String>())
        };
        let told = preview(client, "kind=parties", &rows(5_000)).await;
        assert_eq!((told["rows"].as_u64(), told["new"].as_u64()), (Some(5_000), Some(5_000)));
        let refused = |file: String| async move {
            send(client, "/api/v1/imports/preview?kind=parties", CSV, file.into_bytes()).await.code()
        };
        assert_eq!(refused(rows(5_001)).await, "SHEET_TOO_MANY_ROWS");
        let padded = |bytes: usize| {
            let file = rows(1);
            format!("{file}{}", "\n".repeat(bytes - file.len()))
        };
        assert_eq!(preview(client, "kind=parties", &padded(5 * 1024 * 1024)).await["good"], true);
        assert_eq!(refused(padded(5 * 1024 * 1024 + 1)).await, "BODY_TOO_LARGE");
        let wide = |columns: usize| {
            format!(
                "code,name,class,capabilities{}\nA,B,mikro,seller{}\n",
                ",".repeat(columns - 4),
                ",x".repeat(columns - 4)
            )
        };
        assert_eq!(refused(wide(65)).await, "SHEET_TOO_MANY_COLUMNS");
        let at_limit = preview(client, "kind=parties", &wide(64)).await;
        assert_eq!(at_limit["problems"].as_array().unwrap().len(), 60);
        let named = |letters: usize| format!("code,name,class,capabilities\n{},B,mikro,seller\n", "a".repeat(letters));
        assert_eq!(cells(&preview(client, "kind=parties", &named(1_001)).await), ["A2 Kode SHEET_CELL_TOO_LONG"]);
        assert_eq!(cells(&preview(client, "kind=parties", &named(1_000)).await), ["A2 Kode TOO_LONG"]);
    });
}

#[test]
fn the_command_line_takes_tables_in_and_out() {
    crate::support::database_urls(|url| {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let run = |arguments: &[&str]| {
            let output = std::process::Command::new(env!("CARGO_BIN_EXE_pasok")).args(arguments).output().unwrap();
            let text =
                format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            (output.status.code(), text)
        };
        let app = pasok::cli::open(pasok::config::Config::for_database(url.parse().unwrap())).unwrap();
        let member = operator(&app).to_string();
        run(&["export", "--kind", "parties", "--template", "-o", &path("t.xlsx")]);
        let import = |file: &str| run(&["import", "--database", url, "--kind", "parties", "--member", &member, file]);
        assert_eq!(
            import(&path("t.xlsx")),
            (Some(0), "1 rows: 1 new, 0 unchanged\ntaken in: 1 new, 0 unchanged\n".to_owned())
        );
        assert_eq!(
            import(&path("t.xlsx")),
            (Some(0), "1 rows: 0 new, 1 unchanged\ntaken in: 0 new, 1 unchanged\n".to_owned())
        );
        let bad = write(Format::Csv, "x", &["Kode".to_owned()], &[vec!["A".to_owned()]]).unwrap();
        std::fs::write(path("bad.csv"), bad).unwrap();
        let (code, text) = import(&path("bad.csv"));
        assert!(
            code == Some(2) && text.contains("IMPORT_HEADER_MISSING") && text.ends_with("nothing was taken in\n"),
            "{text}"
        );
        run(&[
            "export",
            "--database",
            url,
            "--kind",
            "parties",
            "--member",
            &member,
            "--format",
            "csv",
            "-o",
            &path("out.csv"),
        ]);
        assert!(std::fs::read_to_string(path("out.csv")).unwrap().contains("KKMP-OEBOBO,"));
    });
}

/// A member who sets up organisations.
fn operator(app: &pasok::app::App) -> i64 {
    use pasok::parties::service::{self, NewOrganisation};
    use pasok::parties::{Capability, Class, OrganisationStatus, Role};
    let new = NewOrganisation {
        code: "DINAS".to_owned(),
        name: "Dinas".to_owned(),
        class: Class::Pemerintah,
        status: OrganisationStatus::Active,
        capabilities: [Capability::Operator].into(),
    };
    let member = app.write(crate::support::SYSTEM, |work| {
        let organisation = service::register(work, new.clone())?;
        service::add_member(work, organisation.id, "Ibu Operator", Role::Operator)
    });
    member.unwrap().id
}
