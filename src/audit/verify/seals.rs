//! The newest recorded hash of each row of one table, read from the seals; a bounded number at a time.

use super::{Part, Session};
use crate::audit::merkle::Hash;
use crate::audit::record::SEALS;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::values::hex::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use sha2::{Digest, Sha256};

/// Stored texts of seals held at once, of up to a thousand rows each.
const PAGE: i64 = 64;

/// What stands for a row's key while rows are compared: the first half of its SHA-256.
pub(super) type Print = [u8; 16];

pub(super) fn print(key: &str) -> Print {
    let mut print = [0; 16];
    print.copy_from_slice(Sha256::digest(key).get(..16).unwrap_or(&[0; 16]));
    print
}

/// One pass over the keys of a table: those whose print falls into its share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    pub(super) pass: u8,
    pub(super) passes: u8,
}

impl Share {
    pub(super) fn has(self, print: &Print) -> bool {
        print.first().is_some_and(|byte| byte % self.passes == self.pass)
    }
}

/// The newest hash of one row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sealed {
    pub(super) print: Print,
    /// Rises with the log; 31 bits are enough for the seals of one pass.
    order: u32,
    /// Which of the table's layouts.
    pub(super) layout: u8,
    pub(super) seen: bool,
    gone: bool,
    pub(super) hash: Hash,
}

#[derive(QueryableByName)]
struct PartRow {
    #[diesel(sql_type = BigInt)]
    leaf_index: i64,
    #[diesel(sql_type = BigInt)]
    part: i64,
    #[diesel(sql_type = Text)]
    layout: String,
    #[diesel(sql_type = Text)]
    rows: String,
    #[diesel(sql_type = Nullable<Text>)]
    subject: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    stated: Option<String>,
}

/// What the seals of a table say.
#[derive(Default)]
pub(super) struct Seals {
    /// By print, ascending.
    pub(super) rows: Vec<Sealed>,
    /// Names of the layouts used.
    pub(super) layouts: Vec<String>,
    /// Entries that seal rows of this table.
    pub(super) leaves: u64,
}

/// The seal of one leaf while its parts come in.
struct Open {
    leaf_index: i64,
    layout: String,
    parts: i64,
    count: usize,
    sha: Sha256,
    stated: Option<String>,
}

impl Open {
    /// Whether the entry states exactly this seal.
    fn holds(self, table: &str) -> bool {
        let line = format!("{table} {} {} {}", self.layout, self.count, hex(&self.sha.finalize()));
        self.stated.is_some_and(|text| text.lines().filter(|stated| *stated == line).count() == 1)
    }
}

fn page(connection: &mut DbConnection, table: &str, leaf: i64, part: i64) -> QueryResult<Vec<PartRow>> {
    diesel::sql_query(
        "SELECT s.leaf_index, s.part, s.layout, s.rows, e.subject, e.new_value AS stated \
         FROM row_seals s LEFT JOIN audit_entries e ON e.leaf_index = s.leaf_index \
         WHERE s.table_name = $1 AND (s.leaf_index > $2 OR (s.leaf_index = $2 AND s.part > $3)) \
         ORDER BY s.leaf_index, s.part LIMIT $4",
    )
    .bind::<Text, _>(table)
    .bind::<BigInt, _>(leaf)
    .bind::<BigInt, _>(part)
    .bind::<BigInt, _>(PAGE)
    .load(connection)
}

/// Calls `each` with every stored part in the order of the log, after comparing each seal with its entry.
fn parts(
    session: &mut Session<'_>,
    table: &str,
    first_pass: Share,
    mut each: impl FnMut(&PartRow),
) -> Result<u64, AppError> {
    let (mut leaf, mut part, mut leaves) = (-1, -1, 0);
    let mut open: Option<Open> = None;
    let mut close = |session: &mut Session<'_>, open: Option<Open>| {
        if let Some(open) = open {
            leaves += 1;
            let place = format!("seal of {table} at leaf {}", open.leaf_index);
            if first_pass.pass == 0 && !open.holds(table) {
                session.found(Part::Log, place, "is not what its entry binds");
            }
        }
    };
    loop {
        let rows = page(session.connection, table, leaf, part)?;
        let Some(last) = rows.last() else { break };
        (leaf, part) = (last.leaf_index, last.part);
        for row in rows {
            if open.as_ref().is_none_or(|open| open.leaf_index != row.leaf_index) {
                close(session, open.take());
                open = Some(Open {
                    leaf_index: row.leaf_index,
                    layout: row.layout.clone(),
                    parts: 0,
                    count: 0,
                    sha: Sha256::new(),
                    stated: row.stated.clone().filter(|_| row.subject.as_deref() == Some(SEALS)),
                });
            }
            if let Some(open) = &mut open {
                if open.parts != row.part || open.layout != row.layout {
                    open.stated = None;
                }
                open.parts += 1;
                open.count += row.rows.lines().count();
                open.sha.update(&row.rows);
            }
            each(&row);
        }
    }
    close(session, open);
    Ok(leaves)
}

/// Reads the newest hash of each row of a share.
pub(super) fn read(session: &mut Session<'_>, table: &str, share: Share, most: usize) -> Result<Seals, AppError> {
    let mut seals = Seals::default();
    let (mut rows, mut layouts, mut order, mut bent) = (Vec::new(), Vec::<String>::new(), 0u32, Vec::new());
    seals.leaves = parts(session, table, share, |part| {
        let known = layouts.iter().position(|layout| *layout == part.layout);
        let layout = known.unwrap_or_else(|| {
            layouts.push(part.layout.clone());
            layouts.len() - 1
        });
        for line in part.rows.lines() {
            match parse(line, u8::try_from(layout).unwrap_or(u8::MAX), order) {
                Some(row) if share.has(&row.print) => rows.push(row),
                Some(_) => {}
                None => bent.push(part.leaf_index),
            }
        }
        order += 1;
        if rows.len() > 2 * most {
            newest(&mut rows);
        }
    })?;
    newest(&mut rows);
    for leaf in bent {
        session.found(Part::Log, format!("seal of {table} at leaf {leaf}"), "holds a line that is none");
    }
    (seals.rows, seals.layouts) = (rows, layouts);
    Ok(seals)
}

fn parse(line: &str, layout: u8, order: u32) -> Option<Sealed> {
    let (key, hash) = line.split_once('\t')?;
    let gone = hash == "-";
    let hash = if gone { [0; 32] } else { STANDARD_NO_PAD.decode(hash).ok()?.try_into().ok()? };
    Some(Sealed { print: print(key), order, layout, seen: false, gone, hash })
}

/// Keeps the newest hash of each row, ascending by print; rows that are gone are forgotten, for a row without a hash must
/// not exist.
fn newest(rows: &mut Vec<Sealed>) {
    rows.sort_unstable_by_key(|row| (row.print, std::cmp::Reverse(row.order)));
    rows.dedup_by_key(|row| row.print);
    rows.retain(|row| !row.gone);
}

/// The keys of rows that are missing, read back from the seals for the sake of their names.
pub(super) fn names(session: &mut Session<'_>, table: &str, missing: &[Print]) -> Result<Vec<String>, AppError> {
    let mut names: Vec<Option<String>> = vec![None; missing.len()];
    parts(session, table, Share { pass: 1, passes: 1 }, |part| {
        for key in part.rows.lines().filter_map(|line| line.split('\t').next()) {
            if let Ok(at) = missing.binary_search(&print(key))
                && let Some(name) = names.get_mut(at)
            {
                *name = Some(key.to_owned());
            }
        }
    })?;
    Ok(names.into_iter().flatten().collect())
}
