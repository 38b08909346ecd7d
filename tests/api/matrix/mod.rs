//! Who may do what to whose records: every operation of the OpenAPI document × every role × whose record it is.
//!
//! `matrix.csv` says what must come out, one row per operation and one column per role. A cell has four letters: for a record of
//! one's own, of a cooperative that granted to the assistant, of a neighbour in the same market, and of a foreign market. `+` done
//! or shown, `U` not signed in (401), `F` forbidden (403), `N` answered like a missing record (404), `C` conflict (409), `X` another
//! refusal of the request (4xx), `-` there is no such record. An operation without a row fails the test; what each answer shows is searched
//! for ids of records that the person must not see.

mod reads;
pub mod requests;
pub mod world;

use crate::support::{Answer, Client, SYSTEM, TestApp, assert_document, fresh_key, on_each_database};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use pasok::db::DatabaseUrl;
use pasok::parties::Role;
use pasok::scope::Filter;
use requests::{Operation, Request, operations, request};
use serde_json::Value;
use std::collections::BTreeMap;
use world::{Person, Whose, World};

const TABLE: &str = "tests/api/matrix/matrix.csv";
const ANYONE: &str = "anyone";

/// Cells by operation and column.
type Cells = BTreeMap<(String, String), String>;

/// What came out, and what somebody saw who must not.
#[derive(Default)]
struct Outcome {
    cells: Cells,
    leaks: Vec<String>,
}

fn columns() -> Vec<String> {
    Role::ALL.iter().map(|role| role.word().to_owned()).chain([ANYONE.to_owned()]).collect()
}

fn expected() -> Cells {
    let text =
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE)).unwrap_or_default();
    let mut lines = text.lines().map(|line| line.split(',').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
    let head = lines.next().unwrap_or_default();
    let mut cells = Cells::new();
    for line in lines {
        for (column, cell) in head.iter().zip(&line).skip(1) {
            cells.insert((line[0].clone(), column.clone()), cell.clone());
        }
    }
    cells
}

/// The table as text, in the document's order of operations.
fn table(cells: &Cells) -> String {
    let columns = columns();
    let row = |first: &str, rest: Vec<String>| {
        let rest: Vec<String> = rest.iter().map(|cell| format!("{cell:>15}")).collect();
        format!("{first:<22},{}\n", rest.join(","))
    };
    let mut text = row("operation", columns.clone());
    for operation in operations() {
        let cell = |column: &String| cells.get(&(operation.id.clone(), column.clone())).cloned().unwrap_or_default();
        text.push_str(&row(&operation.id, columns.iter().map(cell).collect()));
    }
    text
}

