//! What reading does: it changes no row, and it shows each role the fields that `docs/fields.md` names and no others.

use super::requests::{operations, request};
use super::world::{Whose, World};
use super::{ANYONE, columns};
use crate::record::Vandal;
use crate::support::{Client, TestApp, assert_document, on_each_database};
use diesel::prelude::*;
use diesel::sql_types::Text;
use pasok::db::DbConnection;
use reqwest::Method;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

const TABLE: &str = "docs/fields.md";

/// One question, ready to be asked.
struct Reading {
    operation: String,
    role: String,
    client: Client,
    path: String,
}

/// Every GET of the API, as every role and as nobody, about everybody's records.
fn of_the_api(test: &TestApp, world: &World) -> Vec<Reading> {
    let mut all = Vec::new();
    for operation in operations().into_iter().filter(|operation| operation.method == Method::GET) {
        for person in &world.people {
            for whose in [Whose::Own, Whose::Granted, Whose::Neighbour, Whose::Foreign] {
                let Some(request) = request(test, world, &operation, person, whose) else { continue };
                let (operation, role) = (operation.id.clone(), person.role.word().to_owned());
                all.push(Reading { operation, role, client: person.client.clone(), path: request.path });
            }
        }
        let somebody = world.people.first().expect("somebody");
        let path = request(test, world, &operation, somebody, Whose::Own).expect("a record").path;
        all.push(Reading { operation: operation.id, role: ANYONE.to_owned(), client: test.anyone(), path });
    }
    all
}

/// Every page that can be read, as every role.
fn of_the_pages(test: &TestApp, world: &World) -> Vec<Reading> {
    let mut all = Vec::new();
    for route in page_routes() {
        let path = filled(test, &route);
        for person in &world.people {
            let (role, client) = (person.role.word().to_owned(), person.client.clone());
            all.push(Reading { operation: route.clone(), role, client, path: path.clone() });
        }
        all.push(Reading { operation: route, role: ANYONE.to_owned(), client: test.anyone(), path });
    }
    all
}

/// The paths of all pages, as the sources have them: `.route("/path", get(…`.
fn page_routes() -> Vec<String> {
    let mut routes = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            for after in text.split(".route(").skip(1) {
                let mut parts = after.splitn(3, '"');
                let (Some(_), Some(route), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { continue };
                let is_read = rest.trim_start_matches([',', ' ', '\n']).starts_with("get(");
                if is_read && route.starts_with('/') {
                    routes.push(route.to_owned());
                }
            }
        }
    }
    routes.sort();
    routes
}

/// A path with the newest record of each kind in it.
fn filled(test: &TestApp, route: &str) -> String {
    let mut path = route.to_owned();
    while let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
        let kind = path[..start].trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let table =
            ["rounds", "calls", "orders", "offers", "bids", "scenarios"].into_iter().find(|table| *table == kind);
        let id = table.map_or_else(|| "1".to_owned(), |table| newest(test, table));
        path.replace_range(start..=end, &id);
    }
    path
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    text: String,
}

fn words(connection: &mut DbConnection, sql: &str) -> Vec<String> {
    let rows: Vec<Word> = diesel::sql_query(sql).load(connection).unwrap_or_else(|error| panic!("{error}: {sql}"));
    rows.into_iter().map(|row| row.text).collect()
}

fn newest(test: &TestApp, table: &str) -> String {
    let sql = format!("SELECT CAST(MAX(id) AS TEXT) AS text FROM {table}");
    words(&mut Vandal::over(test).connection, &sql).remove(0)
}

/// Every table with all that is in it.
fn content(test: &TestApp) -> BTreeMap<String, String> {
    let mut connection = Vandal::over(test).connection;
    let is_sqlite = matches!(connection, DbConnection::Sqlite(_));
    let tables = if is_sqlite {
        "SELECT name AS text FROM sqlite_master WHERE type = 'table'"
    } else {
        "SELECT CAST(tablename AS TEXT) AS text FROM pg_tables WHERE schemaname = current_schema()"
    };
    let mut all = BTreeMap::new();
    for table in words(&mut connection, tables) {
        let sql = if is_sqlite {
            let columns = format!("SELECT 'quote(\"' || name || '\")' AS text FROM pragma_table_info('{table}')");
            let columns = words(&mut connection, &columns).join(" || ',' || ");
            format!("SELECT COALESCE(group_concat({columns}, char(10)), '') AS text FROM \"{table}\"")
        } else {
            format!("SELECT COALESCE(string_agg(t::TEXT, E'\\n' ORDER BY t::TEXT), '') AS text FROM \"{table}\" t")
        };
        let rows = words(&mut connection, &sql).remove(0);
        all.insert(table, rows);
    }
    all
}

/// Tables in which something differs.
fn changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    after.iter().filter(|(table, rows)| before.get(*table) != Some(*rows)).map(|(table, _)| table.clone()).collect()
}

