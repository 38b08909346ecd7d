//! Every row of a protected table against its newest hash, and every hash against its row.

use super::leaves::Stated;
use super::seals::{self, Print, Sealed, Seals, Share};
use super::{Part, Session, stream};
use crate::audit::entry::{key_text, parse_salt, row_hash};
use crate::db::DbConnection;
use crate::db::guards::{self, Layout, PROTECTED};
use crate::db::schema::{row_layouts, row_salts, row_seals};
use crate::error::AppError;
use crate::values::hex::hex;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use sha2::{Digest, Sha256};

/// Rows whose hashes are held at once (about 60 bytes each).
const MOST_HELD: usize = 1_100_000;

pub(super) fn verify(session: &mut Session<'_>, stated: &Stated) -> Result<(), AppError> {
    let current = guards::layouts(session.connection)?;
    let kept = layouts(session, &current)?;
    for layout in &current {
        table(session, layout, &kept, stated.get(layout.table.name).copied().unwrap_or_default())?;
    }
    let sealed: Vec<String> = row_seals::table.select(row_seals::table_name).distinct().load(session.connection)?;
    for name in stated.keys().chain(&sealed) {
        if !current.iter().any(|layout| layout.table.name == name) {
            session.found(Part::Log, format!("row_seals {name}"), "no such table is protected");
        }
    }
    Ok(())
}

/// The layouts that were written down; each is named by its own hash. One that no row was hashed under is the trace of a
/// migration over an empty table and binds nothing.
fn layouts(session: &mut Session<'_>, current: &[Layout]) -> Result<Vec<Layout>, AppError> {
    let rows: Vec<(String, String, String)> = row_layouts::table
        .select((row_layouts::layout, row_layouts::table_name, row_layouts::column_list))
        .order(row_layouts::layout)
        .load(session.connection)?;
    let mut kept = Vec::with_capacity(rows.len());
    for (name, table_name, columns) in rows {
        let layout = PROTECTED.iter().find(|table| table.name == table_name).map(|table| Layout { table, columns });
        match layout.filter(|layout| layout.name() == name) {
            Some(layout) => kept.push(layout),
            None => {
                session.found(Part::Log, format!("row_layouts {name}"), "is not what its name says");
            }
        }
    }
    for layout in current {
        if !kept.iter().any(|kept| kept.name() == layout.name()) {
            session.found(Part::Log, format!("row_layouts of {}", layout.table.name), "is not written down");
        }
    }
    Ok(kept)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn count(connection: &mut DbConnection, sql: &str) -> QueryResult<i64> {
    Ok(diesel::sql_query(sql).get_result::<Count>(connection)?.count)
}

fn table(session: &mut Session<'_>, current: &Layout, kept: &[Layout], stated: u64) -> Result<(), AppError> {
    let name = current.table.name;
    let size = count(session.connection, &format!("SELECT COUNT(*) AS count FROM {name}"))?;
    let passes = usize::try_from(size).unwrap_or(usize::MAX) / MOST_HELD + 1;
    let passes = u8::try_from(passes).unwrap_or(u8::MAX);
    for pass in 0..passes {
        let share = Share { pass, passes };
        let mut seals = seals::read(session, name, share, MOST_HELD)?;
        if pass == 0 && seals.leaves != stated {
            let what = format!("{stated} entries bind rows, {} seals are stored", seals.leaves);
            session.found(Part::Log, format!("row_seals {name}"), what);
        }
        compare(session, current, kept, &mut seals, share)?;
        missing(session, name, &seals)?;
    }
    if current.table.personal {
        salts(session, name, size)?;
    }
    documents(session, current)
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    k1: String,
    #[diesel(sql_type = Text)]
    k2: String,
    #[diesel(sql_type = Text)]
    k3: String,
    #[diesel(sql_type = Nullable<Text>)]
    salt: Option<String>,
    #[diesel(sql_type = Text)]
    content: String,
}

/// A query for the rows of a table under one of its layouts.
fn query(connection: &DbConnection, layout: &Layout) -> String {
    let table = layout.table;
    let mut keys = table.key_text();
    keys.resize(3, "''".to_owned());
    let [k1, k2, k3] = [0, 1, 2].map(|at| keys.get(at).cloned().unwrap_or_default());
    let (salt, join) = if table.personal {
        let join = format!(" LEFT JOIN row_salts s ON s.table_name = '{}' AND s.row_key = {k1}", table.name);
        ("s.salt", join)
    } else {
        ("NULL", String::new())
    };
    let row = layout.row(connection);
    let name = table.name;
    format!(
        "SELECT {k1} AS k1, {k2} AS k2, {k3} AS k3, CAST({salt} AS TEXT) AS salt, {row} AS content FROM {name} t{join}"
    )
}

#[expect(clippy::unnecessary_wraps, reason = "one of several steps, the others of which can fail")]
fn compare(
    session: &mut Session<'_>,
    current: &Layout,
    kept: &[Layout],
    seals: &mut Seals,
    share: Share,
) -> Result<(), AppError> {
    let table = current.table;
    let mut layouts = seals.layouts.clone();
    if layouts.is_empty() {
        layouts.push(current.name());
    }
    for (number, name) in (0u8..).zip(&layouts) {
        let Some(layout) = kept.iter().find(|kept| kept.name() == *name && kept.table.name == table.name) else {
            session.found(Part::Log, format!("row_seals {}", table.name), format!("layout {name} is not known"));
            continue;
        };
        let gone: Vec<&str> =
            layout.columns.split(',').filter(|column| !current.columns.split(',').any(|now| now == *column)).collect();
        if !gone.is_empty() {
            let what = format!("was hashed with columns that are gone: {}", gone.join(", "));
            session.found(Part::Rows, table.name, what);
            continue;
        }
        let (mut rows, mut found) = (0, Vec::new());
        let sql = query(session.connection, layout);
        let read = stream::each(session.connection, &sql, |row: Row| {
            let columns = [row.k1.as_str(), &row.k2, &row.k3];
            let key = key_text(columns.into_iter().take(table.key.len()));
            let print = seals::print(&key);
            if !share.has(&print) {
                return;
            }
            let sealed = seals.rows.binary_search_by_key(&print, |sealed| sealed.print).ok();
            let sealed = sealed.and_then(|at| seals.rows.get_mut(at));
            match sealed {
                // Each row is judged under the layout of its newest hash, and one without a hash only once.
                Some(sealed) if sealed.layout != number => {}
                None if number > 0 => {}
                sealed => {
                    rows += 1;
                    found.extend(judge(table.name, table.personal, &row, sealed).map(|what| (key, what)));
                }
            }
        });
        if let Err(error) = read {
            // SQLite lets anybody put bytes into a column of text; they have no form in JSON.
            session.found(Part::Rows, table.name, format!("cannot be read: {error}"));
        }
        session.report.rows += rows;
        for (key, what) in found {
            session.found(Part::Rows, place(table.name, &key), what);
        }
    }
    Ok(())
}

/// A row by its table and key, for people.
fn place(table: &str, key: &str) -> String {
    format!("{table} {}", key.replace('\u{1f}', "/"))
}

fn judge(table: &str, personal: bool, row: &Row, sealed: Option<&mut Sealed>) -> Option<&'static str> {
    let Some(sealed) = sealed else { return Some("is not in the record") };
    if std::mem::replace(&mut sealed.seen, true) {
        return Some("is there twice");
    }
    let salt = row.salt.as_deref().and_then(parse_salt);
    if personal && salt.is_none() {
        return Some("the salt of its hash is missing");
    }
    let same = row_hash(salt.as_ref(), table, &row.content) == sealed.hash;
    (!same).then_some("is not as it was recorded")
}