/// Sends a request as the operation wants it, under this key where it takes one.
pub async fn send(client: &Client, operation: &Operation, request: &Request, key: &str) -> Answer {
    let mut built = client.request(operation.method.clone(), &request.path);
    if operation.takes_key {
        built = built.header("idempotency-key", key);
    }
    if operation.takes_version {
        built = built.header("if-match", &request.version);
    }
    match &request.body {
        Some(Value::String(table)) => built = built.header("content-type", "text/csv").body(table.clone()),
        Some(body) => built = built.json(body),
        None => {}
    }
    loop {
        let answer = client.send(built.try_clone().expect("a body that is there")).await;
        // A server that sheds asks to come again with the same key.
        if answer.status != 503 {
            return answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

fn letter(answer: &Answer) -> char {
    match answer.status {
        200..300 => '+',
        401 => 'U',
        403 => 'F',
        404 => 'N',
        409 => 'C',
        400..500 => 'X',
        _ => 'E',
    }
}

/// Asks for everything as these people; `server` may be another server over the world's database.
async fn ask(test: &TestApp, server: &TestApp, world: &World, wanted: impl Fn(Role) -> bool) -> Outcome {
    let mut outcome = Outcome::default();
    for operation in operations() {
        for person in world.people.iter().filter(|person| wanted(person.role)) {
            let mut cell = String::new();
            for whose in [Whose::Own, Whose::Granted, Whose::Neighbour, Whose::Foreign] {
                // What is done to one's own account may end the session that asks.
                let client = if operation.is_own_account() {
                    test.signed_in(person.member, true)
                } else {
                    person.client.clone()
                };
                let client = client.at(server.address());
                cell.push(one(test, world, &operation, (person, &client), whose, &mut outcome.leaks).await);
            }
            outcome.cells.insert((operation.id.clone(), person.role.word().to_owned()), cell);
        }
        let stranger = world.people.first().expect("somebody");
        let request = request(test, world, &operation, stranger, Whose::Own).expect("a record");
        let answer = send(&server.anyone(), &operation, &request, &fresh_key()).await;
        outcome.cells.insert((operation.id.clone(), ANYONE.to_owned()), letter(&answer).to_string());
    }
    outcome
}

async fn one(
    test: &TestApp,
    world: &World,
    operation: &Operation,
    (person, client): (&Person, &Client),
    whose: Whose,
    leaks: &mut Vec<String>,
) -> char {
    let is_assistant = person.role == Role::Assistant;
    let makes_sense = match whose {
        Whose::Own => !is_assistant || !operation.names_a_record(),
        Whose::Granted => is_assistant && operation.names_a_record(),
        Whose::Neighbour | Whose::Foreign => operation.names_a_record(),
    };
    let request = if makes_sense { request(test, world, operation, person, whose) } else { None };
    let Some(request) = request else { return '-' };
    let answer = send(client, operation, &request, &fresh_key()).await;
    let who = format!("{} as {} on {whose:?}", operation.id, person.role);
    if answer.status == 404 && operation.kind().is_some() {
        // Leaves are counted, so only a number beyond all of them is missing.
        let none = if operation.kind() == Some("leaves") { "99999999" } else { "7" };
        let missing = Request { path: request.path.replace(&request.target, none), target: none.to_owned(), ..request };
        let missing = send(client, operation, &missing, &fresh_key()).await;
        if (missing.status, missing.text.as_str()) != (404, answer.text.as_str()) {
            leaks.push(format!("{who}: {} but a missing one {}", answer.text, missing.text));
        }
    }
    if answer.status < 300 && operation.method == reqwest::Method::GET {
        let seen = world.secrets(person).into_iter().filter(|id| answer.text.contains(&id.to_string()));
        leaks.extend(seen.map(|id| format!("{who}: shows {id}")));
    }
    letter(&answer)
}

fn differences(found: &Cells, expected: &Cells) -> Vec<String> {
    let mut all = Vec::new();
    for (key, cell) in found {
        let wanted = expected.get(key).map_or("no row", String::as_str);
        if wanted != cell {
            all.push(format!("{} as {}: {cell}, the table says {wanted}", key.0, key.1));
        }
    }
    all
}

#[test]
fn every_operation_answers_every_role_as_the_table_says() {
    on_each_database(|test| async move {
        let world = World::set(&test);
        let outcome = ask(&test, &test, &world, |_| true).await;
        assert!(outcome.leaks.is_empty(), "{}", outcome.leaks.join("\n"));
        if std::env::var_os("PASOK_WRITE_DOCS").is_some() {
            assert_document(TABLE, &table(&outcome.cells));
        }
        let wrong = differences(&outcome.cells, &expected());
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let unknown: Vec<_> = expected().into_keys().filter(|key| !outcome.cells.contains_key(key)).collect();
        assert!(unknown.is_empty(), "rows for nothing: {unknown:?}");
    });
}

/// Reads that name somebody's record: with no layer left they show it to anybody.
const GUARDED_READS: [&str; 8] = [
    "get_demand",
    "get_offer",
    "get_order",
    "get_place",
    "get_round",
    "get_market",
    "list_awards",
    "list_round_demands",
];

/// The people who ask in the mutants: one who trades, one who runs the market.
fn few(role: Role) -> bool {
    [Role::Usaha, Role::Operator].contains(&role)
}

fn is_postgres(test: &TestApp) -> bool {
    matches!(test.app.db.url(), DatabaseUrl::Postgres(_))
}

/// Takes row-level security away, as the owner of the tables.
fn without_row_security(test: &TestApp) {
    let DatabaseUrl::Postgres(url) = test.app.db.url() else { return };
    let mut connection = PgConnection::establish(url).unwrap();
    connection
        .batch_execute(
            "DO $$ DECLARE t RECORD; BEGIN FOR t IN SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = current_schema() LOOP \
             EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', t.tablename); END LOOP; END $$",
        )
        .unwrap();
}

/// Everything the matrix notices: cells that differ and ids that leak.
fn noticed(outcome: &Outcome) -> String {
    [differences(&outcome.cells, &expected()), outcome.leaks.clone()].concat().join("\n")
}

#[test]
fn without_the_stores_filter_row_security_refuses_and_without_both_the_matrix_notices() {
    on_each_database(|test| async move {
        let world = World::set(&test);
        let server = test.second(|app| app.filter = Filter::Off).await;
        if is_postgres(&test) {
            let outcome = ask(&test, &server, &world, few).await;
            assert!(outcome.leaks.is_empty(), "{}", outcome.leaks.join("\n"));
            // A record may be refused in other words by this layer, but never shown or changed. A list may come out empty where the
            // other layer says that there is none.
            let opened: Vec<_> = outcome
                .cells
                .iter()
                .filter(|(key, cell)| {
                    let expected = expected().remove(*key).unwrap_or_default();
                    if key.0 == "list_places" {
                        return false;
                    }
                    cell.contains('E')
                        || cell.chars().zip(expected.chars()).any(|(found, wanted)| found == '+' && wanted != '+')
                })
                .collect();
            assert!(opened.is_empty(), "row-level security let through: {opened:?}");
            without_row_security(&test);
        }
        let noticed = noticed(&ask(&test, &server, &world, few).await);
        for operation in GUARDED_READS {
            assert!(noticed.contains(operation), "{operation} without any layer went unnoticed:\n{noticed}");
        }
    });
}

#[test]
fn without_row_security_the_stores_filter_refuses() {
    on_each_database(|test| async move {
        let world = World::set(&test);
        without_row_security(&test);
        let noticed = noticed(&ask(&test, &test, &world, few).await);
        assert!(noticed.is_empty(), "{noticed}");
    });
}

#[test]
fn who_takes_no_role_sees_nothing_and_records_cannot_be_changed() {
    on_each_database(|test| async move {
        let DatabaseUrl::Postgres(url) = test.app.db.url().clone() else { return };
        World::set(&test);
        let mut owner = PgConnection::establish(&url).unwrap();
        let count = |owner: &mut PgConnection| -> i64 {
            use diesel::prelude::*;
            pasok::db::schema::demands::table.count().get_result(owner).unwrap()
        };
        assert_eq!(count(&mut owner), 0);
        owner.batch_execute("SET ROLE pasok_system").unwrap();
        assert!(count(&mut owner) > 0);
        for change in ["UPDATE awards SET quantity = 1", "DELETE FROM audit_entries", "DELETE FROM stock_movements"] {
            let refused = owner.batch_execute(change).unwrap_err().to_string();
            assert!(refused.contains("permission denied"), "{change}: {refused}");
        }
        owner.batch_execute("SET ROLE pasok_app").unwrap();
        let touch = "INSERT INTO record_touched VALUES (0, 'awards', '1', '', '')";
        for change in [
            touch,
            "DELETE FROM record_touched",
            "DELETE FROM row_seals",
            "INSERT INTO row_layouts VALUES ('a', 'b', 'c')",
        ] {
            let refused = owner.batch_execute(change).unwrap_err().to_string();
            assert!(refused.contains("permission denied"), "{change}: {refused}");
        }
        // What people sign in with is the system's alone, and a person is seen by nobody else.
        for table in ["credentials", "sessions", "account_codes", "sign_in_limits", "accounts"] {
            use diesel::prelude::*;
            #[derive(QueryableByName)]
            struct Count {
                #[diesel(sql_type = diesel::sql_types::BigInt)]
                count: i64,
            }
            let all = format!("SELECT COUNT(*) AS count FROM {table}");
            let seen: Count = diesel::sql_query(&all).get_result(&mut owner).unwrap();
            assert_eq!(seen.count, 0, "{table}");
        }
        let planted = "INSERT INTO sessions (id, account_id, member_id, token_hash, created_at, last_used_at, expires_at) \
                       SELECT 1, 1, 1, 'x', 1, 1, 1";
        assert!(owner.batch_execute(planted).unwrap_err().to_string().contains("row-level security"));
        owner.batch_execute("RESET ROLE").unwrap();
        // A table without a policy is one that everybody may see, or one that the owner writes: `record_touched` (keys of rows,
        // taken from the application's role by rights) and `row_layouts` (names of columns).
        let open = test.app.read(SYSTEM, |connection, _| Ok(unprotected(connection)?)).unwrap();
        let known = [
            "__diesel_schema_migrations",
            "commodities",
            "commodity_units",
            "record_touched",
            "reference_prices",
            "regions",
            "row_layouts",
        ];
        assert_eq!(open, known);
    });
}

fn unprotected(connection: &mut pasok::db::DbConnection) -> diesel::QueryResult<Vec<String>> {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Table {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    let sql = "SELECT relname::TEXT AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace \
               AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname";
    let rows: Vec<Table> = pasok::on_backend!(connection, inner => diesel::sql_query(sql).load(inner)?);
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// A role that the table lets do this to its own records.
pub fn allowed_role(operation: &Operation) -> Option<Role> {
    let expected = expected();
    let may = |role: &&Role| {
        expected.get(&(operation.id.clone(), role.word().to_owned())).is_some_and(|cell| cell.starts_with('+'))
    };
    Role::ALL.iter().find(may).copied()
}

/// Whether the table has a row for this.
pub fn is_listed(operation: &Operation) -> bool {
    expected().contains_key(&(operation.id.clone(), ANYONE.to_owned()))
}
