//! The tables whose rows the record binds, and those it does not, with the reason.

/// A column of a primary key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A BIGINT.
    Number(&'static str),
    /// A TEXT.
    Word(&'static str),
}

impl Key {
    /// The column's name.
    pub const fn column(self) -> &'static str {
        match self {
            Self::Number(name) | Self::Word(name) => name,
        }
    }
}

/// What may happen to a row once it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// Nothing: UPDATE, DELETE and TRUNCATE are refused by triggers, and the application's role is granted neither.
    OnlyGrows,
    /// The program changes rows by guarded steps; each change is hashed into the log.
    Changes,
}

/// One protected table.
#[derive(Debug, Clone, Copy)]
pub struct Protected {
    /// Its name.
    pub name: &'static str,
    /// Its primary key: one to three columns.
    pub key: &'static [Key],
    /// What may happen to its rows.
    pub growth: Growth,
    /// Whether its rows tell who a person is. Their hashes are salted, so that an erased person cannot be guessed from them.
    pub personal: bool,
    /// A large TEXT column and the column with its SHA-256; the row's hash covers the latter, and the verifier compares both.
    pub document: Option<(&'static str, &'static str)>,
}

const fn table(name: &'static str, key: &'static [Key], growth: Growth) -> Protected {
    Protected { name, key, growth, personal: false, document: None }
}

const fn personal(name: &'static str, key: &'static [Key], growth: Growth) -> Protected {
    Protected { personal: true, ..table(name, key, growth) }
}

const fn with_document(table: Protected, text: &'static str, sha256: &'static str) -> Protected {
    Protected { document: Some((text, sha256)), ..table }
}

use Growth::{Changes, OnlyGrows};
use Key::{Number, Word};

const ID: &[Key] = &[Number("id")];

/// Every table whose rows are hashed into the log. A change of any cell of any of them is found by `pasok audit verify`.
pub const PROTECTED: &[Protected] = &[
    personal("organisations", ID, Changes),
    table("organisation_capabilities", &[Number("organisation_id"), Word("capability")], Changes),
    personal("members", ID, Changes),
    personal("accounts", ID, Changes),
    personal("credentials", &[Number("account_id")], Changes),
    table("account_codes", ID, Changes),
    table("grants", ID, Changes),
    table("access_tokens", ID, Changes),
    table("idempotency_keys", &[Number("organisation_id"), Word("operation"), Word("key")], Changes),
    table("number_series", &[Number("organisation_id"), Word("kind"), Number("year")], Changes),
    table("regions", &[Word("code")], Changes),
    personal("places", ID, Changes),
    table("commodities", ID, Changes),
    table("commodity_units", &[Number("commodity_id"), Word("code")], Changes),
    table("reference_prices", &[Number("commodity_id"), Number("zone"), Word("kind")], Changes),
    table("markets", ID, Changes),
    table("market_members", &[Number("market_id"), Number("organisation_id")], Changes),
    table("rounds", ID, Changes),
    table("round_commodities", &[Number("round_id"), Number("commodity_id")], Changes),
    table("demands", ID, Changes),
    table("offers", ID, Changes),
    table("stock_movements", ID, OnlyGrows),
    with_document(table("round_snapshots", &[Number("round_id"), Word("sha256")], OnlyGrows), "problem", "sha256"),
    with_document(table("solve_runs", ID, Changes), "plan", "plan_sha256"),
    table("awards", ID, OnlyGrows),
    table("shortages", ID, OnlyGrows),
    table("orders", ID, Changes),
    table("order_lines", ID, OnlyGrows),
    table("order_shortfalls", ID, OnlyGrows),
    table("buyer_budgets", ID, Changes),
    table("order_holds", &[Number("order_id"), Number("lot_id")], OnlyGrows),
    table("calls", ID, Changes),
    table("lots", ID, Changes),
    table("bid_openings", ID, OnlyGrows),
    table("offer_terms", &[Number("offer_id")], OnlyGrows),
    table("seller_terms", &[Number("bid_id")], OnlyGrows),
    table("call_keys", &[Number("call_id")], Changes),
    table("call_seats", &[Number("call_id"), Number("seat")], Changes),
    table("sittings", ID, Changes),
    table("opening_minutes", &[Number("call_id")], OnlyGrows),
    table("bid_answers", &[Number("bid_id"), Number("lot"), Word("plan_sha256")], OnlyGrows),
    table("complaints", ID, Changes),
    with_document(table("scenarios", ID, Changes), "plan", "plan_sha256"),
    table("log_keys", &[Word("vkey")], OnlyGrows),
    table("log_witnesses", &[Word("vkey")], OnlyGrows),
];

/// Tables outside [`PROTECTED`], and why. The log's own tables are proved by the tree itself.
pub const UNPROTECTED: &[(&str, &str)] = &[
    ("sessions", "changed by every request; signing in and out are entries of the log"),
    ("sign_in_limits", "counters of failures that are forgotten after minutes"),
    ("bids", "a sealed bid must not make the log grow; at the close its commitment enters the log"),
    ("bid_versions", "the same; its signed receipt binds each version, and it only grows"),
    ("sealed_keys", "retries of what happens before the close; deleted with nothing, as it names no content"),
    ("audit_entries", "the log itself: every row is a leaf of the tree"),
    ("log_head", "recomputed from the leaves"),
    ("log_tiles", "recomputed from the leaves"),
    ("log_checkpoints", "signed; each is also described by the last leaf it covers"),
    ("log_cosignatures", "signed by the witness"),
    ("row_seals", "hashed by the leaf that it belongs to"),
    ("row_layouts", "named by their own hash"),
    ("row_salts", "a changed salt no longer opens the row's hash"),
    ("record_touched", "empty between transactions"),
    ("__diesel_schema_migrations", "compared with the program's own list"),
];

/// Log tables that only grow although they are not [`PROTECTED`].
const LOG: &[&str] =
    &["bid_versions", "audit_entries", "log_tiles", "log_checkpoints", "log_cosignatures", "row_seals", "row_layouts"];

/// Tables for which the application's database role needs INSERT and SELECT and nothing else. (`audit_entries` also takes
/// an UPDATE that only blanks an entry's text, which erasing a person does; its trigger refuses any other.)
pub fn insert_only_tables() -> impl Iterator<Item = &'static str> {
    let growing = PROTECTED.iter().filter(|table| table.growth == OnlyGrows).map(|table| table.name);
    LOG.iter().copied().chain(growing)
}

/// The protected table of this name.
pub fn protected(name: &str) -> Option<&'static Protected> {
    PROTECTED.iter().find(|table| table.name == name)
}
