//! The log itself: every leaf hashed anew, the tree grown from them, the stored tiles and heads compared.

use super::heads::Heads;
use super::{Part, Session};
use crate::audit::merkle::{Edge, Hash};
use crate::audit::record::SEALS;
use crate::audit::store::{self, Entry};
use crate::audit::tiles::{self, Tile, WIDTH};
use crate::db::schema::{audit_entries, log_head, log_tiles};
use crate::error::AppError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Entries held at once.
const PAGE: u64 = 2_000;

/// For each table, how many entries say that they bind rows of it.
pub(super) type Stated = BTreeMap<String, u64>;

/// Subject and event of the entry that announces an erasure.
pub(in crate::audit) const ERASED: (&str, &str) = ("audit_entries", "erased");

struct Walk {
    edge: Edge,
    grown: Grown,
    heads: Heads,
    stated: Stated,
    blank: BTreeSet<i64>,
    announced: BTreeSet<i64>,
}

pub(super) fn verify(session: &mut Session<'_>) -> Result<Stated, AppError> {
    let heads = Heads::new(session.connection)?;
    let (edge, grown) = (Edge::default(), Grown::default());
    let mut walk =
        Walk { edge, grown, heads, stated: Stated::new(), blank: BTreeSet::new(), announced: BTreeSet::new() };
    loop {
        let start = walk.edge.size();
        let page = store::entries(session.connection, start, start + PAGE)?;
        if page.is_empty() {
            break;
        }
        for entry in page {
            let wanted = walk.edge.size();
            if u64::try_from(entry.leaf_index) != Ok(wanted) {
                session.found(Part::Log, format!("leaf {wanted}"), format!("is missing; {} follows", entry.leaf_index));
                return Ok(walk.stated);
            }
            walk.leaf(session, &entry)?;
        }
    }
    walk.end(session)
}

impl Walk {
    fn leaf(&mut self, session: &mut Session<'_>, entry: &Entry) -> Result<(), AppError> {
        let place = format!("leaf {}", entry.leaf_index);
        if !entry.opens() {
            session.found(Part::Log, &place, "its texts are not those that were committed to");
        }
        if entry.is_erased() {
            self.blank.insert(entry.id);
        }
        if (entry.subject.as_str(), entry.event.as_str()) == ERASED {
            self.announced.insert(entry.subject_id);
        }
        if entry.subject == SEALS {
            for line in entry.new_value.lines() {
                let table = line.split(' ').next().unwrap_or_default();
                *self.stated.entry(table.to_owned()).or_default() += 1;
            }
        }
        let hash = entry.leaf().hash();
        self.edge.push(hash);
        self.grown.push(session, 0, hash)?;
        self.heads.at(session, &self.edge, entry)
    }

    fn end(self, session: &mut Session<'_>) -> Result<Stated, AppError> {
        let size = self.edge.size();
        let count: i64 = audit_entries::table.count().get_result(session.connection)?;
        if u64::try_from(count) != Ok(size) {
            session.found(Part::Log, format!("leaf {size}"), format!("is missing; {count} entries are stored"));
        }
        if store::head(session.connection)?.as_ref() != Some(&self.edge) {
            session.found(Part::Log, "log_head", "is not the head of the stored entries");
        }
        let heads: i64 = log_head::table.count().get_result(session.connection)?;
        if heads != 1 {
            session.found(Part::Log, "log_head", format!("{heads} rows instead of one"));
        }
        let tiles: i64 = log_tiles::table.count().get_result(session.connection)?;
        if tiles != self.grown.full {
            session.found(Part::Log, "log_tiles", format!("{tiles} are stored, {} belong there", self.grown.full));
        }
        for id in self.blank.symmetric_difference(&self.announced) {
            session.found(Part::Log, format!("audit_entries {id}"), "erased without saying so, or the other way round");
        }
        self.heads.end(session, size)?;
        session.report.leaves = size;
        session.report.erased = self.blank.len() as u64;
        session.report.root = STANDARD.encode(self.edge.root());
        Ok(self.stated)
    }
}

/// The unfinished tile of each level.
#[derive(Default)]
struct Grown {
    levels: Vec<(u64, Vec<Hash>)>,
    full: i64,
}

impl Grown {
    /// Adds a hash to a level; a full tile is compared with the stored one, and its root goes to the level above.
    fn push(&mut self, session: &mut Session<'_>, level: usize, hash: Hash) -> Result<(), AppError> {
        if self.levels.len() <= level {
            self.levels.push((0, Vec::new()));
        }
        let Some((index, hashes)) = self.levels.get_mut(level) else { return Ok(()) };
        hashes.push(hash);
        if (hashes.len() as u64) < WIDTH {
            return Ok(());
        }
        let (number, tile) = (*index, Tile::over(std::mem::take(hashes)));
        *index += 1;
        self.full += 1;
        let key = (i64::try_from(level).unwrap_or(i64::MAX), tiles::number(number));
        let stored: Option<(String, String)> = log_tiles::table
            .find(key)
            .select((log_tiles::hashes, log_tiles::root))
            .first(session.connection)
            .optional()?;
        if stored != Some((tile.text(), STANDARD.encode(tile.root))) {
            session.found(Part::Log, format!("tile {level}/{number}"), "does not hold the hashes of its leaves");
        }
        self.push(session, level + 1, tile.root)
    }
}