fn missing(session: &mut Session<'_>, table: &str, seals: &Seals) -> Result<(), AppError> {
    let missing: Vec<Print> = seals.rows.iter().filter(|row| !row.seen).map(|row| row.print).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for key in seals::names(session, table, &missing)? {
        session.found(Part::Rows, place(table, &key), "is in the record and missing from the table");
    }
    Ok(())
}

/// A salt for every row and for no other.
fn salts(session: &mut Session<'_>, table: &str, rows: i64) -> Result<(), AppError> {
    let salts: i64 = row_salts::table.filter(row_salts::table_name.eq(table)).count().get_result(session.connection)?;
    if salts != rows {
        session.found(Part::Rows, format!("row_salts {table}"), format!("{salts} salts for {rows} rows"));
    }
    let personal: Vec<&str> = PROTECTED.iter().filter(|table| table.personal).map(|table| table.name).collect();
    let strangers: i64 =
        row_salts::table.filter(row_salts::table_name.ne_all(personal)).count().get_result(session.connection)?;
    if strangers > 0 {
        session.found(Part::Rows, "row_salts", format!("{strangers} salts belong to no table about people"));
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Document {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Text)]
    sha256: String,
}

/// Large texts against the hash in their row; held one at a time.
fn documents(session: &mut Session<'_>, layout: &Layout) -> Result<(), AppError> {
    let Some((text, sha256)) = layout.table.document else { return Ok(()) };
    let (name, key) = (layout.table.name, layout.table.key_text().join(" || '/' || "));
    let sql = format!("SELECT {key} AS key, CAST(t.{text} AS TEXT) AS text, t.{sha256} AS sha256 FROM {name} t");
    let mut wrong = Vec::new();
    stream::each(session.connection, &sql, |row: Document| {
        let sound =
            if row.sha256.is_empty() { row.text.is_empty() } else { hex(&Sha256::digest(&row.text)) == row.sha256 };
        if !sound {
            wrong.push(row.key);
        }
    })?;
    for key in wrong {
        session.found(Part::Rows, place(name, &key), format!("its {text} does not match its SHA-256"));
    }
    Ok(())
}
