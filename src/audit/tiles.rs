//! Stored hashes of the tree: full tiles of 256, so that a proof reads a few rows whatever the size of the log.
//!
//! The leaves of the last, unfinished tile are hashed from their entries when somebody needs them.

use super::merkle::{self, Hash};
use super::proof::Nodes;
use super::store;
use crate::db::DbConnection;
use crate::db::schema::log_tiles;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;

/// Leaves in a tile, as a power of two.
pub const HEIGHT: u32 = 8;
/// Leaves in a tile.
pub const WIDTH: u64 = 1 << HEIGHT;

/// A stored tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// 256 hashes.
    pub hashes: Vec<Hash>,
    /// The root over them.
    pub root: Hash,
}

impl Tile {
    /// A tile over 256 hashes.
    pub fn over(hashes: Vec<Hash>) -> Self {
        let root = merkle::root(&hashes);
        Self { hashes, root }
    }

    /// The stored text of the hashes.
    pub fn text(&self) -> String {
        STANDARD.encode(self.hashes.concat())
    }
}

/// The hashes that a stored text holds.
pub fn parse(text: &str) -> Option<Vec<Hash>> {
    let bytes = STANDARD.decode(text).ok()?;
    bytes.chunks(32).map(|chunk| chunk.try_into().ok()).collect()
}

/// A number for the database; sizes beyond `i64` do not occur.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn insert(connection: &mut DbConnection, level: u32, index: u64, tile: &Tile) -> QueryResult<()> {
    let values = (
        log_tiles::level.eq(i64::from(level)),
        log_tiles::tile.eq(number(index)),
        log_tiles::hashes.eq(tile.text()),
        log_tiles::root.eq(STANDARD.encode(tile.root)),
    );
    diesel::insert_into(log_tiles::table).values(values).execute(connection).map(|_| ())
}

/// The hashes of a full tile; `None` if it is not stored.
pub(super) fn find(connection: &mut DbConnection, level: u32, index: u64) -> QueryResult<Option<Vec<Hash>>> {
    let text: Option<String> = log_tiles::table
        .find((i64::from(level), number(index)))
        .select(log_tiles::hashes)
        .first(connection)
        .optional()?;
    Ok(text.as_deref().and_then(parse))
}

/// Roots of the full tiles of a level, from `first` on, at most 256.
fn roots(connection: &mut DbConnection, level: u32, first: u64) -> QueryResult<Vec<Hash>> {
    let texts: Vec<String> = log_tiles::table
        .filter(log_tiles::level.eq(i64::from(level)))
        .filter(log_tiles::tile.ge(number(first)))
        .filter(log_tiles::tile.lt(number(first + WIDTH)))
        .order(log_tiles::tile)
        .select(log_tiles::root)
        .load(connection)?;
    Ok(texts.iter().filter_map(|text| parse(text)).flatten().collect())
}

/// Stores the tiles that become full when leaves with these hashes follow the first `size` leaves.
pub(super) fn grow(connection: &mut DbConnection, size: u64, new: &[Hash]) -> QueryResult<()> {
    let grown = size + new.len() as u64;
    if size / WIDTH == grown / WIDTH {
        return Ok(());
    }
    let begun = size % WIDTH;
    let mut hashes = if begun > 0 { store::leaf_hashes(connection, size - begun, size)? } else { Vec::new() };
    hashes.extend_from_slice(new);
    for (index, chunk) in (size / WIDTH..).zip(hashes.chunks_exact(256)) {
        insert(connection, 0, index, &Tile::over(chunk.to_vec()))?;
    }
    let (mut level, mut from, mut to) = (1, size / WIDTH, grown / WIDTH);
    while from / WIDTH < to / WIDTH {
        for index in from / WIDTH..to / WIDTH {
            let below = roots(connection, level - 1, index * WIDTH)?;
            insert(connection, level, index, &Tile::over(below))?;
        }
        (level, from, to) = (level + 1, from / WIDTH, to / WIDTH);
    }
    Ok(())
}

/// Looks nodes up in the stored tiles; the last, unfinished tiles are put together on the way and remembered.
pub(super) struct Stored<'a> {
    connection: &'a mut DbConnection,
    size: u64,
    seen: std::collections::HashMap<(u32, u64), Vec<Hash>>,
}

impl<'a> Stored<'a> {
    /// Nodes of the log, which has `size` leaves.
    pub(super) fn new(connection: &'a mut DbConnection, size: u64) -> Self {
        Self { connection, size, seen: std::collections::HashMap::new() }
    }

    fn load(&mut self, level: u32, index: u64) -> QueryResult<Vec<Hash>> {
        if let Some(full) = find(self.connection, level, index)? {
            return Ok(full);
        }
        if level > 0 {
            return roots(self.connection, level - 1, index * WIDTH);
        }
        store::leaf_hashes(self.connection, index * WIDTH, self.size.min((index + 1) * WIDTH))
    }
}

impl Nodes for Stored<'_> {
    type Error = diesel::result::Error;

    fn perfect(&mut self, level: u32, index: u64) -> QueryResult<Hash> {
        let (tile_level, inside) = (level / HEIGHT, level % HEIGHT);
        let first = index << inside;
        let (tile, offset) = (first / WIDTH, first % WIDTH);
        if !self.seen.contains_key(&(tile_level, tile)) {
            let hashes = self.load(tile_level, tile)?;
            self.seen.insert((tile_level, tile), hashes);
        }
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let hashes = self.seen.get(&(tile_level, tile)).and_then(|hashes| hashes.get(start..start + (1 << inside)));
        // A tree with holes proves nothing; the verifier names the hole.
        hashes.map(merkle::root).ok_or(diesel::result::Error::NotFound)
    }
}