#[test]
fn reading_changes_nothing() {
    on_each_database(|test| async move {
        let world = World::set(&test);
        let mut readings = of_the_api(&test, &world);
        readings.extend(of_the_pages(&test, &world));
        let before = content(&test);
        assert!(before.len() > 40, "{} tables", before.len());
        let mut shown = BTreeSet::new();
        for Reading { operation, client, path, .. } in &readings {
            let answer = client.get(path).await;
            // Some pages cannot show the world's rounds, whose plans nobody computed; what they wrote would still be seen.
            if answer.status == 200 {
                shown.insert(operation);
            }
        }
        assert!(shown.len() > 90, "only {} of the operations and pages showed anything", shown.len());
        let after = content(&test);
        assert_eq!(changed(&before, &after), [""; 0], "reading wrote");
        // What this test would see.
        world.party(Whose::Own).new_demand(&test, &world.here, world.commodity);
        assert!(changed(&after, &content(&test)).contains(&"demands".to_owned()));
    });
}

/// What a proxy may say about a request, and what anybody may therefore try.
const FORWARDED: [(&str, &str); 14] = [
    ("forwarded", "for=10.0.0.1;host=lain.example;proto=https"),
    ("x-forwarded-for", "10.0.0.1"),
    ("x-forwarded-host", "lain.example"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-port", "8443"),
    ("x-forwarded-prefix", "/lain"),
    ("x-forwarded-user", "admin"),
    ("remote-user", "admin"),
    ("x-real-ip", "10.0.0.1"),
    ("client-ip", "10.0.0.1"),
    ("x-original-url", "/api/v1/me"),
    ("x-rewrite-url", "/api/v1/me"),
    ("x-http-method-override", "DELETE"),
    ("x-method-override", "DELETE"),
];

#[test]
fn what_only_a_proxy_may_say_decides_nothing() {
    on_each_database(|test| async move {
        let world = World::set(&test);
        let server = test.second(|app| Arc::make_mut(&mut app.config).trusted_proxies.clear()).await;
        for Reading { client, path, .. } in of_the_api(&test, &world) {
            let client = client.at(server.address());
            let plain = client.get(&path).await;
            let headers = FORWARDED.iter();
            let request = headers
                .fold(client.request(Method::GET, &path), |request, (name, value)| request.header(*name, *value));
            let forwarded = client.send(request).await;
            assert_eq!((plain.status, &plain.text), (forwarded.status, &forwarded.text), "{path}");
        }
    });
}

/// Names of everything in a JSON value that is not null, whole: `items[].quantity`.
fn fields(value: &Value, name: &str, all: &mut BTreeSet<String>) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| fields(item, &format!("{name}[]"), all)),
        Value::Object(members) => {
            for (key, member) in members {
                // Maps by id have a field for each record.
                let key = if key.bytes().all(|byte| byte.is_ascii_digit()) { "*" } else { key };
                let name = if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
                fields(member, &name, all);
            }
        }
        _ => {
            all.insert(name.to_owned());
        }
    }
}

/// The table as text; `shown` has the fields by operation and role.
fn document(shown: &BTreeMap<String, BTreeMap<String, BTreeSet<String>>>) -> String {
    let mut text = "# Fields by role\n\nWritten by a test, which fails when a reader is shown a field more or less; do not edit. \
        For every reading operation of the API, which role is shown which fields of JSON, over two small markets in which \
        everybody reads their own records and tries those of others (whose records: \
        `tests/api/matrix/matrix.csv`). A field that is empty (null) there is not listed. `anyone` has not signed in.\n"
        .to_owned();
    let columns = columns();
    for (operation, by_role) in shown {
        let _ = write!(text, "\n## `{operation}`\n\n");
        let mut groups: Vec<(Vec<&str>, &BTreeSet<String>)> = Vec::new();
        for role in &columns {
            let Some(set) = by_role.get(role) else { continue };
            match groups.iter_mut().find(|(_, known)| *known == set) {
                Some((roles, _)) => roles.push(role),
                None => groups.push((vec![role], set)),
            }
        }
        for (roles, set) in groups {
            let names: Vec<String> = set.iter().map(|name| format!("`{name}`")).collect();
            let names = if set.is_empty() { "an empty list".to_owned() } else { names.join(", ") };
            let _ = writeln!(text, "- {}: {names}", roles.join(", "));
        }
    }
    text
}

#[test]
fn every_role_is_shown_the_fields_of_the_table() {
    on_each_database(|test| async move {
        let world = World::set(&test);
        let mut shown: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
        for Reading { operation, role, client, path } in of_the_api(&test, &world) {
            let answer = client.get(&path).await;
            if answer.status != 200 || !answer.header("content-type").contains("json") {
                continue;
            }
            let set = shown.entry(operation).or_default().entry(role).or_default();
            fields(&answer.json(), "", set);
        }
        assert_document(TABLE, &document(&shown));
    });
}
